//! A member that is glued to the sentence before it.

use crate::pages::type_words;

/// Where a member begins inside a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    At(usize),
    /// Somewhere inside a word.
    Hidden,
}

/// The member that ends a line which begins with a sentence; the mark of what is required or optional tells it.
pub(super) fn member(text: &str) -> Option<Edge> {
    let marks = text.match_indices(['?', '*']).map(|(at, _)| at).filter(|at| *at > 0);
    let typed = |at: &usize| {
        let kind = &text[at + 1..];
        kind.len() < 160
            && kind.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '"')
            && type_words::read(kind).is_some()
    };
    let at = marks.take(20).find(typed)?;
    let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '$' | '@');
    let start = text[..at].trim_end_matches(inside).len();
    let before = text[..start].chars().next_back()?;
    if start == at || !text[..start].trim_end().contains(' ') {
        return None;
    }
    Some(if matches!(before, '.' | '!' | ')' | '"' | '`') { Edge::At(start) } else { Edge::Hidden })
}
