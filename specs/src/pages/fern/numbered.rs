//! Programs whose lines are numbered: `1import requests`.

use crate::pages::line::Line;

/// The lines without the numbers of programs. JSON keeps its own, which the reader of JSON knows.
pub(in crate::pages) fn unnumbered(lines: &[Line]) -> Vec<Line> {
    let mut plain = lines.to_vec();
    let mut at = 0;
    while at < lines.len() {
        let length =
            (0..lines.len() - at).take_while(|offset| lines.get(at + offset).is_some_and(|line| rest(line, offset + 1).is_some())).count();
        let json = rest(&lines[at], 1).is_some_and(|text| text.trim_start().starts_with(['{', '[']));
        if length > 2 && !json {
            for (offset, line) in plain[at..at + length].iter_mut().enumerate() {
                line.text = rest(line, offset + 1).unwrap_or_default().to_owned();
            }
        }
        at += length.max(1);
    }
    plain
}

/// What stands behind the number of a line of a program.
fn rest(line: &Line, number: usize) -> Option<&str> {
    let rest = line.text.strip_prefix(&number.to_string())?;
    (!rest.starts_with(|letter: char| letter.is_ascii_digit())).then_some(rest)
}
