//! The page for people: what is served, where, and with which credentials.

use std::fmt::{self, Display, Write};

use crate::summary::ProviderSummary;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}\
    code,pre{font:14px/1.4 ui-monospace,monospace;background:#f3f3f0;border-radius:4px;padding:.1em .3em}\
    pre{padding:.7em;overflow-x:auto}td,th{text-align:left;padding:.15em 1em .15em 0;vertical-align:top}\
    h2{margin-top:2.2rem}@media(prefers-color-scheme:dark){body{background:#1b1b1a;color:#ddd}code,pre{background:#2a2a28}a{color:#8bf}}";

pub(super) fn render(providers: &[ProviderSummary], url: &str) -> String {
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <link rel=\"icon\" href=\"data:,\"><title>mock-server</title><style>{STYLE}</style>\n<h1>mock-server</h1>\n\
         <p>The vendors' paths are at <code>{}</code>. This is the control side: \
         <a href=\"/journal\">journal</a> · <a href=\"/state\">state</a> · <a href=\"/providers\">providers</a> · \
         <a href=\"/health\">health</a>.</p>\n",
        Text(url)
    );
    for provider in providers {
        section(&mut page, provider);
    }
    page
}

fn section(page: &mut String, provider: &ProviderSummary) {
    let name = Text(&provider.name);
    let _ = write!(
        page,
        "<h2 id=\"{name}\">{}</h2>\n<p><code>{}</code> · <a href=\"/documents/{name}.yaml\">{name}.yaml</a> · \
         <a href=\"/documents/{name}.json\">{name}.json</a> · <a href=\"/journal?provider={name}\">journal</a></p>\n<table>\n",
        Text(&provider.title),
        Text(&provider.base_url),
    );
    for credential in &provider.credentials {
        let (sent_as, example) = (Text(&credential.sent_as), Text(&credential.example));
        let _ = writeln!(page, "<tr><td>{sent_as}<td><code>{example}</code>");
    }
    page.push_str("</table>\n");
    for curl in provider.token_curl.iter().chain(provider.tour.iter().map(|call| &call.curl)) {
        let _ = writeln!(page, "<pre>{}</pre>", Text(curl));
    }
    page.push_str("<table>\n");
    for operation in &provider.operations {
        let (method, path, summary) = (Text(&operation.method), Text(&operation.path), Text(&operation.summary));
        let _ = writeln!(page, "<tr><td>{method}<td><code>{path}</code><td>{summary}");
    }
    page.push_str("</table>\n");
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
