//! `x-resource` at an operation.

use super::{known_members, word};
use crate::{
    api::{
        Location, Operation,
        node::{Node, Reader},
    },
    resources::{Action, Comparison, Filter, Place, Sort},
};

const RULE: &str = "x-resource";

const ACTIONS: &[(&str, Action)] = &[
    ("create", Action::Create),
    ("read", Action::Read),
    ("list", Action::List),
    ("update", Action::Update),
    ("replace", Action::Replace),
    ("delete", Action::Delete),
];

const MEMBERS: &[&str] = &["name", "action", "key", "parents", "item", "items", "filters", "fields", "input", "batch", "sort"];

const COMPARISONS: &[(&str, Comparison)] = &[
    ("equal", Comparison::Equal),
    ("in", Comparison::In),
    ("greater", Comparison::Greater),
    ("greater-or-equal", Comparison::GreaterOrEqual),
    ("less", Comparison::Less),
    ("less-or-equal", Comparison::LessOrEqual),
    ("contains", Comparison::Contains),
];

impl Comparison {
    /// The word in `x-resource`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        COMPARISONS.iter().find(|(_, comparison)| *comparison == self).map_or("equal", |(word, _)| word)
    }
}

/// What the document says about an operation's role; what is `None` is inferred.
#[derive(Clone, Debug, Default)]
pub(in crate::resources) struct Said {
    /// Whether the operation is said to have no role.
    pub(in crate::resources) nothing: bool,
    pub(in crate::resources) name: Option<String>,
    pub(in crate::resources) action: Option<Action>,
    pub(in crate::resources) key: Option<Place>,
    pub(in crate::resources) parents: Option<Vec<(String, Place)>>,
    pub(in crate::resources) item: Option<String>,
    pub(in crate::resources) items: Option<String>,
    pub(in crate::resources) filters: Option<Vec<Filter>>,
    pub(in crate::resources) fields: Option<String>,
    pub(in crate::resources) input: Option<String>,
    pub(in crate::resources) batch: Option<String>,
    pub(in crate::resources) sort: Option<Sort>,
}

/// The `x-resource` of an operation.
pub(in crate::resources) fn role(reader: &mut Reader, operation: &Operation, node: &Node) -> Option<Said> {
    let said = node.get(RULE)?;
    if said.value == false {
        return Some(Said { nothing: true, ..Said::default() });
    }
    known_members(reader, &said, RULE, MEMBERS);
    Some(Said {
        nothing: false,
        name: said.string("name").map(str::to_owned),
        action: said.get("action").and_then(|action| word(reader, &action, RULE, ACTIONS)),
        key: said.get("key").and_then(|key| place(reader, operation, &key)),
        parents: said.get("parents").map(|parents| places(reader, operation, &parents)),
        item: said.get("item").and_then(|item| pointer(reader, &item)),
        items: said.get("items").and_then(|items| pointer(reader, &items)),
        filters: said.get("filters").map(|filters| self::filters(reader, operation, &filters)),
        fields: said
            .get("fields")
            .and_then(|fields| query_parameter(reader, operation, &fields, fields.value.as_str().unwrap_or_default())),
        input: said.get("input").and_then(|input| in_body(reader, operation, &input)),
        batch: said.get("batch").and_then(|batch| in_body(reader, operation, &batch)),
        sort: said.get("sort").and_then(|sort| self::sort(reader, operation, &sort)),
    })
}

fn places(reader: &mut Reader, operation: &Operation, node: &Node) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for (property, node) in node.members() {
        // One parent may be named in several places, of which a request uses one.
        let each: Vec<Node> = if node.value.is_array() { node.items().collect() } else { vec![node] };
        found.extend(each.iter().filter_map(|node| Some((property.to_owned(), place(reader, operation, node)?))));
    }
    found
}

fn place(reader: &mut Reader, operation: &Operation, node: &Node) -> Option<Place> {
    let text = node.value.as_str().unwrap_or_default();
    let found = parse(text);
    let is_there = match &found {
        Some(Place::Path(name)) => has(operation, Location::Path, name),
        Some(Place::Query(name)) => has(operation, Location::Query, name),
        Some(Place::Header(name)) => has(operation, Location::Header, name),
        Some(Place::Body(_)) => operation.body.is_some(),
        None => false,
    };
    if !is_there {
        let help = "write `path.<name>`, `query.<name>` or `header.<name>` for a parameter of the operation, or `body/<property>`";
        reader.problems.error(RULE, &node.pointer, &format!("{} is no place in the request", node.value), help);
    }
    found.filter(|_| is_there)
}

