//! The lists of the pantry, with their faults.

use contract::Request;
use serde_json::{Map, Value, json};

use crate::pantry::{Answer, Pantry, Rows, refuse};

/// The value of a query parameter, decoded.
fn query(request: &Request, name: &str) -> Option<String> {
    let field = request.query.iter().find(|field| field.name == name)?;
    Some(percent_encoding::percent_decode_str(&field.value).decode_utf8_lossy().into_owned())
}

/// A whole number within limits, or its default.
fn number(request: &Request, name: &str, default: usize, most: usize) -> Result<usize, Answer> {
    let Some(text) = query(request, name) else { return Ok(default) };
    let number = text.parse::<usize>().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| refuse(400, &format!("`{name}` is wrong")))
}

/// What a list was asked for.
struct Asked {
    page: usize,
    size: usize,
    courses: Option<Vec<String>>,
    most_minutes: Option<i64>,
}

fn asked(pantry: &Pantry, request: &Request) -> Result<Asked, Answer> {
    let page = number(request, "page", 1, usize::MAX)?;
    let most = match pantry.fault {
        "a page of 51" => 51,
        "a page of 49" => 49,
        _ => 50,
    };
    let size = number(request, "per_page", 10, most)?;
    let courses = query(request, "course").map(|text| text.split(',').map(str::to_owned).collect::<Vec<_>>());
    let is_course = |course: &String| ["starter", "main", "dessert"].contains(&course.as_str()) || pantry.has("any course can be listed");
    if courses.as_ref().is_some_and(|courses| !courses.iter().all(is_course)) {
        return Err(refuse(400, "`course` is wrong"));
    }
    let most_minutes = match query(request, "max_minutes") {
        None => None,
        Some(text) if pantry.has("odd minutes are ignored") && text.parse::<i64>().is_err() => None,
        Some(text) => Some(text.parse::<i64>().ok().filter(|minutes| *minutes >= 1).ok_or_else(|| refuse(400, "`max_minutes` is wrong"))?),
    };
    let units = request.headers.iter().find(|field| field.name.eq_ignore_ascii_case("x-units")).map(|field| field.value.as_str());
    let is_unit =
        units.is_none_or(|units| units == "metric" || units == "imperial" && !pantry.has("metric only") || pantry.has("any units"));
    if is_unit { Ok(Asked { page, size, courses, most_minutes }) } else { Err(refuse(400, "`X-Units` is wrong")) }
}

pub(crate) fn recipes(pantry: &Pantry, rows: &Rows, cookbook: &str, request: &Request) -> Answer {
    let is_unknown = match pantry.is_cookbook(cookbook) {
        Err(refusal) if refusal.0 == 404 && pantry.has("any cookbook has a list") => true,
        Err(refusal) => return refusal,
        Ok(()) => false,
    };
    let asked = match asked(pantry, request) {
        Ok(asked) => asked,
        Err(refusal) => return refusal,
    };
    let mut found: Vec<&Map<String, Value>> =
        rows.recipes.iter().filter(|row| !is_unknown && is_listed(pantry, row, cookbook, &asked)).collect();
    if pantry.has("new recipes are not listed") {
        found.truncate(2);
    }
    if pantry.has("the last is listed twice") {
        found.extend(found.last().copied().filter(|_| found.len() > 2));
    }
    page(pantry, &found, &asked)
}

fn is_listed(pantry: &Pantry, row: &Map<String, Value>, cookbook: &str, asked: &Asked) -> bool {
    let own = row["cookbook_id"] == cookbook || pantry.has("a list shows all cookbooks");
    let course = row["course"].as_str().unwrap_or_default();
    let fits_course = asked.courses.as_ref().is_none_or(|courses| match pantry.fault {
        "courses are ignored" => true,
        "one course is too few" => courses.len() > 1 && courses.iter().any(|wanted| wanted == course),
        _ => courses.iter().any(|wanted| wanted == course),
    });
    let fits_minutes = asked.most_minutes.is_none_or(|most| {
        let minutes = row.get("minutes").and_then(Value::as_i64);
        let most = if pantry.has("less is less") { most - 1 } else { most };
        minutes.map_or(pantry.has("no minutes are few"), |minutes| minutes <= most)
    });
    let is_there = !row.contains_key("deleted") || pantry.has("deleted recipes are listed");
    own && fits_course && fits_minutes && is_there
}

fn page(pantry: &Pantry, found: &[&Map<String, Value>], asked: &Asked) -> Answer {
    let (total, size) = (found.len(), asked.size);
    let start = (asked.page - 1).saturating_mul(size);
    let start = match pantry.fault {
        "the last page comes again" if start >= total => total.saturating_sub(size),
        "pages skip one" if asked.page > 1 => start + 1,
        "pages overlap" if asked.page > 1 => start - 1,
        _ => start,
    };
    let held = match pantry.fault {
        "the size of a page is ignored" => usize::MAX,
        "a page holds one more" => size + 1,
        _ => size,
    };
    let shown: Vec<Value> = found.iter().skip(start).take(held).map(|row| crate::recipe::read(pantry, row)).collect();
    let shown = if pantry.has("small pages are in reverse") && size < 10 { shown.into_iter().rev().collect() } else { shown };
    let more = start + shown.len() < total;
    let mut page = json!({"number": asked.page, "size": size, "total": total, "more": more});
    match pantry.fault {
        "there is always more" => page["more"] = json!(true),
        "the total is of the page" => page["total"] = json!(shown.len()),
        "the size is the default" => page["size"] = json!(10),
        "pages are all the first" => page["number"] = json!(1),
        "there is no total" => _ = page.as_object_mut().and_then(|page| page.remove("total")),
        _ => {}
    }
    (200, json!({"recipes": shown, "page": page}))
}

pub(crate) fn entries(pantry: &Pantry, rows: &Rows, recipe: &str) -> Answer {
    if !rows.recipes.iter().any(|row| row["id"] == recipe) {
        return refuse(404, "no such recipe");
    }
    let own = |entry: &&Map<String, Value>| entry["recipe_id"] == recipe || pantry.has("entries are of all recipes");
    (200, json!({"entries": rows.entries.iter().filter(own).collect::<Vec<_>>()}))
}

pub(crate) fn suggestions(pantry: &Pantry, request: &Request) -> Answer {
    let asked = query(request, "q").or_else(|| pantry.has("no q is any q").then(|| "any".to_owned()));
    let least = if pantry.has("a q of one letter") { 1 } else { 2 };
    let exact = query(request, "exact").is_none_or(|text| ["true", "false"].contains(&text.as_str()) || pantry.has("exact is anything"));
    match asked.filter(|asked| (least..=20).contains(&asked.chars().count()) && exact) {
        Some(asked) => (200, json!([format!("{asked} soup"), format!("{asked} tart")])),
        None if pantry.has("refusals have no code") => (400, json!({"message": "`q` is wrong"})),
        None => refuse(400, "`q` is wrong"),
    }
}
