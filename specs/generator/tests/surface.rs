//! Pairs of documents to what callers of their clients see change. Each row is also compared by two whole clients,
//! which must find what writing only the differences finds.

#![expect(clippy::unwrap_used, reason = "tests report by panicking, their helpers too")]

use generator::{
    generate,
    surface::{ItemChange, Level, RULES, changes, compare},
};
use specs::{Api, Source};

const HARBOUR: &str = "openapi: 3.1.0
info: {title: Harbour, version: '1'}
security: [{gate: []}]
paths:
  /piers/{pier}/berths:
    parameters: [{name: pier, in: path, required: true, schema: {type: string}}]
    get:
      operationId: listBerths
      parameters: [{name: depth, in: query, schema: {type: integer}}]
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Berth'}}}}}
    post:
      operationId: openBerth
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewBerth'}}}}
      responses:
        '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Berth'}}}}
        '409': {description: taken}
components:
  securitySchemes: {gate: {type: http, scheme: bearer}}
  schemas:
    Berth:
      type: object
      required: [id, paving]
      properties:
        id: {type: string}
        length: {type: number}
        paving: {$ref: '#/components/schemas/Paving'}
    NewBerth:
      type: object
      required: [length]
      properties:
        length: {type: number}
        label: {type: string}
        tide: {type: integer}
    Paving: {type: string, enum: [wood, stone]}
";

fn api(text: &str) -> Api {
    specs::load(&Source::new("harbour", "harbour.yaml", text.to_owned())).api.unwrap()
}

fn line(change: &ItemChange) -> String {
    format!("{} {} {}", change.level(), change.rule.id, change.item)
}

/// What whole clients show: everything but what only shows when the program runs, and whose fault it is.
fn whole(old: &Api, new: &Api) -> Vec<ItemChange> {
    compare(&generate(old).surface().unwrap(), &generate(new).surface().unwrap())
}

fn between(old: &str, new: &str) -> Vec<ItemChange> {
    let (old, new) = (api(old), api(new));
    let found = changes(&old, &new);
    let comparable = found.iter().filter(|change| change.rule.id != "required-at-run-time");
    let comparable: Vec<ItemChange> = comparable.map(|change| ItemChange { operations: Vec::new(), ..change.clone() }).collect();
    assert_eq!(comparable, whole(&old, &new));
    found
}

/// One edit of the document, forth and back.
#[track_caller]
fn check(edits: &[(&str, &str)], forth: &[&str], back: &[&str]) {
    let edited = edits.iter().fold(HARBOUR.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from} is in the document");
        text.replace(from, to)
    });
    let lines = |found: Vec<ItemChange>| found.iter().map(line).collect::<Vec<_>>();
    assert_eq!(lines(between(HARBOUR, &edited)), forth, "forth");
    assert_eq!(lines(between(&edited, HARBOUR)), back, "back");
}

#[test]
fn what_nobody_can_write_down_changes_nothing() {
    check(&[("description: taken", "description: somebody else has it")], &[], &[]);
    check(&[("    Paving: {type", "    Paving: {description: What one stands on, type")], &[], &[]);
    check(&[("title: Harbour", "title: Haven")], &[], &[]);
}

#[test]
fn an_operation_comes_and_goes_with_what_is_its_own() {
    let edit = "  /piers:
    get:
      operationId: listPiers
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object, properties: {piers: {type: integer}}}}}}}
components:";
    let forth = ["minor item-added Client::list_piers", "minor item-added types::ListPiersOkBody"];
    let back = ["major item-removed Client::list_piers", "major item-removed types::ListPiersOkBody"];
    check(&[("components:", edit)], &forth, &back);
}

#[test]
fn a_required_property_of_an_answer_is_no_option() {
    let forth = ["major field-option-removed types::Berth::length"];
    check(&[("required: [id, paving]", "required: [id, paving, length]")], &forth, &["major field-option-added types::Berth::length"]);
}

#[test]
fn a_required_property_of_a_request_is_an_argument() {
    let forth = [
        "major field-option-removed types::NewBerth::label",
        "major item-removed types::NewBerth::label",
        "major arguments-changed types::NewBerth::new",
    ];
    let back = [
        "major field-option-added types::NewBerth::label",
        "major arguments-changed types::NewBerth::new",
        "minor item-added types::NewBerth::label",
    ];
    check(&[("required: [length]", "required: [length, label]")], &forth, &back);
}

