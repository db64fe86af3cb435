//! What a proxy says on a terminal: how to use it, what it finds, and the sum of it.

use std::net::SocketAddr;

use http::Method;
use specs::{Api, api::Operation};

use super::{
    finding::{Finding, Grade},
    mark,
    summary::Summary,
    told::{Came, Told},
};
use crate::report;

/// How long a value is shown.
const LONGEST: usize = 300;

/// How to use it. The last line is for scripts that wait for it.
pub(super) fn welcome(api: &Api, address: SocketAddr, target: &str) -> String {
    let url = format!("http://{address}");
    let documented = api.servers.first().map(|server| server.url.as_str()).unwrap_or_default();
    let count = api.operations.len();
    let mut text = format!("checks `{}`, {count} {}\n", api.name, if count == 1 { "operation" } else { "operations" });
    let mut line = |name: &str, value: &str| text.push_str(&format!("  {name:<12}{value}\n"));
    line("listens on", &url);
    line("forwards to", target);
    line("base URL", &format!("{url}, to be set in the client in place of {}", if documented.is_empty() { "its own" } else { documented }));
    line(
        "try",
        &format!("curl -i {url}{}", api.operations.iter().find(|one| is_simple(one)).map_or("/", |operation| operation.path.as_str())),
    );
    line("findings", &format!("here, and in the header `{}` of answers", mark::NAME));
    line("stop", "Ctrl-C, for the sum of what was found");
    let own = api.operations.iter().filter(|operation| !operation.servers.is_empty()).count();
    if own > 0 {
        line("note", &format!("{own} of the operations have a server of their own, and go to the target like the others"));
    }
    text.push_str(&format!("ready {url}\n"));
    text
}

/// Whether an operation can be called by its path alone.
fn is_simple(operation: &Operation) -> bool {
    operation.method == Method::GET && !operation.path.contains(['{', '?', '#'])
}

/// An exchange: a line for what it was, and one or two for each thing that is wrong.
pub(super) fn exchange(told: &Told) -> String {
    let exchange = &told.exchange;
    let name = if exchange.operation.is_empty() { String::new() } else { format!(" {}", exchange.operation) };
    let asked = line(&format!("{} {}", exchange.request.method, exchange.request.target()));
    let mut text = format!("{asked} → {}{name} ({} ms)\n", came(&told.came), exchange.took.as_millis());
    told.findings.iter().for_each(|finding| text.push_str(&self::finding(finding)));
    told.unchecked.iter().for_each(|what| text.push_str(&format!("  note      {}\n", line(what))));
    text
}

fn came(came: &Came) -> String {
    match came {
        Came::Answer(status) => status.as_u16().to_string(),
        Came::Nothing(why) => format!("no answer: {}", line(why)),
        Came::Refused(refusal) => format!("not passed on ({}): {}", refusal.status.as_u16(), line(&refusal.detail)),
        Came::Abandoned => "the client went away".to_owned(),
    }
}

fn finding(finding: &Finding) -> String {
    let failure = &finding.failure;
    let mut text = format!("  {:<9} {}: {}\n", finding.side(), rule(finding), line(&failure.what));
    let is_new = |value: &str| !value.is_empty() && !failure.what.contains(value);
    let facts = [("expected", &failure.expected), ("got", &failure.got)].into_iter().filter(|(_, value)| is_new(value));
    let facts: Vec<String> = facts.map(|(name, value)| format!("{name} {}", line(value))).collect();
    if !facts.is_empty() {
        text.push_str(&format!("  {:<9} {}\n", "", facts.join(", ")));
    }
    text
}

fn rule(finding: &Finding) -> String {
    let grade = if finding.grade == Grade::New { "new, " } else { "" };
    let place = match finding.failure.place.as_str() {
        "" => String::new(),
        place => format!(" at `{}`", line(place)),
    };
    format!("{grade}{}{place}", finding.rule.name)
}

/// The sum of what was seen.
pub(super) fn sum(summary: &Summary) -> String {
    let mut text = String::from("\n");
    for repeated in summary.findings() {
        let finding = &repeated.finding;
        let operation = if finding.operation.is_empty() { String::new() } else { format!(" of `{}`", finding.operation) };
        text.push_str(&format!("{:>5}× {}{operation}: {}\n", repeated.count, rule(finding), line(&finding.failure.what)));
        text.push_str(&format!("       first in {}\n", line(&repeated.first)));
    }
    if summary.others() > 0 {
        text.push_str(&format!("{:>5}× findings of other kinds, which are too many to be told apart\n", summary.others()));
    }
    let counts = [
        (summary.answered, "answered"),
        (summary.unanswered, "without an answer"),
        (summary.refused, "not passed on"),
        (summary.abandoned, "left by the client"),
        (summary.unchecked, "not checked as a whole"),
        (summary.faulty, "with findings"),
    ];
    let told: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    text.push_str(&format!("{}\n", if told.is_empty() { "nothing passed through".to_owned() } else { told.join(", ") }));
    if summary.exit_code() == 3 {
        text.push_str("help: the target never answered; is it running, and `--target` its address?\n");
    }
    text
}

fn line(text: &str) -> String {
    report::line(text, LONGEST)
}
