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
        role.filters.iter().map(|filter| format!("{}~{}:{:?}", filter.parameter, filter.property, filter.comparison)).collect();
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
        pages.max_size,
        shows.join(" ")
    )
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Fixture, version: '1'}\n";

/// Bare objects, `data` with facts beside it, suffixes on filters, actions on items, views, singletons.
#[test]
fn a_flat_api_with_trailing_slashes_and_double_underscores() {
    let document = format!(
        "{HEAD}{}",
        r"
paths:
  /stone/:
    get:
      parameters:
        - {name: _skip, in: query, schema: {type: integer, default: 0}}
        - {name: _limit, in: query, schema: {type: integer, default: 25, maximum: 50}}
        - {name: _fields, in: query, schema: {type: string}}
        - {name: colour, in: query, schema: {type: string}}
        - {name: id__in, in: query, schema: {type: string}}
        - {name: date_found__gte, in: query, schema: {type: string}}
        - {name: labels, in: query, schema: {type: string}}
        - {name: unknown, in: query, schema: {type: string}}
        - {name: _order_by, in: query, schema: {type: string, default: -date_found}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Stone'}}, has_more: {type: boolean}, total_results: {type: integer}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewStone'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Stone'}}}}}
  /stone/{id}/:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Stone'}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/StoneChange'}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Stone'}}}}}
    delete: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}}
  /stone/{id}/polish/:
    post:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Stone'}}}}}
  /stone/recent/:
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Stone'}}}}}}}
  /stone/search/:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {query: {type: string}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Stone'}}}}}}}}
  /me/:
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {id: {type: string}, name: {type: string}}}}}}}}
  /stone/count/:
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {count: {type: integer}}}}}}}}
components:
  schemas:
    Stone:
      type: object
      properties: {id: {type: string}, colour: {type: string}, site_id: {type: string}, date_found: {type: string, format: date-time}, labels: {type: array, items: {type: string}}}
    NewStone: {type: object, required: [site_id], properties: {site_id: {type: string}, colour: {type: string}}}
    StoneChange: {type: object, properties: {colour: {type: string}}}
"
    );
    check(&document, "
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
    let document = format!(
        "{HEAD}{}",
        r"
paths:
  /v2/harbours/{harbourId}/berths:
    parameters: [{name: harbourId, in: path, required: true, schema: {type: string}}]
    get:
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1}}
        - {name: pageSize, in: query, schema: {type: integer, maximum: 10}}
        - {name: minDepth, in: query, schema: {type: number}}
        - {name: createdAfter, in: query, schema: {type: string}}
        - {name: shipIds, in: query, explode: false, schema: {type: array, items: {type: string}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/BerthPage'}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewBerth'}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/BerthAnswer'}}}}}
  /v2/ships/{shipId}/berths:
    parameters: [{name: shipId, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/BerthPage'}}}}}}
  /v2/berths/{berthId}:
    parameters: [{name: berthId, in: path, required: true, schema: {type: string}}]
    patch:
      requestBody: {content: {application/json: {schema: {type: object, properties: {depth: {type: number}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/BerthAnswer'}}}}}
    put:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/NewBerth'}}}}
      responses: {'204': {description: ok}}
    delete: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/BerthAnswer'}}}}}}
  /v2/harbours/{harbourId}/berths/{berthId}/lines:
    parameters:
      - {name: harbourId, in: path, required: true, schema: {type: string}}
      - {name: berthId, in: path, required: true, schema: {type: string}}
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Line'}}}}}}}
  /v2/harbours/{harbourId}/berths/{berthId}/lines/{number}:
    parameters:
      - {name: harbourId, in: path, required: true, schema: {type: string}}
      - {name: berthId, in: path, required: true, schema: {type: string}}
      - {name: number, in: path, required: true, schema: {type: integer}}
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Line'}}}}}}
  /v2/harbours/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {message: {type: string}, payload: {type: object, properties: {harbour: {$ref: '#/components/schemas/Harbour'}}}}}}}}}}
  /v2/harbours/{id}/map:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {image/png: {}}}}
components:
  schemas:
    Harbour: {type: object, properties: {id: {type: string}, name: {type: string}}}
    Berth:
      type: object
      properties: {id: {type: string}, harbourId: {type: string}, depth: {type: number}, createdAt: {type: string}, shipId: {type: string, nullable: true}}
    NewBerth: {type: object, required: [depth], properties: {depth: {type: number}, shipId: {type: string}}}
    BerthAnswer: {type: object, properties: {message: {type: string}, payload: {$ref: '#/components/schemas/Berth'}}}
    BerthPage:
      type: object
      properties:
        message: {type: string}
        payload:
          type: object
          properties:
            berths: {type: array, items: {$ref: '#/components/schemas/Berth'}}
            problems: {type: array, items: {type: object, properties: {text: {type: string}}}}
            pagination: {type: object, properties: {page: {type: integer}, pageSize: {type: integer}, totalPages: {type: integer}, total: {type: integer}, count: {type: integer}, next: {type: string, format: uri}}}
    Line: {type: object, properties: {number: {type: integer}, length: {type: number}}}
