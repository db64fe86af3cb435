//! Variables of paths that no parameter declares: they are text, whatever else they may be.

use serde_json::{Value, json};

use super::{queries::apart, references::local};
use crate::{pointer, problem::Problems};

pub(super) const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Declares the variables of paths that operations leave out, and tells of each.
pub(super) fn declare(root: &mut Value, problems: &mut Problems) {
    for (operation, name) in undeclared(root) {
        let message = format!("the path variable `{name}` has no parameter; it is taken for text");
        let help = format!("add `{{name: {name}, in: path, required: true, schema: {{type: string}}}}` to `parameters`");
        problems.warning("undeclared-path-variable", &operation, &message, &help);
        let parameters = pointer::create(root, &pointer::join(&operation, "parameters"));
        if let Some(parameters) = parameters {
            if parameters.is_null() {
                *parameters = json!([]);
            }
            if let Value::Array(parameters) = parameters {
                parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
            }
        }
    }
}

/// Places of operations, each with the name of a variable that they leave out.
fn undeclared(root: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let variables = names(path);
        if variables.is_empty() || item.get("$ref").is_some() {
            continue;
        }
        let shared = declared(root, item);
        for method in METHODS {
            let Some(operation) = item.get(*method).filter(|operation| operation.is_object()) else { continue };
            let own = declared(root, operation);
            let missing = variables.iter().filter(|name| !shared.contains(name) && !own.contains(name));
            let at = ["paths", path, method].iter().fold(String::new(), |at, token| pointer::join(&at, token));
            found.extend(missing.map(|name| (at.clone(), (*name).to_owned())));
        }
    }
    found
}

/// The variables of a path; none where its braces do not match, which is told elsewhere.
fn names(key: &str) -> Vec<&str> {
    let (path, ..) = apart(key);
    if path.matches('{').count() != path.matches('}').count() {
        return Vec::new();
    }
    let mut names: Vec<&str> = path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
    names.retain(|name| !name.is_empty());
    names.dedup();
    names
}

/// The names of the path parameters of a path or an operation.
fn declared<'r>(root: &'r Value, value: &'r Value) -> Vec<&'r str> {
    let parameters = value.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let parameters = parameters.filter_map(|parameter| follow(root, parameter)).filter(|parameter| is_in_path(parameter));
    parameters.filter_map(|parameter| parameter.get("name")?.as_str()).collect()
}

fn is_in_path(parameter: &Value) -> bool {
    parameter.get("in").is_some_and(|place| place == "path")
}

/// A parameter at the end of its references, of which there are few in a row.
pub(super) fn follow<'r>(root: &'r Value, mut parameter: &'r Value) -> Option<&'r Value> {
    for _ in 0..8 {
        let Some(reference) = parameter.get("$ref").and_then(Value::as_str) else { return Some(parameter) };
        parameter = pointer::get(root, &local(reference)?)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn variables_are_named_between_braces() {
        let rows: [(&str, &[&str]); 5] =
            [("/a", &[]), ("/{a}/b/{c}", &["a", "c"]), ("/{a}.{b}", &["a", "b"]), ("/{a", &[]), ("/{a}/{a}", &["a"])];
        for (path, expected) in rows {
            assert_eq!(names(path), expected, "{path}");
        }
    }
}
