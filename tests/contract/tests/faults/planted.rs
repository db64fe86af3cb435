//! The faults of the pantry: what each is called in the server, the cases that have to find it, and the cases that may.

/// The longest body that servers read.
pub(crate) const MOST: usize = 1024 * 1024;

/// A fault.
pub(crate) struct Fault {
    /// As the server asks for it.
    pub(crate) name: &'static str,
    /// The cases that name it, as `operation::case`; `*` at either end stands for anything.
    pub(crate) found_by: &'static [&'static str],
    /// The cases that cannot be tested, or must fail as well, because the fault is in their way.
    pub(crate) touches: &'static [&'static str],
    /// A text of the document, and what stands there instead: not every fault is one of the server.
    pub(crate) document: Option<(&'static str, &'static str)>,
}

pub(crate) const fn fault(name: &'static str, found_by: &'static [&'static str], touches: &'static [&'static str]) -> Fault {
    Fault { name, found_by, touches, document: None }
}

const fn fault_of_document(edit: (&'static str, &'static str), found_by: &'static [&'static str]) -> Fault {
    Fault { name: edit.1, found_by, touches: &[], document: Some(edit) }
}

/// The cases that send what a fault of all texts is about.
const NULS: &[&str] = &["create_recipe::bears_nul_in_*", "update_recipe::bears_nul_in_*", "create_entries::bears_nul_in_*"];
const HALVES: &[&str] = &[
    "create_recipe::bears_half_a_character_in_*",
    "update_recipe::bears_half_a_character_in_*",
    "create_entries::bears_half_a_character_in_*",
];

pub(crate) const FAULTS: &[Fault] = &[
    fault_of_document(("example: {recipe: {id: rc_00000001", "example: {recipe: {id: 1"), &["get_recipe::shows_what_it_declares"]),
    fault_of_document(("course: main\n", "course: pudding\n"), &["create_recipe::shows_what_it_declares"]),
    fault(
        "vegan recipes need notes",
        &["create_recipe::accepts_vegan_alone", "update_recipe::accepts_vegan_alone"],
        &["create_recipe::stores_vegan", "update_recipe::updated_vegan_then_visible"],
    ),
    fault("old letters are no letters", &["create_recipe::accepts_notes_in_any_script", "update_recipe::accepts_notes_in_any_script"], &[]),
    fault("a cedilla is no mark", &["create_recipe::accepts_notes_in_any_script", "update_recipe::accepts_notes_in_any_script"], &[]),
    fault(
        "writing goes to the right",
        &["create_recipe::accepts_notes_in_any_script", "update_recipe::accepts_notes_in_any_script"],
        &["create_recipe::stores_notes", "update_recipe::updated_notes_then_visible"],
    ),
    fault("emoji stand alone", &["create_recipe::accepts_notes_in_any_script", "update_recipe::accepts_notes_in_any_script"], &[]),
    fault(
        "long notes are refused",
        &["create_recipe::accepts_long_notes", "update_recipe::accepts_long_notes"],
        &["create_recipe::stores_notes", "update_recipe::updated_notes_then_visible"],
    ),
    fault("300 servings", &["create_recipe::accepts_random_bodies", "update_recipe::accepts_random_bodies"], &[]),
    fault("an expired token counts", &["get_recipe::rejects_expired_credentials"], &["*::rejects_expired_credentials"]),
    fault("guests may write", &["create_recipe::rejects_credentials_out_of_scope"], &[]),
    fault("no bytes are an empty body", &["update_recipe::rejects_an_empty_body"], &[]),
    fault(
        "no media type is JSON",
        &[
            "create_recipe::rejects_a_missing_media_type",
            "update_recipe::rejects_a_missing_media_type",
            "create_entries::rejects_a_missing_media_type",
        ],
        &[],
    ),
    fault(
        "any path is one",
        &["list_recipes::rejects_an_unknown_path", "suggest::rejects_an_unknown_path"],
        &["*::rejects_an_unknown_path"],
    ),
    fault("nesting ends the connection", &["create_recipe::bears_deep_nesting"], &["*::bears_deep_nesting"]),
    fault("nesting is an error", &["create_recipe::bears_deep_nesting"], &["*::bears_deep_nesting"]),
    fault("a NUL ends the connection", &["create_recipe::bears_nul_in_notes", "create_entries::bears_nul_in_text"], NULS),
    fault("a NUL in a path is an error", &["get_recipe::bears_nul_in_path_id"], &["*::bears_nul_in_path_*"]),
    fault("a NUL in a query is an error", &["suggest::bears_nul_in_query_q"], &[]),
    fault("half a character ends the connection", &["create_recipe::bears_half_a_character_in_notes"], HALVES),
    fault("the rest of a character is an error", &["update_recipe::bears_half_a_character_in_notes"], HALVES),
    fault("much ends the server", &["create_recipe::bears_some_megabytes"], &["*::bears_some_megabytes"]),
    fault("much is an error", &["create_recipe::bears_some_megabytes"], &["*::bears_some_megabytes"]),
    fault(
        "old dates have no zone",
        &["get_recipe::succeeds_with_the_declared_formats"],
        &["list_recipes::succeeds_with_the_declared_formats"],
    ),
    fault(
        "answers tell how long they took",
        &["get_recipe::succeeds_with_documented_properties_alone"],
        &["update_recipe::succeeds_with_documented_properties_alone"],
    ),
    fault("recipes have a rank", &["list_recipes::succeeds_with_documented_properties_alone"], &[]),
    fault("toast is refused", &["create_recipe::accepts_the_documented_example_short"], &[]),
    fault(
        "minutes are needed",
        &["create_recipe::accepts_the_minimal_body"],
        &["create_recipe::accepts_the_documented_example_short", "create_recipe::stores_*", "create_recipe::accepts_*"],
    ),
    fault(
        "everything is too much",
        &["create_recipe::accepts_the_full_body", "create_recipe::accepts_the_documented_example_whole"],
        &["create_recipe::accepts_*"],
    ),
    fault(
        "no dessert",
        &[
            "create_recipe::accepts_each_course",
            "update_recipe::accepts_each_course",
            "create_recipe::stores_course",
            "update_recipe::updated_course_then_visible",
        ],
        &[],
    ),
    fault("599 minutes", &["create_recipe::accepts_minutes_at_its_maximum", "update_recipe::accepts_minutes_at_its_maximum"], &[]),
    fault("a title of 79", &["create_recipe::accepts_the_longest_title", "update_recipe::accepts_the_longest_title"], &[]),
    fault(
        "null is no date",
        &[
            "create_recipe::accepts_null_as_first_cooked",
            "update_recipe::accepts_null_as_first_cooked",
            "update_recipe::null_clears_first_cooked",
        ],
        &[],
    ),
    fault(
        "titles are ASCII",
        &["create_recipe::stores_title", "update_recipe::updated_title_then_visible"],
        &["create_recipe::accepts_*", "update_recipe::accepts_*"],
    ),
    fault("metric only", &["list_recipes::accepts_each_header_x_units"], &[]),
    fault("a page of 49", &["list_recipes::accepts_query_per_page_at_its_maximum"], &[]),
    fault(
        "credentials are optional",
        &[
            "create_recipe::rejects_missing_credentials",
            "list_recipes::rejects_missing_credentials",
            "get_recipe::rejects_missing_credentials",
        ],
        &["*::rejects_missing_credentials"],
    ),
    fault("any scheme counts", &["get_recipe::rejects_credentials_of_another_scheme"], &["*::rejects_credentials_of_another_scheme"]),
    fault("a bare scheme counts", &["get_recipe::rejects_malformed_credentials"], &["*::rejects_malformed_credentials"]),
    fault("an empty key counts", &["get_recipe::rejects_malformed_credentials"], &["*::rejects_malformed_credentials"]),
    fault("a revoked token counts", &["get_recipe::rejects_invalid_credentials"], &["*::rejects_invalid_credentials"]),
    fault("a revoked key counts", &["get_recipe::rejects_invalid_credentials"], &["*::rejects_invalid_credentials"]),
    fault(
        "keys do not count",
        &["get_recipe::accepts_kitchen_credentials", "delete_recipe::accepts_kitchen_credentials"],
        &["*::accepts_kitchen_credentials"],
    ),
    fault("no body is an empty one", &["update_recipe::rejects_a_missing_body"], &[]),
    fault(
        "commas may trail",
        &["create_recipe::rejects_malformed_json", "update_recipe::rejects_malformed_json", "create_entries::rejects_malformed_json"],
        &[],
    ),
    fault(
        "any media type counts",
        &[
            "create_recipe::rejects_another_media_type",
            "update_recipe::rejects_another_media_type",
            "create_entries::rejects_another_media_type",
        ],
        &[],
    ),
    fault("PUT is PATCH", &["get_recipe::rejects_undeclared_methods"], &[]),
    fault(
        "no Allow",
        &["get_recipe::rejects_undeclared_methods", "list_recipes::rejects_undeclared_methods"],
        &["*::rejects_undeclared_methods"],
    ),
    fault("Allow lacks DELETE", &["get_recipe::rejects_undeclared_methods"], &[]),
    fault("a course is guessed", &["create_recipe::rejects_missing_course"], &[]),
    fault("an origin needs no name", &["create_recipe::rejects_missing_origin_name", "update_recipe::rejects_missing_origin_name"], &[]),
    fault("no q is any q", &["suggest::rejects_missing_query_q"], &[]),
    fault(
        "null is an empty title",
        &["create_recipe::rejects_null_as_title", "update_recipe::rejects_null_as_title"],
        &["*::rejects_too_short_title"],
    ),
    fault("numbers may be texts", &["create_recipe::rejects_wrong_type_of_minutes", "update_recipe::rejects_wrong_type_of_minutes"], &[]),
    fault("a title may be a number", &["create_recipe::rejects_wrong_type_of_title", "update_recipe::rejects_wrong_type_of_title"], &[]),
    fault("odd minutes are ignored", &["list_recipes::rejects_wrong_type_of_query_max_minutes"], &[]),
    fault("exact is anything", &["suggest::rejects_wrong_type_of_query_exact"], &[]),
    fault("any course will do", &["create_recipe::rejects_unlisted_course", "update_recipe::rejects_unlisted_course"], &[]),
    fault("any course can be listed", &["list_recipes::rejects_unlisted_query_course"], &[]),
    fault("any units", &["list_recipes::rejects_unlisted_header_x_units"], &[]),
    fault("zero minutes", &["create_recipe::rejects_minutes_below_its_minimum", "update_recipe::rejects_minutes_below_its_minimum"], &[]),
    fault(
        "page zero",
        &["create_recipe::rejects_origin_page_below_its_minimum", "update_recipe::rejects_origin_page_below_its_minimum"],
        &[],
    ),
    fault("601 minutes", &["create_recipe::rejects_minutes_above_its_maximum", "update_recipe::rejects_minutes_above_its_maximum"], &[]),
    fault("a page of 51", &["list_recipes::rejects_query_per_page_above_its_maximum"], &[]),
    fault(
        "any part of a serving",
        &["create_recipe::rejects_servings_between_two_steps", "update_recipe::rejects_servings_between_two_steps"],
        &[],
    ),
    fault("a title may be empty", &["create_recipe::rejects_too_short_title", "update_recipe::rejects_too_short_title"], &[]),
    fault("a step of one letter", &["create_recipe::rejects_too_short_steps_item", "update_recipe::rejects_too_short_steps_item"], &[]),
    fault("a q of one letter", &["suggest::rejects_too_short_query_q"], &[]),
    fault("a title of 81", &["create_recipe::rejects_too_long_title", "update_recipe::rejects_too_long_title"], &[]),
    fault("bytes are counted", &["create_recipe::accepts_the_longest_title", "update_recipe::accepts_the_longest_title"], &[]),
    fault(
        "a slug is searched for",
        &["create_recipe::rejects_slug_that_does_not_match", "update_recipe::rejects_slug_that_does_not_match"],
        &[],
    ),
    fault(
        "every month has 31 days",
        &["create_recipe::rejects_malformed_first_cooked", "update_recipe::rejects_malformed_first_cooked"],
        &[],
    ),
    fault("no steps are steps", &["create_recipe::rejects_too_few_steps", "update_recipe::rejects_too_few_steps"], &[]),
    fault("five steps", &["create_recipe::rejects_too_many_steps", "update_recipe::rejects_too_many_steps"], &[]),
    fault("steps may repeat", &["create_recipe::rejects_repeated_steps", "update_recipe::rejects_repeated_steps"], &[]),
    fault(
        "nutrition may be empty",
        &["create_recipe::rejects_nutrition_with_too_few_properties", "update_recipe::rejects_nutrition_with_too_few_properties"],
        &[],
    ),
    fault(
        "nutrition has no end",
        &["create_recipe::rejects_nutrition_with_too_many_properties", "update_recipe::rejects_nutrition_with_too_many_properties"],
        &[],
    ),
    fault(
        "unknown properties are dropped",
        &["create_recipe::rejects_undeclared_properties_of_the_body", "update_recipe::rejects_undeclared_properties_of_the_body"],
        &[],
    ),
    fault("reading nothing gives the first", &["get_recipe::rejects_an_unknown_item", "delete_recipe::deleted_then_gone"], &[]),
    fault("changing nothing succeeds", &["update_recipe::rejects_an_unknown_item"], &["update_recipe::refuses_what_was_deleted"]),
    fault("deleting nothing succeeds", &["delete_recipe::rejects_an_unknown_item", "delete_recipe::deleted_then_gone"], &[]),
    fault("any cookbook takes recipes", &["create_recipe::rejects_an_unknown_cookbook_id"], &[]),
    fault("any cookbook has a list", &["list_recipes::rejects_an_unknown_cookbook_id"], &[]),
    fault("entries of unknown recipes take another", &["create_entries::rejects_an_unknown_recipe_id"], &[]),
    fault("created is 200", &["create_recipe::succeeds_with_a_declared_status"], &[]),
    fault("a wrong body is 422", &["create_recipe::refuses_with_a_declared_status"], &[]),
    fault(
        "success is text/json",
        &["create_recipe::succeeds_with_the_declared_media_type", "get_recipe::succeeds_with_the_declared_media_type"],
        &["*::succeeds_with_the_declared_media_type"],
    ),
    fault(
        "refusal is plain json",
        &["create_recipe::refuses_with_the_declared_media_type", "suggest::refuses_with_the_declared_media_type"],
        &["*::refuses_with_the_declared_media_type"],
    ),
    fault(
        "no cost header",
        &["create_recipe::succeeds_with_the_declared_headers", "list_recipes::succeeds_with_the_declared_headers"],
        &[],
    ),
    fault(
        "cost is a word",
        &["create_recipe::succeeds_with_the_declared_headers", "list_recipes::succeeds_with_the_declared_headers"],
        &[],
    ),
    fault(
        "minutes are read as text",
        &["get_recipe::succeeds_with_the_declared_schema", "list_recipes::succeeds_with_the_declared_schema"],
        &["create_recipe::created_then_*", "create_recipe::stores_minutes", "update_recipe::updated_minutes_then_visible"],
    ),
    fault("there is no total", &["list_recipes::succeeds_with_the_declared_schema", "list_recipes::total_is_true"], &[]),
    fault("refusals have no code", &["suggest::refuses_with_the_declared_schema"], &[]),
    fault(
        "the cookbook is not read",
        &["get_recipe::succeeds_with_the_declared_schema"],
        &["list_recipes::succeeds_with_the_declared_schema"],
    ),
    fault(
        "a new recipe is lost",
        &["create_recipe::created_then_readable", "create_recipe::created_then_listed"],
        &["create_recipe::stores_*", "update_recipe::*", "delete_recipe::*", "list_recipes::*", "get_recipe::*", "create_recipe::times_*"],
    ),
    fault(
        "reading ages",
        &["create_recipe::created_then_readable"],
        &["create_recipe::created_then_listed", "create_recipe::times_*", "update_recipe::times_*"],
    ),
    fault("new recipes are not listed", &["create_recipe::created_then_listed"], &["list_recipes::*"]),
    fault("the last is listed twice", &["create_recipe::created_then_listed"], &["list_recipes::*"]),
    fault("a new recipe takes the place of an old one", &["create_recipe::created_then_listed"], &["*"]),
    fault("titles are trimmed", &["create_recipe::stores_title"], &[]),
    fault("notes are lost", &["create_recipe::stores_notes"], &[]),
    fault(
        "steps are sorted",
        &["create_recipe::stores_steps"],
        &["create_recipe::created_then_readable", "create_recipe::created_then_listed"],
    ),
    fault(
        "servings are whole",
        &["create_recipe::stores_servings"],
        &["create_recipe::created_then_readable", "create_recipe::created_then_listed"],
    ),
    fault("emoji are lost", &["create_recipe::stores_notes"], &[]),
    fault(
        "everything is vegan",
        &["create_recipe::stores_vegan"],
        &["create_recipe::created_then_readable", "create_recipe::created_then_listed"],
    ),
    fault("results are in reverse", &["create_entries::answers_for_each_in_order"], &[]),
    fault("results leave out failures", &["create_entries::answers_for_each_in_order"], &[]),
    fault("notes cannot be changed", &["update_recipe::updated_notes_then_visible", "update_recipe::null_clears_notes"], &[]),
    fault(
        "changes are only shown",
        &["update_recipe::updated_title_then_visible", "update_recipe::updated_vegan_then_visible"],
        &["update_recipe::updated_*", "update_recipe::null_clears_*"],
    ),
    fault(
        "a change resets the date",
        &["update_recipe::updated_title_then_visible"],
        &["update_recipe::updated_*", "update_recipe::null_clears_*", "update_recipe::times_*"],
    ),
    fault(
        "a change loses the rest",
        &["update_recipe::updated_title_then_visible", "update_recipe::updated_notes_then_visible"],
        &["update_recipe::updated_*", "update_recipe::null_clears_*"],
    ),
    fault("a change unsets vegan", &["update_recipe::updated_title_then_visible"], &[]),
    fault("null changes nothing", &["update_recipe::null_clears_notes", "update_recipe::null_clears_first_cooked"], &[]),
    fault(
        "broken letters are read",
        &["create_recipe::rejects_malformed_json", "update_recipe::rejects_malformed_json"],
        &["*::rejects_malformed_json"],
    ),
    fault("refused recipes are kept", &["create_recipe::refused_then_unchanged"], &[]),
    fault("refused changes age", &["update_recipe::refused_then_unchanged"], &[]),
    fault("deleted recipes are kept", &["delete_recipe::deleted_then_gone"], &["update_recipe::refuses_what_was_deleted"]),
    fault("deleted recipes can be read", &["delete_recipe::deleted_then_gone"], &[]),
    fault("deleted recipes are listed", &["delete_recipe::deleted_then_gone"], &[]),
    fault("namesakes are deleted too", &["delete_recipe::deleted_then_the_others_stay"], &[]),
    fault("pages skip one", &["list_recipes::pages_visit_everything_once"], &["*_is_true"]),
    fault("pages overlap", &["list_recipes::pages_visit_everything_once"], &["*_is_true"]),
    fault("small pages are in reverse", &["list_recipes::pages_visit_everything_once"], &[]),
    fault(
        "the size of a page is ignored",
        &["list_recipes::page_size_is_obeyed"],
        &["list_recipes::pages_visit_everything_once", "*_is_true"],
    ),
    fault("a page holds one more", &["list_recipes::page_size_is_obeyed"], &["list_recipes::pages_visit_everything_once", "*_is_true"]),
    fault("there is always more", &["list_recipes::has_more_is_true"], &[]),
    fault("the total is of the page", &["list_recipes::total_is_true"], &[]),
    fault("the size is the default", &["list_recipes::size_is_true"], &[]),
    fault("pages are all the first", &["list_recipes::position_is_true"], &[]),
    fault("courses are ignored", &["list_recipes::filters_by_course"], &[]),
    fault("one course is too few", &["list_recipes::filters_by_course"], &[]),
    fault("less is less", &["list_recipes::filters_by_max_minutes"], &[]),
    fault("no minutes are few", &["list_recipes::filters_by_max_minutes"], &[]),
    fault("a list shows all cookbooks", &["list_recipes::lists_its_cookbook_id_alone"], &[]),
    fault("entries are of all recipes", &["list_entries::lists_its_recipe_id_alone"], &["create_entries::rejects_an_unknown_recipe_id"]),
    fault("notes are cut", &["create_recipe::stores_notes"], &[]),
    fault(
        "a charset confuses",
        &["create_recipe::accepts_application_json_with_a_charset"],
        &["*::accepts_application_json_with_a_charset"],
    ),
    fault("the last page comes again", &["list_recipes::pages_visit_everything_once"], &["list_recipes::*"]),
];
