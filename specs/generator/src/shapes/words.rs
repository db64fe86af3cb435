//! The texts of an enum, and what they are called.

use serde_json::Value;

use super::Word;

/// Extensions that name the values of an enum, in order.
const NAMES: [&str; 2] = ["x-enum-varnames", "x-enumNames"];
/// Extensions that describe them.
const DESCRIPTIONS: [&str; 2] = ["x-enum-descriptions", "x-enumDescriptions"];
/// How many words of a description make a name at most.
const LONGEST_NAME: usize = 3;

/// The values of `enum` or `const`, but for null.
pub(super) fn values(schema: &Value) -> Option<Vec<&Value>> {
    let values = match (schema.get("enum"), schema.get("const")) {
        (_, Some(one)) => vec![one],
        (Some(Value::Array(values)), None) => values.iter().collect(),
        _ => return None,
    };
    Some(values.into_iter().filter(|value| !value.is_null()).collect())
}

/// The words of an enum of texts, each once.
pub(super) fn of(schema: &Value, values: &[&Value]) -> Vec<Word> {
    let all: Vec<&str> = values.iter().filter_map(|value| value.as_str()).collect();
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let mut words: Vec<Word> = Vec::new();
    for (position, wire) in all.iter().enumerate() {
        if words.iter().any(|word| word.wire == *wire) {
            continue;
        }
        let said = entry(schema, &DESCRIPTIONS, position, wire);
        let name = entry(schema, &NAMES, position, wire).or_else(|| {
            let needs_name = !wire.chars().any(char::is_alphabetic);
            needs_name
                .then(|| said.as_deref().and_then(name_in).or_else(|| meaning(description, wire).and_then(|text| name_in(&text))))
                .flatten()
        });
        words.push(Word { wire: (*wire).to_owned(), name, docs: said.or_else(|| meaning(description, wire)).unwrap_or_default() });
    }
    let is_ambiguous = |name: &Option<String>| name.is_some() && words.iter().filter(|word| word.name == *name).count() > 1;
    let ambiguous: Vec<bool> = words.iter().map(|word| is_ambiguous(&word.name)).collect();
    for (word, ambiguous) in words.iter_mut().zip(ambiguous) {
        if ambiguous {
            word.name = None;
        }
    }
    words
}

fn entry(schema: &Value, extensions: &[&str], position: usize, wire: &str) -> Option<String> {
    let extension = extensions.iter().find_map(|name| schema.get(*name))?;
    let text = match extension {
        Value::Array(texts) => texts.get(position),
        Value::Object(texts) => texts.get(wire),
        _ => None,
    };
    text?.as_str().map(str::to_owned)
}

/// What a description says about a value that is no word itself: `` `1` the whole team ``, `1 = public`, `1 (public)`.
fn meaning(description: &str, wire: &str) -> Option<String> {
    let mut from = 0;
    if wire.is_empty() {
        return None;
    }
    while let Some(found) = description.get(from..).and_then(|rest| rest.find(wire)) {
        let (start, end) = (from + found, from + found + wire.len());
        let before = description[..start].chars().next_back();
        let rest = &description[end..];
        let quoted = matches!((before, rest.chars().next()), (Some('`' | '"' | '\''), Some('`' | '"' | '\'')));
        let alone = !before.is_some_and(|character| character.is_alphanumeric() || character == '.');
        let rest = if quoted { &rest[1..] } else { rest };
        if (quoted || alone)
            && let Some(text) = behind(rest, quoted)
        {
            return Some(text);
        }
        from = end;
    }
    None
}

/// The phrase behind a value; unless the value stands in quotes, a sign must lead to it.
fn behind(rest: &str, quoted: bool) -> Option<String> {
    let rest = rest.trim_start();
    let signs = ["=>", "->", "=", ":", "–", "—", "-", "(", "is ", "for ", "means "];
    let led = signs.iter().find_map(|sign| rest.strip_prefix(sign));
    let phrase = match led {
        Some(phrase) => phrase,
        None if quoted => rest,
        None => return None,
    };
    let phrase = phrase.trim_start_matches(['`', '"', '\'', ' ', '-']);
    let end = phrase.find([',', ';', '.', ')', '(', '\n', '`', '"', '|', '/', ':']).unwrap_or(phrase.len());
    let phrase = phrase[..end].trim();
    let phrase = phrase.split(" and ").next().unwrap_or_default().split(" or ").next().unwrap_or_default().trim();
    phrase.starts_with(char::is_alphabetic).then(|| phrase.to_owned())
}

/// The words of a phrase that make a name, without articles; `None` when that would be a sentence.
fn name_in(phrase: &str) -> Option<String> {
    let words: Vec<&str> = phrase.split_whitespace().filter(|word| !matches!(*word, "a" | "an" | "the" | "is" | "its")).collect();
    (1..=LONGEST_NAME).contains(&words.len()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_digit_is_called_what_the_description_calls_it() {
        let check = |description: &str, expected: [Option<&str>; 2]| {
            let schema = json!({"description": description, "enum": ["1", "2"]});
            let values = values(&schema).unwrap();
            let names: Vec<Option<String>> = of(&schema, &values).into_iter().map(|word| word.name).collect();
            assert_eq!(names, expected.map(|name| name.map(str::to_owned)), "{description}");
        };
        check("Who sees it: `1` the whole team, `2` its author alone.", [Some("whole team"), Some("author alone")]);
        check("1 = public, 2 = private", [Some("public"), Some("private")]);
        check("1: Everyone\n2: Owner only", [Some("Everyone"), Some("Owner only")]);
        check("public (1) or private (2)", [None, None]);
        check("either 1 or 2", [None, None]);
        check("`1` when this goes on for far too long a phrase, `2` else", [None, Some("else")]);
    }

    #[test]
    fn names_that_are_given_count() {
        let schema = json!({"enum": ["1", "b"], "x-enum-varnames": ["LOW", "HIGH"], "x-enum-descriptions": {"b": "Urgent."}});
        let words = of(&schema, &values(&schema).unwrap());
        assert_eq!(words[0].name.as_deref(), Some("LOW"));
        assert_eq!((words[1].name.as_deref(), words[1].docs.as_str()), (Some("HIGH"), "Urgent."));
    }
}
