//! What one sandbox remembers of one document: rows by resource, and the counters that ids and limits come from.
//!
//! The engine never touches this. It says what it needs ([`Reads`]), is given it ([`Snapshot`]), and says what
//! must become of it ([`Write`]). So a database under several replicas could stand here, and the engine would not
//! know. Rows carry versions, and a commit that finds another version than the snapshot had is a [`Conflict`].

mod contents;
mod kept;
mod keyring;
mod meter;
mod order;
mod page;
mod past;
mod read;
mod table;
mod windows;
mod world;

pub use contents::Contents;
pub use kept::{Kept, KeptRow, KeptWindow, Misfit};
pub use keyring::{Grant, Key, Keyring, Method, Mode, Standing};
pub use meter::{Budget, Meter};
pub use past::{Lag, View};
pub use read::{Conflict, Page, PageQuery, Reads, Snapshot, Write};
pub use table::Row;
pub use windows::{Counted, Holding, Quota, Window};
pub use world::World;
