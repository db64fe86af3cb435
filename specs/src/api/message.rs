//! What is sent and answered: servers, parameters, bodies, responses, headers and examples.

use serde_json::Value;

use super::{
    Body, Evidence, Example, Header, Location, MediaType, Parameter, Response, SchemaId, Server, Status, Style, extensions,
    node::{Node, Reader},
    schemas::Schemas,
};

/// Header parameters that OpenAPI leaves to other places of a document.
const IGNORED_HEADERS: &[&str] = &["accept", "content-type", "authorization"];

/// How many URLs the variables of a server make, at most.
const MOST_URLS: usize = 64;

/// The `servers` of a node.
pub(super) fn servers<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>) -> Vec<Server> {
    node.items_of("servers").into_iter().filter_map(|node| server(reader, &node)).collect()
}

fn server(reader: &mut Reader, node: &Node) -> Option<Server> {
    let Some(template) = node.string("url") else {
        reader.problems.error("server-url", &node.pointer, "the server has no `url`", "add `url`");
        return None;
    };
    let mut url = template.to_owned();
    let mut variables = Vec::new();
    // The URL with the variables at all values.
    let mut urls = vec![template.to_owned()];
    for (name, variable) in node.members_of("variables") {
        let default = match variable.text("default") {
            text if text.is_empty() => {
                variable.get("enum").and_then(|values| values.items().next()?.value.as_str().map(str::to_owned)).unwrap_or_default()
            }
            text => text,
        };
        let variable_in_url = format!("{{{name}}}");
        url = url.replace(&variable_in_url, &default);
        let values = values(&variable, &default, path_of(template).contains(&variable_in_url));
        let others = urls.iter().flat_map(|url| values.iter().map(|value| url.replace(&variable_in_url, value)));
        urls = others.take(MOST_URLS).collect();
        variables.push((name.to_owned(), default, variable.text("description")));
    }
    if url.contains(['{', '}']) {
        let help = "add the variable to `variables` with a `default`";
        reader.problems.error("server-variable", &node.pointer, &format!("the server `{template}` has a variable without a value"), help);
    }
    let path = path_of(&url);
    let also = others(template, &url, &urls);
    Some(Server { template: template.to_owned(), url, path, also, description: node.text("description"), variables })
}

/// The values of a variable of a server: those of its `enum`, or any text, where it stands in the path.
fn values(variable: &Node, default: &str, is_in_path: bool) -> Vec<String> {
    let listed: Vec<String> = variable.items_of("enum").iter().filter_map(|value| value.value.as_str().map(str::to_owned)).collect();
    // A text that holds several segments is no pattern for one.
    let is_open = is_in_path && listed.is_empty() && !default.contains('/');
    let open = is_open.then(|| format!("{{{}}}", variable.pointer.rsplit('/').next().unwrap_or_default()));
    std::iter::once(default.to_owned()).chain(listed).chain(open).collect()
}

/// The paths of a server's URLs besides that of the usual one. Where a variable begins the URL, nothing says what of it
/// is the path.
fn others(template: &str, url: &str, urls: &[String]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    if !template.starts_with('{') || template.contains("}://") {
        for path in urls.iter().map(|url| path_of(url)) {
            if path != path_of(url) && !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found
}

impl MediaType {
    /// Whether it is XML, by its name.
    #[must_use]
    pub fn is_xml(&self) -> bool {
        self.essence().ends_with("/xml") || self.essence().ends_with("+xml")
    }
}

/// The path of a URL or of a reference relative to the document, without a trailing slash.
fn path_of(url: &str) -> String {
    let without_query = url.split(['?', '#']).next().unwrap_or_default();
    let path = match without_query.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => rest.find('/').map_or("", |slash| &rest[slash..]),
        _ => without_query,
    };
    let path = path.trim_end_matches('/').trim_start_matches('.');
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// The `parameters` of an operation or a path, each (location, name) once.
pub(crate) fn parameters<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schemas: &Schemas, evidence: Evidence) -> Vec<Parameter> {
    let mut found: Vec<Parameter> = Vec::new();
    for item in node.items_of("parameters") {
        let Some(parameter) = reader.follow(item).and_then(|node| parameter(reader, &node, schemas, evidence)) else { continue };
        if parameter.location == Location::Header && IGNORED_HEADERS.contains(&parameter.name.to_ascii_lowercase().as_str()) {
            continue;
        }
        if found.iter().any(|one| one.location == parameter.location && one.name == parameter.name) {
            let message = format!("the {} parameter `{}` is there twice", parameter.location.as_str(), parameter.name);
            reader.problems.warning("repeated-parameter", &parameter.pointer, &message, "remove one of the two");
            continue;
        }
        found.push(parameter);
    }
    found
}

fn parameter<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schemas: &Schemas, above: Evidence) -> Option<Parameter> {
    let (name, location) = (node.string("name"), node.string("in").and_then(location));
    let (Some(name), Some(location)) = (name, location) else {
        let help = "write `name`, and `in` as `path`, `query`, `header` or `cookie`";
        reader.problems.error("parameter", &node.pointer, "the parameter lacks a name or a place", help);
        return None;
    };
    let style = style(reader, node, location);
    let content = node.get("content").and_then(|content| content.entries().next());
    let schema_node = content.as_ref().map_or_else(|| node.get("schema"), |(_, media)| media.get("schema"));
    let schema = schema_node.map(|schema| SchemaId::new(&schema.pointer));
    let is_required = node.flag("required");
    if location == Location::Path && !is_required {
        let help = "write `required: true`";
        reader.problems.warning(
            "optional-path-parameter",
            &node.pointer,
            &format!("the path parameter `{name}` is not marked as required"),
            help,
        );
    }
    Some(Parameter {
        name: name.to_owned(),
        location,
        required: is_required || location == Location::Path,
        deprecated: node.flag("deprecated"),
        description: node.text("description"),
        style,
        explode: node.get("explode").map_or(style == Style::Form, |explode| explode.value.as_bool().unwrap_or_default()),
        allow_reserved: node.flag("allowReserved"),
        examples: examples(reader, content.as_ref().map_or(node, |(_, media)| media), schema.as_ref(), schemas),
        schema,
        content: content.map(|(name, _)| name.to_owned()),
        evidence: reader.evidence(node, above),
        pointer: node.pointer.clone(),
    })
}

