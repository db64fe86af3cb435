//! Plain text and HTML, each from the other, for vendors that keep both of one note.

/// Elements after which a line ends.
const BLOCKS: [&str; 12] = ["p", "br", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr", "blockquote"];

/// The text as HTML: special characters escaped, one `<p>` for each line.
pub(super) fn to_html(text: &str) -> String {
    let mut html = String::new();
    push_html(text, &mut html);
    html
}

/// Appends what [`to_html`] gives.
pub(super) fn push_html(text: &str, html: &mut String) {
    html.reserve(text.len() + 24);
    for line in text.split('\n') {
        html.push_str("<p>");
        let mut rest = line;
        while let Some(at) = rest.find(['&', '<', '>', '\r']) {
            html.push_str(&rest[..at]);
            html.push_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                _ => "",
            });
            rest = &rest[at + 1..];
        }
        html.push_str(rest);
        html.push_str("</p>");
    }
}

/// The text of HTML: tags away, entities decoded, a line for each block.
pub(super) fn from_html(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('<') { tag(rest, &mut text) } else { entity(rest, &mut text) };
    }
    text.push_str(rest);
    text.trim_matches('\n').to_owned()
}

/// Passes over a tag or comment at the start of `rest`.
fn tag<'h>(rest: &'h str, text: &mut String) -> &'h str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let Some((inside, after)) = rest[1..].split_once('>') else {
        text.push_str(rest);
        return "";
    };
    let closes = inside.starts_with('/');
    let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
    if name.is_empty() {
        text.push('<');
        return &rest[1..];
    }
    let breaks = name.eq_ignore_ascii_case("br") || (closes && BLOCKS.iter().any(|block| name.eq_ignore_ascii_case(block)));
    if breaks {
        text.push('\n');
    }
    after
}

/// Decodes an entity at the start of `rest`; what is none stays as it is.
fn entity<'h>(rest: &'h str, text: &mut String) -> &'h str {
    let known = rest[1..].split_once(';').filter(|(name, _)| name.len() <= 8).and_then(|(name, after)| Some((decode(name)?, after)));
    if let Some((character, after)) = known {
        text.push(character);
        return after;
    }
    text.push('&');
    &rest[1..]
}

fn decode(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_the_way_to_html_and_back() {
        for text in ["plain", "a < b && c > d", "two\nlines", "", "täglich 👩‍🔧 &amp; more", "1 &lt; 2"] {
            assert_eq!(from_html(&to_html(text)), text);
        }
    }

    #[test]
    fn tags_go_and_blocks_end_lines() {
        for (html, text) in [
            ("<body><p>one</p><p>two <b>bold</b></p></body>", "one\ntwo bold"),
            ("a<br/>b", "a\nb"),
            ("x &#33; &#x21; &unknown; & y", "x ! ! &unknown; & y"),
            ("<!-- hidden -->seen", "seen"),
            ("1 < 2", "1 < 2"),
            ("broken <p", "broken <p"),
        ] {
            assert_eq!(from_html(html), text, "{html}");
        }
    }
}
