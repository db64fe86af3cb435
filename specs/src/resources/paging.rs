//! Pages by name: which parameters cut a list, and which properties tell about the page.

use serde_json::Value;

use super::{Aspect, Inference, PageFact, PageHeader, PageLink, PageStyle, Pagination, envelope, links, words};
use crate::api::{Location, Operation, Parameter, SchemaId, Schemas};

const OFFSETS: &[&str] = &["offset", "skip", "start", "startat", "startindex", "pageoffset", "startposition", "firstresult"];
const PAGES: &[&str] = &["page", "pagenumber", "pageno", "pageindex", "currentpage"];
const CURSORS: &[&str] = &[
    "cursor",
    "after",
    "startingafter",
    "startafter",
    "pagetoken",
    "nexttoken",
    "nextcursor",
    "nextpagetoken",
    "continuationtoken",
    "continuation",
    "pageafter",
    "pagecursor",
    "startcursor",
    "afterid",
    "sinceid",
    "lastid",
    "pagemarker",
    "nextmarker",
    "exclusivestartkey",
    "skiptoken",
    "bookmark",
    "marker",
    "scrollid",
];
/// Cursors that may be the key of the last item.
const AFTER_KEYS: &[&str] = &["after", "startingafter", "startafter", "afterid", "sinceid", "lastid", "marker", "pageafter"];
const SIZES: &[&str] = &[
    "limit",
    "take",
    "perpage",
    "pagesize",
    "size",
    "maxresults",
    "top",
    "pagelimit",
    "itemsperpage",
    "resultsperpage",
    "count",
    "first",
    "max",
    "results",
];

/// Types of a parameter that counts rows: some documents call them text.
const NUMBERS: &[&str] = &["integer", "string"];

/// Rows of a page when nothing says how many.
const ASSUMED_SIZE: usize = 20;
/// Rows of an answer that tells about its page although no parameter cuts it.
const UNCUT: usize = 1000;

/// How the list of an operation is cut into pages, by the names of parameters and properties.
pub(super) fn infer(schemas: &Schemas, operation: &Operation, items: &str, why: &mut Vec<Inference>) -> Option<Pagination> {
    let (style, position) = position(schemas, operation);
    let size = parameter(schemas, operation, SIZES, NUMBERS).filter(|size| !is_ambiguous(size, position));
    let message = envelope::success_schema(operation);
    let shows = message.map(|schema| shows(schemas, schema, items, style)).unwrap_or_default();
    let links = message.map(|schema| links::of_body(schemas, schema, items)).unwrap_or_default();
    let headers = links::of_headers(operation);
    if position.is_none() && size.is_none() && shows.is_empty() && links.is_empty() && headers.is_empty() {
        return None;
    }
    let (default_size, max_size) = if position.is_none() && size.is_none() { (UNCUT, Some(UNCUT)) } else { sizes(schemas, size) };
    if let Some(name) = position.or(size).map(|parameter| &parameter.name) {
        why.push(Inference::new(Aspect::Paging, format!("pages by {}", style.as_str()), format!("the parameter `{name}`")));
    }
    let most = max_size.map(|most| format!(", at most {most}")).unwrap_or_default();
    why.push(Inference::new(Aspect::Size, format!("{default_size} a page{most}"), size_reason(schemas, size)));
    for (_, place) in &shows {
        why.push(Inference::new(Aspect::Page, format!("{place} tells about the page"), "its name"));
    }
    for place in links.iter().map(|(_, place)| place).chain(headers.iter().map(|(_, name)| name)) {
        why.push(Inference::new(Aspect::Page, format!("{place} tells about the page"), "its name"));
    }
    let after_key = style == PageStyle::Cursor && is_after_key(&shows, &links, &headers, position);
    if after_key {
        why.push(Inference::new(Aspect::Paging, "the cursor is a key", "no answer gives another one"));
    }
    let name = |parameter: Option<&Parameter>| parameter.map(|parameter| parameter.name.clone());
    let first = first_page(schemas, style, position);
    Some(Pagination { style, position: name(position), size: name(size), default_size, max_size, shows, first, after_key, links, headers })
}

