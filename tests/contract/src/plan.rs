//! What a run would send, told before anything is sent.

use std::{fmt, sync::Arc};

use crate::{
    case::{Case, Outcome},
    credentials::Credentials,
    rehearsal::Rehearsal,
    session::{Policy, Session, Tally},
    suite::Suite,
    target::{Given, Place, Target},
    transport::Nowhere,
};

/// What each case would send to a correct server that has nothing yet.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cases, in their order.
    pub steps: Vec<Step>,
}

/// What one case would send.
#[derive(Clone, Debug)]
pub struct Step {
    /// The id of the case.
    pub case: String,
    /// What it would send, what removes what it made included.
    pub tally: Tally,
    /// How many rows would stay, because nothing deletes them.
    pub stays: u64,
    /// Why it would not be run to its end.
    pub skipped: Option<String>,
}

impl Plan {
    /// Rehearses cases under a policy.
    pub async fn of(suite: &Suite, cases: &[&Case], policy: &Policy, given: &Given) -> Self {
        let mut steps = Vec::new();
        for case in cases {
            steps.push(rehearse(suite, case, policy, given).await);
        }
        Self { steps }
    }

    /// All of it.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.steps.iter().fold(Tally::default(), |all, step| all.and(&step.tally))
    }

    /// How many rows would stay.
    #[must_use]
    pub fn stays(&self) -> u64 {
        self.steps.iter().map(|step| step.stays).sum()
    }

    /// What a case would send.
    #[must_use]
    pub fn step(&self, case: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.case == case)
    }
}

async fn rehearse(suite: &Suite, case: &Case, policy: &Policy, given: &Given) -> Step {
    let policy = Policy { most: None, ..policy.clone() };
    let session = Arc::new(Session::in_memory("000000", policy.clone()));
    let mut target = Target::new(Box::new(Nowhere), Credentials::of_document(suite.api()));
    target.place = policy.place;
    target.given.clone_from(given);
    target.session = Some(Arc::clone(&session));
    target.rehearsal = Some(Rehearsal::default());
    let skipped = match case.refused_by(policy.place) {
        Some(why) => Some(why.to_owned()),
        None => match suite.run(case, &target).await.outcome {
            Outcome::Skipped(why) => Some(why),
            _ => None,
        },
    };
    session.clean_up_after(suite, &target, &case.id()).await;
    Step { case: case.id(), tally: session.tally(), stays: session.residue().len() as u64, skipped }
}

impl Case {
    /// Why a case is not run against a server of this kind at all.
    #[must_use]
    pub fn refused_by(&self, place: Place) -> Option<&'static str> {
        let is_kept = self.class == crate::Class::MockOnly && place == Place::Live;
        is_kept.then_some("it might do harm, cost something or lock somebody out, so it is kept from accounts")
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = self.total();
        let runs = self.steps.iter().filter(|step| step.skipped.is_none()).count();
        writeln!(f, "{runs} cases of {}", self.steps.len())?;
        writeln!(f, "{:>7} requests in all, to a server that is correct and has nothing yet", total.requests)?;
        writeln!(f, "{:>7} create something, or would if the server were wrong", total.creates)?;
        writeln!(f, "{:>7} update something", total.updates)?;
        writeln!(f, "{:>7} delete something", total.deletes)?;
        if total.unknown > 0 {
            writeln!(f, "{:>7} change nobody knows what", total.unknown)?;
        }
        writeln!(f, "{:>7} remove what was made, deletions among them", total.cleaning)?;
        writeln!(f, "{:>7} rows would stay for good", self.stays())?;
        let mut reasons: Vec<(&str, usize)> = Vec::new();
        for why in self.steps.iter().filter_map(|step| step.skipped.as_deref()) {
            match reasons.iter_mut().find(|(known, _)| *known == why) {
                Some((_, count)) => *count += 1,
                None => reasons.push((why, 1)),
            }
        }
        for (why, count) in reasons {
            writeln!(f, "{count:>7} {} left out: {why}", if count == 1 { "case is" } else { "cases are" })?;
        }
        Ok(())
    }
}
