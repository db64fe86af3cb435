//! Bodies that break one rule, and bodies that only just keep it.

use serde_json::{Value, json};
use specs::{
    api::{Direction, MediaType, SchemaId, Status},
    resources::Place,
    sample::{Bound, Edge, Nearly},
};

use super::{Sheet, values, words};
use crate::{
    case::{BodyOf, Edit, Kind, Refusal, Strain, Wanted},
    rule::{self, Rule},
    wire::{self, Kind as Written},
};

/// Rules about a body as a whole, and about values that are valid.
const OF_BODIES: [Rule; 5] = [rule::BODY_MISSING, rule::BODY_EMPTY, rule::BODY_MALFORMED, rule::MEDIA_TYPE_WRONG, rule::MEDIA_TYPE_MISSING];
const OF_EDGES: [Rule; 3] = [rule::EDGE, rule::UNICODE, rule::LONG];

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let suite = sheet.suite;
    let Some((media, schema, bodies)) = suite.body(sheet.operation) else {
        let reason = if sheet.operation.body.is_some() { "no valid body was found" } else { "it takes no body" };
        sheet.none_of(&OF_BODIES, reason);
        sheet.none_of(&OF_EDGES, reason);
        if sheet.operation.body.is_some() {
            sheet.none_of(&rule::OF_VALUES.map(|(_, rule)| rule), reason);
        }
        return;
    };
    missing(sheet);
    empty(sheet, media);
    let whole = bodies.whole.clone();
    malformed(sheet, media, &whole);
    other_media_type(sheet);
    no_media_type(sheet);
    // What a text holds is told by its schema only where it is one scalar.
    let is_read = wire::kind(media) != Written::Text || !whole.is_object() && !whole.is_array();
    let Some(schema) = schema.filter(|_| is_read) else {
        sheet.none_of(&[&OF_EDGES[..], &rule::OF_VALUES.map(|(_, rule)| rule)].concat(), "nothing says what is valid");
        return;
    };
    violations(sheet, media, schema, &whole);
    let full = bodies.full.clone();
    edges(sheet, media, schema, &full);
}

fn refuse(sheet: &mut Sheet<'_>, rule: Rule, place: &str, name: &str, sentence: String, edits: Vec<Edit>, refusal: Refusal) {
    // Only what refers to something unknown needs the whole body, which a server may refuse for that as well.
    let full = sheet.suite.bodies(sheet.operation).map(|bodies| &bodies.full);
    let first = specs::pointer::tokens(place).next();
    let has = |full: &Value| first.as_deref().is_none_or(|name| !place.starts_with('/') || full.get(name).is_some());
    let body = if full.is_some_and(has) { BodyOf::Full } else { BodyOf::Whole };
    let wanted = Wanted { body, ..Wanted::default() };
    sheet.case(rule, place, name, sentence, Kind::Refuse(wanted, edits, refusal));
}

fn missing(sheet: &mut Sheet<'_>) {
    if sheet.operation.body.as_ref().is_some_and(|body| body.required) {
        let sentence = format!("`{}` refuses a request without a body", sheet.operation.id);
        refuse(sheet, rule::BODY_MISSING, "", "rejects_a_missing_body", sentence, vec![Edit::NoBody], Refusal::NoBody);
    } else {
        sheet.none(rule::BODY_MISSING, "", "the body is optional");
    }
}

/// No bytes at all, though the media type says what they are.
fn empty(sheet: &mut Sheet<'_>, media: &MediaType) {
    let is_required = sheet.operation.body.as_ref().is_some_and(|body| body.required);
    match wire::kind(media) {
        _ if !is_required => sheet.none(rule::BODY_EMPTY, "", "the body is optional"),
        Written::Text => sheet.none(rule::BODY_EMPTY, "", "no bytes are a text as well"),
        // No bytes are a form without fields.
        Written::Form if sheet.suite.bodies(sheet.operation).is_some_and(|bodies| bodies.minimal == json!({})) => {
            sheet.none(rule::BODY_EMPTY, "", "no field is required");
        }
        _ => {
            let sentence = format!("`{}` refuses a body of no bytes", sheet.operation.id);
            refuse(sheet, rule::BODY_EMPTY, "", "rejects_an_empty_body", sentence, vec![Edit::Bytes(Vec::new())], Refusal::NoBody);
        }
    }
}

