//! A first document from what pages state.
//!
//! All of it is marked: `page` for what a page states, `inferred` for what a document needs and no page told. What a person
//! has to fill in is told beside it, and not invented: an address that nobody named would be called by somebody.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::{
    api::{Location, SchemeKind, Status},
    document::Source,
    edit::{self, Edit, Refused},
    pages::{Basis, Claim, Fact, Page, Payload, Place, Side, Signature, Statement},
};

use super::{draft, mend, merge, scene::Groups, shape, words, written};

/// A document, and what is left to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// The document, as YAML.
    pub text: String,
    /// What no page states and a document needs; lower-case fragments.
    pub wants: Vec<String>,
}

/// Makes a document of pages. `read` is the day on which they were read.
///
/// # Errors
/// When the document cannot be written as YAML.
pub fn first(name: &str, pages: &[Page], read: &str) -> Result<First, Refused> {
    let mut made = Making { pages, wants: Vec::new(), schemes: IndexMap::new() };
    let paths = made.paths();
    let servers = made.servers();
    let mut members: Vec<(&str, Value)> = vec![("info", json!({ "title": name, "version": "1" }))];
    members.extend((!servers.is_empty()).then(|| ("servers", json!(servers))));
    let docs: Vec<Value> =
        pages.iter().filter(|page| page.name.contains("://")).map(|page| json!({ "url": page.name, "read": read })).collect();
    members.extend((!docs.is_empty()).then(|| ("x-docs", json!(docs))));
    members.extend((!paths.is_empty()).then_some(("paths", Value::Object(paths))));
    if !made.schemes.is_empty() {
        let schemes: Map<String, Value> = made.schemes.iter().map(|(name, kind)| (name.clone(), scheme(kind))).collect();
        members.push(("components", json!({ "securitySchemes": schemes })));
    }
    let edits: Vec<Edit> =
        members.into_iter().map(|(key, value)| Edit::Insert { at: String::new(), key: key.to_owned(), value, after: None }).collect();
    let text = edit::apply("document.yaml", "openapi: 3.0.3\n", &edits)?;
    // Documents are loaded as they were written, and so is this one: its schemas make the examples that no page shows.
    let loaded = crate::load(&Source::new(name, "document.yaml", text.clone()));
    let text = edit::apply("document.yaml", &text, &mend::absent(&loaded))?;
    Ok(First { text, wants: made.wants })
}

struct Making<'p> {
    pages: &'p [Page],
    wants: Vec<String>,
    schemes: IndexMap<String, SchemeKind>,
}

/// One operation of a page.
struct Told<'p> {
    page: &'p Page,
    position: usize,
    signature: &'p Signature,
}

impl<'p> Told<'p> {
    fn facts(&self) -> impl Iterator<Item = &'p Fact> + use<'p> {
        let position = self.position;
        self.page.facts.iter().filter(move |fact| fact.operation.is_none_or(|own| own == position))
    }

    fn groups(&self) -> Groups<'p> {
        let mut found: Groups = IndexMap::new();
        for fact in self.facts() {
            if let Statement::Member { place, claim } = &fact.statement {
                found.entry(place).or_default().push((fact, claim));
            }
        }
        found
    }
}

