//! A rule: where something goes wrong, when, and what.
//!
//! A rule is written as a flat object, whose members are the same in a file, over the control API and in the compact
//! text of the header. What was written is kept beside what it means, to be shown as it came.

use std::time::Duration;

use chrono::TimeDelta;
use http::{HeaderValue, Method, StatusCode};
use serde_json::{Map, Value};

use super::{
    plan::fits,
    profiles, text,
    values::{self, Cut, Delay, Drip, Misfit, Read, Storm},
};
use crate::{engine::Share, journal::Statuses, state::Lag};

/// Where and when a rule holds, and what it does.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) id: Option<String>,
    /// As it was written.
    pub(crate) members: Map<String, Value>,
    pub(crate) scope: Scope,
    pub(crate) timing: Timing,
    pub(crate) effects: Vec<Effect>,
}

/// Which requests are meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    pub(crate) provider: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<Method>,
    pub(crate) path: Option<String>,
    pub(crate) sandbox: Option<String>,
    pub(crate) only: Option<Only>,
    pub(crate) answer: Option<Statuses>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Only {
    Reads,
    Writes,
}

/// Which of the requests that are meant.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timing {
    pub(crate) nth: Option<u64>,
    pub(crate) every: Option<u64>,
    pub(crate) after: u64,
    pub(crate) times: Option<u64>,
    pub(crate) probability: Option<f64>,
    pub(crate) lasts: Option<TimeDelta>,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub(crate) enum Effect {
    Delay(Delay),
    Status(StatusCode),
    RetryAfter(Duration),
    Body(Value),
    Storm(Storm),
    Cut(Cut),
    Duplicate,
    Truncate(Share),
    Drip(Drip),
    Malformed,
    ContentType(HeaderValue),
    Empty,
    WrongSchema(Misfit),
    Stale(Lag),
    FailItems(Share),
    Vanish(usize),
}

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The member that is wrong; empty for the rule as a whole.
    pub(crate) member: String,
    /// A lower-case fragment without a period.
    pub(crate) message: String,
    /// What would have passed.
    pub(crate) help: String,
}

/// Members that say where.
pub(super) const WHERE: [&str; 7] = ["provider", "operation", "method", "path", "sandbox", "only", "answer"];
/// Members that say when.
pub(super) const WHEN: [&str; 6] = ["nth", "every", "after", "times", "probability", "for"];
/// Members that say what.
const WHAT: [&str; 17] = [
    "delay",
    "status",
    "retry_after",
    "body",
    "storm",
    "cut",
    "lost",
    "duplicate",
    "truncate",
    "drip",
    "malformed",
    "content_type",
    "empty",
    "wrong_schema",
    "stale",
    "fail_items",
    "vanish",
];

impl Rule {
    /// Reads rules from the compact text.
    pub(crate) fn parse(text: &str) -> Result<Vec<Self>, Wrong> {
        let rules = text::rules(text);
        if rules.is_empty() {
            return Err(Wrong::new("", "no fault is named", "write one as `status=503; times=2`, or the name of a profile"));
        }
        let each = rules.into_iter().map(Self::read).collect::<Result<Vec<_>, _>>()?;
        Ok(each.into_iter().flatten().collect())
    }

    /// Reads a rule, or the rules of the profile that it names.
    pub(crate) fn read(members: Map<String, Value>) -> Result<Vec<Self>, Wrong> {
        let mut members: Map<String, Value> = members.into_iter().map(|(name, value)| (spelt(&name), value)).collect();
        members.retain(|_, value| !value.is_null());
        let named = members.keys().find(|name| profiles::find(name).is_some()).cloned();
        let profile = match (members.shift_remove("profile"), named) {
            (Some(name), _) => Some(values::text(&name)),
            (None, Some(name)) => {
                members.shift_remove(&name);
                Some(name)
            }
            (None, None) => None,
        };
        match profile {
            Some(name) => profiles::rules(&name, &members),
            None => Self::one(members).map(|rule| vec![rule]),
        }
    }

