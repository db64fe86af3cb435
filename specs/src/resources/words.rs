//! Names of one thing in their many spellings: `site_id`, `siteId`, `sites`, `site`.

/// Words whose plural follows no rule.
const IRREGULAR: &[(&str, &str)] = &[("people", "person"), ("children", "child"), ("men", "man"), ("women", "woman"), ("indices", "index")];

/// Endings by which a property names another thing.
const ID_ENDINGS: &[&str] = &["_id", "-id", "Id", "ID", "_uuid", "Uuid", "_key", "Key"];

/// The letters and digits of a name, in lower case.
pub(super) fn plain(name: &str) -> String {
    letters(name).collect()
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// Whether two names differ by spelling alone.
pub(super) fn same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

/// The singular of an English noun; other words stay as they are.
pub(super) fn singular(word: &str) -> String {
    let lower = word.to_lowercase();
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == lower) {
        return (*one).to_owned();
    }
    let cut = |count: usize| word.get(..word.len().saturating_sub(count)).unwrap_or(word).to_owned();
    match lower.as_str() {
        word if word.len() > 4 && word.ends_with("ies") => cut(3) + "y",
        word if word.ends_with("lves") => cut(3) + "f",
        word if ["sses", "xes", "ches", "shes", "zzes"].iter().any(|ending| word.ends_with(ending)) => cut(2),
        word if ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending)) => word.to_owned(),
        word if word.len() > 1 && word.ends_with('s') => cut(1),
        _ => word.to_owned(),
    }
}

/// The plural of an English noun.
pub(super) fn plural(word: &str) -> String {
    let lower = word.to_lowercase();
    if let Some((many, _)) = IRREGULAR.iter().find(|(_, one)| *one == lower) {
        return (*many).to_owned();
    }
    let before = lower.chars().rev().nth(1).unwrap_or('a');
    match lower.as_str() {
        word if word.ends_with('y') && !"aeiou".contains(before) => format!("{}ies", word.strip_suffix('y').unwrap_or(word)),
        word if word.ends_with("lf") => format!("{}ves", word.strip_suffix('f').unwrap_or(word)),
        word if ["s", "x", "ch", "sh", "z"].iter().any(|ending| word.ends_with(ending)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// Whether a word looks like the plural of a noun.
pub(super) fn is_plural(word: &str) -> bool {
    singular(word) != word
}

/// Whether two words name one thing, be it one or many of it.
pub(crate) fn same_noun(one: &str, other: &str) -> bool {
    same(one, other) || plain(&singular(one)) == plain(&singular(other))
}

/// What a property that ends as identifiers do names: `site` of `site_id`.
pub(super) fn referred(property: &str) -> Option<&str> {
    let base = ID_ENDINGS.iter().find_map(|ending| property.strip_suffix(ending))?;
    (!base.is_empty()).then_some(base)
}

/// What is left of a name without a noun in front of it: `number` of `issue_number`.
pub(super) fn without_noun(name: &str, noun: &str) -> Option<String> {
    let rest = plain(name).strip_prefix(&plain(&singular(noun)))?.to_owned();
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::{is_plural, plural, referred, same_noun, singular, without_noun};

    #[test]
    fn nouns_have_one_and_many() {
        for (one, many) in [
            ("note", "notes"),
            ("company", "companies"),
            ("box", "boxes"),
            ("day", "days"),
            ("person", "people"),
            ("address", "addresses"),
            ("branch", "branches"),
            ("shelf", "shelves"),
        ] {
            assert_eq!(singular(many), one);
            assert_eq!(plural(one), many);
            assert!(same_noun(one, many));
            assert!(is_plural(many) && !is_plural(one), "{one}");
        }
        for word in ["status", "analysis", "archive", "search", "me"] {
            assert_eq!(singular(word), word);
        }
    }

    #[test]
    fn identifiers_name_things() {
        assert_eq!(referred("site_id"), Some("site"));
        assert_eq!(referred("siteId"), Some("site"));
        assert_eq!(referred("id"), None);
        assert_eq!(referred("paid"), None);
        assert_eq!(without_noun("issue_number", "issues").as_deref(), Some("number"));
        assert_eq!(without_noun("berthId", "berths").as_deref(), Some("id"));
        assert_eq!(without_noun("id", "notes"), None);
    }
}
