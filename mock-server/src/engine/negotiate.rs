//! Whether the client takes what the document offers (`Accept`, RFC 9110, section 12.5.1).

use http::{HeaderMap, header::ACCEPT};

/// The position of the media type that the client likes best; `None` when it takes none of them.
pub(super) fn negotiate(headers: &HeaderMap, offered: &[String]) -> Option<usize> {
    let mut ranges = Vec::new();
    for line in headers.get_all(ACCEPT) {
        let line = line.to_str().unwrap_or("*/*");
        ranges.extend(line.split(',').filter_map(Range::parse));
    }
    if ranges.is_empty() || offered.is_empty() {
        return Some(0);
    }
    let scored = offered.iter().enumerate().map(|(position, name)| (position, quality(&ranges, name)));
    let best = scored.filter(|(_, quality)| *quality > 0).max_by_key(|(position, quality)| (*quality, usize::MAX - position));
    best.map(|(position, _)| position)
}

/// A media range with its weight in thousandths.
struct Range<'h> {
    main: &'h str,
    sub: &'h str,
    weight: u16,
}

impl<'h> Range<'h> {
    fn parse(text: &'h str) -> Option<Self> {
        let mut parts = text.split(';');
        let name = parts.next()?.trim();
        // Some clients write a lone `*`.
        let (main, sub) = if name == "*" { ("*", "*") } else { name.split_once('/')? };
        let weight = parts.find_map(|parameter| parameter.trim().strip_prefix("q=")).map_or(1_000, weight);
        Some(Self { main, sub, weight })
    }

    /// How closely the range names a media type: 0 not at all, 3 exactly.
    fn closeness(&self, main: &str, sub: &str) -> u8 {
        let is = |range: &str, name: &str| range.eq_ignore_ascii_case(name);
        match (is(self.main, main), is(self.sub, sub)) {
            (true, true) => 3,
            (true, false) if self.sub == "*" => 2,
            _ if self.main == "*" && self.sub == "*" => 1,
            _ => 0,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is between 0 and 1,000")]
fn weight(text: &str) -> u16 {
    text.trim().parse::<f32>().map_or(1_000, |weight| (weight.clamp(0.0, 1.0) * 1_000.0) as u16)
}

/// The weight of the range that names the media type most closely.
fn quality(ranges: &[Range<'_>], name: &str) -> u16 {
    let essence = name.split(';').next().unwrap_or_default().trim();
    let (main, sub) = essence.split_once('/').unwrap_or((essence, ""));
    let close = ranges.iter().map(|range| (range.closeness(main, sub), range.weight)).filter(|(closeness, _)| *closeness > 0);
    close.max_by_key(|(closeness, _)| *closeness).map_or(0, |(_, weight)| weight)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn check(accept: &str, offered: &[&str], expected: Option<usize>) {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(accept).unwrap());
        let offered: Vec<String> = offered.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(negotiate(&headers, &offered), expected, "{accept}");
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
}
