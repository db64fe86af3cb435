//! Clients of every document of `specs/tests/corpus`: they compile without a warning, and `tests/corpus_clients.rs` of
//! the root package sends and reads with them all that their documents declare.

use client_runtime as runtime;

include!(concat!(env!("OUT_DIR"), "/providers.rs"));
