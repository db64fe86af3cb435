//! Structured fields (RFC 9651), as far as limits are written in them: lists of items with parameters, and the dictionary
//! that came before. A parser of the standard was rejected: servers write these fields by hand, and one that is not
//! quite right says no less when to come again.

/// An item of a list with its parameters: `"burst";r=0;t=5`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// What it is about, without quotes; empty for a dictionary, which is about one thing.
    pub(super) name: String,
    parameters: Vec<(String, String)>,
}

impl Item {
    /// The value of the first of these parameters that it has.
    pub(super) fn get(&self, names: &[&str]) -> Option<&str> {
        let named = |name: &&str| self.parameters.iter().find(|(known, _)| known == *name);
        names.iter().find_map(named).map(|(_, value)| value.as_str())
    }
}

/// The items of a field.
pub(super) fn items(text: &str) -> Vec<Item> {
    let members = split(text, ',');
    let members = members.into_iter().map(|member| split(member, ';')).filter(|parts| !parts.is_empty());
    let (dictionary, list): (Vec<_>, Vec<_>) = members.partition(|parts| pair(parts[0]).is_some());
    let mut items: Vec<Item> = Vec::new();
    let pairs: Vec<_> = dictionary.iter().flatten().filter_map(|part| pair(part)).collect();
    if !pairs.is_empty() {
        items.push(Item { name: String::new(), parameters: pairs });
    }
    let item = |parts: &Vec<&str>| Item { name: unquoted(parts[0]), parameters: parts[1..].iter().filter_map(|part| pair(part)).collect() };
    items.extend(list.iter().map(item));
    items
}

/// The parts between separators that stand in no quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut quoted = false;
    let parts = text.split(move |character| {
        quoted ^= character == '"';
        character == separator && !quoted
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn pair(part: &str) -> Option<(String, String)> {
    let (key, value) = part.split_once('=').filter(|_| !part.starts_with(['"', ':']))?;
    Some((key.trim().to_ascii_lowercase(), unquoted(value)))
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each item as its name and parameters.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &[(&str, &str)])]) {
        let owned = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let expected: Vec<Item> =
            expected.iter().map(|(name, pairs)| Item { name: (*name).to_owned(), parameters: owned(pairs) }).collect();
        assert_eq!(items(text), expected, "{text}");
    }

    #[test]
    fn lists_and_dictionaries_are_read() {
        check(r#""default";r=0;t=5"#, &[("default", &[("r", "0"), ("t", "5")])]);
        check(
            r#""burst";q=100;w=60, "a, b; c";q=1;w=2"#,
            &[("burst", &[("q", "100"), ("w", "60")]), ("a, b; c", &[("q", "1"), ("w", "2")])],
        );
        check("default;r=1", &[("default", &[("r", "1")])]);
        check("100;w=60", &[("100", &[("w", "60")])]);
        check("limit=100, remaining=50, reset=5", &[("", &[("limit", "100"), ("remaining", "50"), ("reset", "5")])]);
        check("Limit = 100; Remaining = 50", &[("", &[("limit", "100"), ("remaining", "50")])]);
        check(r#""k";r=1;pk=:YWJj=:;qu="requests""#, &[("k", &[("r", "1"), ("pk", ":YWJj=:"), ("qu", "requests")])]);
        check(" , ;", &[]);
    }
}
