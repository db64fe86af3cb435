//! Problems that have one right answer, and the edits that are it.
//!
//! What a person has to decide (which of two parameters goes, whether a component is to be used or taken out, what an
//! operation is for) is nobody's to mend here.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::{
    document::{Document, Source},
    edit::Edit,
    nearest::nearest,
    pointer,
    problem::Problem,
};

/// A problem with the edit that mends it. The place of the edit is one of [`Document::value`].
#[derive(Clone, Debug, PartialEq)]
pub struct Fix {
    /// The problem.
    pub problem: Problem,
    /// The edit.
    pub edit: Edit,
    /// What it does; a lower-case fragment.
    pub does: String,
}

/// What of a document's problems can be mended. Only a document that can be loaded is.
#[must_use]
pub fn fixes(source: &Source) -> Vec<Fix> {
    let loaded = super::check(source);
    let (Some(document), Some(api)) = (&loaded.document, &loaded.api) else { return Vec::new() };
    let mut fixes = Vec::new();
    let mut places = HashSet::new();
    for problem in &loaded.problems {
        // A problem has the place where it was written; an edit needs the one in the document.
        if document.origin(&problem.pointer).pointer != problem.pointer || problem.file != document.file {
            continue;
        }
        let id = || api.operations.iter().find(|operation| operation.pointer == problem.pointer).map(|operation| operation.id.clone());
        let fix = match problem.rule {
            "operation-id" => id().and_then(|id| operation_id(document, problem, &id)),
            "repeated-value" => repeated(document, problem),
            "optional-path-parameter" => required(document, problem),
            "extension-name" => renamed(document, problem),
            "empty-member" => Some((Edit::Remove { at: problem.pointer.clone() }, format!("removes `{}`, which is empty", last(problem)))),
            _ => None,
        };
        if let Some((edit, does)) = fix.filter(|(edit, _)| places.insert(edit.at().to_owned())) {
            fixes.push(Fix { problem: problem.clone(), edit, does });
        }
    }
    fixes
}

fn operation_id(document: &Document, problem: &Problem, id: &str) -> Option<(Edit, String)> {
    let operation = object(document, &problem.pointer)?;
    let after = operation.contains_key("summary").then(|| "summary".to_owned());
    let (at, key, value) = (problem.pointer.clone(), "operationId".to_owned(), Value::from(id));
    let is_free = !operation.contains_key("operationId");
    is_free.then(|| (Edit::Insert { at, key, value, after }, format!("writes `operationId: {id}`")))
}

fn repeated(document: &Document, problem: &Problem) -> Option<(Edit, String)> {
    let values = pointer::get(&document.value, &problem.pointer)?.as_array()?;
    let mut seen = HashSet::new();
    let position = values.iter().position(|value| !seen.insert(value.to_string()))?;
    Some((Edit::Remove { at: pointer::index(&problem.pointer, position) }, format!("removes {} the second time", values[position])))
}

fn required(document: &Document, problem: &Problem) -> Option<(Edit, String)> {
    let parameter = object(document, &problem.pointer)?;
    let at = pointer::join(&problem.pointer, "required");
    let edit = if parameter.contains_key("required") {
        Edit::Set { at, value: Value::Bool(true) }
    } else if parameter.contains_key("$ref") {
        return None;
    } else {
        let after = parameter.contains_key("in").then(|| "in".to_owned());
        Edit::Insert { at: problem.pointer.clone(), key: "required".to_owned(), value: Value::Bool(true), after }
    };
    Some((edit, "writes `required: true`".to_owned()))
}

fn renamed(document: &Document, problem: &Problem) -> Option<(Edit, String)> {
    let (above, name) = pointer::split_last(&problem.pointer)?;
    let meant = nearest(&name, super::extensions::names())?.to_owned();
    let is_free = !object(document, above)?.contains_key(&meant);
    let does = format!("writes `{meant}` for `{name}`");
    is_free.then(|| (Edit::Rename { at: problem.pointer.clone(), key: meant }, does))
}

fn object<'d>(document: &'d Document, at: &str) -> Option<&'d Map<String, Value>> {
    pointer::get(&document.value, at)?.as_object()
}

fn last(problem: &Problem) -> String {
    pointer::split_last(&problem.pointer).map(|(_, last)| last).unwrap_or_default()
}
