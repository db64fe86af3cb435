//! Whether two servers fail in the same way. Each makes its own keys and times, so that what differs in those alone is
//! the same.

use crate::Failure;

/// How long a word of letters and digits has to be to be taken for a key or a time.
const LONG: usize = 8;

/// Whether two failures of one case are the same: at the same place, with the same there.
pub(super) fn is_same_failure(one: &Failure, other: &Failure) -> bool {
    let said = |failure: &Failure| if failure.got.is_empty() { plain(&failure.what) } else { plain(&failure.got) };
    one.place == other.place && said(one) == said(other)
}

/// A text with its keys and times left out.
fn plain(text: &str) -> String {
    let is_inside = |character: char| character.is_ascii_alphanumeric() || "_-:.+".contains(character);
    let is_key = |word: &str| word.len() >= LONG && word.bytes().any(|byte| byte.is_ascii_digit());
    let mut plain = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|character| !is_inside(character)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        plain.push_str(if is_key(word) { "…" } else { word });
        let next = after.find(is_inside).unwrap_or(after.len());
        plain.push_str(&after[..next]);
        rest = &after[next..];
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_the_same_but_for_keys_and_times() {
        let failure = |place: &str, got: &str| Failure {
            what: "it differs".to_owned(),
            place: place.to_owned(),
            expected: "x".to_owned(),
            got: got.to_owned(),
        };
        let check = |one: &str, other: &str, same: bool| {
            assert_eq!(is_same_failure(&failure("/a", one), &failure("/a", other)), same, "{one} {other}");
        };
        check("201", "201", true);
        check("201", "200", false);
        check("\"a b\"", "\"a b \"", false);
        check("2027-01-15T08:00:00Z", "2027-01-16T09:30:00+01:00", true);
        check("note_00000001 is listed", "65b1f0a2c3d4e5f6a7b8c9d3 is listed", true);
        check("note_00000001 is listed", "65b1f0a2c3d4e5f6a7b8c9d3 is gone", false);
        check("contract-ab-12 Tom", "contract-cd-13 Tom", true);
        check("„grün“ 1", "„grün“ 2", false);
        assert!(!is_same_failure(&failure("/a", "x"), &failure("/b", "x")));
        assert!(is_same_failure(&"the list is empty".into(), &"the list is empty".into()));
        assert!(!is_same_failure(&"the list is empty".into(), &"the list is whole".into()));
    }
}
