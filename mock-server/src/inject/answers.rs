//! Answers that are chosen beforehand: for an operation in a sandbox, one after the other.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::engine::{Given, Preferences};

/// Most sequences of a sandbox.
const MOST: usize = 1_000;

/// The answers of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    /// Whether there are any that are not given yet.
    any: AtomicBool,
    held: Mutex<Vec<Sequence>>,
}

/// One answer of a sequence. One that says nothing is what the document says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerBody {
    /// The response that the document declares for this status, as `Prefer: code=404`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<Code>,
    /// The example of this name, as `Prefer: example=name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) example: Option<String>,
    /// A body made of the schema alone, as `Prefer: dynamic=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) dynamic: Option<bool>,
    /// This status, whatever the document says, with `headers` and `body`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// Headers beside `status`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) headers: BTreeMap<String, String>,
    /// The body beside `status`: text as it is, anything else as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<Value>,
    /// The request is answered as if there were no sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pass: Option<bool>,
    /// How often it is given; once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<u64>,
}

/// A status as a number, or as `Prefer` has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Code {
    /// `404`.
    Number(u16),
    /// `4XX`, `default`.
    Text(String),
}

/// What comes after the last answer of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AtEnd {
    /// Requests are answered as if there had been no sequence.
    #[default]
    Pass,
    /// The last answer is given again and again.
    Repeat,
    /// The sequence begins anew.
    Loop,
}

/// A sequence of answers as it is sent.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SequenceBody {
    /// The name of the provider; without it, the one that has the operation.
    #[serde(default)]
    pub(crate) provider: Option<String>,
    /// The id of the operation.
    pub(crate) operation: String,
    /// The answers, in order.
    pub(crate) answers: Vec<AnswerBody>,
    /// What comes after the last.
    #[serde(default)]
    pub(crate) at_end: AtEnd,
    /// Whether requests are answered so that would be refused: without it, only those that are well formed and allowed.
    #[serde(default)]
    pub(crate) unchecked: bool,
}

/// One answer of a sequence, for those who have the mock in their process.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Answer(pub(crate) AnswerBody);

impl Answer {
    /// The response that the document declares for this status.
    pub fn code(code: u16) -> Self {
        Self(AnswerBody { code: Some(Code::Number(code)), ..AnswerBody::default() })
    }

    /// The example of this name.
    pub fn example(name: &str) -> Self {
        Self(AnswerBody { example: Some(name.to_owned()), ..AnswerBody::default() })
    }

    /// A body made of the schema alone.
    pub fn dynamic() -> Self {
        Self(AnswerBody { dynamic: Some(true), ..AnswerBody::default() })
    }

    /// This status and this body, whatever the document says: text as it is, anything else as JSON.
    pub fn literal(status: u16, body: impl Into<Value>) -> Self {
        Self(AnswerBody { status: Some(status), body: Some(body.into()), ..AnswerBody::default() })
    }

    /// As if there were no sequence.
    pub fn pass() -> Self {
        Self(AnswerBody { pass: Some(true), ..AnswerBody::default() })
    }

    /// The example of this name, of the response that is asked for.
    pub fn named(mut self, example: &str) -> Self {
        self.0.example = Some(example.to_owned());
        self
    }

    /// With this header, beside a literal body.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.0.headers.insert(name.to_owned(), value.to_owned());
        self
    }

    /// How often it is given.
    pub fn times(mut self, times: u64) -> Self {
        self.0.times = Some(times);
        self
    }
}

/// One answer of a sequence, ready to be given.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// As it was written.
    pub(crate) body: AnswerBody,
    times: u64,
    /// The answer; none: as the engine decides.
    given: Option<Given>,
}

/// The answers of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pub(crate) provider: Arc<str>,
    pub(crate) operation: Arc<str>,
    pub(crate) steps: Vec<Step>,
    pub(crate) at_end: AtEnd,
    pub(crate) unchecked: bool,
    /// The position of the next answer, and how often it was given.
    next: usize,
    used: u64,
    /// How many were given.
    pub(crate) given: u64,
}

