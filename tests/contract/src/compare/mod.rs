//! Three say how an API behaves: the document, the mock that acts it out, and the vendor. Where two of them agree, the
//! third is the odd one out, and that is who has to change.
//!
//! The same cases are run against both servers. What a case expects *is* the document's word, so each server has only
//! to be asked whether it keeps it: whoever alone does not is the odd one out, and when neither does and both do the
//! same, the document is. What a server does beyond the document is no failure, and told apart.

mod alike;
mod evidence;
mod form;
mod markdown;
mod mock;
mod program;
mod text;

use indexmap::IndexMap;

use self::alike::is_same_failure;
pub use self::{
    form::Form,
    mock::{Mock, NoMock},
    program::{Program, Surroundings},
};
use crate::{
    case::{Case, Outcome},
    report::{Finished, Report},
};

/// Some server is the odd one out, or the document.
const ODD: u8 = 1;
/// Nothing could be compared.
const NOTHING: u8 = 3;

/// What two servers make of the cases of one document.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The name of the provider.
    pub provider: String,
    /// The file of the document, as it was named.
    pub file: String,
    /// What the values were sampled with.
    pub seed: u64,
    /// The first server.
    pub a: Side,
    /// The second one.
    pub b: Side,
    /// The cases, in the order of the first run, and then those of the second alone.
    pub cases: Vec<Compared>,
}

/// A server that is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What it is called: `mock`, `vendor`.
    pub name: String,
    /// Its base URL.
    pub url: String,
}

/// A case, with what both servers make of it.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The case.
    pub case: Case,
    /// Who is the odd one out.
    pub odd: Odd,
    /// What came of it on the first server; `None` when it was not run there.
    pub a: Option<Outcome>,
    /// On the second one.
    pub b: Option<Outcome>,
}

/// Who is the odd one out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Odd {
    /// All agree.
    Nobody,
    /// The first server.
    A,
    /// The second server.
    B,
    /// The document: both servers do the same, and it says otherwise.
    Document,
    /// Each does something else.
    Everybody,
    /// That is not known, for this reason.
    Unknown(String),
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// All agree.
    pub agree: usize,
    /// The first server is the odd one out.
    pub a: usize,
    /// The second one is.
    pub b: usize,
    /// The document is.
    pub document: usize,
    /// No two agree.
    pub everybody: usize,
    /// Nothing is known.
    pub unknown: usize,
}

impl Comparison {
    /// Compares two runs of the same cases, each with what its server is called.
    #[must_use]
    pub fn of(a: (&str, &Report), b: (&str, &Report)) -> Self {
        let mut pairs: IndexMap<String, (Option<&Finished>, Option<&Finished>)> = IndexMap::new();
        for finished in &a.1.finished {
            pairs.entry(finished.case.id()).or_default().0 = Some(finished);
        }
        for finished in &b.1.finished {
            pairs.entry(finished.case.id()).or_default().1 = Some(finished);
        }
        let side = |(name, report): (&str, &Report)| Side { name: name.to_owned(), url: report.url.clone() };
        let (a, report, b) = (side(a), a.1, side(b));
        let compared = |(one, other): (Option<&Finished>, Option<&Finished>)| {
            let outcome = |finished: Option<&Finished>| finished.map(|finished| finished.verdict.outcome.clone());
            let case = one.or(other)?.case.clone();
            let (one, other) = (outcome(one), outcome(other));
            Some(Compared { case, odd: odd((&a.name, one.as_ref()), (&b.name, other.as_ref())), a: one, b: other })
        };
        let cases = pairs.into_values().filter_map(compared).collect();
        Self { provider: report.provider.clone(), file: report.file.clone(), seed: report.seed, cases, a, b }
    }

