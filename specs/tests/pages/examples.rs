//! Requests as pages show them, each beside what it sends.

use specs::pages::{Payload, Request, Statement, read};

/// The requests of a text, each as method, URL, headers and body.
fn requests(text: &str) -> Vec<String> {
    let shown = |request: &Request| {
        let headers = request.headers.iter().map(|(name, value)| format!(" {name}: {value};")).collect::<Vec<_>>().concat();
        let body = match &request.body {
            None => String::new(),
            Some(Payload::Json(value)) => format!(" {value}"),
            Some(Payload::Form(fields)) => fields.iter().map(|(name, value)| format!(" {name}={value}")).collect::<Vec<_>>().concat(),
            Some(Payload::Text(text)) => format!(" {text:?}"),
        };
        format!("{} {}{headers}{body}", request.method, request.url)
    };
    let facts = read("page", text).facts.into_iter();
    facts.filter_map(|fact| if let Statement::Request(request) = &fact.statement { Some(shown(request)) } else { None }).collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    assert_eq!(requests(text), expected, "\n{text}");
}

#[test]
fn commands_are_read_with_all_their_quoting() {
    check("curl https://a.example/b", &["GET https://a.example/b"]);
    check(
        "Run curlcurl -XPUT 'https://a.example/b' -d x=1",
        &["PUT https://a.example/b Content-Type: application/x-www-form-urlencoded; x=1"],
    );
    check(
        "$ curl -s --url \"https://a.example/b?c=d\" \\\n  -H 'A-B: it'\\''s' -u me:pw",
        &["GET https://a.example/b?c=d A-B: it's; Authorization: Basic bWU6cHc=;"],
    );
    check("curl -G https://a.example/b -d c=1 --data-urlencode d=2", &["GET https://a.example/b?c=1&d=2"]);
    check(
        "curl https://a.example/b -F file=@x.png -F n=1",
        &["POST https://a.example/b Content-Type: multipart/form-data; file=@x.png n=1"],
    );
    check(
        "curl https://a.example/b --json $'{\"a\": \"\\'\"}' | jq .",
        &["POST https://a.example/b Content-Type: application/json; Accept: application/json; {\"a\":\"'\"}"],
    );
    check(
        "curl https://a.example/b -H 'Content-Type: application/json' -d @- <<EOF\n{\"a\":\n [1]}\nEOF\nThe end.",
        &["POST https://a.example/b Content-Type: application/json; {\"a\":[1]}"],
    );
    check(
        "curl https://a.example/b -H 'Content-Type: application/json' -d '{\"a\": 1,}'",
        &["POST https://a.example/b Content-Type: application/json; \"{\\\"a\\\": 1,}\""],
    );
    check("You may use curl to try it, or curl it yourself.", &[]);
}

#[test]
fn messages_are_read_with_headers_and_body() {
    check(
        "PUT /a/1 HTTP/1.1\nHost: a.example\nContent-Type: application/json\n\n{\"b\": 2}",
        &["PUT https://a.example/a/1 Host: a.example; Content-Type: application/json; {\"b\":2}"],
    );
    check(
        "POST /a\nContent-Type: application/x-www-form-urlencoded\n\nb=1&c=d",
        &["POST /a Content-Type: application/x-www-form-urlencoded; b=1 c=d"],
    );
    check("GET /a\nNote: this is a sentence", &[]);
}

#[test]
fn programs_are_read_with_their_constants() {
    let key = "Key: k;";
    check(
        "import requests\n\nURL = 'https://a.example'\nh = {'Key': 'k'}\nbody = {\"b\": True, \"c\": None}\nr = requests.patch(URL + '/d', json=body, headers=h)\nprint(r)",
        &[&format!("PATCH https://a.example/d {key} Content-Type: application/json; {{\"b\":true,\"c\":null}}")],
    );
    check(
        "requests.request(\"DELETE\", f\"https://a.example/{ID}\", headers={\"Key\": \"k\"})",
        &[&format!("DELETE https://a.example/{{ID}} {key}")],
    );
    check(
        "const res = await axios.post('https://a.example/b', { c: [1, 2], 'd': `e` }, { headers: { Key: 'k' } });",
        &[&format!("POST https://a.example/b {key} Content-Type: application/json; {{\"c\":[1,2],\"d\":\"e\"}}")],
    );
    check("axios({method: 'get', url: 'https://a.example/b', params: {c: 'd e'}})", &["GET https://a.example/b?c=d%20e"]);
    check(
        "const body = JSON.stringify({a: 1});\nfetch(`https://a.example/${id}`, {method: \"POST\", body})",
        &["POST https://a.example/{id} Content-Type: application/json; {\"a\":1}"],
    );
}

#[test]
fn a_value_that_the_page_does_not_show_makes_no_example() {
    let page = read("page", "fetch('https://a.example/b', {method: 'POST', body: JSON.stringify({c: secret})})");
    assert_eq!(page.facts, []);
    assert_eq!(page.unread.len(), 1, "{:?}", page.unread);
}

#[test]
fn json_is_found_wherever_it_begins_and_ends() {
    let bodies = |text: &str| -> Vec<String> {
        let facts = read("page", text).facts.into_iter();
        facts.filter_map(|fact| if let Statement::Answer { body, .. } = fact.statement { Some(body.to_string()) } else { None }).collect()
    };
    for (text, expected) in [
        ("{\"a\": 1}", vec!["{\"a\":1}"]),
        ("Response{\"a\": 1}{\"b\": 2}", vec!["{\"a\":1}", "{\"b\":2}"]),
        ("1{\n2 \"a\": [\n3 2\n4 ]\n5}", vec!["{\"a\":[2]}"]),
        ("```json\n{\n  // says so\n  \"a\": \"b\\n\",\n}\n```", vec!["{\"a\":\"b\\n\"}"]),
        ("It answers {\n\"a\": {}\n}and that is all.", vec!["{\"a\":{}}"]),
        ("See [this](https://a.example) and {id} [1].", vec![]),
        ("{\n\"a\": 1,\n...\n}", vec![]),
    ] {
        assert_eq!(bodies(text), expected, "\n{text}");
    }
}
