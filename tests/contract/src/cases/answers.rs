//! Answers: status, media type, headers and body are as declared, of successes and of refusals.

use specs::api::{Response, Status};

use super::Sheet;
use crate::{
    case::{Aspect, Kind, Whose},
    refusal,
    rule::{self, Rule},
};

const ASPECTS: [(Aspect, Rule, &str); 4] = [
    (Aspect::Status, rule::ANSWER_STATUS, "a_declared_status"),
    (Aspect::MediaType, rule::ANSWER_MEDIA_TYPE, "the_declared_media_type"),
    (Aspect::Headers, rule::ANSWER_HEADERS, "the_declared_headers"),
    (Aspect::Schema, rule::ANSWER_SCHEMA, "the_declared_schema"),
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
    let declared: Vec<&Response> = sheet.operation.responses.iter().filter(|response| is_of(response.status, whose)).collect();
    match aspect {
        Aspect::Headers if declared.iter().all(|response| response.headers.is_empty()) => Some("no header is declared"),
        Aspect::Schema
            if !declared.iter().any(|response| response.content.iter().any(|media| media.is_json() && media.schema.is_some())) =>
        {
            Some("no schema of a JSON body is declared")
        }
        _ => None,
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
