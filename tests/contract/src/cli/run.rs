//! `contract run`: the cases against a server, and what is told of them.

use std::path::PathBuf;

use super::{
    UNREACHABLE,
    arguments::Run,
    campaign::{Campaign, mark},
    documents::{load, path},
    failure::Failure,
    server,
    tell::{Telling, Written},
};
use crate::{Case, Suite, report::last};

pub(super) async fn run(arguments: &Run, seed: u64) -> Result<u8, Failure> {
    let loaded = load(&path(&arguments.document)?, seed)?;
    let place = server::place(&arguments.url, &arguments.safety)?;
    let cases = cases(arguments, &loaded.suite, seed)?;
    let telling = Telling::new(arguments)?;
    let campaign = Campaign {
        loaded: &loaded,
        seed,
        url: &arguments.url,
        place,
        credentials: server::credentials(loaded.suite.api(), place)?,
        safety: &arguments.safety,
        sending: &arguments.sending,
        mark: mark(arguments.mark.as_ref()),
        ledger: arguments.ledger.as_deref(),
    };
    let mut done = campaign.run(&cases).await?;
    if let Some(why) = &done.unreachable {
        eprintln!("error: {why}\nhelp: is the server running, and `--url` its address?");
        return Ok(UNREACHABLE);
    }
    let code = telling.all(&mut done.report, &Written { loaded: &loaded, credentials: &done.credentials })?;
    Ok(done.signal.unwrap_or(code))
}

/// The cases that are wanted.
fn cases<'s>(arguments: &Run, suite: &'s Suite, seed: u64) -> Result<Vec<&'s Case>, Failure> {
    let chosen = arguments.choice.of(suite)?;
    if !arguments.last_failed {
        return Ok(chosen);
    }
    let file = last_file(arguments, suite);
    let help = "run without `--last-failed` first, and with the same `--state`";
    let last = last::read(&file).map_err(|error| Failure::new(format!("failed to read `{}`: {error}", file.display()), help))?;
    if last.seed != seed {
        let what = format!("the last run had the seed {}, and this one has {seed}", last.seed);
        return Err(Failure::new(what, format!("say `--seed {}`", last.seed)));
    }
    let failed: Vec<&Case> = chosen.into_iter().filter(|case| last.ids.contains(&case.id())).collect();
    if failed.is_empty() { Err(Failure::new("nothing failed last time", "run without `--last-failed`")) } else { Ok(failed) }
}

/// Where it is kept what failed last.
pub(super) fn last_file(arguments: &Run, suite: &Suite) -> PathBuf {
    arguments.sending.state.join(format!("{}.last", suite.api().name))
}
