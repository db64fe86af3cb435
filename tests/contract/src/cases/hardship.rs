//! Requests that are hard to bear: characters that are none, deep nesting, much of anything. A server may refuse them or
//! not; it may not break.

use serde_json::{Value, json};
use specs::{
    api::{Direction, Location, Parameter, SchemaId},
    sample::Bound,
};

use super::{Sheet, body, values, words};
use crate::{
    case::{Edit, Kind, Strain, Wanted},
    rule::{self, Rule},
    wire::{self, Kind as Written},
};

/// How many arrays are in each other: more than any parser that calls itself for each has a stack for.
const DEEP: usize = 10_000;
/// How many bytes are many, and are quickly sent nevertheless.
const MANY: usize = 4 * 1024 * 1024;
/// A text that ends early for who writes C.
const NUL: &str = "before\u{0}after";
/// A text of JSON with the first half of a character, and with the second.
const HALVES: [&str; 2] = [r#""half \ud83c""#, r#""\udf32 half""#];

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    of_parameters(sheet);
    let Some((media, schema, bodies)) = sheet.suite.body(sheet.operation) else {
        let reason = if sheet.operation.body.is_some() { "no valid body was found" } else { "it takes no body" };
        return sheet.none_of(&[rule::NESTED, rule::NUL, rule::SURROGATE, rule::OVERSIZED], reason);
    };
    let (kind, schema, full) = (wire::kind(media), schema.cloned(), bodies.full.clone());
    let texts = schema.as_ref().map(|schema| texts(sheet, schema, &full)).unwrap_or_default();
    nested(sheet, kind, schema.as_ref());
    characters(sheet, kind, &texts);
    oversized(sheet, kind, &texts);
}

fn borne(sheet: &mut Sheet<'_>, rule: Rule, place: &str, name: &str, edits: Vec<Edit>, strain: Strain) {
    let at = if place.is_empty() { String::new() } else { format!(", `{place}`") };
    let sentence = format!("`{}`{at}: {}", sheet.operation.id, rule.promise);
    sheet.case(rule, place, name, sentence, Kind::Survive(Wanted::default(), edits, strain));
}

/// The places of the body that hold a text which is not one of a list.
fn texts(sheet: &Sheet<'_>, schema: &SchemaId, full: &Value) -> Vec<String> {
    let edges = sheet.suite.sampler(Direction::Request).edges(schema, full);
    let is_listed = |place: &str| edges.iter().any(|edge| edge.pointer == place && edge.bound == Bound::Listed);
    let is_text = |place: &String| full.pointer(place).is_some_and(Value::is_string) && !is_listed(place);
    values::places(full).into_iter().filter(|place| is_text(place) && !body::names_something(sheet, place)).collect()
}

fn nested(sheet: &mut Sheet<'_>, kind: Written, schema: Option<&SchemaId>) {
    if kind != Written::Json {
        return sheet.none(rule::NESTED, "", "only JSON nests");
    }
    let validator = schema.and_then(|schema| sheet.suite.validators.get(schema, Direction::Request).ok());
    let is_valid = validator.is_none_or(|validator| validator.is_valid(&json!([[[[]]]])));
    let strain = if is_valid { Strain::Odd } else { Strain::Wrong };
    borne(sheet, rule::NESTED, "", "bears_deep_nesting", vec![Edit::Nested(DEEP)], strain);
}

fn characters(sheet: &mut Sheet<'_>, kind: Written, texts: &[String]) {
    if texts.is_empty() {
        sheet.none_of(&[rule::NUL, rule::SURROGATE], "the body has no free text");
    }
    for place in texts {
        let (name, shown) = (words(place), if place.is_empty() { "the body" } else { place });
        borne(sheet, rule::NUL, shown, &format!("bears_nul_in_{name}"), vec![Edit::Body(place.clone(), Some(NUL.into()))], Strain::Odd);
        if kind == Written::Json {
            let edits = HALVES.map(|text| Edit::Written(place.clone(), text.to_owned())).into();
            borne(sheet, rule::SURROGATE, shown, &format!("bears_half_a_character_in_{name}"), edits, Strain::Odd);
        } else {
            sheet.none(rule::SURROGATE, shown, "only JSON has half characters");
        }
    }
}

fn oversized(sheet: &mut Sheet<'_>, kind: Written, texts: &[String]) {
    let Some(place) = texts.first().filter(|_| kind == Written::Json) else {
        return sheet.none(rule::OVERSIZED, "", "the body is no JSON that has a free text");
    };
    borne(sheet, rule::OVERSIZED, "", "bears_some_megabytes", vec![Edit::Grown(place.clone(), MANY)], Strain::Size);
}

/// A NUL in each text of the path and the query; headers and cookies cannot have one.
fn of_parameters(sheet: &mut Sheet<'_>) {
    let schemas = &sheet.suite.api.schemas;
    let is_text = |parameter: &&Parameter| {
        let types = parameter.schema.as_ref().map(|schema| schemas.types(schema)).unwrap_or_default();
        let is_listed = parameter.schema.as_ref().is_some_and(|schema| schemas.resolve(schema).1.get("enum").is_some());
        matches!(parameter.location, Location::Query | Location::Path) && types.iter().any(|kind| kind == "string") && !is_listed
    };
    let is_condition = |parameter: &Parameter| sheet.operation.conditions.iter().any(|one| one.name == parameter.name);
    for parameter in sheet.operation.parameters.iter().filter(is_text).filter(|parameter| !is_condition(parameter)) {
        let place = format!("{}.{}", parameter.location.as_str(), parameter.name);
        let edits = vec![Edit::Parameter(parameter.location, parameter.name.clone(), Some(NUL.into()))];
        borne(sheet, rule::NUL, &place, &format!("bears_nul_in_{place}"), edits, Strain::Odd);
    }
}
