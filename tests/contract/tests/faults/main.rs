//! The cases, put to the test: on a correct server all of them pass, and each fault that is planted in it is found by
//! the cases that name it, while cases of other rules keep passing.
//!
//! The servers know nothing of `specs` and nothing of the finder. Faults are minimal: one comparison, one property, one
//! header, never a whole status. The depot is about items that are made in several ways and shown in parts, the aviary
//! about what a server sets and in which order it lists, the courier about what takes its time, the bazaar about what a
//! document leaves open; the pantry is about all the rest.

mod aviary;
mod aviary_faults;
mod aviary_lists;
mod aviary_rows;
mod bazaar;
mod classes;
mod courier;
mod depot;
mod elsewhere;
mod lists;
mod loft;
mod pantry;
mod planted;
mod precision;
mod recipe;
mod settling;
mod stall;

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use contract::{Coverage, Credentials, Exchange, Outcome, Suite, Target, Transport};
use specs::Source;

use crate::{aviary::Aviary, bazaar::Bazaar, courier::Courier, depot::Depot, loft::Loft, pantry::Pantry, planted::Fault};

/// A made-up vendor: its document, its server with a fault, and the faults.
struct Vendor {
    name: &'static str,
    document: &'static str,
    server: fn(&'static str) -> Box<dyn Transport>,
    faults: &'static [Fault],
    /// What the server may be asked to do differently without being wrong.
    ways: &'static [&'static str],
}

const VENDORS: [Vendor; 6] = [PANTRY, DEPOT, AVIARY, COURIER, BAZAAR, LOFT];

const PANTRY: Vendor = Vendor {
    name: "pantry",
    document: include_str!("pantry.yaml"),
    server: |fault| Box::new(Pantry::new(fault)),
    faults: planted::FAULTS,
    ways: &[],
};

const DEPOT: Vendor = Vendor {
    name: "depot",
    document: include_str!("depot.yaml"),
    server: |fault| Box::new(Depot::new(fault)),
    faults: depot::FAULTS,
    ways: &[],
};

const AVIARY: Vendor = Vendor {
    name: "aviary",
    document: include_str!("aviary.yaml"),
    server: |fault| Box::new(Aviary::new(fault)),
    faults: aviary_faults::FAULTS,
    ways: aviary_faults::WAYS,
};

const COURIER: Vendor = Vendor {
    name: "courier",
    document: include_str!("courier.yaml"),
    server: |fault| Box::new(Courier::new(fault, Duration::ZERO)),
    faults: courier::FAULTS,
    ways: courier::WAYS,
};

const BAZAAR: Vendor = Vendor {
    name: "bazaar",
    document: include_str!("bazaar.yaml"),
    server: |fault| Box::new(Bazaar::new(fault)),
    faults: bazaar::FAULTS,
    ways: bazaar::WAYS,
};

const LOFT: Vendor = Vendor {
    name: "loft",
    document: include_str!("loft.yaml"),
    server: |fault| Box::new(Loft::new(fault)),
    faults: loft::FAULTS,
    ways: loft::WAYS,
};

fn suite(vendor: &Vendor, document: &str) -> Suite {
    let source = Source::new(vendor.name, &format!("{}.yaml", vendor.name), document.to_owned());
    let loaded = specs::load(&source);
    assert!(loaded.problems.is_empty(), "{:#?}", loaded.problems);
    Suite::new(loaded.api.expect("a document without problems has a model"), 0)
}

/// Why wrong credentials are not sent where no good ones are given.
const UNGIVEN: &str = "no credential of";

/// The servers are functions, so a case never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a function answers at once"),
    }
}

/// The cases that do not pass with a fault, as `operation::case`, and what they say.
fn failing(vendor: &Vendor, suite: &Suite, fault: &'static str) -> Vec<(String, String)> {
    let mut failing = Vec::new();
    for case in suite.cases() {
        let target = Target::new((vendor.server)(fault), Credentials::of_document(suite.api()));
        let verdict = now(suite.run(case, &target));
        let what = match verdict.outcome {
            Outcome::Passed => continue,
            Outcome::Skipped(why) if why.starts_with(UNGIVEN) => continue,
            Outcome::Skipped(why) => format!("skipped: {why}"),
            Outcome::Failed(failure) | Outcome::New(failure) => failure.what,
            Outcome::Blocked(what) => format!("blocked: {what}"),
            Outcome::Unreachable(what) => format!("unreachable: {what}"),
        };
        let exchange = verdict.exchanges.last().map(|exchange| format!("\n{exchange}")).unwrap_or_default();
        failing.push((format!("{}::{}", case.operation, case.name), format!("{what}{exchange}")));
    }
    failing
}

