//! Splices of a text: done all at once, so that none moves the place of another.

use super::Refused;

/// A stretch of the text, and what takes its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn new(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into() }
    }

    /// Takes out whole lines: from the line of `start` to that of `end`. Where the last line has no end, that of the
    /// line before goes with it, so that the text still ends as it did.
    pub(super) fn lines(text: &str, start: usize, end: usize) -> Self {
        let (start, end) = (line_start(text, start), line_end(text, end));
        match newline_at(text, end) {
            0 => Self::new(start - newline_before(text, start), end, ""),
            newline => Self::new(start, end + newline, ""),
        }
    }
}

/// The text with all splices. Those at the same place are done in the order given.
pub(super) fn apply(text: &str, mut splices: Vec<Splice>) -> Result<String, Refused> {
    splices.sort_by_key(|splice| (splice.start, splice.end));
    let mut after = String::with_capacity(text.len());
    let mut done = 0;
    for splice in splices {
        // Lines that are taken out may meet; what is put in must stand where it was meant.
        if splice.start < done && !splice.text.is_empty() {
            return Err(Refused::new("", "two edits meet in the text; do them one after the other"));
        }
        let kept = text.get(done..splice.start.max(done));
        after.push_str(kept.ok_or_else(|| Refused::new("", "a place is not within the text"))?);
        after.push_str(&splice.text);
        done = done.max(splice.end);
    }
    after.push_str(text.get(done..).unwrap_or_default());
    Ok(after)
}

/// Where the line begins that a place is in.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

/// Where the line ends that a place is in, before its newline.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    if end < text.len() && text[at..end].ends_with('\r') { end - 1 } else { end }
}

/// How long the newline is that begins there; 0 at the end of the text.
pub(super) fn newline_at(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) }
}

fn newline_before(text: &str, at: usize) -> usize {
    let before = &text[..at];
    if before.ends_with("\r\n") { 2 } else { usize::from(before.ends_with('\n')) }
}

/// How far right a place is, in characters.
pub(super) fn column(text: &str, at: usize) -> usize {
    text[line_start(text, at)..at].chars().count()
}

/// Whether nothing but space is before a place on its line.
pub(super) fn is_first(text: &str, at: usize) -> bool {
    text[line_start(text, at)..at].chars().all(char::is_whitespace)
}
