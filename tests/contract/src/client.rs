//! What a typed client of a document is tested with: calls with the request that is due for each, and answers of every
//! declared status. The client itself stays with the caller: this crate knows none.

use percent_encoding::percent_decode_str;
use serde_json::Value;
use specs::{
    api::{Direction, Location, Operation, Response as Declared, Status},
    sample::Shape,
};

use crate::{
    Credentials, Target,
    case::{BodyOf, Items, Wanted},
    draft::Draft,
    exchange::Request,
    laws::same,
    suite::Suite,
    transport::Nowhere,
    wire,
    world::World,
};

/// How many random bodies a status is answered with, beside the documented, the least and the full one.
const RANDOM: u64 = 3;

/// Arguments of an operation, and the request that they make.
#[derive(Clone, Debug)]
pub struct Call {
    /// What they are, as `the minimal body`.
    pub what: String,
    /// Location, name and value of each parameter.
    pub parameters: Vec<(Location, String, Value)>,
    /// The body.
    pub body: Option<Value>,
    /// The request that is due, with the credentials of the document.
    pub due: Request,
}

/// An answer that the document declares.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Headers, `Content-Type` included.
    pub headers: Vec<(String, String)>,
    /// The body, where it is JSON.
    pub value: Option<Value>,
    /// The body as it is sent.
    pub body: Vec<u8>,
}

impl Suite {
    /// The calls that a client of this operation has to make right.
    pub async fn calls(&self, operation: &Operation) -> Vec<Call> {
        let required = Wanted { items: Items::Documented, ..Wanted::default() };
        let all =
            operation.parameters.iter().filter_map(|known| Some((known.location, known.name.clone(), self.parameter(known)?))).collect();
        let all = Wanted { parameters: all, ..required.clone() };
        let mut wanted = vec![
            ("only what is required".to_owned(), Wanted { body: BodyOf::Minimal, ..required.clone() }),
            ("everything".to_owned(), Wanted { body: BodyOf::Whole, ..all }),
        ];
        if let Some((media, _, _)) = self.body(operation) {
            let shown =
                media.examples.iter().map(|example| (format!("the example `{}`", example.name), BodyOf::Verbatim(example.value.clone())));
            wanted.extend(shown.map(|(what, body)| (what, Wanted { body, ..required.clone() })));
        }
        let target = Target::new(Box::new(Nowhere), Credentials::of_document(&self.api));
        let world = World::new(self, &target);
        let mut calls = Vec::new();
        for (what, wanted) in wanted {
            let sampled = Wanted { items: Items::Sampled, ..wanted.clone() };
            let draft = match Draft::new(&world, operation, &wanted, 0).await {
                Err(_) => Draft::new(&world, operation, &sampled, 0).await,
                draft => draft,
            };
            if let Ok(draft) = draft {
                calls.push(Call { what, parameters: draft.values, body: draft.body, due: draft.request });
            }
        }
        calls
    }

    /// Answers of a status that this operation declares, by its name.
    #[must_use]
    pub fn answers(&self, operation: &Operation, status: &str) -> Vec<Answer> {
        let named = operation.responses.iter().filter(|response| name(response.status) == status);
        named.flat_map(|response| self.answers_of(operation, response)).collect()
    }

    /// A status that this operation does not declare, if there is one.
    #[must_use]
    pub fn undeclared(&self, operation: &Operation) -> Option<u16> {
        [418, 299, 599].into_iter().find(|status| operation.response(*status).is_none())
    }

