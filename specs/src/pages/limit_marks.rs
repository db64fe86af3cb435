//! Limits as renderers write them: `1 <= x <= 100`, `x >= 1`, `1 - 255`.

use serde_json::Value;

use super::Claim;

/// Reads bounds at the beginning of a text: the claims under the keywords for the lower and the upper bound, and the length.
/// A number alone is the bound that the label names.
pub(super) fn read(text: &str, keywords: [&'static str; 2], label: &str) -> Option<(Vec<Claim>, usize)> {
    let mut scanner = Scanner { text, at: 0 };
    let first = scanner.number();
    let mut claims = Vec::new();
    let mut push = |upper: bool, strict: bool, value: Value| {
        let keyword = match (keywords[usize::from(upper)], strict) {
            ("minimum", true) => "exclusiveMinimum",
            ("maximum", true) => "exclusiveMaximum",
            (keyword, _) => keyword,
        };
        claims.push(Claim::Limit { keyword, value });
    };
    if let Some(first) = first {
        if let Some((less, strict)) = scanner.comparison() {
            push(!less, strict, first);
            scanner.word();
            if let Some((less, strict)) = scanner.comparison() {
                push(less, strict, scanner.number()?);
            }
        } else if scanner.dash() {
            push(false, false, first);
            push(true, false, scanner.number()?);
        } else {
            push(label.starts_with("Max"), false, first);
        }
        return Some((claims, scanner.at));
    }
    scanner.word();
    let (less, strict) = scanner.comparison()?;
    push(less, strict, scanner.number()?);
    if scanner.joint() {
        scanner.word();
        if let Some((less, strict)) = scanner.comparison() {
            push(less, strict, scanner.number()?);
        }
    }
    Some((claims, scanner.at))
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn rest(&self) -> &str {
        self.text[self.at..].trim_start()
    }

    fn advance(&mut self, rest: usize, length: usize) {
        self.at = self.text.len() - rest + length;
    }

    fn number(&mut self) -> Option<Value> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with('-'));
        let end = rest[sign..]
            .find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | ',')))
            .map_or(rest.len(), |end| end + sign);
        let written = rest[..end].trim_end_matches(['.', ',']);
        let value = serde_json::from_str(&written.replace(',', "")).ok()?;
        let (rest, length) = (rest.len(), written.len());
        self.advance(rest, length);
        Some(value)
    }

    /// Whether what stands before is less than what stands after, and whether it may not be equal.
    fn comparison(&mut self) -> Option<(bool, bool)> {
        let rest = self.rest();
        let signs = [
            ("<=", true, false),
            (">=", false, false),
            ("\u{2264}", true, false),
            ("\u{2265}", false, false),
            ("<", true, true),
            (">", false, true),
        ];
        let (sign, less, strict) = signs.into_iter().find(|(sign, _, _)| rest.starts_with(sign))?;
        let rest = rest.len();
        self.advance(rest, sign.len());
        Some((less, strict))
    }

    /// Passes over what is compared.
    fn word(&mut self) {
        let rest = self.rest();
        let known = ["length", "value", "items", "characters", "x"].into_iter().find(|word| rest.starts_with(word));
        let length = known.map_or_else(|| rest.find(|letter: char| !letter.is_alphabetic()).unwrap_or(rest.len()), str::len);
        let rest = rest.len();
        self.advance(rest, length);
    }

    fn dash(&mut self) -> bool {
        let rest = self.rest();
        let sign = ["-", "\u{2013}", "to "].into_iter().find(|sign| rest.starts_with(sign));
        let rest = rest.len();
        if let Some(sign) = sign {
            self.advance(rest, sign.len());
        }
        sign.is_some()
    }

    fn joint(&mut self) -> bool {
        let rest = self.rest();
        let joint = ["and ", ", ", "&& "].into_iter().find(|joint| rest.starts_with(joint));
        let rest = rest.len();
        if let Some(joint) = joint {
            self.advance(rest, joint.len());
        }
        joint.is_some()
    }
}
