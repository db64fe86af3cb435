//! What is inferred from documents of made-up vendors, against tables written by hand.

use std::fmt::Write;

use serde_json::Value;

use super::{Effect, Pagination, Place, Role, Search};
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
    say("sort", role.sort.as_ref().map(|sort| [&sort.by, &sort.direction].into_iter().flatten().cloned().collect::<Vec<_>>().join("+")));
    say("sent-at", Some(&role.input).filter(|input| !input.is_empty()).cloned());
    say("batch", role.batch.as_ref().map(bare));
    say("search", role.search.as_ref().map(search));
    say("makes", role.makes.then(|| "what-is-not-there".to_owned()));
    let effects: Vec<_> = role.effects.iter().map(|(name, becomes)| format!("{name}={}", effect(becomes))).collect();
    say("does", (!effects.is_empty()).then(|| effects.join(",")));
    say("tells", role.echo.clone());
    text
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Now => "now".to_owned(),
        Effect::Value(Value::String(text)) => text.clone(),
        Effect::Value(other) => other.to_string(),
    }
}

fn search(search: &Search) -> String {
    let criteria = search.criteria.iter();
    let mut told: Vec<_> =
        criteria.map(|(place, properties, comparison)| format!("{place}~{}:{comparison:?}", properties.join("|"))).collect();
    told.extend(search.pagination.as_ref().map(pages));
    told.join(",")
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
    ) + &more(pages)
}

/// What else is known of pages, where it is something.
fn more(pages: &Pagination) -> String {
    let mut text = String::new();
    let from_zero = (pages.first == 0).then_some(" from 0");
    let by_key = pages.after_key.then_some(" after a key");
    text.extend(from_zero.into_iter().chain(by_key));
    let links: Vec<_> = pages.links.iter().map(|(link, at)| format!("{}={at}", link.as_str())).collect();
    let headers: Vec<_> = pages.headers.iter().map(|(holds, name)| format!("{holds:?}={name}")).collect();
    for (word, told) in [("links", links), ("headers", headers)] {
        if !told.is_empty() {
            write!(text, " {word}[{}]", told.join(" ")).unwrap();
        }
    }
    text
}