fn location(word: &str) -> Option<Location> {
    [Location::Path, Location::Query, Location::Header, Location::Cookie].into_iter().find(|location| location.as_str() == word)
}

fn style(reader: &mut Reader, node: &Node, location: Location) -> Style {
    let (default, allowed): (_, &[(&str, Style)]) = match location {
        Location::Path => (Style::Simple, &[("simple", Style::Simple), ("label", Style::Label), ("matrix", Style::Matrix)]),
        Location::Header => (Style::Simple, &[("simple", Style::Simple)]),
        Location::Cookie => (Style::Form, &[("form", Style::Form)]),
        Location::Query => (
            Style::Form,
            &[
                ("form", Style::Form),
                ("spaceDelimited", Style::SpaceDelimited),
                ("pipeDelimited", Style::PipeDelimited),
                ("deepObject", Style::DeepObject),
            ],
        ),
    };
    let Some(word) = node.get("style") else { return default };
    let known = allowed.iter().find(|(name, _)| word.value == *name).map(|(_, style)| *style);
    if known.is_none() {
        let names: Vec<_> = allowed.iter().map(|(name, _)| *name).collect();
        let message = format!("a {} parameter has no style {}", location.as_str(), word.value);
        reader.problems.error("parameter-style", &word.pointer, &message, &format!("write one of `{}`", names.join("`, `")));
    }
    known.unwrap_or(default)
}

/// The `requestBody` of an operation.
pub(crate) fn body<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schemas: &Schemas) -> Option<Body> {
    let body = node.get("requestBody").and_then(|body| reader.follow(body))?;
    Some(Body {
        required: body.flag("required"),
        description: body.text("description"),
        content: content(reader, &body, schemas),
        pointer: body.pointer,
    })
}

/// The `responses` of an operation.
pub(super) fn responses<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schemas: &Schemas, above: Evidence) -> Vec<Response> {
    let Some(responses) = node.get("responses") else {
        reader.problems.warning("no-responses", &node.pointer, "the operation declares no responses", "add `responses`");
        return Vec::new();
    };
    let mut found = Vec::new();
    for (key, written) in responses.entries() {
        let help = "write a status from `100` to `599`, a range as `4XX`, or `default`";
        let status = match (status(key), likely_status(key)) {
            (Some(status), _) => status,
            (None, Some((status, reads))) => {
                reader.problems.warning("response-status", &written.pointer, &format!("`{key}` is read as `{reads}`"), help);
                status
            }
            (None, None) => {
                reader.problems.error("response-status", &written.pointer, &format!("`{key}` is no status"), help);
                continue;
            }
        };
        let near = reader.evidence(&written, above);
        if let Some(node) = reader.follow(written) {
            found.push(response(reader, &node, status, schemas, near));
        }
    }
    found
}

fn response<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, status: Status, schemas: &Schemas, above: Evidence) -> Response {
    Response {
        status,
        description: node.text("description"),
        headers: headers(reader, node, schemas),
        content: content(reader, node, schemas),
        links: Vec::new(),
        evidence: reader.evidence(node, above),
        mock: extensions::mock(reader, node, extensions::Position::Response),
        pointer: node.pointer.clone(),
    }
}

/// What a key means that is no status: `20X`, `4**`, `200 OK`, `Default`.
fn likely_status(key: &str) -> Option<(Status, String)> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        return Some((Status::Default, "default".to_owned()));
    }
    let first = key.split(|one: char| !one.is_ascii_alphanumeric() && one != '*').next()?;
    if let Some(status) = status(first) {
        return Some((status, first.to_owned()));
    }
    match first.as_bytes() {
        [hundreds @ b'1'..=b'5', b'0'..=b'9' | b'x' | b'X' | b'*', b'x' | b'X' | b'*'] => {
            Some((Status::Range(hundreds - b'0'), format!("{}XX", char::from(*hundreds))))
        }
        _ => None,
    }
}

