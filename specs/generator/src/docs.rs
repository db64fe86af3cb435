//! Texts of documents as rustdoc that has nothing to warn about.

use proc_macro2::TokenStream;
use quote::quote;

/// Doc attributes of a text; the fallback where the document says nothing.
pub(crate) fn docs(text: &str, fallback: &str) -> TokenStream {
    let text = if text.trim().is_empty() { fallback.to_owned() } else { escaped(text) };
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! { #(#[doc = #lines])* }
}

/// The first line of a text.
pub(crate) fn line(text: &str) -> String {
    escaped(text).lines().next().unwrap_or_default().to_owned()
}

/// Summary, description and further remarks as paragraphs.
pub(crate) fn paragraphs(parts: &[&str]) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for part in parts.iter().map(|part| part.trim()) {
        if !part.is_empty() && !kept.contains(&part) {
            kept.push(part);
        }
    }
    kept.join("\n\n")
}

/// Markdown of a document, without what rustdoc would run, resolve or take for HTML: indented and fenced blocks become
/// text blocks, brackets are escaped unless a link follows, and bare addresses become links.
fn escaped(text: &str) -> String {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in text.trim().lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            lines.push(if fenced { "```text".to_owned() } else { "```".to_owned() });
        } else if fenced {
            lines.push(line.trim_end().to_owned());
        } else {
            let indent = line.len() - line.trim_start().len();
            lines.push(format!("{}{}", " ".repeat(indent.min(3)), escaped_line(trimmed)));
        }
    }
    if fenced {
        lines.push("```".to_owned());
    }
    lines.join("\n")
}

fn escaped_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    for (position, span) in line.split('`').enumerate() {
        if position > 0 {
            out.push('`');
        }
        let closed = position % 2 == 1 && line.split('`').count() > position + 1;
        if closed { out.push_str(span) } else { escape_prose(span, &mut out) }
    }
    if line.matches('`').count() % 2 == 1 {
        let last = out.rfind('`').unwrap_or_default();
        out.insert(last, '\\');
    }
    out
}

fn escape_prose(span: &str, out: &mut String) {
    for (position, word) in span.split(' ').enumerate() {
        if position > 0 {
            out.push(' ');
        }
        match word.find("https://").or_else(|| word.find("http://")) {
            Some(start) => {
                let end = word.trim_end_matches(['.', ',', ')', ';', ':', '>', '"', '\'', ']', '*']).len().max(start);
                escape_characters(&word[..start], out);
                push_address(&word[start..end], out);
                escape_characters(&word[end..], out);
            }
            None => escape_characters(word, out),
        }
    }
}

/// An address as a link; one that is none, as `https://{host}/`, as code.
fn push_address(address: &str, out: &mut String) {
    let is_link = address.chars().all(|character| character.is_ascii_alphanumeric() || "-._~:/?#@!$&'()*+,;=%".contains(character));
    let (open, close) = if is_link { ('<', '>') } else { ('`', '`') };
    out.push(open);
    out.extend(address.chars().filter(|character| *character != '`'));
    out.push(close);
}

fn escape_characters(text: &str, out: &mut String) {
    for character in text.chars() {
        if matches!(character, '[' | ']' | '<' | '>' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_of_a_document_is_prose_to_rustdoc() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected, "{text}");
        check("a [note] in <body>", "a \\[note\\] in \\<body\\>");
        check("`<body>` stays", "`<body>` stays");
        check("see https://example.com/a_b.", "see <https://example.com/a_b>.");
        check("at (https://{host}/x).", "at (`https://{host}/x`).");
        check("[it](https://example.com)", "\\[it\\](<https://example.com>)");
        check("one ` tick", "one \\` tick");
        check("```json\n{\"a\": [1]}\n```", "```text\n{\"a\": [1]}\n```");
        check("```\nopen", "```text\nopen\n```");
        check("        deep", "deep");
    }
}
