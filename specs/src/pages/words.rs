//! A sentence as words: each with what encloses it, so that `"in progress"` is one word and a value.

/// A word of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) lower: String,
    /// Whether it stood in backticks or quotes.
    pub(super) quoted: bool,
    /// Punctuation before it: `(`.
    pub(super) before: String,
    /// Punctuation after it: `,`, `).`.
    pub(super) after: String,
    /// Where it ends in the text.
    pub(super) end: usize,
}

impl Word {
    /// Whether the sentence ends after it.
    pub(super) fn ends(&self) -> bool {
        self.after.contains(['.', '!', '?', ';']) || self.after.contains("\u{2014}")
    }

    pub(super) fn is(&self, wanted: &[&str]) -> bool {
        !self.quoted && wanted.contains(&self.lower.as_str())
    }

    /// The number that it is: `10,000`, `1_000`, `-2.5`.
    pub(super) fn number(&self) -> Option<serde_json::Number> {
        let grouped = self.text.split(',').skip(1).all(|group| group.len() == 3);
        let plain = if grouped { self.text.replace([',', '_'], "") } else { return None };
        if !plain.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-') {
            return None;
        }
        plain.parse::<u64>().map(Into::into).ok().or_else(|| plain.parse::<i64>().map(Into::into).ok()).or_else(|| plain.parse().ok())
    }
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            break;
        }
        at += word(trimmed, &mut found, at);
    }
    found
}

/// Reads one word at the beginning of a text, and returns its length.
fn word(text: &str, found: &mut Vec<Word>, offset: usize) -> usize {
    let opening = |letter: char| matches!(letter, '(' | '[' | '{' | '*');
    let before: String = text.chars().take_while(|letter| opening(*letter)).collect();
    let rest = &text[before.len()..];
    if let Some((inner, length)) = quoted(rest) {
        let after = punctuation(&rest[length..]);
        let end = before.len() + length + after.len();
        found.push(make(inner, true, &before, &after, offset + end));
        return end;
    }
    let length = rest.find(|letter: char| letter.is_whitespace() || letter == '`').unwrap_or(rest.len());
    let length = length.min(split_after(&rest[..length]));
    let token = &rest[..length];
    let inner = token.trim_end_matches(|letter: char| ".,;:!?)]*\u{2014}".contains(letter));
    let end = (before.len() + length).max(1);
    if inner.is_empty() {
        match found.last_mut() {
            Some(last) => last.after.push_str(&format!("{before}{token}")),
            None if token.is_empty() => {}
            None => found.push(make("", false, &before, token, offset + end)),
        }
        return if text.is_char_boundary(end) { end } else { text.chars().next().map_or(1, char::len_utf8) };
    }
    found.push(make(inner, false, &before, &token[inner.len()..], offset + end));
    end
}

/// A word ends before an opening parenthesis that is glued to it, and after a dash, `=` or comma between words.
fn split_after(token: &str) -> usize {
    let glued = token.char_indices().skip(1).find(|(at, letter)| {
        let call = matches!(letter, '(') && !token[*at..].starts_with("()");
        let comma = *letter == ',' && !token[at + 1..].starts_with(|next: char| next.is_ascii_digit());
        let equals = *letter == '=';
        call || comma || equals || *letter == '\u{2014}'
    });
    glued.map_or(token.len(), |(at, letter)| if letter == '(' { at } else { at + letter.len_utf8() })
}

fn make(text: &str, quoted: bool, before: &str, after: &str, end: usize) -> Word {
    Word { text: text.to_owned(), lower: text.to_lowercase(), quoted, before: before.to_owned(), after: after.to_owned(), end }
}

/// What stands in backticks or quotes at the beginning of a text, and the length with them.
fn quoted(text: &str) -> Option<(&str, usize)> {
    let (open, close) = match text.chars().next()? {
        '`' => ('`', '`'),
        '"' => ('"', '"'),
        '\u{201c}' => ('\u{201c}', '\u{201d}'),
        '\'' => ('\'', '\''),
        '\u{2018}' => ('\u{2018}', '\u{2019}'),
        _ => return None,
    };
    let rest = &text[open.len_utf8()..];
    let end = rest.char_indices().take(200).find(|(_, letter)| *letter == close).map(|(end, _)| end)?;
    let inner = &rest[..end];
    let closed = rest[end + close.len_utf8()..].chars().next().is_none_or(|next| !next.is_alphanumeric() || close == '`');
    let bare = inner.trim_matches('"');
    (closed && !inner.contains('\n')).then_some((if open == '`' { bare } else { inner }, open.len_utf8() + end + close.len_utf8()))
}

fn punctuation(text: &str) -> String {
    text.chars().take_while(|letter| ".,;:!?)]*=\u{2014}".contains(*letter)).collect()
}
