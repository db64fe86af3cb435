//! Schemas that say two things at once.

use serde_json::{Map, Value};

use super::walk;
use crate::{api::Api, pointer, problem::Problems};

pub(super) fn lint(api: &Api, problems: &mut Problems) {
    let mut lint = Lint { api, at: String::new(), problems };
    walk::schemas(api.schemas.root(), &mut |at, object| {
        at.clone_into(&mut lint.at);
        lint.schema(object);
    });
}

struct Lint<'w, 'd> {
    api: &'w Api,
    at: String,
    problems: &'w mut Problems<'d>,
}

impl Lint<'_, '_> {
    fn schema(&mut self, object: &Map<String, Value>) {
        let types = types(object);
        for (name, value) in object
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|value| !fits(value, &types))
            .map(|value| ("enum", value))
        {
            let message = format!("{value} in `enum` is none of the type `{}`", types.join("`, `"));
            let place = pointer::join(&self.at, name);
            self.problems.error("enum-type", &place, &message, "quote it, or correct the type");
        }
        if types.contains(&"array") && !object.contains_key("items") && !object.contains_key("prefixItems") {
            self.problems.warning("array-without-items", &self.at, "the array does not say what it holds", "add `items`");
        }
        for (limits, least, most) in
            [("length", "minLength", "maxLength"), ("value", "minimum", "maximum"), ("count of items", "minItems", "maxItems")]
        {
            let number = |name: &str| object.get(name).and_then(Value::as_f64);
            if let (Some(low), Some(high)) = (number(least), number(most))
                && low > high
            {
                let message = format!("no {limits} is at least {low} and at most {high}");
                self.problems.error("empty-range", &pointer::join(&self.at, least), &message, "correct one of the two limits");
            }
        }
        self.mapping(object);
    }

    fn mapping(&mut self, object: &Map<String, Value>) {
        let mapping = object.get("discriminator").and_then(|discriminator| discriminator.get("mapping")).and_then(Value::as_object);
        for (value, target) in mapping.into_iter().flatten() {
            if target.as_str().is_none_or(|target| self.api.schemas.target(target).is_none()) {
                let place = format!("{}/discriminator/mapping", self.at);
                let message = format!("the mapping of `{value}` to {target} names no schema of the document");
                self.problems.error("dangling-mapping", &pointer::join(&place, value), &message, "write `'#/components/schemas/…'`");
            }
        }
    }
}

fn types(object: &Map<String, Value>) -> Vec<&str> {
    match object.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn fits(value: &Value, types: &[&str]) -> bool {
    types.is_empty()
        || types.iter().any(|name| match *name {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            _ => value.is_number(),
        })
}