"
    );
    check(&document, "
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
    let document = format!(
        "{HEAD}{}",
        r"
paths:
  /books/{book}/reviews:
    parameters: [{name: book, in: path, required: true, schema: {type: string}}]
    get:
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {reviews: {type: array, items: {$ref: '#/components/schemas/BookReview'}}, next_cursor: {type: string, nullable: true}}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/BookReview'}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {type: object, properties: {review: {$ref: '#/components/schemas/BookReview'}}}}}}}
  /shops/{shop_id}/reviews:
    parameters: [{name: shop_id, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/ShopReview'}}}}}}}
  /covers:
    post:
      requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {type: object, properties: {cover_id: {type: string}, url: {type: string}}}}}}}
  /imports:
    post:
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'202': {description: ok}}
  /books:
    post:
      requestBody: {content: {application/json: {schema: {type: object, required: [external_id, shelf_id], properties: {external_id: {type: string}, shelf_id: {type: string}}}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}}
    get:
      parameters: [{name: 'filter[shelf_id]', in: query, schema: {type: string}}, {name: ids, in: query, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}}}
    delete: {responses: {'204': {description: ok}}}
  /books/{isbn}.json:
    parameters: [{name: isbn, in: path, required: true, schema: {type: string}}]
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {shelf_id: {type: string}}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}}
  /books/batch:
    post:
      requestBody: {content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Book'}}}}}}
components:
  schemas:
    Book: {type: object, properties: {isbn: {type: string}, external_id: {type: string}, shelf_id: {type: string}, title: {type: string}}}
    BookReview: {type: object, properties: {_id: {type: string}, stars: {type: integer}, quote: {type: string}}}
    ShopReview: {type: object, properties: {id: {type: string}, service: {type: integer}, prices: {type: integer}}}
"
    );
    check(
        &document,
        "
        reviews: BookReview key _id parents [books.book] OldestFirst
        shops_reviews: ShopReview key id parents [shops.shop_id] OldestFirst asleep
        books: Book key isbn parents [shelves.shelf_id] OldestFirst
        covers: - key cover_id parents [] OldestFirst
        GET /books/{book}/reviews: reviews list under book=path.book items /reviews pages Cursor(cursor,limit,20,100)[Next=/next_cursor]
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
    let document = format!(
        "{HEAD}{}",
        r"
x-resource:
  pearls: {schema: '#/components/schemas/Pearl', key: code, parents: {oysters: oyster}, order: newest-first}
paths:
  /shells/{shell}/contents:
    get:
      x-resource: {name: pearls, action: list, parents: {oyster: path.shell}, items: /found, filters: {q: {property: lustre, comparison: contains}}}
      x-pagination: {style: page, position: at, size: many, default: 5, max: 7, shows: {total: /sum, pages: /leaves}}
      parameters:
        - {name: shell, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
        - {name: at, in: query, schema: {type: integer}}
        - {name: many, in: query, schema: {type: integer}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {found: {type: array, items: {type: object}}, other: {type: array, items: {type: object}}}}}}}}
  /pearls/{code}:
    parameters: [{name: code, in: path, required: true, schema: {type: string}}]
    get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pearl'}}}}}}
    delete:
      x-resource: false
      responses: {'204': {description: ok}}
  /open:
    post:
      x-resource: {name: pearls, action: create, parents: {oyster: body/shell/id}, item: /result}
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
components:
  schemas:
    Pearl: {type: object, properties: {code: {type: string}, lustre: {type: string}}}
"
    );
    check(&document, "
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
    let document = format!(
        "{HEAD}{}",
        r"
paths:
  /wells/{well_id}/samples:
    get:
      parameters: [{name: well_id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Sample'}}}}}}
  /wells/{well_id}/samples/{number}:
    get:
      parameters: [{name: well_id, in: path, required: true, schema: {type: string}}, {name: number, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {payload: {type: object, properties: {sample: {$ref: '#/components/schemas/Sample'}}}}}}}}}
components:
  schemas:
    Sample: {type: object, properties: {number: {type: integer}, depth: {type: number}}}
"
    );
    let mut api = load(&Source::new("wells", "wells.yaml", document)).api.unwrap();
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
