//! Documents as the control listener serves them: all of a document at one address, with the mock as its server.

use mock_server::MockServer;
use serde_json::{Value, json};
use specs::{Overlay, Source};

use crate::http::{Reply, control, get, orchard, send, start};

async fn serving(source: Source) -> MockServer {
    let name = source.name.clone();
    MockServer::builder().source(source).document(name).start().await.unwrap()
}

fn document(server: &MockServer, file: &str) -> Reply {
    get(&format!("{}/documents/{file}", control(server)))
}

/// The value of a document in YAML.
fn value(text: &str) -> Value {
    specs::Document::read(&Source::new("served", "served.yaml", text.to_owned())).0.unwrap().value
}

/// Every `$ref` of a document.
fn references(value: &Value) -> Vec<&str> {
    let inner = match value {
        Value::Object(members) => members.values().flat_map(references).collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    };
    value.get("$ref").and_then(Value::as_str).into_iter().chain(inner).collect()
}

const FLEET: &str = "# A fleet.\nopenapi: 3.1.0\ninfo: {title: Fleet, version: '1'} # of kites\nservers: [{url: 'https://{air}.fleet.example/{stage}', \
    variables: {air: {default: north}, stage: {default: live}}}]\npaths:\n  /kites: # all\n    servers:\n      - url: https://far.example/sky\n    \
    get: {security: [{wind: []}], responses: {'200': {description: ok}}}\n\
    components:\n  securitySchemes:\n    wind:\n      type: oauth2\n      flows:\n        clientCredentials:\n          \
    tokenUrl: https://login.example/air/token # of the wind\n          refreshUrl: /air/again\n          scopes: {}\n        \
    implicit: {authorizationUrl: https://login.example/door, scopes: {}}\nx-mock: {seed: {}}\n";

