//! What a proxy saw while it ran: how much went through, and each kind of finding once.

use indexmap::IndexMap;
use specs::api::Direction;

use super::{
    finding::{Finding, Grade},
    told::{Came, Told},
};

/// How many kinds of findings are told apart.
const MOST: usize = 1000;

/// What a proxy saw while it ran.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Requests that the target answered.
    pub answered: u64,
    /// Requests that it gave no answer to.
    pub unanswered: u64,
    /// Requests that were not passed on.
    pub refused: u64,
    /// Requests whose client left before there was an answer.
    pub abandoned: u64,
    /// Exchanges of which something was not checked.
    pub unchecked: u64,
    /// Exchanges with findings.
    pub faulty: u64,
    kinds: IndexMap<Kind, Repeated>,
    /// Findings of kinds beyond those that are told apart.
    others: u64,
    is_wrong: bool,
}

type Kind = (&'static str, Direction, String, String);

/// A finding, and how often it was made.
#[derive(Clone, Debug)]
pub struct Repeated {
    /// The first one.
    pub finding: Finding,
    /// How often it was made.
    pub count: u64,
    /// The method and the path of its exchange.
    pub first: String,
}

impl Summary {
    /// The findings, each kind of them once, in the order in which they were first made.
    pub fn findings(&self) -> impl Iterator<Item = &Repeated> {
        self.kinds.values()
    }

    /// How many findings there were of kinds that are not among these, since there were too many.
    #[must_use]
    pub fn others(&self) -> u64 {
        self.others
    }

    /// The exit code: 3 when the target never answered, 1 when a promise was broken, else 0.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self { answered: 0, unanswered: 1.., .. } => 3,
            Self { is_wrong: true, .. } => 1,
            _ => 0,
        }
    }

    pub(super) fn add(&mut self, told: &Told) {
        *match &told.came {
            Came::Answer(_) => &mut self.answered,
            Came::Nothing(_) => &mut self.unanswered,
            Came::Refused(_) => &mut self.refused,
            Came::Abandoned => &mut self.abandoned,
        } += 1;
        self.unchecked += u64::from(!told.unchecked.is_empty());
        self.faulty += u64::from(!told.findings.is_empty());
        for finding in &told.findings {
            self.is_wrong |= finding.grade == Grade::Wrong;
            let kind = finding.kind();
            if let Some(known) = self.kinds.get_mut(&kind) {
                known.count += 1;
            } else if self.kinds.len() < MOST {
                let first = format!("{} {}", told.exchange.request.method, told.exchange.request.path);
                self.kinds.insert(kind, Repeated { finding: finding.clone(), count: 1, first });
            } else {
                self.others += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{Method, StatusCode};

    use super::*;
    use crate::{
        case::Failure,
        credentials::Credentials,
        exchange::{Exchange, Intent, Request},
        proxy::rules,
    };

    fn told(place: &str) -> Told {
        let request =
            Request { method: Method::GET, elsewhere: None, path: "/a".to_owned(), query: Vec::new(), headers: Vec::new(), body: None };
        let failure = Failure::at(place, "", "", "");
        let finding =
            Finding { rule: rules::INVALID_BODY, grade: Grade::New, direction: Direction::Request, operation: String::new(), failure };
        Told {
            exchange: Exchange {
                operation: String::new(),
                intent: Intent::Relay,
                started: SystemTime::UNIX_EPOCH,
                took: Duration::ZERO,
                request,
                response: Err(String::new()),
            },
            came: Came::Answer(StatusCode::OK),
            findings: vec![finding],
            unchecked: Vec::new(),
            credentials: Credentials::default(),
        }
    }

    #[test]
    fn positions_in_lists_are_one_kind_and_kinds_are_bounded() {
        let mut summary = Summary::default();
        for place in ["/rows/0/id", "/rows/17/id", "/rows/a0/id"] {
            summary.add(&told(place));
        }
        assert_eq!(summary.findings().map(|repeated| repeated.count).collect::<Vec<_>>(), [2, 1]);
        (0..MOST).for_each(|number| summary.add(&told(&format!("/p{number}"))));
        assert_eq!((summary.findings().count(), summary.others(), summary.exit_code()), (MOST, 2, 0));
    }
}
