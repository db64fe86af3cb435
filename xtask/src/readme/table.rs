//! One row for each document: what can be called, by whom, how much of it at once, and how sure all that is.

use std::collections::BTreeMap;

use specs::{
    Api,
    api::{Evidence, Operation, Response, Status},
    resources::{Aspect, Pagination, RateLimit, Role},
};

/// Windows of rate limits that have a word.
const WINDOWS: [(u64, &str); 4] = [(1, "a second"), (60, "a minute"), (3600, "an hour"), (86400, "a day")];

/// The table, as Markdown.
pub(super) fn table(apis: &[Api]) -> String {
    let mut table = "| provider | operations | credentials | pages | limits | known by inference alone |\n".to_owned();
    table.push_str("|---|---|---|---|---|---|\n");
    for api in apis {
        let cells = [code(&api.name), operations(api), credentials(api), pages(api), limits(&api.rate_limits), inferred(api)];
        let cells = cells.map(|cell| if cell.is_empty() { "–".to_owned() } else { cell.replace('|', "\\|") });
        table.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    table
}

fn operations(api: &Api) -> String {
    list(api.operations.iter().map(|operation| code(&operation.id)))
}

fn credentials(api: &Api) -> String {
    let ways = api.schemes.values().map(|scheme| code(&scheme.sent_as()));
    distinct(ways).join(" or ")
}

fn pages(api: &Api) -> String {
    let roles = api.operations.iter().filter_map(|operation| operation.role.as_ref());
    list(
        roles
            .filter(|role| role.items.is_some())
            .map(|role| role.pagination.as_ref().map_or_else(|| "none".to_owned(), |pages| cut(role, pages))),
    )
}

fn cut(role: &Role, pages: &Pagination) -> String {
    let parameters = [&pages.position, &pages.size].into_iter().flatten().map(|name| code(name)).collect::<Vec<_>>();
    let sizes = match (pages.default_size, pages.max_size) {
        (default, None) => format!("{default} rows or as many as asked for"),
        (default, Some(most)) if default == most => format!("{most} rows"),
        (default, Some(most)) => format!("{default} to {most} rows"),
    };
    let is_assumed = role.why.iter().any(|one| one.about == Aspect::Size && one.is_assumed());
    let assumed = if is_assumed { " (assumed)" } else { "" };
    if parameters.is_empty() { "none".to_owned() } else { format!("{}, {sizes}{assumed}", parameters.join(" and ")) }
}

fn limits(limits: &[RateLimit]) -> String {
    let window = |seconds: u64| WINDOWS.iter().find(|(known, _)| *known == seconds).map(|(_, word)| (*word).to_owned());
    let words = |limit: &RateLimit| match window(limit.window) {
        Some(word) => format!("{} {word}", limit.limit),
        None => format!("{} in {} s", limit.limit, limit.window),
    };
    list(limits.iter().map(words))
}

/// What no page and no recording shows: operations, parameters, answers by status, bodies of answers, and schemas. A
/// status is named without operations when all that declare it infer it.
fn inferred(api: &Api) -> String {
    let sure = || api.operations.iter().filter(|operation| !guessed(operation.evidence));
    let whole = api.operations.iter().filter(|operation| guessed(operation.evidence)).map(|operation| code(&operation.id));
    let parameters = sure().flat_map(|operation| operation.parameters.iter().filter(|one| guessed(one.evidence)));
    let answers = statuses(sure, |response| guessed(response.evidence));
    let marked = |pointer: &str| specs::pointer::get(api.schemas.root(), pointer).is_some_and(is_marked);
    let bodies = statuses(sure, |response| !guessed(response.evidence) && response.content.iter().any(|media| marked(&media.pointer)));
    let schemas = api.schemas.root().pointer("/components/schemas").and_then(serde_json::Value::as_object);
    let schemas = schemas.into_iter().flatten().filter(|(_, schema)| is_marked(schema)).map(|(name, _)| code(name));
    let groups = [
        ("", distinct(whole)),
        ("parameters: ", distinct(parameters.map(|parameter| code(&parameter.name)))),
        ("answers: ", answers),
        ("bodies of answers: ", bodies),
        ("schemas: ", distinct(schemas)),
    ];
    let said = groups.into_iter().filter(|(_, items)| !items.is_empty()).map(|(what, items)| format!("{what}{}", items.join(", ")));
    said.collect::<Vec<_>>().join("; ")
}

fn guessed(evidence: Evidence) -> bool {
    evidence == Evidence::Inferred
}

fn is_marked(node: &serde_json::Value) -> bool {
    node["x-evidence"] == Evidence::Inferred.as_str()
}

/// The statuses of responses that are such, each with the operations for which they are, unless these are all.
fn statuses<'a, I: Iterator<Item = &'a Operation>>(operations: impl Fn() -> I, is_such: impl Fn(&Response) -> bool) -> Vec<String> {
    let mut found: BTreeMap<Status, (Vec<String>, usize)> = BTreeMap::new();
    for operation in operations() {
        for response in &operation.responses {
            let (such, declared) = found.entry(response.status).or_default();
            such.extend(is_such(response).then(|| code(&operation.id)));
            *declared += 1;
        }
    }
    let found = found.into_iter().filter(|(_, (such, _))| !such.is_empty());
    let worded = found.map(|(status, (such, declared))| match such.len() {
        all if all == declared => word(status),
        _ => format!("{} (of {})", word(status), such.join(", ")),
    });
    worded.collect()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn word(status: Status) -> String {
    match status {
        Status::Exactly(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "`default`".to_owned(),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    distinct(items).join(", ")
}

fn distinct(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::table;
    use specs::{Source, api::Evidence};

    #[test]
    fn a_row_says_what_the_document_says() {
        let text = include_str!("../../fixtures/acme.yaml");
        let mut api = specs::load(&Source::new("acme", "acme.yaml", text.to_owned())).api.unwrap();
        let row = |api: &specs::Api| table(std::slice::from_ref(api)).lines().nth(2).unwrap().to_owned();
        let operations = "`list_entries`, `write_entry`, `read_entry`, `strike_entry`";
        let expected = format!("| `acme` | {operations} | `header Crew-Key` | `page` and `per_page`, 20 to 50 rows | – | – |");
        assert_eq!(row(&api), expected);
        api.operations[0].parameters[0].evidence = Evidence::Inferred;
        api.operations[1].responses[0].evidence = Evidence::Inferred;
        api.operations[3].evidence = Evidence::Inferred;
        let said = "`strike_entry`; parameters: `imo`; answers: 201 |";
        assert!(row(&api).ends_with(said), "{}", row(&api));
        api.operations.clear();
        api.schemes.clear();
        assert_eq!(row(&api), "| `acme` | – | – | – | – | – |");
    }
}
