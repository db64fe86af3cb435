//! What is inferred from documents of made-up vendors, against tables written by hand.

use std::fmt::Write;

use super::{Pagination, Place, Role};
use crate::{document::Source, load};

/// One line per resource and per operation, of what was found and nothing else.
#[track_caller]
fn check(document: &str, expected: &str) {
    let loaded = load(&Source::new("fixture", "fixture.yaml", document.to_owned()));
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let api = loaded.api.unwrap();
    let mut found = String::new();
    for resource in &api.resources {
        let schema = resource.schema.as_ref().and_then(crate::api::SchemaId::component).unwrap_or_else(|| "-".to_owned());
        let asleep = if resource.asleep.is_empty() { "" } else { " asleep" };
        let parents: Vec<_> = resource.parents.iter().map(|parent| format!("{}.{}", parent.resource, parent.property)).collect();
        writeln!(found, "{}: {schema} key {} parents [{}] {:?}{asleep}", resource.name, resource.key, parents.join(" "), resource.order)
            .unwrap();
    }
    for operation in &api.operations {
        let role = operation.role.as_ref().map_or_else(|| "-".to_owned(), role);
        writeln!(found, "{} {}: {role}", operation.method, operation.path).unwrap();
    }
    let expected: Vec<_> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let found: Vec<_> = found.lines().collect();
    assert_eq!(found, expected, "\n{}\n", found.join("\n"));
}

fn role(role: &Role) -> String {
    let mut text = format!("{} {}", role.resource, role.action.as_str());
    let mut say = |what: &str, value: Option<String>| {
        if let Some(value) = value {
            write!(text, " {what} {value}").unwrap();
        }
    };
    let bare = |pointer: &String| if pointer.is_empty() { "bare".to_owned() } else { pointer.clone() };
    say("key", role.key.as_ref().map(place));
    let parents: Vec<_> = role.parents.iter().map(|(property, at)| format!("{property}={}", place(at))).collect();
    say("under", (!parents.is_empty()).then(|| parents.join(",")));
    say("item", role.item.as_ref().map(bare));
    say("items", role.items.as_ref().map(bare));
    let filters: Vec<_> =
        role.filters.iter().map(|filter| format!("{}~{}:{:?}", filter.parameter, filter.properties.join("|"), filter.comparison)).collect();
    say("by", (!filters.is_empty()).then(|| filters.join(",")));
    say("fields", role.fields.clone());
    say("pages", role.pagination.as_ref().map(pages));
    text
}

fn place(place: &Place) -> String {
    match place {
        Place::Path(name) => format!("path.{name}"),
        Place::Query(name) => format!("query.{name}"),
        Place::Header(name) => format!("header.{name}"),
        Place::Body(pointer) => format!("body{pointer}"),
    }
}

fn pages(pages: &Pagination) -> String {
    let name = |parameter: &Option<String>| parameter.clone().unwrap_or_else(|| "-".to_owned());
    let shows: Vec<_> = pages.shows.iter().map(|(fact, at)| format!("{fact:?}={at}")).collect();
    format!(
        "{:?}({},{},{},{})[{}]",
        pages.style,
        name(&pages.position),
        name(&pages.size),
        pages.default_size,
        pages.max_size.map_or_else(|| "any".to_owned(), |most| most.to_string()),
        shows.join(" ")
    )
}

