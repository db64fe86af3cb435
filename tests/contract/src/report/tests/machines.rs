//! The forms that programs read: what they require is there, and what it says is so.

use serde_json::{Value, json};

use super::{exchange, redactor, report, request, shown, suite};
use crate::{
    exchange::{Elsewhere, Intent, Response},
    report::{Har, json as written, junit, last},
};

#[test]
fn json_has_every_case_and_the_exchanges_of_those_that_did_not_pass() {
    let run: Value = serde_json::from_str(&written(&shown())).unwrap();
    assert_eq!(run["version"], 1);
    assert_eq!(run["counts"], json!({"passed": 1, "failed": 2, "blocked": 2, "new": 1, "skipped": 2, "accepted": 1, "unanswered": 0}));
    let cases = run["cases"].as_array().unwrap();
    let outcomes: Vec<_> = cases.iter().map(|case| case["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["passed", "new", "failed", "failed", "failed", "blocked", "blocked", "skipped", "skipped"]);
    assert_eq!(
        cases[0],
        json!({
            "id": "quarry::list_stones::accepts_the_documented_example", "operation": "list_stones", "name": "accepts_the_documented_example",
            "rule": "example", "promise": "a request that the document shows is accepted", "place": "",
            "sentence": "`list_stones` accepts its example", "class": "safe", "outcome": "passed",
        })
    );
    let failed = &cases[2];
    assert_eq!(failed["failure"]["place"], "/label");
    assert_eq!(failed["failure"]["expected"], "\"  Slab  \"");
    let sent = &failed["exchanges"][0];
    assert_eq!(sent["request"]["url"], "http://127.0.0.1:7070/v1/quarries/q_1/stones");
    assert_eq!(sent["request"]["headers"][1], json!({"name": "Authorization", "value": "REDACTED"}));
    assert_eq!(sent["request"]["body"], json!({"text": "{\"label\": \"  Slab  \", \"kind\": \"raw\"}"}));
    assert_eq!(sent["response"]["headers"], json!([{"name": "content-type", "value": "application/json"}]));
    assert_eq!(
        (&cases[4]["accepted"], &cases[5]["reason"]),
        (&json!("the vendor knows"), &json!("creating one of `stones` was answered 500"))
    );
    assert_eq!(run["residue"].as_array().unwrap().len() + run["warnings"].as_array().unwrap().len(), 2);
    assert_eq!(run.get("coverage"), None);
}

#[test]
fn the_same_run_is_the_same_text_however_fast_it_was() {
    let mut slow = report();
    for one in &mut slow.finished {
        one.took *= 3;
        one.verdict.exchanges.iter_mut().for_each(|exchange| {
            (exchange.started, exchange.took) = (exchange.started + exchange.took, exchange.took * 3);
            let response = exchange.response.as_mut().unwrap();
            response.headers.last_mut().unwrap().1 = "later".to_owned();
        });
    }
    let slow = crate::report::Shown::new(&slow, &redactor(&suite()));
    let forms = |shown| [written(shown), crate::report::text(shown, crate::report::Colour::Plain), crate::report::markdown(shown)];
    assert_eq!(forms(&slow), forms(&shown()));
}

#[test]
fn junit_has_a_test_for_every_case() {
    let xml = junit(&shown()).unwrap();
    let says = [
        "<testsuites name=\"contract\" tests=\"9\" skipped=\"3\" failures=\"2\" errors=\"2\">",
        "<testsuite name=\"quarry\" tests=\"9\" skipped=\"3\" errors=\"2\" failures=\"2\" time=\"0.108\">",
        "<property name=\"seed\" value=\"7\"/>",
        "<testcase name=\"accepts_the_documented_example\" classname=\"quarry::list_stones\" time=\"0.012\"/>",
        "<failure message=\"answered 500, where 422 is due\" type=\"required\">`create_stone` refuses a body without `label`\n\
         rule      required: what is required cannot be left out\nplace     status\nexpected  422\ngot       500\n\nPOST /quarries/q_1/stones",
        "<error message=\"creating one of `stones` was answered 500\" type=\"blocked\">",
        "<skipped message=\"it runs on a mock alone\"/>",
        "<skipped message=\"accepted: the vendor knows\"/>",
        "<system-out>new: `colour` is not declared\n",
    ];
    for said in says {
        assert!(xml.contains(said), "no `{said}` in {xml}");
    }
}

/// The members that HAR 1.2 requires, by the type of object.
fn required(har: &Value) {
    let has = |object: &Value, names: &[&str]| names.iter().for_each(|name| assert!(object.get(name).is_some(), "no `{name}` in {object}"));
    has(&har["log"], &["version", "creator", "entries"]);
    has(&har["log"]["creator"], &["name", "version"]);
    for entry in har["log"]["entries"].as_array().unwrap() {
        has(entry, &["startedDateTime", "time", "request", "response", "cache", "timings"]);
        has(&entry["request"], &["method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"]);
        has(
            &entry["response"],
            &["status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"],
        );
        has(&entry["response"]["content"], &["size", "mimeType"]);
        has(&entry["timings"], &["send", "wait", "receive"]);
        assert_eq!(entry["cache"], json!({}));
        if let Some(data) = entry["request"].get("postData") {
            has(data, &["mimeType", "params", "text"]);
        }
        let pairs = |list: &Value| list.as_array().unwrap().iter().for_each(|pair| has(pair, &["name", "value"]));
        [&entry["request"]["headers"], &entry["request"]["queryString"], &entry["response"]["headers"]].into_iter().for_each(pairs);
        let parts: f64 = ["send", "wait", "receive"].iter().map(|part| entry["timings"][part].as_f64().unwrap()).sum();
        assert!((parts - entry["time"].as_f64().unwrap()).abs() < 1e-9, "{entry}");
    }
}

#[test]
fn a_har_has_every_exchange_with_its_label() {
    let suite = suite();
    let har: Value = serde_json::from_str(&Har::of(&report(), &redactor(&suite)).to_json()).unwrap();
    required(&har);
    let entries = har["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 8);
    let created = &entries[2];
    assert_eq!(created["startedDateTime"], "2026-06-02T10:00:00.123Z");
    assert_eq!(created["time"], 2.5);
    assert_eq!(created["_case"], "quarry::create_stone::keeps_label");
    assert_eq!((&created["_intent"], &entries[3]["_intent"]), (&json!("test"), &json!("observe")));
    assert_eq!(created["comment"], "quarry::create_stone::keeps_label: test by create_stone");
    assert_eq!(created["request"]["postData"]["mimeType"], "application/json");
    assert_eq!(created["response"]["statusText"], "Created");
}

#[test]
fn a_har_tells_of_bytes_of_other_servers_and_of_silence() {
    let suite = suite();
    let mut har = Har::default();
    let mut sent = request("POST", "/stones/s%201?as=a%20b", &[], Some(b"\xff\x00"));
    sent.elsewhere = Some(Elsewhere { instead_of: "/v1".to_owned(), path: "/v2".to_owned() });
    let mut answered = exchange("get_stone", Intent::Clean, sent, Ok((200, "")));
    answered.response = Ok(Response { status: 302, headers: vec![("Location".to_owned(), "/here".to_owned())], body: vec![0xfe] });
    let mut earlier = exchange("get_stone", Intent::Prepare, request("GET", "/stones/s_1", &[], None), Err("connection refused"));
    earlier.started -= std::time::Duration::from_secs(1);
    har.add("a label", &answered, super::BASE, &redactor(&suite));
    har.add("another", &earlier, super::BASE, &redactor(&suite));
    let har: Value = serde_json::from_str(&har.to_json()).unwrap();
    required(&har);
    let entries = &har["log"]["entries"];
    assert_eq!((&entries[0]["response"]["status"], &entries[0]["response"]["_error"]), (&json!(0), &json!("connection refused")));
    let request = &entries[1]["request"];
    assert_eq!(request["url"], "http://127.0.0.1:7070/v2/stones/s%201?as=a%20b");
    assert_eq!(request["queryString"], json!([{"name": "as", "value": "a b"}]));
    assert_eq!((&request["postData"]["text"], &request["postData"]["_encoding"]), (&json!("/wA="), &json!("base64")));
    let response = &entries[1]["response"];
    assert_eq!(response["content"], json!({"size": 1, "mimeType": "x-unknown", "text": "/g==", "encoding": "base64"}));
    assert_eq!((&response["redirectURL"], &response["bodySize"]), (&json!("/here"), &json!(1)));
}

#[test]
fn what_did_not_pass_is_written_and_read_again() {
    let folder = std::env::temp_dir().join(format!("contract-last-{}", std::process::id()));
    let path = folder.join("below").join("last");
    let last = last::Last::of(&report());
    let names = [
        "create_stone::keeps_label",
        "create_stone::rejects_no_label",
        "get_stone::rejects_an_unknown_item",
        "get_stone::rejects_it_twice",
    ];
    assert_eq!(last.ids, names.map(|name| format!("quarry::{name}")));
    last::write(&path, &last).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("# contract: quarry, seed 7\nquarry::create_stone::keeps_label\n"));
    assert_eq!(last::read(&path).unwrap(), last);
    std::fs::write(&path, "quarry::a::b\n").unwrap();
    assert!(last::read(&path).unwrap_err().to_string().contains("does not begin with `# contract: "));
    std::fs::remove_dir_all(folder).unwrap();
}
