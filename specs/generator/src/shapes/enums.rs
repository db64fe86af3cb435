//! Texts as enums that take any other text too: what a vendor adds tomorrow decodes.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Plan, Word};
use crate::{
    docs::docs,
    names::{Scope, pascal},
};

/// An enum with what belongs to it.
pub(super) fn generate(name: &Ident, plan: &Plan, words: &[Word]) -> TokenStream {
    let mut scope = Scope::default();
    let names: Vec<&str> = words.iter().map(|word| word.name.as_deref().unwrap_or(&word.wire)).collect();
    let idents = scope.all(&names, |name| pascal(name, "Value"));
    let other =
        ["Unknown", "Undocumented", "OtherText"].into_iter().find(|other| !idents.iter().any(|ident| ident == other)).unwrap_or("Unknown_");
    let other = crate::names::ident(other);
    let wires: Vec<&String> = words.iter().map(|word| &word.wire).collect();
    let variant_docs = words.iter().map(|word| docs(&word.docs, &format!("`{}`.", word.wire)));
    let doc = docs(&plan.docs, &format!("`{name}`."));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variant_docs #idents,)*
            /// A text that the document does not list.
            #other(::std::string::String),
        }
        impl #name {
            /// The text on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #wires,)*
                    Self::#other(text) => text,
                }
            }
        }
        impl ::std::convert::From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#wires => Self::#idents,)*
                    other => Self::#other(other.to_owned()),
                }
            }
        }
        impl ::std::convert::From<::std::string::String> for #name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl ::client_runtime::serde::Serialize for #name {
            fn serialize<S: ::client_runtime::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> ::client_runtime::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::client_runtime::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                <::std::string::String as ::client_runtime::serde::Deserialize>::deserialize(deserializer).map(Self::from)
            }
        }
    }
}
