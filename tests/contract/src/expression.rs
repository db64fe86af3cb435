//! Runtime expressions of links (OpenAPI 3.0.3, "Runtime Expressions"): values of a request and of its answer.

use serde_json::Value;
use specs::api::Location;

use crate::{draft::Draft, exchange::Response, wire};

/// A request with its answer, as expressions see them.
pub(crate) struct Seen<'e> {
    pub(crate) draft: &'e Draft,
    pub(crate) response: &'e Response,
}

impl Seen<'_> {
    /// The value of what a link gives: itself, or what its expression is.
    ///
    /// # Errors
    /// The expression that is nothing here.
    pub(crate) fn value(&self, given: &Value) -> Result<Value, String> {
        let Some(text) = given.as_str() else { return Ok(given.clone()) };
        if text.starts_with('$') {
            return self.expression(text).ok_or_else(|| text.to_owned());
        }
        // The braces alone make no text of it.
        if let Some(inner) = text.strip_prefix("{$").and_then(|rest| rest.strip_suffix('}')).filter(|inner| !inner.contains('}')) {
            let expression = format!("${inner}");
            return self.expression(&expression).ok_or(expression);
        }
        self.filled(text)
    }

    /// The text with its embedded expressions filled in.
    fn filled(&self, text: &str) -> Result<Value, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{$") {
            let Some((inner, behind)) = after.split_once('}') else { break };
            let expression = format!("${inner}");
            let value = self.expression(&expression).ok_or(expression)?;
            filled.push_str(before);
            filled.push_str(&wire::scalar(&value));
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled.into())
    }

    fn expression(&self, expression: &str) -> Option<Value> {
        match expression {
            "$url" => return Some(self.draft.request.target().into()),
            "$method" => return Some(self.draft.request.method.as_str().into()),
            "$statusCode" => return Some(self.response.status.into()),
            _ => {}
        }
        let (side, source) = expression.split_once('.')?;
        let found = match (side, source.split_once('.')) {
            ("$response", Some(("header", name))) => self.response.header(name).map(Value::from),
            ("$request", Some((place, name))) if location(place).is_some() => self.parameter(location(place)?, name),
            ("$response", _) => body(&self.response.json()?, source),
            ("$request", _) => body(self.draft.body.as_ref()?, source),
            _ => None,
        };
        found.filter(|value| !value.is_null())
    }

    fn parameter(&self, location: Location, name: &str) -> Option<Value> {
        let same = |known: &str| if location == Location::Header { known.eq_ignore_ascii_case(name) } else { known == name };
        let named = self.draft.values.iter().find(|(known, parameter, _)| *known == location && same(parameter));
        let header = || self.draft.request.headers.iter().find(|field| same(&field.name)).map(|field| Value::from(field.value.as_str()));
        let sent = || if location == Location::Header { header() } else { None };
        named.map(|(_, _, value)| value.clone()).or_else(sent)
    }
}

fn location(word: &str) -> Option<Location> {
    [Location::Path, Location::Query, Location::Header].into_iter().find(|location| location.as_str() == word)
}

/// `body`, or `body#/pointer`.
fn body(body: &Value, source: &str) -> Option<Value> {
    let pointer = source.strip_prefix("body")?;
    match pointer.strip_prefix('#') {
        Some(pointer) => body.pointer(pointer).cloned(),
        None => pointer.is_empty().then(|| body.clone()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use specs::Source;

    use super::Seen;
    use crate::{
        Credentials, Response, Suite, Target,
        case::{BodyOf, Wanted},
        transport::Nowhere,
        world::World,
    };

    const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: 'https://t.example'}]
paths:
  /jugs/{id}/lids:
    post:
      operationId: addLid
      parameters:
        - {name: id, in: path, required: true, schema: {type: integer}, example: 7}
        - {name: way, in: query, required: true, schema: {type: string}, example: up}
        - {name: X-Kiln, in: header, required: true, schema: {type: string}, example: hot}
      requestBody: {content: {application/json: {schema: {type: object, properties: {glaze: {type: string}}}}}}
      responses: {'201': {description: It is on.}}
";

    async fn check(given: Value, expected: Result<Value, &str>) {
        let api = specs::load(&Source::new("t", "t.yaml", DOCUMENT.to_owned())).api.expect("the document is one");
        let credentials = Credentials::of_document(&api);
        let (suite, target) = (Suite::new(api, 0), Target::new(Box::new(Nowhere), credentials));
        let world = World::new(&suite, &target);
        let wanted = Wanted { body: BodyOf::Exactly(json!({"glaze": "blue"})), ..Wanted::default() };
        let operation = suite.api.operation("add_lid").expect("the document has it");
        let draft = world.draft(operation, &wanted).await.expect("everything it needs is shown");
        let headers = vec![("Location".to_owned(), "/lids/9".to_owned())];
        let response = Response { status: 201, headers, body: br#"{"lid": {"id": 9, "none": null}}"#.to_vec() };
        let found = Seen { draft: &draft, response: &response }.value(&given);
        assert_eq!(found, expected.map_err(str::to_owned), "{given}");
    }

    #[tokio::test]
    async fn values_of_a_request_and_its_answer() {
        let rows = [
            ("$response.body#/lid/id", json!(9)),
            ("{$response.body#/lid/id}", json!(9)),
            ("$response.header.location", json!("/lids/9")),
            ("$request.path.id", json!(7)),
            ("$request.query.way", json!("up")),
            ("$request.header.x-kiln", json!("hot")),
            ("$request.body#/glaze", json!("blue")),
            ("$request.body", json!({"glaze": "blue"})),
            ("$method", json!("POST")),
            ("$statusCode", json!(201)),
            ("$url", json!("/jugs/7/lids?way=up")),
            ("lid {$response.body#/lid/id} of {$request.path.id}", json!("lid 9 of 7")),
            ("a plain text", json!("a plain text")),
        ];
        for (given, expected) in rows {
            check(given.into(), Ok(expected)).await;
        }
        check(json!({"a": 1}), Ok(json!({"a": 1}))).await;
    }

    #[tokio::test]
    async fn what_is_not_there_is_told() {
        for given in ["$response.body#/lid/none", "$response.body#/handle", "$request.query.size", "$request.cookie.a", "$response.nothing"]
        {
            check(given.into(), Err(given)).await;
        }
        check("no. {$response.body#/number}".into(), Err("$response.body#/number")).await;
    }
}
