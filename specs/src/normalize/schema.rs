//! One Schema Object becomes JSON Schema 2020-12.

use serde_json::{Map, Number, Value, json};

use super::{Dialect, Reference, Walk, anchors::Meaning, keywords, references, shape::Kind};

/// Members that describe a schema and constrain nothing; they stay outside when a schema is wrapped.
const ANNOTATIONS: &[&str] =
    &["title", "description", "default", "example", "examples", "readOnly", "writeOnly", "deprecated", "externalDocs", "xml", "$comment"];

/// Members that would make references mean something else; documents here are one file with one base.
const BASES: &[&str] = &["$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary"];

pub(super) const TYPES: &[&str] = &["null", "boolean", "object", "array", "number", "string", "integer"];

impl Walk<'_, '_> {
    /// Converts the schema at the place where the walk is, and those below it.
    pub(super) fn schema(&mut self, value: &mut Value) {
        if value.is_boolean() {
            return;
        }
        let Value::Object(object) = value else {
            self.problems.error("not-a-schema", &self.at, "what stands here is no schema", "write a mapping");
            *value = json!({});
            return;
        };
        if self.dialect == Dialect::V30 && object.get("$ref").is_some_and(Value::is_string) {
            self.drop_siblings(object);
        }
        self.clear_values(object);
        self.required_properties(object);
        self.drop_misfits(object);
        self.patterns(object);
        self.type_word(object);
        self.type_words(object);
        self.types(object);
        self.misplaced_enum(object);
        self.nullable(object);
        self.join_siblings(object);
        self.reference(object);
        limits(object);
        mapping(object);
        for (name, shape, kind) in Kind::Schema.members() {
            if let Some(member) = object.get_mut(*name) {
                self.below(name, |walk| walk.visit_shape(member, *shape, *kind));
            }
        }
    }

    /// Notes a `$ref` with its target as a plain pointer.
    fn reference(&mut self, object: &mut Map<String, Value>) {
        let dynamic = object.shift_remove("$dynamicRef").filter(|_| !object.contains_key("$ref"));
        let meaning = match (&dynamic, object.get("$ref")) {
            (Some(Value::String(reference)), _) => self.anchors.dynamic(self.written, &self.at, reference),
            (_, Some(Value::String(reference))) => self.anchors.meaning(self.written, &self.at, reference),
            (None, None) => return,
            _ => Meaning::Elsewhere,
        };
        let reference = dynamic.as_ref().or(object.get("$ref")).cloned().unwrap_or_default();
        let Some(target) = self.target(meaning, &reference) else {
            object.shift_remove("$ref");
            return;
        };
        object.insert("$ref".to_owned(), format!("#{target}").into());
        self.references.push(Reference { from: self.at.clone(), to: target });
    }

    /// The place that a reference means, with a problem when that is none or not sure.
    fn target(&mut self, meaning: Meaning, reference: &Value) -> Option<String> {
        match meaning {
            Meaning::Place(place) => return Some(place),
            Meaning::Nearest(place) => {
                let message = format!("which schema {reference} means depends on who refers to it; the nearest is taken");
                let help = "refer to the schema by `$ref`, or give its anchor another name";
                self.problems.warning("dynamic-ref", &self.at, &message, help);
                return Some(place);
            }
            Meaning::NoAnchor => {
                let message = format!("no schema has the anchor that {reference} names");
                self.problems.error("dangling-ref", &self.at, &message, "add `$anchor` where it is meant, or correct the name");
            }
            Meaning::Elsewhere => {
                let message = format!("`$ref` to {reference} leads out of the document");
                let help = "put the schema under `components/schemas` and refer to it as `#/components/schemas/…`";
                self.problems.error("external-ref", &self.at, &message, help);
            }
        }
        None
    }

    /// In OpenAPI 3.1 what stands beside a `$ref` counts too: both must be met.
    fn join_siblings(&mut self, object: &mut Map<String, Value>) {
        let is_alone = |object: &Map<String, Value>| {
            !object.keys().any(|name| is_constraint(name) && !matches!(name.as_str(), "$ref" | "$dynamicRef" | "$defs" | "definitions"))
        };
        if self.dialect == Dialect::V30 || is_alone(object) {
            return;
        }
        for keyword in ["$ref", "$dynamicRef"] {
            let Some(reference) = object.shift_remove(keyword) else { continue };
            let part = json!({ keyword: reference });
            match object.get_mut("allOf") {
                Some(Value::Array(parts)) => parts.push(part),
                _ => drop(object.insert("allOf".to_owned(), json!([part]))),
            }
        }
    }

    /// OpenAPI 3.0 ignores what stands beside a `$ref`.
    fn drop_siblings(&mut self, object: &mut Map<String, Value>) {
        let lost: Vec<&str> = object.keys().map(String::as_str).filter(|name| *name != "$ref" && is_constraint(name)).collect();
        if !lost.is_empty() {
            let message = format!("`{}` beside `$ref` is ignored in OpenAPI 3.0", lost.join("`, `"));
            self.problems.warning("ref-siblings", &self.at, &message, "write `allOf: [{$ref: …}]` and put the rest beside `allOf`");
        }
        object.retain(|name, _| name == "$ref");
    }