    fn one(members: Map<String, Value>) -> Result<Self, Wrong> {
        let mut rule = Self { id: None, members: Map::new(), scope: Scope::default(), timing: Timing::default(), effects: Vec::new() };
        for (name, value) in &members {
            let read = rule.take(name, value).ok_or_else(|| unknown(name))?;
            read.map_err(|expected| {
                let (message, help) = values::expected(name, &values::text(value), expected);
                Wrong { member: name.clone(), message, help }
            })?;
        }
        if !rule.effects.iter().any(|effect| !matches!(effect, Effect::RetryAfter(_))) {
            let help = format!("say it with one of {}", list(&WHAT));
            return Err(Wrong::new("", "the rule does not say what goes wrong", &help));
        }
        rule.members = members;
        Ok(rule)
    }

    /// Takes in a member; `None` when there is no such member.
    fn take(&mut self, name: &str, value: &Value) -> Option<Read<()>> {
        let (scope, timing) = (&mut self.scope, &mut self.timing);
        let text = || Some(values::text(value)).filter(|text| !text.is_empty()).ok_or("a text");
        let read = match name {
            "id" => id(value).map(|id| self.id = Some(id)),
            "provider" => text().map(|name| scope.provider = Some(name)),
            "operation" => text().map(|name| scope.operation = Some(name)),
            "path" => text().map(|path| scope.path = Some(path)),
            "sandbox" => text().map(|name| scope.sandbox = Some(name)),
            "method" => method(value).map(|method| scope.method = Some(method)),
            "only" => only(value).map(|only| scope.only = Some(only)),
            "answer" => Statuses::parse(&values::text(value)).ok_or("a status, `404`, or a class, `4XX`").map(|of| scope.answer = Some(of)),
            "nth" => values::number(value).map(|nth| timing.nth = Some(nth)),
            "every" => values::number(value).map(|every| timing.every = Some(every)),
            "after" => values::count(value).map(|after| timing.after = after),
            "times" => values::number(value).map(|times| timing.times = Some(times)),
            "probability" => values::probability(value).map(|part| timing.probability = Some(part)),
            "for" => values::span(value).map(|time| timing.lasts = Some(time)),
            _ => return Some(effect(name, value)?.map(|effect| self.effects.extend(effect))),
        };
        Some(read)
    }

    /// Whether it waits for more than the request that it came with.
    pub(crate) fn stands(&self) -> bool {
        let Timing { nth, every, after, times, lasts, probability: _ } = &self.timing;
        let storms = self.effects.iter().any(|effect| matches!(effect, Effect::Storm(_)));
        nth.is_some() || every.is_some() || *after > 0 || times.is_some() || lasts.is_some() || storms
    }

    /// Whether it is for a sandbox of this name.
    pub(crate) fn is_for(&self, sandbox: &str) -> bool {
        self.scope.sandbox.as_deref().is_none_or(|pattern| fits(pattern, sandbox))
    }

    /// What it does, as the compact text says it.
    pub(crate) fn deed(&self) -> String {
        text::written(self.members.iter().filter(|(name, _)| WHAT.contains(&name.as_str())))
    }

    /// All of it, as the compact text says it.
    pub(crate) fn text(&self) -> String {
        text::written(self.members.iter())
    }
}

/// What a member says that goes wrong; nothing, where it says that this does not.
fn effect(name: &str, value: &Value) -> Option<Read<Option<Effect>>> {
    let flag = |effect: Effect| values::flag(value).map(|wanted| wanted.then_some(effect));
    let is_off = *value == Value::Bool(false) || value.as_str() == Some("false");
    Some(match name {
        _ if is_off && WHAT.contains(&name) => Ok(None),
        "delay" => values::delay(value).map(Effect::Delay).map(Some),
        "status" => values::status(value).map(Effect::Status).map(Some),
        "retry_after" => retry_after(value).map(Effect::RetryAfter).map(Some),
        "body" => Ok(Some(Effect::Body(value.clone()))),
        "storm" => values::storm(value).map(Effect::Storm).map(Some),
        "cut" => values::cut(value).map(Effect::Cut).map(Some),
        "lost" => flag(Effect::Cut(Cut::After)),
        "duplicate" => flag(Effect::Duplicate),
        "truncate" => values::share(value).map(Effect::Truncate).map(Some),
        "drip" => values::drip(value).map(Effect::Drip).map(Some),
        "malformed" => flag(Effect::Malformed),
        "content_type" => content_type(value).map(Effect::ContentType).map(Some),
        "empty" => flag(Effect::Empty),
        "wrong_schema" => values::misfit(value).map(Effect::WrongSchema).map(Some),
        "stale" => values::lag(value).map(Effect::Stale).map(Some),
        "fail_items" => values::share(value).map(Effect::FailItems).map(Some),
        "vanish" if values::flag(value).is_ok() => Ok(Some(Effect::Vanish(1))),
        "vanish" => values::number::<u32>(value).map(|rows| Some(Effect::Vanish(rows as usize))),
        _ => return None,
    })
}

