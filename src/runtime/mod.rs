//! What generated clients are made of. Their documents decide everything else.

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
/// The HTTP client that calls go over, for those who bring their own.
pub use reqwest;
pub use reqwest::{StatusCode, header::HeaderMap};
pub use response::{Media, Reply, Response, Success};
pub use timestamp::{Date, Timestamp};
