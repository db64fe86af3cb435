//! The rules of one sandbox, and how often each had its way.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use http::StatusCode;
use parking_lot::Mutex;

use super::{
    Rule,
    active::{Active, Origin, is_drawn},
    plan::{Call, Fired, Plan},
    rule::Effect,
};

/// Most rules of a sandbox.
const MOST: usize = 1_000;

/// The rules of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// Whether there are any, so that a sandbox without pays for a look.
    any: AtomicBool,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    /// Those that were there from the start.
    start: Arc<[Rule]>,
    active: Vec<Active>,
    /// How many numbers were given out.
    numbers: u64,
    /// How many requests brought a fault of their own.
    brought: u64,
}

/// Why a rule cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There are as many as there may be.
    Full,
}

impl Faults {
    /// Whether there are no rules.
    pub(crate) fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    /// Begins with these rules, as far as they are for a sandbox of this name.
    pub(crate) fn begin(&self, rules: &Arc<[Rule]>, sandbox: &str) {
        let mut held = self.held.lock();
        held.start = rules.iter().filter(|rule| rule.is_for(sandbox)).cloned().collect();
        held.restart();
        self.tell(&held);
    }

    /// Makes all as it was at the start.
    pub(crate) fn reset(&self) {
        let mut held = self.held.lock();
        held.restart();
        self.tell(&held);
    }

    /// Takes all rules away, those of the start too.
    pub(crate) fn clear(&self) {
        let mut held = self.held.lock();
        held.active.clear();
        self.tell(&held);
    }

    /// Adds rules; one with the id of another takes its place. Returns their ids.
    pub(crate) fn add(&self, rules: Vec<Rule>) -> Result<Vec<String>, Refusal> {
        let mut held = self.held.lock();
        if held.active.len() + rules.len() > MOST {
            return Err(Refusal::Full);
        }
        let ids = rules.into_iter().map(|rule| held.put(rule, Origin::Control)).collect();
        self.tell(&held);
        Ok(ids)
    }

    pub(crate) fn all(&self) -> Vec<Active> {
        self.held.lock().active.clone()
    }

    /// Takes a rule away; says whether it was there.
    pub(crate) fn remove(&self, id: &str) -> bool {
        let mut held = self.held.lock();
        let before = held.active.len();
        held.active.retain(|active| active.id != id);
        self.tell(&held);
        held.active.len() < before
    }

    /// What is to go wrong with a request that brought these rules itself.
    pub(crate) fn plan(&self, call: &Call<'_>, brought: Vec<Rule>) -> Plan {
        let mut plan = Plan::default();
        let mut held = self.held.lock();
        held.receive(call, brought, &mut plan);
        held.fire(call, None, &mut plan);
        plan.remembers = held.active.iter().any(|active| active.rule.effects.iter().any(|effect| matches!(effect, Effect::Stale(_))));
        plan.luck = held.brought.wrapping_add(held.active.iter().map(|active| active.calls).sum());
        self.tell(&held);
        plan
    }

    /// What is to go wrong with it besides, now that its answer is known.
    pub(crate) fn plan_after(&self, call: &Call<'_>, status: StatusCode, plan: &mut Plan) {
        let mut held = self.held.lock();
        for rule in std::mem::take(&mut plan.later) {
            if rule.scope.answer.is_some_and(|statuses| statuses.covers(status)) {
                held.bring(&rule, call, plan);
            }
        }
        held.fire(call, Some(status), plan);
    }

    /// Counts what was planned and not done as not begun.
    pub(crate) fn settle(&self, plan: &Plan) {
        let mut held = self.held.lock();
        for number in plan.vain() {
            if let Some(active) = held.active.iter_mut().find(|active| active.number == number) {
                active.hits = active.hits.saturating_sub(1);
                active.rounds = active.rounds.saturating_sub(1);
            }
        }
    }

    fn tell(&self, held: &Held) {
        self.any.store(!held.active.is_empty(), Ordering::Release);
    }
}

impl Held {
    fn restart(&mut self) {
        self.active.clear();
        (self.numbers, self.brought) = (0, 0);
        for rule in self.start.clone().iter() {
            self.put(rule.clone(), Origin::Start);
        }
    }

