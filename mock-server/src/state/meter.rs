//! How much memory sandboxes take, counted as it changes: nothing is ever walked through to know it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

/// What all sandboxes take together, and may take.
#[derive(Debug)]
pub struct Budget {
    used: AtomicI64,
    most: AtomicUsize,
}

impl Budget {
    /// This many bytes may be taken.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { used: AtomicI64::new(0), most: AtomicUsize::new(most) }
    }

    /// How many bytes may be taken.
    #[must_use]
    pub fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    /// How many are taken, about.
    #[must_use]
    pub fn used(&self) -> usize {
        usize::try_from(self.used.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// Whether more is taken than may be.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.used() > self.most()
    }
}

/// What one sandbox takes of a budget.
#[derive(Debug, Default)]
pub struct Meter {
    own: AtomicI64,
    of: Option<Arc<Budget>>,
}

impl Meter {
    /// Counts towards a budget.
    #[must_use]
    pub fn of(budget: Arc<Budget>) -> Self {
        Self { own: AtomicI64::new(0), of: Some(budget) }
    }

    /// So many bytes more, or less.
    pub fn add(&self, bytes: i64) {
        if bytes != 0 {
            self.own.fetch_add(bytes, Ordering::Relaxed);
            if let Some(budget) = &self.of {
                budget.used.fetch_add(bytes, Ordering::Relaxed);
            }
        }
    }

    /// How many bytes it takes, about.
    #[must_use]
    pub fn used(&self) -> usize {
        usize::try_from(self.own.load(Ordering::Relaxed)).unwrap_or(0)
    }

    /// Whether there is no memory for more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.of.as_ref().is_some_and(|budget| budget.is_over())
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        let own = self.own.load(Ordering::Relaxed);
        self.add(-own);
    }
}
