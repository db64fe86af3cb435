//! What a stall is, and how stalls are asked for.

use contract::Request;
use serde_json::{Map, Value};

use crate::bazaar::{Answer, Bazaar, no};

type Row = Map<String, Value>;

const SIGNS: [&str; 4] = ["on", "off", "yes", "no"];
/// What a client may send; the rest is the server's.
const SENT: [&str; 6] = ["name", "sign", "permit", "wares", "price", "extras"];
const READ_ONLY: [&str; 2] = ["number", "since"];

/// The body as a row, when it keeps every rule.
pub(crate) fn read(bazaar: &Bazaar, body: Value) -> Result<Row, Answer> {
    let Value::Object(mut row) = body else { return no(bazaar.invalid()) };
    let is_read_only = |name: &str| READ_ONLY.contains(&name) && !bazaar.is("what is only read is refused");
    row.retain(|name, _| !is_read_only(name));
    let is_known = |name: &str| SENT.contains(&name);
    let is_whole = row.contains_key("name") && row.contains_key("sign");
    if is_whole && row.iter().all(|(name, value)| is_known(name) && is_valid(bazaar, name, value)) {
        if let Some(permit) = row.get_mut("permit").and_then(Value::as_object_mut) {
            permit.remove("stamp");
        }
        return Ok(row);
    }
    no(bazaar.invalid())
}

fn is_valid(bazaar: &Bazaar, name: &str, value: &Value) -> bool {
    match name {
        "name" => value.as_str().is_some_and(|name| (1..=40).contains(&name.chars().count())),
        "sign" => value.as_str().is_some_and(|sign| SIGNS.contains(&sign)),
        "permit" => value.as_object().is_some_and(|permit| {
            let is_stamped = permit.contains_key("stamp") && bazaar.is("what is only read is refused");
            !is_stamped && permit.get("issuer").is_none_or(Value::is_string)
        }),
        "wares" => value.as_array().is_some_and(|wares| {
            (1..=5).contains(&wares.len())
                && wares.iter().all(|ware| is_ware(bazaar, ware))
                && wares.iter().any(|ware| ware["kind"] == "tool")
        }),
        "price" => value.as_object().is_some_and(|price| {
            let least = if bazaar.is("free is a price") { 0.0 } else { f64::MIN_POSITIVE };
            let currency = price.get("currency");
            price.get("amount").and_then(Value::as_f64).is_some_and(|amount| amount >= least)
                && currency.is_none_or(|currency| currency.as_str().is_some_and(|text| text.chars().count() > 1))
        }),
        _ => value.as_object().is_some_and(|extras| extras.values().all(Value::is_string)),
    }
}

fn is_ware(bazaar: &Bazaar, ware: &Value) -> bool {
    match ware["kind"].as_str() {
        Some("fruit") => match ware.get("weight") {
            None => bazaar.is("fruit weighs nothing"),
            Some(weight) => weight.as_i64().is_some_and(|weight| weight >= 1),
        },
        Some("tool") => ware["handle"].is_string(),
        _ => false,
    }
}

/// The value of a query parameter, decoded.
fn query(request: &Request, name: &str) -> Option<String> {
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    request.query.iter().find(|field| decoded(&field.name) == name).map(|field| decoded(&field.value))
}

/// The sign that a list is asked for by, when all that is asked makes sense.
pub(crate) fn asked(bazaar: &Bazaar, request: &Request) -> Result<Option<String>, Answer> {
    let guesses = bazaar.is("a query is read as what it looks like");
    let is = |name: &str, is_right: &dyn Fn(&str) -> bool| query(request, name).is_none_or(|text| is_right(&text));
    let is_number = |text: &str| text.parse::<f64>().is_ok();
    let most = if bazaar.is("99 is the most") { 99 } else { 100 };
    let is_most = |text: &str| {
        let number = text.parse::<i64>().ok();
        let guessed = || text.parse::<f64>().ok().filter(|number| guesses && number.fract() == 0.0).map(|_| 1);
        number.or_else(guessed).is_some_and(|number| (1..=most).contains(&number))
    };
    let is_roofed = |text: &str| ["true", "false"].contains(&text) || guesses && ["1", "0", "yes", "no", "on", "off"].contains(&text);
    let is_sign = |text: &str| SIGNS.contains(&text) && !(bazaar.is("signs are booleans") && text != "on" && text != "off");
    let cookie = request.headers.iter().find(|field| field.name == "Cookie").map(|field| field.value.as_str());
    let is_theme = |theme: &str| theme == "theme=sun" || theme == "theme=moon" && !bazaar.is("there is no moon");
    let steps = request.headers.iter().find(|field| field.name == "X-Trace").map_or(0, |field| field.value.split(',').count());
    let near = ["near[lat]", "near[lon]"].iter().all(|name| is(name, &is_number));
    let all = is("sign", &is_sign)
        && is("tags", &|text| !text.contains('|') || !bazaar.is("tags come alone"))
        && is("roofed", &is_roofed)
        && is("most", &is_most)
        && is("price", &|text| {
            text.parse::<f64>().is_ok_and(|price| price >= 0.5 && !(price > 100.0 && bazaar.is("nothing costs more than 100")))
        })
        && cookie.is_none_or(is_theme)
        && !(steps > 1 && bazaar.is("a trace has one step"))
        && near
        && !(bazaar.is("brackets mean nothing") && query(request, "near[lat]").is_some());
    if all { Ok(query(request, "sign")) } else { no(400) }
}