/// Bare objects, `data` with facts beside it, suffixes on filters, actions on items, views, singletons.
#[test]
fn a_flat_api_with_trailing_slashes_and_double_underscores() {
    let document = include_str!("../../tests/documents/lapidary.yaml");
    check(document, "
        stone: Stone key id parents [sites.site_id] NewestFirst
        GET /stone/: stone list items /data by colour~colour:Equal,id__in~id:In,date_found__gte~date_found:GreaterOrEqual fields _fields pages Offset(_skip,_limit,25,50)[HasMore=/has_more Total=/total_results]
        POST /stone/: stone create under site_id=body/site_id item bare
        GET /stone/{id}/: stone read key path.id item bare
        PUT /stone/{id}/: stone update key path.id item bare
        DELETE /stone/{id}/: stone delete key path.id
        POST /stone/{id}/polish/: -
        GET /stone/recent/: -
        POST /stone/search/: -
        GET /me/: -
        GET /stone/count/: -
    ");
}

/// Envelopes by name, camel case, two collections of one resource, three levels of parents, page numbers.
#[test]
fn a_nested_api_in_envelopes() {
    let document = include_str!("../../tests/documents/harbour.yaml");
    check(document, "
        berths: Berth key id parents [harbours.harbourId ships.shipId] OldestFirst
        lines: Line key number parents [harbours.harbourId berths.berthId] OldestFirst asleep
        harbours: Harbour key id parents [] OldestFirst asleep
        GET /v2/harbours/{harbourId}/berths: berths list under harbourId=path.harbourId items /payload/berths by minDepth~depth:GreaterOrEqual,createdAfter~createdAt:Greater,shipIds~shipId:In pages Page(page,pageSize,10,10)[Position=/payload/pagination/page Size=/payload/pagination/pageSize Pages=/payload/pagination/totalPages Total=/payload/pagination/total Count=/payload/pagination/count]
        POST /v2/harbours/{harbourId}/berths: berths create under harbourId=path.harbourId,shipId=body/shipId item /payload
        GET /v2/ships/{shipId}/berths: berths list under shipId=path.shipId items /payload/berths pages Offset(-,-,1000,1000)[Size=/payload/pagination/pageSize Pages=/payload/pagination/totalPages Total=/payload/pagination/total Count=/payload/pagination/count]
        PATCH /v2/berths/{berthId}: berths update key path.berthId item /payload
        PUT /v2/berths/{berthId}: berths replace key path.berthId
        DELETE /v2/berths/{berthId}: berths delete key path.berthId item /payload
        GET /v2/harbours/{harbourId}/berths/{berthId}/lines: -
        GET /v2/harbours/{harbourId}/berths/{berthId}/lines/{number}: -
        GET /v2/harbours/{id}: -
        GET /v2/harbours/{id}/map: -
    ");
}

/// The same noun for two kinds of things, cursors, `_id`, files, keys from elsewhere, a POST that changes.
#[test]
fn an_api_of_unlike_things() {
    let document = include_str!("../../tests/documents/library.yaml");
    check(
        document,
        "
        reviews: BookReview key _id parents [books.book] OldestFirst
        shops_reviews: ShopReview key id parents [shops.shop_id] OldestFirst asleep
        books: Book key isbn parents [shelves.shelf_id] OldestFirst
        covers: - key cover_id parents [] OldestFirst
        GET /books/{book}/reviews: reviews list under book=path.book items /reviews pages Cursor(cursor,limit,20,any)[Next=/next_cursor]
        POST /books/{book}/reviews: reviews create under book=path.book item /review
        GET /shops/{shop_id}/reviews: -
        POST /covers: covers create item bare
        POST /imports: -
        POST /books: books create under shelf_id=body/shelf_id item bare
        GET /books: books list items bare by filter[shelf_id]~shelf_id:Equal,ids~isbn:In
        DELETE /books: -
        POST /books/{isbn}.json: books update key path.isbn item bare
        POST /books/batch: -
    ",
    );
}

/// What is declared wins, and the rest is inferred around it.
#[test]
fn declarations_win() {
    let document = include_str!("../../tests/documents/pearls.yaml");
    check(document, "
        pearls: Pearl key code parents [oysters.oyster] NewestFirst
        GET /shells/{shell}/contents: pearls list under oyster=path.shell items /found by q~lustre:Contains pages Page(at,many,5,7)[Total=/sum Pages=/leaves]
        GET /pearls/{code}: pearls read key path.code item bare
        DELETE /pearls/{code}: -
        POST /open: pearls create under oyster=body/shell/id item /result
    ");
}

/// What nothing can make sleeps until somebody brings rows, and is then known as well as the rest.
#[test]
fn roles_wake_when_rows_are_brought() {
    let document = include_str!("../../tests/documents/wells.yaml");
    let mut api = load(&Source::new("wells", "wells.yaml", document.to_owned())).api.unwrap();
    assert!(api.operations.iter().all(|operation| operation.role.is_none()));
    api.wake("samples");
    let roles: Vec<_> = api.operations.iter().map(|operation| role(operation.role.as_ref().unwrap())).collect();
    assert_eq!(
        roles,
        [
            "samples list under well_id=path.well_id items bare",
            "samples read key path.number under well_id=path.well_id item /payload/sample",
        ]
    );
}

/// Hidden parents, and one resource whose schemas differ by collection.
#[test]
fn an_api_that_shows_less_than_it_keeps() {
    check(
        include_str!("../../tests/documents/loans.yaml"),
        "
        member-loans: Loan key _id parents [members.memberId] OldestFirst
        marks: Mark key id parents [members.member_id] OldestFirst
        GET /member-loans: member-loans list items /data by memberId~memberId:Equal pages Offset(offset,limit,25,any)[Total=/pagination/total HasMore=/pagination/hasNext]
        POST /member-loans: member-loans create under memberId=body/memberId item /data
        PATCH /member-loans/{loanId}: member-loans update key path.loanId item /data
        GET /members/{id}/marks: marks list under member_id=path.id items /data/marks
        POST /members/{id}/marks: marks create under member_id=path.id item /data
        GET /marks: marks list items /data/marks
    ",
    );
}
