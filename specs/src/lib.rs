//! The documents of crm-notes, and the only code that knows OpenAPI.
//!
//! A document goes through passes, each a module: [`document`] (bytes to a value in which every node has a place; other
//! files are bundled into it, overlays applied, and Swagger 2.0 converted) →
//! `normalize` (OpenAPI 3.0 becomes JSON Schema 2020-12, once) → [`api`] (the typed model) → [`resources`] (what
//! state the operations imply). Nothing in here panics on a document: what is wrong with one is a [`Problem`],
//! collected with file, line, JSON pointer, rule and fix. Beside the passes, `wire` reads requests as a document describes
//! them.
//!
//! Schemas stay JSON Schema *values* inside the normalized document and are named by [`api::SchemaId`]; a `$ref` is kept
//! and never inlined, because documents have cycles and inlining has no bound. The alternative, a typed schema
//! tree, was rejected: every keyword it forgets is a promise that is silently not kept.

pub mod api;
mod bundle;
pub mod compare;
pub mod document;
#[cfg(feature = "drift")]
pub mod drift;
#[cfg(feature = "edit")]
pub mod edit;
pub mod lint;
#[cfg(feature = "lower")]
pub mod lower;
mod nearest;
mod normalize;
mod overlay;
#[cfg(feature = "pages")]
pub mod pages;
pub mod pointer;
pub mod problem;
pub mod resources;
#[cfg(feature = "sample")]
pub mod sample;
mod swagger;
#[cfg(feature = "validate")]
pub mod validate;
pub mod webhooks;
#[cfg(feature = "wire")]
pub mod wire;

pub use api::{Api, Loaded, load};
pub use document::{Beside, Document, Overlay, Reading, Source, documents};
pub use nearest::nearest;
pub use problem::{Problem, Severity};

/// The folder of the documents that ship with this crate.
pub const DIR: &str = env!("CARGO_MANIFEST_DIR");
