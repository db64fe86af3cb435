//! A rule that is in force, with its counters.

use chrono::{DateTime, Utc};

use super::{
    Rule,
    plan::{Call, Fired, Plan},
    rule::Effect,
    values::Storm,
};
use crate::engine;

/// Where a rule comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It was there from the start.
    Start,
    /// The control API, or whoever has the mock in his process.
    Control,
    /// A request, with all that it said.
    Header(String),
}

/// A rule with its counters.
#[derive(Clone, Debug)]
pub(crate) struct Active {
    pub(super) number: u64,
    pub(crate) id: String,
    pub(crate) origin: Origin,
    pub(crate) rule: Rule,
    /// Requests that were meant.
    pub(crate) calls: u64,
    /// Requests that it had its way with.
    pub(crate) hits: u64,
    /// How often it began; a storm is one beginning and many hits.
    pub(super) rounds: u64,
    first: Option<DateTime<Utc>>,
    going: Option<Going>,
}

/// A storm that goes on.
#[derive(Clone, Copy, Debug)]
enum Going {
    Until(DateTime<Utc>),
    For(u64),
    Endless,
}

impl Active {
    pub(super) fn new(number: u64, id: String, origin: Origin, rule: Rule) -> Self {
        Self { number, id, origin, rule, calls: 0, hits: 0, rounds: 0, first: None, going: None }
    }

    /// Whether nothing will come of it any more.
    pub(crate) fn is_over(&self, now: DateTime<Utc>) -> bool {
        if self.is_storming(now) {
            return false;
        }
        let timing = &self.rule.timing;
        let is_storm = self.rule.effects.iter().any(|effect| effect.lasts().is_some());
        let is_triggered = timing.nth.is_some() || timing.every.is_some() || timing.probability.is_some();
        let times = timing.times.or((is_storm && !is_triggered).then_some(1));
        self.has_lapsed(now)
            || times.is_some_and(|times| self.rounds >= times)
            || timing.nth.is_some_and(|nth| self.calls >= nth.saturating_add(timing.after))
    }

    /// Whether its time is over.
    pub(super) fn has_lapsed(&self, now: DateTime<Utc>) -> bool {
        let ended = |lasts| self.first.and_then(|first| first.checked_add_signed(lasts)).is_some_and(|end| end <= now);
        self.rule.timing.lasts.is_some_and(ended) || matches!(self.going, Some(Going::Until(end)) if end <= now)
    }

    /// How often it can still begin; `None` where nothing bounds that.
    pub(crate) fn remaining(&self, now: DateTime<Utc>) -> Option<u64> {
        let left = |times: u64| times.saturating_sub(self.rounds);
        if self.is_over(now) { Some(0) } else { self.rule.timing.times.map(left).or(self.rule.timing.nth.map(|_| 1)) }
    }

    fn is_storming(&self, now: DateTime<Utc>) -> bool {
        match self.going {
            None => false,
            Some(Going::Endless) => true,
            Some(Going::For(left)) => left > 0,
            Some(Going::Until(end)) => now < end,
        }
    }

    pub(super) fn fire(&mut self, call: &Call<'_>, plan: &mut Plan) {
        let is_taken = plan.is_taken(&self.rule.effects);
        if self.is_storming(call.now) {
            if !is_taken {
                if let Some(Going::For(left)) = &mut self.going {
                    *left -= 1;
                }
                self.hit(call, plan);
            }
            return;
        }
        self.calls += 1;
        let timing = &self.rule.timing;
        let Some(counted) = self.calls.checked_sub(timing.after).filter(|counted| *counted > 0) else { return };
        let is_due = timing.nth.is_none_or(|nth| counted == nth) && timing.every.is_none_or(|every| counted % every == 0);
        if !is_due || is_taken || !is_drawn(&self.rule, call.seed, self.calls, self.number) {
            return;
        }
        self.rounds += 1;
        self.first.get_or_insert(call.now);
        self.going = self.rule.effects.iter().find_map(Effect::lasts).map(|storm| match storm {
            Storm::Endless => Going::Endless,
            Storm::Count(count) => Going::For(count.saturating_sub(1)),
            Storm::Time(time) => call.now.checked_add_signed(time).map_or(Going::Endless, Going::Until),
        });
        self.hit(call, plan);
    }

    fn hit(&mut self, call: &Call<'_>, plan: &mut Plan) {
        self.hits += 1;
        let left = match self.going {
            Some(Going::Until(end)) => (end - call.now).to_std().ok(),
            _ => None,
        };
        let says = format!("{} (rule `{}`)", self.rule.deed(), self.id);
        plan.take(Fired { number: Some(self.number), says }, &self.rule.effects, left);
    }
}

/// Whether chance lets a rule have its way: the same for the same seed and the same requests.
pub(super) fn is_drawn(rule: &Rule, seed: u64, call: u64, number: u64) -> bool {
    rule.timing.probability.is_none_or(|part| engine::randomness(seed, call, number).f64() < part)
}