/// An answer that was taken for a request.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) given: Option<Given>,
    pub(crate) unchecked: bool,
    /// What the journal says.
    pub(crate) says: String,
    /// The state of the sequence before, and how many were given then.
    before: (usize, u64, u64),
}

impl Step {
    /// Reads an answer; what is wrong with it where it is none.
    pub(crate) fn read(body: AnswerBody) -> Result<Self, String> {
        let declared = body.code.is_some() || body.example.is_some() || body.dynamic == Some(true);
        let literal = body.status.is_some();
        let pass = body.pass == Some(true);
        if usize::from(declared) + usize::from(literal) + usize::from(pass) != 1 {
            return Err("an answer has `code`, `example` or `dynamic`, or `status`, or `pass: true`, and one of the three".to_owned());
        }
        if !literal && (body.body.is_some() || !body.headers.is_empty()) {
            return Err("`headers` and `body` stand beside `status`".to_owned());
        }
        let times = body.times.unwrap_or(1);
        if times == 0 {
            return Err("`times` is a whole number from 1".to_owned());
        }
        let given = match body.status {
            Some(status) => Some(Given::Literal(response(status, &body)?)),
            None => declared.then(|| Given::Declared(preferences(&body))),
        };
        Ok(Self { body, times, given })
    }

    /// What it asks of the document.
    pub(crate) fn wanted(&self) -> Option<&Preferences> {
        if let Some(Given::Declared(wanted)) = &self.given { Some(wanted) } else { None }
    }
}

fn preferences(body: &AnswerBody) -> Preferences {
    let code = body.code.as_ref().map(|code| match code {
        Code::Number(code) => code.to_string(),
        Code::Text(code) => code.clone(),
    });
    Preferences { code, example: body.example.clone(), dynamic: body.dynamic.map(|dynamic| dynamic.to_string()) }
}

