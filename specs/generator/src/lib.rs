//! Document to typed Rust client source.
