//! Examples, defaults and seed rows against the schemas that they are examples of.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::walk;
use crate::{
    api::{Api, Direction, Example, MediaType, SchemaId},
    pointer,
    problem::Problems,
    validate::Validators,
};

pub(super) fn lint(api: &Api, problems: &mut Problems) {
    let mut lint = Lint { api, validators: Validators::new(api), seen: HashSet::new(), problems };
    for operation in &api.operations {
        for parameter in &operation.parameters {
            lint.examples(parameter.schema.as_ref(), &parameter.examples, Direction::Request);
        }
        for media in operation.body.iter().flat_map(|body| &body.content) {
            lint.media(media, Direction::Request);
        }
        for response in &operation.responses {
            response.content.iter().for_each(|media| lint.media(media, Direction::Response));
            response.headers.iter().for_each(|header| lint.examples(header.schema.as_ref(), &header.examples, Direction::Response));
        }
    }
    lint.seed();
    walk::schemas(api.schemas.root(), &mut |at, schema| lint.within(at, schema));
}

struct Lint<'l, 'd> {
    api: &'l Api,
    validators: Validators,
    /// Places that were looked at: shared examples count once for each direction.
    seen: HashSet<(String, Direction)>,
    problems: &'l mut Problems<'d>,
}

impl Lint<'_, '_> {
    fn media(&mut self, media: &MediaType, direction: Direction) {
        let is_form = media.essence().ends_with("form-data") || media.essence().ends_with("form-urlencoded");
        if media.is_json() || is_form {
            self.examples(media.schema.as_ref(), &media.examples, direction);
        } else {
            self.examples(media.schema.as_ref(), &[], direction);
        }
    }

    fn examples(&mut self, schema: Option<&SchemaId>, examples: &[Example], direction: Direction) {
        let Some(schema) = schema else { return };
        if let Err(reason) = self.validators.get(schema, direction) {
            if self.seen.insert((schema.pointer().to_owned(), direction)) {
                self.problems.error("schema", schema.pointer(), &format!("the schema cannot be used: {reason}"), "correct the schema");
            }
            return;
        }
        for example in examples {
            if self.seen.insert((example.pointer.clone(), direction)) {
                self.value(schema, &example.value, &example.pointer, direction, "example");
            }
        }
    }

    /// What a schema itself says of values that fit it. It may stand in requests and in responses, and what fits in one
    /// of them is right.
    fn within(&mut self, at: &str, schema: &Map<String, Value>) {
        let id = SchemaId::new(at);
        let one = |name: &'static str| schema.get(name).map(|value| (pointer::join(at, name), value)).into_iter();
        let listed = schema.get("examples").and_then(Value::as_array).into_iter().flatten().enumerate();
        let listed = listed.map(|(position, value)| (pointer::index(&pointer::join(at, "examples"), position), value));
        let examples = one("example").chain(listed).map(|(place, value)| ("example", place, value));
        for (what, place, value) in one("default").map(|(place, value)| ("default", place, value)).chain(examples) {
            let ways = [Direction::Request, Direction::Response];
            let is_known = ways.iter().any(|way| self.seen.contains(&(place.clone(), *way)));
            let fits = |way: &Direction| self.validators.get(&id, *way).is_ok_and(|validator| validator.is_valid(value));
            if !is_known && !ways.iter().any(fits) {
                self.value(&id, value, &place, Direction::Response, what);
            }
        }
    }

    /// Rows are what reading returns, but for properties that are kept and never shown.
    fn seed(&mut self) {
        let api = self.api;
        for (name, rows) in &api.mock.seed {
            let Some(resource) = api.resources.iter().find(|resource| resource.name == *name) else { continue };
            let Some(schema) = &resource.schema else { continue };
            let declared = api.schemas.properties(schema).into_iter().map(|(property, _)| property);
            let declared: HashSet<String> = declared.chain(api.schemas.required(schema)).collect();
            let kept = |property: &str| property == resource.key || resource.parents.iter().any(|parent| parent.property == property);
            for (position, row) in rows.iter().enumerate() {
                let mut row = row.clone();
                if let Value::Object(members) = &mut row {
                    members.retain(|property, _| !kept(property) || declared.contains(property));
                }
                let place = pointer::index(&pointer::join("/x-mock/seed", name), position);
                self.value(schema, &row, &place, Direction::Response, "seed row");
            }
        }
    }

    fn value(&mut self, schema: &SchemaId, value: &Value, place: &str, direction: Direction, what: &str) {
        let Ok(validator) = self.validators.get(schema, direction) else { return };
        if validator.is_valid(value) {
            return;
        }
        let rule = match what {
            "example" => "invalid-example",
            "default" => "invalid-default",
            _ => "invalid-seed",
        };
        for violation in validator.violations(value) {
            let message = format!("the {what} breaks its schema: {}", violation.sentence());
            let help = format!("correct the {what}, or the schema at `#{}`", violation.schema);
            self.problems.error(rule, &format!("{place}{}", violation.place()), &message, &help);
        }
    }
}
