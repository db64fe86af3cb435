//! What comes of expectations, given the records of a journal.

use std::fmt::Write;

use serde_json::Value;
use similar::TextDiff;

use super::{Difference, Expectation, Met, Nearest, Verification, VerifyRequest, request};
use crate::journal::{Record, Redactor};

/// A record with its differences from each expectation.
pub(crate) struct Judged {
    number: u64,
    request: String,
    body: Option<Value>,
    differences: Vec<Vec<Difference>>,
}

impl Judged {
    /// Holds a record against all expectations. This is done under the lock of a journal, and the rest is not.
    pub(crate) fn new(record: &Record, expected: &VerifyRequest, redactor: &Redactor) -> Self {
        Self {
            number: record.number,
            request: format!("{} {}", record.method, redactor.target(record.target())),
            body: expected.expectations.iter().any(|one| one.body.is_some()).then(|| request::shown(record, redactor)).flatten(),
            differences: expected.expectations.iter().map(|one| request::differences(one, record, redactor)).collect(),
        }
    }

    fn is_as(&self, expectation: usize) -> bool {
        self.differences.get(expectation).is_some_and(Vec::is_empty)
    }
}

/// What comes of expectations.
pub(crate) fn judge(expected: &VerifyRequest, mut records: Vec<Judged>) -> Verification {
    records.sort_by_key(|record| record.number);
    let mut from = 0;
    let mut met = Vec::new();
    for (position, expectation) in expected.expectations.iter().enumerate() {
        let rest = records.get(from..).unwrap_or_default();
        met.push(judge_one(expectation, position, rest, expected.in_order && from > 0));
        if expected.in_order {
            // As many as are needed are used up: what comes behind them is for the next one.
            let needed = expectation.bounds().0.max(1);
            let used = rest.iter().enumerate().filter(|(_, record)| record.is_as(position)).nth(needed - 1).map(|(at, _)| at + 1);
            from += used.unwrap_or(0);
        }
    }
    let is_expected = |record: &Judged| (0..expected.expectations.len()).any(|position| record.is_as(position));
    let others = records.iter().filter(|record| expected.no_others && !is_expected(record));
    let others: Vec<&Judged> = others.collect();
    let mut explanation = met.iter().map(|one| one.explanation.as_str()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    for other in &others {
        let line = if explanation.is_empty() { "" } else { "\n" };
        let _ = write!(explanation, "{line}nothing expected exchange {}: {}", other.number, other.request);
    }
    let unexpected = others.iter().map(|record| record.number).collect();
    Verification { verified: explanation.is_empty(), expectations: met, unexpected, explanation }
}

fn judge_one(expectation: &Expectation, position: usize, records: &[Judged], is_later: bool) -> Met {
    let matching: Vec<u64> = records.iter().filter(|record| record.is_as(position)).map(|record| record.number).collect();
    let (least, most) = expectation.bounds();
    let found = matching.len();
    if (least..=most).contains(&found) {
        return Met { verified: true, found, matching, explanation: String::new(), nearest: None };
    }
    let wanted = match (least, most) {
        (0, 0) => "never".to_owned(),
        (least, most) if least == most => times(least),
        (least, usize::MAX) => format!("{} at least", times(least)),
        (0, most) => format!("{} at most", times(most)),
        (least, most) => format!("{least} to {}", times(most)),
    };
    let behind = if is_later { " behind those before it" } else { "" };
    let mut explanation = format!("{expectation} was expected {wanted}{behind}, and found {}", times(found));
    let nearest = (found < least).then(|| nearest(expectation, position, records)).flatten();
    match &nearest {
        Some(nearest) => {
            let _ = write!(explanation, "\n  nearest is exchange {}: {}", nearest.number, nearest.request);
            for line in nearest.diff.lines() {
                let _ = write!(explanation, "\n    {line}");
            }
        }
        None if found < least && records.is_empty() => explanation.push_str(": there was no request at all"),
        None if !matching.is_empty() => {
            let numbers: Vec<String> = matching.iter().map(u64::to_string).collect();
            let _ = write!(explanation, ": exchanges {}", numbers.join(", "));
        }
        None => {}
    }
    Met { verified: false, found, matching, explanation, nearest }
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        more => format!("{more} times"),
    }
}

/// The request with the fewest differences, the newest of them; one of another operation is further away than any of
/// the right one.
fn nearest(expectation: &Expectation, position: usize, records: &[Judged]) -> Option<Nearest> {
    let is_elsewhere = |difference: &Difference| matches!(difference.place.as_str(), "provider" | "operation" | "method" | "path");
    let distance = |record: &&Judged| {
        let differences = record.differences.get(position).map(Vec::as_slice).unwrap_or_default();
        (differences.iter().filter(|one| is_elsewhere(one)).count(), differences.len(), std::cmp::Reverse(record.number))
    };
    let record = records.iter().filter(|record| !record.is_as(position)).min_by_key(distance)?;
    let differences = record.differences.get(position)?.clone();
    let diff = diff(expectation, record, &differences);
    Some(Nearest { number: record.number, request: record.request.clone(), differences, diff })
}

/// Differences as lines: those of the body in its context, the others each by itself.
fn diff(expectation: &Expectation, record: &Judged, differences: &[Difference]) -> String {
    let mut text = String::new();
    let (in_body, elsewhere): (Vec<_>, Vec<_>) = differences.iter().partition(|one| one.place.is_empty() || one.place.starts_with('/'));
    for Difference { place, expected, got } in elsewhere {
        let _ = writeln!(text, "- {place}: {}", shown(Some(expected)));
        let _ = writeln!(text, "+ {place}: {}", shown(got.as_ref()));
    }
    if let Some(expected) = expectation.body.as_ref().filter(|_| !in_body.is_empty()) {
        let got = record.body.as_ref().map(|body| narrowed(body, expected));
        let (expected, got) = (pretty(expected), got.map(|got| pretty(&got)).unwrap_or_default());
        for change in TextDiff::from_lines(&expected, &got).iter_all_changes() {
            let sign = match change.tag() {
                similar::ChangeTag::Delete => '-',
                similar::ChangeTag::Insert => '+',
                similar::ChangeTag::Equal => ' ',
            };
            let _ = writeln!(text, "{sign} {}", change.value().trim_end_matches('\n'));
        }
    }
    text
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// What of a body is talked about: members that nothing is expected of are left out, and the order is the expected one.
fn narrowed(got: &Value, expected: &Value) -> Value {
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) if !expected.keys().any(|name| name.starts_with('$')) => {
            expected.iter().filter_map(|(name, expected)| Some((name.clone(), narrowed(got.get(name)?, expected)))).collect()
        }
        (Value::Array(got), Value::Array(expected)) => {
            let each =
                got.iter().enumerate().map(|(at, item)| expected.get(at).map_or_else(|| item.clone(), |expected| narrowed(item, expected)));
            each.collect()
        }
        _ => got.clone(),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}