fn id(value: &Value) -> Read<String> {
    let text = values::text(value);
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-');
    let is_fit = (1..=64).contains(&text.len()) && text.chars().all(fits);
    if is_fit { Ok(text) } else { Err("1 to 64 letters, digits, `.`, `_` and `-`") }
}

fn method(value: &Value) -> Read<Method> {
    values::text(value).to_ascii_uppercase().parse().map_err(|_| "a method such as `POST`")
}

fn only(value: &Value) -> Read<Only> {
    match values::text(value).as_str() {
        "reads" => Ok(Only::Reads),
        "writes" => Ok(Only::Writes),
        _ => Err("`reads` or `writes`"),
    }
}

/// Seconds where a number stands alone, as in the header of that name.
fn retry_after(value: &Value) -> Read<Duration> {
    match values::text(value).parse::<u32>() {
        Ok(seconds) => Ok(Duration::from_secs(seconds.into())),
        Err(_) => values::duration(value).map_err(|_| "seconds, or a time such as `2m`"),
    }
}

fn content_type(value: &Value) -> Read<HeaderValue> {
    let text = values::text(value);
    let text = if matches!(text.as_str(), "true" | "") { "text/html; charset=utf-8" } else { &text };
    HeaderValue::from_str(text).map_err(|_| "a media type such as `text/html`")
}

/// Names are written with `_` or `-`, as it suits.
fn spelt(name: &str) -> String {
    name.trim().to_ascii_lowercase().replace('-', "_")
}

fn unknown(name: &str) -> Wrong {
    let known = || WHAT.iter().chain(&WHERE).chain(&WHEN).copied().chain(["id", "profile"]).chain(profiles::names());
    let help = match specs::nearest(name, known()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let profiles: Vec<_> = profiles::names().collect();
            let (what, place, when) = (list(&WHAT), list(&WHERE), list(&WHEN));
            format!("what goes wrong is one of {what}; where, one of {place}; when, one of {when}; profiles are {}", list(&profiles))
        }
    };
    Wrong::new(name, &format!("a rule has no `{name}`"), &help)
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Wrong {
    pub(crate) fn new(member: &str, message: &str, help: &str) -> Self {
        Self { member: member.to_owned(), message: message.to_owned(), help: help.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, member: &str, said: &str) {
        let wrong = Rule::parse(text).unwrap_err();
        assert_eq!(wrong.member, member, "{text}");
        let all = format!("{}: {}", wrong.message, wrong.help);
        assert!(all.contains(said), "{all}");
    }

    #[test]
    fn what_is_wrong_is_named_with_what_would_pass() {
        check("stauts=503", "stauts", "did you mean `status`?");
        check("flakey", "flakey", "did you mean `flaky`?");
        check("status=99", "status", "`status` is `99`: write a status from 200 to 599");
        check("cut; probability=2", "probability", "a number from 0 to 1");
        check("cut; times=0", "times", "a whole number from 1");
        check("times=2", "", "does not say what goes wrong");
        check("", "", "no fault is named");
        check("slow; cut", "cut", "`slow`");
    }

    #[test]
    fn names_may_have_hyphens_and_any_case() {
        let rules = Rule::parse("Status=503; Retry-After=7").unwrap();
        assert!(matches!(rules[0].effects[..], [Effect::Status(_), Effect::RetryAfter(after)] if after.as_secs() == 7));
        assert_eq!(rules[0].text(), "status=503; retry_after=7");
    }

    #[test]
    fn a_profile_takes_a_place() {
        let rules = Rule::parse("flaky; operation=list_notes").unwrap();
        assert!(rules.len() > 2 && rules.iter().all(|rule| rule.scope.operation.as_deref() == Some("list_notes")));
    }
}
