//! Schemas to Rust types: planned first, written afterwards.

mod compose;
mod enums;
mod fingerprint;
mod flavours;
mod naming;
mod plan;
mod reach;
mod structs;
mod unions;
mod words;

use std::collections::HashSet;

use indexmap::IndexMap;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use specs::api::{Direction, SchemaId};

pub(crate) use plan::Planner;
pub(crate) use structs::idents as field_idents;

/// Names a type: a schema, and the direction in which its values travel.
pub(crate) type Key = (SchemaId, Direction);

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Type {
    /// Anything: `serde_json::Value`.
    Any,
    /// `String`.
    Text,
    /// `i64`.
    Integer,
    /// `u64`.
    Unsigned,
    /// `f64`.
    Number,
    /// `bool`.
    Boolean,
    /// A date and time that keeps its text.
    Timestamp,
    /// A day that keeps its text.
    Date,
    /// A file of a multipart form.
    File,
    /// `Vec`.
    List(Box<Type>),
    /// A map by text.
    Map(Box<Type>),
    /// The type, or null.
    Nullable(Box<Type>),
    /// A type of the document.
    Named(Key),
}

/// A type of the document, as planned.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    /// What the document says about it.
    pub(crate) docs: String,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a type of the document is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// An object with known properties.
    Struct {
        /// The properties.
        fields: Vec<Field>,
        /// What other properties hold, when the document speaks of them.
        extra: Option<Type>,
    },
    /// One of several texts.
    Enum(Vec<Word>),
    /// A list or a map that holds itself.
    Wrapper(Type),
    /// One of several types.
    Union {
        /// The types, in the order in which they are tried.
        variants: Vec<Variant>,
        /// The property that tells them apart.
        tag: Option<String>,
    },
}

/// A property.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub(crate) wire: String,
    /// Its type.
    pub(crate) value: Type,
    /// Whether it is always there.
    pub(crate) required: bool,
    /// Whether some alternative of the schema requires it, which no type can say.
    pub(crate) demanded: bool,
    /// What the document says about it.
    pub(crate) docs: String,
}

/// A text of an enum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    /// The text on the wire.
    pub(crate) wire: String,
    /// The name that the document gives it, if any.
    pub(crate) name: Option<String>,
    /// What the document says about it.
    pub(crate) docs: String,
}

/// An alternative of a union.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variant {
    /// What it could be called.
    pub(crate) name: String,
    /// Its type.
    pub(crate) value: Type,
    /// The texts of the tag that mean it.
    pub(crate) tags: Vec<String>,
}

/// All types of a document, named.
pub(crate) struct Types {
    definitions: IndexMap<Key, Plan>,
    names: IndexMap<Key, Ident>,
    /// Schemas whose two directions differ.
    differing: HashSet<SchemaId>,
    /// Types that requests contain: these are made by callers.
    sent: HashSet<Key>,
    /// Schemas that hold something without a type.
    partly_typed: HashSet<Key>,
}

