//! What one sandbox remembers of one document: rows by resource, and the counters that ids and limits come from.
//!
//! The engine never touches this. It says what it needs ([`Reads`]), is given it ([`Snapshot`]), and says what
//! must become of it ([`Write`]). So a database under several replicas could stand here, and the engine would not
//! know. Rows carry versions, and a commit that finds another version than the snapshot had is a [`Conflict`].

mod kept;
mod meter;
mod order;
mod read;
mod table;
mod view;
mod windows;
mod world;

pub use kept::{Kept, KeptRow, KeptWindow, Misfit};
pub use meter::{Budget, Meter};
pub use read::{Conflict, Page, PageQuery, Reads, Snapshot, Write};
pub use table::Row;
pub use view::View;
pub use windows::{Counted, Holding, Quota, Window};
pub use world::World;