fn status(key: &str) -> Option<Status> {
    if key == "default" {
        return Some(Status::Default);
    }
    match key.as_bytes() {
        [hundreds @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => Some(Status::Range(hundreds - b'0')),
        [b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] => key.parse().ok().map(Status::Exactly),
        _ => None,
    }
}

fn headers<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schemas: &Schemas) -> Vec<Header> {
    let mut found = Vec::new();
    for (name, written) in node.members_of("headers") {
        if name.eq_ignore_ascii_case("content-type") {
            continue;
        }
        let Some(node) = reader.follow(written) else { continue };
        let media = node.get("content").and_then(|content| content.entries().next()).map(|(_, media)| media);
        let schema_node = media.as_ref().unwrap_or(&node).get("schema");
        let schema = schema_node.map(|schema| SchemaId::new(&schema.pointer));
        found.push(Header {
            name: name.to_owned(),
            required: node.flag("required"),
            description: node.text("description"),
            examples: examples(reader, media.as_ref().unwrap_or(&node), schema.as_ref(), schemas),
            schema,
            pointer: node.pointer,
        });
    }
    found
}

fn content<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schemas: &Schemas) -> Vec<MediaType> {
    let mut found = Vec::new();
    for (name, media) in node.entries_of("content") {
        let schema = media.get("schema").map(|schema| SchemaId::new(&schema.pointer));
        let name = name.trim().to_ascii_lowercase();
        found.push(MediaType {
            json: is_json(&name, schema.as_ref(), schemas),
            name,
            examples: examples(reader, &media, schema.as_ref(), schemas),
            schema,
            encoding: media.get("encoding").map(|encoding| encoding.value.clone()),
            pointer: media.pointer,
        });
    }
    found
}

/// Whether a media type is JSON. Documents that are made from code often write `*/*` for what is JSON.
fn is_json(name: &str, schema: Option<&SchemaId>, schemas: &Schemas) -> bool {
    match name.split(';').next().unwrap_or_default().trim() {
        "application/json" | "text/json" => true,
        "*/*" | "application/*" => schema.is_some_and(|schema| !schemas.types(schema).iter().any(|kind| kind == "string")),
        essence => essence.ends_with("+json"),
    }
}

/// `example` and `examples` of a node, then those of its schema.
fn examples<'r>(reader: &mut Reader<'r, '_, '_>, node: &Node<'r>, schema: Option<&SchemaId>, schemas: &Schemas) -> Vec<Example> {
    let mut found: Vec<Example> = node.get("example").map(|example| unnamed(&example)).into_iter().collect();
    for (name, written) in node.entries_of("examples") {
        let Some(example) = reader.follow(written) else { continue };
        let Some(value) = example.get("value") else { continue };
        found.push(Example { name: name.to_owned(), summary: example.text("summary"), value: value.value.clone(), pointer: value.pointer });
    }
    if let Some((id, value)) = schema.map(|schema| schemas.resolve(schema)) {
        found.extend(schema_examples(&Node::new(value, id.pointer())));
    }
    found
}

fn schema_examples(schema: &Node) -> Vec<Example> {
    let several = schema.items_of("examples");
    schema.get("example").into_iter().chain(several).map(|example| unnamed(&example)).collect()
}

fn unnamed(node: &Node) -> Example {
    Example { name: String::new(), summary: String::new(), value: Value::clone(node.value), pointer: node.pointer.clone() }
}

#[cfg(test)]
mod tests {
    use super::{Status, likely_status, path_of, status};

    #[test]
    fn what_is_no_status_may_mean_one() {
        let rows = [
            ("20X", Some(Status::Range(2))),
            ("4**", Some(Status::Range(4))),
            ("200 OK", Some(Status::Exactly(200))),
            ("404,410", Some(Status::Exactly(404))),
            ("Default", Some(Status::Default)),
            ("2x0", None),
            ("ok", None),
        ];
        for (key, expected) in rows {
            assert_eq!(likely_status(key).map(|(status, _)| status), expected, "{key}");
        }
    }

    #[test]
    fn the_path_of_a_server_has_no_trailing_slash() {
        let rows = [
            ("https://api.quarry.example", ""),
            ("https://api.quarry.example/", ""),
            ("https://api.quarry.example/v2/", "/v2"),
            ("//api.quarry.example/v2", "/v2"),
            ("https://api.quarry.example:8443/a/b?x=/y", "/a/b"),
            ("/", ""),
            ("/v1", "/v1"),
            ("v1", "/v1"),
            ("./v1/", "/v1"),
            ("", ""),
        ];
        for (url, path) in rows {
            assert_eq!(path_of(url), path, "{url}");
        }
    }

    #[test]
    fn keys_of_responses_are_statuses_ranges_or_default() {
        let rows = [
            ("200", Some(Status::Exactly(200))),
            ("4XX", Some(Status::Range(4))),
            ("5xx", Some(Status::Range(5))),
            ("default", Some(Status::Default)),
            ("99", None),
            ("600", None),
            ("20X", None),
            ("abc", None),
        ];
        for (key, expected) in rows {
            assert_eq!(status(key), expected, "{key}");
        }
    }
}