#[tokio::test(flavor = "multi_thread")]
async fn only_addresses_change_and_what_people_wrote_stays() {
    let server = serving(Source::new("fleet", "fleet.yaml", FLEET.to_owned())).await;
    let yaml = document(&server, "fleet.yaml");
    for kept in ["# A fleet.\n", "# of kites", "/kites: # all", "# of the wind", "x-mock: {seed: {}}"] {
        assert!(yaml.body.contains(kept), "{kept} is not in {}", yaml.body);
    }
    let served = value(&yaml.body);
    let url = server.url();
    assert_eq!(served["servers"], json!([{ "url": format!("{url}/fleet/live") }]));
    assert_eq!(served["paths"]["/kites"]["get"]["servers"], json!([{ "url": format!("{url}/fleet/sky") }]));
    assert_eq!(served["paths"]["/kites"]["servers"], Value::Null);
    let flows = &served["components"]["securitySchemes"]["wind"]["flows"];
    assert_eq!(flows["clientCredentials"]["tokenUrl"], format!("{url}/fleet/air/token"));
    assert_eq!(flows["clientCredentials"]["refreshUrl"], format!("{url}/fleet/air/again"));
    assert_eq!(flows["implicit"]["authorizationUrl"], format!("{url}/fleet/door"));
    assert_eq!(document(&server, "fleet.json").json(), served);
    assert_eq!(document(&server, "fleet.yml").body, yaml.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_several_files_is_served_as_one() {
    let root = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths:\n  /kites: {$ref: 'more/kites.yaml'}\n";
    let kites = "get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: 'kite.json#/Kite'}}}}}}\n";
    let kite =
        r#"{"Kite": {"type": "object", "properties": {"tail": {"$ref": "kite.json#/Kite"}, "size": {"type": "integer", "example": 7}}}}"#;
    let texts = [("more/kites.yaml", kites), ("more/kite.json", kite)].map(|(path, text)| (path.to_owned(), text.to_owned()));
    let server = serving(Source::new("kites", "kites.yaml", root.to_owned()).with_texts(texts)).await;
    let served = document(&server, "kites.json").json();
    let found = references(&served);
    assert!(!found.is_empty() && found.iter().all(|found| found.starts_with("#/")), "{found:?}");
    assert!(found.iter().all(|found| served.pointer(&found[1..]).is_some()), "{found:?}");
    let yaml = document(&server, "kites.yaml").body;
    assert!(!yaml.starts_with('{'), "{yaml}");
    assert_eq!(value(&yaml), served);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overlay_is_in_what_is_served() {
    let text = "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n  - {target: $.info, update: {title: Grove}}\n";
    let overlay = Overlay { file: "o.yaml".to_owned(), text: text.to_owned() };
    let server = MockServer::builder().source(orchard()).document("orchard").overlay(None, overlay).start().await.unwrap();
    for file in ["orchard.yaml", "orchard.json"] {
        assert_eq!(value(&document(&server, file).body)["info"]["title"], "Grove", "{file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_2_is_served_as_openapi_3() {
    let text = "swagger: '2.0'\ninfo: {title: Old, version: '1'}\nhost: old.example\nbasePath: /v1\nschemes: [https]\nsecurityDefinitions:\n  \
        app: {type: oauth2, flow: application, tokenUrl: 'https://old.example/token', scopes: {}}\n\
        paths:\n  /kites:\n    get: {produces: [application/json], responses: {200: {description: ok, schema: {type: integer, example: 7}}}}\n";
    let server = serving(Source::new("old", "old.yaml", text.to_owned())).await;
    for file in ["old.yaml", "old.json"] {
        let served = value(&document(&server, file).body);
        assert!(served["openapi"].as_str().is_some_and(|version| version.starts_with("3.")), "{served}");
        assert_eq!((&served["host"], &served["basePath"], &served["schemes"]), (&Value::Null, &Value::Null, &Value::Null));
        assert_eq!(served["servers"], json!([{ "url": server.base_url("old") }]));
        let flow = &served["components"]["securitySchemes"]["app"]["flows"]["clientCredentials"];
        assert_eq!(flow["tokenUrl"], format!("{}/old/token", server.url()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_in_json_is_served_as_yaml_too() {
    let text = r#"{"openapi": "3.0.3", "info": {"title": "Kites", "version": "1.0"}, "paths": {}, "x-when": "2024-01-01", "x-no": "no"}"#;
    let server = serving(Source::new("kites", "kites.json", text.to_owned())).await;
    let yaml = document(&server, "kites.yaml");
    assert!(yaml.body.starts_with("openapi: "), "{}", yaml.body);
    assert_eq!(value(&yaml.body), document(&server, "kites.json").json());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_may_be_that_of_a_sandbox() {
    let server = start().await;
    let red = server.named_sandbox("red").unwrap().base_url("orchard");
    for file in ["orchard.json?sandbox=red", "orchard.yaml?sandbox=red"] {
        let served = value(&document(&server, file).body);
        assert_eq!(served["servers"], json!([{ "url": red }]));
    }
    assert_eq!(document(&server, "orchard.json?sandbox=a%20b").status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn at_the_root_the_server_has_no_name_in_it() {
    let server = MockServer::builder().source(orchard()).root("orchard").start().await.unwrap();
    assert_eq!(document(&server, "orchard.json").json()["servers"], json!([{ "url": format!("{}/garden/v2", server.url()) }]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_is_where_the_one_who_asks_finds_it() {
    let server = start().await;
    let url = format!("{}/documents/orchard.json", control(&server));
    let authority = control(&server).trim_start_matches("http://").to_owned();
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    let served = |host: &str| {
        let text = format!("GET /documents/orchard.json HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let reply = crate::http::exchange(&authority, &text);
        reply.json()["servers"][0]["url"].as_str().unwrap().to_owned()
    };
    assert_eq!(served("192.0.2.7:8081"), format!("http://192.0.2.7:{port}/orchard/garden/v2"));
    assert_eq!(served("localhost:8081"), server.base_url("orchard"));
    assert_eq!(get(&url).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_known_is_not_sent_again() {
    let server = start().await;
    let url = format!("{}/documents/orchard.yaml", control(&server));
    let first = get(&url);
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    let again = send("GET", &url, &[&format!("If-None-Match: {tag}")], "");
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(tag.as_str())));
    let json = get(&format!("{}/documents/orchard.json", control(&server)));
    assert_ne!(json.header("etag"), Some(tag.as_str()));
}