    /// How many cases came out how.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let count = |counted: fn(&Odd) -> bool| self.cases.iter().filter(|case| counted(&case.odd)).count();
        Counts {
            agree: count(|odd| *odd == Odd::Nobody),
            a: count(|odd| *odd == Odd::A),
            b: count(|odd| *odd == Odd::B),
            document: count(|odd| *odd == Odd::Document),
            everybody: count(|odd| *odd == Odd::Everybody),
            unknown: count(|odd| matches!(odd, Odd::Unknown(_))),
        }
    }

    /// 0 when all agree, 1 when somebody is the odd one out, 3 when nothing could be compared.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let Counts { agree, a, b, document, everybody, unknown } = self.counts();
        match a + b + document + everybody {
            0 if agree == 0 && unknown > 0 => NOTHING,
            0 => 0,
            _ => ODD,
        }
    }

    /// What one of the three is called.
    fn name(&self, odd: &Odd) -> Option<&str> {
        match odd {
            Odd::A => Some(&self.a.name),
            Odd::B => Some(&self.b.name),
            Odd::Document => Some("document"),
            Odd::Nobody | Odd::Everybody | Odd::Unknown(_) => None,
        }
    }
}

/// Who is the odd one out, by what came of a case on both servers, each with its name.
fn odd(a: (&str, Option<&Outcome>), b: (&str, Option<&Outcome>)) -> Odd {
    if let Some(why) = unknown(a).or_else(|| unknown(b)) {
        return Odd::Unknown(why);
    }
    match (failure(a.1), failure(b.1)) {
        (None, None) => Odd::Nobody,
        (Some(_), None) => Odd::A,
        (None, Some(_)) => Odd::B,
        (Some(one), Some(other)) if is_same_failure(one, other) => Odd::Document,
        (Some(_), Some(_)) => Odd::Everybody,
    }
}

/// Why nothing is known of a server.
fn unknown((name, outcome): (&str, Option<&Outcome>)) -> Option<String> {
    match outcome {
        Some(Outcome::Passed | Outcome::New(_) | Outcome::Failed(_)) => None,
        Some(Outcome::Skipped(why)) => Some(format!("skipped on `{name}`: {why}")),
        Some(Outcome::Blocked(what)) => Some(format!("blocked on `{name}`: {what}")),
        Some(Outcome::Unreachable(why)) => Some(format!("no answer from `{name}`: {why}")),
        None => Some(format!("not run on `{name}`")),
    }
}

fn failure(outcome: Option<&Outcome>) -> Option<&crate::Failure> {
    match outcome {
        Some(Outcome::Failed(failure)) => Some(failure),
        _ => None,
    }
}

impl Compared {
    /// What a server does beyond the document.
    fn beyond(outcome: Option<&Outcome>) -> Option<&str> {
        match outcome {
            Some(Outcome::New(failure)) => Some(&failure.what),
            _ => None,
        }
    }

    /// What the document says and where, as far as failures tell one such thing.
    fn due(&self) -> Option<(&str, &str)> {
        let failures = [&self.a, &self.b].into_iter().filter_map(|outcome| failure(outcome.as_ref()));
        let mut told = failures.map(|failure| (failure.place.as_str(), failure.expected.as_str()));
        let first = told.next().filter(|(_, expected)| !expected.is_empty())?;
        told.all(|other| other == first).then_some(first)
    }

    /// What a server does, for people.
    fn does(&self, outcome: Option<&Outcome>) -> String {
        match outcome {
            Some(Outcome::Failed(failure)) if failure.got.is_empty() => failure.what.clone(),
            Some(Outcome::Failed(failure)) if failure.place.is_empty() || self.due().is_some() => failure.got.clone(),
            Some(Outcome::Failed(failure)) => format!("{} at `{}`", failure.got, failure.place),
            Some(Outcome::Passed | Outcome::New(_)) => "as the document says".to_owned(),
            Some(Outcome::Skipped(_) | Outcome::Blocked(_) | Outcome::Unreachable(_)) | None => "not known".to_owned(),
        }
    }
}
