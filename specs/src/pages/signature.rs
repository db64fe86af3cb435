//! Method and path, as pages write them.

use http::Method;

/// The method that a word names, in the spelling of pages: capitals, and `DEL` where a menu is narrow.
pub(super) fn method(word: &str) -> Option<Method> {
    Some(match word {
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" | "DEL" => Method::DELETE,
        "HEAD" => Method::HEAD,
        "OPTIONS" => Method::OPTIONS,
        _ => return None,
    })
}

/// A URL without its path, and its path; a path has no server.
pub(super) fn split(url: &str) -> (Option<&str>, &str) {
    let Some(scheme) = url.find("://") else { return (None, url) };
    let rest = &url[scheme + 3..];
    let mut depth = 0usize;
    for (offset, letter) in rest.char_indices() {
        match letter {
            '{' | '<' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            '/' | '?' | '#' if depth == 0 => return (Some(&url[..scheme + 3 + offset]), &rest[offset..]),
            _ => {}
        }
    }
    (Some(url), "/")
}

/// A path with `{variables}`, without query and fragment; `None` for what is none.
pub(super) fn path(text: &str) -> Option<String> {
    let (_, path) = split(text);
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let path = path.get(..end).map(|path| path.strip_suffix('{').unwrap_or(path))?;
    let sound = path.starts_with('/') && !path.contains("//") && path.chars().all(|letter| !letter.is_whitespace() && !letter.is_control());
    let mut unnamed = 0;
    let named = |written: &str| {
        let format = ["%s", "%d", "%@"].contains(&written);
        unnamed += usize::from(format);
        match unnamed {
            1 if format => "{id}".to_owned(),
            count if format => format!("{{id{count}}}"),
            _ => segment(written),
        }
    };
    let segments = path.split('/').map(named).collect::<Vec<_>>();
    (sound && segments.iter().all(|segment| plausible(segment))).then(|| segments.join("/"))
}

/// A variable in any of its spellings becomes `{name}`.
fn segment(written: &str) -> String {
    let name = written
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .or_else(|| written.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')))
        .or_else(|| written.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')))
        .or_else(|| written.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')))
        .or_else(|| written.strip_prefix(':').filter(|rest| is_name(rest)));
    name.map_or_else(|| written.to_owned(), |name| format!("{{{}}}", name.trim()))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-'))
}

fn plausible(segment: &str) -> bool {
    let balanced = segment.matches('{').count() == segment.matches('}').count();
    balanced && !segment.contains(['"', '\'', '`', '(', ')', ',', '|', '\\'])
}

/// A path with the names of its variables left out: two paths of one operation have one shape.
pub(super) fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut depth = 0usize;
    for letter in path.chars() {
        match letter {
            '{' => {
                depth += 1;
                shape.push('{');
            }
            '}' => {
                depth = depth.saturating_sub(1);
                shape.push('}');
            }
            other if depth == 0 => shape.push(other),
            _ => {}
        }
    }
    shape
}

/// Whether the path of an example is that of an operation, perhaps with more before it.
pub(super) fn fits(example: &str, template: &str) -> bool {
    let wanted: Vec<&str> = template.split('/').collect();
    let given: Vec<&str> = example.split('/').collect();
    let same = |given: &&str, wanted: &&str| (wanted.starts_with('{') && !given.is_empty()) || given == wanted;
    let (one, other) = (given.iter().rev(), wanted.iter().rev().take(wanted.len().saturating_sub(1)));
    given.len() >= wanted.len() && one.zip(other).all(|(given, wanted)| same(given, wanted))
}

/// Whether the path of an example differs from that of an operation in one word alone: a slip on either side.
pub(super) fn resembles(example: &str, template: &str) -> bool {
    let wanted: Vec<&str> = template.split('/').skip(1).collect();
    let given: Vec<&str> = example.split('/').skip(1).collect();
    let same = |given: &&str, wanted: &&str| (wanted.starts_with('{') && !given.is_empty()) || given == wanted;
    let differing = given.iter().rev().zip(wanted.iter().rev()).filter(|(given, wanted)| !same(given, wanted)).count();
    given.len() >= wanted.len() && wanted.len() > 1 && differing <= 1
}

/// Words between a method and its path in a sentence.
const BETWEEN: [&str; 9] = ["request", "requests", "call", "to", "the", "at", "on", "against", "endpoint"];

/// Where in a text a method is followed by a path or URL: offset of the method, the method, the target as written, and the
/// offset after it.
pub(super) fn inline(text: &str) -> Vec<(usize, Method, String, usize)> {
    let mut found = Vec::new();
    let mut offset = 0;
    while let Some(start) = text[offset..].find(|letter: char| letter.is_ascii_uppercase()).map(|start| offset + start) {
        let word: String = text[start..].chars().take_while(char::is_ascii_uppercase).collect();
        offset = start + word.len();
        let Some(method) = method(&word) else { continue };
        let opened = text[..start].chars().next_back().is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        let mut rest = text[offset..].trim_start_matches(['`', '*', ':']).trim_start();
        while let Some(word) = BETWEEN.iter().find(|word| rest.strip_prefix(**word).is_some_and(|rest| rest.starts_with(' '))) {
            rest = rest[word.len()..].trim_start();
        }
        let rest = rest.trim_start_matches(['`', '"', '*', '(']);
        let at = text.len() - rest.len();
        let target = target(rest);
        if !opened && at > offset && (target.starts_with('/') || target.contains("://")) && target.len() > 1 {
            offset = at + target.len();
            found.push((start, method, target.to_owned(), offset));
        }
    }
    found
}

/// The path or URL at the beginning of a text, without the punctuation of the sentence around it.
pub(super) fn target(text: &str) -> &str {
    let end = text
        .find(|letter: char| letter.is_whitespace() || matches!(letter, '`' | '"' | '\'' | ',' | ')' | ';' | '|' | '*'))
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ':', '!', '?'])
}

/// The names in the query of an address: `?page=1&limit={limit}`, `{?page,limit}`.
pub(super) fn query_names(target: &str) -> Vec<String> {
    let listed = target.split_once("{?").and_then(|(_, rest)| rest.split_once('}')).map(|(names, _)| names.split(',').collect::<Vec<_>>());
    let pairs = || target.split_once('?').map(|(_, rest)| rest.split('&').filter_map(|pair| pair.split('=').next()).collect());
    let names = listed.or_else(pairs).unwrap_or_default();
    names.into_iter().map(|name| name.trim_end_matches('*').to_owned()).filter(|name| is_name(name)).collect()
}
