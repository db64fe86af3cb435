//! Markdown, as GitHub shows it: cells of tables, code in a line, and code in a block.

/// A row of a table, with its end of line.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<_> = cells.into_iter().map(cell).collect();
    format!("| {} |\n", cells.join(" | "))
}

/// Text as a cell of a table: on one line, with bars escaped. Code within it, in backticks, stays code.
pub fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !escaped.is_empty() {
            escaped.push_str("<br>");
        }
        outside_code(line, &mut escaped);
    }
    escaped
}

/// Text as code in a line, whatever backticks are in it.
pub fn code(text: &str) -> String {
    let text = text.replace(['\r', '\n'], " ");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A space is taken off at both ends, and so parts a backtick from the fence.
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Text as a block of code, whatever backticks are in it, with its end of line.
pub(super) fn fence(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}\n", text.trim_end())
}

/// A bar parts cells even in code. What would begin HTML is escaped outside of code, where it would vanish.
fn outside_code(line: &str, to: &mut String) {
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let (text, code) = rest.split_at(start);
        let fence = &code[..code.len() - code.trim_start_matches('`').len()];
        escape(text, to);
        let Some(end) = closing(&code[fence.len()..], fence.len()) else {
            to.push_str(fence);
            rest = &code[fence.len()..];
            continue;
        };
        let (code, after) = code.split_at(fence.len() + end);
        to.push_str(&code.replace('|', "\\|"));
        rest = after;
    }
    escape(rest, to);
}

/// Where a run of just as many backticks ends.
fn closing(text: &str, length: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(start) = text[at..].find('`') {
        let run = text[at + start..].len() - text[at + start..].trim_start_matches('`').len();
        at += start + run;
        if run == length {
            return Some(at);
        }
    }
    None
}

fn escape(text: &str, to: &mut String) {
    to.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|"));
}

#[cfg(test)]
mod tests {
    use super::{cell, code, fence, row};

    #[test]
    fn cells_stay_in_their_row() {
        let rows = [
            ("a | b", "a \\| b"),
            ("`a|b` and <i>", "`a\\|b` and &lt;i>"),
            ("`Vec<T>` & more", "`Vec<T>` &amp; more"),
            ("one\r\n\n two", "one<br>two"),
            ("``a`b<c`` | d", "``a`b<c`` \\| d"),
            ("lonely ` and <b>", "lonely ` and &lt;b>"),
            ("", ""),
        ];
        for (text, expected) in rows {
            assert_eq!(cell(text), expected);
        }
        assert_eq!(row(["a", "b|c"]), "| a | b\\|c |\n");
    }

    #[test]
    fn blocks_hold_fences() {
        for (text, expected) in [("a\n", "```\na\n```\n"), ("a\n```\nb", "````\na\n```\nb\n````\n")] {
            assert_eq!(fence(text), expected);
        }
    }

    #[test]
    fn code_holds_backticks() {
        let rows = [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a\nb", "`a b`"), ("a``b`", "``` a``b` ```")];
        for (text, expected) in rows {
            assert_eq!(code(text), expected);
        }
    }
}