fn malformed(sheet: &mut Sheet<'_>, media: &MediaType, whole: &Value) {
    if wire::kind(media) != Written::Json {
        return sheet.none(rule::BODY_MALFORMED, "", format!("`{}` is not JSON", media.name));
    }
    let edits = not_json(whole).into_iter().map(Edit::Bytes).collect();
    let sentence = format!("`{}` refuses a body that is not JSON", sheet.operation.id);
    refuse(sheet, rule::BODY_MALFORMED, "", "rejects_malformed_json", sentence, edits, Refusal::Request);
}

/// The body, cut short, with a comma too many, with something behind it, with what is no UTF-8; and a word.
fn not_json(whole: &Value) -> Vec<Vec<u8>> {
    let text = whole.to_string();
    let (start, end) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
    let comma = if whole.is_object() && start.len() > 1 { ",".to_owned() + end } else { ",".to_owned() };
    let texts = [start.to_owned(), format!("{start}{comma}"), format!("{text}{{}}"), "word".to_owned()];
    // JSON between systems is UTF-8 (RFC 8259, section 8.1).
    let quote = text.find(":\"").map(|colon| colon + 1).or_else(|| text.find('"'));
    let broken = quote.map(|quote| [&text.as_bytes()[..=quote], b"\xff", &text.as_bytes()[quote + 1..]].concat());
    texts.into_iter().map(String::into_bytes).chain(broken).collect()
}

fn other_media_type(sheet: &mut Sheet<'_>) {
    let declared: Vec<String> =
        sheet.operation.body.iter().flat_map(|body| &body.content).map(|media| media.essence().to_owned()).collect();
    let covered = |name: &str| {
        declared.iter().any(|known| known == name || known == "*/*" || known.strip_suffix("/*").is_some_and(|kind| name.starts_with(kind)))
    };
    let other: Vec<Edit> = ["text/plain", "application/xml", "application/x-www-form-urlencoded"]
        .into_iter()
        .filter(|name| !covered(name))
        .map(|name| Edit::ContentType(name.to_owned()))
        .collect();
    if other.is_empty() {
        return sheet.none(rule::MEDIA_TYPE_WRONG, "", "any media type is accepted");
    }
    let sentence = format!("`{}` refuses a body of another media type", sheet.operation.id);
    refuse(sheet, rule::MEDIA_TYPE_WRONG, "", "rejects_another_media_type", sentence, other, Refusal::MediaType);
}

/// A server may look at the bytes when nothing says what they are (RFC 9110, 8.3); where 415 is declared, it does not.
fn no_media_type(sheet: &mut Sheet<'_>) {
    let edits = vec![Edit::NoContentType];
    if sheet.operation.responses.iter().any(|response| response.status == Status::Exactly(415)) {
        let sentence = format!("`{}` refuses a body without a media type", sheet.operation.id);
        return refuse(sheet, rule::MEDIA_TYPE_MISSING, "", "rejects_a_missing_media_type", sentence, edits, Refusal::MediaType);
    }
    let sentence = format!("`{}` refuses a body without a media type, or takes it for what it is", sheet.operation.id);
    let kind = Kind::Survive(Wanted::default(), edits, Strain::Odd);
    sheet.case(rule::MEDIA_TYPE_MISSING, "", "bears_a_missing_media_type", sentence, kind);
}