    fn drop_misfits(&mut self, object: &mut Map<String, Value>) {
        for keyword in BASES {
            if object.get(*keyword).is_some_and(Value::is_string) {
                object.shift_remove(*keyword);
            }
        }
        let exclusive = |keyword: &str, value: &Value| keyword.starts_with("exclusive") && value.is_boolean();
        if self.dialect == Dialect::V31
            && let Some((keyword, _)) = object.iter().find(|(keyword, value)| exclusive(keyword, value))
        {
            let message = format!("`{keyword}` takes a number in OpenAPI 3.1; it is read as in 3.0");
            let help = format!("write the limit itself as `{keyword}`");
            self.problems.warning("schema-keyword", &crate::pointer::join(&self.at, keyword), &message, &help);
        }
        let misfits: Vec<_> = object
            .iter()
            .filter(|(keyword, value)| !exclusive(keyword, value))
            .filter_map(|(keyword, value)| keywords::misfit(keyword, value).map(|expected| (keyword.clone(), expected)))
            .collect();
        for (keyword, expected) in misfits {
            object.shift_remove(&keyword);
            let message = format!("`{keyword}` takes {}", expected.words());
            self.below(&keyword, |walk| walk.problems.error("schema-keyword", &walk.at, &message, "correct or remove it"));
        }
    }

    fn types(&mut self, object: &mut Map<String, Value>) {
        let known = |name: &Value| name.as_str().is_some_and(|name| TYPES.contains(&name));
        let is_fine = match object.get("type") {
            None => return,
            Some(Value::Array(several)) => !several.is_empty() && several.iter().all(known),
            Some(one) => known(one),
        };
        if !is_fine {
            let message = format!("the type {} is unknown", object["type"]);
            let help = format!("write one of `{}`", TYPES.join("`, `"));
            self.below("type", |walk| walk.problems.error("schema-type", &walk.at, &message, &help));
            object.shift_remove("type");
        }
    }

    /// `nullable: true` admits null, where `null` can be said: in the type, in the enum, or as an alternative.
    fn nullable(&mut self, object: &mut Map<String, Value>) {
        let Some(nullable) = object.shift_remove("nullable") else { return };
        if self.dialect == Dialect::V31 {
            self.problems.warning("nullable", &self.at, "`nullable` is gone in OpenAPI 3.1; it is read as in 3.0", "add `null` to `type`");
        }
        if nullable != Value::Bool(true) {
            return;
        }
        if let Some(Value::Array(values)) = object.get_mut("enum")
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
        match object.get_mut("type") {
            Some(Value::Array(several)) if !several.iter().any(|one| one == "null") => several.push("null".into()),
            Some(one) if one.is_string() && one != "null" => *one = json!([one.take(), "null"]),
            _ => {}
        }
        let is_composed = ["allOf", "anyOf", "oneOf", "not", "$ref", "const"].iter().any(|keyword| object.contains_key(*keyword));
        if is_composed {
            wrap(object);
        }
    }
}

/// Exclusive limits are numbers, and a format's range is a limit.
fn limits(object: &mut Map<String, Value>) {
    for (exclusive, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        let Some(Value::Bool(applies)) = object.get(exclusive) else { continue };
        let applies = *applies;
        object.shift_remove(exclusive);
        if applies && let Some(number) = object.shift_remove(limit) {
            object.insert(exclusive.to_owned(), number);
        }
    }
    let is_integer = has_type(object, "integer");
    let Some((least, most)) = object.get("format").and_then(Value::as_str).filter(|_| is_integer).and_then(range) else { return };
    for (limit, exclusive, value) in [("minimum", "exclusiveMinimum", least), ("maximum", "exclusiveMaximum", most)] {
        if !object.contains_key(exclusive) {
            object.entry(limit).or_insert(Value::Number(value));
        }
    }
}

/// The whole numbers of a format.
fn range(format: &str) -> Option<(Number, Number)> {
    Some(match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        "int32" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (u8::MIN.into(), u8::MAX.into()),
        "uint16" => (u16::MIN.into(), u16::MAX.into()),
        "uint32" => (u32::MIN.into(), u32::MAX.into()),
        "uint64" => (u64::MIN.into(), u64::MAX.into()),
        _ => return None,
    })
}

/// Makes a discriminator's mapping complete: an entry for each alternative that is a `$ref`, all as `#/…`.
fn mapping(object: &mut Map<String, Value>) {
    let alternatives: Vec<String> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| object.get(*keyword)?.as_array())
        .flatten()
        .filter_map(|alternative| references::local(alternative.get("$ref")?.as_str()?))
        .collect();
    let Some(Value::Object(discriminator)) = object.get_mut("discriminator") else { return };
    let mut mapping = Map::new();
    for (value, target) in discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten() {
        let Some(target) = target.as_str() else { continue };
        let local = references::local(target).unwrap_or_else(|| crate::pointer::join("/components/schemas", target));
        mapping.insert(value.clone(), format!("#{local}").into());
    }
    for target in alternatives {
        let target_reference = Value::String(format!("#{target}"));
        if !mapping.values().any(|mapped| *mapped == target_reference) {
            let name = crate::pointer::split_last(&target).map(|(_, name)| name).unwrap_or_default();
            mapping.entry(name).or_insert(target_reference);
        }
    }
    if !mapping.is_empty() {
        discriminator.insert("mapping".to_owned(), mapping.into());
    }
}

/// Moves the constraints into an alternative beside null, and leaves the annotations where they are.
fn wrap(object: &mut Map<String, Value>) {
    let (outer, inner): (Map<_, _>, Map<_, _>) = std::mem::take(object).into_iter().partition(|(name, _)| !is_constraint(name));
    *object = outer;
    object.insert("anyOf".to_owned(), json!([inner, { "type": "null" }]));
}

/// Whether a member of a schema says what values fit.
pub(crate) fn is_constraint(name: &str) -> bool {
    !name.starts_with("x-") && !ANNOTATIONS.contains(&name)
}

fn has_type(object: &Map<String, Value>, wanted: &str) -> bool {
    match object.get("type") {
        Some(Value::String(one)) => one == wanted,
        Some(Value::Array(several)) => several.iter().any(|one| one == wanted),
        _ => false,
    }
}