    fn put(&mut self, rule: Rule, origin: Origin) -> String {
        self.numbers += 1;
        let id = rule.id.clone().unwrap_or_else(|| format!("fault-{}", self.numbers));
        let active = Active::new(self.numbers, id.clone(), origin, rule);
        match self.active.iter_mut().find(|known| known.id == id) {
            Some(known) => *known = active,
            None => self.active.push(active),
        }
        id
    }

    /// Takes in what a request brought: for itself alone, or for those that come after it too.
    fn receive(&mut self, call: &Call<'_>, brought: Vec<Rule>, plan: &mut Plan) {
        self.brought += u64::from(!brought.is_empty());
        for mut rule in brought {
            if !rule.stands() {
                match rule.scope.answer {
                    Some(_) => plan.later.push(rule),
                    None => self.bring(&rule, call, plan),
                }
                continue;
            }
            let key = format!("{} {} {}", call.provider, call.operation.unwrap_or(call.path), rule.text());
            if self.is_known(&key, call.now) {
                continue;
            }
            if rule.scope.is_open() {
                rule.scope.provider = Some(call.provider.to_owned());
                // A limit is that of the caller, not that of an operation.
                let is_storm = rule.effects.iter().any(|effect| effect.lasts().is_some());
                match call.operation.filter(|_| !is_storm) {
                    Some(operation) => rule.scope.operation = Some(operation.to_owned()),
                    None if is_storm => {}
                    None => rule.scope.path = Some(call.path.to_owned()),
                }
            }
            if self.active.len() >= MOST {
                self.active.retain(|active| !matches!(active.origin, Origin::Header(_)));
            }
            self.put(rule, Origin::Header(key));
        }
    }

    /// Whether a rule of a header counts already. A client that tries again sends the same header again, which must not
    /// begin anew; what ended with time does.
    fn is_known(&mut self, key: &str, now: DateTime<Utc>) -> bool {
        let is_it = |active: &Active| matches!(&active.origin, Origin::Header(known) if known == key);
        let Some(at) = self.active.iter().position(is_it) else { return false };
        let is_stale = self.active[at].has_lapsed(now);
        if is_stale {
            self.active.remove(at);
        }
        !is_stale
    }

    /// A fault for the request that brought it.
    fn bring(&mut self, rule: &Rule, call: &Call<'_>, plan: &mut Plan) {
        let is_meant = rule.scope.means(call, &rule.effects) && !plan.is_taken(&rule.effects);
        if is_meant && is_drawn(rule, call.seed, self.brought, u64::MAX) {
            plan.take(Fired { number: None, says: format!("{} (header)", rule.deed()) }, &rule.effects, None);
        }
    }

    /// Lets the rules have their way that are for this request: those of headers before others.
    fn fire(&mut self, call: &Call<'_>, status: Option<StatusCode>, plan: &mut Plan) {
        let mut over = Vec::new();
        for of_headers in [true, false] {
            for active in &mut self.active {
                let is_meant = match (active.rule.scope.answer, status) {
                    (None, None) => true,
                    (Some(statuses), Some(status)) => statuses.covers(status),
                    _ => false,
                };
                let is_header = matches!(active.origin, Origin::Header(_));
                if !is_meant || is_header != of_headers || !active.rule.scope.means(call, &active.rule.effects) {
                    continue;
                }
                if active.is_over(call.now) {
                    // A request that is spared ends what a header began, so that the next one can begin anew.
                    over.extend(is_header.then_some(active.number));
                } else {
                    active.fire(call, plan);
                }
            }
        }
        self.active.retain(|active| !over.contains(&active.number));
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn call(operation: &str, second: i64) -> Call<'_> {
        let now = DateTime::from_timestamp(second, 0).unwrap();
        let (provider, base, path) = ("kites", "/kites", "/kites/a");
        Call { provider, base, operation: Some(operation), is_read: false, method: &Method::POST, path, seed: 1, now }
    }

    /// One letter for each request: `x` where the rules had their way.
    fn check(rules: &str, requests: usize, expected: &str) {
        let faults = Faults::default();
        faults.add(Rule::parse(rules).unwrap()).unwrap();
        let plans = (0..requests).map(|_| faults.plan(&call("fly", 0), Vec::new()));
        let found: String = plans.map(|plan| if plan.fired.is_empty() { '.' } else { 'x' }).collect();
        assert_eq!(found, expected, "{rules}");
    }

