//! The mark that a run puts into the text of what it makes, so that it can be told from everything else.
//!
//! It is put inside a text, never at its ends, and into another text than the one that a case is about as far as there
//! is one: what a server does to blanks, lengths and limits is seen all the same.

use serde_json::Value;
use specs::api::{Direction, SchemaId};

use crate::suite::{Suite, is_reference};

/// What all marks begin with.
const WORD: &str = "contract-";

/// The mark of a run.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    /// `contract-5f2c91ab-`.
    prefix: String,
}

/// How a body is to be marked.
pub(crate) struct Wish<'a> {
    /// The places that the case is about: their texts come last.
    pub(crate) about: &'a [String],
    /// Whether a text may be added where none can hold the mark.
    pub(crate) may_add: bool,
}

impl Mark {
    pub(crate) fn new(run: &str) -> Self {
        Self { prefix: format!("{WORD}{run}-") }
    }

    /// The mark of one thing that is made.
    fn numbered(&self, number: usize) -> String {
        format!("{}{number}", self.prefix)
    }

    /// Marks the first text of a body that can hold the mark; of a list of items each one.
    pub(crate) fn put(&self, suite: &Suite, schema: &SchemaId, body: &mut Value, at: &str, number: usize, wish: &Wish<'_>) {
        let several = body.pointer(at).and_then(Value::as_array).map(Vec::len);
        let places: Vec<String> = match several {
            Some(count) => (0..count).map(|position| specs::pointer::index(at, position)).collect(),
            None => vec![at.to_owned()],
        };
        for place in places {
            let Some(item) = specs::pointer::tokens(&place).try_fold(schema.clone(), |schema, token| {
                suite.api.schemas.property(&schema, &token).or_else(|| suite.api.schemas.items(&schema))
            }) else {
                continue;
            };
            let is_marked = self.put_into(suite, &item, body, &place, number, wish.about);
            if !is_marked && wish.may_add {
                self.add(suite, &item, body, &place, number);
            }
        }
    }

    /// Adds a text that need not be there.
    fn add(&self, suite: &Suite, schema: &SchemaId, body: &mut Value, at: &str, number: usize) {
        let text = Value::from(self.numbered(number));
        let is_valid =
            |property: &SchemaId| suite.validators.get(property, Direction::Request).is_ok_and(|validator| validator.is_valid(&text));
        let mut free = suite.api.schemas.properties(schema).into_iter().filter(|(name, property)| {
            is_free(suite, name, property) && !suite.api.schemas.is_marked(property, "readOnly") && is_valid(property)
        });
        let members = body.pointer_mut(at).and_then(Value::as_object_mut);
        if let Some((members, (name, _))) = members.zip(free.next()) {
            members.insert(name, text.clone());
        }
    }

    fn put_into(&self, suite: &Suite, schema: &SchemaId, body: &mut Value, at: &str, number: usize, about: &[String]) -> bool {
        let mut texts: Vec<(bool, String, String, SchemaId)> = Vec::new();
        for (name, property) in suite.api.schemas.properties(schema) {
            let place = specs::pointer::join(at, &name);
            let Some(text) = body.pointer(&place).and_then(Value::as_str) else { continue };
            if is_free(suite, &name, &property) {
                texts.push((about.iter().any(|about| about.starts_with(&place)), place, text.to_owned(), property));
            }
        }
        // The longest text has the most room.
        texts.sort_by_key(|(is_about, _, text, _)| (*is_about, std::cmp::Reverse(text.len())));
        let valid = |property: &SchemaId, text: &str| {
            suite.validators.get(property, Direction::Request).is_ok_and(|known| known.is_valid(&text.into()))
        };
        // What is wrong on purpose stays wrong.
        for (is_about, place, text, property) in texts.into_iter().filter(|(_, _, text, property)| valid(property, text)) {
            // What a case is about keeps its length: it may be at a limit.
            let is_as_long = |marked: &String| !is_about || marked.chars().count() == text.chars().count();
            let mut ways = self.ways(&text, number).into_iter().filter(is_as_long);
            if let Some(marked) = ways.find(|marked| valid(&property, marked)) {
                if let Some(old) = body.pointer_mut(&place) {
                    *old = marked.into();
                }
                return true;
            }
        }
        false
    }

