//! Bodies, responses and headers of an operation.

use super::{Comparison, ledger::Spot, operations::Pair, rule::Rule, rules, schema::Carried, words};
use crate::{
    api::{Body, Direction, Header, MediaType, Response, Status},
    pointer,
};

/// What a list of media types is part of.
struct Content<'a> {
    direction: Direction,
    at: String,
    /// The place of the list on both sides.
    places: [String; 2],
    types: [&'a [MediaType]; 2],
}

/// The request body.
pub(super) fn body(comparison: &mut Comparison, pair: Pair) {
    let mut tell = |rule: &'static Rule, sides| comparison.tell(rule, Some(Direction::Request), pair.number, "request body", sides);
    let nowhere = |operation: &crate::api::Operation| Spot::at(operation.pointer.clone());
    let spot = |body: &Body| Spot::at(body.pointer.clone());
    match (&pair.old.body, &pair.new.body) {
        (None, None) => {}
        (None, Some(new)) if new.required => tell(&rules::REQUIRED_BODY_ADDED, [nowhere(pair.old), spot(new)]),
        (None, Some(new)) => tell(&rules::BODY_ADDED, [nowhere(pair.old), spot(new)]),
        (Some(old), None) => tell(&rules::BODY_REMOVED, [spot(old), nowhere(pair.new)]),
        (Some(old), Some(new)) => {
            if old.required != new.required {
                let rule = if new.required { &rules::BODY_NOW_REQUIRED } else { &rules::BODY_NOW_OPTIONAL };
                tell(rule, [&old.pointer, &new.pointer].map(|place| Spot::at(pointer::join(place, "required"))));
            }
            let described = |body: &Body| pointer::join(&body.pointer, "description");
            comparison.text(pair.number, "request body", [(&described(old), &old.description), (&described(new), &new.description)]);
            let places = [&old.pointer, &new.pointer].map(|place| pointer::join(place, "content"));
            let types = [old.content.as_slice(), new.content.as_slice()];
            content(comparison, pair.number, &Content { direction: Direction::Request, at: "request body".to_owned(), places, types });
        }
    }
}

/// Media types, matched by name without parameters, or by a range that covers it.
fn content(comparison: &mut Comparison, number: usize, content: &Content) {
    let [old, new] = content.types;
    let [gone, come] = match content.direction {
        Direction::Request => [&rules::MEDIA_TYPE_REFUSED, &rules::MEDIA_TYPE_TAKEN],
        Direction::Response => [&rules::MEDIA_TYPE_DROPPED, &rules::MEDIA_TYPE_ANSWERED],
    };
    let named = |list: &[MediaType], wanted: &MediaType| list.iter().position(|one| one.essence() == wanted.essence());
    let covered = |list: &[MediaType], wanted: &MediaType| list.iter().position(|one| covers(one.essence(), wanted.essence()));
    for media in old {
        let Some(found) = named(new, media).or_else(|| covered(new, media)) else {
            let sides = [Spot::of(media.pointer.clone(), words::code(&media.name)), Spot::at(content.places[1].clone())];
            comparison.tell(gone, Some(content.direction), number, &content.at, sides);
            continue;
        };
        media_type(comparison, number, content, [media, &new[found]]);
    }
    for media in new.iter().filter(|media| named(old, media).or_else(|| covered(old, media)).is_none()) {
        let sides = [Spot::at(content.places[0].clone()), Spot::of(media.pointer.clone(), words::code(&media.name))];
        comparison.tell(come, Some(content.direction), number, &content.at, sides);
    }
}

fn covers(range: &str, wanted: &str) -> bool {
    range == "*/*" || range.strip_suffix('*').is_some_and(|start| start.ends_with('/') && wanted.starts_with(start))
}

fn media_type(comparison: &mut Comparison, number: usize, content: &Content, [old, new]: [&MediaType; 2]) {
    let at =
        if content.types.iter().all(|types| types.len() < 2) { content.at.clone() } else { format!("{} as `{}`", content.at, new.name) };
    if content.direction == Direction::Request && old.encoding != new.encoding {
        let spot = |media: &MediaType| Spot {
            pointer: pointer::join(&media.pointer, "encoding"),
            words: media.encoding.as_ref().map(words::value),
        };
        comparison.tell(&rules::ENCODING_CHANGED, Some(content.direction), number, &at, [spot(old), spot(new)]);
    }
    comparison.walk.root((content.direction, Carried::by([old, new])), number, at, [old.schema.as_ref(), new.schema.as_ref()]);
}

