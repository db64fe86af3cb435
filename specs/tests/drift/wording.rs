//! Words of a page changed as its format writes them.

use serde_json::Value;

pub(crate) fn first_of(window: &str, pairs: &[(&str, &str)]) -> Option<String> {
    pairs.iter().find(|(from, _)| window.contains(from)).map(|(from, to)| window.replacen(from, to, 1))
}

pub(crate) fn retyped(window: &str, kind: &str) -> Option<String> {
    let words: &[(&str, &str)] = match kind {
        "string" => &[("string", "boolean")],
        "integer" => &[("integer", "string")],
        "number" => &[("number", "boolean"), ("double", "boolean")],
        "boolean" => &[("boolean", "integer")],
        _ => &[],
    };
    let (from, to) = words.iter().find(|(from, _)| window.contains(from))?;
    let at = window.find(from)?;
    let is_part = window[..at].ends_with(['<', '"']) && window[at..].contains(">[]");
    let is_list = window[at + from.len()..].starts_with("[]") || window[..at].ends_with("of ") || window[..at].ends_with("enum<");
    (!is_part && !is_list).then(|| window.replacen(from, to, 1))
}

pub(crate) fn flipped(window: &str, wanted: bool) -> Option<String> {
    if wanted {
        let ways = [
            ("Required", "Optional"),
            ("| yes |", "| no |"),
            ("is required", "is optional"),
            (">Yes<", ">No<"),
            ("<div>required</div>", ""),
            ("required: true, ", ""),
            ("\nrequired\n", "\n"),
            (", required)", ", optional)"),
            (", required. ", ", optional. "),
            (" required", ""),
        ];
        return first_of(window, &ways).or_else(|| window.strip_prefix('*').map(|rest| format!("?{rest}")));
    }
    let ways =
        [("Optional", "Required"), ("| no |", "| yes |"), ("is optional", "is required"), (">No<", ">Yes<"), (">optional<", ">required<")];
    first_of(window, &ways).or_else(|| window.strip_prefix('?').map(|rest| format!("*{rest}")))
}

/// Without the last of the values.
pub(crate) fn dropped(window: &str, values: &[Value]) -> Option<String> {
    let last = values.last()?;
    let text = last.as_str().map_or_else(|| last.to_string(), str::to_owned);
    let before = values.get(values.len().checked_sub(2)?)?;
    let before = before.as_str().map_or_else(|| before.to_string(), str::to_owned);
    // In lists of lines the comma behind the value before goes too.
    for (from, to) in [
        (format!("\n{before},\n{text}\n"), format!("\n{before}\n")),
        (format!("<div>{before},</div><div>{text}</div>"), format!("<div>{before}</div>")),
    ] {
        if window.contains(&from) {
            return Some(window.replacen(&from, &to, 1));
        }
    }
    // Of two values in a sentence one is left, which no sentence lists.
    if values.len() == 2 && window.contains(&format!(", `{text}`")) {
        return None;
    }
    let ways = [
        format!(" | \"{text}\""),
        format!(" or \"{text}\""),
        format!(" or `{text}`"),
        format!(" or <code>{text}</code>"),
        format!(", \"{text}\""),
        format!(", `{text}`"),
        format!("<div>{text}</div>"),
        format!(", {text}]"),
        format!("\n{text}\n"),
    ];
    let way = ways.iter().find(|way| window.contains(way.as_str()));
    let line = || window.lines().find(|line| line.trim_start().starts_with(&format!("- `{text}`"))).map(str::to_owned);
    match way {
        Some(way) => {
            let to = if way.ends_with(']') {
                "]"
            } else if way.starts_with('\n') {
                "\n"
            } else {
                ""
            };
            Some(window.replacen(way.as_str(), to, 1))
        }
        None => line().map(|line| window.replacen(&format!("{line}\n"), "", 1)),
    }
}

pub(crate) fn defaulted(window: &str, value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let new = match value {
        Value::Bool(is) => (!is).to_string(),
        Value::Number(number) => format!("{number}1"),
        _ => format!("{text}x"),
    };
    let from = window.to_ascii_lowercase().find("default").or_else(|| window.find("</td>"))?;
    let at = from + window[from..].find(&text)?;
    Some(format!("{}{new}{}", &window[..at], &window[at + text.len()..]))
}

pub(crate) fn limited(window: &str, value: &Value) -> Option<String> {
    let text = value.as_f64().filter(|_| value.is_number()).map(|_| value.to_string())?;
    let is_token = |at: usize| {
        let before = window[..at].chars().next_back().is_none_or(|one| !one.is_ascii_digit() && one != '.');
        before && window[at + text.len()..].chars().next().is_none_or(|one| !one.is_ascii_digit() && one != '.')
    };
    let places: Vec<usize> = window.match_indices(&text).map(|(at, _)| at).filter(|at| is_token(*at)).collect();
    match places.as_slice() {
        [at] => {
            let new = if text == "0" { "7".to_owned() } else { format!("{text}5") };
            Some(format!("{}{new}{}", &window[..*at], &window[at + text.len()..]))
        }
        _ => None,
    }
}

/// With a word changed wherever it stands alone.
pub(crate) fn replaced(text: &str, word: &str, new: &str) -> Option<String> {
    let is_part = |one: char| one.is_alphanumeric() || one == '_' || one == '-';
    let (mut made, mut rest, mut any) = (String::new(), text, false);
    while let Some(at) = rest.find(word) {
        let before = made.chars().chain(rest[..at].chars()).next_back();
        let after = rest[at + word.len()..].chars().next();
        let alone = before.is_none_or(|one| !is_part(one)) && after.is_none_or(|one| !is_part(one));
        made.push_str(&rest[..at]);
        made.push_str(if alone { new } else { word });
        any |= alone;
        rest = &rest[at + word.len()..];
    }
    made.push_str(rest);
    any.then_some(made)
}