    #[test]
    fn rules_have_their_way_when_they_say() {
        check("cut", 3, "xxx");
        check("cut; times=2", 4, "xx..");
        check("cut; nth=3", 5, "..x..");
        check("cut; every=2", 6, ".x.x.x");
        check("cut; after=2; times=1", 4, "..x.");
        check("cut; after=1; every=2; times=2", 7, "..x.x..");
        check("cut; operation=land", 3, "...");
        check("cut; only=reads", 2, "..");
        check("vanish", 2, "..");
        check("storm=3", 5, "xxx..");
        check("storm=3; every=4", 12, "...xxx...xxx");
        check("cut; probability=0", 3, "...");
        check("cut; probability=1", 3, "xxx");
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let draw = |seed: u64| {
            let faults = Faults::default();
            faults.add(Rule::parse("cut; probability=0.3").unwrap()).unwrap();
            (0..400).map(|_| faults.plan(&Call { seed, ..call("fly", 0) }, Vec::new()).fired.len()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        let hits: usize = draw(3).iter().sum();
        assert!((90..150).contains(&hits), "{hits}");
    }

    #[test]
    fn of_two_rules_that_want_the_same_the_second_waits() {
        let faults = Faults::default();
        faults.add(Rule::parse("status=503; times=1, status=429; times=1, delay=1ms; times=1").unwrap()).unwrap();
        let fired: Vec<_> = (0..3).map(|_| faults.plan(&call("fly", 0), Vec::new()).fired.len()).collect();
        assert_eq!(fired, [2, 1, 0]);
    }

    #[test]
    fn time_ends_a_storm_and_what_lasts() {
        for rules in ["storm=10s", "status=503; for=10s"] {
            let faults = Faults::default();
            faults.add(Rule::parse(rules).unwrap()).unwrap();
            let at = |second| faults.plan(&call("fly", second), Vec::new()).fired.len();
            assert_eq!([at(0), at(9), at(10), at(11)], [1, 1, 0, 0], "{rules}");
        }
    }

    #[test]
    fn a_header_that_is_sent_again_goes_on_and_ends_with_the_request_that_is_spared() {
        let faults = Faults::default();
        let send = |header: &str, operation: &str| {
            let rules = if header.is_empty() { Vec::new() } else { Rule::parse(header).unwrap() };
            faults.plan(&call(operation, 0), rules).fired.len()
        };
        let twice = "status=503; times=2";
        assert_eq!([send(twice, "fly"), send(twice, "fly"), send(twice, "fly"), send(twice, "fly")], [1, 1, 0, 1]);
        assert_eq!([send("", "fly"), send("", "fly"), send(twice, "fly")], [1, 0, 1]);
        assert_eq!(send("", "land"), 0);
        assert_eq!([send("cut", "land"), send("", "land"), send("cut", "land")], [1, 0, 1]);
    }

    #[test]
    fn what_was_not_done_is_not_counted() {
        let faults = Faults::default();
        faults.add(Rule::parse("fail_items=1; times=1").unwrap()).unwrap();
        let plan = faults.plan(&call("fly", 0), Vec::new());
        faults.settle(&plan);
        assert_eq!((faults.all()[0].hits, faults.all()[0].calls), (0, 1));
        let mut plan = faults.plan(&call("fly", 0), Vec::new());
        plan.perform(|effect| matches!(effect, Effect::FailItems(_)).then_some(()));
        faults.settle(&plan);
        assert_eq!(faults.all()[0].hits, 1);
        assert_eq!(plan.done(), ["fail_items=1 (rule `fault-1`)"]);
    }

    #[test]
    fn a_reset_brings_back_the_rules_of_the_start_for_this_sandbox() {
        let faults = Faults::default();
        faults.begin(&Rule::parse("cut; sandbox=ci-*, empty; sandbox=dev").unwrap().into(), "ci-7");
        assert_eq!(faults.all().len(), 1);
        faults.clear();
        assert!(faults.is_empty());
        faults.add(Rule::parse("empty").unwrap()).unwrap();
        faults.reset();
        assert_eq!(faults.all().iter().map(|active| active.rule.text()).collect::<Vec<_>>(), ["cut; sandbox=ci-*"]);
    }
}
