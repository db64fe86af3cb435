//! Whether a mock was asked what it should have been asked: expectations, and what is told when one is not met.
//!
//! Everything is data, so that a test in Rust, a request to the control API and the end of a program say it the same
//! way. What is not met is told with the nearest request there was: the one with the fewest differences.

mod judge;
mod request;
mod value;

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(crate) use judge::{Judged, judge};

use super::wanted::Statuses;

/// A request that is expected, and how often.
///
/// ```
/// use mock_server::Expectation;
///
/// let expected = Expectation::operation("create_note").body(serde_json::json!({"title": "Kick-off"})).times(1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[must_use]
pub struct Expectation {
    /// The name of the provider that is asked; left out: any.
    pub(crate) provider: Option<String>,
    /// The id of the operation that is asked for; left out: any.
    pub(crate) operation: Option<String>,
    /// The method; left out: any.
    pub(crate) method: Option<String>,
    /// The path as sent, without sandbox and query; `*` stands for any text. Left out: any.
    pub(crate) path: Option<String>,
    /// The status of the answer, `404`, or `4XX` for all that begin so; left out: any.
    pub(crate) status: Option<String>,
    /// Query parameters that are expected, as they are decoded; others may be there.
    pub(crate) query: Map<String, Value>,
    /// Headers that are expected; others may be there.
    pub(crate) headers: Map<String, Value>,
    /// The body that is expected: an object expects its members and allows others, an array just its items. Instead of a
    /// value `{"$regex": "…"}`, `{"$contains": …}`, `{"$type": "string"}`, `{"$in": […]}`, `{"$any": true}`,
    /// `{"$absent": true}` or `{"$eq": …}` may stand. Forms count as objects of texts.
    pub(crate) body: Option<Value>,
    /// How often; left out: once at least.
    pub(crate) count: Option<Count>,
}

/// How often a request is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Count {
    /// Just so often.
    pub(crate) exactly: Option<usize>,
    /// So often or more.
    pub(crate) at_least: Option<usize>,
    /// So often or less.
    pub(crate) at_most: Option<usize>,
}

/// What is expected of a journal.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct VerifyRequest {
    /// The requests.
    pub(crate) expectations: Vec<Expectation>,
    /// Whether they are expected one after the other; others may come between.
    pub(crate) in_order: bool,
    /// Whether requests that none of them expects are wrong.
    pub(crate) no_others: bool,
}

/// What came of expectations.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Verification {
    /// Whether all is as expected.
    pub(crate) verified: bool,
    /// What came of each, in the order given.
    pub(crate) expectations: Vec<Met>,
    /// The numbers of exchanges that nothing expected, where that is wrong.
    pub(crate) unexpected: Vec<u64>,
    /// All of it in words; empty when all is as expected.
    pub(crate) explanation: String,
}

/// What came of an expectation.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Met {
    /// Whether it is met.
    pub(crate) verified: bool,
    /// How many requests were as expected.
    pub(crate) found: usize,
    /// The numbers of their exchanges.
    pub(crate) matching: Vec<u64>,
    /// What is wrong, in words; empty when it is met.
    pub(crate) explanation: String,
    /// The request that comes nearest, where too few are as expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nearest: Option<Nearest>,
}

/// A request that is not quite as expected.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Nearest {
    /// The number of its exchange.
    pub(crate) number: u64,
    /// Method and target.
    pub(crate) request: String,
    /// Where it is not as expected.
    pub(crate) differences: Vec<Difference>,
    /// The same as lines to read: `-` is expected, `+` is what was sent.
    pub(crate) diff: String,
}

/// Where a request is not as expected.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Difference {
    /// JSON pointer into the body, or a place such as `query.limit`, `header.version`, `method`.
    pub(crate) place: String,
    /// What is expected there.
    pub(crate) expected: Value,
    /// What is there; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) got: Option<Value>,
}

impl Difference {
    fn new(place: &str, expected: &Value, got: Option<&Value>) -> Self {
        Self { place: place.to_owned(), expected: expected.clone(), got: got.cloned() }
    }
}

/// Why a journal is not as expected; its text says what was expected, how often it was found, and what came nearest.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct Mismatch {
    text: String,
}

impl Mismatch {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

impl Expectation {
    /// Any request.
    pub fn any() -> Self {
        Self::default()
    }

