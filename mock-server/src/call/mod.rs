//! A call that works as written: an operation of the document with its example values, as a command.

mod curl;
mod tour;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use specs::{
    Api,
    api::{Direction, Location, Operation, Parameter, Part, SchemaId, Scheme, SchemeKind},
    resources::{Action, Place},
    sample::Sampler,
    validate::Validators,
};

pub(crate) use curl::{Call, quote};
pub(crate) use tour::{Stop, tour};

/// What may stand as it is in a path segment or a query value, for servers and for curl, which globs.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b',').remove(b':').remove(b'@');

/// The call that shows best what a provider does: creates something, else lists it, else whatever can be called.
pub(crate) fn sample(api: &Api) -> Option<(&Operation, Call)> {
    let mut operations: Vec<&Operation> = api.operations.iter().collect();
    operations.sort_by_key(|operation| rank(operation));
    let find = |values: &Values| operations.iter().find_map(|operation| Some((*operation, call(values, operation)?)));
    find(&Values { api, inventor: None, made: None }).or_else(|| {
        let validators = Validators::new(api);
        let inventor = Sampler::new(&api.schemas, &validators, Direction::Request, 0);
        find(&Values { api, inventor: Some(inventor), made: None })
    })
}

/// How a credential of a scheme is sent, and one that works.
pub(crate) fn credential(scheme: &Scheme) -> (String, String) {
    let example = |fallback: &str| scheme.credentials.example.clone().unwrap_or_else(|| fallback.to_owned());
    let secret = match &scheme.kind {
        SchemeKind::ApiKey { .. } => example("key"),
        SchemeKind::Basic => example("user:password"),
        SchemeKind::Bearer { .. } => example("token"),
        SchemeKind::Http(_) => example("credentials"),
        SchemeKind::MutualTls => String::new(),
    };
    (scheme.sent_as(), secret)
}

/// Where values come from: the document, and if need be a sampler of its schemas.
struct Values<'a> {
    api: &'a Api,
    inventor: Option<Sampler>,
    /// An item that was made: the name of its resource, and its key.
    made: Option<(&'a str, &'a Value)>,
}

fn rank(operation: &Operation) -> u8 {
    match operation.role.as_ref().map(|role| role.action) {
        _ if operation.deprecated => 5,
        Some(Action::Create) => 0,
        Some(Action::List) => 1,
        Some(Action::Read) => 2,
        _ if operation.method == Method::GET => 3,
        _ => 4,
    }
}

/// The operation with example values; `None` when the document has none for something that must be sent.
fn call(values: &Values, operation: &Operation) -> Option<Call> {
    let (content_type, body) = match operation.body.as_ref().filter(|body| body.required) {
        Some(body) => {
            let content = body.content.iter().find(|content| content.is_json())?;
            let example = content.examples.first().map(|example| example.value.clone());
            let value = example.or_else(|| values.invent(content.schema.as_ref()))?;
            (Some(content.essence().to_owned()), Some(value.to_string()))
        }
        None => (None, None),
    };
    let mut call = Call { method: operation.method.clone(), target: path(values, operation)?, headers: Vec::new(), user: None, body };
    call.headers.extend(content_type.map(|content_type| ("Content-Type".to_owned(), content_type)));
    let mut query = Vec::new();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        match parameter.location {
            Location::Query => query.extend(pairs(parameter, &values.of(operation, parameter)?)?),
            Location::Header => call.headers.push((parameter.name.clone(), plain(&values.of(operation, parameter)?)?)),
            Location::Cookie => {
                let value = plain(&values.of(operation, parameter)?)?;
                call.headers.push(("Cookie".to_owned(), format!("{}={value}", parameter.name)));
            }
            Location::Path => {}
        }
    }
    authorize(values.api, operation, &mut call, &mut query);
    let query: Vec<String> = query.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    if !query.is_empty() {
        call.target = format!("{}?{}", call.target, query.join("&"));
    }
    Some(call)
}

fn path(values: &Values, operation: &Operation) -> Option<String> {
    let mut path = String::new();
    for segment in &operation.segments {
        path.push('/');
        for part in &segment.parts {
            match part {
                Part::Literal(text) => path.push_str(text),
                Part::Variable(name) => {
                    let declared = |parameter: &&Parameter| parameter.location == Location::Path && parameter.name == *name;
                    let parameter = operation.parameters.iter().find(declared)?;
                    path.push_str(&escape(&plain(&values.of(operation, parameter)?)?));
                }
            }
        }
    }
    Some(path)
}

