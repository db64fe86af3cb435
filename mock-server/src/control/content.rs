//! Texts and files of the control listener, which a client that has them is not sent again (RFC 9110, section 13).

use std::{
    hash::{Hash, Hasher},
    io::Read,
};

use bytes::Bytes;
use dropshot::Body;
use flate2::read::GzDecoder;
use http::{HeaderMap, Response, StatusCode, header};
use rustc_hash::FxHasher;

use super::refusal::HttpError;

/// What a client is sent.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) media_type: &'static str,
    pub(super) bytes: Bytes,
    /// Whether the bytes are gzip.
    pub(super) is_gzip: bool,
    /// How long it may be taken for what it is.
    pub(super) caching: Caching,
    /// What is in no body.
    pub(super) headers: HeaderMap,
}

/// How long a client may keep something without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caching {
    /// It asks each time.
    Asks,
    /// For ever: the address has the tag in it.
    Keeps,
}

impl Content {
    pub(super) fn text(media_type: &'static str, text: String) -> Self {
        let (bytes, headers) = (Bytes::from(text), HeaderMap::new());
        Self { media_type, bytes, is_gzip: false, caching: Caching::Asks, headers }
    }

    /// What changes when the content does.
    pub(super) fn tag(&self) -> String {
        let mut hasher = FxHasher::default();
        self.bytes.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// The answer to a request with these headers.
    pub(super) fn answer(self, asked: &HeaderMap) -> Result<Response<Body>, HttpError> {
        let is_packed = self.is_gzip && takes_gzip(asked);
        // Two forms of the same are two representations.
        let tag = format!("\"{}{}\"", self.tag(), if is_packed { "-gzip" } else { "" });
        let keeping = match self.caching {
            Caching::Asks => "no-cache",
            Caching::Keeps => "public, max-age=31536000, immutable",
        };
        let mut response = Response::builder().header(header::ETAG, &tag).header(header::CACHE_CONTROL, keeping);
        if self.is_gzip {
            response = response.header(header::VARY, "accept-encoding");
        }
        if is_known(asked, &tag) {
            return Ok(response.status(StatusCode::NOT_MODIFIED).body(Body::empty())?);
        }
        response = response.header(header::CONTENT_TYPE, self.media_type).header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        if is_packed {
            response = response.header(header::CONTENT_ENCODING, "gzip");
        }
        let bytes = if self.is_gzip && !is_packed { unpacked(&self.bytes)? } else { self.bytes };
        let mut response = response.body(Body::from(bytes))?;
        response.headers_mut().extend(self.headers);
        Ok(response)
    }
}

fn unpacked(bytes: &[u8]) -> Result<Bytes, HttpError> {
    let mut all = Vec::new();
    let read = GzDecoder::new(bytes).read_to_end(&mut all);
    read.map_err(|error| HttpError::for_internal_error(error.to_string()))?;
    Ok(Bytes::from(all))
}

/// Whether a client has said that it reads gzip (RFC 9110, section 12.5.3).
fn takes_gzip(asked: &HeaderMap) -> bool {
    let lists = asked.get_all(header::ACCEPT_ENCODING).iter().filter_map(|list| list.to_str().ok());
    let codings = lists.flat_map(|list| list.split(',')).map(|coding| {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let quality = parameters.trim().strip_prefix("q=").map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
        (name.trim().to_ascii_lowercase(), quality)
    });
    let codings: Vec<(String, f32)> = codings.collect();
    let of = |wanted: &str| codings.iter().find(|(name, _)| name == wanted).map(|(_, quality)| *quality > 0.0);
    of("gzip").or_else(|| of("*")).unwrap_or(false)
}

/// Whether a client has what has this tag.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let lists = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|list| list.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asking(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, http::HeaderValue::from_static(value))])
    }

    #[test]
    fn gzip_is_for_those_who_read_it() {
        for (accepts, expected) in [
            ("gzip, deflate, br", true),
            ("GZIP;q=0.5", true),
            ("br, *", true),
            ("", false),
            ("identity", false),
            ("gzip;q=0", false),
            ("gzip; q=0, *", false),
            ("xgzip", false),
        ] {
            assert_eq!(takes_gzip(&asking(header::ACCEPT_ENCODING, accepts)), expected, "{accepts}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        for (known, expected) in [("\"a\"", true), ("W/\"a\"", true), ("\"b\", \"a\"", true), ("*", true), ("\"b\"", false), ("a", false)] {
            assert_eq!(is_known(&asking(header::IF_NONE_MATCH, known), "\"a\""), expected, "{known}");
        }
    }
}
