//! Requests as they come over the wire, read as the document says: which operation one is for, what its parameters, its
//! body and its credentials are. Whoever has to understand requests that others send reads them in here, so that they
//! are understood alike everywhere.
//!
//! Reading judges little: what can be read becomes a value, and the value's validator says what is wrong with it.
//! Everything that can be known of a document beforehand is compiled once, so that a request pays for its own data.

mod body;
mod credential;
mod declared;
mod framing;
mod json;
mod media;
mod pairs;
mod parameter;
mod router;
mod segment;
mod shape;

pub use credential::{Shown, carrier, credentials};
pub use declared::{Bound, Field, Token, fields};
pub use framing::Framing;
pub use media::{Content, Media, meant};
pub use pairs::{Coding, Pair, pairs};
pub use parameter::{Decoder, Raw};
pub use router::{Asked, Found, Matched, Router};