/// The items of the `types` module, those of the types whose names are wanted.
pub(crate) fn generate(types: &Types, wanted: &dyn Fn(&Ident) -> bool) -> TokenStream {
    let mut keys: Vec<&Key> = types.definitions.keys().filter(|key| types.names.get(*key).is_some_and(wanted)).collect();
    keys.sort_by_key(|key| types.names.get(*key).map(ToString::to_string));
    let items = keys.into_iter().filter_map(|key| {
        let (plan, name) = (types.definitions.get(key)?, types.names.get(key)?);
        Some(match &plan.kind {
            Kind::Struct { fields, extra } => structs::generate(types, key, name, plan, fields, extra.as_ref()),
            Kind::Enum(words) => enums::generate(name, plan, words),
            Kind::Wrapper(inner) => structs::wrapper(types, name, plan, inner),
            Kind::Union { variants, tag } => unions::generate(types, key, name, plan, variants, tag.as_deref()),
        })
    });
    quote! { #(#items)* }
}

impl Types {
    /// The plan of a type, whichever of its directions was asked for.
    pub(crate) fn plan(&self, key: &Key) -> Option<&Plan> {
        self.definitions.get(&self.canonical(key))
    }

    /// The fields of the struct of this name, as callers who send it set them; nothing when there is none, or nobody
    /// sends it.
    pub(crate) fn sent_fields(&self, name: &str) -> Option<&[Field]> {
        let key = self.names.iter().find(|(_, known)| *known == name).map(|(key, _)| key).filter(|key| self.sent.contains(*key))?;
        match &self.definitions.get(key)?.kind {
            Kind::Struct { fields, .. } => Some(fields),
            _ => None,
        }
    }

    /// Whether these schemas, and all that they hold, have types.
    pub(crate) fn are_typed(&self, keys: &[Key]) -> bool {
        keys.iter().all(|key| !self.partly_typed.contains(key))
    }

    /// The type as Rust, with `path` in front of names of the `types` module.
    pub(crate) fn rust(&self, value: &Type, path: &TokenStream) -> TokenStream {
        match value {
            Type::Any => quote!(::client_runtime::serde_json::Value),
            Type::Text => quote!(::std::string::String),
            Type::Integer => quote!(i64),
            Type::Unsigned => quote!(u64),
            Type::Number => quote!(f64),
            Type::Boolean => quote!(bool),
            Type::Timestamp => quote!(::client_runtime::Timestamp),
            Type::Date => quote!(::client_runtime::Date),
            Type::File => quote!(::client_runtime::File),
            Type::List(item) => {
                let item = self.rust(item, path);
                quote!(::std::vec::Vec<#item>)
            }
            Type::Map(item) if **item == Type::Any => {
                quote!(::client_runtime::serde_json::Map<::std::string::String, ::client_runtime::serde_json::Value>)
            }
            Type::Map(item) => {
                let item = self.rust(item, path);
                quote!(::std::collections::BTreeMap<::std::string::String, #item>)
            }
            Type::Nullable(inner) => {
                let inner = self.rust(inner, path);
                quote!(::std::option::Option<#inner>)
            }
            Type::Named(key) => {
                let name = self.names.get(&self.canonical(key));
                quote!(#path #name)
            }
        }
    }

    /// Whether a value can only be one text.
    pub(crate) fn has_one_value(&self, value: &Type) -> bool {
        matches!(value, Type::Named(key) if matches!(self.plan(key).map(|plan| &plan.kind), Some(Kind::Enum(words)) if words.len() == 1))
    }

    /// The type without the leave to be null.
    pub(crate) fn inner(value: &Type) -> (&Type, bool) {
        match value {
            Type::Nullable(inner) => (inner, true),
            other => (other, false),
        }
    }

    /// How a caller hands over a value: the type of the argument, and what becomes of it.
    pub(crate) fn taken(&self, value: &Type, path: &TokenStream, argument: &Ident) -> (TokenStream, TokenStream) {
        let rust = self.rust(value, path);
        match value {
            Type::Integer | Type::Unsigned | Type::Number | Type::Boolean | Type::File => (rust, quote!(#argument)),
            Type::List(item) if !matches!(**item, Type::Nullable(_) | Type::List(_) | Type::Map(_)) => {
                let item = self.rust(item, path);
                let bound = quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#item>>);
                (bound, quote!(#argument.into_iter().map(::std::convert::Into::into).collect()))
            }
            _ => (quote!(impl ::std::convert::Into<#rust>), quote!(#argument.into())),
        }
    }

    /// The key under which a type is kept: where both directions are alike, one stands for both.
    fn canonical(&self, key: &Key) -> Key {
        let response = (key.0.clone(), Direction::Response);
        if key.1 == Direction::Request && !self.differing.contains(&key.0) && self.definitions.contains_key(&response) {
            return response;
        }
        key.clone()
    }
}
