//! What generated clients are made of. Their documents decide everything else.

mod body;
mod connection;
#[cfg(feature = "contract")]
pub mod contract;
mod credentials;
mod decode;
mod error;
mod nullable;
mod parameter;
mod response;
mod timestamp;

pub use body::{Body, File, Files, Payload, multipart_part, multipart_parts};
pub use bytes::Bytes;
pub use connection::Connection;
pub use credentials::{Credentials, Secret};
pub use decode::{integer, optional_integer, present, tag, tagged};
pub use error::{Error, NotSent, Undeclared, Undecodable};
pub use nullable::Nullable;
pub use parameter::{Query, Style, cookies, header, path};
pub use reqwest::{StatusCode, header::HeaderMap};
pub use response::{Reply, Response, Success};
pub use timestamp::{Date, Timestamp};
