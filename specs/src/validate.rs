//! Validators of a document's schemas.
