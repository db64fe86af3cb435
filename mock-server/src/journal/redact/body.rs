//! Bodies without the values of secrets: the text stays as it is otherwise, also where it is cut off or malformed.

use std::borrow::Cow;

use specs::wire::pairs;

use super::BLOT;

/// Tells whether a name is one of a secret.
type IsSecret<'s> = &'s dyn Fn(&str) -> bool;

/// A body of this media type without the values of secrets.
pub(super) fn redacted<'b>(body: &'b [u8], content_type: &str, is_secret: IsSecret<'_>) -> Cow<'b, [u8]> {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if essence == "application/x-www-form-urlencoded" {
        return Cow::Owned(form(body, is_secret));
    }
    if essence.starts_with("multipart/")
        && let Some(boundary) = boundary(content_type)
    {
        return Cow::Owned(multipart(body, boundary.as_bytes(), is_secret));
    }
    if body.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'[')) {
        return Cow::Owned(json(body, is_secret));
    }
    Cow::Borrowed(body)
}

/// Where a reader of JSON is: inside which objects and arrays, and whether what comes next is secret.
#[derive(Default)]
struct Reader {
    /// For each object and array around, whether it is the value of a secret.
    around: Vec<bool>,
    /// Whether the name before was that of a secret.
    named: bool,
}

impl Reader {
    fn is_secret(&self) -> bool {
        self.named || self.around.last() == Some(&true)
    }
}

/// Texts and numbers under a secret's name are replaced, however deep below it; what is no value stays.
fn json(body: &[u8], is_secret: IsSecret<'_>) -> Vec<u8> {
    let mut shown = Vec::with_capacity(body.len());
    let mut reader = Reader::default();
    let mut rest = body;
    while let Some(first) = rest.first() {
        let (token, after) = rest.split_at(token_length(rest));
        rest = after;
        match first {
            b'{' | b'[' => {
                reader.around.push(reader.is_secret());
                reader.named = false;
                shown.extend_from_slice(token);
            }
            b'}' | b']' => {
                reader.around.pop();
                reader.named = false;
                shown.extend_from_slice(token);
            }
            b'"' if rest.trim_ascii_start().first() == Some(&b':') => {
                reader.named = serde_json::from_slice::<String>(token).is_ok_and(|name| is_secret(&name));
                shown.extend_from_slice(token);
            }
            b'"' | b'-' | b'0'..=b'9' => {
                if reader.is_secret() {
                    shown.extend_from_slice(format!("\"{BLOT}\"").as_bytes());
                } else {
                    shown.extend_from_slice(token);
                }
                reader.named = false;
            }
            b't' | b'f' | b'n' => {
                reader.named = false;
                shown.extend_from_slice(token);
            }
            _ => shown.extend_from_slice(token),
        }
    }
    shown
}

/// The length of the text, number, word or sign at the beginning, which is not empty.
fn token_length(text: &[u8]) -> usize {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || b",:{}[]\"".contains(byte);
    match text.first() {
        Some(b'"') => {
            let mut escaped = false;
            let end = text.iter().skip(1).position(|byte| {
                let is_end = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                is_end
            });
            end.map_or(text.len(), |end| end + 2)
        }
        Some(first) if !ends(first) => text.iter().position(ends).unwrap_or(text.len()),
        _ => 1,
    }
}

fn form(body: &[u8], is_secret: IsSecret<'_>) -> Vec<u8> {
    let shown = body.split(|byte| *byte == b'&').map(|pair| {
        let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
        let text = String::from_utf8_lossy(name);
        let is_secret = pairs(&text).first().is_some_and(|pair| is_any_secret(&pair.name, is_secret));
        if is_secret { [name, b"=", BLOT.as_bytes()].concat() } else { pair.to_vec() }
    });
    shown.collect::<Vec<_>>().join(&b'&')
}

/// Whether a name, or one in its brackets, is that of a secret: `user[password]`.
fn is_any_secret(name: &str, is_secret: IsSecret<'_>) -> bool {
    name.split(['[', ']']).any(|part| !part.is_empty() && is_secret(part))
}

fn boundary(content_type: &str) -> Option<&str> {
    let at = content_type.to_ascii_lowercase().find("boundary=")?;
    let after = content_type.get(at + "boundary=".len()..)?;
    Some(after.split(';').next()?.trim().trim_matches('"')).filter(|boundary| !boundary.is_empty())
}

