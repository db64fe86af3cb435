//! How fast data is made from a schema.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use specs::{
    Source,
    api::Direction,
    sample::{Sampler, Shape},
    validate::Validators,
};

const DOCUMENT: &str = r"
openapi: 3.1.0
info: {title: Bakery, version: '1'}
paths: {}
components:
  schemas:
    Order:
      type: object
      required: [id, status, total]
      properties:
        id: {type: string, format: uuid}
        status: {type: string, enum: [open, baked, sold]}
        total: {type: number, minimum: 0, multipleOf: 0.01}
        loaves: {type: integer, minimum: 1, maximum: 40}
        customer: {type: string}
        email: {type: string, format: email}
        placed_at: {type: string, format: date-time}
        code: {type: string, pattern: '^[A-Z]{2}-\d{4}$'}
        notes: {type: [string, 'null'], maxLength: 80}
        paid: {type: boolean}
";

fn bodies(criterion: &mut Criterion) {
    let loaded = specs::load(&Source::new("bakery", "bakery.yaml", DOCUMENT.to_owned()));
    let Some(api) = loaded.api else { return };
    let validators = Validators::new(&api);
    let sampler = Sampler::new(&api.schemas, &validators, Direction::Response, 1);
    let Some((_, id)) = api.schemas.components().next() else { return };
    let plan = sampler.plan(&id);
    let mut group = criterion.benchmark_group("sample");
    group.throughput(Throughput::Elements(1));
    let mut number = 0_u64;
    group.bench_function("a lifelike body of ten properties", |bencher| {
        bencher.iter(|| {
            number += 1;
            black_box(plan.sample(Shape::Lifelike(number)))
        });
    });
    group.finish();
}

criterion_group!(benches, bodies);
criterion_main!(benches);