    fn answers_of(&self, operation: &Operation, response: &Declared) -> Vec<Answer> {
        let status = match response.status {
            Status::Exactly(status) => status,
            Status::Range(hundreds) => free(operation, u16::from(hundreds) * 100),
            Status::Default => free(operation, unranged(operation)),
        };
        let headers = self.headers(response);
        let answer = |media: Option<&str>, value: Option<Value>, body: Vec<u8>| {
            let media = media.map(|media| ("Content-Type".to_owned(), media.replace('*', "plain")));
            let headers = headers.iter().cloned().chain(media).collect();
            Answer { status, headers, value, body }
        };
        let is_bodiless = operation.method == "HEAD" || matches!(status, 100..=199 | 204 | 205 | 304);
        if response.content.is_empty() || is_bodiless {
            return vec![answer(None, None, Vec::new())];
        }
        let mut answers = Vec::new();
        for media in &response.content {
            if !media.is_json() {
                let text = media.examples.first().map_or_else(|| "text".to_owned(), |example| wire::scalar(&example.value));
                answers.push(answer(Some(&media.name), None, text.into_bytes()));
                continue;
            }
            let shapes = [Shape::Minimal, Shape::Full].into_iter().chain((0..RANDOM).map(Shape::Random));
            let sampled = media
                .schema
                .iter()
                .flat_map(|schema| shapes.clone().filter_map(|shape| self.sampler(Direction::Response).sample(schema, shape, None).ok()));
            let fits = |value: &Value| {
                let schema = media.schema.as_ref();
                schema
                    .is_none_or(|schema| self.validators.get(schema, Direction::Response).is_ok_and(|validator| validator.is_valid(value)))
            };
            let shown = media.examples.iter().map(|example| example.value.clone()).filter(fits);
            let values = shown.chain(sampled);
            answers.extend(values.map(|value| answer(Some(&media.name), Some(value.clone()), value.to_string().into_bytes())));
        }
        answers
    }

    fn headers(&self, response: &Declared) -> Vec<(String, String)> {
        let sampler = self.sampler(Direction::Response);
        let value = |schema, shown: Option<Value>| shown.or_else(|| sampler.full(schema).ok());
        let known = response.headers.iter().filter_map(|header| {
            let shown = header.examples.first().map(|example| example.value.clone());
            Some((header.name.clone(), wire::scalar(&value(header.schema.as_ref()?, shown)?)))
        });
        // How long a body is, and how it is cut, is the transport's to say.
        let is_framing = |name: &str| ["content-length", "transfer-encoding", "connection"].contains(&name.to_ascii_lowercase().as_str());
        known.filter(|(name, text)| text.is_ascii() && !is_framing(name)).collect()
    }
}

/// The statuses that an operation declares, by name.
#[must_use]
pub fn statuses(operation: &Operation) -> Vec<String> {
    operation.responses.iter().map(|response| name(response.status)).collect()
}

/// A status as the document has it: `200`, `4xx`, `default`.
fn name(status: Status) -> String {
    match status {
        Status::Exactly(status) => status.to_string(),
        Status::Range(hundreds) => format!("{hundreds}xx"),
        Status::Default => "default".to_owned(),
    }
}

/// A status of a hundred that no other response of the operation is for.
fn free(operation: &Operation, from: u16) -> u16 {
    let taken = |status: &u16| operation.responses.iter().any(|response| response.status == Status::Exactly(*status));
    (from..from + 100).rev().find(|status| !taken(status)).unwrap_or(from)
}

/// A hundred that no range of the operation is for.
fn unranged(operation: &Operation) -> u16 {
    let ranged = |hundreds: &u8| operation.responses.iter().any(|response| response.status == Status::Range(*hundreds));
    [5, 4, 3, 2].into_iter().find(|hundreds| !ranged(hundreds)).map_or(500, |hundreds| u16::from(hundreds) * 100)
}

