//! The API reference at `/` of the control listener. What a browser makes of it is checked in a browser.

use mock_server::MockServer;
use serde_json::{Value, json};
use specs::Source;

use crate::http::{Reply, control, get, orchard, send, start};

/// What the page tells its script.
fn entry(page: &Reply) -> Value {
    let (_, rest) = page.body.split_once("id=\"entry\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// Addresses of what the page loads.
fn loaded(page: &Reply) -> Vec<String> {
    let (head, _) = page.body.split_once("</head>").unwrap();
    let parts = head.split(['"']).filter(|part| part.starts_with("/reference/"));
    parts.map(str::to_owned).collect()
}

fn with_second() -> Source {
    let text = "openapi: 3.0.3\ninfo: {title: '</script><b>Kites', version: '1'}\npaths: {}\n".to_owned();
    Source::new("kites", "kites.yaml", text)
}

async fn two() -> MockServer {
    MockServer::builder().source(orchard()).source(with_second()).document("orchard").document("kites").start().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_document_has_a_page_with_its_credentials() {
    let server = two().await;
    let at = |query: &str| get(&format!("{}/{query}", control(&server)));
    let orchard = entry(&at("?provider=orchard"));
    assert_eq!(orchard["document"], "/documents/orchard.json");
    assert_eq!(
        orchard["credentials"],
        json!([{ "scheme": "gate", "example": "apple o'clock" }, { "scheme": "gardener", "example": "eve:pomona" }])
    );
    assert_eq!(entry(&at(""))["name"], server.providers()[0].name.as_str());
    let kites = at("?provider=kites");
    assert_eq!(entry(&kites)["name"], "kites");
    assert!(kites.body.contains("href=\"/?provider=orchard\"") && !kites.body.contains("<b>Kites"), "{kites:?}");
    let control_api = entry(&at("?control"));
    assert_eq!((control_api["document"].as_str(), control_api["control"].as_str()), (Some("/openapi.json"), Some(control(&server))));
    let unknown = at("?provider=nobody");
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.contains("orchard"), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_stays_in_its_sandbox() {
    let server = start().await;
    let page = get(&format!("{}/?sandbox=red", control(&server)));
    assert_eq!(entry(&page)["document"], "/documents/orchard.json?sandbox=red");
    let red = server.named_sandbox("red").unwrap().base_url("orchard");
    for text in [red.as_str(), "href=\"/journal?sandbox=red\"", "href=\"/?provider=orchard&amp;sandbox=red\""] {
        assert!(page.body.contains(text), "{text} is not in {page:?}");
    }
    assert_eq!(get(&format!("{}/?sandbox=a%20b", control(&server))).status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_may_ask_the_listeners_and_nobody_else() {
    let server = start().await;
    let page = get(&format!("{}/", control(&server)));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains(&format!("connect-src 'self' {} {};", server.url(), control(&server))), "{policy}");
    assert!(policy.starts_with("default-src 'self';") && !policy.contains('*'), "{policy}");
    assert!(!page.body.contains("https://"), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_loads_is_kept_until_it_changes() {
    let server = start().await;
    let addresses = loaded(&get(&format!("{}/", control(&server))));
    assert_eq!(addresses.len(), 5, "{addresses:?}");
    for address in addresses {
        let url = format!("{}{address}", control(&server));
        let head = |headers: &[&str]| {
            let reply = send("GET", &url, headers, "");
            (reply.status, reply.header("etag").unwrap().to_owned(), reply.header("cache-control").unwrap().to_owned())
        };
        if address.contains(".png") {
            continue;
        }
        let (status, tag, keeping) = head(&[]);
        assert_eq!((status, keeping.as_str()), (200, "public, max-age=31536000, immutable"), "{address}");
        assert_eq!(head(&[&format!("If-None-Match: {tag}")]).0, 304, "{address}");
    }
    let plain = get(&format!("{}/reference/swagger-ui.css", control(&server)));
    assert_eq!((plain.header("cache-control"), plain.header("vary")), (Some("no-cache"), Some("accept-encoding")));
    assert!(plain.header("content-encoding").is_none() && plain.body.contains(".swagger-ui"));
    assert!(get(&format!("{}/reference/NOTICE", control(&server))).body.contains("swagger-ui"));
    assert_eq!(get(&format!("{}/reference/nothing.js", control(&server))).status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_api_describes_itself() {
    let server = start().await;
    let mut served = get(&format!("{}/openapi.json", control(&server))).json();
    assert_eq!(served["servers"], json!([{ "url": control(&server) }]));
    served.as_object_mut().unwrap().shift_remove("servers");
    assert_eq!(served, serde_json::from_str::<Value>(&mock_server::control_openapi().unwrap()).unwrap());
}
