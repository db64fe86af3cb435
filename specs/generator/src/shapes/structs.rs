//! Objects as structs: with a constructor and setters where callers make them.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use specs::api::Direction;

use super::{Field, Key, Kind, Plan, Type, Types};
use crate::{
    docs::docs,
    names::{Scope, ident, snake},
};

/// A field with its names in Rust.
struct Named<'a> {
    field: &'a Field,
    ident: Ident,
    /// The type without the option around it.
    rust: TokenStream,
    /// In a box, because it contains the struct.
    boxed: bool,
    /// Whether null is a value of its own.
    keeps_null: bool,
}

/// A struct with what belongs to it.
pub(super) fn generate(types: &Types, key: &Key, name: &Ident, plan: &Plan, fields: &[Field], extra: Option<&Type>) -> TokenStream {
    let is_sent = types.sent.contains(key);
    let (names, mut scope) = idents_in_scope(fields);
    let fields: Vec<Named> = fields.iter().zip(names).map(|(field, ident)| named(types, key, field, ident)).collect();
    let doc = docs(&plan.docs, &format!("`{name}`."));
    let definitions = fields.iter().map(|field| definition(field));
    let extra = extra.map(|value| (ident(&scope.unique("extra")), types.rust(value, &quote!())));
    let extra_definition = extra.iter().map(|(extra, value)| {
        let map = extra_map(value);
        quote! {
            /// Properties that have no field of their own.
            #[serde(flatten)]
            pub #extra: #map,
        }
    });
    let default = fields.iter().all(|field| !field.field.required).then(|| quote!(, Default));
    let methods = is_sent.then(|| methods(types, name, &fields, extra.as_ref()));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, ::client_runtime::serde::Serialize, ::client_runtime::serde::Deserialize #default)]
        #[serde(crate = "::client_runtime::serde")]
        #[non_exhaustive]
        pub struct #name {
            #(#definitions)*
            #(#extra_definition)*
        }
        #methods
    }
}

/// A type around another, which holds it again.
pub(super) fn wrapper(types: &Types, name: &Ident, plan: &Plan, inner: &Type) -> TokenStream {
    let doc = docs(&plan.docs, &format!("`{name}`."));
    let inner = types.rust(inner, &quote!());
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, ::client_runtime::serde::Serialize, ::client_runtime::serde::Deserialize)]
        #[serde(crate = "::client_runtime::serde", transparent)]
        pub struct #name(pub #inner);

        impl ::std::convert::From<#inner> for #name {
            fn from(value: #inner) -> Self {
                Self(value)
            }
        }
    }
}

/// The Rust names of fields, in order.
pub(crate) fn idents(fields: &[Field]) -> Vec<Ident> {
    idents_in_scope(fields).0
}

fn idents_in_scope(fields: &[Field]) -> (Vec<Ident>, Scope) {
    let mut scope = Scope::default();
    let wires: Vec<&str> = fields.iter().map(|field| field.wire.as_str()).collect();
    (scope.all(&wires, snake), scope)
}

fn named<'a>(types: &Types, key: &Key, field: &'a Field, ident: Ident) -> Named<'a> {
    let (inner, is_nullable) = Types::inner(&field.value);
    let keeps_null = is_nullable && key.1 == Direction::Request;
    let boxed = contains(types, inner, key, &mut HashSet::new());
    let rust = types.rust(inner, &quote!());
    Named { field, ident, rust, boxed, keeps_null }
}

