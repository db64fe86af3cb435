//! Servers that are no mocks: one on this machine that has never heard of what the document shows, and an account in which
//! other people write while the cases run.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use contract::{Credentials, Outcome, Place, Request, Response, Target, Transport, Unreachable};
use parking_lot::Mutex;
use serde_json::json;

use crate::{AVIARY, aviary::Aviary, now, suite};

/// How many birds of others there are.
const OTHERS: usize = 150;

/// How many requests there are between two writes of others.
const SELDOM: usize = 7;

/// An account in which a bird of others comes now and then, and one goes.
struct Crowd {
    aviary: Aviary,
    count: AtomicUsize,
    sent: Mutex<Vec<String>>,
}

#[derive(Clone)]
struct Shared(Arc<Crowd>);

#[async_trait]
impl Transport for Shared {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        let crowd = &self.0;
        let count = crowd.count.fetch_add(1, Ordering::Relaxed);
        if count.is_multiple_of(SELDOM) {
            crowd.aviary.visit(count, OTHERS);
        }
        let body = String::from_utf8_lossy(request.body.as_deref().unwrap_or_default()).into_owned();
        crowd.sent.lock().push(format!("{} {} {body}", request.method, request.target()));
        crowd.aviary.send(request).await
    }
}

/// What came of each case, as `operation::case`.
fn run(transport: &(impl Transport + Clone + 'static), place: Place, given: &[&str]) -> Vec<(String, Outcome)> {
    let suite = suite(&AVIARY, AVIARY.document);
    let run = |case: &contract::Case| {
        let mut target = Target::new(Box::new(transport.clone()), Credentials::of_document(suite.api()));
        target.place = place;
        target.given = given.iter().map(|key| ("cage_id".to_owned(), json!(key))).collect();
        (format!("{}::{}", case.operation, case.name), now(suite.run(case, &target)).outcome)
    };
    suite.cases().iter().filter(|case| case.class == contract::Class::Safe).map(run).collect()
}

fn check(outcomes: &[(String, Outcome)], passing: &[&str]) {
    let wrong: Vec<_> = outcomes.iter().filter(|(_, outcome)| !matches!(outcome, Outcome::Passed | Outcome::Skipped(_))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for case in passing {
        let outcome = outcomes.iter().find(|(known, _)| known == case).map(|(_, outcome)| outcome);
        assert_eq!(outcome, Some(&Outcome::Passed), "{case}");
    }
}

#[test]
fn in_an_account_only_what_the_case_made_is_judged_and_nothing_of_others_is_sent() {
    let crowd = Arc::new(Crowd { aviary: Aviary::new(""), count: AtomicUsize::new(0), sent: Mutex::default() });
    (0..OTHERS).for_each(|number| crowd.aviary.visit(number, OTHERS));
    crowd.count.store(OTHERS, Ordering::Relaxed);
    let outcomes = run(&Shared(Arc::clone(&crowd)), Place::Live, &["cg-1"]);
    let passing = [
        "create_bird::created_then_readable",
        "create_bird::created_then_listed",
        "create_bird::created_then_listed_by_list_all_birds",
        "create_bird::stores_song",
        "list_birds::pages_visit_everything_once",
        "list_birds::page_size_is_obeyed",
        "list_birds::total_is_true",
        "list_birds::has_more_is_true",
        "list_birds::has_its_documented_order",
        "list_all_birds::filters_by_name",
        "update_bird::updated_song_then_visible",
        "delete_bird::deleted_then_gone",
        "delete_bird::deleted_then_the_others_stay",
    ];
    check(&outcomes, &passing);
    let told: Vec<String> = crowd.sent.lock().iter().filter(|sent| sent.contains("private")).cloned().collect();
    assert!(told.is_empty(), "{told:#?}");
    let is_as_it_was = |bird: &crate::aviary::Row| bird["song"] == "private song" && bird["created_at"] == bird["updated_at"];
    assert!(crowd.aviary.visitors().len() == OTHERS && crowd.aviary.visitors().iter().all(is_as_it_was));
}

#[derive(Clone)]
struct Alone(Arc<Aviary>);

#[async_trait]
impl Transport for Alone {
    async fn send(&self, request: &Request) -> Result<Response, Unreachable> {
        self.0.send(request).await
    }
}

#[test]
fn what_the_document_shows_and_a_server_lacks_can_be_given() {
    let aviary = || Alone(Arc::new(Aviary::new("cages have other names")));
    let outcomes = run(&aviary(), Place::Here, &[]);
    check(&outcomes, &[]);
    let told = outcomes.iter().filter_map(|(_, outcome)| if let Outcome::Skipped(why) = outcome { Some(why) } else { None });
    let told: Vec<&String> = told.collect();
    assert!(told.iter().any(|why| why.contains("--given cages=")), "{told:#?}");
    let passing = ["create_bird::created_then_readable", "list_birds::pages_visit_everything_once", "delete_bird::deleted_then_gone"];
    check(&run(&aviary(), Place::Here, &["kf-9"]), &passing);
}
