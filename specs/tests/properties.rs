//! What holds for any schema: a value that is made fits it, and a value that is nearly right breaks the rule that it
//! is said to break. Schemas that were drawn around a value have one, so it must be found.

mod schemas;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use specs::{
    Api, Source,
    api::{Direction, SchemaId},
    sample::{Sampler, Shape},
    validate::Validators,
};

/// A runner with the same luck in every run.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn api(schemas: &Value) -> Api {
    let document = json!({"openapi": "3.1.0", "info": {"title": "Any", "version": "1"}, "paths": {}, "components": {"schemas": schemas}});
    specs::load(&Source::new("any", "any.json", document.to_string())).api.expect("every schema loads")
}

fn root(api: &Api) -> SchemaId {
    api.schemas.target("#/components/schemas/Root").expect("the schema is there")
}

const SHAPES: [Shape; 5] = [Shape::Minimal, Shape::Full, Shape::Random(0), Shape::Random(1), Shape::Lifelike(0)];

#[test]
fn whatever_is_made_of_any_schema_is_valid_and_made_again() {
    let result = runner(60).run(&schemas::document(), |document| {
        let api = api(&document);
        let validators = Validators::new(&api);
        for direction in [Direction::Request, Direction::Response] {
            let sampler = Sampler::new(&api.schemas, &validators, direction, 1);
            for shape in SHAPES {
                let made = sampler.sample(&root(&api), shape, None);
                let again = Sampler::new(&api.schemas, &validators, direction, 1).plan(&root(&api)).sample(shape);
                proptest::prop_assert_eq!(&made, &again);
                if let Ok(value) = made {
                    proptest::prop_assert!(validators.get(&root(&api), direction).unwrap().is_valid(&value), "{}", value);
                }
            }
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_schema_that_a_value_fits_has_values_of_every_shape() {
    let result = runner(200).run(&schemas::around_a_value(), |(schema, value)| {
        let api = api(&json!({"Root": schema}));
        let validators = Validators::new(&api);
        proptest::prop_assert!(validators.get(&root(&api), Direction::Request).unwrap().is_valid(&value), "drawn wrong: {}", value);
        let sampler = Sampler::new(&api.schemas, &validators, Direction::Request, 1);
        for shape in SHAPES {
            let made = sampler.sample(&root(&api), shape, None);
            proptest::prop_assert!(made.is_ok(), "{:?}: {:?}", shape, made);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn what_is_nearly_valid_is_refused_at_its_place_by_its_rule() {
    let result = runner(80).run(&schemas::around_a_value(), |(schema, _)| {
        let api = api(&json!({"Root": schema}));
        let validators = Validators::new(&api);
        let sampler = Sampler::new(&api.schemas, &validators, Direction::Request, 1);
        let Ok(base) = sampler.full(&root(&api)) else { return Ok(()) };
        let validator = validators.get(&root(&api), Direction::Request).unwrap();
        let composed = ["anyOf", "oneOf", "not", "if"];
        for nearly in sampler.nearly_valid(&root(&api), &base) {
            let Ok(value) = &nearly.value else { continue };
            let violations = validator.violations(value);
            let by_rule = |keyword: &str| nearly.rule.keywords().contains(&keyword) || composed.contains(&keyword);
            proptest::prop_assert!(violations.iter().any(|one| by_rule(&one.keyword)), "{:?}: {:?}", nearly, violations);
            proptest::prop_assert!(
                violations.iter().all(|one| nearly.pointer.starts_with(&one.instance)),
                "{:?}: {:?}",
                nearly,
                violations
            );
            proptest::prop_assert_ne!(value, &base);
        }
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}