fn multipart(body: &[u8], boundary: &[u8], is_secret: IsSecret<'_>) -> Vec<u8> {
    let delimiter = [b"--", boundary].concat();
    let mut shown = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let end = find(rest, &delimiter).unwrap_or(rest.len());
        shown.extend(part(&rest[..end], is_secret).iter());
        if end == rest.len() {
            return shown;
        }
        shown.extend_from_slice(&delimiter);
        rest = &rest[end + delimiter.len()..];
    }
}

/// A part, from behind its delimiter to before the next one.
fn part<'p>(part: &'p [u8], is_secret: IsSecret<'_>) -> Cow<'p, [u8]> {
    let Some(end) = find(part, b"\r\n\r\n") else { return Cow::Borrowed(part) };
    let (head, content) = part.split_at(end + 4);
    let text = String::from_utf8_lossy(head);
    let name = text.split([';', '\n']).find_map(|word| word.trim().strip_prefix("name=")).map(|name| name.trim_matches('"'));
    if name.is_some_and(|name| is_any_secret(name, is_secret)) {
        return Cow::Owned([head, BLOT.as_bytes(), b"\r\n"].concat());
    }
    let content = content.strip_suffix(b"\r\n").map_or((content, &b""[..]), |content| (content, &b"\r\n"[..]));
    if content.0.trim_ascii_start().first().is_some_and(|first| matches!(first, b'{' | b'[')) {
        return Cow::Owned([head, &json(content.0, is_secret), content.1].concat());
    }
    Cow::Borrowed(part)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content_type: &str, body: &str, expected: &str) {
        let shown = redacted(body.as_bytes(), content_type, &|name| matches!(name, "pin" | "key"));
        assert_eq!(String::from_utf8_lossy(&shown), expected, "{body}");
    }

    #[test]
    fn values_of_json_are_replaced_and_nothing_else() {
        for (body, expected) in [
            (r#"{ "a": 1.0,  "pin" : "x\"y", "b":[] }"#, r#"{ "a": 1.0,  "pin" : "[redacted]", "b":[] }"#),
            (r#"{"pin":12,"a":"pin","c":{"p\u0069n":-3e4}}"#, r#"{"pin":"[redacted]","a":"pin","c":{"p\u0069n":"[redacted]"}}"#),
            (r#"[{"pin":null},{"pin":true},{"key":""}]"#, r#"[{"pin":null},{"pin":true},{"key":"[redacted]"}]"#),
            (r#"{"pin":{"a":"b","c":[1]},"d":2}"#, r#"{"pin":{"a":"[redacted]","c":["[redacted]"]},"d":2}"#),
            // Cut off, malformed, or only alike.
            (r#"{"pin":"abc"#, r#"{"pin":"[redacted]""#),
            (r#"{"pin"}]]"x":1"#, r#"{"pin"}]]"x":1"#),
            (r#"{"pi"#, r#"{"pi"#),
            ("pin=1", "pin=1"),
        ] {
            check("application/json", body, expected);
        }
    }

    #[test]
    fn values_of_forms_are_replaced_and_nothing_else() {
        let form = "application/x-www-form-urlencoded";
        check(
            form,
            "a=b&pin=1+2&c&p%69n=3&user%5Bkey%5D=4&pin",
            "a=b&pin=[redacted]&c&p%69n=[redacted]&user%5Bkey%5D=[redacted]&pin=[redacted]",
        );
        check(form, "", "");
    }

    #[test]
    fn parts_of_a_multipart_body_are_replaced_and_nothing_else() {
        let body = |pin: &str, json: &str| {
            format!(
                "--b\r\nContent-Disposition: form-data; name=\"pin\"\r\n\r\n{pin}\r\n--b\r\n\
                 Content-Disposition: form-data; name=\"file\"; filename=\"key\"\r\n\r\n--x\r\n--b\r\n\
                 Content-Disposition: form-data; name=a\r\n\r\n{json}\r\n--b--\r\n"
            )
        };
        check("multipart/form-data; Boundary=\"b\"", &body("12", r#"{"key":1}"#), &body(BLOT, r#"{"key":"[redacted]"}"#));
    }
}
