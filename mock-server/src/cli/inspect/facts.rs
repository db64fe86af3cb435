//! From the model to a sheet: every fact that the mock goes by, with the reason that inference kept for it.

use specs::{
    Api,
    api::{Evidence, MediaType, Mock, Operation},
    resources::{self, Aspect, DECLARED, Effect, Inference, Place, Resource, Role, Sureness},
};

use super::{sheet::Sheet, told};
use mock_server::engine::login_fact;

/// What is known of a document.
pub(crate) fn sheet(api: &Api) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.section(format!("{}: {}, version {} ({})", api.name, api.title, api.version, api.file));
    about(api, &mut sheet);
    for resource in &api.resources {
        sheet.section(format!("resource {}", resource.name));
        kept(api, resource, &mut sheet);
    }
    for operation in &api.operations {
        sheet.section(format!("{}  {} {}", operation.id, operation.method, operation.path));
        done(api, operation, &mut sheet);
    }
    told::sheet(api, &mut sheet);
    sheet.section("in all".to_owned());
    counted(api, &mut sheet);
    sheet
}

/// How much of the document is known.
fn counted(api: &Api, sheet: &mut Sheet) {
    let roles: Vec<_> = api.operations.iter().filter_map(|operation| Some((operation, operation.role.as_ref()?))).collect();
    let sure = roles.iter().filter(|(operation, role)| resources::sureness(api, operation, role).0 == Sureness::Sure).count();
    sheet.say("operations", api.operations.len().to_string(), "");
    sheet.say("with state", format!("{}, {sure} of them for sure", roles.len()), "");
    sheet.say("by example", (api.operations.len() - roles.len()).to_string(), "");
}

fn about(api: &Api, sheet: &mut Sheet) {
    for server in &api.servers {
        sheet.say("server", server.url.as_str(), DECLARED);
    }
    for scheme in api.schemes.values() {
        let example = scheme.credentials.example.as_deref();
        sheet.say("credentials", format!("{}: {}", scheme.name, scheme.sent_as()), DECLARED);
        let example = example.map_or_else(|| "any that is well formed".to_owned(), |example| format!("such as {example}"));
        sheet.say("credentials", example, if scheme.credentials.example.is_some() { DECLARED } else { "nothing says more" });
        for holder in &scheme.credentials.others {
            let scopes = holder.scopes.as_ref().map(|scopes| format!(", good for {}", scopes.join(" and "))).unwrap_or_default();
            sheet.say("credentials", format!("also {}{scopes}", holder.credential), DECLARED);
        }
        for invalid in &scheme.credentials.invalid {
            sheet.say("credentials", format!("not {invalid}"), DECLARED);
        }
        for expired in &scheme.credentials.expired {
            sheet.say("credentials", format!("no longer {expired}"), DECLARED);
        }
        for revoked in &scheme.credentials.revoked {
            sheet.say("credentials", format!("no more {revoked}"), DECLARED);
        }
        if scheme.credentials.only {
            sheet.say("credentials", "and no others", DECLARED);
        }
        for flow in &scheme.flows {
            if let Some(url) = &flow.token_url {
                sheet.say("tokens", format!("{}: {url}", scheme.name), DECLARED);
            }
        }
    }
    if api.rate_limits.is_empty() {
        sheet.say("limits", "none", "nothing declares one");
    }
    for limit in &api.rate_limits {
        sheet.say("limits", format!("{}: {} in {} s", limit.name, limit.limit, limit.window), DECLARED);
        for (header, holds) in &limit.headers {
            sheet.say("limits", format!("header {header}: {}", holds.as_str()), DECLARED);
        }
    }
    for (name, rows) in &api.mock.seed {
        sheet.say("rows", format!("{} of {name} at the start", rows.len()), DECLARED);
    }
}

