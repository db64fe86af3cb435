//! Parameters that break one rule, and parameters that only just keep it.

use serde_json::Value;
use specs::{
    api::{Direction, Location, Parameter, SchemaId},
    resources::PageStyle,
    sample::{Bound, Nearly, is_prose},
};

use super::{Sheet, values};
use crate::{
    case::{Edit, Kind, Refusal, Wanted},
    draft::parameter_at,
    rule,
    suite::is_reference,
    wire,
};

/// The longest parameter that is sent.
const LONGEST: usize = 6_000;
/// Rules about parameters that are valid.
const OF_VALID: [rule::Rule; 2] = [rule::PARAMETER, rule::UNICODE];

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    if sheet.operation.parameters.is_empty() {
        sheet.none(rule::PARAMETER, "", "it takes no parameters");
    }
    for parameter in &sheet.operation.parameters {
        let place = format!("{}.{}", parameter.location.as_str(), parameter.name);
        let is_condition = sheet.operation.conditions.iter().any(|one| one.location == parameter.location && one.name == parameter.name);
        if is_condition && sheet.operation.shares_path {
            let values = rule::OF_VALUES.into_iter().map(|(_, rule)| rule);
            values.chain(OF_VALID).for_each(|rule| sheet.none(rule, &place, "it says which operation is meant"));
            continue;
        }
        required(sheet, parameter, &place);
        let Some((value, schema)) = sheet.suite.parameter(parameter).zip(parameter.schema.as_ref()) else {
            let values = rule::OF_VALUES.into_iter().skip(1).map(|(_, rule)| rule);
            values.chain(OF_VALID).for_each(|rule| sheet.none(rule, &place, "nothing says what is valid"));
            continue;
        };
        violations(sheet, parameter, &place, schema, &value);
        accepted(sheet, parameter, &place, schema, &value);
    }
}

fn edit(parameter: &Parameter, value: Option<Value>) -> Edit {
    Edit::Parameter(parameter.location, parameter.name.clone(), value)
}

fn required(sheet: &mut Sheet<'_>, parameter: &Parameter, place: &str) {
    match (parameter.location, parameter.required) {
        (Location::Path, _) => sheet.none(rule::REQUIRED, place, "without it the path is another one"),
        (_, false) => sheet.none(rule::REQUIRED, place, "it is optional"),
        (_, true) => {
            let sentence = format!("`{}` refuses a request without `{place}`", sheet.operation.id);
            let kind = Kind::Refuse(Wanted::default(), vec![edit(parameter, None)], Refusal::Request);
            sheet.case(rule::REQUIRED, place, &format!("rejects_missing_{place}"), sentence, kind);
        }
    }
}

/// Each rule at the parameter, whatever is in it included.
fn violations(sheet: &mut Sheet<'_>, parameter: &Parameter, place: &str, schema: &SchemaId, value: &Value) {
    let nearly = sheet.suite.sampler(Direction::Request).nearly_valid(schema, value);
    let refusal = if parameter.location == Location::Path { Refusal::Path } else { Refusal::Request };
    for (kind, rule) in rule::OF_VALUES.into_iter().skip(1) {
        let here: Vec<&Nearly> = nearly.iter().filter(|nearly| nearly.rule == kind).collect();
        let mut edits = Vec::new();
        let mut reason = if here.is_empty() { values::absent(rule, "", Some(value)).to_owned() } else { String::new() };
        for nearly in here {
            let several = value.pointer(&nearly.pointer).is_some_and(|value| value.is_array() || value.is_object());
            let sendable = values::edit(nearly, parameter.content.is_none()).and_then(|_| {
                if several && kind == specs::sample::Rule::Type {
                    return Err("as text one value is an array of one".to_owned());
                }
                let whole = nearly.value.clone().map_err(|problem| problem.reason)?;
                if can_be_sent(parameter, &whole) {
                    Ok(whole)
                } else {
                    Err(format!("it cannot be written into a {}", parameter.location.as_str()))
                }
            });
            match sendable {
                Ok(whole) => edits.push(edit(parameter, Some(whole))),
                Err(why) => reason = why,
            }
        }
        if edits.is_empty() {
            sheet.none(rule, place, reason);
        } else {
            let sentence = format!("`{}`, `{place}`: {}", sheet.operation.id, rule.promise);
            sheet.case(rule, place, &values::name(rule, place), sentence, Kind::Refuse(Wanted::default(), edits, refusal));
        }
    }
}

