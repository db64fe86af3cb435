//! What a change of a function's arguments does to calls.

use std::collections::BTreeSet;

use super::{Rule, rule};

type Arguments = [(String, String)];

/// The rule that a change falls under, and what becomes of a call of today; nothing when nothing changed.
pub(super) fn judge(old: &Arguments, new: &Arguments) -> Option<(&'static Rule, String)> {
    if old == new {
        return None;
    }
    let (names, values) = (of(old, |(name, _)| name), of(old, |(_, value)| value));
    let (names_now, values_now) = (of(new, |(name, _)| name), of(new, |(_, value)| value));
    let is_same_set = names.iter().collect::<BTreeSet<_>>() == names_now.iter().collect::<BTreeSet<_>>();
    Some(if values == values_now && is_same_set {
        (&rule::ARGUMENTS_SWAPPED, format!("a call compiles, and sends what it gives for {} as {}", listed(&names), listed(&names_now)))
    } else if values == values_now {
        (&rule::ARGUMENTS_RENAMED, "a call has no names of arguments in it".to_owned())
    } else if values.len() == values_now.len() && values.iter().zip(&values_now).all(|(old, new)| widens(old, new)) {
        (&rule::ARGUMENTS_WIDER, "a call compiles as it is".to_owned())
    } else {
        (&rule::ARGUMENTS, differences(old, new))
    })
}

fn of<'a>(arguments: &'a Arguments, part: impl Fn(&'a (String, String)) -> &'a String) -> Vec<&'a str> {
    arguments.iter().map(|argument| part(argument).as_str()).collect()
}

/// Whether what was taken is still taken, without a word of the caller.
fn widens(old: &str, new: &str) -> bool {
    old == new || new.strip_prefix("impl Into<").and_then(|rest| rest.strip_suffix('>')) == Some(old)
}

fn differences(old: &Arguments, new: &Arguments) -> String {
    let missing = |here: &Arguments, there: &Arguments| {
        let absent = here.iter().filter(|(name, _)| !there.iter().any(|(other, _)| other == name));
        absent.map(|(name, _)| name.clone()).collect::<Vec<String>>()
    };
    let (gone, came) = (missing(old, new), missing(new, old));
    let mut said = Vec::new();
    if !came.is_empty() {
        said.push(format!("lacks {}", listed(&came)));
    }
    if !gone.is_empty() {
        said.push(format!("has {} too many", listed(&gone)));
    }
    for (name, value) in new {
        if let Some((_, before)) = old.iter().find(|(other, before)| other == name && before != value) {
            said.push(format!("gives `{before}` for `{name}` where `{value}` is taken"));
        }
    }
    if said.is_empty() {
        said.push("has the arguments in another order".to_owned());
    }
    format!("a call {}", said.join(", and "))
}

fn listed(names: &[impl AsRef<str>]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}
