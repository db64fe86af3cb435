//! What the program says when it is ready: one screen, with a command to copy for each provider.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use mock_server::{MockServer, ProviderSummary};

/// How many problems of a document are shown at start.
const MOST_PROBLEMS: usize = 10;

/// Shows what is wrong with the documents, on standard error.
pub(crate) fn problems(server: &MockServer) {
    let mut problems: Vec<_> = server.problems().collect();
    problems.sort_by(|one, other| one.file.cmp(&other.file));
    for of_one in problems.chunk_by(|one, other| one.file == other.file) {
        for problem in of_one.iter().take(MOST_PROBLEMS) {
            eprintln!("{problem}\n");
        }
        let more = of_one.len().saturating_sub(MOST_PROBLEMS);
        if more > 0 {
            let control = server.control_url();
            eprintln!("and {more} more of `{}`\n  help: all of them are in the `problems` of `{control}/providers`\n", of_one[0].file);
        }
    }
}

/// Says what is served, on standard output. A closed pipe is no reason to end.
pub(crate) fn welcome(server: &MockServer) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(render(&server.providers(), server.url(), server.control_url()).as_bytes());
    let _ = out.flush();
}

fn render(providers: &[ProviderSummary], url: &str, control: &str) -> String {
    let mut screen = String::new();
    for provider in providers {
        let _ = writeln!(screen, "{}  {}", provider.name, provider.base_url);
        for credential in &provider.credentials {
            let _ = writeln!(screen, "  {}  {}", credential.sent_as, credential.example);
        }
        if let Some(url) = &provider.token_url {
            let _ = writeln!(screen, "  tokens  {url}");
        }
        for curl in provider.token_curl.iter().chain(&provider.curl) {
            let _ = writeln!(screen, "  {curl}");
        }
        screen.push('\n');
    }
    let _ = writeln!(screen, "control    {control}  (page, journal, state, documents, reset)");
    let _ = writeln!(screen, "sandboxes  {url}/~any-name/…  (or the header `x-mock-sandbox: any-name`)");
    screen
}
