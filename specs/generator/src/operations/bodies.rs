//! Request bodies: which of the media types is sent, and how it is written.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use specs::api::{self, Direction, MediaType};

use crate::{
    docs::paragraphs,
    shapes::{Kind, Planner, Type, Types, field_idents},
};

/// A body as it is sent.
pub(crate) struct Body {
    pub(crate) required: bool,
    pub(crate) docs: String,
    pub(crate) media_type: String,
    pub(crate) encoding: Encoding,
    pub(crate) value: Type,
    /// How properties of a form are written, where the document says.
    styles: Vec<(String, &'static str)>,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    Json,
    Form,
    Multipart,
    Text,
    Raw,
}

/// Chooses what can be typed best.
pub(super) fn plan(body: &api::Body, planner: &mut Planner<'_>) -> Body {
    let chosen = body.content.iter().min_by_key(|media_type| (encoding(media_type) as u8, media_type.name.matches('*').count()));
    let (encoding, media_type) = chosen.map_or((Encoding::Raw, "application/octet-stream".to_owned()), |chosen| {
        (encoding(chosen), concrete(chosen.essence(), encoding(chosen)))
    });
    if let Some(chosen) = chosen {
        body.content.iter().for_each(|other| planner.expect_same(chosen, other, "sent"));
        if encoding == Encoding::Raw {
            planner.expect_bytes(chosen);
        }
    }
    let schema = chosen.and_then(|chosen| chosen.schema.as_ref());
    let value = match (encoding, schema) {
        (Encoding::Json | Encoding::Form, Some(schema)) => planner.plan(schema, Direction::Request),
        (Encoding::Multipart, Some(schema)) => planner.with_files(|planner| planner.plan(schema, Direction::Request)),
        (Encoding::Form | Encoding::Multipart, None) => Type::Map(Box::new(Type::Any)),
        (Encoding::Text, _) => Type::Text,
        _ => Type::Any,
    };
    let value = if encoding == Encoding::Json { value } else { Types::inner(&value).0.clone() };
    let styles = chosen.map(styles).unwrap_or_default();
    Body { required: body.required, docs: paragraphs(&[&body.description]), media_type, encoding, value, styles }
}

/// What `encoding` says of the properties of a form.
fn styles(media_type: &MediaType) -> Vec<(String, &'static str)> {
    let all = media_type.encoding.as_ref().and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, encoding)| Some((name.clone(), style(encoding)?))).collect()
}

fn style(encoding: &Value) -> Option<&'static str> {
    let text = |name: &str| encoding.get(name).and_then(Value::as_str);
    let explode = encoding.get("explode").and_then(Value::as_bool);
    match (text("style"), explode) {
        (None, None) => text("contentType").filter(|media_type| media_type.contains("json")).map(|_| "Json"),
        (Some("deepObject"), _) => Some("DeepObject"),
        (Some("spaceDelimited"), None | Some(false)) => Some("SpaceDelimited"),
        (Some("pipeDelimited"), None | Some(false)) => Some("PipeDelimited"),
        (_, Some(false)) => Some("Form"),
        _ => Some("FormExploded"),
    }
}

/// In the order of preference.
fn encoding(media_type: &MediaType) -> Encoding {
    match media_type.essence() {
        _ if media_type.is_json() => Encoding::Json,
        "application/x-www-form-urlencoded" => Encoding::Form,
        essence if essence.starts_with("multipart/") => Encoding::Multipart,
        "*/*" | "application/*" if media_type.schema.is_some() => Encoding::Json,
        essence if essence.starts_with("text/") => Encoding::Text,
        _ => Encoding::Raw,
    }
}

/// A media type that can be sent, for a range of them.
fn concrete(essence: &str, encoding: Encoding) -> String {
    let known = match encoding {
        Encoding::Json => "application/json",
        Encoding::Form => "application/x-www-form-urlencoded",
        Encoding::Multipart => "multipart/form-data",
        Encoding::Text => "text/plain",
        Encoding::Raw => "application/octet-stream",
    };
    if essence.contains('*') { known.to_owned() } else { essence.to_owned() }
}

impl Body {
    /// The argument that takes the body.
    pub(crate) fn bound(&self, types: &Types, path: &TokenStream) -> TokenStream {
        match (self.encoding, &self.value) {
            (Encoding::Text, _) => quote!(impl ::std::convert::Into<::std::string::String>),
            (Encoding::Raw, _) => quote!(impl ::std::convert::Into<::client_runtime::Bytes>),
            (_, Type::List(item)) => {
                let item = types.rust(item, path);
                quote!(&[#item])
            }
            (_, value) => {
                let rust = types.rust(value, path);
                quote!(&#rust)
            }
        }
    }

    /// Writes `body` as a payload; the result is fallible.
    pub(crate) fn encode(&self, types: &Types) -> TokenStream {
        let media_type = &self.media_type;
        match self.encoding {
            Encoding::Json => quote!(::client_runtime::Payload::json(#media_type, body)),
            Encoding::Form => {
                let styles = self.styles.iter().map(|(name, style)| {
                    let style = crate::names::ident(style);
                    quote!((#name, ::client_runtime::Style::#style))
                });
                quote!(::client_runtime::Payload::form(#media_type, body, &[#(#styles),*]))
            }
            Encoding::Text => {
                quote!(Ok(::client_runtime::Payload::raw(#media_type, ::std::convert::Into::<::std::string::String>::into(body))))
            }
            Encoding::Raw => quote!(Ok(::client_runtime::Payload::raw(#media_type, body))),
            Encoding::Multipart => {
                let parts = self.parts(types);
                quote! {
                    {
                        let mut parts = ::std::vec::Vec::new();
                        let mut write = || -> ::std::result::Result<(), ::client_runtime::NotSent> {
                            #parts
                            Ok(())
                        };
                        write().map(|()| ::client_runtime::Payload::multipart(#media_type, &parts))
                    }
                }
            }
        }
    }

    fn parts(&self, types: &Types) -> TokenStream {
        let Type::Named(key) = &self.value else { return quote!(::client_runtime::multipart_parts(&mut parts, body)?;) };
        let Some(Kind::Struct { fields, .. }) = types.plan(key).map(|plan| &plan.kind) else {
            return quote!(::client_runtime::multipart_parts(&mut parts, body)?;);
        };
        let each = fields.iter().zip(field_idents(fields)).map(|(field, ident)| {
            let wire = &field.wire;
            let is_option = !field.required;
            let (inner, is_nullable) = Types::inner(&field.value);
            let is_file = *inner == Type::File || matches!(inner, Type::List(item) if **item == Type::File);
            match (is_file, is_option, is_nullable) {
                (false, ..) => quote!(::client_runtime::multipart_part(&mut parts, #wire, &body.#ident)?;),
                (true, false, false) => quote!(::client_runtime::Files::write(&body.#ident, &mut parts, #wire);),
                (true, true, false) => {
                    quote!(if let Some(file) = &body.#ident { ::client_runtime::Files::write(file, &mut parts, #wire); })
                }
                (true, false, true) => {
                    quote!(if let Some(file) = body.#ident.value() { ::client_runtime::Files::write(file, &mut parts, #wire); })
                }
                (true, true, true) => quote! {
                    if let Some(file) = body.#ident.as_ref().and_then(::client_runtime::Nullable::value) {
                        ::client_runtime::Files::write(file, &mut parts, #wire);
                    }
                },
            }
        });
        quote!(#(#each)*)
    }
}
