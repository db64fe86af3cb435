//! One item before and now to the rule that it falls under, and to what that means where it is used.

use std::mem::discriminant;

use super::{Item, ItemChange, Room, Rule, Signature, What, arguments, call, rule};

/// An item that is gone.
pub(super) fn removed(item: &Item, with: Vec<String>) -> ItemChange {
    let why = match &item.what {
        What::Function(_) if item.owner.is_some() => "who calls it finds no such method".to_owned(),
        What::Function(_) => "who calls it finds no such function".to_owned(),
        What::Field { .. } => "who reads or sets it finds no such field".to_owned(),
        What::Variant { .. } => "who matches or makes it finds no such variant".to_owned(),
        What::Impl { of, types } => unimplemented(of, types),
        What::Const { .. } => "who uses it finds no such constant".to_owned(),
        What::Module | What::Reexport { .. } => "who names it finds no such module".to_owned(),
        What::Alias { .. } | What::Struct { .. } | What::Enum { .. } => "who names it finds no such type".to_owned(),
    };
    change(&rule::REMOVED, Some(item), None, why, call::of(item), with)
}

fn unimplemented(of: &str, types: &[(String, String)]) -> String {
    match (of, types) {
        ("Default", _) => "`default()` is gone, since something in it always has to be there".to_owned(),
        ("Deref", [(_, value), ..]) => {
            format!("it is no longer read as the `{value}` in it: which of several answers it is has to be asked")
        }
        (of, _) => match of.strip_prefix("From<").and_then(|rest| rest.strip_suffix('>')) {
            Some(taken) => format!("a `{taken}` no longer becomes one by `into()`"),
            None => format!("who relies on `{of}` finds no such impl"),
        },
    }
}

/// An item that is new, and the type that it belongs to.
pub(super) fn added(item: &Item, with: Vec<String>, owner: Option<&Item>) -> ItemChange {
    let is_closed =
        owner.is_some_and(|owner| matches!(owner.what, What::Struct { room: Room::None, .. } | What::Enum { room: Room::None }));
    let top = item.top();
    let (rule, why, breaks) = match &item.what {
        What::Field { .. } if is_closed => {
            (&rule::FIELD_ADDED_CLOSED, format!("a literal `{top} {{ … }}` lacks it"), Some(format!("{top} {{ … }}")))
        }
        What::Variant { .. } if is_closed => {
            let line = "match answer { … }".to_owned();
            (&rule::VARIANT_ADDED_CLOSED, format!("a `match` that has all variants of `{top}` has to have this one too"), Some(line))
        }
        What::Variant { .. } => {
            let why = "a `match` compiles, since it has an arm for the rest; what came there comes as this variant now";
            (&rule::VARIANT_ADDED, why.to_owned(), None)
        }
        _ => (&rule::ADDED, "no caller knows it yet".to_owned(), None),
    };
    change(rule, None, Some(item), why, breaks, with)
}

/// What changed of an item that is on both sides.
pub(super) fn changed(old: &Item, new: &Item) -> Vec<ItemChange> {
    let one = |rule, why: String, breaks| vec![change(rule, Some(old), Some(new), why, breaks, Vec::new())];
    match (&old.what, &new.what) {
        (before, now) if before == now => Vec::new(),
        (What::Field { value: before }, What::Field { value: now }) => {
            let (rule, why) = field(before, now);
            one(rule, why, Some(call::read(old, before)))
        }
        (What::Variant { holds: before }, What::Variant { holds: now }) => {
            let why = format!("who matches it finds {} where {} was", held(now), held(before));
            one(&rule::VARIANT_TYPE, why, call::of(old))
        }
        (What::Impl { types: before, .. }, What::Impl { types: now, .. }) => {
            let said = |types: &[(String, String)]| types.iter().map(|(_, value)| format!("`{value}`")).collect::<Vec<_>>().join(", ");
            one(&rule::IMPL_TYPE, format!("who gets {} by it gets {} now", said(before), said(now)), call::of(old))
        }
        (What::Function(before), What::Function(now)) => function(old, new, before, now),
        (before, now) => match openness(before).zip(openness(now)).filter(|_| discriminant(before) == discriminant(now)) {
            Some((false, true)) => {
                one(&rule::CLOSED, "who writes or matches it in full has to leave room for more".to_owned(), call::of(old))
            }
            Some((true, false)) => one(&rule::OPENED, "no caller has to change".to_owned(), None),
            _ => one(&rule::KIND, "who makes, reads or matches it finds something else".to_owned(), call::of(old)),
        },
    }
}

/// Whether a type is open, when it is of a kind that can be.
fn openness(what: &What) -> Option<bool> {
    match what {
        What::Enum { room } | What::Struct { room, is_tuple: false, .. } => Some(*room != Room::None),
        _ => None,
    }
}

fn field(before: &str, now: &str) -> (&'static Rule, String) {
    if *before == format!("Option<{now}>") {
        (&rule::FIELD_REQUIRED, format!("who expects an option, by `if let Some` or `unwrap_or`, finds a `{now}`"))
    } else if *now == format!("Option<{before}>") {
        (&rule::FIELD_OPTIONAL, format!("who reads a `{before}` has to say what holds without one"))
    } else {
        (&rule::FIELD_TYPE, format!("who reads or sets a `{before}` finds a `{now}`"))
    }
}

fn held(holds: &str) -> String {
    if holds.is_empty() { "nothing".to_owned() } else { format!("`{}`", holds.trim()) }
}

fn function(old: &Item, new: &Item, before: &Signature, now: &Signature) -> Vec<ItemChange> {
    let mut found = Vec::new();
    let mut say = |rule: &'static Rule, why: String, breaks| found.push(change(rule, Some(old), Some(new), why, breaks, Vec::new()));
    if let Some((rule, why)) = arguments::judge(&before.arguments, &now.arguments) {
        say(rule, why, call::of(old).filter(|_| rule.level == super::Level::Major));
    }
    let returned =
        |signature: &Signature| (signature.receiver.clone(), signature.is_async, signature.generics.clone(), signature.returns.clone());
    if returned(before) != returned(now) {
        say(&rule::RETURNS, format!("who gets a `{}` from it gets a `{}`", before.returns, now.returns), call::of(old));
    }
    match (before.is_deprecated, now.is_deprecated) {
        (false, true) => say(&rule::DEPRECATED, "a call compiles with a warning".to_owned(), None),
        (true, false) => say(&rule::NOT_DEPRECATED, "a call compiles without a warning".to_owned(), None),
        _ => {}
    }
    found
}

fn change(
    rule: &'static Rule,
    old: Option<&Item>,
    new: Option<&Item>,
    why: String,
    breaks: Option<String>,
    with: Vec<String>,
) -> ItemChange {
    let item = new.or(old).map(Item::title).unwrap_or_default();
    let line = |item: &Item| item.to_string();
    ItemChange { rule, item, old: old.map(line), new: new.map(line), why, breaks, with, operations: Vec::new() }
}