fn response(status: u16, body: &AnswerBody) -> Result<Response<Bytes>, String> {
    let code = StatusCode::from_u16(status).ok().filter(|code| (200..=599).contains(&code.as_u16()));
    let code = code.ok_or_else(|| format!("`status` is {status}, and not one from 200 to 599"))?;
    let (media, content) = match &body.body {
        None => (None, Bytes::new()),
        Some(Value::String(text)) => (Some("text/plain; charset=utf-8"), Bytes::from(text.clone())),
        Some(other) => (Some("application/json"), Bytes::from(other.to_string())),
    };
    let mut response = Response::new(content);
    *response.status_mut() = code;
    response.headers_mut().extend(media.map(|media| (CONTENT_TYPE, HeaderValue::from_static(media))));
    for (name, value) in &body.headers {
        let read = HeaderName::try_from(name).ok().zip(HeaderValue::try_from(value).ok());
        let (name, value) = read.ok_or_else(|| format!("`{name}: {value}` is no header"))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

impl Sequence {
    pub(crate) fn new(provider: Arc<str>, operation: Arc<str>, steps: Vec<Step>, at_end: AtEnd, unchecked: bool) -> Self {
        Self { provider, operation, steps, at_end, unchecked, next: 0, used: 0, given: 0 }
    }

    /// How many answers are left before the end.
    pub(crate) fn left(&self) -> u64 {
        let rest = self.steps.iter().skip(self.next).map(|step| step.times);
        rest.fold(0, u64::saturating_add).saturating_sub(self.used)
    }

    /// Whether requests are answered as if it were not there.
    fn is_over(&self) -> bool {
        self.left() == 0 && self.at_end == AtEnd::Pass
    }

    fn take(&mut self) -> Option<Taken> {
        let before = (self.next, self.used, self.given);
        if self.left() == 0 {
            match self.at_end {
                AtEnd::Pass => return None,
                AtEnd::Loop => (self.next, self.used) = (0, 0),
                AtEnd::Repeat => {}
            }
        }
        let position = self.next.min(self.steps.len().checked_sub(1)?);
        let step = self.steps.get(position)?;
        let says = format!("answer {} of {} of a sequence", position + 1, self.steps.len());
        let taken = Taken { given: step.given.clone(), unchecked: self.unchecked, says, before };
        self.given += 1;
        self.used += 1;
        if self.used >= step.times && self.next < self.steps.len() {
            (self.next, self.used) = (self.next + 1, 0);
        }
        Some(taken)
    }
}

impl Answers {
    /// Whether none is to be given.
    pub(crate) fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    /// Puts a sequence in the place of that of its operation; says whether there was room.
    pub(crate) fn put(&self, sequence: Sequence) -> bool {
        let mut held = self.held.lock();
        held.retain(|known| known.provider != sequence.provider || known.operation != sequence.operation);
        let has_room = held.len() < MOST;
        if has_room {
            held.push(sequence);
        }
        self.tell(&held);
        has_room
    }

    pub(crate) fn all(&self) -> Vec<Sequence> {
        self.held.lock().clone()
    }

    /// Takes away the sequences of which `is_kept` does not hold.
    pub(crate) fn retain(&self, is_kept: impl Fn(&Sequence) -> bool) {
        let mut held = self.held.lock();
        held.retain(is_kept);
        self.tell(&held);
    }

    /// The next answer of an operation.
    pub(crate) fn take(&self, provider: &str, operation: &str) -> Option<Taken> {
        let mut held = self.held.lock();
        let taken = held.iter_mut().find(|known| *known.provider == *provider && *known.operation == *operation)?.take();
        self.tell(&held);
        taken
    }

    /// Gives back what was not given, unless another request took the next one since.
    pub(crate) fn give_back(&self, provider: &str, operation: &str, taken: &Taken) {
        let mut held = self.held.lock();
        let (_, _, given) = taken.before;
        let known = held.iter_mut().find(|known| *known.provider == *provider && *known.operation == *operation);
        if let Some(known) = known.filter(|known| known.given == given + 1) {
            (known.next, known.used, known.given) = taken.before;
        }
        self.tell(&held);
    }

    fn tell(&self, held: &[Sequence]) {
        self.any.store(held.iter().any(|sequence| !sequence.is_over()), Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(at_end: AtEnd, times: &[u64], expected: &str) {
        let steps = times.iter().enumerate().map(|(at, times)| Step::read(Answer::literal(200, at).times(*times).0).unwrap());
        let answers = Answers::default();
        answers.put(Sequence::new("p".into(), "o".into(), steps.collect(), at_end, false));
        let found: String = (0..7)
            .map(|_| match answers.take("p", "o").and_then(|taken| taken.given) {
                Some(Given::Literal(response)) => String::from_utf8_lossy(response.body()).into_owned(),
                _ => ".".to_owned(),
            })
            .collect();
        assert_eq!(found, expected);
        assert_eq!(answers.is_empty(), at_end == AtEnd::Pass);
    }

    #[test]
    fn a_sequence_ends_as_it_says() {
        check(AtEnd::Pass, &[1, 2, 1], "0112...");
        check(AtEnd::Repeat, &[1, 2, 1], "0112222");
        check(AtEnd::Loop, &[1, 2], "0110110");
    }

    #[test]
    fn what_was_not_given_comes_next() {
        let answers = Answers::default();
        let steps = [404, 500].map(|code| Step::read(Answer::code(code).0).unwrap()).to_vec();
        answers.put(Sequence::new("p".into(), "o".into(), steps, AtEnd::Pass, false));
        let taken = answers.take("p", "o").unwrap();
        answers.give_back("p", "o", &taken);
        assert_eq!((answers.all()[0].left(), answers.all()[0].given), (2, 0));
    }

    #[test]
    fn an_answer_is_one_thing() {
        let none = AnswerBody::default();
        let both = AnswerBody { status: Some(200), ..Answer::code(404).0 };
        let bare = AnswerBody { body: Some(Value::Null), ..Answer::code(404).0 };
        let never = Answer::pass().times(0).0;
        for wrong in [none, both, bare, never, Answer::literal(99, 1).0, Answer::literal(200, 1).header("a b", "c").0] {
            assert!(Step::read(wrong.clone()).is_err(), "{wrong:?}");
        }
    }
}
