//! The files of the page: those of Swagger UI, which the build script took out of its release, and our own.

use bytes::Bytes;
use http::HeaderMap;

use crate::control::content::{Caching, Content};

/// Name, bytes, and whether those are gzip.
type Embedded = (&'static str, &'static [u8], bool);

const SWAGGER_UI: &[Embedded] = &include!(concat!(env!("OUT_DIR"), "/reference.rs"));
const OURS: [Embedded; 2] =
    [("page.css", include_bytes!("page.css").as_slice(), false), ("start.js", include_bytes!("start.js").as_slice(), false)];

/// The file of this name.
pub(crate) fn find(name: &str) -> Option<Content> {
    let (name, bytes, is_gzip) = SWAGGER_UI.iter().chain(&OURS).find(|(known, ..)| *known == name).copied()?;
    let (bytes, headers) = (Bytes::from_static(bytes), HeaderMap::new());
    Some(Content { media_type: media_type(name), bytes, is_gzip, caching: Caching::Asks, headers })
}

/// The address of a file, which changes when the file does.
pub(super) fn address(name: &str) -> String {
    let tag = find(name).map(|content| content.tag()).unwrap_or_default();
    format!("/reference/{name}?v={tag}")
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("png") => "image/png",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_there_under_an_address_that_changes_with_it() {
        for name in ["swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "LICENSE", "NOTICE", "page.css", "start.js"] {
            let tag = find(name).map(|content| content.tag()).unwrap();
            assert_eq!(address(name), format!("/reference/{name}?v={tag}"));
        }
        assert!(find("nothing.js").is_none());
    }
}
