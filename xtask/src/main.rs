//! The verbs of people who work here.
fn main() {}