fn kept(api: &Api, resource: &Resource, sheet: &mut Sheet) {
    let why = |about, is_it: &dyn Fn(&str) -> bool| reason(&resource.why, about, is_it);
    let schema = resource.schema.as_ref().map(|schema| schema.component().unwrap_or_else(|| schema.pointer().to_owned()));
    sheet.say("schema", schema.unwrap_or_else(|| "none".to_owned()), why(Aspect::Schema, &|_| true));
    let key = if resource.single { "none, there is one" } else { resource.key.as_str() };
    sheet.say("key", key, why(Aspect::Key, &|_| true));
    if !resource.scope.is_empty() && !resource.single {
        sheet.say("key", format!("another under each {}", resource.scope.join(" and ")), "clients choose it, and paths name both");
    }
    for parent in &resource.parents {
        let says = format!("{} by {}", parent.resource, parent.property);
        let reason = why(Aspect::Parents, &|what| what.ends_with(&says));
        sheet.say("parents", says, reason);
        let is_closed = api.mock.seed.contains_key(&parent.resource) || api.resources.iter().any(|known| known.name == parent.resource);
        if !is_closed {
            sheet.say("parents", format!("any {} that is valid exists", parent.property), "no row and no operation makes one");
        }
    }
    sheet.say("order", resource.order.as_str(), why(Aspect::Order, &|_| true));
    for (operation, role) in &resource.asleep {
        sheet.say("asleep", format!("{operation} would {}", role.action.as_str()), "nothing makes rows");
    }
}

fn done(api: &Api, operation: &Operation, sheet: &mut Sheet) {
    if !operation.scopes.is_empty() {
        sheet.say("scopes", operation.scopes.join(" and "), DECLARED);
    }
    if operation.evidence != Evidence::Page {
        sheet.say("evidence", operation.evidence.as_str(), DECLARED);
    }
    match &operation.role {
        Some(role) => {
            acted(role, sheet);
            let (sure, why) = resources::sureness(api, operation, role);
            sheet.say("how sure", sure.as_str(), why);
        }
        None => advised(api, operation, sheet),
    }
    if let Some((what, why)) = login_fact(api, operation) {
        sheet.say("login", what, why);
    }
    made(&operation.mock, sheet);
    let mut untyped: Vec<&str> =
        operation.responses.iter().flat_map(|response| &response.content).filter(|media| media.is_xml()).map(MediaType::essence).collect();
    untyped.dedup();
    for name in untyped {
        sheet.say("answers", format!("{name}, by example as text, else as the text of JSON"), "XML is not written");
    }
}

/// What an operation without a role does, and what would give it one.
fn advised(api: &Api, operation: &Operation, sheet: &mut Sheet) {
    let advice = resources::advice(api, operation);
    let why = advice.as_ref().map_or("no role fits for certain, or none is wanted", |advice| advice.why.as_str());
    sheet.say("does", "answers by example", why);
    for line in advice.iter().flat_map(|advice| &advice.write) {
        sheet.say("to write", line.as_str(), "");
    }
}

fn acted(role: &Role, sheet: &mut Sheet) {
    let why = |about, is_it: &dyn Fn(&str) -> bool| reason(&role.why, about, is_it);
    sheet.say("does", format!("{} {}", role.action.as_str(), role.resource), why(Aspect::Action, &|_| true));
    if let Some(key) = &role.key {
        sheet.say("key", format!("at {}", place(key)), why(Aspect::Key, &|_| true));
    }
    for (property, place) in &role.parents {
        let reason = why(Aspect::Parents, &|what| what.ends_with(&format!(" names {property}")));
        sheet.say("parents", format!("{property} at {}", self::place(place)), reason);
    }
    for (word, place) in role.item.iter().map(|place| ("item", place)).chain(role.items.iter().map(|place| ("list", place))) {
        let says = if place.is_empty() { format!("is the {word}") } else { format!("{word} at {place}") };
        sheet.say("body", says, why(Aspect::Body, &|_| true));
    }
    for filter in &role.filters {
        let properties = filter.properties.join(" or ");
        let says = format!("{}: {properties} {}", filter.parameter, filter.comparison.as_str());
        sheet.say("filters", says, why(Aspect::Filters, &|what| what.starts_with(&format!("{} looks", filter.parameter))));
    }
    if let Some(fields) = &role.fields {
        sheet.say("fields", fields.as_str(), why(Aspect::Fields, &|_| true));
    }
    chosen(role, sheet);
    if let Some(pages) = &role.pagination {
        let of = |name: &Option<String>| name.as_ref().map(|name| format!(" `{name}`")).unwrap_or_default();
        sheet.say("pages", format!("by {}{}", pages.style.as_str(), of(&pages.position)), why(Aspect::Paging, &|_| true));
        let most = pages.max_size.map_or_else(|| "as large as asked for".to_owned(), |most| format!("at most {most}"));
        sheet.say("pages", format!("size{}: {}, {most}", of(&pages.size), pages.default_size), why(Aspect::Size, &|_| true));
        if pages.first == 0 || pages.after_key {
            let counts = if pages.after_key { "the position is the key of the item before" } else { "the first is 0" };
            sheet.say("pages", counts, why(Aspect::Paging, &|what| what.contains("key")));
        }
        for (link, place) in &pages.links {
            let reason = why(Aspect::Page, &|what| what.starts_with(&format!("{place} tells")));
            sheet.say("pages", format!("address of {} at {place}", link.as_str()), reason);
        }
        for (_, header) in &pages.headers {
            sheet.say("pages", format!("header {header}"), why(Aspect::Page, &|what| what.starts_with(&format!("{header} tells"))));
        }
        for (fact, place) in &pages.shows {
            let reason = why(Aspect::Page, &|what| what.starts_with(&format!("{place} tells")));
            sheet.say("pages", format!("{} at {place}", fact.as_str()), reason);
        }
    }
}

