//! Examples, defaults and seed rows against the schemas that they are examples of.

use std::collections::HashSet;

use serde_json::Value;

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
        let rule = if what == "example" { "invalid-example" } else { "invalid-seed" };
        for violation in validator.violations(value) {
            let message = format!("the {what} breaks its schema: {}", violation.sentence());
            let help = format!("correct the {what}, or the schema at `#{}`", violation.schema);
            self.problems.error(rule, &format!("{place}{}", violation.place()), &message, &help);
        }
    }
}