/// The responses, by status. A range that gives way to statuses within it is told of these.
pub(super) fn responses(comparison: &mut Comparison, pair: Pair) {
    let (old, new) = (&pair.old.responses, &pair.new.responses);
    let lists = [&pair.old.pointer, &pair.new.pointer].map(|place| pointer::join(place, "responses"));
    let spot = |response: &Response| Spot::of(response.pointer.clone(), words::code(&words::status(response.status)));
    for before in old {
        if let Some(after) = new.iter().find(|one| one.status == before.status) {
            response(comparison, pair.number, [before, after]);
        } else if let Some(after) = new.iter().find(|one| is_within(before.status, one.status)) {
            answer(comparison, pair.number, &rules::RESPONSE_WIDENED, after.status, [spot(before), spot(after)]);
            response(comparison, pair.number, [before, after]);
        } else if !new.iter().any(|one| is_within(one.status, before.status) && !old.iter().any(|known| known.status == one.status)) {
            let rule = if is_success(before.status) { &rules::SUCCESS_REMOVED } else { &rules::REFUSAL_REMOVED };
            answer(comparison, pair.number, rule, before.status, [spot(before), Spot::at(lists[1].clone())]);
        }
    }
    for after in new.iter().filter(|one| !old.iter().any(|known| known.status == one.status)) {
        if let Some(before) = old.iter().find(|one| is_within(after.status, one.status)) {
            answer(comparison, pair.number, &rules::RESPONSE_NARROWED, after.status, [spot(before), spot(after)]);
            response(comparison, pair.number, [before, after]);
        } else if !old.iter().any(|one| is_within(one.status, after.status)) {
            let rule = if is_success(after.status) { &rules::SUCCESS_ADDED } else { &rules::REFUSAL_ADDED };
            answer(comparison, pair.number, rule, after.status, [Spot::at(lists[0].clone()), spot(after)]);
        }
    }
}

/// Whether the second covers the first. `default` covers refusals: what it holds of successes nobody means.
fn is_within(status: Status, cover: Status) -> bool {
    match (status, cover) {
        (Status::Exactly(code), Status::Range(hundreds)) => code / 100 == u16::from(hundreds),
        (Status::Exactly(code), Status::Default) => code >= 400,
        (Status::Range(hundreds), Status::Default) => hundreds >= 4,
        _ => false,
    }
}

fn is_success(status: Status) -> bool {
    matches!(status, Status::Exactly(200..=299) | Status::Range(2))
}

fn answer(comparison: &mut Comparison, number: usize, rule: &'static Rule, status: Status, sides: [Spot; 2]) {
    let at = format!("response {}", words::status(status));
    comparison.tell(rule, Some(Direction::Response), number, &at, sides);
}

fn response(comparison: &mut Comparison, number: usize, [old, new]: [&Response; 2]) {
    let described = |response: &Response| pointer::join(&response.pointer, "description");
    let at = format!("response {}", words::status(new.status));
    comparison.text(number, &at, [(&described(old), &old.description), (&described(new), &new.description)]);
    headers(comparison, number, &at, [old, new]);
    let places = [&old.pointer, &new.pointer].map(|place| pointer::join(place, "content"));
    let tell = |comparison: &mut Comparison, rule| {
        let sides = [Spot::at(places[0].clone()), Spot::at(places[1].clone())];
        comparison.tell(rule, Some(Direction::Response), number, &at, sides);
    };
    match (old.content.is_empty(), new.content.is_empty()) {
        (true, true) => {}
        (true, false) => tell(comparison, &rules::RESPONSE_BODY_ADDED),
        (false, true) => tell(comparison, &rules::RESPONSE_BODY_REMOVED),
        (false, false) => {
            let types = [old.content.as_slice(), new.content.as_slice()];
            content(comparison, number, &Content { direction: Direction::Response, at, places, types });
        }
    }
}

/// The headers of a response; their names have no case.
fn headers(comparison: &mut Comparison, number: usize, at: &str, [old, new]: [&Response; 2]) {
    let direction = Direction::Response;
    let find = |list: &'_ [Header], wanted: &Header| list.iter().position(|one| one.name.eq_ignore_ascii_case(&wanted.name));
    let list = |response: &Response| Spot::at(pointer::join(&response.pointer, "headers"));
    let spot = |header: &Header| Spot::of(header.pointer.clone(), words::code(&header.name));
    for before in &old.headers {
        let Some(found) = find(&new.headers, before) else {
            let rule = if before.required { &rules::REQUIRED_HEADER_REMOVED } else { &rules::HEADER_REMOVED };
            comparison.tell(rule, Some(direction), number, at, [spot(before), list(new)]);
            continue;
        };
        let after = &new.headers[found];
        let at = format!("{at} header `{}`", after.name);
        if before.required != after.required {
            let rule = if after.required { &rules::HEADER_NOW_REQUIRED } else { &rules::HEADER_NOW_OPTIONAL };
            let sides = [before, after].map(|header| Spot::at(pointer::join(&header.pointer, "required")));
            comparison.tell(rule, Some(direction), number, &at, sides);
        }
        let described = |header: &Header| pointer::join(&header.pointer, "description");
        comparison.text(number, &at, [(&described(before), &before.description), (&described(after), &after.description)]);
        comparison.walk.root((direction, Carried::Fields), number, at, [before.schema.as_ref(), after.schema.as_ref()]);
    }
    for after in new.headers.iter().filter(|header| find(&old.headers, header).is_none()) {
        comparison.tell(&rules::HEADER_ADDED, Some(direction), number, at, [list(old), spot(after)]);
    }
}
