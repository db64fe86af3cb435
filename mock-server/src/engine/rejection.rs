//! Every way to refuse a request, as data. What the client sees of it is made in `refuse`, in the vendor's words.

use http::StatusCode;

use super::Step;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The step that refused.
    pub step: Step,
    /// The status of the response.
    pub status: StatusCode,
    /// Stable identifier of the rule that is broken, in kebab case.
    pub rule: &'static str,
    /// JSON pointer into the body, or a place such as `query.limit`; empty for the request as a whole.
    pub place: String,
    /// What is wrong: a lower-case fragment without a period.
    pub message: String,
    /// What would have passed: a lower-case fragment without a period.
    pub help: String,
    /// Everything that is wrong with parameters and body.
    pub violations: Vec<Violation>,
    /// The methods of the path, for `Allow`.
    pub allow: Vec<http::Method>,
}

/// One thing that is wrong with a parameter or the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer into the body, or a place such as `query.limit`.
    pub place: String,
    /// The parameter, or the first property on the way to the place; empty for the body as a whole.
    pub field: String,
    /// The keyword or rule that is broken, as `required` or `maxLength`.
    pub keyword: String,
    /// What is wrong, after the field's name: `is required`.
    pub message: String,
}

impl Rejection {
    pub(super) fn new(
        step: Step,
        status: StatusCode,
        rule: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Box<Self> {
        Box::new(Self {
            step,
            status,
            rule,
            place: String::new(),
            message: message.into(),
            help: help.into(),
            violations: Vec::new(),
            allow: Vec::new(),
        })
    }

    pub(super) fn at(mut self: Box<Self>, place: impl Into<String>) -> Box<Self> {
        self.place = place.into();
        self
    }

    pub(super) fn contended() -> Box<Self> {
        let message = "an item with this id exists already, or it changed under every attempt to write it";
        Self::new(Step::Decide, StatusCode::CONFLICT, "contended", message, "send the request again")
    }
}
