//! Facts made by hand beside a document made by hand: what differs, and nothing else.

use http::Method;
use serde_json::{Value, json};

use super::{Report, Verdict, compare, propose};
use crate::{
    Source,
    api::{Location, SchemeKind, Status},
    load,
    pages::{Basis, Claim, Fact, Format, Page, Payload, Place, Request, Side, Signature, Statement, Step, Type},
};

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Kites, version: '1'}
servers: [{url: https://api.kites.example.net.test/v2}]
security: [{key: []}]
paths:
  /kites/{kiteId}/flights:
    post:
      operationId: addFlight
      x-scopes: [flights.write]
      x-docs: [{url: https://docs.kites.test/flights/add, read: 2026-01-01}]
      parameters:
        - {name: kiteId, in: path, required: true, schema: {type: string}}
        - {name: dryRun, in: query, schema: {type: boolean, default: false}}
        - {name: X-Wind, in: header, x-evidence: elsewhere, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewFlight'}}}
      responses:
        '201':
          description: Flown.
          content: {application/json: {schema: {$ref: '#/components/schemas/Flight'}}}
        '404': {description: Unknown., content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
        '429': {description: Too many., x-evidence: elsewhere}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: x-kite-key}}
  schemas:
    NewFlight:
      type: object
      required: [height]
      properties:
        height: {type: integer, maximum: 120}
        mood: {type: string, enum: [calm, wild], default: calm}
        pilot: {type: string, nullable: true}
        tags: {type: array, items: {type: string}}
    Flight:
      allOf:
        - type: object
          required: [id]
          properties: {id: {type: string, format: uuid}}
        - type: object
          properties:
            height: {type: number}
            seen: {type: string, x-evidence: inferred}
            crew: {type: array, items: {type: object, properties: {name: {type: string}}}}
    Error:
      type: object
      properties: {code: {type: string, enum: [no_such_kite, gone]}}
";

fn fact(line: usize, statement: Statement) -> Fact {
    Fact { line, operation: Some(0), basis: Basis::Field, statement }
}

fn property(side: Side, path: &str) -> Place {
    let mut steps = Vec::new();
    for part in path.split('.') {
        steps.push(Step::Property(part.trim_end_matches("[]").to_owned()));
        if part.ends_with("[]") {
            steps.push(Step::Item);
        }
    }
    Place::Property { side, path: steps }
}

fn typed(name: &'static str) -> Claim {
    Claim::Type(Type { names: vec![name], format: None, items: None })
}

fn body(path: &str) -> Place {
    property(Side::Request, path)
}

fn answer(path: &str) -> Place {
    property(Side::Response(None), path)
}

fn said(line: usize, place: Place, claim: Claim) -> Fact {
    fact(line, Statement::Member { place, claim })
}

/// All that the document says and the page can.
fn page() -> Page {
    let signature = Signature { method: Method::POST, path: "/v2/kites/{id}/flights".to_owned() };
    let query = Place::Parameter { location: Location::Query, name: "dryRun".to_owned() };
    let key = SchemeKind::ApiKey { location: Location::Header, name: "X-Kite-Key".to_owned() };
    let facts = vec![
        fact(1, Statement::Operation(signature.clone())),
        fact(2, Statement::Security { kind: key, scopes: vec!["flights.write".to_owned()] }),
        said(3, Place::Parameter { location: Location::Path, name: "id".to_owned() }, typed("string")),
        said(4, query.clone(), typed("boolean")),
        said(4, query, Claim::Default(json!(false))),
        said(5, body("height"), typed("number")),
        said(5, body("height"), Claim::Required(true)),
        said(5, body("height"), Claim::Limit { keyword: "maximum", value: json!(120) }),
        said(6, body("mood"), Claim::Enum(vec![json!("calm"), json!("wild")])),
        said(6, body("mood"), Claim::Default(json!("calm"))),
        said(7, body("pilot"), Claim::Nullable(true)),
        said(8, body("tags"), Claim::Required(false)),
        fact(10, Statement::Status(Status::Exactly(201))),
        said(11, answer("id"), typed("string")),
        said(12, answer("height"), typed("integer")),
        said(13, answer("crew"), typed("array")),
        said(14, answer("crew[].name"), typed("string")),
        fact(20, Statement::Status(Status::Exactly(404))),
        fact(21, Statement::ErrorCode { status: Some(Status::Exactly(404)), code: "no_such_kite".to_owned() }),
        fact(22, Statement::ErrorCode { status: Some(Status::Exactly(404)), code: "gone".to_owned() }),
    ];
    Page { name: "flights.txt".to_owned(), format: Format::Prose, operations: vec![signature], facts, unread: Vec::new(), lines: 22 }
}

fn check(page: &Page, document: &str) -> Report {
    let loaded = load(&Source::new("kites", "kites.yaml", document.to_owned()));
    assert_eq!(loaded.problems, []);
    compare(std::slice::from_ref(page), &loaded).expect("the document loads")
}

/// Verdict, rule and subject of each finding.
fn told(report: &Report) -> Vec<(Verdict, &str, &str)> {
    report.open().map(|finding| (finding.verdict, finding.rule, finding.subject.as_str())).collect()
}

#[test]
fn a_page_that_says_what_the_document_says_has_no_findings() {
    let report = check(&page(), DOCUMENT);
    assert_eq!(report.findings, []);
    assert_eq!(report.agreed, report.facts);
}

/// A change of the page, and the one finding that it makes: verdict, rule, subject, and how its line begins.
type Row = (fn(&mut Page), Verdict, &'static str, &'static str, &'static str);

fn claim(page: &mut Page, place: Place, claim: Claim) {
    page.facts.retain(|fact| {
        !matches!(&fact.statement, Statement::Member { place: own, claim: old }
            if *own == place && std::mem::discriminant(old) == std::mem::discriminant(&claim))
    });
    page.facts.push(said(50, place, claim));
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn rows() -> Vec<Row> {
    use Verdict::{Contradicts, Missing, NoLongerShown};
    vec![
        (|page| page.facts.push(said(50, body("wind"), typed("string"))), Missing, "property", "body property `wind`", "NewFlight:"),
        (|page| claim(page, body("pilot"), typed("integer")), Contradicts, "property-type", "body property `pilot`", "pilot: {"),
        (
            |page| claim(page, body("height"), Claim::Required(false)),
            Contradicts,
            "property-required",
            "body property `height`",
            "height: {type: integer",
        ),
        (
            |page| claim(page, body("mood"), Claim::Enum(vec![json!("calm")])),
            Contradicts,
            "property-enum",
            "body property `mood`",
            "mood: {",
        ),
        (
            |page| claim(page, body("mood"), Claim::Default(json!("wild"))),
            Contradicts,
            "property-default",
            "body property `mood`",
            "mood: {",
        ),
        (|page| claim(page, body("pilot"), Claim::Nullable(false)), Contradicts, "property-nullable", "body property `pilot`", "pilot: {"),
        (
            |page| claim(page, body("height"), Claim::Limit { keyword: "maximum", value: json!(100) }),
            Contradicts,
            "property-limit",
            "body property `height`",
            "height: {type: integer",
        ),
        (
            |page| claim(page, answer("height"), typed("boolean")),
            Contradicts,
            "property-type",
            "response property `height`",
            "height: {type: number",
        ),
        (|page| page.facts.push(fact(50, Statement::Status(Status::Exactly(409)))), Missing, "status", "status `409`", "responses:"),
        (
            |page| page.facts.retain(|fact| !matches!(&fact.statement, Statement::Member { place, .. } if *place == answer("height"))),
            NoLongerShown,
            "property",
            "response property `height`",
            "height: {type: number",
        ),
        (
            |page| page.operations[0].path = "/v2/kites/{id}/hops".to_owned(),
            Contradicts,
            "operation-path",
            "operation `POST /v2/kites/{id}/hops`",
            "post:",
        ),
        (
            |page| page.operations[0].method = Method::PUT,
            Contradicts,
            "operation-method",
            "operation `PUT /v2/kites/{id}/flights`",
            "post:",
        ),
    ]
}

#[test]
fn each_difference_is_one_finding_with_both_sides() {
    for (mutate, verdict, rule, subject, place) in rows() {
        let mut page = page();
        mutate(&mut page);
        let signature = page.operations[0].clone();
        page.facts[0].statement = Statement::Operation(signature);
        let report = check(&page, DOCUMENT);
        assert_eq!(told(&report), [(verdict, rule, subject)], "{:#?}", report.findings);
        let finding = &report.findings[0];
        let line = DOCUMENT.lines().position(|line| line.trim_start().starts_with(place)).map(|line| line + 1);
        assert_eq!(Some(finding.held.line), line, "{subject}: {:?}", finding.held);
        assert_eq!(finding.shown.is_none(), verdict == Verdict::NoLongerShown, "{subject}");
        let source = Source::new("kites", "kites.yaml", DOCUMENT.to_owned());
        let proposal = propose(std::slice::from_ref(&page), &source).expect("the document loads");
        assert_eq!((proposal.settled, proposal.left), (1, vec![]), "{subject}");
        let after = &proposal.files[0].after;
        assert!(check(&page, after).is_silent(), "{subject}: {after}");
    }
}

#[test]
fn credentials_that_are_sent_otherwise_are_one_finding() {
    let mut page = page();
    let key = SchemeKind::ApiKey { location: Location::Header, name: "x-key".to_owned() };
    page.facts[1].statement = Statement::Security { kind: key, scopes: Vec::new() };
    assert_eq!(told(&check(&page, DOCUMENT)), [(Verdict::Contradicts, "security", "credentials in header `x-key`")]);
}

#[test]
fn what_a_page_proves_is_told() {
    let mut page = page();
    page.facts.push(said(30, answer("seen"), typed("string")));
    assert_eq!(told(&check(&page, DOCUMENT)), [(Verdict::Proven, "evidence", "response property `seen`")]);
}

#[test]
fn what_is_accepted_is_silent_until_it_no_longer_occurs() {
    let accepting =
        DOCUMENT.replace("pilot: {type: string, nullable: true}", "pilot: {type: string, x-drift-accepted: the page says null}");
    let report = check(&page(), &accepting);
    assert!(report.is_silent(), "{:#?}", report.findings);
    assert_eq!(report.findings.len(), 1);
    let mut page = page();
    page.facts.retain(|fact| !matches!(&fact.statement, Statement::Member { claim: Claim::Nullable(_), .. }));
    page.facts.push(said(7, body("pilot"), typed("string")));
    assert_eq!(told(&check(&page, &accepting)), [(Verdict::Idle, "accepted-in-vain", "`x-drift-accepted`")]);
}

fn request(url: &str, headers: &[(&str, &str)], body: Value) -> Statement {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Statement::Request(Request { method: Method::POST, url: url.to_owned(), headers, body: Some(Payload::Json(body)) })
}

#[test]
fn examples_are_run_through_the_document() {
    let key = ("x-kite-key", "<key>");
    let url = "https://api.kites.example.net.test/v2/kites/{id}/flights?dryRun=true";
    let rows = [
        (request(url, &[key], json!({"height": 3})), vec![]),
        (request("https://your-instance.example.com/v2/kites/k1/flights", &[key], json!({"height": 3})), vec![]),
        (request(url, &[key], json!({"height": 300})), vec![(Verdict::Contradicts, "example", "body property `height`")]),
        (request(url, &[key], json!({"height": 3, "color": "red"})), vec![(Verdict::Missing, "property", "body property `color`")]),
        (
            request(url, &[("x-other-key", "k")], json!({"height": 3})),
            vec![(Verdict::Contradicts, "example", "credentials of the example")],
        ),
        (Statement::Answer { status: None, body: json!({"id": "<id>", "height": 2.5, "crew": [{"name": "Ada"}]}) }, vec![]),
        (
            Statement::Answer { status: Some(201), body: json!({"id": "{id}", "crew": [{"name": 7, "age": 3}]}) },
            vec![
                (Verdict::Contradicts, "example", "response property `crew[].name`"),
                (Verdict::Missing, "property", "response property `crew[].age`"),
            ],
        ),
    ];
    for (statement, expected) in rows {
        let mut page = page();
        page.facts.push(Fact { basis: Basis::Example, ..fact(40, statement.clone()) });
        let report = check(&page, DOCUMENT);
        assert_eq!(told(&report), expected, "{statement:?}: {:#?}", report.findings);
    }
}