/// Whether a value can be told from no value, and from another path, when it is written as text.
fn can_be_sent(parameter: &Parameter, value: &Value) -> bool {
    let is_empty = match value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => wire::scalar(other).is_empty(),
    };
    let text = wire::scalar(value);
    let is_dots = parameter.location == Location::Path && [".", ".."].contains(&text.as_str());
    // Servers differ in how long an address or a header may be; RFC 9112 asks for 8,000 bytes of a request line.
    let fits = match parameter.location {
        Location::Path | Location::Query => wire::encode(&text).len() <= LONGEST,
        Location::Header | Location::Cookie => text.is_ascii() && text.trim() == text && text.len() <= LONGEST,
    };
    !is_empty && !is_dots && fits
}

fn accepted(sheet: &mut Sheet<'_>, parameter: &Parameter, place: &str, schema: &SchemaId, value: &Value) {
    if is_cursor(sheet, parameter) {
        return sheet.none_of_place(&OF_VALID, place, "only a page gives a cursor");
    }
    if is_conditional(parameter) {
        return sheet.none_of_place(&OF_VALID, place, "it makes the request depend on the state of the item");
    }
    let names = parameter.location == Location::Path || names_something(sheet, parameter);
    let edges = sheet.suite.sampler(Direction::Request).edges(schema, value);
    let is_prose = value.as_str().is_some_and(|text| is_prose(&parameter.name, text)) && !is_reference(&parameter.name);
    let mut cases: Vec<(rule::Rule, String, String, Vec<Edit>)> = Vec::new();
    let shown = shown(sheet, parameter, schema, value);
    if !names && (!parameter.required || shown.len() > 1) {
        cases.push((rule::PARAMETER, format!("accepts_{place}"), String::new(), shown));
    }
    for (bound, name) in values::BOUNDS {
        // In an address, a long text is refused for the length of the address.
        let is_meant = match bound {
            Bound::Null | Bound::Long => false,
            Bound::Script => is_prose && !names,
            _ => true,
        };
        let here = edges.iter().filter(|edge| edge.bound == bound && is_meant && can_be_sent(parameter, &edge.value));
        let edits: Vec<Edit> = here.map(|edge| edit(parameter, Some(edge.value.clone()))).collect();
        if !edits.is_empty() {
            let rule = values::rule_of(bound, rule::PARAMETER);
            cases.push((rule, name.replace("{}", place), format!(" {}", values::says(bound)), edits));
        }
    }
    for rule in OF_VALID {
        if !cases.iter().any(|(known, ..)| *known == rule) {
            sheet.none(rule, place, untested(rule, names));
        }
    }
    for (rule, name, says, edits) in cases {
        let sentence = format!("`{}` accepts `{place}`{says}", sheet.operation.id);
        let kind = if names { Kind::Reach(Wanted::default(), edits) } else { Kind::Accept(Wanted::default(), edits) };
        sheet.case(rule, place, &name, sentence, kind);
    }
}

/// All values of a parameter that the document shows and allows; else one that is made.
fn shown(sheet: &Sheet<'_>, parameter: &Parameter, schema: &SchemaId, value: &Value) -> Vec<Edit> {
    let validator = sheet.suite.validators.get(schema, Direction::Request);
    let is_valid = |value: &&Value| validator.as_ref().is_ok_and(|validator| validator.is_valid(value));
    let mut values: Vec<&Value> = vec![value];
    for example in parameter.examples.iter().map(|example| &example.value).filter(is_valid) {
        if !example.is_null() && !values.contains(&example) {
            values.push(example);
        }
    }
    values.into_iter().map(|value| edit(parameter, Some(value.clone()))).collect()
}

/// Why a rule about valid parameters has no case.
fn untested(rule: rule::Rule, names: bool) -> &'static str {
    match (rule.name, names) {
        ("unicode", _) => "it is no free text",
        (_, true) => "it names something that has to exist, and no limit or list of values is declared",
        (_, false) => "every request has it, and no limit or list of values is declared",
    }
}

/// Whether a parameter holds the key of a parent, or of the item.
fn names_something(sheet: &Sheet<'_>, parameter: &Parameter) -> bool {
    let role = sheet.operation.role.as_ref();
    let mut places = role.into_iter().flat_map(|role| role.parents.iter().map(|(_, place)| place).chain(&role.key));
    places.any(|place| parameter_at(place).is_some_and(|(location, name)| location == parameter.location && name == parameter.name))
}

/// Whether a parameter is a header by which a request has conditions, or asks for a part (RFC 9110, sections 13.1 and 14.2).
fn is_conditional(parameter: &Parameter) -> bool {
    let names = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range", "expect"];
    parameter.location == Location::Header && names.contains(&parameter.name.to_ascii_lowercase().as_str())
}

/// Whether a parameter is an opaque position, which nobody can make up.
fn is_cursor(sheet: &Sheet<'_>, parameter: &Parameter) -> bool {
    let pagination = sheet.operation.role.as_ref().and_then(|role| role.pagination.as_ref());
    pagination.is_some_and(|known| known.style == PageStyle::Cursor && known.position.as_ref() == Some(&parameter.name))
}