#[test]
fn a_correct_server_passes_every_case() {
    for vendor in VENDORS {
        let failing = failing(&vendor, &suite(&vendor, vendor.document), "");
        let told: Vec<String> = failing.iter().map(|(case, what)| format!("{}::{case}: {what}", vendor.name)).collect();
        assert!(told.is_empty(), "{}", told.join("\n\n"));
    }
}

#[test]
fn the_cases_reach_all_of_the_pantry() {
    let suite = suite(&PANTRY, PANTRY.document);
    let run = |case| now(suite.run(case, &Target::new((PANTRY.server)(""), Credentials::of_document(suite.api())))).exchanges;
    let exchanges: Vec<Exchange> = suite.cases().iter().flat_map(run).collect();
    let coverage = Coverage::of(&suite, &exchanges);
    assert!(coverage.meets(100.0), "{coverage}{}", coverage.unreached());
}

#[test]
fn a_server_that_is_right_in_its_own_way_passes_every_case() {
    for vendor in VENDORS {
        let suite = suite(&vendor, vendor.document);
        for way in vendor.ways {
            let failing: Vec<_> = failing(&vendor, &suite, way).into_iter().filter(|(_, what)| !what.starts_with("skipped")).collect();
            let told: Vec<String> = failing.iter().map(|(case, what)| format!("{}::{case}: {what}", vendor.name)).collect();
            assert!(told.is_empty(), "`{way}`\n{}", told.join("\n\n"));
        }
    }
}

#[test]
fn each_fault_is_found_by_the_cases_that_name_it_and_by_no_others() {
    for vendor in VENDORS {
        let suite = suite(&vendor, vendor.document);
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let judge = |faults: &[Fault]| faults.iter().filter_map(|fault| misjudged(&vendor, &suite, fault)).collect::<Vec<_>>();
        let wrong: Vec<String> = std::thread::scope(|scope| {
            let chunks = vendor.faults.chunks(vendor.faults.len().div_ceil(threads));
            let running: Vec<_> = chunks.map(|faults| scope.spawn(|| judge(faults))).collect();
            running.into_iter().flat_map(|thread| thread.join().expect("a fault is judged without a panic")).collect()
        });
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

/// What is wrong with how a fault is judged.
fn misjudged(vendor: &Vendor, suite: &Suite, fault: &Fault) -> Option<String> {
    let edited = fault.document.map(|(text, other)| {
        assert!(vendor.document.contains(text), "the document has `{text}`");
        self::suite(vendor, &vendor.document.replacen(text, other, 1))
    });
    let failing: Vec<_> = failing(vendor, edited.as_ref().unwrap_or(suite), fault.name)
        .into_iter()
        .filter(|(_, what)| !what.starts_with("skipped"))
        .collect();
    let is = |case: &str, pattern: &str| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(rest), Some(_)) => case.contains(rest.trim_end_matches('*')),
        (Some(end), None) => case.ends_with(end),
        (None, Some(start)) => case.starts_with(start),
        (None, None) => case == pattern,
    };
    // Random bodies have something of everything.
    let anything = ["*::accepts_random_bodies"];
    let missed = fault.found_by.iter().find(|pattern| !failing.iter().any(|(case, _)| is(case, pattern)));
    let named = |case: &str| fault.found_by.iter().chain(fault.touches).chain(&anything).any(|pattern| is(case, pattern));
    let beside: Vec<String> = failing.iter().filter(|(case, _)| !named(case)).map(|(case, what)| format!("  {case}: {what}")).collect();
    match (missed, beside.is_empty()) {
        (Some(missed), _) => Some(format!(
            "`{}` is not found by {missed}; failing are {:?}",
            fault.name,
            failing.iter().map(|(case, _)| case).collect::<Vec<_>>()
        )),
        (None, false) => Some(format!("`{}` is also found by\n{}", fault.name, beside.join("\n"))),
        (None, true) => None,
    }
}

#[test]
fn every_rule_has_a_fault() {
    let found_by = |vendor: &Vendor| {
        let suite = suite(vendor, vendor.document);
        let is_found = |case: &&contract::Case| {
            let name = format!("{}::{}", case.operation, case.name);
            vendor.faults.iter().any(|fault| fault.found_by.contains(&name.as_str()))
        };
        suite.cases().iter().filter(is_found).map(|case| case.rule).collect::<Vec<_>>()
    };
    let found: Vec<_> = VENDORS.iter().flat_map(found_by).collect();
    for rule in contract::rule::ALL {
        assert!(found.contains(rule), "no fault is found by `{}`", rule.name);
    }
}