#[test]
fn a_property_that_one_alternative_requires_is_told_though_all_compiles() {
    let edit = [(
        "required: [length]",
        "required: [length]\n      anyOf: [{required: [label], properties: {label: {}}}, {required: [tide], properties: {tide: {}}}]",
    )];
    let forth = ["major required-at-run-time types::NewBerth::label", "major required-at-run-time types::NewBerth::tide"];
    check(&edit, &forth, &[]);
    check(&[("required: [length]", "required: [length]\n      dependentRequired: {label: [tide]}")], &forth[1..], &[]);
}

#[test]
fn properties_come_and_go() {
    check(
        &[(
            "        length: {type: number}\n        paving",
            "        length: {type: number}\n        light: {type: boolean}\n        paving",
        )],
        &["minor item-added types::Berth::light"],
        &["major item-removed types::Berth::light"],
    );
    check(
        &[("length: {type: number}\n        paving", "length: {type: integer}\n        paving")],
        &["major field-type-changed types::Berth::length"],
        &["major field-type-changed types::Berth::length"],
    );
}

#[test]
fn what_is_sent_has_a_field_and_a_setter() {
    let names = ["major item-removed types::NewBerth::tide", "major item-removed types::NewBerth::tide"];
    check(
        &[("\n        tide: {type: integer}", "")],
        &names,
        &["minor item-added types::NewBerth::tide", "minor item-added types::NewBerth::tide"],
    );
}

#[test]
fn a_text_of_an_enum_that_takes_any_text_breaks_nobody_when_it_comes() {
    check(
        &[("[wood, stone]", "[wood, stone, steel]")],
        &["minor variant-added types::Paving::Steel"],
        &["major item-removed types::Paving::Steel"],
    );
}

#[test]
fn a_second_success_breaks_who_relied_on_the_first() {
    let (held, own) = ("impl Deref for OpenBerthOk", "major impl-type-changed impl runtime::Success for OpenBerthOk");
    let forth = ["major variant-added-exhaustive OpenBerthOk::Accepted", &format!("major item-removed {held}"), own];
    let back = ["major item-removed OpenBerthOk::Accepted", own, &format!("minor item-added {held}")];
    check(&[("        '409':", "        '202': {description: later}\n        '409':")], &forth, &back);
}

#[test]
fn a_refusal_more_breaks_nobody() {
    check(
        &[("        '409':", "        '404': {description: no pier}\n        '409':")],
        &["minor variant-added OpenBerthError::NotFound"],
        &["major item-removed OpenBerthError::NotFound"],
    );
    let edit = [("'409': {description: taken}", "'409': {description: taken, content: {text/plain: {}}}")];
    let changed = ["major variant-type-changed OpenBerthError::Conflict"];
    check(&edit, &changed, &changed);
}

#[test]
fn parameters_are_arguments_or_setters() {
    let edit = [("{name: depth, in: query, schema", "{name: depth, in: query, required: true, schema")];
    let forth = ["major arguments-changed Client::list_berths", "major item-removed requests::ListBerths::depth"];
    check(&edit, &forth, &["major arguments-changed Client::list_berths", "minor item-added requests::ListBerths::depth"]);
    let edit = [("{name: depth, in: query, schema: {type: integer}}", "{name: depth, in: query, schema: {type: string}}")];
    check(&edit, &["major arguments-changed requests::ListBerths::depth"], &["major arguments-changed requests::ListBerths::depth"]);
}

#[test]
fn the_name_of_a_path_variable_is_no_callers_business() {
    let edit = [("/piers/{pier}", "/piers/{jetty}"), ("name: pier", "name: jetty")];
    let both = ["patch arguments-renamed Client::list_berths", "patch arguments-renamed Client::open_berth"];
    check(&edit, &both, &both);
}

#[test]
fn arguments_that_change_places_compile_and_are_told() {
    let nested = "/piers/{pier}/berths:\n    parameters: [{name: pier, in: path, required: true, schema: {type: string}}";
    let with = |names: [&str; 2]| {
        let [first, second] = names.map(|name| format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}"));
        HARBOUR.replace(nested, &format!("/piers/{{{}}}/berths/{{{}}}:\n    parameters: [{first}, {second}", names[0], names[1]))
    };
    let found = between(&with(["pier", "ring"]), &with(["ring", "pier"]));
    let lines: Vec<String> = found.iter().map(line).collect();
    assert_eq!(lines, ["major arguments-swapped Client::list_berths", "major arguments-swapped Client::open_berth"]);
    assert_eq!(found[0].why, "a call compiles, and sends what it gives for `pier`, `ring` as `ring`, `pier`");
}

#[test]
fn a_renamed_type_is_one_change() {
    let both = |name: &str| [format!("major item-renamed types::{name}")];
    let [forth, back] = [both("Floor"), both("Paving")];
    check(&[("schemas/Paving", "schemas/Floor"), ("    Paving: {", "    Floor: {")], &[&forth[0]], &[&back[0]]);
}

