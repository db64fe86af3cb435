//! Answers: status, media type, headers and body are as declared, of successes and of refusals.

use serde_json::Value;
use specs::api::{Response, SchemaId, Status};

use super::Sheet;
use crate::{
    case::{Aspect, Kind, Whose},
    refusal,
    rule::{self, Rule},
};

/// What answers are judged by, each with its rule and the words that cases are named by.
pub(crate) const ASPECTS: [(Aspect, Rule, &str); 6] = [
    (Aspect::Status, rule::ANSWER_STATUS, "a_declared_status"),
    (Aspect::MediaType, rule::ANSWER_MEDIA_TYPE, "the_declared_media_type"),
    (Aspect::Headers, rule::ANSWER_HEADERS, "the_declared_headers"),
    (Aspect::Schema, rule::ANSWER_SCHEMA, "the_declared_schema"),
    (Aspect::Format, rule::ANSWER_FORMAT, "the_declared_formats"),
    (Aspect::Documented, rule::ANSWER_UNDOCUMENTED, "documented_properties_alone"),
];

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    for (whose, place, verb) in [(Whose::Successes, "success", "succeeds_with"), (Whose::Refusals, "refusal", "refuses_with")] {
        for (aspect, rule, what) in ASPECTS {
            match absent(sheet, whose, aspect) {
                Some(reason) => sheet.none(rule, place, reason),
                None => {
                    let sentence = format!("`{}` {} {}", sheet.operation.id, verb.replace('_', " "), what.replace('_', " "));
                    sheet.case(rule, place, &format!("{verb}_{what}"), sentence, Kind::Answers(whose, aspect));
                }
            }
        }
    }
}

/// Why there is nothing to check.
fn absent(sheet: &Sheet<'_>, whose: Whose, aspect: Aspect) -> Option<&'static str> {
    let refuses = sheet.cases.iter().any(|case| matches!(case.kind, Kind::Refuse(_, _, due) if refusal::is_declared(sheet.operation, due)));
    if whose == Whose::Refusals && !refuses {
        return Some("no refusal is declared");
    }
    if whose == Whose::Successes && sheet.operation.success().or_else(|| sheet.operation.redirect()).is_none() {
        return Some("no success is declared");
    }
    let declared: Vec<&Response> = sheet.operation.responses.iter().filter(|response| is_of(response.status, whose)).collect();
    match aspect {
        Aspect::Headers if declared.iter().all(|response| response.headers.is_empty()) => Some("no header is declared"),
        Aspect::Schema | Aspect::Format | Aspect::Documented if schemas(&declared).next().is_none() => {
            Some("no schema of a JSON body is declared")
        }
        Aspect::Format if !schemas(&declared).any(|schema| reaches(sheet, schema, "format")) => Some("no format is declared"),
        Aspect::Documented if !schemas(&declared).any(|schema| reaches(sheet, schema, "properties")) => Some("no property is declared"),
        _ => None,
    }
}

fn schemas<'o>(declared: &[&'o Response]) -> impl Iterator<Item = &'o SchemaId> {
    let content = declared.iter().flat_map(|response| &response.content).filter(|media| media.is_json());
    content.filter_map(|media| media.schema.as_ref()).collect::<Vec<_>>().into_iter()
}

/// Whether a schema, or one that it leads to, has a keyword.
fn reaches(sheet: &Sheet<'_>, schema: &SchemaId, keyword: &str) -> bool {
    let schemas = &sheet.suite.api.schemas;
    let mut known: Vec<SchemaId> = vec![schema.clone()];
    let mut at = 0;
    while let Some(id) = known.get(at) {
        let mut targets = Vec::new();
        if mentions(schemas.get(id), keyword, &mut targets) {
            return true;
        }
        let new: Vec<SchemaId> = targets.iter().filter_map(|target| schemas.target(target)).filter(|id| !known.contains(id)).collect();
        known.extend(new);
        at += 1;
    }
    false
}

/// Whether a value has a member of this name anywhere; and what it refers to.
fn mentions(value: &Value, keyword: &str, targets: &mut Vec<String>) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            targets.extend(member.as_str().filter(|_| name == "$ref").map(str::to_owned));
            name == keyword && (member.is_string() || member.is_object() && keyword == "properties") || mentions(member, keyword, targets)
        }),
        Value::Array(elements) => elements.iter().any(|element| mentions(element, keyword, targets)),
        _ => false,
    }
}

fn is_of(status: Status, whose: Whose) -> bool {
    match (whose, status) {
        (_, Status::Default) => true,
        (Whose::Successes, Status::Exactly(code)) => (200..300).contains(&code),
        (Whose::Successes, Status::Range(hundreds)) => hundreds == 2,
        // A rate limit is not reached on purpose.
        (Whose::Refusals, Status::Exactly(code)) => (400..500).contains(&code) && code != 429,
        (Whose::Refusals, Status::Range(hundreds)) => hundreds == 4,
    }
}