    /// The text with the mark: in place of an older one, between two words, in place of what is in its middle, behind it.
    fn ways(&self, text: &str, number: usize) -> Vec<String> {
        let mark = self.numbered(number);
        if let Some(old) = self.find(text) {
            return vec![text.replacen(old, &mark, 1)];
        }
        let mut ways = Vec::new();
        let begins = text.find(|character: char| !character.is_whitespace()).unwrap_or(0);
        let ends = text.trim_end().len();
        if let Some(gap) = text.get(begins..ends).and_then(|inner| inner.find(' ')) {
            let (before, after) = text.split_at(begins + gap);
            ways.push(format!("{before} {mark}{after}"));
        } else if !text.is_empty() && ends == text.len() {
            ways.push(format!("{text} {mark}"));
        }
        let characters: Vec<char> = text.chars().collect();
        let length = mark.chars().count();
        if characters.len() >= length + 4 {
            let from = (characters.len() - length) / 2;
            ways.push(characters[..from].iter().copied().chain(mark.chars()).chain(characters[from + length..].iter().copied()).collect());
        }
        ways
    }

    /// This run's mark in a text, its number included.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Option<&'t str> {
        let at = text.find(&self.prefix)?;
        let number = at + self.prefix.len();
        let digits = text[number..].bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0).then(|| &text[at..number + digits])
    }

    /// All texts in a value that hold this run's mark, by JSON pointer.
    pub(crate) fn all(&self, value: &Value) -> Vec<(String, String)> {
        let mut found = Vec::new();
        self.collect(value, "", &mut found);
        found
    }

    fn collect(&self, value: &Value, at: &str, found: &mut Vec<(String, String)>) {
        match value {
            Value::String(text) if self.find(text).is_some() => found.push((at.to_owned(), text.clone())),
            Value::Array(elements) => {
                elements
                    .iter()
                    .enumerate()
                    .for_each(|(position, element)| self.collect(element, &specs::pointer::index(at, position), found));
            }
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| self.collect(member, &specs::pointer::join(at, name), found));
            }
            _ => {}
        }
    }
}

/// Whether a property is a text for people, so that one word more changes nothing.
fn is_free(suite: &Suite, name: &str, property: &SchemaId) -> bool {
    let (_, schema) = suite.api.schemas.resolve(property);
    let bound = ["format", "pattern", "enum", "const", "contentMediaType", "contentEncoding"];
    let is_text = suite.api.schemas.types(property).iter().any(|kind| kind == "string") || schema.get("type").is_none();
    is_text && !is_reference(name) && name != "id" && bound.iter().all(|keyword| schema.get(*keyword).is_none())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Mark;

    #[test]
    fn a_mark_stands_inside_a_text_and_is_found_again() {
        let mark = Mark::new("ab");
        let ways = |text: &str| mark.ways(text, 7);
        assert_eq!(ways("  Call them\n")[0], "  Call contract-ab-7 them\n");
        assert_eq!(ways("Toast"), ["Toast contract-ab-7"]);
        assert_eq!(ways("Toast contract-ab-3 again"), ["Toast contract-ab-7 again"]);
        assert_eq!(ways("(twenty characters.)")[1], "(twcontract-ab-7rs.)");
        assert_eq!(ways(" "), [""; 0]);
        assert_eq!(mark.find("a contract-ab-12 b"), Some("contract-ab-12"));
        assert_eq!(mark.find("a contract-cd-12 b"), None);
        assert_eq!(
            mark.all(&json!({"a": [{"b": "see contract-ab-1."}], "c": 1})),
            [("/a/0/b".to_owned(), "see contract-ab-1.".to_owned())]
        );
    }
}
