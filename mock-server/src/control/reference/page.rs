//! The page around Swagger UI: which documents there are, where the one shown is served, and with which credentials.

use std::fmt::{self, Display, Write};

use serde_json::{Value, json};

use super::asset;
use crate::summary::ProviderSummary;

/// What is on the page.
pub(super) struct View<'v> {
    /// Where the data listener is, as the mock calls it.
    pub(super) url: &'v str,
    /// Where it is for the one who looks, with the sandbox.
    pub(super) seen: String,
    /// Where the control listener is.
    pub(super) control: &'v str,
    pub(super) sandbox: Option<&'v str>,
    /// The sandboxes that were used.
    pub(super) sandboxes: Vec<String>,
    pub(super) providers: &'v [ProviderSummary],
    /// The provider whose document is shown; without one, it is the control API.
    pub(super) shown: Option<&'v ProviderSummary>,
    /// Values for parameters of which the document shows none.
    pub(super) filled: Vec<Value>,
}

pub(super) fn render(view: &View) -> String {
    let title = view.shown.map_or("control API", |provider| &provider.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{} · mock-server</title>\n<link rel=\"icon\" href=\"{}\">\n<link rel=\"stylesheet\" href=\"{}\">\n\
         <link rel=\"stylesheet\" href=\"{}\">\n<script defer src=\"{}\"></script>\n<script defer src=\"{}\"></script>\n</head>\n<body>\n",
        Text(title),
        asset::address("favicon-32x32.png"),
        asset::address("swagger-ui.css"),
        asset::address("page.css"),
        asset::address("swagger-ui-bundle.js"),
        asset::address("start.js"),
    );
    head(&mut page, view);
    if let Some(provider) = view.shown {
        facts(&mut page, view, provider);
    }
    let _ = write!(
        page,
        "<main id=\"reference\"><noscript>The reference needs JavaScript; the document does not.</noscript></main>\n\
         <script type=\"application/json\" id=\"entry\">{}</script>\n</body>\n</html>\n",
        entry(view)
    );
    page
}

/// What `start.js` has to know, as JSON that ends no element.
fn entry(view: &View) -> String {
    let (name, document) = match view.shown {
        Some(provider) => (provider.name.as_str(), address(view, &format!("/documents/{}.json", provider.name))),
        None => ("", "/openapi.json".to_owned()),
    };
    let credentials = view.shown.into_iter().flat_map(|provider| &provider.credentials);
    let credentials: Vec<_> = credentials.map(|one| json!({ "scheme": one.scheme, "example": one.example })).collect();
    let control = view.shown.is_none().then_some(view.control);
    let entry = json!({ "name": name, "document": document, "credentials": credentials, "filled": view.filled, "control": control });
    entry.to_string().replace('<', "\\u003c")
}

fn head(page: &mut String, view: &View) {
    page.push_str("<header id=\"head\"><h1>mock-server</h1>\n<nav aria-label=\"documents\">\n");
    for provider in view.providers {
        let is_shown = view.shown.is_some_and(|shown| shown.name == provider.name);
        link(page, &address(view, &format!("/?provider={}", provider.name)), &provider.name, is_shown);
    }
    link(page, &address(view, "/?control"), "control API", view.shown.is_none());
    page.push_str("</nav>\n<nav aria-label=\"data\">\n");
    for name in ["journal", "state"] {
        link(page, &address(view, &format!("/{name}")), name, false);
    }
    for (name, path) in [("providers", "/providers"), ("health", "/health"), ("openapi.json", "/openapi.json")] {
        link(page, path, name, false);
    }
    page.push_str(
        "</nav>\n<form action=\"/\"><label>sandbox <input name=\"sandbox\" list=\"sandboxes\" placeholder=\"default\" \
        pattern=\"[A-Za-z0-9._\\-]{1,64}\"",
    );
    let _ = write!(page, " value=\"{}\"></label>", Text(view.sandbox.unwrap_or_default()));
    match view.shown {
        Some(provider) => drop(write!(page, "<input type=\"hidden\" name=\"provider\" value=\"{}\">", Text(&provider.name))),
        None => page.push_str("<input type=\"hidden\" name=\"control\">"),
    }
    page.push_str(" <button>use</button><datalist id=\"sandboxes\">");
    for name in &view.sandboxes {
        let _ = write!(page, "<option value=\"{}\">", Text(name));
    }
    page.push_str("</datalist></form></header>\n");
}

/// What a client of the provider has to know.
fn facts(page: &mut String, view: &View, provider: &ProviderSummary) {
    let here = |text: &str| text.replace(view.url, &view.seen);
    let _ = write!(page, "<section id=\"facts\">\n<p>Base URL <code>{}</code> · ", Text(&here(&provider.base_url)));
    for format in ["yaml", "json"] {
        let file = format!("{}.{format}", provider.name);
        link(page, &address(view, &format!("/documents/{file}")), &file, false);
        page.push_str("· ");
    }
    link(page, &address(view, &format!("/journal?provider={}", provider.name)), "its journal", false);
    page.push_str("</p>\n<details><summary>Credentials and commands that work as written</summary>\n<table>\n");
    for credential in &provider.credentials {
        let (sent_as, example) = (Text(&credential.sent_as), Text(&credential.example));
        let _ = writeln!(page, "<tr><td>{sent_as}<td><code>{example}</code>");
    }
    page.push_str("</table>\n");
    for curl in provider.token_curl.iter().chain(provider.tour.iter().map(|call| &call.curl)) {
        let _ = writeln!(page, "<pre>{}</pre>", Text(&here(curl)));
    }
    page.push_str("</details>\n");
    if !provider.problems.is_empty() {
        let _ = writeln!(page, "<details><summary>{} problems of the document</summary>", provider.problems.len());
        for problem in &provider.problems {
            let _ = writeln!(page, "<pre>{}</pre>", Text(problem));
        }
        page.push_str("</details>\n");
    }
    page.push_str("</section>\n");
}

fn link(page: &mut String, address: &str, text: &str, is_shown: bool) {
    let current = if is_shown { " aria-current=\"page\"" } else { "" };
    let _ = writeln!(page, "<a href=\"{}\"{current}>{}</a>", Text(address), Text(text));
}

/// An address of the control listener, in the sandbox that is chosen.
fn address(view: &View, path: &str) -> String {
    match view.sandbox {
        Some(sandbox) => format!("{path}{}sandbox={sandbox}", if path.contains('?') { '&' } else { '?' }),
        None => path.to_owned(),
    }
}

/// Text that means nothing to a browser.
#[derive(Clone, Copy)]
struct Text<'t>(&'t str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
