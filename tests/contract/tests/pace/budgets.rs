//! What a run keeps to by itself, and what it foretells.

use std::time::Duration;

use contract::{
    Pace, Place, Transport,
    pace::{Budget, Settings},
};

use crate::vendor::{Vendor, document, get, paced, settings};

const LIMITS: &str = "[{name: burst, limit: 4, window: 5}, {name: daily, limit: 10, window: 86400}]";

#[tokio::test(start_paused = true)]
async fn on_an_account_a_run_uses_its_share_and_no_more() {
    let vendor = Vendor::new(&[]);
    let paced = paced(&vendor, LIMITS, Place::Live);
    for _ in 0..5 {
        paced.send(&get()).await.unwrap();
    }
    assert_eq!(vendor.asked(), [0, 0, 5_000, 5_000, 10_000]);
    let error = paced.send(&get()).await.unwrap_err();
    let expected = "the share of the limit `daily` is used up (5 of 10 requests in 24 h): the next one may go in 23 h 59 min";
    assert_eq!(error.over_limit().map(ToString::to_string).as_deref(), Some(expected));
    assert_eq!(vendor.asked().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn elsewhere_it_only_reacts() {
    for place in [Place::Here, Place::Mock] {
        let vendor = Vendor::new(&[]);
        let paced = paced(&vendor, LIMITS, place);
        for _ in 0..20 {
            paced.send(&get()).await.unwrap();
        }
        assert_eq!(vendor.asked(), [0; 20]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_made_is_removed_beyond_the_share() {
    let vendor = Vendor::new(&[]);
    let pace = Pace::new(&document(LIMITS), Place::Live, &Settings { share: 0.1, ..settings() });
    let paced = pace.around(vendor.clone());
    paced.send(&get()).await.unwrap();
    assert!(paced.send(&get()).await.unwrap_err().over_limit().is_some());
    pace.clean();
    for _ in 0..9 {
        paced.send(&get()).await.unwrap();
    }
    assert_eq!(vendor.asked(), [0, 0, 0, 0, 5_000, 5_000, 5_000, 5_000, 10_000, 10_000]);
    assert!(paced.send(&get()).await.unwrap_err().over_limit().is_some());
}

#[tokio::test(start_paused = true)]
async fn no_stretch_of_time_has_more_than_a_window_allows() {
    let vendor = Vendor::new(&[]).taking(Duration::from_millis(700));
    let paced = paced(&vendor, "[{name: burst, limit: 6, window: 5}]", Place::Live);
    for _ in 0..20 {
        paced.send(&get()).await.unwrap();
    }
    let asked = vendor.asked();
    assert!(asked.windows(4).all(|four| four[3] - four[0] >= 5_000), "{asked:?}");
}

#[test]
fn a_budget_is_a_share_of_each_limit_and_one_at_least() {
    let check = |share: f64, expected: [u64; 2]| {
        let budget = Budget::of(&document(LIMITS), share);
        assert_eq!(budget.allowances.iter().map(|one| one.allowed).collect::<Vec<_>>(), expected, "{share}");
    };
    check(0.5, [2, 5]);
    check(1.0, [4, 10]);
    check(0.0, [1, 1]);
    check(7.0, [4, 10]);
    check(f64::NAN, [2, 5]);
}

#[test]
fn a_forecast_says_how_long_and_how_much() {
    let check = |requests: u64, longest: u64, least: u64, stops: Option<u64>, quotas: [&str; 2]| {
        let forecast = Budget::of(&document(LIMITS), 0.5).forecast(requests, Duration::from_secs(longest));
        assert_eq!((forecast.least.as_secs(), forecast.stops_after), (least, stops), "{requests}");
        assert_eq!(forecast.quotas.iter().map(ToString::to_string).collect::<Vec<_>>(), quotas, "{requests}");
    };
    check(0, 120, 0, None, ["0 of 4 in 5 s (0 %)", "0 of 10 in 24 h (0 %)"]);
    check(2, 120, 0, None, ["2 of 4 in 5 s (50 %)", "2 of 10 in 24 h (20 %)"]);
    check(5, 120, 10, None, ["2 of 4 in 5 s (50 %)", "5 of 10 in 24 h (50 %)"]);
    check(6, 120, 10, Some(5), ["2 of 4 in 5 s (50 %)", "5 of 10 in 24 h (50 %)"]);
    check(6, 90_000, 86_400, None, ["2 of 4 in 5 s (50 %)", "5 of 10 in 24 h (50 %)"]);
    let none = Budget::of(&document("[]"), 0.5).forecast(1_000_000, Duration::ZERO);
    assert_eq!((none.least, none.stops_after, none.quotas.len()), (Duration::ZERO, None, 0));
}
