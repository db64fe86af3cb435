//! Unified diffs that `git apply` takes.
//!
//! Lines end at `\n` alone, as they do for git: one that ends with `\r\n` keeps its `\r`, and the last may have no end.

use similar::TextDiff;

/// What makes `new` of `old`, with three lines around; empty when they are the same. The path is relative to the root of
/// the repository.
#[must_use]
pub fn patch(old: &str, new: &str, path: &str) -> String {
    if old == new {
        return String::new();
    }
    let (before, after): (Vec<_>, Vec<_>) = (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
    let diff = TextDiff::configure().newline_terminated(true).diff_slices(&before, &after);
    diff.unified_diff().context_radius(3).header(&name('a', path), &name('b', path)).to_string()
}

/// A path as git writes it: quoted where it must be, and with a tab behind where a space could end it.
fn name(side: char, path: &str) -> String {
    let path = format!("{side}/{}", path.strip_prefix("./").unwrap_or(path));
    if path.contains(|character: char| character.is_ascii_control() || matches!(character, '"' | '\\')) {
        let byte = |byte: u8| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(byte)),
            b' '..=b'~' => char::from(byte).to_string(),
            _ => format!("\\{byte:03o}"),
        };
        return format!("\"{}\"", path.bytes().map(byte).collect::<String>());
    }
    if path.contains(' ') { format!("{path}\t") } else { path }
}
