//! Links of answers are followed.

use specs::api::Status;

use super::{Sheet, changes::law};
use crate::{case::Law, rule};

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let operation = sheet.operation;
    if operation.responses.iter().all(|response| response.links.is_empty()) {
        return sheet.none(rule::LINK, "", "its answers have no links");
    }
    for response in &operation.responses {
        let is_success = match response.status {
            Status::Exactly(code) => (200..300).contains(&code),
            Status::Range(hundreds) => hundreds == 2,
            Status::Default => operation.success().is_some_and(|success| success.status == Status::Default),
        };
        for link in &response.links {
            if !is_success {
                sheet.none(rule::LINK, &link.name, "it is a link of a refusal");
            } else if link.operation.is_none() {
                sheet.none(rule::LINK, &link.name, "it leads out of the document");
            } else {
                let name = format!("follows_the_link_{}", link.name);
                law(sheet, rule::LINK, &link.name, &name, Law::Link(response.status, link.name.clone()));
            }
        }
    }
}
