//! What a recipe is: its checks, one by one, and what happens to it when it is stored, read and changed.

use serde_json::{Map, Value, json};

use crate::pantry::{Answer, Pantry, refuse};

type Row = Map<String, Value>;

/// Which properties must be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Required {
    All,
    None,
}

const NAMES: [&str; 11] =
    ["title", "course", "minutes", "servings", "slug", "first_cooked", "steps", "nutrition", "notes", "vegan", "origin"];

/// The body as a row, when it keeps every rule.
pub(crate) fn check(pantry: &Pantry, body: Value, required: Required) -> Result<Row, Answer> {
    let Value::Object(mut row) = body else { return Err(refuse(400, "a recipe is an object")) };
    row.retain(|name, _| NAMES.contains(&name.as_str()) || !pantry.has("unknown properties are dropped"));
    if let Some(name) = row.keys().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(refuse(400, &format!("`{name}` is unknown")));
    }
    if required == Required::All {
        let spare = if pantry.has("a course is guessed") { &["title"][..] } else { &["title", "course"] };
        if let Some(name) = spare.iter().find(|name| !row.contains_key(**name)) {
            return Err(refuse(400, &format!("`{name}` is missing")));
        }
        row.entry("course").or_insert(json!("main"));
        if pantry.has("minutes are needed") && !row.contains_key("minutes") {
            return Err(refuse(400, "`minutes` is missing"));
        }
        if pantry.has("toast is refused") && row["title"] == "Toast" {
            return Err(refuse(400, "that is no recipe"));
        }
        if pantry.has("everything is too much") && row.len() == NAMES.len() {
            return Err(refuse(400, "too much"));
        }
    }
    lenient(pantry, &mut row);
    if pantry.has("vegan recipes need notes") && row.contains_key("vegan") && !row.contains_key("notes") {
        return Err(refuse(400, "`notes` is missing"));
    }
    match row.iter().find(|(name, value)| !is_valid(pantry, name, value)) {
        Some((name, _)) => Err(refuse(400, &format!("`{name}` is wrong"))),
        None => Ok(row),
    }
}

/// Faults that repair what should be refused.
fn lenient(pantry: &Pantry, row: &mut Row) {
    match pantry.fault {
        "null is an empty title" if row.get("title") == Some(&Value::Null) => _ = row.insert("title".to_owned(), json!("")),
        "numbers may be texts" => {
            if let Some(minutes) = row.get("minutes").and_then(Value::as_str) {
                row.insert("minutes".to_owned(), json!(minutes.len()));
            }
        }
        "a title may be a number" if row.get("title").is_some_and(Value::is_number) => {
            let text = row["title"].to_string();
            row.insert("title".to_owned(), json!(text));
        }
        _ => {}
    }
}

fn is_valid(pantry: &Pantry, name: &str, value: &Value) -> bool {
    match name {
        "title" => value.as_str().is_some_and(|text| is_title(pantry, text)),
        "course" => value.as_str().is_some_and(|text| {
            ["starter", "main"].contains(&text) || text == "dessert" && !pantry.has("no dessert") || pantry.has("any course will do")
        }),
        "minutes" => value.as_i64().is_some_and(|minutes| {
            let least = i64::from(!pantry.has("zero minutes"));
            let most = match pantry.fault {
                "601 minutes" => 601,
                "599 minutes" => 599,
                _ => 600,
            };
            (least..=most).contains(&minutes)
        }),
        "servings" => value
            .as_f64()
            .filter(|servings| *servings <= 300.0 || !pantry.has("300 servings"))
            .is_some_and(|servings| servings >= 0.5 && ((servings * 2.0).fract() == 0.0 || pantry.has("any part of a serving"))),
        "slug" => value.as_str().is_some_and(|slug| {
            is_slug(slug) || pantry.has("a slug is searched for") && slug.split(|c: char| !c.is_ascii_lowercase()).any(is_slug)
        }),
        "first_cooked" => match value {
            Value::Null => !pantry.has("null is no date"),
            Value::String(text) => is_date(pantry, text),
            _ => false,
        },
        "steps" => value.as_array().is_some_and(|steps| are_steps(pantry, steps)),
        "nutrition" => value.as_object().is_some_and(|values| {
            let least = usize::from(!pantry.has("nutrition may be empty"));
            let most = if pantry.has("nutrition has no end") { 99 } else { 3 };
            (least..=most).contains(&values.len()) && values.values().all(Value::is_number)
        }),
        "notes" => value.is_null() || value.as_str().is_some_and(|text| is_written(pantry, text)),
        "vegan" => value.is_boolean(),
        _ => is_origin(pantry, value),
    }
}

fn is_title(pantry: &Pantry, text: &str) -> bool {
    let least = usize::from(!pantry.has("a title may be empty") && !pantry.has("null is an empty title"));
    let most = match pantry.fault {
        "a title of 81" => 81,
        "a title of 79" => 79,
        _ => 80,
    };
    let length = if pantry.has("bytes are counted") { text.len() } else { text.chars().count() };
    (least..=most).contains(&length) && (text.is_ascii() || !pantry.has("titles are ASCII"))
}

