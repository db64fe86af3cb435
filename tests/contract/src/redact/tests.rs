//! What is hidden, and what is not.

use super::Redactor;
use crate::{
    Credentials,
    report::tests::{exchange, request, suite},
};

fn redactor(variables: &[(&str, &str)]) -> Redactor {
    let suite = suite();
    let value = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Redactor::new(suite.api(), &Credentials::of_environment(suite.api(), value).expect("the credentials can be sent"))
}

#[test]
fn credentials_are_hidden_however_they_are_spelled() {
    let redactor = redactor(&[("CONTRACT_BASIC", "moraine:scree\"/é"), ("CONTRACT_BEARER", "a b/c?d"), ("CONTRACT_APIKEY", "xy")]);
    let rows = [
        ("I am a b/c?d.", "I am REDACTED."),
        ("A B/C?D", "REDACTED"),
        ("/x/a%20b%2Fc%3Fd/a%20b%2fc%3fd/a+b%2Fc%3Fd", "/x/REDACTED/REDACTED/REDACTED"),
        ("a%20b/c?d", "REDACTED"),
        ("YSBiL2M/ZA== YSBiL2M_ZA YSBiL2M/ZA", "REDACTED REDACTED REDACTED"),
        ("moraine:scree\"/é moraine scree\"/é", "REDACTED REDACTED REDACTED"),
        (r#""scree\"/é" "scree\"\/é" "scree\"/\u00e9""#, r#""REDACTED" "REDACTED" "REDACTED""#),
        ("Basic bW9yYWluZTpzY3JlZSIvw6k= c2NyZWUiL8Op", "Basic REDACTED REDACTED"),
        // Too short to be known by its value.
        ("xylophone", "xylophone"),
        ("http://h/?a=1&seal=xy&b=2 http://h/?seal=xy", "http://h/?a=1&seal=REDACTED&b=2 http://h/?seal=REDACTED"),
        ("unseal=xy seal=xy", "unseal=xy seal=xy"),
        ("morain", "morain"),
        ("got morain… and scr… and `sc…`", "got REDACTED… and scr… and `sc…`"),
    ];
    for (text, expected) in rows {
        assert_eq!(redactor.text(text), expected, "{text}");
        assert_eq!(redactor.bytes(text.as_bytes()), expected.as_bytes(), "{text}");
    }
    assert_eq!(redactor.bytes(b"\xffa b/c?d\xfe"), b"\xffREDACTED\xfe");
    assert_eq!(redactor.url("https://me:pw@h:1/a?b@c"), "https://REDACTED@h:1/a?b@c");
    assert_eq!(redactor.url("https://h/@me"), "https://h/@me");
}

#[test]
fn what_was_made_up_is_nobodys() {
    let suite = crate::Suite::new(suite().api().clone(), 0);
    let mut api = suite.api().clone();
    api.schemes.values_mut().for_each(|scheme| scheme.credentials.example = None);
    let redactor = Redactor::new(&api, &Credentials::of_document(&api));
    assert_eq!(redactor.text("contract:contract is a contract"), "contract:contract is a contract");
}

#[test]
fn places_for_credentials_are_hidden_whatever_stands_there() {
    let redactor = redactor(&[]);
    let names = ["authorization", "Proxy-Authorization", "COOKIE", "Set-Cookie", "X-Other"];
    let mut exchange =
        exchange("get_stone", crate::Intent::Test, request("GET", "/s?seal=1&x=2", &names.map(|name| (name, "v")), None), Ok((200, "v")));
    exchange.request.query = vec![crate::Field { name: "seal".to_owned(), value: "2".to_owned(), visibility: crate::Visibility::Shown }];
    exchange.response.as_mut().unwrap().headers = names.map(|name| (name.to_owned(), "v".to_owned())).to_vec();
    let shown = redactor.exchange(&exchange);
    let sent: Vec<_> = shown.request.headers.iter().map(|field| field.value.as_str()).collect();
    assert_eq!(sent, ["REDACTED", "REDACTED", "REDACTED", "REDACTED", "v"]);
    assert_eq!(shown.request.target(), "/s?seal=REDACTED&x=2&seal=REDACTED");
    let response = shown.response.unwrap();
    assert_eq!(response.headers.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), sent);
    assert_eq!(response.body, b"v");
}

#[test]
fn what_is_compressed_is_not_shown() {
    let redactor = redactor(&[]);
    let mut exchange = exchange("get_stone", crate::Intent::Test, request("GET", "/s", &[], None), Ok((200, "squeezed")));
    exchange.response.as_mut().unwrap().headers.push(("Content-Encoding".to_owned(), "gzip".to_owned()));
    assert_eq!(redactor.exchange(&exchange).response.unwrap().body, b"REDACTED: 8 bytes in `gzip`");
}
