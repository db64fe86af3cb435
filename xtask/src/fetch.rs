//! Fetches pages: bounded in size, time and redirects, and only again when they have changed.
//!
//! What a server says of a page's version (`ETag`, `Last-Modified`) is kept in a folder with the page, and sent along
//! the next time, so that a watch of many pages costs the vendor little. Nothing but text is taken, and what is not a
//! success is a failure that says so: a page that moved away must not look like one that lost its facts.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use reqwest::{
    Client, Response, StatusCode,
    header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED},
    redirect::Policy,
};
use serde_json::{Value, json};

use crate::Failure;

/// Where pages are kept, and how much of the world is waited for.
#[derive(Clone, Debug)]
pub struct Cache {
    /// The folder.
    pub folder: PathBuf,
    /// Most bytes of a page.
    pub largest: usize,
    /// Longest time for all of it.
    pub longest: Duration,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its text.
    pub body: String,
    /// Its media type without parameters, in lower case; empty, when the server names none.
    pub media_type: String,
    /// Whether it is what was kept.
    pub unchanged: bool,
}

/// More redirects than pages have.
const REDIRECTS: usize = 5;

impl Cache {
    /// A cache in a folder, with bounds that pages of documentation keep.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), largest: 8 << 20, longest: Duration::from_secs(30) }
    }

    /// The files of a URL: what is known of the page, and its text. Readable, and different for different URLs.
    fn files(&self, url: &str) -> [PathBuf; 2] {
        let plain: String = url.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).take(80).collect();
        // FNV-1a: the same in every build, which the standard library's hash does not promise.
        let hash = url.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        ["json", "page"].map(|ending| self.folder.join(format!("{plain}-{hash:016x}.{ending}")))
    }

    /// What is kept of a page: what is known of it, and its text.
    fn kept(&self, url: &str) -> Option<(Value, String)> {
        let [known, page] = self.files(url);
        let known: Value = serde_json::from_slice(&fs::read(known).ok()?).ok()?;
        (known["url"] == url).then_some((known, fs::read_to_string(page).ok()?))
    }

    fn keep(&self, url: &str, headers: &HeaderMap, fetched: &Fetched) -> Result<(), Failure> {
        let [known, page] = self.files(url);
        let said = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let facts = json!({"url": url, "etag": said(ETAG), "modified": said(LAST_MODIFIED), "type": fetched.media_type});
        let cannot = |path: &Path, error| Failure::new(format!("cannot write `{}`", path.display())).because(error);
        fs::create_dir_all(&self.folder).map_err(|error| cannot(&self.folder, error))?;
        // The text first: facts without it would be facts of another.
        fs::write(&page, &fetched.body).map_err(|error| cannot(&page, error))?;
        fs::write(&known, facts.to_string()).map_err(|error| cannot(&known, error))
    }
}

/// Fetches a page, or takes the one that is kept when the server says that it is the same.
///
/// # Errors
/// When the server cannot be reached in time, answers by something else than a success, or sends no text, or too much.
pub async fn fetch(url: &str, cache: &Cache) -> Result<Fetched, Failure> {
    let cannot = || Failure::new(format!("cannot fetch `{url}`"));
    let client = Client::builder().redirect(Policy::limited(REDIRECTS)).timeout(cache.longest);
    let client = client.user_agent(concat!("crm-notes/", env!("CARGO_PKG_VERSION"))).build();
    let mut request = client.map_err(|error| cannot().because(error))?.get(url);
    let kept = cache.kept(url);
    if let Some((known, _)) = &kept {
        for (name, fact) in [(IF_NONE_MATCH, "etag"), (IF_MODIFIED_SINCE, "modified")] {
            request = known[fact].as_str().into_iter().fold(request, |request, value| request.header(&name, value));
        }
    }
    let response = request.send().await.map_err(|error| cannot().because(error).help("check the URL, and the network"))?;
    match (response.status(), kept) {
        (StatusCode::NOT_MODIFIED, Some((known, body))) => {
            Ok(Fetched { body, media_type: known["type"].as_str().unwrap_or_default().to_owned(), unchanged: true })
        }
        (status, kept) if status.is_success() => {
            let (headers, media_type) = (response.headers().clone(), media_type(&response));
            if !is_text(&media_type) {
                return Err(cannot()
                    .because(format!("it is `{media_type}`, and no text"))
                    .help("name a page of text, HTML, Markdown, JSON or YAML"));
            }
            let body = text(response, cache).await.map_err(|why| cannot().because(why))?;
            let unchanged = kept.is_some_and(|(_, before)| before == body);
            let fetched = Fetched { body, media_type, unchanged };
            cache.keep(url, &headers, &fetched)?;
            Ok(fetched)
        }
        (status, _) => Err(cannot().because(format!("the server answers {status}")).help("see whether the page has moved")),
    }
}

async fn text(mut response: Response, cache: &Cache) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > cache.largest {
            return Err(format!("it is larger than {} bytes", cache.largest).into());
        }
    }
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8".into())
}

fn media_type(response: &Response) -> String {
    let named = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    named.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase()
}

/// Servers of plain files often name no type, or none that means anything.
fn is_text(media_type: &str) -> bool {
    let known = [
        "",
        "application/json",
        "application/yaml",
        "application/x-yaml",
        "application/xml",
        "application/xhtml+xml",
        "application/octet-stream",
    ];
    let ends = ["+json", "+yaml", "+xml", "/mdx", "/markdown"];
    media_type.starts_with("text/") || known.contains(&media_type) || ends.iter().any(|end| media_type.ends_with(end))
}
