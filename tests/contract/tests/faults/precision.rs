//! Servers that are correct, each in a way that its document leaves open, and documents that leave it open: nothing is
//! raised on any of them. What needs no other document is among the ways of the vendors.

use contract::{Credentials, Outcome, Place, Suite, Target};

use crate::{Vendor, bazaar::Bazaar, now, suite};

/// A way of being correct: what the document has instead of a text of it, what the server does, and where it is.
struct Way {
    document: &'static [(&'static str, &'static str)],
    server: &'static str,
    place: Place,
}

const fn of_document(document: &'static [(&'static str, &'static str)], server: &'static str) -> Way {
    Way { document, server, place: Place::Mock }
}

/// What is declared for refusals, replaced as a whole.
const REFUSALS: &str = "        '400': {$ref: '#/components/responses/No'}
        '401': {$ref: '#/components/responses/No'}
        '403': {$ref: '#/components/responses/No'}
        '415': {$ref: '#/components/responses/No'}
        '422': {$ref: '#/components/responses/No'}
";
const RANGE: &str = "        '4XX': {$ref: '#/components/responses/No'}\n";
const DEFAULT: &str = "        default: {$ref: '#/components/responses/No'}\n";
const OTHER: &str = "        '401': {$ref: '#/components/responses/No'}\n";
const UNKNOWN_TYPE: &str = "        '415': {$ref: '#/components/responses/No'}\n";

const WAYS: &[Way] = &[
    of_document(&[(REFUSALS, RANGE)], ""),
    of_document(&[(REFUSALS, RANGE)], "what is read and wrong is 422"),
    of_document(&[(REFUSALS, RANGE)], "what is read and wrong is a conflict"),
    of_document(&[(REFUSALS, DEFAULT)], "all that is wrong is 422"),
    of_document(&[(REFUSALS, DEFAULT)], "an odd type is an odd request"),
    of_document(&[(REFUSALS, OTHER)], ""),
    of_document(&[(REFUSALS, OTHER)], "all that is wrong is 422"),
    of_document(&[(REFUSALS, OTHER)], "what is read and wrong is a conflict"),
    of_document(&[(UNKNOWN_TYPE, "")], ""),
    of_document(&[(UNKNOWN_TYPE, "")], "what has no type is looked at"),
    Way { document: &[], server: "nobody is there yet", place: Place::Here },
];

fn edited(vendor: &Vendor, edits: &[(&str, &str)]) -> Suite {
    let document = edits.iter().fold(vendor.document.to_owned(), |document, (text, other)| {
        assert!(document.contains(text), "the document has `{text}`");
        document.replace(text, other)
    });
    suite(vendor, &document)
}

fn target(suite: &Suite, way: &Way) -> Target {
    let mut target = Target::new(Box::new(Bazaar::new(way.server)), Credentials::of_document(suite.api()));
    target.place = way.place;
    target
}

#[test]
fn nothing_is_raised_on_servers_that_are_correct_in_other_ways() {
    let mut raised = Vec::new();
    for way in WAYS {
        let suite = edited(&crate::BAZAAR, way.document);
        for case in suite.cases() {
            let verdict = now(suite.run(case, &target(&suite, way)));
            let what = match verdict.outcome {
                Outcome::Passed => continue,
                Outcome::Skipped(why) if way.place != Place::Mock || why.starts_with(crate::UNGIVEN) => continue,
                other => format!("{other:?}"),
            };
            let exchange = verdict.exchanges.last().map(|exchange| format!("\n{exchange}")).unwrap_or_default();
            raised.push(format!("`{}`: {}: {what}{exchange}", way.server, case.id()));
        }
    }
    assert!(raised.is_empty(), "{}", raised.join("\n\n"));
}

/// The outcome of a case, as `provider::operation::case`, on a server of that vendor.
fn outcome(vendor: &Vendor, server: &'static str, place: Place, given: &[(&str, &str)], case: &str) -> Outcome {
    let suite = suite(vendor, vendor.document);
    let mut target = Target::new((vendor.server)(server), Credentials::of_document(suite.api()));
    target.place = place;
    target.given = given.iter().map(|(name, key)| ((*name).to_owned(), (*key).into())).collect();
    let found = suite.cases().iter().find(|known| format!("{}::{}", known.operation, known.name) == case);
    now(suite.run(found.expect("the vendor has the case"), &target)).outcome
}

#[test]
fn what_the_document_shows_need_not_be_on_other_servers() {
    let on = |place, given: &[_], case| outcome(&crate::PANTRY, "the first cookbook is not there", place, given, case);
    let cases = [
        "list_recipes::accepts_the_documented_example",
        "list_recipes::accepts_query_page",
        "list_recipes::succeeds_with_the_declared_schema",
        "list_recipes::pages_visit_everything_once",
        "create_recipe::accepts_the_minimal_body",
        "create_recipe::rejects_missing_course",
        "create_recipe::stores_title",
        "delete_recipe::deleted_then_gone",
    ];
    for case in cases {
        for place in [Place::Here, Place::Live] {
            let skipped = on(place, &[], case);
            let Outcome::Skipped(why) = skipped else { panic!("{case}: {skipped:?}") };
            assert!(why.contains("--given cookbook"), "{case}: {why}");
            assert_eq!(on(place, &[("cookbooks", "cb_9z8y")], case), Outcome::Passed, "{case}");
        }
    }
    // What could not be made is not changed in the place of something of an account's.
    let changes = on(Place::Live, &[], "update_recipe::accepts_the_minimal_body");
    assert!(matches!(changes, Outcome::Skipped(_)), "{changes:?}");
    let on_mock = on(Place::Mock, &[], cases[0]);
    assert!(matches!(on_mock, Outcome::Failed(_)), "{on_mock:?}");
}

#[test]
fn what_a_vendor_added_is_new_on_an_account_and_wrong_elsewhere() {
    let case = "visit_stall::succeeds_with_documented_properties_alone";
    let grade = |place| outcome(&crate::BAZAAR, "the last ware is priced", place, &[], case);
    assert!(matches!(grade(Place::Live), Outcome::New(_)));
    assert!(matches!(grade(Place::Here), Outcome::Failed(_)));
    assert!(matches!(grade(Place::Mock), Outcome::Failed(_)));
}