/// The pages that a body cuts a list into, with JSON pointers for parameters.
pub(super) fn of_body(schemas: &Schemas, operation: &Operation, body: &SchemaId, why: &mut Vec<Inference>) -> Option<Pagination> {
    let mut members: Vec<(String, SchemaId)> = Vec::new();
    envelope::each_member(schemas, body, &mut |place, _, schema| members.push((place.to_owned(), schema.clone())));
    let named = |names: &[&str], kinds: &[&str]| {
        let name = |place: &str| crate::pointer::split_last(place).map(|(_, name)| words::plain(&name)).unwrap_or_default();
        let fits = |(place, schema): &&(String, SchemaId)| {
            names.contains(&name(place).as_str()) && kinds.iter().any(|kind| schemas.admits(schema, kind))
        };
        members.iter().find(fits)
    };
    let by = |style, names, kinds| named(names, kinds).map(|(place, schema)| (style, Some((place.clone(), schema.clone()))));
    let (style, position) = by(PageStyle::Offset, OFFSETS, NUMBERS)
        .or_else(|| by(PageStyle::Page, PAGES, &["integer"]))
        .or_else(|| by(PageStyle::Cursor, CURSORS, &["string"]))
        .unwrap_or((PageStyle::Offset, None));
    let size = named(SIZES, NUMBERS).filter(|_| position.is_some() || named(&["limit", "pagesize", "perpage", "take"], NUMBERS).is_some());
    let message = envelope::success_schema(operation);
    let shows = message.map(|schema| shows(schemas, schema, "", style)).unwrap_or_default();
    if position.is_none() && size.is_none() && shows.is_empty() {
        return None;
    }
    let schema = size.map(|(_, schema)| schema);
    let (default_size, max_size) = sizes_of(schemas, schema);
    let place = position.as_ref().map(|(place, _)| place.clone());
    if let Some(place) = place.as_ref().or(size.map(|(place, _)| place)) {
        why.push(Inference::new(Aspect::Paging, format!("pages by {}", style.as_str()), format!("body{place}")));
    }
    let first = usize::from(style != PageStyle::Page || position.is_none_or(|(_, schema)| !is_from_zero(schemas, &schema)));
    Some(Pagination {
        style,
        position: place,
        size: size.map(|(place, _)| place.clone()),
        default_size,
        max_size,
        shows,
        first,
        after_key: false,
        links: Vec::new(),
        headers: Vec::new(),
    })
}

/// The number of the first page: 0 where the parameter can be that, or is that by default.
fn first_page(schemas: &Schemas, style: PageStyle, position: Option<&Parameter>) -> usize {
    let schema = position.and_then(|position| position.schema.as_ref()).filter(|_| style == PageStyle::Page);
    usize::from(!schema.is_some_and(|schema| is_from_zero(schemas, schema)))
}

fn is_from_zero(schemas: &Schemas, schema: &SchemaId) -> bool {
    let value = schemas.resolve(schema).1;
    let default = value.get("default").and_then(Value::as_u64);
    default == Some(0) || default.is_none() && value.get("minimum").and_then(Value::as_u64) == Some(0)
}

/// Whether a cursor can only be the key of an item, because nothing in the answer gives another one.
fn is_after_key(
    shows: &[(PageFact, String)],
    links: &[(PageLink, String)],
    headers: &[(PageHeader, String)],
    position: Option<&Parameter>,
) -> bool {
    let is_given = shows.iter().any(|(fact, _)| *fact == PageFact::Next)
        || links.iter().any(|(link, _)| *link == PageLink::Next)
        || headers.iter().any(|(header, _)| matches!(header, PageHeader::Links | PageHeader::Fact(PageFact::Next)));
    let name = position.map(|position| words::plain(&position.name)).unwrap_or_default();
    !is_given && AFTER_KEYS.contains(&name.as_str())
}

/// Whether a query parameter is one that cuts lists or orders them, and so chooses no items by property.
pub(super) fn is_paging(name: &str) -> bool {
    let plain = words::plain(name);
    [OFFSETS, PAGES, CURSORS, SIZES].iter().any(|names| names.contains(&plain.as_str()))
}

/// The first of offset, page number and cursor that the operation takes.
fn position<'o>(schemas: &Schemas, operation: &'o Operation) -> (PageStyle, Option<&'o Parameter>) {
    let by = |style, names, kinds| parameter(schemas, operation, names, kinds).map(|found| (style, Some(found)));
    by(PageStyle::Offset, OFFSETS, NUMBERS)
        .or_else(|| by(PageStyle::Page, PAGES, &["integer"]))
        .or_else(|| by(PageStyle::Cursor, CURSORS, &["string"]))
        .unwrap_or((PageStyle::Offset, None))
}

fn parameter<'o>(schemas: &Schemas, operation: &'o Operation, names: &[&str], kinds: &[&str]) -> Option<&'o Parameter> {
    let fits = |parameter: &&Parameter| {
        parameter.location == Location::Query
            && parameter.schema.as_ref().is_none_or(|schema| kinds.iter().any(|kind| schemas.admits(schema, kind)))
    };
    names.iter().find_map(|name| operation.parameters.iter().filter(fits).find(|parameter| words::plain(&parameter.name) == *name))
}

/// Names that mean a page's size only beside a position.
fn is_ambiguous(size: &Parameter, position: Option<&Parameter>) -> bool {
    position.is_none() && matches!(words::plain(&size.name).as_str(), "count" | "first" | "max" | "results" | "size" | "top")
}

pub(super) fn sizes(schemas: &Schemas, size: Option<&Parameter>) -> (usize, Option<usize>) {
    sizes_of(schemas, size.and_then(|size| size.schema.as_ref()))
}

