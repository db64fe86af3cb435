//! The forms in which a comparison is told.

use serde_json::{Value, json};

use super::{Compared, Comparison, Odd, markdown, text};
use crate::case::{Failure, Outcome};

/// A form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// For people on a terminal.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For people on a page.
    Markdown,
}

impl Comparison {
    /// The comparison in a form, with an end of line.
    #[must_use]
    pub fn told(&self, form: Form) -> String {
        match form {
            Form::Text => text::told(self),
            Form::Json => format!("{:#}\n", json(self)),
            Form::Markdown => markdown::told(self),
        }
    }
}

fn json(comparison: &Comparison) -> Value {
    let counts = comparison.counts();
    let side = |side: &super::Side| json!({"name": side.name, "url": side.url});
    json!({
        "provider": comparison.provider,
        "document": comparison.file,
        "seed": comparison.seed,
        "a": side(&comparison.a),
        "b": side(&comparison.b),
        "counts": {
            "agree": counts.agree,
            "a": counts.a,
            "b": counts.b,
            "document": counts.document,
            "no_two_agree": counts.everybody,
            "undecided": counts.unknown,
        },
        "cases": comparison.cases.iter().map(case).collect::<Vec<_>>(),
    })
}

fn case(compared: &Compared) -> Value {
    let (verdict, odd) = match &compared.odd {
        Odd::Nobody => ("agree", None),
        Odd::A => ("odd", Some("a")),
        Odd::B => ("odd", Some("b")),
        Odd::Document => ("odd", Some("document")),
        Odd::Everybody => ("no_two_agree", None),
        Odd::Unknown(_) => ("undecided", None),
    };
    let mut told = json!({
        "case": compared.case.id(),
        "sentence": compared.case.sentence,
        "rule": compared.case.rule.name,
        "verdict": verdict,
        "odd": odd,
        "a": outcome(compared.a.as_ref()),
        "b": outcome(compared.b.as_ref()),
    });
    if let Odd::Unknown(why) = &compared.odd {
        told["why"] = why.as_str().into();
    }
    told
}

fn outcome(outcome: Option<&Outcome>) -> Value {
    let failed = |word: &str, failure: &Failure| json!({"outcome": word, "what": failure.what, "place": failure.place, "expected": failure.expected, "got": failure.got});
    match outcome {
        None => json!({"outcome": "not_run"}),
        Some(Outcome::Passed) => json!({"outcome": "passed"}),
        Some(Outcome::Skipped(why)) => json!({"outcome": "skipped", "what": why}),
        Some(Outcome::Failed(failure)) => failed("failed", failure),
        Some(Outcome::New(failure)) => failed("new", failure),
        Some(Outcome::Blocked(what)) => json!({"outcome": "blocked", "what": what}),
        Some(Outcome::Unreachable(why)) => json!({"outcome": "unreachable", "what": why}),
    }
}
