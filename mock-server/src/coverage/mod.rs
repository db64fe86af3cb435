//! What of the documents exchanges covered, since the mock started or the count was reset.
//!
//! It outlives the journal: each exchange leaves bits, by operation, in the provider and in what its sandbox remembers
//! of the provider. Bits that are there are not written again, so that threads that serve the same operation do not
//! wait for each other. What the bits mean is looked up when a report is asked for.

mod handle;
mod report;
mod show;

use std::{
    collections::BTreeSet,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::RwLock;

pub use handle::Coverage;
pub use report::{CoveragePart, CoveragePlace, CoverageReport, OperationCoverage, ProviderCoverage};
pub use show::CoverageFormat;

use crate::{
    engine::{Exchange, Place, Touched},
    sandbox::Played,
};

/// Most things beside the document that are remembered of one provider.
const MOST_UNDECLARED: usize = 1_000;

/// The bits of one operation, as many as it has places.
type Bits = Box<[AtomicU64]>;

/// What of one document was covered.
pub(crate) struct Tally {
    /// By operation; made when it is first reached.
    operations: Box<[OnceLock<Bits>]>,
    /// What exchanges had that the document does not declare, by operation.
    undeclared: RwLock<BTreeSet<(usize, Place)>>,
}

impl Tally {
    pub(crate) fn new(operations: usize) -> Self {
        Self { operations: (0..operations).map(|_| OnceLock::new()).collect(), undeclared: RwLock::default() }
    }

    pub(crate) fn reset(&self) {
        for bits in self.operations.iter().filter_map(OnceLock::get).flatten() {
            bits.store(0, Ordering::Relaxed);
        }
        self.undeclared.write().clear();
    }

    fn add(&self, operation: usize, places: usize, touched: &Touched) {
        let Some(bits) = self.operations.get(operation) else { return };
        let bits = bits.get_or_init(|| (0..places.div_ceil(64)).map(|_| AtomicU64::new(0)).collect());
        for (known, new) in bits.iter().zip(touched.words()) {
            if known.load(Ordering::Relaxed) & new != *new {
                known.fetch_or(*new, Ordering::Relaxed);
            }
        }
    }

    fn add_undeclared(&self, operation: usize, place: &Place) {
        let key = (operation, place.clone());
        if self.undeclared.read().contains(&key) {
            return;
        }
        let mut undeclared = self.undeclared.write();
        if undeclared.len() < MOST_UNDECLARED {
            undeclared.insert(key);
        }
    }

    /// Whether a place of an operation was covered.
    fn has(&self, operation: usize, place: usize) -> bool {
        let bits = self.operations.get(operation).and_then(OnceLock::get);
        bits.and_then(|bits| bits.get(place / 64)).is_some_and(|word| word.load(Ordering::Relaxed) >> (place % 64) & 1 == 1)
    }
}

/// Counts an exchange.
pub(crate) fn note(played: &Played, exchange: &mut Exchange) {
    let Some(operation) = exchange.operation else { return };
    let provider = &played.provider;
    let surface = provider.engine.surface(operation);
    let mut touched = std::mem::take(&mut exchange.touched);
    let undeclared = surface.touch(exchange, &mut touched);
    for tally in [&provider.coverage, &*played.coverage] {
        tally.add(operation, surface.places().len(), &touched);
        for place in &undeclared {
            tally.add_undeclared(operation, place);
        }
    }
}
