//! Looking again: what was written may take a while to be seen everywhere.
//!
//! The time that a target is given counts from the last write of the case. A look that finds what it should ends at
//! once; one that does not is repeated until it does or the time is over, and what it says then counts. Without such a
//! time one look is all there is, and nothing here asks a clock.

use std::time::Duration;

use parking_lot::Mutex;
use tokio::time::{Instant, sleep};

use crate::world::{Step, Stop, World};

/// The first wait, and the longest.
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);
/// How many looks are taken where other people write as well.
const SHARED_LOOKS: usize = 3;

/// How long what was written may still take to be seen.
pub(crate) struct Window {
    length: Duration,
    written: Mutex<Option<Instant>>,
}

impl Window {
    pub(crate) fn new(length: Duration) -> Self {
        Self { length, written: Mutex::new(None) }
    }

    /// Notes that something was written.
    pub(crate) fn open(&self) {
        if !self.length.is_zero() {
            *self.written.lock() = Some(Instant::now());
        }
    }

    /// Whether what was written may still be unseen.
    pub(crate) fn is_open(&self) -> bool {
        !self.left().is_zero()
    }

    fn left(&self) -> Duration {
        self.written.lock().map_or(Duration::ZERO, |written| self.length.saturating_sub(written.elapsed()))
    }
}

impl World<'_> {
    /// What a look comes to that may be repeated: it only reads.
    pub(crate) async fn settled<T>(&self, look: impl AsyncFn() -> Step<T>) -> Step<T> {
        let mut wait = FIRST;
        loop {
            // What is left before the look, so that the last look comes after the end.
            let left = self.window.left();
            match look().await {
                Err(Stop::Failed(_) | Stop::Blocked(_)) if !left.is_zero() => sleep(wait.min(left)).await,
                done => return done,
            }
            wait = (wait * 2).min(LONGEST);
        }
    }

    /// The same for a look at a list as a whole, which changes under the hands of those who use it too: what is wrong
    /// with it has to be wrong every time.
    pub(crate) async fn settled_list<T>(&self, look: impl AsyncFn() -> Step<T>) -> Step<T> {
        let looks = if self.is_shared() { SHARED_LOOKS } else { 1 };
        for _ in 1..looks {
            match self.settled(&look).await {
                Err(Stop::Failed(_)) => {}
                done => return done,
            }
        }
        self.settled(look).await
    }
}