impl<'p> Making<'p> {
    fn told(&self) -> Vec<Told<'p>> {
        let mut found: Vec<Told> = Vec::new();
        for page in self.pages {
            for (position, signature) in page.operations.iter().enumerate() {
                let is_told = page.facts.iter().any(|fact| fact.operation == Some(position) && fact.basis < Basis::Mention);
                if is_told && !found.iter().any(|known| known.signature == signature) {
                    found.push(Told { page, position, signature });
                }
            }
        }
        found
    }

    /// The servers that are named; a base path that all paths show already is theirs.
    fn servers(&mut self) -> Vec<Value> {
        let mut found: Vec<&str> = Vec::new();
        for fact in self.pages.iter().flat_map(|page| &page.facts) {
            if let Statement::Server(url) = &fact.statement
                && !found.contains(&url.trim_end_matches('/'))
            {
                found.push(url.trim_end_matches('/'));
            }
        }
        let paths: Vec<&str> = self.pages.iter().flat_map(|page| &page.operations).map(|signature| signature.path.as_str()).collect();
        let mut urls: Vec<String> = Vec::new();
        for url in found {
            let path = url.split_once("//").and_then(|(_, rest)| rest.find('/').map(|slash| &rest[slash..])).unwrap_or_default();
            let is_shown = !path.is_empty() && paths.iter().all(|shown| shown.starts_with(&format!("{path}/")));
            let url = if is_shown { url.strip_suffix(path).unwrap_or(url) } else { url };
            if !urls.iter().any(|known| known == url) {
                urls.push(url.to_owned());
            }
        }
        if urls.is_empty() {
            self.wants.push("no page names the server: add `servers: [{url: …}]`".to_owned());
        }
        urls.into_iter().map(|url| json!({ "url": url })).collect()
    }

    fn paths(&mut self) -> Map<String, Value> {
        let mut paths: Map<String, Value> = Map::new();
        for told in self.told() {
            let operation = self.operation(&told);
            let method = told.signature.method.as_str().to_ascii_lowercase();
            let item = paths.entry(told.signature.path.clone()).or_insert_with(|| json!({}));
            item[method] = operation;
        }
        if paths.is_empty() {
            self.wants.push("no page names an operation: add `paths`".to_owned());
        }
        paths
    }

    fn operation(&mut self, told: &Told) -> Value {
        let groups = told.groups();
        let Signature { method, path } = told.signature;
        let words: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{')).collect();
        let id = crate::document::identifier(&format!("{} {path}", method.as_str().to_ascii_lowercase()));
        let mut made = json!({
            "operationId": id,
            "summary": format!("{method} {path}"),
            "tags": [words.last().copied().unwrap_or("API")],
            "x-evidence": "page",
        });
        let scopes = self.security(told, &mut made);
        if !scopes.is_empty() {
            made["x-scopes"] = json!(scopes);
        }
        let parameters = parameters(told, &groups);
        if !parameters.is_empty() {
            made["parameters"] = json!(parameters);
        }
        if let Some(body) = body(told, &groups) {
            made["requestBody"] = body;
        }
        made["responses"] = self.responses(told, &groups);
        made
    }

    /// Adds the credentials, and returns the scopes.
    fn security(&mut self, told: &Told, made: &mut Value) -> Vec<String> {
        let mut alternatives: Vec<Value> = Vec::new();
        let mut all: Vec<String> = Vec::new();
        for fact in told.facts().filter(|fact| fact.basis < Basis::Mention) {
            let Statement::Security { kind, scopes } = &fact.statement else { continue };
            let alternative = json!({ self.scheme(kind): [] });
            if !alternatives.contains(&alternative) {
                alternatives.push(alternative);
            }
            all.extend(scopes.iter().filter(|scope| !all.contains(scope)).cloned().collect::<Vec<_>>());
        }
        if alternatives.is_empty() {
            let Signature { method, path } = told.signature;
            self.wants.push(format!("no page says which credentials `{method} {path}` takes: add `security`"));
        }
        made["security"] = json!(alternatives);
        all
    }

    fn scheme(&mut self, kind: &SchemeKind) -> String {
        if let Some((name, _)) = self.schemes.iter().find(|(_, known)| super::credentials::is_same(known, kind)) {
            return name.clone();
        }
        let word = match kind {
            SchemeKind::ApiKey { .. } => "key",
            SchemeKind::Basic => "basic",
            SchemeKind::Bearer { .. } => "bearer",
            SchemeKind::Http(_) => "http",
            SchemeKind::MutualTls => "certificate",
        };
        let taken = self.schemes.keys().filter(|name| name.starts_with(word)).count();
        let name = if taken == 0 { word.to_owned() } else { format!("{word}{}", taken + 1) };
        self.schemes.insert(name.clone(), kind.clone());
        name
    }

    fn responses(&mut self, told: &Told, groups: &Groups) -> Value {
        let mut statuses: Vec<Status> = told.facts().filter(|fact| fact.basis < Basis::Mention).filter_map(status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let mut made = Map::new();
        let is_success = |status: &Status| matches!(status, Status::Exactly(200..=299) | Status::Range(2));
        let success = statuses.iter().copied().find(is_success);
        let (key, evidence) = success.map_or_else(|| ("200".to_owned(), "inferred"), |status| (written::status(status), "page"));
        if success.is_none() {
            let Signature { method, path } = told.signature;
            self.wants.push(format!("no page tells the status of a success of `{method} {path}`: `200` is inferred"));
        }
        made.insert(key, answer(told, groups, success, true, evidence));
        let others: Vec<Status> = statuses.into_iter().filter(|status| Some(*status) != success).collect();
        for status in &others {
            made.insert(written::status(*status), answer(told, groups, Some(*status), false, "page"));
        }
        if !others.iter().any(|status| matches!(status, Status::Exactly(400..=599) | Status::Range(4 | 5) | Status::Default)) {
            made.insert("4XX".to_owned(), answer(told, groups, None, false, "inferred"));
        }
        Value::Object(made)
    }
}

fn status(fact: &Fact) -> Option<Status> {
    match &fact.statement {
        Statement::Status(status)
        | Statement::ErrorCode { status: Some(status), .. }
        | Statement::Member { place: Place::Property { side: Side::Response(Some(status)), .. }, .. } => Some(*status),
        _ => None,
    }
}

fn parameters(told: &Told, groups: &Groups) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for (place, said) in groups {
        let Place::Parameter { location, name } = place else { continue };
        let is_other = ["authorization", "content-type", "accept"].contains(&name.to_ascii_lowercase().as_str());
        let is_key = told.facts().any(|fact| {
            matches!(&fact.statement, Statement::Security { kind: SchemeKind::ApiKey { name: key, .. }, .. } if key.eq_ignore_ascii_case(name))
        });
        if is_other || is_key || said.iter().all(|(fact, _)| fact.basis == Basis::Mention) {
            continue;
        }
        let required = *location == Location::Path || said.iter().any(|(_, claim)| **claim == Claim::Required(true));
        let mut schema = draft::place(groups, place);
        if schema.get("type").is_none() {
            schema["type"] = json!("string");
        }
        let mut made =
            json!({ "name": name, "in": location.as_str(), "required": required, "description": format!("The {}.", words::place(place)) });
        if let Some(example) = schema.as_object_mut().and_then(|schema| schema.remove("example")) {
            made["example"] = example;
        }
        made["schema"] = schema;
        found.push(made);
    }
    for name in told.signature.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
        if !found.iter().any(|known| known["in"] == "path" && known["name"] == name) {
            let description = format!("The path parameter `{name}`.");
            found.push(json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } }));
        }
    }
    found.retain(|parameter| {
        parameter["in"] != "path" || told.signature.path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap_or_default()))
    });
    found
}

