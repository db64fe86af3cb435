//! Typed clients of CRM notes APIs: one module per provider, generated from the OpenAPI documents in `specs/`.
//!
//! Every module has the same shape: a `Client` with one method per operation, `Credentials` with one constructor per
//! security scheme of the document, `types` for what travels, and for each operation an enum of its successes and one
//! of its refusals. Required arguments are arguments of the method; optional ones are set on the request that it
//! returns; nothing is sent before `.send().await`, or `.await` on the request itself. Every module has an example of
//! its own, and `examples/` a program.
//!
#![doc = include_str!(concat!(env!("OUT_DIR"), "/example.md"))]
//!
//! What goes out is what was set and nothing else: a property is absent, null or a value ([`Nullable`]). What comes
//! in is read with patience: unknown properties, new words of an enumeration ([`Unknown`](runtime) variants), odd
//! dates ([`Timestamp`]) and missing optional properties are no errors. A status that the document does not declare
//! keeps its body; a body that does not fit keeps status, place and text ([`Error`]).

extern crate self as crm_notes;

#[doc(inline)]
pub use client_runtime as runtime;

pub use runtime::{Body, Date, Error, File, Media, Nullable, Response, Timestamp};

include!(concat!(env!("OUT_DIR"), "/providers.rs"));

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
