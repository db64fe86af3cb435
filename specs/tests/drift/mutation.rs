//! Pages with one thing changed, as a vendor would change it: in the text, wherever it is said.
//!
//! What a page states tells where the words for it stand; the words themselves are changed as each format writes them,
//! by a table of the ways in which formats write such things.

use serde_json::Value;
use specs::{
    api::{SchemeKind, Status},
    pages::{Basis, Claim, Fact, Format, Page, Payload, Place, Side, Statement, Step},
};

use crate::wording::{defaulted, dropped, first_of, flipped, limited, replaced, retyped};

/// A page with one change, and what has to be said of it.
pub(crate) struct Mutation {
    /// What was changed.
    pub(crate) kind: &'static str,
    /// The text with the change.
    pub(crate) text: String,
    /// One of these rules has to be named.
    pub(crate) rules: Vec<&'static str>,
    /// One of these words has to be in the subject or message, and in those of every finding.
    pub(crate) words: Vec<String>,
}

/// All that can be changed on a page.
pub(crate) fn all(page: &Page, text: &str) -> Vec<Mutation> {
    let mut found = Vec::new();
    for (at, fact) in page.facts.iter().enumerate().filter(|(_, fact)| fact.basis <= Basis::Sentence) {
        match &fact.statement {
            Statement::Member { place, claim } => member(page, text, (at, fact), place, claim, &mut found),
            Statement::Status(Status::Exactly(code)) if *code >= 400 => statuses(page, text, fact, *code, &mut found),
            Statement::ErrorCode { code, .. } => {
                let new = format!("{code}_again");
                push(&mut found, "error code", replaced(text, code, &new), &["error-code", "property-enum", "example"], &[&new, code]);
            }
            Statement::Security { kind, scopes } => credentials(text, kind, scopes, &mut found),
            Statement::Operation(signature) if page.operations.len() == 1 => {
                address(text, &signature.path, signature.method.as_str(), &mut found);
            }
            Statement::Server(url) => {
                let host = url.split_once("//").map_or("", |(_, rest)| rest).split('/').next().unwrap_or_default();
                push(
                    &mut found,
                    "server",
                    (!host.is_empty()).then(|| text.replace(host, "moved.test")),
                    &["server", "example"],
                    &["moved.test"],
                );
            }
            Statement::MediaType { name, .. } => {
                push(&mut found, "media type", Some(text.replace(name.as_str(), "text/plain")), &["media-type"], &["text/plain"]);
            }
            _ => {}
        }
    }
    for fact in &page.facts {
        example(text, fact, &mut found);
    }
    found.retain(|mutation| mutation.text != text);
    found.dedup_by(|one, other| one.kind == other.kind && one.text == other.text);
    found
}

fn push(found: &mut Vec<Mutation>, kind: &'static str, text: Option<String>, rules: &[&'static str], words: &[&str]) {
    if let Some(text) = text {
        found.push(Mutation { kind, text, rules: rules.to_vec(), words: words.iter().map(|word| (*word).to_owned()).collect() });
    }
}

