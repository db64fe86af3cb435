//! Pages by name: which parameters cut a list, and which properties tell about the page.

use serde_json::Value;

use super::{Aspect, Inference, PageFact, PageStyle, Pagination, envelope, words};
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
    "bookmark",
    "marker",
    "scrollid",
];
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
    let shows = envelope::success_schema(operation).map(|schema| shows(schemas, schema, items, style)).unwrap_or_default();
    if position.is_none() && size.is_none() && shows.is_empty() {
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
    let name = |parameter: Option<&Parameter>| parameter.map(|parameter| parameter.name.clone());
    Some(Pagination { style, position: name(position), size: name(size), default_size, max_size, shows })
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
    let schema = size.and_then(|size| size.schema.as_ref()).map(|schema| schemas.resolve(schema).1);
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
        if place.starts_with(items) && !items.is_empty() {
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
            | "totalsize",
            _,
        ) => PageFact::Total,
        ("skip" | "offset" | "start" | "startat" | "startindex", PageStyle::Offset)
        | ("page" | "currentpage" | "pagenumber" | "pageno" | "pageindex", PageStyle::Page) => PageFact::Position,
        ("take" | "limit" | "perpage" | "pagesize" | "size" | "itemsperpage", _) => PageFact::Size,
        ("returned" | "numberofelements" | "itemcount" | "currentcount" | "resultcount", _) => PageFact::Count,
        ("pages" | "totalpages" | "lastpage" | "numpages" | "pagecount" | "pagetotal", _) => PageFact::Pages,
        ("next" | "nextpage" | "nextcursor" | "nextpagetoken" | "nexttoken" | "nextoffset" | "nextskip" | "continuationtoken", _)
        | ("cursor" | "endcursor" | "after", PageStyle::Cursor) => PageFact::Next,
        _ => return None,
    };
    let fits = match fact {
        PageFact::HasMore => schemas.admits(schema, "boolean"),
        PageFact::Next => !is_address(schemas, schema) && (schemas.admits(schema, "string") || schemas.admits(schema, "integer")),
        _ => schemas.admits(schema, "integer"),
    };
    let is_scalar = !schemas.types(schema).iter().any(|name| name == "object" || name == "array");
    (fits && is_scalar).then_some(fact)
}

/// Whether a schema is that of a link, which is no position.
fn is_address(schemas: &Schemas, schema: &SchemaId) -> bool {
    let value = schemas.resolve(schema).1;
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    text("format").starts_with("uri") || text("format") == "url" || text("example").contains('/')
}
