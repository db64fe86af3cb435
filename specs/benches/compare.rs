//! How fast two large documents are compared: 1,000 operations and 10 MB each, of which some changed.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use specs::{Loaded, Source, compare::compare};

/// Operations of the document.
const OPERATIONS: usize = 1_000;
/// Properties of each body.
const PROPERTIES: usize = 120;

/// What differs in every tenth operation.
const SIDES: [&str; 2] = ["{type: string, enum: [red, green]}", "{type: string, enum: [red, green, blue]}"];

fn document(changing: &str) -> String {
    let mut text = "openapi: 3.1.0\ninfo: {title: Kites, version: '1'}\npaths:\n".to_owned();
    for number in 0..OPERATIONS {
        let schema = format!("{{application/json: {{schema: {{$ref: '#/components/schemas/Kite{number}'}}}}}}");
        text.push_str(&format!("  /kites{number}/{{id}}:\n    put:\n      operationId: fly_{number}\n"));
        text.push_str("      parameters: [{name: id, in: path, required: true, schema: {type: string}}]\n");
        text.push_str(&format!(
            "      requestBody: {{content: {schema}}}\n      responses: {{'200': {{description: a, content: {schema}}}}}\n"
        ));
    }
    text.push_str("components:\n  schemas:\n");
    for number in 0..OPERATIONS {
        text.push_str(&format!("    Kite{number}:\n      type: object\n      properties:\n"));
        let colour = if number % 10 == 0 { changing } else { SIDES[0] };
        text.push_str(&format!(
            "        next: {{$ref: '#/components/schemas/Kite{}'}}\n        colour: {colour}\n",
            (number * 7 + 1) % OPERATIONS
        ));
        for property in 0..PROPERTIES {
            text.push_str(&format!(
                "        property_{property}: {{type: string, maxLength: {}, description: the part number {property}}}\n",
                property + 1
            ));
        }
    }
    text
}

fn pair(criterion: &mut Criterion) {
    let load = |changing: &str| -> Loaded { specs::load(&Source::new("kites", "kites.yaml", document(changing))) };
    let (old, new) = (load(SIDES[0]), load(SIDES[1]));
    let mut group = criterion.benchmark_group("compare");
    group.sample_size(10);
    group.bench_function("two documents of 1,000 operations and 10 MB", |bencher| {
        bencher.iter(|| black_box(compare(Some(&old), Some(&new))));
    });
    group.bench_function("the same, loaded first", |bencher| {
        bencher.iter(|| black_box(compare(Some(&load(SIDES[0])), Some(&load(SIDES[1])))));
    });
    group.finish();
}

criterion_group!(benches, pair);
criterion_main!(benches);
