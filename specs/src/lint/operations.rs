//! What every operation should tell: a name, what it is for, where it belongs, who may call it, how sure it is, how it
//! refuses, and what its answers look like.

use serde_json::Value;

use crate::{
    api::{Api, Operation, Status},
    document::Document,
    pointer,
    problem::Problems,
};

pub(super) fn lint(document: &Document, api: &Api, problems: &mut Problems) {
    let top = |member: &str| document.value.get(member).is_some();
    for operation in &api.operations {
        let path = pointer::split_last(&operation.pointer).map_or("", |(path, _)| path);
        let says = |at: &str, member: &str| pointer::get(&document.value, &pointer::join(at, member)).is_some();
        let own = |member: &str| says(&operation.pointer, member);
        let is_sure = ["x-docs", "x-evidence"].iter().any(|name| top(name) || own(name) || says(path, name));
        let id = format!("write `operationId: {}`", operation.id);
        let rows = [
            ("operation-id", "`operationId`", operation.documented_id.is_some(), id.as_str()),
            ("operation-summary", "`summary`", !operation.summary.is_empty(), "say in a line what it is for"),
            ("operation-tags", "`tags`", !operation.tags.is_empty(), "name the group that it belongs to"),
            ("operation-security", "`security`", top("security") || own("security"), "say who may call it; `security: []` for everyone"),
            (
                "operation-evidence",
                "`x-docs` and no `x-evidence`",
                is_sure,
                "name the page that it was written from, or say how sure it is",
            ),
            ("no-refusal", "response that refuses", refuses(operation), "add the statuses of refusals with their bodies, or `default`"),
        ];
        for (rule, what, is_there, help) in rows {
            if !is_there {
                problems.warning(rule, &operation.pointer, &format!("`{}` has no {what}", operation.id), help);
            }
        }
        examples(operation, problems);
    }
}

fn refuses(operation: &Operation) -> bool {
    operation.responses.iter().any(|response| match response.status {
        Status::Exactly(code) => code >= 400,
        Status::Range(hundreds) => hundreds >= 4,
        Status::Default => true,
    })
}

/// JSON answers without an example: of one that has several names for the same, the first is enough.
fn examples(operation: &Operation, problems: &mut Problems) {
    for response in &operation.responses {
        let Some(media) = response.content.iter().find(|media| media.is_json()) else { continue };
        if media.schema.is_some() && media.examples.iter().all(|example| example.value == Value::Null) {
            let message = format!("an answer of `{}` has no example", operation.id);
            problems.warning("no-example", &media.pointer, &message, "add `example` to the media type, or to its schema");
        }
    }
}