/// Each rule at each place of the body.
fn violations(sheet: &mut Sheet<'_>, media: &MediaType, schema: &SchemaId, whole: &Value) {
    let is_text = wire::kind(media) != Written::Json;
    let nearly = sheet.suite.sampler(Direction::Request).nearly_valid(schema, whole);
    let mut places = values::places(whole);
    places.extend(nearly.iter().map(|nearly| nearly.pointer.clone()).filter(|place| !places.contains(place)).collect::<Vec<_>>());
    for place in places {
        for (kind, rule) in rule::OF_VALUES {
            let here: Vec<&Nearly> = nearly.iter().filter(|nearly| nearly.rule == kind && nearly.pointer == place).collect();
            let shown = if place.is_empty() { "the body" } else { &place };
            let mut edits = Vec::new();
            let mut reason = if here.is_empty() { values::absent(rule, &place, whole.pointer(&place)).to_owned() } else { String::new() };
            for nearly in here {
                if is_text && place.is_empty() && [rule::TYPE, rule::NOT_NULL].contains(&rule) {
                    reason = String::from("it is always written as fields");
                    continue;
                }
                if is_text && rule == rule::TYPE && whole.pointer(&place).is_some_and(is_list_of_texts) {
                    reason = String::from("as text, one value is a list of one");
                    continue;
                }
                match values::edit(nearly, is_text) {
                    Ok(value) => edits.push(Edit::Body(place.clone(), value)),
                    Err(why) => reason = why,
                }
            }
            if edits.is_empty() {
                sheet.none(rule, shown, reason);
            } else {
                let sentence = format!("`{}`, `{shown}`: {}", sheet.operation.id, rule.promise);
                refuse(sheet, rule, shown, &values::name(rule, &words(&place)), sentence, edits, Refusal::Request);
            }
        }
    }
}

fn is_list_of_texts(value: &Value) -> bool {
    value.as_array().is_some_and(|elements| elements.iter().all(Value::is_string))
}

/// What is only just valid, and texts that few people write, at each place of the body.
fn edges(sheet: &mut Sheet<'_>, media: &MediaType, schema: &SchemaId, full: &Value) {
    let is_text = wire::kind(media) != Written::Json;
    let edges = sheet.suite.sampler(Direction::Request).edges(schema, full);
    for place in values::places(full) {
        let shown = if place.is_empty() { "the body" } else { &place };
        let here: Vec<&Edge> = edges.iter().filter(|edge| edge.pointer == place && !(is_text && edge.bound == Bound::Null)).collect();
        for rule in [rule::EDGE, rule::UNICODE, rule::LONG] {
            let of_rule: Vec<&Edge> = here.iter().copied().filter(|edge| values::rule_of(edge.bound, rule::EDGE) == rule).collect();
            if of_rule.is_empty() {
                sheet.none(rule, shown, values::unbounded(rule));
            } else if names_something(sheet, &place) {
                sheet.none(rule, shown, "it names something that has to exist");
            } else {
                only_just(sheet, rule, &place, shown, &of_rule);
            }
        }
    }
}

fn only_just(sheet: &mut Sheet<'_>, rule: Rule, place: &str, shown: &str, edges: &[&Edge]) {
    for (bound, name) in values::BOUNDS {
        let edits: Vec<Edit> = edges
            .iter()
            .filter(|edge| edge.bound == bound)
            .map(|edge| Edit::Body(place.to_owned(), edge.value.pointer(place).cloned()))
            .collect();
        if !edits.is_empty() {
            let name = name.replace("{}", &words(place));
            let sentence = format!("`{}` accepts `{shown}` {}", sheet.operation.id, values::says(bound));
            sheet.case(rule, shown, &name, sentence, Kind::Accept(Wanted::default(), edits));
        }
    }
}

/// Whether a place holds the key of a parent, or of the item.
pub(super) fn names_something(sheet: &Sheet<'_>, place: &str) -> bool {
    let role = sheet.operation.role.as_ref();
    let places = role.into_iter().flat_map(|role| role.parents.iter().map(|(_, place)| place).chain(&role.key));
    places.into_iter().any(|named| matches!(named, Place::Body(pointer) if place.starts_with(pointer.as_str()) && !pointer.is_empty()))
}