/// Meets the first alternative of `security`.
fn authorize(api: &Api, operation: &Operation, call: &mut Call, query: &mut Vec<(String, String)>) {
    let schemes = operation.security.first().map(|security| security.schemes.as_slice()).unwrap_or_default();
    for scheme in schemes.iter().filter_map(|(name, _)| api.schemes.get(name)) {
        let (_, secret) = credential(scheme);
        match &scheme.kind {
            SchemeKind::Basic => call.user = Some(secret),
            SchemeKind::Bearer { .. } => call.headers.push(("Authorization".to_owned(), format!("Bearer {secret}"))),
            SchemeKind::Http(name) => call.headers.push(("Authorization".to_owned(), format!("{name} {secret}"))),
            SchemeKind::ApiKey { location: Location::Query, name } => query.push((name.clone(), secret)),
            SchemeKind::ApiKey { location: Location::Cookie, name } => {
                call.headers.push(("Cookie".to_owned(), format!("{name}={secret}")));
            }
            SchemeKind::ApiKey { name, .. } => call.headers.push((name.clone(), secret)),
            SchemeKind::MutualTls => {}
        }
    }
}

impl Values<'_> {
    /// A value of a parameter: its example, a row that it names, what its schema says, or an invented one.
    fn of(&self, operation: &Operation, parameter: &Parameter) -> Option<Value> {
        if let Some(key) = self.key(operation, parameter) {
            return Some(key);
        }
        if let Some(example) = parameter.examples.first() {
            return Some(example.value.clone());
        }
        let schema = parameter.schema.as_ref().map(|id| self.api.schemas.resolve(id).1);
        let said = || {
            let schema = schema?;
            schema.get("default").or_else(|| schema.get("const")).or_else(|| schema.get("enum")?.get(0)).cloned()
        };
        seeded(self.api, operation, parameter).or_else(said).or_else(|| self.invent(parameter.schema.as_ref()))
    }

    /// The key of what was made, where the parameter names such an item.
    fn key(&self, operation: &Operation, parameter: &Parameter) -> Option<Value> {
        let (resource, key) = self.made?;
        let role = operation.role.as_ref().filter(|role| role.resource == resource)?;
        names(parameter, role.key.as_ref()?).then(|| key.clone())
    }

    fn invent(&self, schema: Option<&SchemaId>) -> Option<Value> {
        self.inventor.as_ref()?.minimal(schema?).ok()
    }
}

/// The key of a row that exists at start, when the parameter names one.
fn seeded(api: &Api, operation: &Operation, parameter: &Parameter) -> Option<Value> {
    let role = operation.role.as_ref()?;
    let own = api.resources.iter().find(|resource| resource.name == role.resource)?;
    let wanted = if role.key.as_ref().is_some_and(|place| names(parameter, place)) {
        own.name.as_str()
    } else {
        let (property, _) = role.parents.iter().find(|(_, place)| names(parameter, place))?;
        own.parents.iter().find(|parent| parent.property == *property)?.resource.as_str()
    };
    let key = api.resources.iter().find(|resource| resource.name == wanted).map_or("id", |resource| resource.key.as_str());
    api.mock.seed.get(wanted)?.first()?.get(key).cloned()
}

/// Whether a parameter is the one at a place.
fn names(parameter: &Parameter, place: &Place) -> bool {
    let (location, name) = match place {
        Place::Path(name) => (Location::Path, name),
        Place::Query(name) => (Location::Query, name),
        Place::Header(name) => (Location::Header, name),
        Place::Body(_) => return false,
    };
    parameter.location == location && parameter.name == *name
}

/// The pairs of a query parameter.
fn pairs(parameter: &Parameter, value: &Value) -> Option<Vec<(String, String)>> {
    let name = parameter.name.clone();
    match value {
        Value::Array(items) if parameter.explode => items.iter().map(|item| Some((name.clone(), plain(item)?))).collect(),
        other => Some(vec![(name, plain(other)?)]),
    }
}