#[test]
fn a_renamed_type_in_a_renamed_type_is_two() {
    let edit = [
        ("schemas/Paving", "schemas/Floor"),
        ("    Paving: {", "    Floor: {"),
        ("schemas/Berth", "schemas/Slip"),
        ("    Berth:\n", "    Slip:\n"),
    ];
    let forth = ["major item-renamed types::Floor", "major item-renamed types::Slip"];
    check(&edit, &forth, &["major item-renamed types::Berth", "major item-renamed types::Paving"]);
}

#[test]
fn a_renamed_operation_is_one_change_with_its_request_and_answers() {
    let edited = HARBOUR.replace("openBerth", "layBerth");
    let found = between(HARBOUR, &edited);
    assert_eq!(found.iter().map(line).collect::<Vec<_>>(), ["major item-renamed Client::lay_berth"]);
    assert_eq!(found[0].with, ["requests::LayBerth", "LayBerthOk", "LayBerthError"]);
    assert_eq!(found[0].breaks.as_deref(), Some("client.open_berth(pier, &body).await?"));
}

#[test]
fn a_name_that_moves_because_another_came_is_told_of_operations_that_nobody_touched() {
    let inline = HARBOUR.replace("label: {type: string}", "label: {type: object, properties: {text: {type: string}}}");
    let taken = inline
        .replace("    Paving: {", "    NewBerthLabel: {type: object, properties: {colour: {type: string}}}\n    Paving: {")
        .replace("length: {type: number}\n        paving", "length: {$ref: '#/components/schemas/NewBerthLabel'}\n        paving");
    let found = between(&inline, &taken);
    let of_request = found.iter().find(|change| change.item == "types::NewBerth::label" && change.rule.id == "field-type-changed").unwrap();
    assert_eq!(of_request.operations, ["open_berth"]);
    assert_eq!(of_request.why, "who reads or sets a `Option<types::NewBerthLabel>` finds a `Option<types::NewBerthLabel2>`");
}

#[test]
fn a_type_that_no_request_holds_any_longer_loses_its_setters() {
    let both = HARBOUR.replace("schemas/NewBerth'", "schemas/Berth'");
    let found = between(&both, HARBOUR);
    assert!(found.iter().any(|change| line(change) == "major item-removed types::Berth::new"), "{found:?}");
    assert!(!found.iter().any(|change| line(change) == "major item-removed types::Berth"), "{found:?}");
}

#[test]
fn another_kind_of_type_is_one_change() {
    let changed = ["major item-kind-changed types::Paving"];
    check(
        &[("Paving: {type: string, enum: [wood, stone]}", "Paving: {type: object, properties: {kind: {type: string}}}")],
        &changed,
        &changed,
    );
}

#[test]
fn what_is_deprecated_compiles() {
    check(
        &[("operationId: listBerths", "operationId: listBerths\n      deprecated: true")],
        &["minor deprecated Client::list_berths"],
        &["patch no-longer-deprecated Client::list_berths"],
    );
}

#[test]
fn credentials_are_items_too() {
    check(
        &[("{gate: {", "{guard: {"), ("{gate: []}", "{guard: []}")],
        &["major item-removed Credentials::gate", "minor item-added Credentials::guard"],
        &["major item-removed Credentials::guard", "minor item-added Credentials::gate"],
    );
}

#[test]
fn what_breaks_is_a_line_of_a_caller() {
    let edits =
        [("required: [id, paving]", "required: [id]"), ("required: [length]", "required: [length, tide]"), ("[wood, stone]", "[stone]")];
    let found = between(HARBOUR, &edits.iter().fold(HARBOUR.to_owned(), |text, (from, to)| text.replace(from, to)));
    let shown =
        |item: &str| found.iter().filter(|change| change.item == item).filter_map(|change| change.breaks.clone()).collect::<Vec<_>>();
    assert_eq!(shown("types::Berth::paving"), ["let paving: &types::Paving = &berth.paving;"]);
    assert_eq!(shown("types::NewBerth::new"), ["types::NewBerth::new(length)"]);
    assert_eq!(shown("types::NewBerth::tide"), ["if let Some(tide) = &new_berth.tide { … }", "new_berth.tide(value)"]);
    assert_eq!(shown("types::Paving::Wood"), ["types::Paving::Wood => …,"]);
}

#[test]
fn every_rule_has_its_own_name_and_a_level_that_follows_from_what_it_says() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), RULES.len());
    let compiles = RULES.iter().filter(|rule| rule.cargo.is_none() && rule.level == Level::Major);
    assert!(compiles.clone().count() > 0 && compiles.into_iter().all(|rule| rule.says.contains("calls compile")));
}
