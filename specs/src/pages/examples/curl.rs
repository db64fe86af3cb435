//! `curl` on a page becomes a request.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;

use super::shell::Command;
use crate::pages::{Payload, Request};

/// Options that take a value and say nothing about the request.
const WITH_VALUE: [&str; 24] = [
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "--retry",
    "-w",
    "--write-out",
    "-x",
    "--proxy",
    "--cacert",
    "-E",
    "--cert",
    "--key",
    "-c",
    "--cookie-jar",
    "-K",
    "--config",
    "-D",
    "--dump-header",
    "--resolve",
    "-T",
    "--retry-delay",
    "--max-redirs",
];

/// The request that a `curl` command makes; the first word is `curl`.
pub(super) fn request(command: &Command) -> Option<Request> {
    let mut draft = Draft { input: command.input.clone(), ..Draft::default() };
    let mut words = command.words.iter().skip(1);
    while let Some(word) = words.next() {
        let (option, attached) = split(word);
        if takes_value(option) {
            let value = attached.or_else(|| words.next().cloned())?;
            draft.option(option, &value)?;
        } else if word.starts_with('-') && word.len() > 1 {
            draft.flag(word);
        } else if draft.url.is_none() {
            draft.url = Some(word.clone());
        }
    }
    draft.finish()
}

/// The option and what is attached to it: `-XPOST`, `--url=…`.
fn split(word: &str) -> (&str, Option<String>) {
    if word.starts_with("--") {
        return word.split_once('=').map_or((word, None), |(option, value)| (option, Some(value.to_owned())));
    }
    let short = word.char_indices().nth(2).map(|(end, _)| end).filter(|_| word.starts_with('-'));
    match short {
        Some(end) if takes_value(&word[..end]) => (&word[..end], Some(word[end..].to_owned())),
        _ => (word, None),
    }
}

fn takes_value(option: &str) -> bool {
    let known = [
        "-X",
        "--request",
        "--url",
        "-H",
        "--header",
        "-d",
        "--data",
        "--data-raw",
        "--data-binary",
        "--data-ascii",
        "--data-urlencode",
        "--json",
        "-F",
        "--form",
        "--form-string",
        "-u",
        "--user",
        "-A",
        "--user-agent",
        "-e",
        "--referer",
        "-b",
        "--cookie",
        "--oauth2-bearer",
    ];
    known.contains(&option) || WITH_VALUE.contains(&option)
}

#[derive(Default)]
struct Draft {
    method: Option<Method>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    form: Vec<(String, String)>,
    to_query: bool,
    input: Option<String>,
}

impl Draft {
    fn flag(&mut self, word: &str) {
        let letters = if word.starts_with("--") { "" } else { word };
        if word == "--get" || letters.contains('G') {
            self.to_query = true;
        }
        if word == "--head" || letters.contains('I') {
            self.method = Some(Method::HEAD);
        }
    }

    fn option(&mut self, option: &str, value: &str) -> Option<()> {
        match option {
            "-X" | "--request" => self.method = Some(Method::from_bytes(value.to_ascii_uppercase().as_bytes()).ok()?),
            "--url" => self.url = Some(value.to_owned()),
            "-H" | "--header" => self.header(value),
            "--json" => {
                self.data.push(self.fed(value));
                self.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
                self.headers.push(("Accept".to_owned(), "application/json".to_owned()));
            }
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--data-urlencode" => self.data.push(self.fed(value)),
            "-F" | "--form" | "--form-string" => self.form.extend(pair(value)),
            "-u" | "--user" => {
                let value = if value.contains(':') { value.to_owned() } else { format!("{value}:") };
                self.headers.push(("Authorization".to_owned(), format!("Basic {}", STANDARD.encode(value))));
            }
            "--oauth2-bearer" => self.headers.push(("Authorization".to_owned(), format!("Bearer {value}"))),
            "-b" | "--cookie" => self.headers.push(("Cookie".to_owned(), value.to_owned())),
            "-A" | "--user-agent" => self.headers.push(("User-Agent".to_owned(), value.to_owned())),
            "-e" | "--referer" => self.headers.push(("Referer".to_owned(), value.to_owned())),
            _ => {}
        }
        Some(())
    }

    fn fed(&self, value: &str) -> String {
        let input = self.input.as_deref().filter(|_| value == "@-");
        input.unwrap_or(value).to_owned()
    }

    fn header(&mut self, value: &str) {
        if let Some((name, value)) = value.split_once(':') {
            self.headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }

    fn finish(mut self) -> Option<Request> {
        let mut url = self.url.take()?;
        let joined = self.data.join("&");
        let sends = !(self.to_query || (self.data.is_empty() && self.form.is_empty()));
        if self.to_query && !self.data.is_empty() {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&joined);
        }
        let body = if !self.form.is_empty() {
            self.implied("multipart/form-data");
            Some(Payload::Form(self.form))
        } else if sends {
            self.implied("application/x-www-form-urlencoded");
            Some(super::payload(&joined, &self.headers))
        } else {
            None
        };
        let method = self.method.unwrap_or(if sends { Method::POST } else { Method::GET });
        Some(Request { method, url, headers: self.headers, body })
    }

    /// What `curl` says when nothing else is said.
    fn implied(&mut self, media_type: &str) {
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            self.headers.push(("Content-Type".to_owned(), media_type.to_owned()));
        }
    }
}

fn pair(text: &str) -> Option<(String, String)> {
    text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
}