fn member(page: &Page, text: &str, (at, fact): (usize, &Fact), place: &Place, claim: &Claim, found: &mut Vec<Mutation>) {
    let Some(name) = name_of(place) else { return };
    let subject = format!("{name}`");
    let within = |change: &dyn Fn(&str) -> Option<String>| in_window(page, text, fact, name, change);
    let mut add = |kind, text, rules: &[&'static str]| push(found, kind, text, rules, &[&subject]);
    match claim {
        Claim::Type(kind) => {
            // A default that is glued to what comes behind it would be written in another way as well.
            let is_glued = page.format == Format::FumadocsText && kind.names != ["string"] && has_default(page, place);
            if let [one] = kind.names.as_slice()
                && !is_glued
            {
                add("type", within(&|window| retyped(window, one)), &["property-type", "property-format"]);
            }
        }
        Claim::Required(wanted) if !is_path(place) => add("required", within(&|window| flipped(window, *wanted)), &["property-required"]),
        Claim::Nullable(true) => add(
            "nullable",
            within(&|window| first_of(window, &[(" | null", ""), (" or null", ""), ("nullable: true", "nullable: false")])),
            &["property-nullable", "keyword"],
        ),
        Claim::Enum(values) if values.len() > 1 => add("enum value", within(&|window| dropped(window, values)), &["property-enum"]),
        Claim::Default(value) => add("default", within(&|window| defaulted(window, value)), &["property-default"]),
        Claim::Limit { value, .. } => add("limit", within(&|window| limited(window, value)), &["property-limit"]),
        _ => {}
    }
    let is_first = !page.facts[..at].iter().any(|other| matches!(&other.statement, Statement::Member { place: own, .. } if own == place));
    if is_first && is_alone(page, place, name) {
        let new = format!("{name}z");
        push(found, "name", renamed(text, fact, name, &new), &["property"], &[&new, &subject]);
    }
}

fn has_default(page: &Page, place: &Place) -> bool {
    page.facts.iter().any(|fact| matches!(&fact.statement, Statement::Member { place: own, claim: Claim::Default(_) } if own == place))
}

fn name_of(place: &Place) -> Option<&str> {
    match place {
        Place::Parameter { name, .. } | Place::Header { name, .. } => Some(name),
        Place::Property { path, .. } => {
            path.iter().rev().find_map(|step| if let Step::Property(name) = step { Some(name.as_str()) } else { None })
        }
    }
}

fn is_path(place: &Place) -> bool {
    matches!(place, Place::Parameter { location: specs::api::Location::Path, .. })
}

/// Whether only one place has this name, so that changing it everywhere changes one thing.
fn is_alone(page: &Page, place: &Place, name: &str) -> bool {
    let is_elsewhere = page.facts.iter().any(|fact| match &fact.statement {
        Statement::Member { place: own, claim } => {
            let other = own != place && name_of(own) == Some(name) && !is_below(own, place);
            other || matches!(claim, Claim::Enum(values) if values.iter().any(|value| value == name))
        }
        Statement::Operation(signature) => signature.path.contains(name),
        Statement::Answer { body, .. } => holds(body, name) && !matches!(place, Place::Property { side: Side::Response(_), .. }),
        Statement::Request(request) => {
            matches!(&request.body, Some(Payload::Json(body)) if holds(body, name))
                && !matches!(place, Place::Property { side: Side::Request, .. })
        }
        _ => false,
    });
    name.len() > 2 && !is_path(place) && !is_elsewhere
}

fn is_below(place: &Place, above: &Place) -> bool {
    matches!((place, above), (Place::Property { side, path }, Place::Property { side: own, path: first }) if side == own && path.starts_with(first))
}

fn holds(body: &Value, name: &str) -> bool {
    match body {
        Value::Object(members) => members.iter().any(|(own, value)| own == name || holds(value, name)),
        Value::Array(items) => items.iter().any(|item| holds(item, name)),
        _ => false,
    }
}

/// Changes the text of one field: from its name to where the next place begins.
fn in_window(page: &Page, text: &str, fact: &Fact, name: &str, change: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let starts = |fact: &Fact| match &fact.statement {
        Statement::Member { place, .. } => name_of(place) != Some(name),
        _ => true,
    };
    let next =
        page.facts.iter().filter(|other| other.line > fact.line && starts(other)).map(|other| other.line).min().unwrap_or(fact.line + 8);
    let offset = |line: usize| text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
    // The name may stand some lines above the fact: limits and values have lines of their own.
    let first = page
        .facts
        .iter()
        .filter(|other| !starts(other) && other.line <= fact.line && fact.line - other.line < 9)
        .map(|other| other.line)
        .min()?;
    let (start, end) = (offset(first), offset(next.max(fact.line + 1)).min(text.len()));
    let own = text[start..end].find(name).map_or(start, |at| start + at + name.len());
    let end = end_of_glued(page, &text[own..end], fact.line).map_or(end, |length| own + length);
    change(&text[own..end]).map(|changed| format!("{}{changed}{}", &text[..own], &text[end..]))
}

/// Where the next field begins that is glued to this one on the same line.
fn end_of_glued(page: &Page, rest: &str, line: usize) -> Option<usize> {
    let names = page.facts.iter().filter(|fact| fact.line >= line && fact.line <= line + 1).filter_map(|fact| match &fact.statement {
        Statement::Member { place, .. } => name_of(place),
        _ => None,
    });
    let glued = names.flat_map(|name| [format!("{name}*"), format!("{name}?")]);
    glued.filter_map(|glued| rest.find(&glued).filter(|at| *at > 0)).min()
}

fn statuses(page: &Page, text: &str, fact: &Fact, code: u16, found: &mut Vec<Mutation>) {
    let old = code.to_string();
    push(found, "status", replaced(text, &old, "451"), &["status"], &["451", &format!("`{old}`")]);
    let is_last = !page.facts.iter().any(|other| other.line == fact.line + 1 && matches!(other.statement, Statement::Status(_)));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let Some(line) = lines.get(fact.line - 1).filter(|line| line.contains(&old)) else { return };
    let named = lines.get(fact.line).filter(|next| line.trim() == old && is_last && next.contains("Error"));
    let length = 1 + usize::from(named.is_some());
    let is_entry = ["|", "<li>", "- `", &old].iter().any(|start| line.trim_start().starts_with(start)) && line.matches(&old).count() == 1;
    let is_whole = line.trim_start().starts_with("<li>") == line.contains("</li>");
    if is_entry && is_whole && line.trim().len() < 90 {
        let copy = replaced(&lines[fact.line - 1..fact.line - 1 + length].concat(), &old, "451").map(|copy| drop_code(&copy, page));
        let made = copy.map(|copy| {
            [&lines[..fact.line - 1 + length].concat(), &copy, &lines[fact.line - 1 + length..].concat()].map(String::as_str).concat()
        });
        push(found, "new status", made, &["status"], &["451"]);
    }
}

/// The copied line says the code of the status that it was copied from; the new one has none.
fn drop_code(line: &str, page: &Page) -> String {
    let codes =
        page.facts.iter().filter_map(|fact| if let Statement::ErrorCode { code, .. } = &fact.statement { Some(code) } else { None });
    codes.fold(line.to_owned(), |line, code| line.replace(&format!("`{code}`"), "").replace(&format!("<code>{code}</code>"), ""))
}

fn credentials(text: &str, kind: &SchemeKind, scopes: &[String], found: &mut Vec<Mutation>) {
    let rules = ["security", "example", "property"];
    match kind {
        SchemeKind::ApiKey { name, .. } => {
            let new = format!("{name}-New");
            push(found, "credentials", replaced(text, name, &new), &rules, &[&new, name]);
        }
        SchemeKind::Bearer { .. } => {
            push(found, "credentials", Some(text.replace("Bearer", "Basic").replace("bearer", "basic")), &rules, &["Basic"]);
        }
        SchemeKind::Basic => push(
            found,
            "credentials",
            Some(text.replace("Basic", "Bearer").replace("type: basic", "type: apiKey, in: header, name: X-Key")),
            &rules,
            &["Bearer", "X-Key"],
        ),
        _ => {}
    }
    for scope in scopes {
        let new = format!("{scope}z");
        push(found, "scope", replaced(text, scope, &new), &["scope"], &[&new, &format!("`{scope}`")]);
    }
}

fn address(text: &str, path: &str, method: &str, found: &mut Vec<Mutation>) {
    if let Some(last) = path.split('/').rfind(|part| part.len() > 3 && !part.contains('{')) {
        let new = format!("{last}z");
        let split = text
            .replace(&format!("/\n{last}\n"), &format!("/\n{new}\n"))
            .replace(&format!("<div>{last}</div>"), &format!("<div>{new}</div>"));
        let rules = ["operation-path"];
        push(found, "path", Some(split.replace(&format!("/{last}"), &format!("/{new}"))), &rules, &[&new]);
    }
    let new = if method == "PATCH" { "PUT" } else { "PATCH" };
    if method != "GET" {
        let lower = format!("    {}:", method.to_ascii_lowercase());
        let changed = replaced(text, method, new).unwrap_or_else(|| text.to_owned());
        push(found, "method", Some(changed.replace(&lower, &format!("    {}:", new.to_ascii_lowercase()))), &["operation-method"], &[new]);
    }
}

/// A number in an example becomes text.
fn example(text: &str, fact: &Fact, found: &mut Vec<Mutation>) {
    let body = match &fact.statement {
        Statement::Answer { body, .. } => body,
        Statement::Request(request) => match &request.body {
            Some(Payload::Json(body)) => body,
            _ => return,
        },
        _ => return,
    };
    for (name, value) in body.as_object().into_iter().flatten().filter(|(_, value)| value.is_i64()) {
        let shown = [format!("\"{name}\": {value}"), format!("\"{name}\":{value}")];
        let Some(shown) = shown.iter().find(|shown| text.matches(shown.as_str()).count() == 1) else { continue };
        let changed = text.replace(shown.as_str(), &format!("\"{name}\": \"many\""));
        push(found, "example", Some(changed), &["example"], &[&format!("{name}`")]);
    }
}

fn renamed(text: &str, fact: &Fact, name: &str, new: &str) -> Option<String> {
    let everywhere = replaced(text, name, new).unwrap_or_else(|| text.to_owned());
    // A name that is glued to its type is no word.
    let mut lines: Vec<String> = everywhere.split_inclusive('\n').map(str::to_owned).collect();
    let line = lines.get_mut(fact.line - 1)?;
    if !line.contains(new) {
        *line = line.replacen(name, new, 1);
    }
    Some(lines.concat())
}
