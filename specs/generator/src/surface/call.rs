//! The line of a caller in which an item stands.

use heck::ToSnakeCase as _;

use super::{Item, Signature, What};

/// What a caller writes who uses an item; nothing where that would be no line of its own.
pub(super) fn of(item: &Item) -> Option<String> {
    let (path, holder) = (&item.path, variable(item.top()));
    let line = match &item.what {
        What::Function(signature) => function(item, signature),
        What::Field { .. } => format!("{holder}.{}", item.name()),
        What::Struct { .. } | What::Enum { .. } | What::Alias { .. } => format!("let {holder}: {path} = …;"),
        What::Variant { holds } => format!("{path}{} => …,", pattern(holds)),
        What::Const { .. } => path.clone(),
        What::Impl { of, types } => return implemented(path, of, types),
        What::Module | What::Reexport { .. } => return None,
    };
    Some(line)
}

/// A call with its arguments by name.
fn function(item: &Item, signature: &Signature) -> String {
    let arguments = signature.arguments.iter().map(|(name, value)| if value.starts_with('&') { format!("&{name}") } else { name.clone() });
    let arguments: Vec<String> = arguments.collect();
    let called = match &signature.receiver {
        Some(_) => format!("{}.{}", variable(item.top()), item.name()),
        None => item.path.clone(),
    };
    let wait = if signature.returns.starts_with("requests::") && item.top() == "Client" { ".await?" } else { "" };
    format!("{called}({}){wait}", arguments.join(", "))
}

fn implemented(path: &str, of: &str, types: &[(String, String)]) -> Option<String> {
    let (name, taken) = of.split_once('<').map_or((of, None), |(name, rest)| (name, rest.strip_suffix('>')));
    match (name, taken, types) {
        ("Default", ..) => Some(format!("{path}::default()")),
        ("From", Some(_), _) => Some(format!("let {}: {path} = value.into();", variable(path))),
        ("runtime::Success", _, [(_, value), ..]) => Some(format!("let body: {value} = response.into_inner();")),
        ("Deref", _, [(_, value), ..]) => Some(format!("let body: &{value} = &*answer;")),
        _ => None,
    }
}

/// The value of a field, as a caller reads it who knows its type.
pub(super) fn read(item: &Item, value: &str) -> String {
    match value.strip_prefix("Option<") {
        Some(_) => format!("if let Some({}) = &{}.{} {{ … }}", item.name(), variable(item.top()), item.name()),
        None => format!("let {}: &{value} = &{}.{};", item.name(), variable(item.top()), item.name()),
    }
}

/// The variable that holds a value of a type, or makes a request.
fn variable(path: &str) -> String {
    let name = path.rsplit("::").next().unwrap_or(path).to_snake_case();
    if path.starts_with("requests::") { format!("client.{name}(…)") } else { name }
}

fn pattern(holds: &str) -> &str {
    match holds.chars().next() {
        None => "",
        Some('(') => "(body)",
        Some(_) => " { .. }",
    }
}
