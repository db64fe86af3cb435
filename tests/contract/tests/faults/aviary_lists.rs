//! The lists of the aviary, with their faults.

use std::cmp::Ordering;

use contract::Request;
use serde_json::{Value, json};

use crate::{
    aviary::{Answer, Aviary, Row, Rows},
    aviary_rows::shown,
};

/// The value of a query parameter, decoded.
fn query(request: &Request, name: &str) -> Option<String> {
    let field = request.query.iter().find(|field| field.name == name)?;
    Some(percent_encoding::percent_decode_str(&field.value).decode_utf8_lossy().into_owned())
}

/// A whole number within limits, or its default.
fn number(request: &Request, name: &str, default: usize, range: std::ops::RangeInclusive<usize>) -> Result<usize, u16> {
    let Some(text) = query(request, name) else { return Ok(default) };
    text.parse::<usize>().ok().filter(|number| range.contains(number)).ok_or(400)
}

/// All birds, of any cage.
pub(crate) fn all(aviary: &Aviary, rows: &Rows, request: &Request) -> Value {
    let name = query(request, "name").filter(|_| !aviary.has("names are ignored"));
    let is_old = |bird: &&&Row| !aviary.has("the list of all has no new birds") || bird["id"].as_str().is_some_and(|id| id.len() < 5);
    let listed = aviary.listed(rows);
    let found = listed.iter().rev().filter(|bird| name.as_ref().is_none_or(|name| bird["name"] == *name)).filter(is_old);
    found.map(|bird| brief(aviary, bird)).collect()
}

/// A bird as a list shows it.
fn brief(aviary: &Aviary, bird: &Row) -> Value {
    let mut bird = shown(aviary, bird);
    if aviary.has("lists are brief") {
        bird.as_object_mut().map(|bird| bird.remove("song"));
    }
    bird
}

/// A page of the birds of a cage.
pub(crate) fn page(aviary: &Aviary, rows: &Rows, cage: &str, request: &Request) -> Result<Answer, u16> {
    let default = if aviary.has("a page has six by default") { 6 } else { 5 };
    let size = number(request, "limit", default, 1..=8)?;
    let offset = number(request, "offset", 0, 0..=usize::MAX)?;
    let mut birds: Vec<&Row> = rows.birds.iter().filter(|bird| bird["cage_id"] == cage || aviary.has("cages share their birds")).collect();
    if !aviary.has("the oldest come first") {
        birds.reverse();
    }
    if aviary.has("all happens at once") {
        // In no order that anybody could foretell.
        birds.sort_by_key(|bird| bird["id"].as_str().map(|id| id.bytes().rev().map(|byte| byte.wrapping_mul(37)).collect::<Vec<_>>()));
    }
    if let Some(by) = query(request, "sort") {
        sort(aviary, &mut birds, &by)?;
    }
    if aviary.has("the newest is listed twice") && birds.len() > 1 {
        birds.push(birds[0]);
    }
    let total = birds.len();
    let size = match aviary.fault {
        "limits are ignored" => default,
        "limits end at six" => size.min(6),
        _ => size,
    };
    let held: Vec<Value> = birds.iter().skip(offset).take(size).map(|bird| brief(aviary, bird)).collect();
    let is_last = offset > 0 && offset + held.len() >= total;
    let held = if is_last && aviary.has("the last page is lost") { Vec::new() } else { held };
    let more = offset + held.len() < total;
    Ok((200, json!({"birds": held, "total": total, "more": more})))
}

fn sort(aviary: &Aviary, birds: &mut [&Row], by: &str) -> Result<(), u16> {
    let name = by.trim_start_matches('-');
    if !["name", "weight", "created_at"].contains(&name) {
        return Err(400);
    }
    if aviary.has("sort is ignored") {
        return Ok(());
    }
    let order = |one: &&Row, other: &&Row| {
        let (one, other) = (&one.get(name).cloned().unwrap_or_default(), &other.get(name).cloned().unwrap_or_default());
        match (one.as_f64(), other.as_f64()) {
            _ if aviary.has("weights are sorted as text") => one.to_string().cmp(&other.to_string()),
            (Some(one), Some(other)) => one.total_cmp(&other),
            // What has no such property comes last.
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => one.as_str().cmp(&other.as_str()),
        }
    };
    birds.sort_by(order);
    if by.starts_with('-') && !aviary.has("minus is ignored") {
        birds.reverse();
    }
    Ok(())
}
