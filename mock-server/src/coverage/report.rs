//! What was covered, in figures and with the names of what was not.

use schemars::JsonSchema;
use serde::Serialize;

use super::Tally;
use crate::{engine::PlaceKind, provider::Provider};

/// What of the documents was covered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CoverageReport {
    /// The covered part of all places, of a hundred, rounded down to one digit.
    pub percent: f64,
    /// How many places were covered.
    pub covered: usize,
    /// How many places there are.
    pub total: usize,
    /// How much has to be covered, of a hundred, where that is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// Whether so much is covered.
    pub is_enough: bool,
    /// The same by provider.
    pub providers: Vec<ProviderCoverage>,
}

/// What of a document was covered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ProviderCoverage {
    /// The name of the provider.
    pub provider: String,
    /// The covered part of all places, of a hundred, rounded down to one digit.
    pub percent: f64,
    /// How many places were covered.
    pub covered: usize,
    /// How many places there are.
    pub total: usize,
    /// Operations that were called.
    pub operations: CoveragePart,
    /// Statuses that were answered, of those that the document declares.
    pub statuses: CoveragePart,
    /// Parameters that were sent.
    pub parameters: CoveragePart,
    /// Values that are listed for parameters and properties of request bodies, with true and false.
    pub values: CoveragePart,
    /// Properties of request bodies that were sent; in their pointers `*` is any element, or any member of a map.
    pub properties: CoveragePart,
    /// Ways to be refused whose status the document declares: the rule, and the place where it was broken.
    pub errors: CoveragePart,
    /// Statuses and errors that came and that the document does not declare; they count nowhere.
    pub undeclared: Vec<CoveragePlace>,
    /// The same by operation.
    pub by_operation: Vec<OperationCoverage>,
}

/// How much of a kind of places was covered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CoveragePart {
    /// The covered part, of a hundred, rounded down to one digit; 100 where there is nothing to cover.
    pub percent: f64,
    /// How many were covered.
    pub covered: usize,
    /// How many there are.
    pub total: usize,
    /// Those that were not covered.
    pub missing: Vec<CoveragePlace>,
}

/// A place of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CoveragePlace {
    /// The id of the operation.
    pub operation: String,
    /// Which one: `404`, `query.limit`, `query.limit = 3`, `/lines/*/count`, `invalid-body /lines`; empty for the operation.
    pub place: String,
}

/// How much of an operation was covered.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct OperationCoverage {
    /// Its id.
    pub operation: String,
    /// Its method.
    pub method: String,
    /// Its path, as the document writes it.
    pub path: String,
    /// Whether it was called.
    pub is_called: bool,
    /// The covered part of its places, of a hundred, rounded down to one digit.
    pub percent: f64,
    /// How many of its places were covered.
    pub covered: usize,
    /// How many places it has.
    pub total: usize,
}

impl CoverageReport {
    /// The report of these providers, each with what was covered of it, if anything was.
    pub(crate) fn new<'a>(tallies: impl IntoIterator<Item = (&'a Provider, Option<&'a Tally>)>) -> Self {
        let providers: Vec<_> = tallies.into_iter().map(|(provider, tally)| ProviderCoverage::new(provider, tally)).collect();
        let (covered, total) = providers.iter().fold((0, 0), |sum, one| (sum.0 + one.covered, sum.1 + one.total));
        Self { percent: percent(covered, total), covered, total, minimum: None, is_enough: true, providers }
    }

    /// The same, held against what has to be covered, of a hundred.
    #[must_use]
    pub fn held_to(self, minimum: f64) -> Self {
        // Not held against what is shown, which is rounded.
        let is_enough = self.covered as f64 * 100.0 >= minimum * self.total as f64;
        Self { minimum: Some(minimum), is_enough, ..self }
    }
}

impl ProviderCoverage {
    fn new(provider: &Provider, tally: Option<&Tally>) -> Self {
        let mut parts = PlaceKind::ALL.map(|kind| (kind, CoveragePart::default()));
        let mut by_operation = Vec::new();
        for (index, operation) in provider.api().operations.iter().enumerate() {
            let (mut covered, mut total) = (0, 0);
            for (bit, place) in provider.engine.surface(index).places().iter().enumerate() {
                let is_covered = tally.is_some_and(|tally| tally.has(index, bit));
                covered += usize::from(is_covered);
                total += 1;
                if let Some((_, part)) = parts.iter_mut().find(|(kind, _)| *kind == place.kind) {
                    part.count(is_covered, || CoveragePlace { operation: operation.id.clone(), place: place.name.clone() });
                }
            }
            by_operation.push(OperationCoverage {
                operation: operation.id.clone(),
                method: operation.method.to_string(),
                path: operation.path.clone(),
                is_called: tally.is_some_and(|tally| tally.has(index, 0)),
                percent: percent(covered, total),
                covered,
                total,
            });
        }
        let (covered, total) = parts.iter().fold((0, 0), |sum, (_, part)| (sum.0 + part.covered, sum.1 + part.total));
        let [operations, statuses, parameters, values, properties, errors] = parts.map(|(_, part)| part.finished());
        let undeclared = tally.map(|tally| undeclared(provider, tally)).unwrap_or_default();
        Self {
            provider: provider.name.to_string(),
            percent: percent(covered, total),
            covered,
            total,
            operations,
            statuses,
            parameters,
            values,
            properties,
            errors,
            undeclared,
            by_operation,
        }
    }

    /// The parts, each with its name.
    pub(super) fn parts(&self) -> [(&'static str, &CoveragePart); 6] {
        [
            ("operations", &self.operations),
            ("statuses", &self.statuses),
            ("parameters", &self.parameters),
            ("values", &self.values),
            ("properties", &self.properties),
            ("errors", &self.errors),
        ]
    }
}

impl Default for CoveragePart {
    fn default() -> Self {
        Self { percent: 100.0, covered: 0, total: 0, missing: Vec::new() }
    }
}

impl CoveragePart {
    fn count(&mut self, is_covered: bool, place: impl FnOnce() -> CoveragePlace) {
        self.total += 1;
        if is_covered {
            self.covered += 1;
        } else {
            self.missing.push(place());
        }
    }

    fn finished(self) -> Self {
        Self { percent: percent(self.covered, self.total), ..self }
    }
}

fn undeclared(provider: &Provider, tally: &Tally) -> Vec<CoveragePlace> {
    let undeclared = tally.undeclared.read();
    let places = undeclared.iter().filter_map(|(index, place)| {
        let operation = provider.operation(*index)?.to_string();
        Some(CoveragePlace { operation, place: place.name.clone() })
    });
    places.collect()
}

/// A part of a hundred, with one digit and never rounded up: what is not all is not 100.
fn percent(covered: usize, total: usize) -> f64 {
    if total == 0 { 100.0 } else { (covered as f64 * 1_000.0 / total as f64).floor() / 10.0 }
}