/// What else a role goes by: how the body is read, and what becomes of the item.
fn chosen(role: &Role, sheet: &mut Sheet) {
    let why = |about, is_it: &dyn Fn(&str) -> bool| reason(&role.why, about, is_it);
    if !role.input.is_empty() {
        sheet.say("sent", format!("the item at {}", role.input), why(Aspect::Input, &|_| true));
    }
    if let Some(batch) = &role.batch {
        let says = if batch.is_empty() { "an array of items".to_owned() } else { format!("an array of items at {batch}") };
        sheet.say("sent", says, why(Aspect::Input, &|_| true));
    }
    if role.makes {
        sheet.say("makes", "what is not there", why(Aspect::Action, &|what| what.starts_with("makes")));
    }
    if let Some(echo) = &role.echo {
        sheet.say("body", format!("the key at {echo}"), "its name");
    }
    for (property, effect) in &role.effects {
        let becomes = match effect {
            Effect::Value(value) => value.to_string(),
            Effect::Now => "the time of the request".to_owned(),
        };
        let reason = why(Aspect::Effects, &|what| what.starts_with(&format!("{property} becomes")));
        sheet.say("effects", format!("{property} becomes {becomes}"), reason);
    }
    for (place, properties, comparison) in role.search.iter().flat_map(|search| &search.criteria) {
        let says = format!("body{place}: {} {}", properties.join(" or "), comparison.as_str());
        sheet.say("filters", says, why(Aspect::Filters, &|what| what.starts_with(&format!("body{place} looks"))));
    }
    if let Some(sort) = &role.sort {
        for name in sort.by.iter().chain(&sort.direction) {
            sheet.say("sorted", format!("by {name}"), why(Aspect::Sort, &|what| what.starts_with(&format!("`{name}`"))));
        }
    }
}

/// A place as `x-resource` writes it.
fn place(place: &Place) -> String {
    match place {
        Place::Body(pointer) => format!("body{pointer}"),
        other => other.to_string(),
    }
}

/// What the document says about how rows and answers are made.
fn made(mock: &Mock, sheet: &mut Sheet) {
    if let Some(each) = &mock.each {
        sheet.say("each", each.source.as_str(), DECLARED);
    }
    for (label, setters) in [("sets", &mock.set), ("responds", &mock.respond)] {
        if !setters.is_empty() {
            let names: Vec<_> = setters.iter().map(|(name, _)| name.as_str()).collect();
            sheet.say(label, names.join(", "), DECLARED);
        }
    }
}

/// Why something is believed: the reason that fits, or the declaration that says all of it at once.
fn reason(why: &[Inference], about: Aspect, is_it: &dyn Fn(&str) -> bool) -> String {
    let mut found: Vec<&str> = Vec::new();
    for one in why.iter().filter(|one| one.about == about && (one.from == DECLARED || is_it(&one.what))) {
        if !found.contains(&one.from.as_str()) {
            found.push(&one.from);
        }
    }
    if found.is_empty() { "nothing says otherwise".to_owned() } else { found.join("; ") }
}
