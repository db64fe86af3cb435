//! What a test expects of a sandbox, and that it is told when that did not come.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::{handles::Journal, journal::Expectation, sandbox::Sandbox, shell::Shell};

/// Expectations that are looked at when this is dropped.
pub(crate) struct Expected {
    journal: Journal,
    all: Mutex<Vec<Expectation>>,
}

impl Expected {
    pub(crate) fn new(shell: Arc<Shell>, kept: Arc<Sandbox>) -> Self {
        Self { journal: Journal { shell, kept }, all: Mutex::default() }
    }

    pub(crate) fn add(&self, expectation: Expectation) {
        self.all.lock().push(expectation);
    }
}

impl Drop for Expected {
    #[expect(clippy::panic, reason = "a test fails by panicking, and only a test expects something")]
    fn drop(&mut self) {
        let all = std::mem::take(self.all.get_mut());
        // A test that failed already has said why.
        if all.is_empty() || std::thread::panicking() {
            return;
        }
        if let Err(mismatch) = self.journal.verify(all) {
            panic!("{mismatch}");
        }
    }
}
