//! What a terminal gets: colour where it is wanted, and no character that would move its cursor.

use std::fmt::Write as _;

use anstream::{AutoStream, ColorChoice, stream::RawStream};

/// Whether text is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// It is text and nothing else.
    #[default]
    Plain,
    /// It has the codes of a terminal.
    Terminal,
}

impl Colour {
    /// What a stream wants: colour on a terminal, unless `NO_COLOR` or the like says otherwise.
    #[must_use]
    pub fn of(stream: &impl RawStream) -> Self {
        if AutoStream::choice(stream) == ColorChoice::Never { Self::Plain } else { Self::Terminal }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn red(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Terminal => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

/// A text in which only ends of lines and tabs control anything.
pub(super) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_harmful(character) && !matches!(character, '\n' | '\t') {
            // Writing to a string cannot fail.
            _ = write!(shown, "{}", character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Whether a character is not seen, but changes what is: controls, and marks of direction.
pub(super) fn is_harmful(character: char) -> bool {
    character.is_control() || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A text on one line, cut where it gets long.
pub(crate) fn line(text: &str, longest: usize) -> String {
    let flat = harmless(text).replace('\n', "\\n").replace('\t', "\\t");
    match flat.char_indices().nth(longest) {
        Some((end, _)) => format!("{}… ({} characters)", &flat[..end], text.chars().count()),
        None => flat,
    }
}

/// The texts of all of these, one behind another.
pub(super) fn joined<T>(all: impl IntoIterator<Item = T>, text: impl Fn(T) -> String) -> String {
    all.into_iter().fold(String::new(), |joined, one| joined + &text(one))
}

/// A text with every line moved to the right, but for those that are empty.
pub(super) fn indented(text: &str, by: &str) -> String {
    joined(text.lines(), |line| if line.is_empty() { "\n".to_owned() } else { format!("{by}{line}\n") })
}