/// How a request that was sent differs from the one that is due: in what the document declares, and in no more.
#[must_use]
pub fn differs(due: &Request, sent: &Request) -> Option<String> {
    if due.method != sent.method || due.path != sent.path {
        return Some(format!("{} {} was sent, where {} {} is due", sent.method, sent.path, due.method, due.path));
    }
    let (wanted, got) = (pairs(due), pairs(sent));
    if wanted != got {
        return Some(format!("the query {got:?} was sent, where {wanted:?} is due"));
    }
    for field in due.headers.iter().filter(|field| !field.name.eq_ignore_ascii_case("accept")) {
        let got = sent.headers.iter().find(|known| known.name.eq_ignore_ascii_case(&field.name)).map(|known| known.value.as_str());
        let essence = |text: &str| text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_type = field.name.eq_ignore_ascii_case("content-type");
        if !got.is_some_and(|got| if is_type { essence(got) == essence(&field.value) } else { is_same_text(got, &field.value) }) {
            return Some(format!("the header `{}` is {got:?}, where `{}` is due", field.name, field.value));
        }
    }
    body(due, sent)
}

/// The query, decoded and sorted.
fn pairs(request: &Request) -> Vec<(String, String)> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let number = |text: String| text.parse::<f64>().map_or(text, |number| number.to_string());
    let mut pairs: Vec<_> = request.query.iter().map(|field| (decoded(&field.name), number(decoded(&field.value)))).collect();
    pairs.sort();
    pairs
}

fn is_same_text(one: &str, other: &str) -> bool {
    one == other || one.parse::<f64>().is_ok_and(|one| Ok(one) == other.parse())
}

fn body(due: &Request, sent: &Request) -> Option<String> {
    let json = |request: &Request| request.body.as_deref().and_then(|body| serde_json::from_slice::<Value>(body).ok());
    let text = |request: &Request| String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()).into_owned();
    let is_multipart = due.headers.iter().any(|field| field.value.starts_with("multipart/"));
    let is_form = due.headers.iter().any(|field| field.value.starts_with("application/x-www-form-urlencoded"));
    let same = match (json(due), json(sent)) {
        _ if is_form => fields(&text(due)) == fields(&text(sent)),
        _ if is_multipart => parts(&text(due)) == parts(&text(sent)),
        (Some(due), Some(sent)) => is_same(&due, &sent),
        _ => text(due) == text(sent),
    };
    (!same).then(|| format!("the body `{}` was sent, where `{}` is due", text(sent), text(due)))
}

/// The names and values of a form, decoded and sorted.
fn fields(text: &str) -> Vec<String> {
    let mut fields: Vec<String> =
        text.split('&').map(|pair| percent_decode_str(&pair.replace('+', " ")).decode_utf8_lossy().into_owned()).collect();
    fields.sort();
    fields
}

/// Equal in every member, numbers by value.
fn is_same(due: &Value, sent: &Value) -> bool {
    same::kept(due, sent) && same::kept(sent, due)
}

/// The names and contents of the parts of a multipart body.
fn parts(text: &str) -> Vec<(String, String)> {
    let Some(boundary) = text.lines().next() else { return Vec::new() };
    let part = |part: &str| {
        let (head, content) = part.split_once("\r\n\r\n")?;
        let name = head.split("name=\"").nth(1)?.split('"').next()?;
        Some((name.to_owned(), content.trim_end_matches("\r\n").to_owned()))
    };
    let mut parts: Vec<_> = text.split(boundary).filter_map(part).collect();
    parts.sort();
    parts
}

/// The place, as a JSON pointer, of what an answer says and what was decoded from it does not. Null may be absent.
#[must_use]
pub fn lost(answered: &Value, decoded: &Value) -> Option<String> {
    match (answered, decoded) {
        (Value::Object(answered), Value::Object(decoded)) => answered.iter().find_map(|(name, value)| {
            let decoded = decoded.get(name).unwrap_or(&Value::Null);
            lost(value, decoded).map(|rest| format!("{}{rest}", specs::pointer::join("", name)))
        }),
        (Value::Array(answered), Value::Array(decoded)) if answered.len() == decoded.len() => {
            let pairs = answered.iter().zip(decoded).enumerate();
            pairs.into_iter().find_map(|(position, (answered, decoded))| lost(answered, decoded).map(|rest| format!("/{position}{rest}")))
        }
        (answered, decoded) => (!same::kept(answered, decoded)).then(String::new),
    }
}
