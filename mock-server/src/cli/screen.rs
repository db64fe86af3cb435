//! What the program says when it is ready: one screen, with a command to copy for each provider.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
};

use mock_server::{MockServer, ProviderSummary};

use super::transport::Transport;

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
            let all = match server.control_url() {
                Some(control) => format!("all of them are in the `problems` of `{control}/providers`"),
                None => "all of them are in the `problems` of the control API, without `--no-control`".to_owned(),
            };
            eprintln!("and {more} more of `{}`\n  help: {all}\n", of_one[0].file);
        }
    }
}

/// Says what is served, on standard output. A closed pipe is no reason to end.
pub(crate) fn welcome(server: &MockServer, transport: &Transport) {
    let mut screen = String::new();
    for provider in &server.providers() {
        section(&mut screen, provider);
    }
    reach(&mut screen, server, transport);
    let mut out = io::stdout().lock();
    let _ = out.write_all(screen.as_bytes());
    let _ = out.flush();
}

fn section(screen: &mut String, provider: &ProviderSummary) {
    let _ = writeln!(screen, "{}  {}", provider.name, provider.base_url);
    for credential in &provider.credentials {
        let _ = writeln!(screen, "  {}  {}", credential.sent_as, credential.example);
    }
    if let Some(curl) = &provider.token_curl {
        let _ = writeln!(screen, "  token   {curl}");
    }
    for call in &provider.tour {
        let _ = writeln!(screen, "  {:7} {}", call.does, call.curl);
    }
    screen.push('\n');
}

/// How the mock is reached beside the vendors' paths. A token that someone chose is not shown: the screen may be a log.
fn reach(screen: &mut String, server: &MockServer, transport: &Transport) {
    if let Some(trust) = transport.trust() {
        let _ = writeln!(screen, "trust      {trust}");
    }
    match (server.control_url(), server.control_token()) {
        (None, _) => screen.push_str("control    none  (`--no-control`)\n"),
        (Some(control), None) => {
            let _ = writeln!(screen, "control    {control}  (every operation to try; journal, state, clock, faults, webhooks by its API)");
        }
        (Some(control), Some(_)) if transport.gives_token() => {
            let _ =
                writeln!(screen, "control    {control}  (with the header `Authorization: Bearer …` and the control token that was given)");
        }
        (Some(control), Some(token)) => {
            let _ = writeln!(
                screen,
                "control    {control}/?token={token}  (every operation to try; journal, state, clock, faults, webhooks by its API)"
            );
            let _ = writeln!(screen, "token      {token}  (programs send the header `Authorization: Bearer {token}`)");
        }
    }
    screen.push_str("faults     the header `x-mock-fault: status=503; times=2`, or `--faults flaky`; the answer: `Prefer: code=404`\n");
    let _ = writeln!(screen, "sandboxes  {}/~any-name/…  (or the header `x-mock-sandbox: any-name`)", server.url());
}
