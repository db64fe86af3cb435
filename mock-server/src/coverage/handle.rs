//! What was covered, for tests that run the mock in their process.

use std::sync::Arc;

use super::CoverageReport;
use crate::shell::Shell;

/// What of the documents was covered since the mock started, over all sandboxes. It can be asked when the mock has
/// ended, too.
///
/// ```no_run
/// # fn example(server: &mock_server::MockServer) {
/// let report = server.coverage().report();
/// assert!(report.percent >= 80.0, "{report}");
/// # }
/// ```
#[derive(Clone)]
pub struct Coverage {
    shell: Arc<Shell>,
}

impl Coverage {
    pub(crate) fn new(shell: Arc<Shell>) -> Self {
        Self { shell }
    }

    /// What was covered, of all providers.
    #[must_use]
    pub fn report(&self) -> CoverageReport {
        self.shell.coverage(None, None)
    }

    /// Counts anew, in all sandboxes.
    pub fn reset(&self) {
        self.shell.reset_coverage(None);
    }
}
