//! What of a body can be looked at: all of it, once it came to its end, is not too long, and is not compressed in a way
//! that nobody here undoes. On the wire it stays as it is.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;

use super::kept::{Copied, End};

/// The longest body that is looked at, compressed or not.
pub(super) const MOST: usize = 8 * 1024 * 1024;

/// What of a body can be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// All of it.
    Whole(Bytes),
    /// No more than its beginning, as it was sent, for this reason.
    Part(Bytes, String),
}

impl Seen {
    /// What can be looked at of what was kept of a body with these headers.
    pub(super) fn of(copied: Copied, headers: &HeaderMap) -> Self {
        let Copied { bytes, length, end } = copied;
        let part = |why: &str| Self::Part(bytes.clone(), why.to_owned());
        match end {
            None => part("it is still on its way"),
            Some(End::Unwanted) => part("it was not read to its end"),
            Some(End::Broken(why)) => part(&format!("it broke off: {why}")),
            Some(End::Whole) if length > bytes.len() as u64 => part(&format!("it is longer than {}", limit())),
            Some(End::Whole) => match encoding(headers) {
                None => Self::Whole(bytes),
                _ if bytes.is_empty() => Self::Whole(bytes),
                Some(name) if name == "gzip" || name == "x-gzip" => unzipped(&bytes).map_or_else(|why| part(&why), Self::Whole),
                Some(name) => part(&format!("it is compressed as `{name}`")),
            },
        }
    }

    /// The bytes that there are, whether or not they are all.
    pub(super) fn bytes(&self) -> &Bytes {
        match self {
            Self::Whole(bytes) | Self::Part(bytes, _) => bytes,
        }
    }
}

/// Whether a body with these headers can be looked at once it came.
pub(super) fn is_readable(headers: &HeaderMap) -> bool {
    encoding(headers).is_none_or(|name| name == "gzip" || name == "x-gzip")
}

fn limit() -> String {
    format!("{} MiB", MOST / 1024 / 1024)
}

/// How a body is compressed.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let named = headers.get(http::header::CONTENT_ENCODING)?.to_str().unwrap_or("something").trim().to_ascii_lowercase();
    Some(named).filter(|name| name != "identity" && !name.is_empty())
}

fn unzipped(bytes: &[u8]) -> Result<Bytes, String> {
    let mut plain = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(MOST as u64 + 1);
    decoder.read_to_end(&mut plain).map_err(|error| format!("it cannot be decompressed: {error}"))?;
    if plain.len() > MOST { Err(format!("it is longer than {}, decompressed", limit())) } else { Ok(plain.into()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use http::HeaderValue;

    use super::*;

    fn zipped(plain: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(plain).unwrap();
        encoder.finish().unwrap().into()
    }

    fn check(bytes: &Bytes, encoding: &str, end: Option<End>, expected: Result<&[u8], &str>) {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::CONTENT_ENCODING, HeaderValue::from_str(encoding).unwrap());
        let seen = Seen::of(Copied { bytes: bytes.clone(), length: bytes.len() as u64, end }, &headers);
        match (&seen, expected) {
            (Seen::Whole(bytes), Ok(expected)) => assert_eq!(bytes, expected),
            (Seen::Part(_, why), Err(expected)) => assert!(why.contains(expected), "{why}"),
            _ => panic!("{seen:?} is not {expected:?}"),
        }
    }

    #[test]
    fn what_is_whole_and_plain_can_be_looked_at() {
        let plain = Bytes::from_static(b"{}");
        check(&plain, "identity", Some(End::Whole), Ok(b"{}"));
        check(&zipped(b"{}"), "GZIP", Some(End::Whole), Ok(b"{}"));
        check(&Bytes::new(), "gzip", Some(End::Whole), Ok(b""));
        check(&plain, "gzip", Some(End::Whole), Err("cannot be decompressed"));
        check(&plain, "br", Some(End::Whole), Err("compressed as `br`"));
        check(&plain, "identity", None, Err("still on its way"));
        check(&plain, "identity", Some(End::Broken("reset".to_owned())), Err("broke off: reset"));
        check(&zipped(&vec![0; MOST + 1]), "gzip", Some(End::Whole), Err("longer than 8 MiB"));
    }
}
