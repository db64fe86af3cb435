//! The first thing that a reader does: a create with values that a server which starts as the document says takes.
//!
//! The crate that includes the clients decides what stands around it: which server it goes to, and how it gets there.
//! Nothing here is made up: where the document has no value for something that must be sent, there is no opening.

use serde_json::Value;
use specs::{
    Api,
    api::{Scheme, SchemeKind},
    resources::Action,
};

use crate::{
    names::{ident, snake},
    operations::{Operation, Parameter},
    shapes::{Field, Kind, Type, Types, field_idents},
};

/// What to write, as expressions of Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The module of the client.
    pub module: String,
    /// The name of the document.
    pub document: String,
    /// The credentials: `Credentials::key("secret")`.
    pub credentials: String,
    /// The call, without the client: `create_note(&types::CreateNote::new("text"))`.
    pub call: String,
}

/// The opening of a document, when it has all that it takes.
pub(crate) fn opening(api: &Api, operations: &[Operation], types: &Types) -> Option<Opening> {
    let mut creates = operations.iter().filter(|operation| {
        let role = operation.model.role.as_ref();
        role.is_some_and(|role| role.action == Action::Create) && !operation.model.deprecated
    });
    let (credentials, call) = creates.find_map(|operation| Some((credentials(api, operation)?, call(operation, types)?)))?;
    Some(Opening { module: ident(&api.name).to_string(), document: api.name.clone(), credentials, call })
}

/// Credentials of one scheme that meet the operation.
fn credentials(api: &Api, operation: &Operation) -> Option<String> {
    let enough = |scheme: &Scheme| {
        operation.model.security.iter().any(|alternative| matches!(alternative.schemes.as_slice(), [(name, _)] if *name == scheme.name))
    };
    let named = api.schemes.values().zip(crate::client::credential_names(api));
    named.filter(|(scheme, _)| enough(scheme)).find_map(|(scheme, name)| {
        let secret = scheme.credentials.example.as_deref()?;
        let arguments = match &scheme.kind {
            SchemeKind::Basic => secret.split_once(':').map(|(user, password)| format!("{user:?}, {password:?}"))?,
            SchemeKind::MutualTls => return None,
            _ => format!("{secret:?}"),
        };
        Some(format!("Credentials::{name}({arguments})"))
    })
}

fn call(operation: &Operation, types: &Types) -> Option<String> {
    let required = operation.parameters.iter().filter(|parameter| parameter.model.required);
    let mut arguments = required.map(|parameter| argument(parameter, types)).collect::<Option<Vec<_>>>()?;
    let sent = operation.model.body.as_ref()?.content.iter().find(|media| media.is_json())?.examples.first()?;
    let Type::Named(key) = &operation.body.as_ref()?.value else { return None };
    let Kind::Struct { fields, .. } = &types.plan(key)?.kind else { return None };
    let made = structure(types, fields, &sent.value)?;
    let name = types.rust(&Type::Named(key.clone()), &quote::quote!(types::)).to_string().replace(' ', "");
    arguments.push(format!("&{name}::new{made}"));
    Some(format!("{}({})", operation.method, arguments.join(", ")))
}

fn argument(parameter: &Parameter, types: &Types) -> Option<String> {
    literal(types, &parameter.value, &parameter.model.examples.first()?.value)
}

/// The arguments of what the example sends of the required properties, and one text that is not required.
fn structure(types: &Types, fields: &[Field], sent: &Value) -> Option<String> {
    let value = |field: &Field| literal(types, Types::inner(&field.value).0, sent.get(&field.wire)?);
    let required = fields.iter().filter(|field| field.required && !types.has_one_value(&field.value));
    let mut made = format!("({})", required.map(value).collect::<Option<Vec<_>>>()?.join(", "));
    let mut optional = fields.iter().zip(field_idents(fields)).filter(|(field, ident)| {
        let is_text = *Types::inner(&field.value).0 == Type::Text;
        !field.required && is_text && *ident == snake(&field.wire)
    });
    if let Some((name, value)) = optional.find_map(|(field, name)| Some((name, value(field)?))) {
        made.push_str(&format!(".{name}({value})"));
    }
    Some(made)
}

/// A value of the document as Rust.
fn literal(types: &Types, kind: &Type, value: &Value) -> Option<String> {
    match kind {
        Type::Text | Type::Timestamp | Type::Date => value.as_str().map(|text| format!("{text:?}")),
        Type::Integer | Type::Unsigned => value.as_i64().map(|number| number.to_string()),
        Type::Boolean => value.as_bool().map(|yes| yes.to_string()),
        Type::List(item) => {
            let items = value.as_array()?.iter().map(|value| literal(types, item, value)).collect::<Option<Vec<_>>>()?;
            Some(format!("[{}]", items.join(", ")))
        }
        Type::Named(key) => match &types.plan(key)?.kind {
            Kind::Enum(_) => value.as_str().map(|word| format!("{word:?}")),
            _ => None,
        },
        Type::Number | Type::File | Type::Any | Type::Map(_) | Type::Nullable(_) => None,
    }
}
