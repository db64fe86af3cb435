//! What the program says when it is ready: one screen, with a command to copy for each provider.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use mock_server::{MockServer, ProviderSummary};

/// Shows what is wrong with the documents, on standard error.
pub(crate) fn problems(server: &MockServer) {
    for problem in server.problems() {
        eprintln!("{problem}\n");
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
        if let Some(curl) = &provider.curl {
            let _ = writeln!(screen, "  {curl}");
        }
        screen.push('\n');
    }
    let _ = writeln!(screen, "control    {control}  (page, journal, state, documents, reset)");
    let _ = writeln!(screen, "sandboxes  {url}/~any-name/…  (or the header `x-mock-sandbox: any-name`)");
    screen
}
