//! A typed client of the mock's control API, by the same generator that makes those of the vendors.

include!(concat!(env!("OUT_DIR"), "/control_openapi.rs"));
