//! `contract plan`: what a run would send, before anything is sent.

use std::io::Write;

use specs::api::Location;

use super::{
    arguments::Plan as Arguments,
    documents::{path, suite},
    failure::Failure,
    is_written, server,
};
use crate::{
    Case, Place, Suite,
    draft::parameter_at,
    pace::{Budget, Settings, spelled},
    plan::Plan,
};

pub(super) async fn run(arguments: &Arguments, seed: u64) -> Result<u8, Failure> {
    let suite = suite(&path(&arguments.document)?, seed)?;
    let cases = arguments.choice.of(&suite)?;
    let mut safety = arguments.safety.clone();
    // Nothing is sent, so that nothing need be agreed to first; what has to be is told.
    let url = arguments.url.clone().unwrap_or_else(|| suite.api().servers[0].url.clone());
    safety.live |= server::place(&url, &safety).is_err();
    let place = server::place(&url, &safety).unwrap_or(Place::Live);
    let mut policy = server::policy(place, &safety);
    policy.residue = true;
    policy.most = None;
    let missing = if place == Place::Live { server::missing_parents(&suite, &cases, &safety) } else { Vec::new() };
    assume(&suite, &missing, &mut policy.given);
    let plan = Plan::of(&suite, &cases, &policy, &policy.given).await;
    let mut out = std::io::stdout().lock();
    is_written(print(arguments, &suite, &cases, &plan, &Told { url: &url, place, missing: &missing }, &mut out))?;
    Ok(0)
}

struct Told<'t> {
    url: &'t str,
    place: Place,
    missing: &'t [String],
}

/// What would be given is assumed to be what the document shows.
fn assume(suite: &Suite, missing: &[String], given: &mut crate::Given) {
    for property in missing {
        let shown = suite.api().operations.iter().find_map(|operation| {
            let role = operation.role.as_ref()?;
            let (_, place) = role.parents.iter().find(|(known, _)| known == property)?;
            let shown = suite.shown_at(operation, place);
            shown.or_else(|| parameter_at(place).filter(|(location, _)| *location != Location::Path).map(|_| "1".into()))
        });
        given.insert(property.clone(), shown.unwrap_or_else(|| "1".into()));
    }
}

fn print(arguments: &Arguments, suite: &Suite, cases: &[&Case], plan: &Plan, told: &Told<'_>, out: &mut dyn Write) -> std::io::Result<()> {
    if arguments.cases {
        for (case, step) in cases.iter().zip(&plan.steps) {
            match &step.skipped {
                Some(why) => writeln!(out, "{}  left out: {why}", case.id())?,
                None => writeln!(out, "{}  {} requests", case.id(), step.tally.requests)?,
            }
        }
        writeln!(out)?;
    }
    writeln!(out, "`{}` against {}", suite.api().name, told.url)?;
    write!(out, "{plan}")?;
    let settings = Settings::default();
    let forecast = Budget::of(suite.api(), settings.share).forecast(plan.total().requests, settings.longest);
    for quota in &forecast.quotas {
        writeln!(out, "  limit `{}`: {quota}", quota.allowance.limit)?;
    }
    if !forecast.quotas.is_empty() {
        writeln!(out, "  under these limits it takes {} at least", spelled(forecast.least))?;
    }
    if let Some(count) = forecast.stops_after {
        writeln!(
            out,
            "  no more than {count} requests can be sent before one would have to wait too long: choose cases by `--filter` or `--shard`"
        )?;
    }
    if told.place != Place::Live {
        return Ok(());
    }
    let mut flags = vec!["--live".to_owned()];
    flags.extend(told.missing.iter().map(|property| format!("--given {property}=…")));
    if plan.stays() > 0 && !arguments.safety.allow_residue {
        flags.push("--allow-residue".to_owned());
    }
    let verb = if arguments.safety.read_only { "--read-only".to_owned() } else { flags.join(" ") };
    writeln!(out, "help: `contract run {} --url {} {verb}` sends it", arguments.document, told.url)
}
