//! Alternatives as enums: by their tag where they have one, else the first that takes the value.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Key, Plan, Types, Variant, structs};
use crate::{
    docs::docs,
    names::{Scope, ident, pascal},
};

/// A union with what belongs to it.
pub(super) fn generate(types: &Types, key: &Key, name: &Ident, plan: &Plan, variants: &[Variant], tag: Option<&str>) -> TokenStream {
    let mut scope = Scope::with(&["Unknown"]);
    let names: Vec<&str> = variants.iter().map(|variant| variant.name.as_str()).collect();
    let idents = scope.all(&names, |name| pascal(name, "Variant"));
    let inner: Vec<TokenStream> = variants.iter().map(|variant| types.rust(&variant.value, &quote!())).collect();
    let boxed: Vec<bool> = variants.iter().map(|variant| structs::contains(types, &variant.value, key, &mut HashSet::new())).collect();
    let held = inner.iter().zip(&boxed).map(|(inner, boxed)| if *boxed { quote!(::std::boxed::Box<#inner>) } else { inner.clone() });
    let held: Vec<TokenStream> = held.collect();
    let doc = docs(&plan.docs, &format!("`{name}`."));
    let variant_docs = variants.iter().zip(&idents).map(|(variant, ident)| match (tag, variant.tags.as_slice()) {
        (Some(tag), [first, ..]) => format!(" `{tag}` is `{first}`."),
        _ => format!(" `{ident}`."),
    });
    let conversions = conversions(name, variants, &idents, &inner, &boxed);
    let decode = match tag {
        Some(tag) => by_tag(tag, variants, &idents, &held),
        None => {
            quote! { #(if let Ok(value) = ::client_runtime::tagged::<#held, D::Error>(&value) { return Ok(Self::#idents(value)); })* }
        }
    };
    let unknown = ident("Unknown");
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, ::client_runtime::serde::Serialize)]
        #[serde(crate = "::client_runtime::serde", untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#[doc = #variant_docs] #idents(#held),)*
            /// A value that the document does not describe.
            #unknown(::client_runtime::serde_json::Value),
        }
        #conversions
        impl<'de> ::client_runtime::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::client_runtime::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let value = <::client_runtime::serde_json::Value as ::client_runtime::serde::Deserialize>::deserialize(deserializer)?;
                #decode
                Ok(Self::#unknown(value))
            }
        }
    }
}

fn by_tag(tag: &str, variants: &[Variant], idents: &[Ident], held: &[TokenStream]) -> TokenStream {
    let arms = variants.iter().zip(idents).zip(held).map(|((variant, ident), held)| {
        let tags = &variant.tags;
        quote! { #(Some(#tags))|* => return ::client_runtime::tagged::<#held, D::Error>(&value).map(Self::#ident), }
    });
    quote! {
        match ::client_runtime::tag(&value, #tag) {
            #(#arms)*
            _ => {}
        }
    }
}

/// From each alternative that no other alternative is also.
fn conversions(name: &Ident, variants: &[Variant], idents: &[Ident], inner: &[TokenStream], boxed: &[bool]) -> TokenStream {
    let mut seen = HashSet::new();
    let all = variants.iter().zip(idents).zip(inner.iter().zip(boxed)).filter(|(_, (inner, _))| seen.insert(inner.to_string()));
    let all = all.map(|((variant, ident), (inner, boxed))| {
        let value = if *boxed { quote!(::std::boxed::Box::new(value)) } else { quote!(value) };
        let text = (variant.value == super::Type::Text).then(|| {
            quote! {
                impl ::std::convert::From<&str> for #name {
                    fn from(value: &str) -> Self {
                        Self::#ident(value.to_owned())
                    }
                }
            }
        });
        quote! {
            impl ::std::convert::From<#inner> for #name {
                fn from(value: #inner) -> Self {
                    Self::#ident(#value)
                }
            }
            #text
        }
    });
    quote! { #(#all)* }
}
