//! What renderers of OpenAPI show in table cells without saying so in headings.

use crate::pages::{signature, table::Column, type_words};

/// Rows as they are read, with the columns that their parts are.
pub(super) type Shown = (Vec<Column>, Vec<String>);

/// `POST/pets`, or a method in small letters: what a badge and the text beside it make together.
pub(super) fn signature(text: &str) -> Option<String> {
    let plain = text.replace('`', "");
    let end = plain.find(|letter: char| !letter.is_ascii_alphabetic())?;
    let (method, target) = plain.split_at(end);
    let method = signature::method(&method.to_ascii_uppercase())?;
    let target = target.trim();
    let whole = (target.starts_with('/') || target.contains("://")) && signature::target(target).len() == target.len();
    whole.then(|| format!("{method} {target}"))
}

/// A row below `Name` and `Description` whose name is followed by mark, type and place: `id * required integer (path)`.
pub(super) fn named(columns: &[Column], cells: &[String]) -> Option<Shown> {
    let ([Column::Name, rest @ ..], [name, others @ ..]) = (columns, cells) else { return None };
    if rest.iter().any(|column| matches!(column, Column::Kind | Column::Place)) {
        return None;
    }
    let plain = name.replace('`', "");
    let mut words = plain.split_whitespace().peekable();
    let name = words.next()?.trim_end_matches('*').to_owned();
    let (mut required, mut place, mut kind) = ("no", None, String::new());
    for word in words {
        match word.trim_matches(['(', ')', '*']) {
            "" | "required" => required = "yes",
            inner @ ("path" | "query" | "header" | "cookie" | "body") if word.starts_with('(') => place = Some(inner.to_owned()),
            _ => kind.push_str(&word.replace("($", "(")),
        }
    }
    let place = place?;
    type_words::read(&kind)?;
    let columns = [&[Column::Name, Column::Kind, Column::Required, Column::Place], rest].concat();
    let cells = [&[name, kind, required.to_owned(), place], others].concat();
    Some((columns, cells))
}

/// A row of a table without headings: a name with its mark, then type, limits and text. What a name without a mark means,
/// the other tables of the page say.
pub(super) fn untitled(cells: &[String], unmarked: &str) -> Option<Shown> {
    let [name, told] = cells else { return None };
    let name = name.replace('`', "");
    let mut words = name.split_whitespace();
    let (name, marks) = (words.next()?, words.collect::<Vec<_>>());
    let required = if marks.contains(&"required") { "yes" } else { unmarked };
    let sound = type_words::is_name(name) && marks.iter().all(|mark| ["required", "deprecated", "recommended"].contains(mark));
    let (kind, rest) = typed(told)?;
    let columns = vec![Column::Name, Column::Kind, Column::Required, Column::Default, Column::Values, Column::Text];
    let (rest, default) = labelled(&rest, &["Default:"]);
    let (rest, values) = labelled(&rest, &["Enum:", "Value:", "Items Enum:"]);
    let deprecated = if marks.contains(&"deprecated") { "Deprecated. " } else { "" };
    let row = vec![name.to_owned(), kind, required.to_owned(), default, values, format!("{deprecated}{}", bounds(&rest))];
    sound.then_some((columns, row))
}

/// The type that a cell begins with, and the rest: `string <uuid> The id.`
fn typed(text: &str) -> Option<(String, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (1..=words.len().min(6)).rev().find_map(|count| {
        let kind = words[..count].join(" ").replace(" <", "<").replace("($", "(");
        type_words::read(&kind).map(|_| (kind, words[count..].join(" ")))
    })
}

/// The words behind a label that are quoted, or the first one; and the text without them.
fn labelled(text: &str, labels: &[&str]) -> (String, String) {
    let found = labels.iter().find_map(|label| text.find(label).map(|at| (at, at + label.len())));
    let Some((at, start)) = found else { return (text.to_owned(), String::new()) };
    let behind: Vec<&str> = text[start..].split_whitespace().collect();
    let quoted = behind.iter().take_while(|word| word.starts_with(['"', '`'])).count();
    let count = quoted.max(1).min(behind.len());
    (format!("{} {}", text[..at].trim(), behind[count..].join(" ")), behind[..count].join(", ").replace(",,", ","))
}

/// `[ 1 .. 40 ] characters` and `>= 1` in words.
fn bounds(text: &str) -> String {
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let mut at = 0;
    while at + 1 < words.len() {
        let ranged =
            words[at] == "[" && words.get(at + 2).is_some_and(|word| word == "..") && words.get(at + 4).is_some_and(|word| word == "]");
        if ranged {
            let (low, high) = (words[at + 1].clone(), words[at + 3].clone());
            words.splice(at..at + 5, [format!("between {low} and {high}")]);
        } else if let Some(said) = [(">=", "minimum"), ("<=", "maximum"), (">", "greater than"), ("<", "less than")]
            .into_iter()
            .find_map(|(sign, said)| (words[at] == sign).then_some(said))
        {
            said.clone_into(&mut words[at]);
        }
        at += 1;
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{signature, untitled};

    #[test]
    fn a_badge_and_the_path_beside_it_are_a_signature() {
        assert_eq!(signature("patch/pens/{id}").as_deref(), Some("PATCH /pens/{id}"));
        assert_eq!(signature("POST `/pens`").as_deref(), Some("POST /pens"));
        assert_eq!(signature("get the /pens of a box"), None);
    }

    #[test]
    fn a_row_without_headings_says_type_values_and_bounds() {
        let row = |name: &str, told: &str| untitled(&[name.to_owned(), told.to_owned()], "no").map(|(_, cells)| cells);
        let cells = row("tip required", "string [ 1 .. 4 ] characters Default: \"fine\" Enum: \"fine\" \"wide\" The tip.");
        let expected = ["tip", "string", "yes", "\"fine\"", "\"fine\", \"wide\"", "between 1 and 4 characters The tip."];
        assert_eq!(cells.as_deref(), Some(&expected.map(str::to_owned)[..]));
        assert_eq!(row("two words", "string"), None);
        assert_eq!(row("tip", "a sentence"), None);
    }
}
