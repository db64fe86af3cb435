//! A run as it may be shown: what a [`Report`] says, without credentials.

use std::time::Duration;

use super::{Counts, Finished, Report, curl};
use crate::{
    case::{Case, Outcome},
    coverage::Coverage,
    exchange::{Exchange, Intent},
    redact::Redactor,
};

/// A run as it may be shown. Every form is made from it, and only a [`Redactor`] gives it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub(super) provider: String,
    pub(super) file: String,
    pub(super) url: String,
    pub(super) seed: u64,
    pub(super) flags: Vec<String>,
    pub(super) counts: Counts,
    pub(super) cases: Vec<Told>,
    pub(super) residue: Vec<String>,
    pub(super) warnings: Vec<String>,
    pub(super) coverage: Option<Coverage>,
}

/// A case with what came of it.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) case: Case,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
    pub(super) accepted: Option<String>,
    /// Its exchanges; none of a case that passed or was skipped.
    pub(super) evidence: Vec<Evidence>,
}

/// An exchange, and how to repeat it.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) exchange: Exchange,
    /// The whole URL.
    pub(super) url: String,
    /// A line of bash.
    pub(super) curl: String,
}

impl Shown {
    /// What may be shown of a run.
    #[must_use]
    pub fn new(report: &Report, redactor: &Redactor) -> Self {
        let texts = |texts: &[String]| texts.iter().map(|text| redactor.text(text)).collect();
        Self {
            provider: report.provider.clone(),
            file: report.file.clone(),
            url: redactor.url(&report.url),
            seed: report.seed,
            flags: texts(&report.flags),
            counts: Counts::of(&report.finished),
            cases: report.finished.iter().map(|finished| Told::new(finished, &report.url, redactor)).collect(),
            residue: texts(&report.residue),
            warnings: texts(&report.warnings),
            coverage: report.coverage.clone(),
        }
    }

    /// The cases whose promise is broken, and not accepted to be.
    pub(super) fn failed(&self) -> impl Iterator<Item = &Told> {
        self.cases.iter().filter(|told| matches!(told.outcome, Outcome::Failed(_)) && told.accepted.is_none())
    }

    /// The cases that found more than the document says, and are not accepted to.
    pub(super) fn new_findings(&self) -> impl Iterator<Item = &Told> {
        self.cases.iter().filter(|told| matches!(told.outcome, Outcome::New(_)) && told.accepted.is_none())
    }

    /// The cases that are accepted, each with the reason.
    pub(super) fn accepted(&self) -> impl Iterator<Item = (&Told, &str)> {
        let accepted = |told: &'_ &Told| !matches!(told.outcome, Outcome::Passed | Outcome::Skipped(_));
        self.cases.iter().filter(accepted).filter_map(|told| Some((told, told.accepted.as_deref()?)))
    }

    /// The cases with an outcome that has no more than a reason, by reason, in the order in which they come.
    pub(super) fn grouped<'s>(&'s self, reason: impl Fn(&'s Outcome) -> Option<&'s str>) -> Vec<(&'s str, Vec<&'s Told>)> {
        let mut groups: Vec<(&str, Vec<&Told>)> = Vec::new();
        for told in self.cases.iter().filter(|told| told.accepted.is_none() || matches!(told.outcome, Outcome::Skipped(_))) {
            let Some(reason) = reason(&told.outcome) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, cases)) => cases.push(told),
                None => groups.push((reason, vec![told])),
            }
        }
        groups
    }
}

/// Why a case was blocked.
pub(super) fn blocked(outcome: &Outcome) -> Option<&str> {
    if let Outcome::Blocked(reason) = outcome { Some(reason) } else { None }
}

/// Why a case had no answer.
pub(super) fn unanswered(outcome: &Outcome) -> Option<&str> {
    if let Outcome::Unreachable(reason) = outcome { Some(reason) } else { None }
}

/// Why a case was skipped.
pub(super) fn skipped(outcome: &Outcome) -> Option<&str> {
    if let Outcome::Skipped(reason) = outcome { Some(reason) } else { None }
}

impl Told {
    fn new(finished: &Finished, base: &str, redactor: &Redactor) -> Self {
        let Finished { case, verdict, took, accepted, .. } = finished;
        let is_quiet = matches!(verdict.outcome, Outcome::Passed | Outcome::Skipped(_));
        let evidence = |exchange: &Exchange| {
            let curl = curl::command(exchange, base, case, redactor);
            let exchange = redactor.exchange(exchange);
            Evidence { url: redactor.url(&exchange.request.url(base)), exchange, curl }
        };
        let exchanges = finished.exchanges().filter(|_| !is_quiet);
        Self {
            case: Case { sentence: redactor.text(&case.sentence), ..case.clone() },
            outcome: redactor.outcome(&verdict.outcome),
            took: *took,
            accepted: accepted.as_ref().map(|reason| redactor.text(reason)),
            evidence: exchanges.map(evidence).collect(),
        }
    }

    /// The exchanges that show what is wrong: the last one that was judged; and before one that only looked, what it
    /// looked for. Of a case that ended before it could judge: the last one.
    pub(super) fn proof(&self) -> Vec<&Evidence> {
        let last = |intents: &[Intent]| self.evidence.iter().rposition(|one| intents.contains(&one.exchange.intent));
        let end = last(&[Intent::Prepare, Intent::Test, Intent::Observe]);
        if matches!(self.outcome, Outcome::Blocked(_) | Outcome::Unreachable(_)) {
            return end.and_then(|end| self.evidence.get(end)).into_iter().collect();
        }
        let Some(judged) = last(&[Intent::Test, Intent::Observe]).or(end) else { return Vec::new() };
        let before = self.evidence.iter().take(judged).rposition(|one| one.exchange.intent == Intent::Test);
        let looked = self.evidence.get(judged).is_some_and(|one| one.exchange.intent == Intent::Observe);
        before.filter(|_| looked).into_iter().chain([judged]).filter_map(|position| self.evidence.get(position)).collect()
    }

    /// Where: what the failure says, else what the case is about.
    pub(super) fn place<'t>(&'t self, named: &'t str) -> &'t str {
        if named.is_empty() { &self.case.place } else { named }
    }
}
