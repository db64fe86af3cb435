//! Failures become entries: those that are not accepted yet are added, those whose acceptance has expired get another
//! last day.

use chrono::{Days, NaiveDate};
use serde_json::json;
use specs::edit::{self, Edit};

use super::{Baseline, Entry, Said, place};
use crate::report::{Finished, Report};

/// How many days a failure is accepted for when nobody says.
const DAYS: u64 = 90;

/// Why failures are accepted, and until when.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// Why.
    pub reason: String,
    /// The day on which it is said.
    pub today: NaiveDate,
    /// The last day; 90 days from now when it is left open.
    pub expires: Option<NaiveDate>,
}

/// A file with more accepted failures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its new text.
    pub text: String,
    /// The cases whose failures were added.
    pub added: Vec<String>,
    /// The cases whose failures were accepted before and have another last day.
    pub renewed: Vec<String>,
}

/// Why nothing was accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAccepted {
    /// Nobody said why.
    #[error("failures are accepted for a reason\nhelp: give one: `--reason 'the vendor mends it in spring'`")]
    NoReason,
    /// The last day is over.
    #[error("{0} is over\nhelp: give the last day on which the failures are accepted")]
    Over(NaiveDate),
    /// The file is written in a way that cannot be edited.
    #[error("the file cannot be edited: {0}\nhelp: write the entries by hand, or accept into another file")]
    Text(String),
}

impl Baseline {
    /// The file with all failures of a report that it does not accept on that day.
    ///
    /// # Errors
    /// Without a reason, with a last day that is over, or when the file cannot be edited.
    pub fn accept(&self, report: &Report, acceptance: &Acceptance) -> Result<Accepted, NotAccepted> {
        let reason = acceptance.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() {
            return Err(NotAccepted::NoReason);
        }
        let today = acceptance.today;
        let expires = acceptance.expires.unwrap_or_else(|| today.checked_add_days(Days::new(DAYS)).unwrap_or(NaiveDate::MAX));
        if expires < today {
            return Err(NotAccepted::Over(expires));
        }
        let (mut new, mut renewed): (Vec<Entry>, Vec<usize>) = (Vec::new(), Vec::new());
        for finished in &report.finished {
            let covering: Vec<usize> = (0..self.entries.len()).filter(|at| self.entries[*at].covers(finished)).collect();
            if covering.iter().any(|at| self.entries[*at].expires >= today) {
                continue;
            }
            match covering.first() {
                Some(at) => renewed.push(*at),
                None => new.extend(entry(finished, &reason, today, expires)),
            }
        }
        let renewal = |at: &usize| {
            let set = |key: &str, value: &str| Edit::Set { at: format!("/accepted/{at}/{key}"), value: json!(value) };
            [set("reason", &reason), set("expires", &expires.to_string())]
        };
        let edits: Vec<Edit> = renewed.iter().flat_map(renewal).collect();
        let text = if edits.is_empty() { Ok(self.text.clone()) } else { edit::apply(&self.file, &self.text, &edits) };
        let text = text.map_err(|refused| NotAccepted::Text(refused.to_string()))?;
        let text = if new.is_empty() { text } else { place::placed(&self.file, &text, &mut new).map_err(NotAccepted::Text)? };
        let renewed = renewed.iter().map(|at| self.entries[*at].case.clone()).collect();
        Ok(Accepted { text, added: new.into_iter().map(|entry| entry.case).collect(), renewed })
    }
}

fn entry(finished: &Finished, reason: &str, since: NaiveDate, expires: NaiveDate) -> Option<Entry> {
    Some(Entry {
        case: finished.case.id(),
        rule: finished.case.rule.name.to_owned(),
        said: Said::of(&finished.verdict.outcome)?,
        reason: reason.to_owned(),
        since,
        expires,
        at: (0, 0),
    })
}
