//! The mock over real sockets: what the listeners, the sandboxes, the journal and the command line promise.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed, helpers included")]

mod control;
mod coverage;
mod cross_origin;
mod events;
mod har;
mod http;
mod in_process;
mod inspect;
mod journal;
mod program;
mod sandboxes;
mod verify;
