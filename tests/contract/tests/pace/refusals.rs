//! What a server says of limits, form by form.

use std::time::Duration;

use contract::{Pace, Place, Transport, pace::Waits};
use http::Method;

use crate::vendor::{Answer, Vendor, document, get, paced, request, settings};

/// Limits whose headers say what they hold.
const DECLARED: &str = "[
  {name: burst, limit: 10, window: 5, headers: {Pans-Left: remaining, Pans-In: reset-milliseconds}},
  {name: hourly, limit: 100, window: 3600, headers: {Pots-Left: remaining, Pots-On: reset-unix, Pots-Again: retry-after}},
  {name: daily, limit: 1000, window: 86400, headers: {Lids-Left: remaining, Lids-At: reset-date}},
  {name: window, limit: 9, window: 60, headers: {Cups-Left: remaining, Cups-Window: window-milliseconds}},
  {name: bare, limit: 9, window: 30, headers: {Forks-Left: remaining}},
  {name: fields, limit: 9, window: 30, headers: {Spoons: structured, X-RateLimit-Reset: reset-seconds}}]";

/// Sends a request that gets this answer first, and gives when the second one was sent.
async fn second(limits: &str, place: Place, answer: Answer) -> u64 {
    let vendor = Vendor::new(&[answer]);
    let paced = paced(&vendor, limits, place);
    let status = paced.send(&get()).await.expect("the vendor answers").status;
    if vendor.asked().len() == 1 {
        assert_eq!(status, answer.0);
        paced.send(&get()).await.expect("the vendor answers");
    }
    vendor.asked()[1]
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_repeated_when_the_server_says() {
    let check = async |status: u16, headers: &'static [(&str, &str)], expected: u64| {
        assert_eq!(second("[]", Place::Here, (status, headers)).await, expected, "{headers:?}");
    };
    check(429, &[("Retry-After", "7")], 7_000).await;
    check(503, &[("Retry-After", "7")], 7_000).await;
    check(429, &[("retry-after", "Fri, 15 Jan 2027 08:00:09 GMT")], 9_000).await;
    check(429, &[("retry-after", "Friday, 15-Jan-27 08:00:09 GMT")], 9_000).await;
    check(429, &[("retry-after", "Fri, 15 Jan 2027 08:00:09 GMT"), ("date", "Fri, 15 Jan 2027 08:00:05 GMT")], 4_000).await;
    check(429, &[("Retry-After", "7"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "90")], 7_000).await;
    check(429, &[("RateLimit", r#""default";r=0;t=5"#)], 5_000).await;
    check(429, &[("RateLimit", r#""burst";r=0;t=2, "daily";r=800;t=80"#)], 2_000).await;
    check(429, &[("RateLimit", r#""burst";r=0"#), ("RateLimit-Policy", r#""daily";q=9;w=80, "burst";q=1;w=11"#)], 11_000).await;
    check(429, &[("RateLimit", "limit=100, remaining=0, reset=6")], 6_000).await;
    check(429, &[("RateLimit", "limit=100;remaining=0;reset=6")], 6_000).await;
    check(429, &[("RateLimit-Limit", "100, 100;w=60"), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", "50")], 50_000).await;
    check(429, &[("RateLimit-Policy", "100;w=33"), ("RateLimit-Remaining", "0")], 33_000).await;
    check(429, &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "12")], 12_000).await;
    check(429, &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "12500")], 12_500).await;
    check(429, &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1800000012")], 12_000).await;
    check(429, &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1800000012500")], 12_500).await;
    check(429, &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "2027-01-15T08:00:12Z")], 12_000).await;
    check(429, &[("X-RateLimit-Reset", "Fri Jan 15 2027 08:00:12 GMT+0000 (UTC)")], 12_000).await;
    check(429, &[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset-After", "0.5")], 500).await;
    check(429, &[("X-Rate-Limit-Remaining", "0"), ("X-Rate-Limit-Reset-Ms", "800")], 800).await;
    check(429, &[("X-Pans-RateLimit-Remaining", "0"), ("X-Pans-RateLimit-Reset", "3")], 3_000).await;
    check(429, &[("X-RateLimit-Remaining-Minute", "0"), ("RateLimit-Reset", "3")], 3_000).await;
    check(429, &[("X-RateLimit-Remaining-Minute", "0")], 60_000).await;
}

#[tokio::test(start_paused = true)]
async fn on_an_account_nothing_is_sent_that_would_be_refused() {
    let check = async |headers: &'static [(&str, &str)], expected: u64| {
        assert_eq!(second("[]", Place::Live, (200, headers)).await, expected, "{headers:?}");
        assert_eq!(second("[]", Place::Here, (200, headers)).await, 0, "{headers:?}");
    };
    check(&[("RateLimit", r#""default";r=0;t=5"#)], 5_000).await;
    check(&[("RateLimit", r#""default";r=1;t=5"#)], 0).await;
    check(&[("RateLimit", r#""burst";r=0;t=2, "hourly";r=0;t=80"#)], 80_000).await;
    check(&[("RateLimit", r#""bytes";r=0;t=5"#), ("RateLimit-Policy", r#""bytes";q=9;qu="content-bytes";w=9"#)], 0).await;
    check(&[("RateLimit", "limit=100, remaining=0, reset=6")], 6_000).await;
    check(&[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1800000012")], 12_000).await;
    check(&[("X-RateLimit-Remaining", "1"), ("X-RateLimit-Reset", "1800000012")], 0).await;
    check(&[("X-RateLimit-Remaining", "0")], 0).await;
    check(&[("X-RateLimit-Reset", "12")], 0).await;
    // What may be fifty minutes or three seconds is told by a refusal.
    check(&[("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "3000")], 0).await;
}

#[tokio::test(start_paused = true)]
async fn what_the_document_declares_is_read_as_it_says() {
    let check = async |headers: &'static [(&str, &str)], expected: u64| {
        assert_eq!(second(DECLARED, Place::Live, (200, headers)).await, expected, "{headers:?}");
        assert_eq!(second(DECLARED, Place::Here, (429, headers)).await, expected, "{headers:?}");
    };
    check(&[("Pans-Left", "0"), ("Pans-In", "5")], 5).await;
    check(&[("Pots-Left", "0"), ("Pots-On", "1800000044")], 44_000).await;
    check(&[("Lids-Left", "0"), ("Lids-At", "2027-01-15T08:01:10Z")], 70_000).await;
    check(&[("Cups-Left", "0"), ("Cups-Window", "20000")], 20_000).await;
    check(&[("Forks-Left", "0")], 30_000).await;
    check(&[("Spoons", "limit=9, remaining=0, reset=8")], 8_000).await;
    check(&[("Spoons", r#""burst";r=4;t=1, "fields";r=0;t=8"#)], 8_000).await;
    assert_eq!(second(DECLARED, Place::Here, (429, &[("Pots-Again", "3")])).await, 3_000);
    assert_eq!(second(DECLARED, Place::Here, (429, &[("X-RateLimit-Reset", "110")])).await, 110_000);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_is_asked_ever_later() {
    let check = async |seed: u64| {
        let vendor = Vendor::new(&[(429, &[] as &[_]); 4]);
        let pace = Pace::new(&document("[]"), Place::Here, &contract::pace::Settings { seed, ..settings() });
        assert_eq!(pace.around(vendor.clone()).send(&get()).await.unwrap().status, 200);
        assert_eq!(pace.waits().repeats, 4);
        vendor.asked()
    };
    let (one, same, other) = (check(1).await, check(1).await, check(2).await);
    assert_eq!(one, same);
    assert_ne!(one, other);
    for (position, waited) in one.windows(2).map(|pair| pair[1] - pair[0]).enumerate() {
        let whole = 1_000 << position;
        assert!((whole / 2..=whole).contains(&waited), "{one:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_what_it_asked_for_is_asked_ever_later() {
    let vendor = Vendor::new(&[(429, &[("Retry-After", "0")] as &[_]); 9]);
    let paced = paced(&vendor, "[]", Place::Here);
    let error = paced.send(&get()).await.unwrap_err();
    assert_eq!(error.over_limit().map(ToString::to_string).as_deref(), Some("over the limit: refused whatever is waited"));
    let asked = vendor.asked();
    assert_eq!((asked.len(), asked[1]), (7, 0));
    assert!(asked[6] > 15_000, "{asked:?}");
    // Whoever comes after is not kept waiting for the same, until one gets through.
    assert!(paced.send(&get()).await.unwrap_err().over_limit().is_some());
    assert!(paced.send(&get()).await.unwrap_err().over_limit().is_some());
    assert_eq!(vendor.asked().len(), 9);
    assert_eq!(paced.send(&get()).await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_ends_the_request_and_those_after_it() {
    let check = async |answer: Answer, expected: &str| {
        let vendor = Vendor::new(&[answer]);
        let paced =
            paced(&vendor, "[{name: daily, limit: 100, window: 86400, headers: {Left: remaining, In: reset-seconds}}]", Place::Live);
        let first = paced.send(&get()).await;
        let over = |answer: Result<_, contract::Unreachable>| answer.unwrap_err().over_limit().map(ToString::to_string);
        assert_eq!(over(if answer.0 == 200 { paced.send(&get()).await } else { first }).as_deref(), Some(expected));
        assert_eq!(over(paced.send(&get()).await).as_deref(), Some(expected));
        assert_eq!(vendor.asked(), [0]);
    };
    check((429, &[("Retry-After", "18000")]), "over the limit: the server asks to wait 5 h").await;
    check((503, &[("Retry-After", "18000")]), "over the limit: the server asks to wait 5 h").await;
    check((429, &[("Left", "0"), ("In", "18000")]), "over the limit `daily`: the server asks to wait 5 h").await;
    check((200, &[("Left", "0"), ("In", "18000")]), "over the limit `daily`: the server asks to wait 5 h").await;
    check((429, &[("Retry-After", "99999999999999999999")]), "over the limit: the server asks to wait 3650 d").await;
}

#[tokio::test(start_paused = true)]
async fn what_was_not_done_is_repeated_whatever_it_is_and_nothing_else() {
    let check = async |method: Method, answer: Answer, times: usize| {
        let vendor = Vendor::new(&[answer]);
        let answered = paced(&vendor, "[]", Place::Live).send(&request(method.clone())).await.unwrap();
        assert_eq!(vendor.asked().len(), times, "{method} {answer:?}");
        assert_eq!(answered.status, if times == 1 { answer.0 } else { 200 });
    };
    check(Method::POST, (429, &[("Retry-After", "1")]), 2).await;
    check(Method::POST, (429, &[]), 2).await;
    check(Method::POST, (503, &[("Retry-After", "1")]), 2).await;
    check(Method::GET, (503, &[]), 1).await;
    check(Method::POST, (503, &[("X-RateLimit-Reset", "1")]), 1).await;
    check(Method::GET, (403, &[("Retry-After", "1")]), 1).await;
    check(Method::GET, (500, &[]), 1).await;
}

#[tokio::test(start_paused = true)]
async fn those_on_their_way_count_and_no_more_are_than_may_be() {
    // Two are left, but one is on its way and may be one of them.
    let left: Answer = (200, &[("X-RateLimit-Remaining", "2"), ("X-RateLimit-Reset", "10")]);
    let vendor = Vendor::new(&[left]).taking(Duration::from_millis(100));
    let pace = Pace::new(&document("[]"), Place::Live, &contract::pace::Settings { jobs: 2, ..settings() });
    let (paced, request) = (pace.around(vendor.clone()), get());
    let send = |after: u64| {
        let (paced, request) = (&paced, &request);
        async move {
            tokio::time::sleep(Duration::from_millis(after)).await;
            paced.send(request).await.unwrap().status
        }
    };
    assert_eq!(tokio::join!(send(0), send(50), send(60), send(70)), (200, 200, 200, 200));
    assert_eq!(vendor.asked(), [0, 50, 100, 10_100]);
    assert_eq!(pace.waits(), Waits { repeats: 0, waited: Duration::from_millis(9_950) });
    assert_eq!(pace.waiting(), None);
}

#[tokio::test(start_paused = true)]
async fn what_is_waited_for_can_be_told() {
    let vendor = Vendor::new(&[(429, &[("Retry-After", "40")])]);
    let pace = Pace::new(&document("[]"), Place::Here, &settings());
    let (paced, request) = (pace.around(vendor), get());
    let later = async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        pace.waiting().map(|waiting| (waiting.why, waiting.left))
    };
    let (answered, waiting) = tokio::join!(paced.send(&request), later);
    assert_eq!(answered.unwrap().status, 200);
    assert_eq!(waiting, Some(("over the limit".to_owned(), Duration::from_secs(30))));
}