/// Bare objects, `data` with facts beside it, suffixes on filters, actions on items, views, singletons.
#[test]
fn a_flat_api_with_trailing_slashes_and_double_underscores() {
    let document = include_str!("../../tests/documents/lapidary.yaml");
    check(document, "
        stone: Stone key id parents [sites.site_id] NewestFirst
        GET /stone/: stone list items /data by colour~colour:Equal,id__in~id:In,date_found__gte~date_found:GreaterOrEqual fields _fields pages Offset(_skip,_limit,25,50)[HasMore=/has_more Total=/total_results] sort _order_by
        POST /stone/: stone create under site_id=body/site_id item bare
        GET /stone/{id}/: stone read key path.id item bare
        PUT /stone/{id}/: stone update key path.id item bare
        DELETE /stone/{id}/: stone delete key path.id
        POST /stone/{id}/polish/: stone update key path.id item bare
        GET /stone/recent/: -
        POST /stone/search/: stone list items /data search /query~colour:Contains
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
        GET /v2/harbours/{harbourId}/berths: berths list under harbourId=path.harbourId items /payload/berths by minDepth~depth:GreaterOrEqual,createdAfter~createdAt:Greater,shipIds~shipId:In pages Page(page,pageSize,10,10)[Position=/payload/pagination/page Size=/payload/pagination/pageSize Pages=/payload/pagination/totalPages Total=/payload/pagination/total Count=/payload/pagination/count] links[next=/payload/pagination/next]
        POST /v2/harbours/{harbourId}/berths: berths create under harbourId=path.harbourId,shipId=body/shipId item /payload
        GET /v2/ships/{shipId}/berths: berths list under shipId=path.shipId items /payload/berths pages Offset(-,-,1000,1000)[Size=/payload/pagination/pageSize Pages=/payload/pagination/totalPages Total=/payload/pagination/total Count=/payload/pagination/count] links[next=/payload/pagination/next]
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
        POST /books/{book}/reviews: reviews create key body/_id under book=path.book item /review
        GET /shops/{shop_id}/reviews: -
        POST /covers: covers create item bare
        POST /imports: -
        POST /books: books create under shelf_id=body/shelf_id item bare
        GET /books: books list items bare by filter[shelf_id]~shelf_id:Equal,ids~isbn:In
        DELETE /books: -
        POST /books/{isbn}.json: books update key path.isbn item bare
        POST /books/batch: books create items bare batch bare
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

/// Form posts, keys as cursors, changes by POST, a verb, a deletion that tells the key.
#[test]
fn an_api_with_form_posts() {
    check(include_str!("../../tests/corpus/state-form-posts.yaml"), "
        firings: Firing key id parents [] OldestFirst
        GET /v1/firings: firings list items /data by glaze~glaze:Equal pages Cursor(starting_after,limit,10,100)[HasMore=/has_more] after a key
        POST /v1/firings: firings create item bare
        GET /v1/firings/{firing}: firings read key path.firing item bare
        POST /v1/firings/{firing}: firings update key path.firing item bare
        DELETE /v1/firings/{firing}: firings delete key path.firing tells /id
        POST /v1/firings/{firing}/cancel: firings update key path.firing item bare does status=cancelled
    ");
}

/// Attributes, what is sent below `data`, numbered pages with addresses.
#[test]
fn an_api_with_json_api() {
    check(include_str!("../../tests/corpus/state-json-api.yaml"), "
        gauges: Gauge key id parents [] OldestFirst
        GET /gauges: gauges list items /data by filter[river]~attributes/river:Equal pages Page(page[number],page[size],20,50)[Total=/meta/total] links[self=/links/self next=/links/next prev=/links/prev] sort sort
        POST /gauges: gauges create item /data sent-at /data
        GET /gauges/{id}: gauges read key path.id item /data
        PATCH /gauges/{id}: gauges update key path.id item /data sent-at /data
        DELETE /gauges/{id}: gauges delete key path.id
    ");
}

/// Lists below `_embedded`, pages from 0, addresses in `_links`.
#[test]
fn an_api_with_hal() {
    check(include_str!("../../tests/corpus/state-hal.yaml"), "
        lighthouses: Lighthouse key id parents [] OldestFirst
        GET /lighthouses: lighthouses list items /_embedded/lighthouses pages Page(page,size,20,any)[Size=/page/size Total=/page/totalElements Pages=/page/totalPages Position=/page/number] from 0 links[self=/_links/self/href next=/_links/next/href prev=/_links/prev/href] sort sort
        POST /lighthouses: lighthouses create
        GET /lighthouses/{id}: lighthouses read key path.id item bare
        PUT /lighthouses/{id}: lighthouses replace key path.id
    ");
}

/// Two variables for one parent, headers that tell about pages, verbs that DELETE takes back.
#[test]
fn an_api_with_owners() {
    check(include_str!("../../tests/corpus/state-owners.yaml"), "
        jobs: Job key number parents [owners.owner yards.yard] OldestFirst
        GET /yards/{owner}/{yard}/jobs: jobs list under owner=path.owner,yard=path.yard items bare by state~state:Equal pages Page(page,per_page,30,100)[] headers[Links=Link Fact(Total)=X-Total-Count] sort sort+direction
        POST /yards/{owner}/{yard}/jobs: jobs create under owner=path.owner,yard=path.yard item bare
        GET /yards/{owner}/{yard}/jobs/{job_number}: jobs read key path.job_number under owner=path.owner,yard=path.yard item bare
        PATCH /yards/{owner}/{yard}/jobs/{job_number}: jobs update key path.job_number under owner=path.owner,yard=path.yard item bare
        PUT /yards/{owner}/{yard}/jobs/{job_number}/lock: jobs update key path.job_number under owner=path.owner,yard=path.yard does locked=true
        DELETE /yards/{owner}/{yard}/jobs/{job_number}/lock: jobs update key path.job_number under owner=path.owner,yard=path.yard does locked=false
    ");
}

/// Page tokens, a verb behind a colon, keys that the client chooses under each parent.
#[test]
fn an_api_with_page_tokens() {
    check(include_str!("../../tests/corpus/state-page-tokens.yaml"), "
        kites: Kite key kiteId parents [fields.field] OldestFirst
        GET /v1/fields/{field}/kites: kites list under field=path.field items /kites pages Cursor(pageToken,pageSize,20,100)[Next=/nextPageToken Total=/totalSize] sort orderBy
        POST /v1/fields/{field}/kites: kites create key body/kiteId under field=path.field item bare
        GET /v1/fields/{field}/kites/{kiteId}: kites read key path.kiteId under field=path.field item bare
        DELETE /v1/fields/{field}/kites/{kiteId}: kites delete key path.kiteId under field=path.field
        POST /v1/fields/{field}/kites/{kiteId}:archive: kites update key path.kiteId under field=path.field item bare does state=ARCHIVED
    ");
}

/// PUT makes what is not there, and a change on the path of the collection names the item in its body.
#[test]
fn an_api_with_chosen_keys() {
    check(
        include_str!("../../tests/corpus/state-chosen-keys.yaml"),
        "
        flags: Flag key code parents [] OldestFirst
        GET /flags: flags list items bare
        POST /flags: flags create key body/code item bare
        PUT /flags: flags replace key body/code item bare
        GET /flags/{code}: flags read key path.code item bare
        PUT /flags/{code}: flags replace key path.code item bare makes what-is-not-there
        DELETE /flags/{code}: flags delete key path.code
    ",
    );
}

/// Things of which there is one, at the top and under each parent.
#[test]
fn an_api_with_single() {
    check(
        include_str!("../../tests/corpus/state-single.yaml"),
        "
        beds: Bed key id parents [] OldestFirst
        settings: Settings key  parents [] OldestFirst
        climate: Climate key  parents [houses.house] OldestFirst
        watering: Watering key  parents [beds.bed] OldestFirst
        GET /settings: settings read item bare
        PATCH /settings: settings update item bare
        GET /houses/{house}/climate: climate read under house=path.house item /climate
        PUT /houses/{house}/climate: climate replace under house=path.house
        POST /beds: beds create item bare
        GET /beds/{bed}: beds read key path.bed item bare
        GET /beds/{bed}/watering: watering read under bed=path.bed item bare
        PATCH /beds/{bed}/watering: watering update under bed=path.bed item bare
        GET /me: -
    ",
    );
}

/// Arrays of items, a search by POST.
#[test]
fn an_api_with_batches() {
    check(include_str!("../../tests/corpus/state-batches.yaml"), "
        stamps: Stamp key uuid parents [albums.album pages.page_no] OldestFirst
        GET /albums/{album}/pages/{page_no}/stamps: stamps list under album=path.album,page_no=path.page_no items /stamps pages Offset(-,-,1000,1000)[Total=/total]
        POST /albums/{album}/pages/{page_no}/stamps: stamps create under album=path.album,page_no=path.page_no items /stamps batch bare
        GET /stamps/{uuid}: stamps read key path.uuid item bare
        POST /stamps/search: stamps list items /stamps search /query~motif|country:Contains,/country~country:Equal,/filters/year~year:Equal,Offset(/offset,/limit,20,any)[Total=/total]
    ");
}

/// Calls by name and odd paths: nothing is believed.
#[test]
fn an_api_with_unsure() {
    check(
        include_str!("../../tests/corpus/state-unsure.yaml"),
        "
        lines.list: - key id parents [] OldestFirst asleep
        POST /lines.open: -
        GET /lines.list: -
        POST /lines.close: -
        GET /reports/{owner}/{report}: -
        GET /calls/{id}/transcript: -
    ",
    );
}
