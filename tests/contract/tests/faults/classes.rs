//! Which cases are kept from accounts, and which are not.

use contract::Class;

use crate::{BAZAAR, DEPOT, PANTRY, Vendor, suite};

#[test]
fn what_may_do_harm_cost_something_or_lock_somebody_out_is_for_mocks_alone() {
    let rows: &[(&Vendor, &str, Class)] = &[
        (&PANTRY, "create_recipe::bears_some_megabytes", Class::MockOnly),
        (&PANTRY, "create_recipe::bears_deep_nesting", Class::MockOnly),
        (&PANTRY, "create_recipe::bears_nul_in_title", Class::Safe),
        (&PANTRY, "create_recipe::bears_half_a_character_in_title", Class::Safe),
        (&PANTRY, "create_recipe::rejects_missing_title", Class::Safe),
        (&PANTRY, "create_recipe::rejects_invalid_credentials", Class::Safe),
        (&PANTRY, "create_recipe::accepts_random_bodies", Class::Safe),
        (&PANTRY, "create_recipe::shows_what_it_declares", Class::Safe),
        // What the document shows may be somebody's.
        (&PANTRY, "get_recipe::accepts_the_documented_example", Class::Safe),
        (&PANTRY, "update_recipe::accepts_the_documented_example", Class::MockOnly),
        (&PANTRY, "update_recipe::accepts_the_minimal_body", Class::Safe),
        // Eight letters of a key are unlike any, four are not.
        (&PANTRY, "delete_recipe::rejects_an_unknown_item", Class::Safe),
        (&PANTRY, "create_recipe::rejects_an_unknown_cookbook_id", Class::MockOnly),
        (&PANTRY, "list_recipes::rejects_an_unknown_cookbook_id", Class::Safe),
        (&PANTRY, "list_recipes::rejects_undeclared_methods", Class::MockOnly),
        (&PANTRY, "list_recipes::rejects_an_unknown_path", Class::Safe),
        // A number may be somebody's however great it is.
        (&BAZAAR, "take_down_stall::rejects_an_unknown_item", Class::MockOnly),
        (&BAZAAR, "take_down_stall::rejects_path_number_above_its_maximum", Class::MockOnly),
        (&BAZAAR, "take_down_stall::accepts_path_number_at_its_minimum", Class::MockOnly),
        (&BAZAAR, "visit_stall::rejects_an_unknown_item", Class::Safe),
        (&BAZAAR, "visit_stall::accepts_path_number_at_its_minimum", Class::Safe),
        // Nobody knows what it does.
        (&BAZAAR, "ring_bell::rejects_malformed_json", Class::MockOnly),
        (&BAZAAR, "look_up::succeeds_with_a_declared_status", Class::Safe),
        // Nothing makes another one.
        (&DEPOT, "drop_fob::accepts_query_reason", Class::MockOnly),
        (&DEPOT, "drop_fob::rejects_an_unknown_item", Class::MockOnly),
        (&DEPOT, "take_parcel::accepts_query_proof", Class::Safe),
    ];
    for (vendor, name, expected) in rows {
        let suite = suite(vendor, vendor.document);
        let case = suite.cases().iter().find(|case| format!("{}::{}", case.operation, case.name) == *name);
        assert_eq!(case.map(|case| case.class), Some(*expected), "{name}");
    }
}

/// A wrong password is counted, a wrong token is not.
#[test]
fn wrong_passwords_are_for_mocks_alone() {
    let document =
        PANTRY.document.replace("kitchen: {type: apiKey, in: header, name: X-Kitchen-Key}", "kitchen: {type: http, scheme: basic}");
    let document = document.replace("invalid: [key_rust]", "invalid: ['cook:wrong']");
    let suite = suite(&PANTRY, &document);
    let class = |name: &str| suite.cases().iter().find(|case| case.operation == "get_recipe" && case.name == name).map(|case| case.class);
    assert_eq!(class("rejects_invalid_credentials"), Some(Class::MockOnly));
    assert_eq!(class("rejects_missing_credentials"), Some(Class::Safe));
    assert_eq!(class("rejects_malformed_credentials"), Some(Class::Safe));
}
