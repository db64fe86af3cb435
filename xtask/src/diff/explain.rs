//! `diff --explain`: the page of a rule, from the tables that changes are judged by.

use std::io::Write;

use generator::surface;
use specs::compare::{self, Judged, Rule};

use crate::{Exit, Failure};

/// What lists all rules.
const ALL: &str = "all";

pub(super) fn run(id: &str, screen: &mut dyn Write) -> Result<Exit, Failure> {
    if id == ALL {
        return list(screen);
    }
    let (wire, client) = (compare::rule(id), surface::RULES.iter().find(|rule| rule.id == id));
    if let Some(rule) = wire {
        page(rule, screen)?;
    }
    if let Some(rule) = client {
        item(rule, screen)?;
    }
    if wire.is_none() && client.is_none() {
        let known = compare::rules().map(|rule| rule.id).chain(surface::RULES.iter().map(|rule| rule.id));
        let failure = Failure::new(format!("there is no rule `{id}`"));
        return Err(failure.help(match specs::nearest(id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`cargo xtask diff --explain {ALL}` lists the rules"),
        }));
    }
    Ok(Exit::Done)
}

fn list(screen: &mut dyn Write) -> Result<Exit, Failure> {
    writeln!(screen, "on the wire:")?;
    for rule in compare::rules() {
        writeln!(screen, "  {:<32} {}", rule.id, rule.says)?;
    }
    writeln!(screen, "\nin the client:")?;
    for rule in surface::RULES {
        writeln!(screen, "  {:<32} {}", rule.id, rule.says)?;
    }
    Ok(Exit::Done)
}

fn page(rule: &Rule, screen: &mut dyn Write) -> Result<(), Failure> {
    writeln!(screen, "{} (on the wire)\n  {}\n", rule.id, rule.says)?;
    for (way, judged) in [("in a request", rule.request), ("in a response", rule.response), ("for callers", rule.neither)] {
        if let Some(Judged { wire, reason }) = judged {
            writeln!(screen, "{way}: {wire}, which calls for a {} release\n  {reason}", wire.release())?;
        }
    }
    for (when, text) in ["before", "after"].into_iter().zip(rule.example) {
        writeln!(screen, "\n{when}, in a {}:", rule.frame.as_str())?;
        text.lines().try_for_each(|line| writeln!(screen, "  {line}"))?;
    }
    writeln!(
        screen,
        "\nto judge it otherwise: `--severity <file>` with\n  {}:\n    verdict: <none, compatible, caution or breaking>\n    reason: <why>",
        rule.id
    )?;
    Ok(())
}

fn item(rule: &surface::Rule, screen: &mut dyn Write) -> Result<(), Failure> {
    writeln!(screen, "{} (in the client)\n  {}\n", rule.id, rule.says)?;
    writeln!(screen, "calls for a {} release", rule.level)?;
    match rule.cargo {
        Some(section) => writeln!(screen, "  https://doc.rust-lang.org/cargo/reference/semver.html#{section}")?,
        None => writeln!(screen, "  the compiler is content with it; the running program may not be")?,
    }
    Ok(())
}
