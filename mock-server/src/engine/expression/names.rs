//! Filters, tests and functions that an expression uses and the language does not have.
//!
//! The language looks such a name up when it gets there, which may be at the thousandth request; a document should be
//! told when it is loaded. So each name is tried by itself.

use minijinja::{Environment, ErrorKind};

/// Words of the language itself.
const KEYWORDS: [&str; 11] = ["and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop"];

/// The first name that is unknown, with what it stands for.
pub(super) fn unknown(environment: &Environment<'_>, source: &str, known: &[&str]) -> Option<String> {
    let words = words(source);
    let before = |position: usize| position.checked_sub(1).and_then(|position| words.get(position)).copied();
    words.iter().enumerate().filter(|(_, word)| is_name(word) && !KEYWORDS.contains(word)).find_map(|(position, word)| {
        let after = words.get(position + 1).copied();
        let (what, trial, error) = match before(position) {
            Some("|") => ("filter", format!("none|{word}"), ErrorKind::UnknownFilter),
            Some("is") => ("test", format!("none is {word}"), ErrorKind::UnknownTest),
            Some("not") if position > 1 && before(position - 1) == Some("is") => {
                ("test", format!("none is {word}"), ErrorKind::UnknownTest)
            }
            Some(".") => return None,
            _ if after == Some("(") && !known.contains(word) => ("function", format!("{word}()"), ErrorKind::UnknownFunction),
            _ => return None,
        };
        let tried = environment.compile_expression(&trial).and_then(|expression| expression.eval(()));
        tried.is_err_and(|found| found.kind() == error).then(|| format!("there is no {what} `{word}`"))
    })
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
}

/// Names and signs in order; literals and space are left out.
fn words(source: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' | '"' => closing(rest, first),
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let length = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(rest.len());
                words.push(&rest[..length]);
                length
            }
            _ => {
                words.push(&rest[..first.len_utf8()]);
                first.len_utf8()
            }
        };
        rest = rest[length..].trim_start();
    }
    words
}

/// The length of a text in quotation marks, with them.
fn closing(text: &str, mark: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if character == mark && !is_escaped {
            return at + 1;
        }
        is_escaped = character == '\\' && !is_escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_wherever_they_stand() {
        let unknown = |source| unknown(&Environment::new(), source, &["mint"]);
        for fine in [
            "a.b",
            "(a|split('|nothing'))[1:]|join('-')",
            "mint('x', 4)",
            "a is not defined and b is none",
            "a.method()",
            "'f(' ~ a",
            "a and (b or (c)) if not (d) else (e)",
        ] {
            assert_eq!(unknown(fine), None, "{fine}");
        }
        assert_eq!(unknown("a|shout"), Some("there is no filter `shout`".to_owned()));
        assert_eq!(unknown("a if b is shiny else c"), Some("there is no test `shiny`".to_owned()));
        assert_eq!(unknown("a is not shiny"), Some("there is no test `shiny`".to_owned()));
        assert_eq!(unknown("x ~ shout(a)"), Some("there is no function `shout`".to_owned()));
    }
}
