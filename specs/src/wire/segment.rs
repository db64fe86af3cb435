//! A path segment that mixes text and variables, as `{id}.json`, `{a}-{b}` or `{id}:archive`.
//!
//! A variable takes at least one character, and as few as the text after it allows. The text at both ends is fixed, so
//! what lies between is found in one pass from left to right: the first place that fits leaves the most for the rest,
//! and nothing has to be tried again.

use crate::api::Part;

/// What a segment looks like, whatever its variables are called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    start: String,
    /// The text after each variable but the last.
    between: Vec<String>,
    end: String,
}

impl Pattern {
    /// The pattern of the parts of a segment that has a variable.
    pub(super) fn new(parts: &[Part]) -> Self {
        let mut texts = vec![String::new()];
        for part in parts {
            match (part, texts.last_mut()) {
                (Part::Literal(text), Some(last)) => last.push_str(text),
                _ => texts.push(String::new()),
            }
        }
        let end = if texts.len() > 1 { texts.pop() } else { None };
        let start = texts.remove(0);
        Self { start, between: texts, end: end.unwrap_or_default() }
    }

    /// The text that a segment has to end with.
    pub(super) fn end(&self) -> &str {
        &self.end
    }

    /// How much text it has.
    pub(super) fn weight(&self) -> usize {
        self.start.len() + self.end.len() + self.between.iter().map(String::len).sum::<usize>()
    }

    /// Adds what each variable stands for, escaped where the path is, if a segment fits.
    pub(super) fn matches(&self, text: &str, is_escaped: bool, values: &mut Vec<String>) -> bool {
        let inner = text.strip_prefix(self.start.as_str()).and_then(|rest| rest.strip_suffix(self.end.as_str()));
        let Some(mut rest) = inner else { return false };
        let before = values.len();
        for text in &self.between {
            let least = rest.chars().next().map_or(0, char::len_utf8);
            let found = rest.get(least..).filter(|_| least > 0).and_then(|after| after.find(text.as_str()));
            let Some(at) = found.map(|at| at + least) else {
                values.truncate(before);
                return false;
            };
            values.push(value(&rest[..at], is_escaped));
            rest = &rest[at + text.len()..];
        }
        if rest.is_empty() {
            values.truncate(before);
            return false;
        }
        values.push(value(rest, is_escaped));
        true
    }
}

/// The segment was read already, so that what looks like an escape in it is none.
fn value(text: &str, is_escaped: bool) -> String {
    if is_escaped { text.replace('%', "%25") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&str], text: &str, expected: Option<&[&str]>) {
        let parts: Vec<Part> = parts
            .iter()
            .map(|part| match part.strip_prefix('$') {
                Some(name) => Part::Variable(name.to_owned()),
                None => Part::Literal((*part).to_owned()),
            })
            .collect();
        let mut values = Vec::new();
        let found = Pattern::new(&parts).matches(text, false, &mut values);
        assert_eq!(found.then_some(values), expected.map(|values| values.iter().map(|value| (*value).to_owned()).collect()), "{text}");
    }

    #[test]
    fn variables_take_as_little_as_they_can() {
        check(&["$a", ".", "$b"], "1.2.3", Some(&["1", "2.3"]));
        check(&["$a", ".", "$b"], "..x", Some(&[".", "x"]));
        check(&["$a", ".", "$b"], "1.", None);
        check(&["$a", "$b"], "éx", Some(&["é", "x"]));
        check(&["$a", "$b"], "x", None);
        check(&["v", "$a", "-", "$b", "-", "$c", ".csv"], "v1-2-3-4.csv", Some(&["1", "2", "3-4"]));
        check(&["v", "$a"], "v", None);
        check(&["a", "$b", "a"], "a", None);
    }

    #[test]
    fn a_long_segment_is_one_pass() {
        let parts: Vec<&str> = (0..40).flat_map(|_| ["$a", "-"]).chain(["$z", "!"]).collect();
        check(&parts, &"-".repeat(200_000), None);
    }
}
