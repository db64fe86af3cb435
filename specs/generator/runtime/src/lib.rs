//! What generated clients are made of. Their documents decide everything else.
//!
//! Generated source names this crate and no other, so this is all that a crate with a client depends on: the crates
//! that are exported whole are there for it.

mod body;
mod connection;
#[cfg(feature = "contract")]
pub mod contract;
mod credentials;
mod decode;
mod error;
mod limits;
mod nullable;
mod parameter;
mod response;
mod timestamp;

pub use body::{Body, File, Files, Payload, multipart_part, multipart_parts};
pub use bytes::Bytes;
pub use connection::{Connection, Facts, http_client};
pub use credentials::{Credentials, Secret};
pub use decode::{integer, optional_integer, present, tag, tagged};
pub use error::{Error, NotSent, Undeclared, Undecodable};
pub use limits::Reset;
pub use nullable::Nullable;
pub use parameter::{Query, Style, cookies, header, path};
#[doc(hidden)]
pub use progenitor_client;
/// The HTTP client that calls go over, for those who bring their own.
pub use reqwest;
pub use reqwest::{StatusCode, header::HeaderMap};
pub use response::{Media, Reply, Response, Success};
#[doc(hidden)]
pub use serde;
/// What has no type of its own is a value of this.
pub use serde_json;
pub use timestamp::{Date, Timestamp};
