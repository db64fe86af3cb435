//! The cases a server of a document must pass.