/// Faults of what can be written down: one script, one kind of character, one length.
fn is_written(pantry: &Pantry, text: &str) -> bool {
    match pantry.fault {
        "old letters are no letters" => !text.contains('𐐷'),
        "a cedilla is no mark" => !text.contains('\u{327}'),
        "writing goes to the right" => !text.contains('ש'),
        "emoji stand alone" => !text.contains('\u{200d}'),
        "long notes are refused" => text.chars().count() <= 4_000,
        _ => true,
    }
}

fn is_slug(slug: &str) -> bool {
    slug.split('-').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn is_date(pantry: &Pantry, text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else { return false };
    let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return false;
    }
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    let (year, month, day) = (number(year), number(month), number(day));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if pantry.has("every month has 31 days") => 31,
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (1..=12).contains(&month) && (1..=days).contains(&day)
}

fn are_steps(pantry: &Pantry, steps: &[Value]) -> bool {
    let least = usize::from(!pantry.has("no steps are steps"));
    let most = if pantry.has("five steps") { 5 } else { 4 };
    let unique = pantry.has("steps may repeat") || steps.iter().enumerate().all(|(at, step)| !steps[..at].contains(step));
    let shortest = if pantry.has("a step of one letter") { 1 } else { 2 };
    (least..=most).contains(&steps.len())
        && unique
        && steps.iter().all(|step| step.as_str().is_some_and(|text| text.chars().count() >= shortest))
}

fn is_origin(pantry: &Pantry, value: &Value) -> bool {
    let Some(origin) = value.as_object() else { return false };
    let name = origin.get("name").map_or(pantry.has("an origin needs no name"), Value::is_string);
    let first = i64::from(!pantry.has("page zero"));
    name && origin.get("page").is_none_or(|page| page.as_i64().is_some_and(|page| page >= first))
}

/// Faults of what is stored.
pub(crate) fn store(pantry: &Pantry, row: &mut Row) {
    match pantry.fault {
        "titles are trimmed" => {
            let title = row["title"].as_str().unwrap_or_default().trim().to_owned();
            row.insert("title".to_owned(), json!(title));
        }
        "notes are cut" => {
            if let Some(notes) = row.get("notes").and_then(Value::as_str) {
                let cut: String = notes.chars().take(1_000).collect();
                row.insert("notes".to_owned(), json!(cut));
            }
        }
        "notes are lost" => _ = row.remove("notes"),
        "steps are sorted" => {
            if let Some(steps) = row.get_mut("steps").and_then(Value::as_array_mut) {
                steps.sort_by_key(Value::to_string);
            }
        }
        "servings are whole" => {
            if let Some(servings) = row.get("servings").and_then(Value::as_f64) {
                row.insert("servings".to_owned(), json!(servings.floor()));
            }
        }
        "emoji are lost" => {
            if let Some(notes) = row.get("notes").and_then(Value::as_str) {
                let plain: String = notes.chars().map(|character| if u32::from(character) > 0xffff { '?' } else { character }).collect();
                row.insert("notes".to_owned(), json!(plain));
            }
        }
        "everything is vegan" if row.contains_key("vegan") => _ = row.insert("vegan".to_owned(), json!(true)),
        _ => {}
    }
}

/// Faults of what is read.
pub(crate) fn read(pantry: &Pantry, row: &Row) -> Value {
    let mut row = row.clone();
    row.remove("deleted");
    match pantry.fault {
        "minutes are read as text" => {
            if let Some(minutes) = row.get("minutes").cloned() {
                row.insert("minutes".to_owned(), json!(minutes.to_string()));
            }
        }
        "old dates have no zone" if row["id"] == "rc_00000001" => _ = row.insert("created_at".to_owned(), json!("2026-01-01T10:00:00")),
        "the cookbook is not read" => _ = row.remove("cookbook_id"),
        "reading ages" => _ = row.insert("created_at".to_owned(), json!("2026-05-05T05:05:05Z")),
        _ => {}
    }
    Value::Object(row)
}

/// A change, with its faults.
pub(crate) fn change(pantry: &Pantry, row: &mut Row, body: Row) {
    if pantry.has("a change loses the rest") {
        row.retain(|name, _| !NAMES.contains(&name.as_str()) || ["title", "course"].contains(&name.as_str()));
    }
    for (name, value) in body {
        match (pantry.fault, name.as_str()) {
            ("notes cannot be changed", "notes") => {}
            ("null changes nothing", _) if value.is_null() => {}
            _ => _ = row.insert(name, value),
        }
    }
    if pantry.has("a change resets the date") {
        row.insert("created_at".to_owned(), json!("2026-03-01T10:00:00Z"));
    }
    if pantry.has("a change unsets vegan") && row.contains_key("vegan") && row["title"] != "Onion tart" {
        row.insert("vegan".to_owned(), json!(true));
    }
}
