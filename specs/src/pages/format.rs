//! A page's format, told by its content.

use super::{
    Format,
    line::{Line, lines},
    signature, type_words,
};

/// The format of a text.
pub(super) fn of(text: &str) -> Format {
    let start = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if is_openapi(start) {
        return Format::OpenApi;
    }
    if is_html(start) {
        return Format::Html;
    }
    if ["<ParamField", "<ResponseField", "<CodeGroup", "<RequestExample", "<ResponseExample", "<Expandable"]
        .iter()
        .any(|tag| text.contains(tag))
    {
        return Format::MintlifySource;
    }
    of_lines(&lines(text))
}

fn is_html(start: &str) -> bool {
    let head: String = start.chars().take(400).collect::<String>().to_lowercase();
    let opens = ["<!doctype html", "<html", "<head", "<body", "<main", "<article", "<div", "<section", "<!--", "<h1", "<table", "<p>"];
    opens.iter().any(|open| head.starts_with(open)) && (!head.starts_with("<!--") || head.contains("<html"))
}

fn is_openapi(start: &str) -> bool {
    let keyed = |line: &str| {
        let line = line.trim_start_matches(['{', ' ', '\t']);
        ["openapi:", "swagger:", "\"openapi\":", "\"swagger\":", "'openapi':", "\"openapi\" :", "\"swagger\" :"]
            .iter()
            .any(|key| line.starts_with(key))
    };
    if start.starts_with('{') {
        let head: String = start.chars().filter(|letter| !letter.is_whitespace()).take(200_000).collect();
        return ["\"openapi\":\"", "\"swagger\":\""].iter().any(|key| head.contains(key)) && head.contains("\"paths\":");
    }
    if start.lines().find(|line| line.starts_with("```") || keyed(line)).is_some_and(|line| line.starts_with("```")) {
        return false;
    }
    start.lines().take(400).any(|line| !line.starts_with([' ', '\t', '-', '>', '#']) && keyed(line))
        && start.lines().any(|line| {
            line.starts_with("paths:") || line.starts_with("\"paths\":") || line.starts_with("webhooks:") || line.starts_with("components:")
        })
}

/// An OpenAPI document in a block of code of a page, as generators of pages put beside them for programs to read, and how
/// many lines stand before it.
pub(super) fn embedded(text: &str) -> Option<(usize, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while at < lines.len() {
        let fence: String = lines[at].trim_start().chars().take_while(|letter| *letter == '`').collect();
        at += 1;
        if fence.len() < 3 {
            continue;
        }
        let length = lines[at..].iter().position(|line| line.trim().starts_with(&fence)).unwrap_or(lines.len() - at);
        let block = lines[at..at + length].join("\n");
        if is_openapi(block.trim_start()) {
            return Some((at, block));
        }
        at += length + 1;
    }
    None
}

/// The format of rendered text, or prose.
pub(super) fn of_lines(lines: &[Line]) -> Format {
    let (mut mintlify, mut fumadocs, mut fern) = (0, 0, 0);
    for (position, line) in lines.iter().enumerate() {
        let text = line.text.trim();
        if text.len() > 400 {
            continue;
        }
        let next = |offset: usize| lines.get(position + offset).map_or("", |line| line.text.trim());
        mintlify += mintlify_marks(text, next(1), next(2));
        fumadocs += fumadocs_marks(text);
        fern += fern_marks(text, next(1));
    }
    let best = mintlify.max(fumadocs).max(fern);
    if best < 2 {
        Format::Prose
    } else if fumadocs == best {
        Format::FumadocsText
    } else if fern == best {
        Format::FernText
    } else {
        Format::MintlifyText
    }
}

fn mintlify_marks(text: &str, next: &str, second: &str) -> usize {
    let split = signature::method(text).is_some() && next == "/";
    let typed = type_words::is_name(text) && type_words::read(text).is_none() && type_words::read(next).is_some() && next.len() < 40;
    let marked = typed && ["required", "header", "query", "path", "body", ""].contains(&second);
    usize::from(split) * 3
        + usize::from(marked)
        + usize::from(text == "Available options:")
        + usize::from(text == "Hide child attributes" || text == "Show child attributes")
}

fn fumadocs_marks(text: &str) -> usize {
    let body = ["application/json", "multipart/form-data", "application/x-www-form-urlencoded"]
        .iter()
        .any(|media| text.strip_prefix(media).is_some_and(|rest| rest.starts_with("Required") || rest.starts_with("Optional")));
    let detail = ["Value in:", "In: header", "In: path", "In: query", "In: cookie"].iter().any(|mark| text.contains(mark));
    let token = text.ends_with("<token>") && !text.contains(' ') || text == "AuthorizationBearer <token>";
    usize::from(body) * 2 + usize::from(detail) * 2 + usize::from(token) * 2
}

fn fern_marks(text: &str, next: &str) -> usize {
    let ended = text
        .strip_suffix("Required")
        .or_else(|| text.strip_suffix("Optional"))
        .or_else(|| text.split_once("Optional").map(|(before, _)| before));
    let member = ended.is_some_and(|before| !before.contains('/') && type_words::glued(before).is_some());
    let command = (text.starts_with("$curl") || text.starts_with("$ curl")) && next.starts_with('>');
    let numbered = text == "1{" && next.starts_with('2');
    usize::from(member) + usize::from(command) * 2 + usize::from(numbered) * 2 + usize::from(text.starts_with("This endpoint expects")) * 2
}
