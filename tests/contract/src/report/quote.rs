//! Words of a command line, as bash reads them: whatever bytes they have, and environment variables among them.

use super::screen::is_harmful;
use crate::redact::{MARK, Piece};

/// A word that is these pieces, one after another.
pub(super) fn word(pieces: &[Piece<'_>]) -> String {
    if let [Piece::Plain(bytes)] = pieces {
        return literal(bytes);
    }
    let is_simple = |piece: &Piece<'_>| !matches!(piece, Piece::Plain(bytes) if !is_simple(bytes));
    if !pieces.is_empty() && pieces.iter().all(is_simple) {
        return format!("\"{}\"", pieces.iter().enumerate().map(|(at, piece)| inside(*piece, pieces.get(at + 1))).collect::<String>());
    }
    let alone = |piece: &Piece<'_>| match piece {
        Piece::Plain(bytes) => literal(bytes),
        other => format!("\"{}\"", inside(*other, None)),
    };
    if pieces.is_empty() { "''".to_owned() } else { pieces.iter().map(alone).collect() }
}

/// A word that is these bytes.
pub(super) fn literal(bytes: &[u8]) -> String {
    let is_bare = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./:=,@%+".contains(byte);
    match std::str::from_utf8(bytes) {
        Ok("") => "''".to_owned(),
        Ok(text) if bytes.iter().all(is_bare) => text.to_owned(),
        Ok(text) if !text.chars().any(|character| character == '\'' || is_harmful(character)) => format!("'{text}'"),
        _ => format!("$'{}'", escaped(bytes)),
    }
}

/// The format of `printf` that prints these bytes; unlike a word, they may have NUL among them.
pub(super) fn format(bytes: &[u8]) -> String {
    let octal = |byte: u8| match byte {
        b'%' => "%%".to_owned(),
        b'\\' => "\\\\".to_owned(),
        b' '..=b'~' if byte != b'\'' => char::from(byte).to_string(),
        other => format!("\\{other:03o}"),
    };
    format!("'{}'", bytes.iter().map(|byte| octal(*byte)).collect::<String>())
}

fn escaped(bytes: &[u8]) -> String {
    let mut all = String::new();
    for chunk in bytes.utf8_chunks() {
        chunk.valid().chars().for_each(|character| character_into(&mut all, character));
        chunk.invalid().iter().for_each(|byte| all.push_str(&format!("\\x{byte:02x}")));
    }
    all
}

fn character_into(all: &mut String, character: char) {
    match character {
        '\\' => all.push_str("\\\\"),
        '\'' => all.push_str("\\'"),
        '\n' => all.push_str("\\n"),
        '\r' => all.push_str("\\r"),
        '\t' => all.push_str("\\t"),
        harmful if is_harmful(harmful) => {
            harmful.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| all.push_str(&format!("\\x{byte:02x}")));
        }
        plain => all.push(plain),
    }
}

/// Whether bytes stand for themselves between double quotes.
fn is_simple(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"\"$`\\!".contains(byte))
}

fn inside(piece: Piece<'_>, next: Option<&Piece<'_>>) -> String {
    let goes_on = matches!(next, Some(Piece::Plain([first, ..])) if first.is_ascii_alphanumeric() || *first == b'_');
    match piece {
        Piece::Plain(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Piece::Variable(name) if goes_on => format!("${{{name}}}"),
        Piece::Variable(name) => format!("${name}"),
        Piece::Hidden => MARK.to_owned(),
    }
}