fn body(told: &Told, groups: &Groups) -> Option<Value> {
    let top = Place::Property { side: Side::Request, path: Vec::new() };
    let examples: Vec<Value> = told.facts().filter_map(sent).collect();
    let has_fields = groups.keys().any(|place| matches!(place, Place::Property { side: Side::Request, .. }));
    let media = told.facts().find_map(|fact| match &fact.statement {
        Statement::MediaType { side: Side::Request, name } if fact.basis <= Basis::Sentence => Some(name.clone()),
        _ => None,
    });
    if !has_fields && examples.is_empty() {
        return None;
    }
    let mut content = json!({ "schema": with_examples(draft::place(groups, &top), &examples) });
    add_examples(&mut content, &examples);
    let required = draft::is_required(groups, &top) || content["schema"].get("required").is_some();
    Some(json!({ "required": required, "content": { media.unwrap_or_else(|| "application/json".to_owned()): content } }))
}

fn sent(fact: &Fact) -> Option<Value> {
    match &fact.statement {
        Statement::Request(request) => match &request.body {
            Some(Payload::Json(value)) => Some(value.clone()),
            _ => None,
        },
        _ => None,
    }
}

fn answer(told: &Told, groups: &Groups, status: Option<Status>, is_success: bool, evidence: &str) -> Value {
    let is_own = |side: &Side| match side {
        Side::Request => false,
        Side::Response(None) => is_success,
        Side::Response(own) => *own == status,
    };
    let sides = groups.keys().filter_map(|place| match place {
        Place::Property { side, .. } if is_own(side) => Some(*side),
        _ => None,
    });
    let sides: Vec<Side> = sides.fold(Vec::new(), |mut all, side| {
        if !all.contains(&side) {
            all.push(side);
        }
        all
    });
    let shown = told.facts().filter_map(|fact| match &fact.statement {
        Statement::Answer { status: own, body } => {
            let is_shown = own.map_or(is_success, |own| Some(Status::Exactly(own)) == status);
            is_shown.then(|| body.clone())
        }
        _ => None,
    });
    let examples: Vec<Value> = shown.collect();
    let codes: Vec<&String> = told
        .facts()
        .filter_map(|fact| match &fact.statement {
            Statement::ErrorCode { status: of, code } if *of == status || (of.is_none() && !is_success) => Some(code),
            _ => None,
        })
        .collect();
    let mut schema = sides.iter().fold(json!({}), |mut schema, side| {
        merge::into(&mut schema, draft::place(groups, &Place::Property { side: *side, path: Vec::new() }));
        schema
    });
    if !codes.is_empty() && examples.is_empty() {
        merge::into(&mut schema, json!({ "type": "object", "properties": { "code": { "type": "string", "enum": codes } } }));
    }
    let mut made = json!({ "description": describe(status, is_success), "x-evidence": evidence });
    let schema = with_examples(schema, &examples);
    if schema.as_object().is_some_and(|schema| !schema.is_empty()) {
        let mut content = json!({ "schema": schema });
        content["schema"]["x-evidence"] = json!("page");
        add_examples(&mut content, &examples);
        made["content"] = json!({ "application/json": content });
    }
    let headers: Map<String, Value> = groups.keys().filter_map(|place| header(groups, place, status, is_success)).collect();
    if !headers.is_empty() {
        made["headers"] = Value::Object(headers);
    }
    made
}

