//! Documents that are written to have no end.

use super::{super::within, changes, found, loaded};

fn document(schemas: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Kites, version: '1'}}\npaths: {{/kites: {{get: {{operationId: a, responses: {{'200': {{description: a, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}}}}}}}}}\ncomponents:\n  schemas:\n{schemas}"
    )
}

fn rows(number: usize, row: impl Fn(usize) -> String) -> String {
    let rows = (0..number).map(|position| format!("    S{position}: {}\n", row(position)));
    rows.collect::<Vec<_>>().concat()
}

fn reference(number: usize) -> String {
    format!("{{$ref: '#/components/schemas/S{number}'}}")
}

#[test]
fn cycles_end() {
    let ring = |type_name: &str| {
        document(&rows(50, |at| {
            let (next, over) = (reference((at + 1) % 50), reference((at + 7) % 50));
            format!("{{type: object, properties: {{next: {next}, over: {over}, leaf: {{type: {type_name}}}}}}}")
        }))
    };
    let told = changes(&ring("string"), &ring("integer"));
    assert_eq!((found(&told), told.len()), (vec!["type-changed response".to_owned()], 50));
    assert!(told.iter().all(|change| change.operations == ["a"]));
}

#[test]
fn nested_alternatives_and_parts_do_not_multiply() {
    for (keyword, height) in [("oneOf", 120), ("anyOf", 120), ("allOf", 16)] {
        let tower = |last: &str| {
            document(&rows(height, |at| match at {
                at if at == height - 1 => format!("{{type: {last}, title: end}}"),
                _ => format!(
                    "{{{keyword}: [{}, {}, {{type: object, properties: {{p{at}: {}}}}}]}}",
                    reference(at + 1),
                    reference(height - 1),
                    reference(at + 1)
                ),
            }))
        };
        assert_eq!(changes(&tower("object"), &tower("object")), [], "{keyword}");
        assert!(!changes(&tower("object"), &tower("array")).is_empty(), "{keyword}");
    }
}

#[test]
fn alternatives_that_lead_back_end() {
    let back = |more: &str| document(&format!("    S0: {{oneOf: [{}, {{type: array, items: {}}}{more}]}}\n", reference(0), reference(0)));
    assert_eq!(changes(&back(""), &back("")), []);
    changes(&back(""), &back(", {type: object, required: [a]}"));
    let single = document("    S0: {type: object, properties: {a: {$ref: '#/components/schemas/S0'}}}\n");
    changes(&single, &back(""));
    changes(&back(""), &single);
}

/// Properties that several parts share make sets of places: 2 to the power of their number in this document.
#[test]
fn what_cannot_be_compared_whole_is_told() {
    let number = 24;
    let tangle = |last: &str| {
        document(&rows(number, |at| {
            let (next, end) = ((at + 1) % number, if at == number - 1 { last } else { "string" });
            let both = format!(
                "{{allOf: [{{properties: {{x: {}, y: {}}}}}, {{properties: {{x: {}}}}}]}}",
                reference(next),
                reference(next),
                reference(0)
            );
            format!("{{allOf: [{both}, {{properties: {{z: {{type: {end}}}}}}}]}}")
        }))
    };
    let [old, new] = [tangle("string"), tangle("integer")].map(|text| loaded(&text));
    let told = within(20_000, Some(&old), Some(&new));
    assert_eq!(found(&told), ["too-tangled neither"], "{told:#?}");
}

#[test]
fn a_long_chain_of_references_is_no_stack() {
    let chain = |last: &str| {
        document(&rows(3000, |at| {
            if at == 2999 { format!("{{type: {last}}}") } else { format!("{{type: object, properties: {{n: {}}}}}", reference(at + 1)) }
        }))
    };
    assert_eq!(found(&changes(&chain("string"), &chain("integer"))), ["type-changed response"]);
}