fn parse(text: &str) -> Option<Place> {
    if let Some(pointer) = text.strip_prefix("body").filter(|pointer| pointer.is_empty() || pointer.starts_with('/')) {
        return Some(Place::Body(pointer.to_owned()));
    }
    let (location, name) = text.split_once('.').filter(|(_, name)| !name.is_empty())?;
    match location {
        "path" => Some(Place::Path(name.to_owned())),
        "query" => Some(Place::Query(name.to_owned())),
        "header" => Some(Place::Header(name.to_owned())),
        _ => None,
    }
}

fn has(operation: &Operation, location: Location, name: &str) -> bool {
    let is_one = |known: &str| if location == Location::Header { known.eq_ignore_ascii_case(name) } else { known == name };
    operation.parameters.iter().any(|parameter| parameter.location == location && is_one(&parameter.name))
}

fn pointer(reader: &mut Reader, node: &Node) -> Option<String> {
    let found = node.value.as_str().filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
    if found.is_none() {
        let help = "write `/data`, or `''` for the body itself";
        reader.problems.error(RULE, &node.pointer, &format!("{} is no JSON pointer", node.value), help);
    }
    found.map(str::to_owned)
}

/// A pointer into the request body.
fn in_body(reader: &mut Reader, operation: &Operation, node: &Node) -> Option<String> {
    if operation.body.is_none() {
        reader.problems.error(RULE, &node.pointer, "the operation has no request body", "remove it, or declare the body");
        return None;
    }
    pointer(reader, node)
}

fn sort(reader: &mut Reader, operation: &Operation, node: &Node) -> Option<Sort> {
    known_members(reader, node, RULE, &["by", "direction"]);
    let mut named = |member: &str| {
        let parameter = node.get(member)?;
        query_parameter(reader, operation, &parameter, parameter.value.as_str().unwrap_or_default())
    };
    let (by, direction) = (named("by"), named("direction"));
    (by.is_some() || direction.is_some()).then_some(Sort { by, direction })
}

fn filters(reader: &mut Reader, operation: &Operation, node: &Node) -> Vec<Filter> {
    let mut found = Vec::new();
    for (parameter, filter) in node.members() {
        known_members(reader, &filter, RULE, &["property", "properties", "comparison"]);
        let parameter = query_parameter(reader, operation, &filter, parameter);
        let comparison =
            filter.get("comparison").map_or(Some(Comparison::Equal), |comparison| word(reader, &comparison, RULE, COMPARISONS));
        let several = filter.items_of("properties");
        let properties: Vec<_> = filter.string("property").into_iter().chain(several.iter().filter_map(|one| one.value.as_str())).collect();
        if let (Some(parameter), Some(comparison), false) = (parameter, comparison, properties.is_empty()) {
            found.push(Filter { parameter, properties: properties.into_iter().map(str::to_owned).collect(), comparison });
        }
    }
    found
}

fn query_parameter(reader: &mut Reader, operation: &Operation, node: &Node, name: &str) -> Option<String> {
    let is_there = has(operation, Location::Query, name);
    if !is_there {
        let message = format!("the operation has no query parameter `{name}`");
        reader.problems.error(RULE, &node.pointer, &message, "name one of its query parameters");
    }
    is_there.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Place, parse};

    #[test]
    fn places_are_parameters_and_pointers_into_the_body() {
        let text = str::to_owned;
        let rows = [
            ("path.id", Some(Place::Path(text("id")))),
            ("query.contact.id", Some(Place::Query(text("contact.id")))),
            ("header.X-Tenant", Some(Place::Header(text("X-Tenant")))),
            ("body/site_id", Some(Place::Body(text("/site_id")))),
            ("body", Some(Place::Body(text("")))),
            ("bodyguard", None),
            ("cookie.x", None),
            ("path.", None),
            ("id", None),
        ];
        for (written, expected) in rows {
            assert_eq!(parse(written), expected, "{written}");
        }
    }
}