impl Named<'_> {
    /// The type without the option that stands for absence.
    fn present(&self) -> TokenStream {
        let rust = &self.rust;
        let rust = if self.boxed { quote!(::std::boxed::Box<#rust>) } else { rust.clone() };
        if self.keeps_null { quote!(::client_runtime::Nullable<#rust>) } else { rust }
    }

    fn is_option(&self) -> bool {
        !self.field.required || (matches!(self.field.value, Type::Nullable(_)) && !self.keeps_null)
    }
}

fn definition(named: &Named) -> TokenStream {
    let Named { field, ident, .. } = named;
    let doc = docs(&field.docs, &format!("`{}`.", field.wire));
    let mut attributes = Vec::new();
    let wire = &field.wire;
    if *ident != wire {
        attributes.push(quote!(rename = #wire));
    }
    let present = named.present();
    let value = if named.is_option() {
        attributes.push(quote!(default));
        if !field.required {
            attributes.push(quote!(skip_serializing_if = "::std::option::Option::is_none"));
        }
        quote!(::std::option::Option<#present>)
    } else {
        present
    };
    if named.keeps_null && !field.required {
        attributes.push(quote!(deserialize_with = "::client_runtime::present"));
    } else if *Types::inner(&field.value).0 == Type::Integer && !named.keeps_null {
        let with = if named.is_option() { "::client_runtime::optional_integer" } else { "::client_runtime::integer" };
        attributes.push(quote!(deserialize_with = #with));
    }
    let serde = (!attributes.is_empty()).then(|| quote!(#[serde(#(#attributes),*)]));
    quote! {
        #doc
        #serde
        pub #ident: #value,
    }
}

fn methods(types: &Types, name: &Ident, fields: &[Named], extra: Option<&(Ident, TokenStream)>) -> TokenStream {
    let mut scope = Scope::with(&["new"]);
    let constructor = constructor(types, fields, extra);
    let setters = fields.iter().filter(|named| !named.field.required).map(|named| {
        let method = ident(&scope.unique(&named.ident.to_string()));
        let doc = docs(&named.field.docs, &format!("Sets `{}`.", named.field.wire));
        let field = &named.ident;
        let (bound, value) = taken(types, named, &ident("value"));
        quote! {
            #doc
            #[must_use]
            pub fn #method(mut self, value: #bound) -> Self {
                self.#field = ::std::option::Option::Some(#value);
                self
            }
        }
    });
    let setters: Vec<TokenStream> = setters.collect();
    let entry = extra.map(|(extra, value)| {
        let method = ident(&scope.unique("with"));
        quote! {
            /// Sets a property that has no field of its own.
            #[must_use]
            pub fn #method(mut self, name: impl ::std::convert::Into<::std::string::String>, value: impl ::std::convert::Into<#value>) -> Self {
                self.#extra.insert(name.into(), value.into());
                self
            }
        }
    });
    quote! {
        impl #name {
            #constructor
            #(#setters)*
            #entry
        }
    }
}

fn constructor(types: &Types, fields: &[Named], extra: Option<&(Ident, TokenStream)>) -> TokenStream {
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for named in fields {
        let field = &named.ident;
        if !named.field.required {
            values.push(quote!(#field: ::std::option::Option::None));
        } else if let Some(only) = only_value(types, &named.field.value) {
            values.push(quote!(#field: #only));
        } else {
            let (bound, value) = taken(types, named, field);
            arguments.push(quote!(#field: #bound));
            values.push(if *field == value.to_string() { quote!(#field) } else { quote!(#field: #value) });
        }
    }
    values.extend(extra.map(|(extra, _)| quote!(#extra: ::std::default::Default::default())));
    let doc = docs("", if arguments.is_empty() { "With nothing set." } else { "With what is required, and nothing else set." });
    quote! {
        #doc
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

/// The value of a property that has only one.
fn only_value(types: &Types, value: &Type) -> Option<TokenStream> {
    let Type::Named(key) = value else { return None };
    let Kind::Enum(words) = &types.plan(key)?.kind else { return None };
    let [only] = words.as_slice() else { return None };
    let rust = types.rust(value, &quote!());
    let wire = &only.wire;
    Some(quote!(<#rust as ::std::convert::From<&str>>::from(#wire)))
}

/// Bound and conversion of a setter's argument.
fn taken(types: &Types, named: &Named, argument: &Ident) -> (TokenStream, TokenStream) {
    let rust = &named.rust;
    if named.keeps_null && named.boxed {
        let bound = quote!(impl ::std::convert::Into<::client_runtime::Nullable<#rust>>);
        return (bound, quote!(#argument.into().map(::std::boxed::Box::new)));
    }
    if named.keeps_null {
        return (quote!(impl ::std::convert::Into<::client_runtime::Nullable<#rust>>), quote!(#argument.into()));
    }
    let (bound, value) = types.taken(Types::inner(&named.field.value).0, &quote!(), argument);
    let value = if named.boxed { quote!(::std::boxed::Box::new(#value)) } else { value };
    // Required in both forms at once: the shared form of a nullable property is an option.
    if named.field.required && named.is_option() { (bound, quote!(::std::option::Option::Some(#value))) } else { (bound, value) }
}

fn extra_map(value: &TokenStream) -> TokenStream {
    if value.to_string() == quote!(::client_runtime::serde_json::Value).to_string() {
        quote!(::client_runtime::serde_json::Map<::std::string::String, ::client_runtime::serde_json::Value>)
    } else {
        quote!(::std::collections::BTreeMap<::std::string::String, #value>)
    }
}

/// Whether a value holds the type itself, with no list or map between.
pub(super) fn contains(types: &Types, value: &Type, key: &Key, seen: &mut HashSet<Key>) -> bool {
    let named = match value {
        Type::Named(named) => types.canonical(named),
        Type::Nullable(inner) => return contains(types, inner, key, seen),
        _ => return false,
    };
    if named == *key {
        return true;
    }
    if !seen.insert(named.clone()) {
        return false;
    }
    match types.plan(&named).map(|plan| &plan.kind) {
        Some(Kind::Struct { fields, .. }) => fields.iter().any(|field| contains(types, &field.value, key, seen)),
        Some(Kind::Union { variants, .. }) => variants.iter().any(|variant| contains(types, &variant.value, key, seen)),
        Some(Kind::Wrapper(inner)) => contains(types, inner, key, seen),
        _ => false,
    }
}
