//! Examples and seed rows follow the schemas that they are examples of.
//!
//! A property that is renamed is still in the examples, and one that is now required is not. What is valid in an example
//! is kept, and what is not is made as the sampler makes values.

use serde_json::Value;

use crate::{
    api::{Api, Direction, Evidence, Loaded, SchemaId},
    edit::Edit,
    pages::Step,
    pointer,
    sample::{Sampler, Shape},
    validate::{Validator, Validators},
};

use super::spot::{self, Marks, Spot, Way};

/// An example: where it stands, its schema, and which way it goes.
type Example = (String, SchemaId, Direction, Value);

/// The edits that make examples valid again after the schemas were edited.
pub(super) fn examples(before: &Loaded, after: &Loaded) -> Vec<Edit> {
    let (Some(old), Some(new), Some(document)) = (&before.api, &after.api, &after.document) else { return Vec::new() };
    let validators = Validators::new(new);
    let mut edits: Vec<Edit> = Vec::new();
    for (at, schema, direction, value) in all(new) {
        let is_written = pointer::get(&document.value, &at) == Some(&value);
        let mut kept = value.clone();
        stale(old, new, &schema, &mut kept);
        let Ok(validator) = validators.get(&schema, direction) else { continue };
        if !is_written || (kept == value && validator.is_valid(&value)) {
            continue;
        }
        let made = if validator.is_valid(&kept) {
            Ok(kept)
        } else {
            let sampler = Sampler::new(&new.schemas, &validators, direction, 0);
            sampler.sample(&schema, Shape::Minimal, Some(&kept)).map(|made| mended(&validator, &kept, made))
        };
        if let Ok(made) = made {
            differences(&at, &value, &made, &mut edits);
        }
    }
    edits.dedup();
    edits
}

/// What is kept, with what was made where something is lacking or wrong; only what was made where that will not do.
fn mended(validator: &Validator, kept: &Value, made: Value) -> Value {
    let mut all = filled(kept, &made);
    for violation in validator.violations(&all) {
        if let (Some(own), Some(new)) = (all.pointer_mut(&violation.instance), made.pointer(&violation.instance)) {
            own.clone_from(new);
        }
    }
    if validator.is_valid(&all) { all } else { made }
}

fn filled(kept: &Value, made: &Value) -> Value {
    let (Value::Object(kept), Value::Object(made)) = (kept, made) else { return kept.clone() };
    let mut all = kept.clone();
    for (name, value) in made {
        let own = kept.get(name).map_or_else(|| value.clone(), |own| filled(own, value));
        all.insert(name.clone(), own);
    }
    Value::Object(all)
}

/// The edits that give an example to every body that has none.
pub(super) fn absent(loaded: &Loaded) -> Vec<Edit> {
    let Some(api) = &loaded.api else { return Vec::new() };
    let validators = Validators::new(api);
    let requests = api.operations.iter().flat_map(|operation| &operation.body).flat_map(|body| &body.content);
    let answers = api.operations.iter().flat_map(|operation| &operation.responses).flat_map(|response| &response.content);
    let both = requests.map(|media| (media, Direction::Request)).chain(answers.map(|media| (media, Direction::Response)));
    let bare = both.filter(|(media, _)| media.is_json() && media.examples.is_empty());
    bare.filter_map(|(media, direction)| {
        let sampler = Sampler::new(&api.schemas, &validators, direction, 0);
        let value = sampler.sample(media.schema.as_ref()?, Shape::Lifelike(0), None).ok()?;
        Some(Edit::Insert { at: media.pointer.clone(), key: "example".to_owned(), value, after: None })
    })
    .collect()
}

fn all(api: &Api) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut add = |schema: Option<&SchemaId>, examples: &[crate::api::Example], direction: Direction| {
        for example in examples {
            if let Some(schema) = schema.filter(|_| !found.iter().any(|(at, ..)| *at == example.pointer)) {
                found.push((example.pointer.clone(), schema.clone(), direction, example.value.clone()));
            }
        }
    };
    for operation in &api.operations {
        operation.parameters.iter().for_each(|parameter| add(parameter.schema.as_ref(), &parameter.examples, Direction::Request));
        let bodies = operation.body.iter().flat_map(|body| &body.content);
        bodies.for_each(|media| add(media.schema.as_ref(), &media.examples, Direction::Request));
        let answers = operation.responses.iter().flat_map(|response| &response.content);
        answers.for_each(|media| add(media.schema.as_ref(), &media.examples, Direction::Response));
    }
    for resource in &api.resources {
        let (Some(schema), Some(rows)) = (&resource.schema, api.mock.seed.get(&resource.name)) else { continue };
        let place = pointer::join("/x-mock/seed", &resource.name);
        found.extend(
            rows.iter().enumerate().map(|(row, value)| (pointer::index(&place, row), schema.clone(), Direction::Response, value.clone())),
        );
    }
    found
}

/// Takes out what the old schema knew and the new one does not.
fn stale(old: &Api, new: &Api, schema: &SchemaId, value: &mut Value) {
    let top = || vec![Spot { id: schema.clone(), marks: Marks { evidence: Evidence::Page, accepted: None } }];
    let mut open: Vec<(String, Vec<Step>)> = vec![(String::new(), Vec::new())];
    while let Some((at, path)) = open.pop() {
        let Some(here) = value.pointer_mut(&at) else { continue };
        match here {
            Value::Array(items) => {
                let below = path.iter().cloned().chain([Step::Item]).collect::<Vec<_>>();
                open.extend((0..items.len()).map(|position| (pointer::index(&at, position), below.clone())));
            }
            Value::Object(members) => {
                let names: Vec<String> = members.keys().cloned().collect();
                for name in names {
                    let below: Vec<Step> = path.iter().cloned().chain([Step::Property(name.clone())]).collect();
                    let is_known = |api: &Api| !matches!(spot::follow(&api.schemas, top(), &below), Way::Until(..));
                    if is_known(old) && !is_known(new) {
                        members.remove(&name);
                    } else {
                        open.push((pointer::join(&at, &name), below));
                    }
                }
            }
            _ => {}
        }
    }
}

/// The smallest edits that make one value the other.
fn differences(at: &str, old: &Value, new: &Value, edits: &mut Vec<Edit>) {
    match (old, new) {
        (Value::Object(own), Value::Object(wanted)) => {
            for (name, value) in own {
                match wanted.get(name) {
                    Some(other) => differences(&pointer::join(at, name), value, other, edits),
                    None => edits.push(Edit::Remove { at: pointer::join(at, name) }),
                }
            }
            let added = wanted.iter().filter(|(name, _)| !own.contains_key(*name));
            edits.extend(added.map(|(key, value)| Edit::Insert { at: at.to_owned(), key: key.clone(), value: value.clone(), after: None }));
        }
        (Value::Array(own), Value::Array(wanted)) if own.len() == wanted.len() => {
            for (position, (own, wanted)) in own.iter().zip(wanted).enumerate() {
                differences(&pointer::index(at, position), own, wanted, edits);
            }
        }
        _ if old != new => edits.push(Edit::Set { at: at.to_owned(), value: new.clone() }),
        _ => {}
    }
}