fn header(groups: &Groups, place: &Place, status: Option<Status>, is_success: bool) -> Option<(String, Value)> {
    let Place::Header { status: of, name } = place else { return None };
    let is_own = of.map_or(is_success, |of| Some(of) == status);
    let mut schema = draft::place(groups, place);
    if schema.get("type").is_none() {
        schema["type"] = json!("string");
    }
    is_own.then(|| (name.clone(), json!({ "description": format!("The header `{name}`."), "schema": schema })))
}

/// What examples show besides what the fields say.
fn with_examples(mut schema: Value, examples: &[Value]) -> Value {
    for example in examples {
        merge::beside(&mut schema, &shape::bare(example));
    }
    schema
}

fn add_examples(content: &mut Value, examples: &[Value]) {
    if let Some(example) = examples.first() {
        content["examples"] = json!({ "page": { "summary": "The example of the page", "value": example } });
    }
}

fn describe(status: Option<Status>, is_success: bool) -> String {
    let reason = match status {
        Some(Status::Exactly(code)) => http::StatusCode::from_u16(code).ok().and_then(|code| code.canonical_reason()),
        _ => None,
    };
    let other = if is_success { "What a success answers" } else { "Why a request is refused" };
    format!("{}.", reason.unwrap_or(other))
}

fn scheme(kind: &SchemeKind) -> Value {
    match kind {
        SchemeKind::ApiKey { location, name } => json!({ "type": "apiKey", "in": location.as_str(), "name": name }),
        SchemeKind::Basic => json!({ "type": "http", "scheme": "basic" }),
        SchemeKind::Bearer { .. } => json!({ "type": "http", "scheme": "bearer" }),
        SchemeKind::Http(name) => json!({ "type": "http", "scheme": name }),
        SchemeKind::MutualTls => json!({ "type": "mutualTLS" }),
    }
}
