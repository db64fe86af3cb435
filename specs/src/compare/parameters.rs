//! Parameters: variables of the path by position, all others by place and name.

use super::{Comparison, ledger::Spot, operations::Pair, rule::Rule, rules, schema::Carried, words};
use crate::{
    api::{Api, Direction, Location, Operation, Parameter, Part},
    pointer,
};

/// The parameters of an operation.
pub(super) fn compare(comparison: &mut Comparison, pair: Pair) {
    for (old, new) in variables(pair.old).into_iter().zip(variables(pair.new)) {
        both(comparison, pair, old, new);
    }
    let (old, new) = (others(pair.old), others(pair.new));
    let mut added: Vec<&Parameter> = new.iter().filter(|one| !old.iter().any(|other| is_same(one, other))).copied().collect();
    for before in old {
        if let Some(after) = new.iter().find(|other| is_same(before, other)) {
            both(comparison, pair, before, after);
        } else if let Some(position) = added.iter().position(|one| one.name.eq_ignore_ascii_case(&before.name)) {
            let after = added.remove(position);
            let spot = |one: &Parameter| Spot::of(pointer::join(&one.pointer, "in"), words::code(one.location.as_str()));
            tell(comparison, pair, &rules::PARAMETER_MOVED, &called(after), [spot(before), spot(after)]);
            both(comparison, pair, before, after);
        } else {
            let sides = [Spot::of(before.pointer.clone(), called(before)), Spot::at(list(pair.new))];
            tell(comparison, pair, &rules::PARAMETER_REMOVED, &called(before), sides);
        }
    }
    for after in added {
        let rule = if after.required { &rules::REQUIRED_PARAMETER_ADDED } else { &rules::PARAMETER_ADDED };
        let sides = [Spot::at(list(pair.old)), Spot::of(after.pointer.clone(), called(after))];
        tell(comparison, pair, rule, &called(after), sides);
    }
}

/// Path parameters, in the order of the path.
fn variables(operation: &Operation) -> Vec<&Parameter> {
    let parts = operation.segments.iter().flat_map(|segment| &segment.parts);
    let names = parts.filter_map(|part| if let Part::Variable(name) = part { Some(name) } else { None });
    let find = |name: &String| operation.parameters.iter().find(|one| one.location == Location::Path && one.name == *name);
    names.filter_map(find).collect()
}

fn others(operation: &Operation) -> Vec<&Parameter> {
    operation.parameters.iter().filter(|one| one.location != Location::Path).collect()
}

/// Names of headers have no case.
fn is_same(one: &Parameter, other: &Parameter) -> bool {
    let is_named = if one.location == Location::Header { one.name.eq_ignore_ascii_case(&other.name) } else { one.name == other.name };
    one.location == other.location && is_named
}

fn called(parameter: &Parameter) -> String {
    format!("{} parameter `{}`", parameter.location.as_str(), parameter.name)
}

fn list(operation: &Operation) -> String {
    pointer::join(&operation.pointer, "parameters")
}

fn tell(comparison: &mut Comparison, pair: Pair, rule: &'static Rule, at: &str, sides: [Spot; 2]) {
    comparison.tell(rule, Some(Direction::Request), pair.number, at, sides);
}

fn both(comparison: &mut Comparison, pair: Pair, old: &Parameter, new: &Parameter) {
    let at = called(new);
    let places = |member: &str| [pointer::join(&old.pointer, member), pointer::join(&new.pointer, member)].map(Spot::at);
    if old.required != new.required {
        let rule = if new.required { &rules::PARAMETER_NOW_REQUIRED } else { &rules::PARAMETER_NOW_OPTIONAL };
        tell(comparison, pair, rule, &at, places("required"));
    }
    if old.deprecated != new.deprecated {
        let rule = if new.deprecated { &rules::PARAMETER_DEPRECATED } else { &rules::PARAMETER_REVIVED };
        tell(comparison, pair, rule, &at, places("deprecated"));
    }
    let (before, after) = (written(comparison.old, old), written(comparison.new, new));
    if before != after {
        let sides = [Spot::of(old.pointer.clone(), words::code(&before)), Spot::of(new.pointer.clone(), words::code(&after))];
        tell(comparison, pair, &rules::PARAMETER_STYLE_CHANGED, &at, sides);
    }
    let described = |one: &Parameter| pointer::join(&one.pointer, "description");
    comparison.text(pair.number, &at, [(&described(old), &old.description), (&described(new), &new.description)]);
    let is_typed = [old, new].iter().any(|one| one.content.is_some());
    let carried = if is_typed { Carried::Typed } else { Carried::Fields };
    comparison.walk.root((Direction::Request, carried), pair.number, at, [old.schema.as_ref(), new.schema.as_ref()]);
}

/// How the value is written; the style of what has no parts does not show, but for what `label` and `matrix` put before.
fn written(api: &Api, parameter: &Parameter) -> String {
    if let Some(content) = &parameter.content {
        return content.to_ascii_lowercase();
    }
    let has_parts = |name| parameter.schema.as_ref().is_none_or(|schema| api.schemas.admits(schema, name));
    let style = format!("{:?}", parameter.style);
    let reserved = if parameter.allow_reserved { ", reserved characters as they are" } else { "" };
    let style = if style.is_empty() { style } else { style[..1].to_ascii_lowercase() + &style[1..] };
    match has_parts("array") || has_parts("object") {
        true if parameter.explode => format!("{style}, exploded{reserved}"),
        true => format!("{style}{reserved}"),
        false if matches!(style.as_str(), "label" | "matrix") => format!("{style}{reserved}"),
        false => format!("plain{reserved}"),
    }
}
