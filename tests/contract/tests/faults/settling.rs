//! What was written takes a while to be seen: nothing is wrong with that while it is within the time that the server is
//! given, and everything that waits for it in vain is told. The clock is a test's own, so that nobody waits.

use std::time::Duration;

use contract::{Credentials, Outcome, Place, Target};

use crate::{COURIER, courier::Courier, suite};

const DELAY: Duration = Duration::from_secs(2);

/// The cases that do not pass when what was written is seen after a delay, and so long a delay is granted.
async fn failing(delay: Duration, settle: Duration) -> Vec<String> {
    let suite = suite(&COURIER, COURIER.document);
    let mut failing = Vec::new();
    for case in suite.cases() {
        let mut target = Target::new(Box::new(Courier::new("", delay)), Credentials::of_document(suite.api()));
        target.place = Place::Here;
        target.settle = settle;
        let outcome = suite.run(case, &target).await.outcome;
        if outcome != Outcome::Passed {
            failing.push(format!("{}::{} {outcome:?}", case.operation, case.name));
        }
    }
    failing
}

#[tokio::test(start_paused = true)]
async fn what_is_seen_in_time_is_right() {
    let failing = failing(DELAY, Duration::from_secs(5)).await;
    assert!(failing.is_empty(), "{}", failing.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn one_look_is_all_there_is_unless_time_is_given() {
    let failing = failing(DELAY, Duration::ZERO).await;
    for case in ["send_message::created_then_readable", "send_message::created_then_listed"] {
        assert!(failing.iter().any(|failed| failed.starts_with(case)), "{case} {failing:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_not_seen_in_time_is_wrong() {
    let failing = failing(Duration::from_mins(1), Duration::from_secs(5)).await;
    for case in [
        "send_message::created_then_readable Failed",
        "send_message::created_then_listed Failed",
        "change_message::updated_text_then_visible",
        "delete_message::deleted_then_gone",
    ] {
        assert!(failing.iter().any(|failed| failed.starts_with(case)), "{case} {failing:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_that_is_given_is_not_used_up_without_need() {
    let clock = tokio::time::Instant::now();
    let failing = failing(Duration::from_millis(1), Duration::from_hours(1)).await;
    assert!(failing.is_empty(), "{}", failing.join("\n"));
    assert!(clock.elapsed() < Duration::from_mins(1), "{:?}", clock.elapsed());
}
