//! A page beside a document: what every part of the comparison looks at.

use indexmap::IndexMap;

use crate::{
    api::{Api, Operation, Response, Status},
    document::Document,
    pages::{Basis, Claim, Fact, Format, Page, Place, Side, Signature, Statement},
    validate::Validators,
};

use super::pairing::Pair;

/// A page and a document, with the operations that they have in common.
pub(super) struct Scene<'a> {
    pub(super) page: &'a Page,
    pub(super) api: &'a Api,
    pub(super) document: &'a Document,
    pub(super) validators: &'a Validators,
    pub(super) pairs: Vec<Option<Pair>>,
}

/// What a page says of each place of one operation, in its order.
pub(super) type Groups<'a> = IndexMap<&'a Place, Vec<(&'a Fact, &'a Claim)>>;

impl<'a> Scene<'a> {
    /// The operations of the page that the document has, with their positions on the page; each of the document once.
    pub(super) fn matched(&self) -> Vec<(usize, &'a Signature, &'a Operation)> {
        let mut found: Vec<(usize, &'a Signature, &'a Operation)> = Vec::new();
        for (position, pair) in self.pairs.iter().enumerate() {
            let Some(operation) = pair.as_ref().and_then(|pair| self.api.operations.get(pair.operation)) else { continue };
            found.push((position, &self.page.operations[position], operation));
        }
        found
    }

    /// The facts about an operation of the page; of those about all of them, when this is the first one.
    pub(super) fn facts(&self, position: usize) -> impl Iterator<Item = &'a Fact> + use<'a> {
        self.page.facts.iter().filter(move |fact| fact.operation.is_none_or(|own| own == position))
    }

    /// What is said of places, for one operation.
    pub(super) fn groups(&self, position: usize) -> Groups<'a> {
        let mut found: Groups = IndexMap::new();
        for fact in self.facts(position) {
            if let Statement::Member { place, claim } = &fact.statement {
                found.entry(place).or_default().push((fact, claim));
            }
        }
        found
    }

    /// Whether the format marks in each field whether it must be there, so that a field without a mark need not.
    pub(super) fn marks_required(&self, place: &Place, groups: &Groups) -> bool {
        let is_mintlify = matches!(self.page.format, Format::MintlifySource | Format::MintlifyText);
        match place {
            Place::Parameter { .. } | Place::Property { side: Side::Request, .. } => is_mintlify,
            Place::Property { side, .. } => {
                // What is rendered marks every field; what is written by hand often forgets answers.
                self.page.format == Format::MintlifyText
                    || is_mintlify
                        && groups.iter().any(|(other, said)| {
                            let is_field = |(fact, claim): &(&Fact, &Claim)| fact.basis == Basis::Field && **claim == Claim::Required(true);
                            matches!(other, Place::Property { side: own, .. } if own == side) && said.iter().any(is_field)
                        })
            }
            Place::Header { .. } => false,
        }
    }
}

/// The responses that an operation declares for a status of a page: that one, or those that it covers or is covered by.
pub(super) fn covering(operation: &Operation, status: Status) -> Vec<&Response> {
    let exact = operation.responses.iter().find(|response| response.status == status);
    let near = || match status {
        Status::Exactly(code) => {
            operation.responses.iter().filter(|response| response.status == Status::Range(hundreds(code))).collect::<Vec<_>>()
        }
        Status::Range(wanted) => {
            let is_in = |response: &&Response| matches!(response.status, Status::Exactly(code) if hundreds(code) == wanted);
            operation.responses.iter().filter(is_in).collect()
        }
        Status::Default => Vec::new(),
    };
    exact.map_or_else(near, |exact| vec![exact])
}

fn hundreds(code: u16) -> u8 {
    u8::try_from(code / 100).unwrap_or_default()
}

/// The responses that a side is about.
pub(super) fn responses(operation: &Operation, side: Side) -> Vec<&Response> {
    match side {
        Side::Request => Vec::new(),
        Side::Response(None) => operation.success().into_iter().collect(),
        Side::Response(Some(status)) => covering(operation, status),
    }
}
