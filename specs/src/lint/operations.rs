//! What every operation should tell: a name, what it is for, where it belongs, who may call it, and how it refuses.

use crate::{
    api::{Api, Operation, Status},
    document::Document,
    pointer,
    problem::Problems,
};

pub(super) fn lint(document: &Document, api: &Api, problems: &mut Problems) {
    let is_secured = document.value.get("security").is_some();
    for operation in &api.operations {
        let lacking = lacking(document, operation, is_secured);
        if !lacking.is_empty() {
            let message = format!("`{}` has no {}", operation.id, lacking.join(", no "));
            let help = "write them: clients, tests and pages are made of them";
            problems.warning("incomplete-operation", &operation.pointer, &message, help);
        }
    }
}

fn lacking(document: &Document, operation: &Operation, is_secured: bool) -> Vec<&'static str> {
    let says = |member: &str| pointer::get(&document.value, &pointer::join(&operation.pointer, member)).is_some();
    let refuses = operation.responses.iter().any(|response| match response.status {
        Status::Exactly(code) => code >= 400,
        Status::Range(hundreds) => hundreds >= 4,
        Status::Default => true,
    });
    let all = [
        ("`operationId`", operation.documented_id.is_some()),
        ("`summary`", !operation.summary.is_empty()),
        ("`tags`", !operation.tags.is_empty()),
        ("`security`", is_secured || says("security")),
        ("response that refuses", refuses),
    ];
    all.into_iter().filter(|(_, is_there)| !is_there).map(|(what, _)| what).collect()
}
