//! Values below `Allowed values:`, one a line, or run together to one word.

use serde_json::Value;

use crate::pages::{Type, sentence, words::words};

/// How long a word may be that is taken apart.
const LONGEST: usize = 400;

/// Values as they are listed.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) text: String,
    values: Vec<Value>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Each is told from the others.
    Apart,
    /// One word behind the label, which may be several values.
    Together,
    /// Some of them cannot be read.
    Unclear,
}

impl Listed {
    /// What stands behind the label.
    pub(super) fn new(line: usize, text: &str, kind: Option<&Type>) -> Self {
        let text = text.trim();
        let found = words(text);
        let together = found.len() == 1 && found.iter().all(|word| !word.quoted);
        let values = found.iter().map(|word| sentence::typed(word, kind)).collect();
        let kind = if together { Kind::Together } else { Kind::Apart };
        Self { first: line, last: line, text: text.to_owned(), values, kind }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty() && self.kind != Kind::Unclear
    }

    /// Takes a line as one of the values; `false` where it is none.
    pub(super) fn line(&mut self, line: usize, text: &str, kind: Option<&Type>) -> bool {
        let plain = text.trim_matches(['`', '"', ',']);
        let footer = ["Was this page", "Built with", "Previous", "Next", "Try it", "View as"].iter().any(|start| text.starts_with(start));
        if self.kind == Kind::Together || footer || text.len() >= 60 || text.ends_with(['.', ':', '?']) {
            return false;
        }
        if plain.contains(char::is_whitespace) {
            self.kind = Kind::Unclear;
        }
        self.values.push(sentence::value(plain, kind, false));
        self.text.push_str(plain);
        self.text.push(' ');
        self.last = line;
        true
    }

    /// The values; one word is taken apart by the values that the page shows elsewhere.
    pub(super) fn values(&self, known: &[String]) -> Option<Vec<Value>> {
        match self.kind {
            Kind::Apart => Some(self.values.clone()),
            Kind::Unclear => None,
            Kind::Together => apart(&self.text, known).map(|values| values.into_iter().map(Value::from).collect()),
        }
    }
}

/// The one way to read a word as a sequence of known values, none of them twice.
fn apart<'t>(text: &'t str, known: &[String]) -> Option<Vec<&'t str>> {
    if text.len() > LONGEST {
        return None;
    }
    // How many ways lead to an offset, and where the last of them comes from.
    let mut ways = vec![(0usize, 0usize); text.len() + 1];
    ways[0] = (1, 0);
    let mut distinct: Vec<&str> = known.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    for at in 0..text.len() {
        if ways[at].0 == 0 || !text.is_char_boundary(at) {
            continue;
        }
        for value in distinct.iter().filter(|value| text[at..].starts_with(**value)) {
            let end = at + value.len();
            ways[end] = (ways[end].0.saturating_add(ways[at].0), at);
        }
    }
    let mut values = Vec::new();
    let mut end = text.len();
    while end > 0 && ways[end].0 == 1 {
        values.push(&text[ways[end].1..end]);
        end = ways[end].1;
    }
    values.reverse();
    let twice = (1..values.len()).any(|at| values[..at].contains(&values[at]));
    (end == 0 && !values.is_empty() && !twice).then_some(values)
}

#[cfg(test)]
mod tests {
    use super::apart;

    #[test]
    fn a_word_is_taken_apart_where_there_is_one_way() {
        let check = |text: &str, known: &[&str], expected: Option<&[&str]>| {
            let known: Vec<String> = known.iter().map(|value| (*value).to_owned()).collect();
            assert_eq!(apart(text, &known).as_deref(), expected, "{text}");
        };
        check("opendone", &["open", "done"], Some(&["open", "done"]));
        check("opendone", &["open"], None);
        check("open", &["open", "done"], Some(&["open"]));
        check("abc", &["a", "bc", "ab", "c"], None);
        check("openopen", &["open"], None);
        check("", &["open"], None);
    }
}
