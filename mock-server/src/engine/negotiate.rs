//! Whether the client takes what the document offers (`Accept`, RFC 9110, section 12.5.1).
//!
//! Beyond that section, a structured suffix is looked at: who takes `application/json` can read any `+json`, and who
//! names a vendor's `+json` reads plain JSON. Both are how clients and documents of the same vendor really differ.

use http::{HeaderMap, header::ACCEPT};

/// The media types of a response.
#[derive(Debug, Default)]
pub(super) struct Offered {
    /// Without parameters, in the order written.
    pub(super) names: Vec<String>,
    /// What whoever takes anything gets: the first that is JSON, else the first.
    pub(super) usual: usize,
}

impl Offered {
    /// Media types by name, each with whether it is JSON.
    pub(super) fn new<'n>(types: impl Iterator<Item = (&'n str, bool)>) -> Self {
        let mut offered = Self::default();
        let mut json = None;
        for (position, (name, is_json)) in types.enumerate() {
            offered.names.push(name.to_owned());
            json = json.or(is_json.then_some(position));
        }
        offered.usual = json.unwrap_or(0);
        offered
    }

    /// The position of the media type that the client likes best; `None` when it takes none of them.
    pub(super) fn negotiate(&self, headers: &HeaderMap) -> Option<usize> {
        match headers.get(ACCEPT) {
            None => return Some(self.usual),
            Some(one) if one == "*/*" => return Some(self.usual),
            _ if self.names.is_empty() => return Some(0),
            _ => {}
        }
        let mut ranges = Vec::new();
        for line in headers.get_all(ACCEPT) {
            let line = line.to_str().unwrap_or("*/*");
            ranges.extend(line.split(',').filter_map(Range::parse));
        }
        if ranges.is_empty() {
            return Some(self.usual);
        }
        let scored = self.names.iter().enumerate().map(|(position, name)| (position, quality(&ranges, name)));
        let best = scored
            .filter(|(_, (weight, _))| *weight > 0)
            .max_by_key(|(position, (weight, closeness))| (*weight, *closeness, *position == self.usual, usize::MAX - position));
        best.map(|(position, _)| position)
    }
}

/// A media range with its weight in thousandths.
struct Range<'h> {
    main: &'h str,
    sub: &'h str,
    weight: u16,
    /// Parameters before `q`, as written: `version=2`.
    parameters: Vec<&'h str>,
}

impl<'h> Range<'h> {
    fn parse(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next()?;
        // Some clients write a lone `*`.
        let (main, sub) = if name == "*" { ("*", "*") } else { name.split_once('/')? };
        let mut range = Self { main, sub, weight: 1_000, parameters: Vec::new() };
        for part in parts {
            if let Some(text) = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")) {
                range.weight = weight(text);
                break;
            }
            range.parameters.push(part);
        }
        Some(range)
    }

    /// How closely the range names a media type: 0 not at all, 5 exactly.
    fn closeness(&self, main: &str, sub: &str, parameters: &str) -> u8 {
        let is = |range: &str, name: &str| range.eq_ignore_ascii_case(name);
        let is_named = |wanted: &&&str| parameters.split(';').any(|known| known.trim().eq_ignore_ascii_case(wanted));
        match (is(self.main, main), is(self.sub, sub)) {
            (true, true) if !self.parameters.is_empty() && self.parameters.iter().filter(is_named).count() == self.parameters.len() => 5,
            (true, true) => 4,
            // What is offered is a range itself.
            _ if main == "*" || (is(self.main, main) && sub == "*") => 3,
            (true, false) if self.sub == "*" => 2,
            (true, false) if suits(self.sub, sub) => 3,
            _ if self.main == "*" && self.sub == "*" => 1,
            _ => 0,
        }
    }
}

/// Whether two subtypes are the same by their structured suffix, and one of them is that alone or a wildcard before it.
fn suits(range: &str, name: &str) -> bool {
    let suffix = |sub: &str| sub.rsplit_once('+').map_or_else(|| sub.to_ascii_lowercase(), |(_, suffix)| suffix.to_ascii_lowercase());
    let is_plain = |sub: &str| !sub.contains('+') || sub.starts_with("*+");
    suffix(range) == suffix(name) && (is_plain(range) || is_plain(name))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is between 0 and 1,000")]
fn weight(text: &str) -> u16 {
    text.trim().parse::<f32>().map_or(1_000, |weight| (weight.clamp(0.0, 1.0) * 1_000.0) as u16)
}

/// The weight of the range that names the media type most closely, and how closely it does.
fn quality(ranges: &[Range<'_>], name: &str) -> (u16, u8) {
    let (essence, parameters) = name.split_once(';').unwrap_or((name, ""));
    let (main, sub) = essence.trim().split_once('/').unwrap_or((essence, ""));
    let close = ranges.iter().map(|range| (range.closeness(main, sub, parameters), range.weight)).filter(|(closeness, _)| *closeness > 0);
    close.max_by_key(|(closeness, _)| *closeness).map_or((0, 0), |(closeness, weight)| (weight, closeness))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(accept: &str, offered: &[&str], expected: Option<usize>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        let offered = Offered::new(offered.iter().map(|name| (*name, name.contains("json"))));
        assert_eq!(offered.negotiate(&headers), expected, "{accept}");
    }

    #[test]
    fn the_closest_range_decides() {
        let offered = ["application/json", "text/csv"];
        check("*/*", &offered, Some(0));
        check("text/*", &offered, Some(1));
        check("text/html, application/xhtml+xml, */*;q=0.8", &offered, Some(0));
        check("application/json;q=0, */*", &offered, Some(1));
        check("application/json;q=0.2, text/csv;q=0.9", &offered, Some(1));
        check("image/png", &offered, None);
        check("APPLICATION/JSON; charset=utf-8", &offered, Some(0));
        check("application/json", &["application/json; charset=utf-8"], Some(0));
        check("nonsense", &offered, Some(0));
    }

    #[test]
    fn json_comes_first_where_anything_will_do() {
        let offered = ["text/plain", "application/json", "text/json"];
        check("*/*", &offered, Some(1));
        check("text/plain, */*", &offered, Some(0));
        check("application/*", &offered, Some(1));
        check("text/html, */*;q=0.1", &offered, Some(1));
    }

    #[test]
    fn a_suffix_says_what_can_be_read() {
        check("application/json", &["application/vnd.quarry.v2+json"], Some(0));
        check("application/vnd.quarry+json", &["application/json"], Some(0));
        check("application/vnd.quarry+json", &["application/vnd.other+json"], None);
        check("application/xml", &["application/vnd.quarry+json"], None);
        check("application/json", &["application/problem+json", "application/json"], Some(1));
        check("application/json; version=2", &["application/json; version=1", "application/json; version=2"], Some(1));
        check("image/png", &["image/*"], Some(0));
    }
}