    /// A request of the operation with this id.
    pub fn operation(id: impl Into<String>) -> Self {
        Self { operation: Some(id.into()), ..Self::default() }
    }

    /// A request of this method and path; in the path `*` stands for any text.
    pub fn request(method: impl Into<String>, path: impl Into<String>) -> Self {
        Self { method: Some(method.into()), path: Some(path.into()), ..Self::default() }
    }

    /// To the provider of this name.
    pub fn provider(mut self, name: impl Into<String>) -> Self {
        self.provider = Some(name.into());
        self
    }

    /// Answered with this status, `404`, or with one that begins so, `4XX`.
    pub fn status(mut self, status: impl fmt::Display) -> Self {
        self.status = Some(status.to_string());
        self
    }

    /// With this query parameter, decoded.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    /// With this header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// With a body that has at least this in it: members of objects that are not named here may be there. Instead of a
    /// value one of `{"$regex": "…"}`, `{"$contains": …}`, `{"$type": "string"}`, `{"$in": […]}`, `{"$any": true}`,
    /// `{"$absent": true}` or `{"$eq": …}` may stand.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Just so often.
    pub fn times(mut self, times: usize) -> Self {
        self.count = Some(Count { exactly: Some(times), ..Count::default() });
        self
    }

    /// So often or more; without a count, once or more.
    pub fn at_least(mut self, times: usize) -> Self {
        self.count = Some(Count { exactly: None, at_least: Some(times), ..self.count.unwrap_or_default() });
        self
    }

    /// So often or less.
    pub fn at_most(mut self, times: usize) -> Self {
        self.count = Some(Count { exactly: None, at_most: Some(times), ..self.count.unwrap_or_default() });
        self
    }

    /// Not at all.
    pub fn never(self) -> Self {
        self.times(0)
    }

    /// The least and the largest number of requests.
    fn bounds(&self) -> (usize, usize) {
        match self.count {
            None => (1, usize::MAX),
            Some(Count { exactly: Some(exactly), .. }) => (exactly, exactly),
            Some(Count { at_least, at_most, .. }) => {
                let least = at_least.unwrap_or(usize::from(at_most.is_none()));
                (least, at_most.unwrap_or(usize::MAX))
            }
        }
    }

    fn statuses(&self) -> Option<Statuses> {
        self.status.as_deref().and_then(Statuses::parse)
    }

    /// What is wrong with the expectation itself, if anything is.
    pub(crate) fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status.as_deref().filter(|_| self.statuses().is_none()) {
            return Err(format!("`status` is `{status}`; write `404`, or `4XX` for all that begin so"));
        }
        if let Some(Count { exactly: Some(_), at_least, at_most }) = self.count
            && (at_least.is_some() || at_most.is_some())
        {
            return Err("`count` has `exactly` beside others; leave them out".to_owned());
        }
        let (least, most) = self.bounds();
        if least > most {
            return Err(format!("`count` asks for {least} at least and {most} at most"));
        }
        for (at, values) in [("query", &self.query), ("headers", &self.headers)] {
            values.iter().try_for_each(|(name, expected)| value::check(expected, &format!("/{at}/{name}")))?;
        }
        self.body.as_ref().map_or(Ok(()), |body| value::check(body, "/body"))
    }
}

impl fmt::Display for Expectation {
    /// `` `create_note` of `acme` with the body {"title":"x"} ``
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.operation, &self.method, &self.path) {
            (Some(operation), ..) => write!(f, "`{operation}`")?,
            (None, Some(method), Some(path)) => write!(f, "`{method} {path}`")?,
            (None, Some(one), None) | (None, None, Some(one)) => write!(f, "`{one}`")?,
            (None, None, None) => f.write_str("a request")?,
        }
        if let Some(provider) = &self.provider {
            write!(f, " of `{provider}`")?;
        }
        for (name, value) in &self.query {
            write!(f, " with `{name}={}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned))?;
        }
        for (name, value) in &self.headers {
            write!(f, " with `{name}: {}`", value.as_str().map_or_else(|| value.to_string(), str::to_owned))?;
        }
        if let Some(body) = &self.body {
            write!(f, " with the body {body}")?;
        }
        if let Some(status) = &self.status {
            write!(f, " answered with {status}")?;
        }
        Ok(())
    }
}