/// A value as text: scalars, and arrays of them with commas.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(|items| items.join(",")),
        Value::Null | Value::Object(_) => None,
    }
}

fn escape(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use specs::Source;

    use super::*;

    /// The command for a document of one operation.
    fn check(operation: &str, rest: &str, expected: Option<&str>) {
        let text = format!("openapi: 3.0.3\ninfo: {{title: Kites, version: '1'}}\npaths:\n{operation}\n{rest}\n");
        let api = specs::load(&Source::new("kites", "kites.yaml", text)).api.unwrap();
        let line = sample(&api).map(|(_, call)| call.curl("http://127.0.0.1:1/kites"));
        assert_eq!(line.as_deref(), expected);
    }

    const OK: &str = "responses: {'200': {description: ok}}";

    #[test]
    fn what_must_be_sent_is_sent_and_nothing_else() {
        let parameters = "parameters: [{name: q, in: query, required: true, schema: {type: string}, example: 'a b&c'}, \
            {name: r, in: query, schema: {type: string}, example: z}, \
            {name: X-Wind, in: header, required: true, schema: {type: string, enum: [strong, weak]}}]";
        let operation = format!("  /kites: {{get: {{{parameters}, {OK}}}}}");
        check(&operation, "", Some("curl -H 'X-Wind: strong' 'http://127.0.0.1:1/kites/kites?q=a%20b%26c'"));
    }

    #[test]
    fn brackets_are_escaped_because_curl_globs_them() {
        let parameters =
            "parameters: [{name: 'of[]', in: query, required: true, schema: {type: array, items: {type: integer}}, example: [1, 2]}]";
        let operation = format!("  /kites: {{get: {{{parameters}, {OK}}}}}");
        check(&operation, "", Some("curl 'http://127.0.0.1:1/kites/kites?of%5B%5D=1&of%5B%5D=2'"));
    }

    #[test]
    fn credentials_are_those_of_the_first_alternative() {
        for (scheme, expected) in [
            ("{type: http, scheme: basic}", "curl -u user:password http://127.0.0.1:1/kites/kites"),
            ("{type: http, scheme: bearer}", "curl -H 'Authorization: Bearer token' http://127.0.0.1:1/kites/kites"),
            ("{type: apiKey, in: query, name: key}", "curl 'http://127.0.0.1:1/kites/kites?key=key'"),
            ("{type: apiKey, in: cookie, name: sid}", "curl -H 'Cookie: sid=key' http://127.0.0.1:1/kites/kites"),
        ] {
            let rest = format!("components: {{securitySchemes: {{one: {scheme}}}}}");
            check(&format!("  /kites: {{get: {{security: [{{one: []}}], {OK}}}}}"), &rest, Some(expected));
        }
    }

    #[test]
    fn a_path_without_example_takes_the_key_of_a_row() {
        let parameters = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]";
        let role = "x-resource: {name: kites, action: read, key: path.id, item: ''}";
        let operation = format!("  /kites/{{id}}: {{get: {{{role}, {parameters}, {OK}}}}}");
        let seed = "x-resource: {kites: {key: id}}\nx-mock: {seed: {kites: [{id: k/7}]}}";
        check(&operation, seed, Some("curl http://127.0.0.1:1/kites/kites/k%2F7"));
    }

    #[test]
    fn what_the_document_has_no_example_of_is_invented() {
        let parameters = "parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 7}}]";
        check(&format!("  /kites/{{id}}: {{get: {{{parameters}, {OK}}}}}"), "", Some("curl http://127.0.0.1:1/kites/kites/7"));
    }

    #[test]
    fn an_operation_that_needs_nothing_invented_goes_first() {
        let parameters = "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]";
        let operations = format!("  /kites/{{id}}: {{get: {{{parameters}, {OK}}}}}\n  /winds: {{put: {{{OK}}}}}");
        check(&operations, "", Some("curl -X PUT http://127.0.0.1:1/kites/winds"));
    }

    #[test]
    fn what_allows_no_value_is_not_shown() {
        let parameters = "parameters: [{name: id, in: path, required: true, schema: {not: {}}}]";
        check(&format!("  /kites/{{id}}: {{get: {{{parameters}, {OK}}}}}"), "", None);
    }
}
