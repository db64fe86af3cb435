//! The header that tells a client what was found: `2; invalid_body /title; answer_schema /id`.
//!
//! Places come from requests and answers, so nothing of them stands there that could end the header, or an entry of it.

use std::fmt::Write as _;

use http::{HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::finding::Finding;

/// The name of the header.
pub(super) const NAME: HeaderName = HeaderName::from_static("x-contract-findings");

/// The longest value.
const LONGEST: usize = 1024;
/// What stands at the end where there was more.
const MORE: &str = "; ...";
/// What is written in another way.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ').add(b';').add(b'"');

/// The value, when there is something to tell.
pub(super) fn value(findings: &[Finding]) -> Option<HeaderValue> {
    if findings.is_empty() {
        return None;
    }
    let mut text = findings.len().to_string();
    for finding in findings {
        let place = utf8_percent_encode(&finding.failure.place, UNSAFE);
        let before = text.len();
        // Writing to a string cannot fail.
        _ = write!(text, "; {} {place}", finding.rule.name);
        text.truncate(text.trim_end().len());
        if text.len() > LONGEST - MORE.len() {
            text.truncate(before);
            text.push_str(MORE);
            break;
        }
    }
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests {
    use specs::api::Direction;

    use super::{
        super::{finding::Grade, rules},
        *,
    };
    use crate::case::Failure;

    fn check(places: &[&str], expected: &str) {
        let at = |place: &&str| Finding {
            rule: rules::INVALID_BODY,
            grade: Grade::Wrong,
            direction: Direction::Request,
            operation: String::new(),
            failure: Failure::at(*place, "", "", ""),
        };
        let told = value(&places.iter().map(at).collect::<Vec<_>>());
        assert_eq!(told.as_ref().map_or("", |value| value.to_str().unwrap()), expected);
    }

    #[test]
    fn a_header_tells_rules_and_places() {
        check(&[], "");
        check(&["/title", ""], "2; invalid_body /title; invalid_body");
        check(
            &["/a\r\nset-cookie: b", "/a; b", "/ä\u{7f}\u{0}"],
            "3; invalid_body /a%0D%0Aset-cookie:%20b; invalid_body /a%3B%20b; invalid_body /%C3%A4%7F%00",
        );
        let long = format!("/{}", "a".repeat(500));
        check(&[&long, &long, &long], &format!("3; invalid_body {long}; ..."));
        check(&[&long.repeat(3)], "1; ...");
    }
}
