//! OpenAPI Overlays 1.0: changes to a document that is not ours to change, in a file of their own.
//!
//! An overlay is applied to the document with all its files bundled, so that a target may stand in any of them, and
//! before Swagger is converted, so that targets are those of the vendor's file. What an overlay says is told as being in
//! the overlay. A document may itself be an overlay that `extends` another file: then that is the document.

mod action;
mod merge;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value;

use crate::{
    bundle::{self, Homes},
    document::{
        self, Document, Overlay, Source,
        origin::{File, Layer, Origin},
    },
    pointer,
    problem::{Problem, Severity},
};

/// An overlay that is to be applied: its place among the document's files, and what it says.
pub(crate) struct Applied {
    file: usize,
    value: Value,
}

/// Where a document is an overlay that extends another file, that file takes its place, and the overlay is returned.
pub(crate) fn extended(document: &mut Document, source: &Source, problems: &mut Vec<Problem>) -> Option<Applied> {
    let is_document = ["openapi", "swagger"].iter().any(|name| document.value.get(name).is_some());
    if is_document || document.value.get("overlay").is_none() {
        return None;
    }
    let Some(path) = document.value.get("extends").and_then(Value::as_str).map(str::to_owned) else {
        let message = "the file is an overlay, and does not say which document it extends";
        problems.push(document.problem(
            Severity::Error,
            "overlay",
            "/overlay",
            message,
            "add `extends: vendor.yaml`, or give it by `--overlay`",
        ));
        return None;
    };
    let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
    let text = match source.beside(&path).map_err(|error| error.to_string()) {
        Ok(text) if !path.contains("://") && !path.starts_with('/') => text,
        text => {
            let why = text.err().unwrap_or_else(|| "it is no path relative to the overlay".to_owned());
            let help = "add the file, or correct the path; it is relative to the overlay, and nothing is fetched";
            problems.push(document.problem(Severity::Error, "missing-file", "/extends", &format!("`{path}` cannot be read: {why}"), help));
            return None;
        }
    };
    let (file, value, mut found) = document::parse(source.path_of(&path), path.clone(), &text);
    problems.append(&mut found);
    let overlay = std::mem::replace(&mut document.value, value.unwrap_or_default());
    let position = document.add_file(file);
    let mut layer = Layer::default();
    layer.taken("", Origin { file: position, pointer: String::new() });
    document.add_layer(layer);
    document.root = path;
    Some(Applied { file: 0, value: overlay })
}

/// Applies the overlays of a document, and takes in the files that they refer to.
pub(crate) fn apply(document: &mut Document, own: Option<Applied>, source: &Source, homes: &mut Homes, problems: &mut Vec<Problem>) {
    let mut overlays: Vec<Applied> = own.into_iter().collect();
    overlays.extend(source.overlays.iter().filter_map(|overlay| read(document, overlay, problems)));
    if overlays.is_empty() {
        return;
    }
    for overlay in &overlays {
        let file = Arc::clone(document.file_at(overlay.file));
        check(document, overlay, &file, problems);
        let actions = overlay.value.get("actions").and_then(Value::as_array);
        for (position, action) in actions.into_iter().flatten().enumerate() {
            let place = pointer::index("/actions", position);
            if let Err(wrong) = action::perform(document, overlay.file, action, &place) {
                problems.push(file.problem_at(wrong.severity, "overlay", &wrong.pointer, &wrong.message, wrong.help));
            }
        }
    }
    bundle::again(document, source, homes, problems);
}

fn read(document: &mut Document, overlay: &Overlay, problems: &mut Vec<Problem>) -> Option<Applied> {
    let (file, value, mut found) = document::parse(overlay.file.clone(), String::new(), &overlay.text);
    problems.append(&mut found);
    let file = document.add_file(file);
    Some(Applied { file, value: value? })
}

/// Whether it is an overlay at all, and for this document.
fn check(document: &Document, overlay: &Applied, file: &File, problems: &mut Vec<Problem>) {
    let mut tell =
        |severity, pointer: &str, message: &str, help| problems.push(file.problem_at(severity, "overlay", pointer, message, help));
    let version = overlay.value.get("overlay").map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned));
    match version {
        None => tell(Severity::Error, "", "the file has no `overlay`, so it is no overlay", "write `overlay: 1.0.0`"),
        Some(version) if version.starts_with("1.0") => {}
        Some(version) => {
            tell(Severity::Warning, "/overlay", &format!("Overlay `{version}` is read as 1.0"), "write `overlay: 1.0.0`");
        }
    }
    if !overlay.value.get("actions").is_some_and(Value::is_array) {
        tell(Severity::Error, "/actions", "the overlay has no list of `actions`", "add `actions: [{target: …, update: …}]`");
    }
    let last = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let extends = overlay.value.get("extends").and_then(Value::as_str).filter(|extends| overlay.file > 0 && !extends.contains("://"));
    if let Some(extends) = extends.filter(|extends| last(extends) != last(&document.file)) {
        let message = format!("the overlay extends `{extends}`, and is applied to `{}`", document.file);
        tell(Severity::Warning, "/extends", &message, "correct `extends`, or give the overlay with its document");
    }
}
