//! Addresses of pages in an answer, and headers that tell about a page: `next`, `_links.next.href`, `Link`.

use super::{PageFact, PageHeader, PageLink, envelope, paging, words};
use crate::{
    api::{Operation, SchemaId, Schemas},
    pointer,
};

/// Names of addresses, with where they lead.
const LINKS: &[(&str, PageLink)] = &[
    ("next", PageLink::Next),
    ("nextlink", PageLink::Next),
    ("nexturl", PageLink::Next),
    ("nexturi", PageLink::Next),
    ("nextpage", PageLink::Next),
    ("nextpageurl", PageLink::Next),
    ("nextpageuri", PageLink::Next),
    ("nexthref", PageLink::Next),
    ("odatanextlink", PageLink::Next),
    ("prev", PageLink::Previous),
    ("previous", PageLink::Previous),
    ("prevlink", PageLink::Previous),
    ("previouslink", PageLink::Previous),
    ("prevurl", PageLink::Previous),
    ("previousurl", PageLink::Previous),
    ("prevpageurl", PageLink::Previous),
    ("previouspageurl", PageLink::Previous),
    ("prevpage", PageLink::Previous),
    ("previouspage", PageLink::Previous),
    ("first", PageLink::First),
    ("firstpage", PageLink::First),
    ("firstpageurl", PageLink::First),
    ("last", PageLink::Last),
    ("lastpageurl", PageLink::Last),
    ("self", PageLink::Own),
];

/// Headers that tell about a page.
const HEADERS: &[(&str, PageFact)] = &[
    ("xtotalcount", PageFact::Total),
    ("xtotal", PageFact::Total),
    ("totalcount", PageFact::Total),
    ("xpaginationtotalcount", PageFact::Total),
    ("xtotalpages", PageFact::Pages),
    ("xpagecount", PageFact::Pages),
    ("xpage", PageFact::Position),
    ("xperpage", PageFact::Size),
    ("xnextpage", PageFact::Next),
    ("xnextcursor", PageFact::Next),
];

/// Whether a name says no more than that something is next.
pub(super) fn is_plain_next(name: &str) -> bool {
    matches!(words::plain(name).as_str(), "next" | "nextpage")
}

/// The addresses of pages in an answer, each once.
pub(super) fn of_body(schemas: &Schemas, message: &SchemaId, items: &str) -> Vec<(PageLink, String)> {
    let mut found: Vec<(PageLink, String)> = Vec::new();
    envelope::each_member(schemas, message, &mut |place, name, schema| {
        if place.strip_prefix(items).is_some_and(|rest| rest.starts_with('/')) && !items.is_empty() {
            return;
        }
        let above = pointer::split_last(place).and_then(|(above, _)| pointer::split_last(above)).map(|(_, name)| name).unwrap_or_default();
        let is_href = name == "href";
        let Some((_, link)) = LINKS.iter().find(|(known, _)| words::plain(if is_href { &above } else { name }) == *known) else { return };
        let is_text = schemas.types(schema).iter().any(|kind| kind == "string");
        let is_said = || {
            let plain = words::plain(name);
            is_href
                || above.ends_with("links")
                || ["url", "uri", "link", "href"].iter().any(|end| plain.ends_with(end))
                || paging::is_address(schemas, schema)
                || *link == PageLink::Next && has_count(schemas, message)
        };
        if is_text && !found.iter().any(|(known, _)| known == link) && is_said() {
            found.push((*link, place.to_owned()));
        }
    });
    found
}

/// Whether a message counts its items, as those do whose `next` is an address.
fn has_count(schemas: &Schemas, message: &SchemaId) -> bool {
    schemas.property(message, "count").is_some() && schemas.property(message, "previous").is_some()
}

/// The headers of a success that tell about the page.
pub(super) fn of_headers(operation: &Operation) -> Vec<(PageHeader, String)> {
    let declared = operation.success().map(|response| response.headers.as_slice()).unwrap_or_default();
    let holds = |name: &str| {
        let plain = words::plain(name);
        let fact = || HEADERS.iter().find(|(known, _)| *known == plain).map(|(_, fact)| PageHeader::Fact(*fact));
        if plain == "link" { Some(PageHeader::Links) } else { fact() }
    };
    declared.iter().filter_map(|header| Some((holds(&header.name)?, header.name.clone()))).collect()
}
