//! A typed client that was made elsewhere: all that a crate outside this workspace writes to have one.

include!(concat!(env!("OUT_DIR"), "/lighthouse.rs"));
