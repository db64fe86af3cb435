//! Laws of what the server sets by itself: keys, times, and what a document marks as read-only.

use specs::{
    api::SchemaId,
    resources::{Action, Role},
};

use super::{Sheet, changes::law, words};
use crate::{
    case::{Law, Unsettable},
    laws::stamps::stamps,
    rule,
};

pub(super) fn fill(sheet: &mut Sheet<'_>) {
    let both = [rule::SERVER_SET, rule::STAMPS];
    let Some(role) = &sheet.operation.role else { return sheet.none_of(&both, "what it does is unknown") };
    if !matches!(role.action, Action::Create | Action::Update | Action::Replace) {
        return sheet.none_of(&both, "it sets nothing");
    }
    if sheet.suite.sights(&role.resource, |_| true).is_empty() {
        return sheet.none_of(&both, &format!("nothing reads or lists `{}`", role.resource));
    }
    unsettable(sheet, role);
    if stamps(sheet.suite, &role.resource).is_empty() {
        sheet.none(rule::STAMPS, "", "an item shows no time that the server sets");
    } else if role.action == Action::Create {
        law(sheet, rule::STAMPS, "", "times_do_not_run_backwards", Law::Stamps);
    } else {
        law(sheet, rule::STAMPS, "", "times_do_not_run_backwards_when_it_changes", Law::Stamps);
    }
}

fn unsettable(sheet: &mut Sheet<'_>, role: &Role) {
    let suite = sheet.suite;
    let Some(item) = suite.resource(&role.resource).and_then(|resource| resource.schema.clone()) else {
        return sheet.none(rule::SERVER_SET, "", "nothing says what an item is");
    };
    let Some(sent) = suite.sent(sheet.operation) else { return sheet.none(rule::SERVER_SET, "", "it takes no body of a known schema") };
    let mut is_any = false;
    for (path, shown) in suite.properties(&role.resource, &item) {
        let Some(is_marked) = is_of_server(sheet, role, &path, &shown, &sent) else { continue };
        is_any = true;
        let place = format!("/{path}");
        if suite.is_seen(sheet.operation, &path) {
            let name = format!("does_not_take_{}", words(&place));
            law(sheet, rule::SERVER_SET, &place, &name, Law::Unsettable(Unsettable { property: path, is_marked }));
        } else {
            sheet.none(rule::SERVER_SET, &place, "an item does not show it");
        }
    }
    if !is_any {
        sheet.none(rule::SERVER_SET, "", "an item has nothing that is known to be the server's to set");
    }
}

/// Whether only the server sets a property, and whether the document says so; nothing where a request may.
fn is_of_server(sheet: &Sheet<'_>, role: &Role, path: &str, shown: &SchemaId, sent: &SchemaId) -> Option<bool> {
    let suite = sheet.suite;
    let schemas = &suite.api.schemas;
    let taken = suite.part(sent, path);
    let key = suite.key(&role.resource);
    if taken.as_ref().is_some_and(|taken| !schemas.is_marked(taken, "readOnly")) {
        return None;
    }
    // A request that repeats the key of its item says nothing new.
    let is_named = |(_, place): &(String, specs::resources::Place)| place.to_string().ends_with(&format!("/{path}"));
    if role.parents.iter().any(is_named) || path == key && role.key.is_some() && role.action == Action::Create {
        return None;
    }
    if taken.is_some() || schemas.is_marked(shown, "readOnly") {
        return Some(true);
    }
    let is_known = path == key || stamps(suite, &role.resource).iter().any(|(stamp, _)| stamp == path);
    is_known.then_some(false)
}