fn sizes_of(schemas: &Schemas, schema: Option<&SchemaId>) -> (usize, Option<usize>) {
    let schema = schema.map(|schema| schemas.resolve(schema).1);
    let whole = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok()).and_then(|number| usize::try_from(number).ok());
    let number = |name: &str| schema.and_then(|schema| schema.get(name)).and_then(whole);
    let most = number("maximum").or_else(|| number("exclusiveMaximum").map(|most| most.saturating_sub(1))).filter(|most| *most > 0);
    let default = number("default").filter(|default| *default > 0);
    let default = default.unwrap_or_else(|| most.map_or(ASSUMED_SIZE, |most| most.min(ASSUMED_SIZE)));
    (default, most.map(|most| most.max(default)))
}

/// Which of the two sizes the parameter tells, as [`sizes`] reads them.
fn size_reason(schemas: &Schemas, size: Option<&Parameter>) -> String {
    let Some(size) = size else { return "no parameter chooses it, so it is assumed".to_owned() };
    let schema = size.schema.as_ref().map(|schema| schemas.resolve(schema).1);
    let tells = |name: &str| schema.is_some_and(|schema| schema.get(name).is_some());
    let name = &size.name;
    match (tells("default"), tells("maximum") || tells("exclusiveMaximum")) {
        (true, true) => format!("the default and the maximum of `{name}`"),
        (true, false) => format!("the default of `{name}`; nothing names a maximum"),
        (false, true) => format!("the maximum of `{name}`; the rest is assumed"),
        (false, false) => format!("assumed: `{name}` tells neither"),
    }
}

/// The places of a response that tell about the page, each fact once, the one nearest to the top.
pub(super) fn shows(schemas: &Schemas, message: &SchemaId, items: &str, style: PageStyle) -> Vec<(PageFact, String)> {
    let mut found: Vec<(PageFact, String)> = Vec::new();
    let mut counts = Vec::new();
    envelope::each_member(schemas, message, &mut |place, name, schema| {
        if place.strip_prefix(items).is_some_and(|rest| rest.starts_with('/')) && !items.is_empty() {
            return;
        }
        if words::plain(name) == "count" && schemas.admits(schema, "integer") {
            counts.push(place.to_owned());
        }
        let Some(fact) = fact(schemas, name, schema, style) else { return };
        if !found.iter().any(|(known, _)| *known == fact) {
            found.push((fact, place.to_owned()));
        }
    });
    // A count beside a total is that of the page; alone it is the total, as most who count alone do.
    if let Some(place) = counts.into_iter().next() {
        let has = |fact| found.iter().any(|(known, _)| *known == fact);
        let fact = if has(PageFact::Total) { PageFact::Count } else { PageFact::Total };
        if !has(fact) {
            found.push((fact, place));
        }
    }
    found
}

fn fact(schemas: &Schemas, name: &str, schema: &SchemaId, style: PageStyle) -> Option<PageFact> {
    let fact = match (words::plain(name).as_str(), style) {
        ("hasmore" | "hasnext" | "hasnextpage" | "more" | "moreavailable" | "ismore", _) => PageFact::HasMore,
        (
            "total" | "totalcount" | "totalitems" | "totalresults" | "totalrecords" | "totalelements" | "totalrows" | "totalentries"
            | "totalsize" | "odatacount" | "xtotalcount" | "xtotal",
            _,
        ) => PageFact::Total,
        ("skip" | "offset" | "start" | "startat" | "startindex", PageStyle::Offset)
        | ("page" | "currentpage" | "pagenumber" | "pageno" | "pageindex" | "number", PageStyle::Page) => PageFact::Position,
        ("take" | "limit" | "perpage" | "pagesize" | "size" | "itemsperpage", _) => PageFact::Size,
        ("returned" | "numberofelements" | "itemcount" | "currentcount" | "resultcount", _) => PageFact::Count,
        ("pages" | "totalpages" | "lastpage" | "numpages" | "pagecount" | "pagetotal", _) => PageFact::Pages,
        ("next" | "nextpage" | "nextcursor" | "nextpagetoken" | "nexttoken" | "nextoffset" | "nextskip" | "continuationtoken", _)
        | ("cursor" | "endcursor" | "after", PageStyle::Cursor) => PageFact::Next,
        _ => return None,
    };
    let is_counted = style != PageStyle::Cursor && !schemas.admits(schema, "integer");
    let fits = match fact {
        // The next of what is counted is a number; text there is an address.
        PageFact::Next if is_counted && links::is_plain_next(name) => false,
        PageFact::HasMore => schemas.admits(schema, "boolean"),
        PageFact::Next => !is_address(schemas, schema) && (schemas.admits(schema, "string") || schemas.admits(schema, "integer")),
        _ => schemas.admits(schema, "integer"),
    };
    let is_scalar = !schemas.types(schema).iter().any(|name| name == "object" || name == "array");
    (fits && is_scalar).then_some(fact)
}

/// Whether a schema is that of a link, which is no position.
pub(super) fn is_address(schemas: &Schemas, schema: &SchemaId) -> bool {
    let value = schemas.resolve(schema).1;
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    text("format").starts_with("uri") || text("format") == "url" || text("example").contains('/')
}
