//! The birds of the aviary: what is taken of them, kept, changed and shown, with the faults of each.

use contract::Request;
use serde_json::{Value, json};

use crate::aviary::{Aviary, Row};

/// What the server sets by itself.
pub(crate) const SET: [&str; 5] = ["id", "cage_id", "mood", "created_at", "updated_at"];

/// The body as JSON, of the right media type.
pub(crate) fn json(request: &Request) -> Result<Value, u16> {
    let media = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"));
    let bytes = request.body.as_deref().ok_or(400_u16)?;
    if media.and_then(|field| field.value.split(';').next()) != Some("application/json") {
        return Err(415);
    }
    if bytes.len() > crate::planted::MOST {
        return Err(413);
    }
    serde_json::from_slice(bytes).map_err(|_| 400)
}

/// A bird as it is sent.
pub(crate) fn body(aviary: &Aviary, request: &Request, is_whole: bool) -> Result<Row, u16> {
    checked(aviary, &json(request)?, is_whole)
}

/// A bird of known types. What the server sets is left out of it, unless a fault takes it.
pub(crate) fn checked(aviary: &Aviary, bird: &Value, is_whole: bool) -> Result<Row, u16> {
    let row = bird.as_object().ok_or(400_u16)?;
    let is_email = |text: &str| matches!(text.split_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(' '));
    let is_keeper = |keeper: &Value| keeper["name"].is_string() && keeper.get("pin").is_none_or(Value::is_string) && keeper.is_object();
    let is_right = |(name, value): (&String, &Value)| match name.as_str() {
        "name" => value.is_string(),
        "song" => value.is_string() || value.is_null(),
        "weight" => value.is_number(),
        "tame" => value.is_boolean(),
        "keeper" => is_keeper(value),
        "contact" => value.as_str().is_some_and(is_email),
        name => !(SET.contains(&name) && aviary.has("what the server sets is refused")),
    };
    if is_whole && !row.contains_key("name") || !row.iter().all(is_right) {
        return Err(400);
    }
    let declared = ["name", "song", "weight", "tame", "keeper", "contact"];
    Ok(row.iter().filter(|(name, _)| declared.contains(&name.as_str()) || SET.contains(&name.as_str())).map(owned).collect())
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}

/// Faults of what is stored.
pub(crate) fn store(aviary: &Aviary, row: &mut Row) {
    let text = row.get("song").and_then(Value::as_str).map(str::to_owned);
    let song = text.and_then(|song| match aviary.fault {
        "songs are trimmed" => Some(song.trim().to_owned()),
        "songs are composed" => Some(song.replace("e\u{301}", "é").replace('\u{212b}', "Å")),
        "songs end at 255" => Some(song.chars().take(255).collect()),
        "songs are of three bytes" => Some(song.chars().filter(|letter| u32::from(*letter) <= 0xffff).collect()),
        "songs are on one line" => Some(song.replace('\n', " ")),
        _ => None,
    });
    if let Some(song) = song {
        row.insert("song".to_owned(), json!(song));
    }
    match aviary.fault {
        "songs are lost" => _ = row.remove("song"),
        "weights are whole tens" => {
            if let Some(weight) = row.get("weight").and_then(Value::as_f64) {
                row.insert("weight".to_owned(), json!((weight / 10.0).round() * 10.0));
            }
        }
        "keepers are lost" => _ = row.remove("keeper"),
        _ => {}
    }
}

/// A change, with its faults.
pub(crate) fn change(aviary: &Aviary, row: &mut Row, body: Row) {
    if aviary.has("a change forgets the song") && !body.contains_key("song") {
        row.remove("song");
    }
    for (name, value) in body {
        let is_taken = match name.as_str() {
            "id" => aviary.has("a change takes an id"),
            "mood" => aviary.has("a change takes a mood"),
            "created_at" => aviary.has("a change takes a creation time"),
            "song" => !(value.is_null() && aviary.has("null is no song")),
            "tame" => !aviary.has("the tame stay tame"),
            other => !SET.contains(&other),
        };
        if is_taken {
            row.insert(name, value);
        }
    }
}

/// A replacement, with its faults.
pub(crate) fn replace(aviary: &Aviary, row: &mut Row, body: Row) {
    let is_kept = |name: &str| {
        SET.contains(&name)
            || name == "song" && aviary.has("a replacement keeps the song")
            || name == "tame" && aviary.has("a replacement keeps what is tame")
    };
    row.retain(|name, _| is_kept(name));
    row.entry("tame").or_insert(json!(false));
    let is_taken = |name: &str| !SET.contains(&name) || name == "mood" && aviary.has("a replacement takes a mood");
    row.extend(body.into_iter().filter(|(name, _)| is_taken(name)));
}

/// A bird as it is shown. The pin of its keeper never is.
pub(crate) fn shown(aviary: &Aviary, row: &Row) -> Value {
    let mut row = row.clone();
    if let Some(keeper) = row.get_mut("keeper").and_then(Value::as_object_mut) {
        keeper.remove("pin");
    }
    match aviary.fault {
        "null is not shown" => row.retain(|_, value| !value.is_null()),
        "numbers are decimals" => {
            if let Some(weight) = row.get("weight").and_then(Value::as_f64) {
                row.insert("weight".to_owned(), json!(weight));
            }
        }
        "addresses are lower case" => {
            if let Some(contact) = row.get("contact").and_then(Value::as_str).map(str::to_lowercase) {
                row.insert("contact".to_owned(), json!(contact));
            }
        }
        _ => {}
    }
    Value::Object(row)
}
