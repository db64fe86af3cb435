//! Ten lines that show a client at work, made from the document's own examples, and compiled as a documentation test.

use http::Method;
use quote::quote;
use serde_json::Value;
use specs::{Api, api::SchemeKind};

use crate::{
    names::snake,
    operations::{Body, Encoding, Operation, Parameter},
    shapes::{Field, Key, Kind, Type, Types, field_idents},
};

/// Longer texts than this make an example hard to read.
const LONGEST: usize = 44;

/// A call, as the example writes it.
struct Call {
    expression: String,
    /// What is named by the last argument, in words.
    subject: String,
}

/// The example as Markdown; `path` is the module's, as `acme_client::acme`.
pub(crate) fn generate(api: &Api, path: &str, operations: &[Operation], types: &Types) -> String {
    let calls =
        |wanted: &dyn Fn(&Operation) -> bool| operations.iter().filter(|operation| wanted(operation)).find_map(|one| call(api, one, types));
    let write = calls(&|operation| operation.model.method == Method::POST && operation.body.is_some() && !operation.model.deprecated);
    let read = calls(&|operation| {
        operation.model.method == Method::GET && !operation.model.deprecated && operation.parameters.iter().any(|one| one.model.required)
    });
    let read = read.or_else(|| calls(&|operation| operation.model.method == Method::GET));
    let uses_types = [&write, &read].into_iter().flatten().any(|call| call.expression.contains("types::"));
    let uses_runtime = [&write, &read].into_iter().flatten().any(|call| call.expression.contains("runtime::"));
    let (runtime, types) = (if uses_runtime { ", runtime" } else { "" }, if uses_types { ", types" } else { "" });
    let mut lines = vec![
        format!("use {path}::{{Client, Credentials{runtime}{types}}};"),
        String::new(),
        "# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
        format!("let client = Client::new({});", credentials(api)),
    ];
    if let Some(call) = write {
        lines.push(format!("let response = client.{}.await?;", call.expression));
        lines.push("println!(\"{}: {:?}\", response.status(), response.into_inner());".to_owned());
    }
    if let Some(call) = read {
        lines.push(format!("match client.{}.await {{", call.expression));
        lines.push("    Ok(response) => println!(\"{:?}\", response.answer()),".to_owned());
        lines.push(format!("    Err(error) if error.is_not_found() => println!(\"there is no such {}\"),", call.subject));
        lines.push("    Err(error) => return Err(error.into()),".to_owned());
        lines.push("}".to_owned());
    }
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned()]);
    format!("```no_run\n{}\n```\n", lines.join("\n"))
}

fn credentials(api: &Api) -> String {
    let first = api.schemes.values().zip(crate::client::credential_names(api)).next();
    let Some((scheme, name)) = first else { return "Credentials::none()".to_owned() };
    let arguments = match &scheme.kind {
        SchemeKind::Basic if scheme.credentials.example.as_ref().is_some_and(|example| example.ends_with(':')) => "\"key\", \"\"",
        SchemeKind::Basic => "\"user\", \"password\"",
        SchemeKind::MutualTls => "",
        _ => "\"secret\"",
    };
    format!("Credentials::{name}({arguments})")
}

fn call(api: &Api, operation: &Operation, types: &Types) -> Option<Call> {
    let mut arguments = Vec::new();
    let required = operation.parameters.iter().filter(|parameter| parameter.model.required);
    for parameter in required {
        arguments.push(argument(parameter, types)?);
    }
    if let Some(body) = operation.body.as_ref().filter(|body| body.required) {
        arguments.push(body_argument(api, body, types)?);
    }
    let subject = operation.model.role.as_ref().map_or("thing", |role| &role.resource);
    let subject = subject.strip_suffix('s').unwrap_or(subject).replace(['_', '-', '"', '{', '}', '\\'], " ");
    Some(Call { expression: format!("{}({})", operation.method, arguments.join(", ")), subject })
}

fn argument(parameter: &Parameter, types: &Types) -> Option<String> {
    let example = parameter.model.examples.first().map(|example| &example.value);
    literal(types, &parameter.value, example, &parameter.model.name)
}

fn body_argument(api: &Api, body: &Body, types: &Types) -> Option<String> {
    match (body.encoding, &body.value) {
        (Encoding::Text | Encoding::Raw, _) => Some("\"text\"".to_owned()),
        (_, Type::Named(key)) => match &types.plan(key)?.kind {
            Kind::Struct { fields, .. } => Some(format!("&{}", structure(api, types, key, fields)?)),
            _ => None,
        },
        _ => None,
    }
}

/// A struct with what it requires, and one property that it does not.
fn structure(api: &Api, types: &Types, key: &Key, fields: &[Field]) -> Option<String> {
    let example = |field: &Field| {
        let schema = api.schemas.property(&key.0, &field.wire)?;
        api.schemas.resolve(&schema).1.get("example").cloned()
    };
    let mut arguments = Vec::new();
    for field in fields.iter().filter(|field| field.required && !types.has_one_value(&field.value)) {
        arguments.push(literal(types, Types::inner(&field.value).0, example(field).as_ref(), &field.wire)?);
    }
    let name = types.rust(&Type::Named(key.clone()), &quote!(types::)).to_string().replace(' ', "");
    let mut made = format!("{name}::new({})", arguments.join(", "));
    let optional = fields.iter().zip(field_idents(fields)).find(|(field, ident)| {
        !field.required
            && *Types::inner(&field.value).0 == Type::Text
            && *ident == snake(&field.wire)
            && example(field).is_some_and(|text| is_short(&text))
    });
    if let Some((field, ident)) = optional
        && let Some(value) = literal(types, &Type::Text, example(field).as_ref(), &field.wire)
    {
        made.push_str(&format!(".{ident}({value})"));
    }
    Some(made)
}

fn literal(types: &Types, value: &Type, example: Option<&Value>, name: &str) -> Option<String> {
    let text = |fallback: &str| format!("{:?}", example.filter(|example| is_short(example)).and_then(Value::as_str).unwrap_or(fallback));
    match value {
        Type::Text => Some(text(name)),
        Type::Timestamp => Some(text("2026-03-01T09:30:00Z")),
        Type::Date => Some(text("2026-03-01")),
        Type::Integer | Type::Unsigned => Some(example.and_then(Value::as_u64).unwrap_or(1).to_string()),
        Type::Number => Some(format!("{:?}", example.and_then(Value::as_f64).unwrap_or(1.0))),
        Type::Boolean => Some("true".to_owned()),
        Type::File => Some("runtime::File::new(\"call.txt\", \"we spoke\")".to_owned()),
        Type::List(item) => {
            let first = example.and_then(|example| example.get(0));
            literal(types, item, first, name).map(|item| format!("[{item}]"))
        }
        Type::Named(key) => match &types.plan(key)?.kind {
            Kind::Enum(words) => words.first().map(|word| format!("{:?}", word.wire)),
            _ => None,
        },
        Type::Any | Type::Map(_) | Type::Nullable(_) => None,
    }
}

fn is_short(example: &Value) -> bool {
    example.as_str().is_some_and(|text| !text.is_empty() && text.len() <= LONGEST)
}
