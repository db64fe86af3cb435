//! The cases that a server of a document must pass.
//!
//! A [`Suite`] enumerates the cases of one document: each is one [`rule`] at one place of one operation, and says so in
//! a sentence. A place where a rule has no case has a reason instead, so that the matrix of rules and places has no
//! silent cell. A case is run against a [`Target`], which is a [`Transport`] and what requests prove themselves with;
//! pace is a transport around a transport, and what may be sent at all is decided where everything is sent, by a [`Session`].
//!
//! A case judges one rule alone. What has to work before it, as creating what is to be read, blocks the case when it
//! fails: a server with one fault fails the cases that name the fault, and no others.

mod absent;
mod accept;
mod answers;
pub mod baseline;
mod case;
mod cases;
mod check;
pub mod cli;
pub mod client;
pub mod compare;
pub mod coverage;
pub mod credentials;
mod draft;
mod edit;
mod exchange;
mod expression;
mod laws;
mod location;
mod making;
mod matrix;
mod moment;
mod operations;
pub mod pace;
mod pages;
pub mod plan;
mod preferred;
mod property;
pub mod proxy;
pub mod redact;
mod refusal;
mod refuse;
mod rehearsal;
pub mod report;
#[expect(missing_docs, reason = "each rule says itself what it promises")]
pub mod rule;
mod run;
pub mod runner;
pub mod script;
mod session;
mod settle;
mod shown;
mod suite;
mod survive;
mod target;
mod transport;
mod undocumented;
mod unlike;
mod vary;
mod wire;
mod world;

pub use baseline::Baseline;
pub use case::{Case, Class, Empty, Failure, Outcome, Verdict};
pub use coverage::Coverage;
pub use credentials::Credentials;
pub use exchange::{Elsewhere, Exchange, Field, Intent, Request, Response, Visibility};
pub use matrix::Matrix;
pub use pace::{Pace, Paced};
pub use redact::Redactor;
pub use rule::Rule;
pub use session::{Allow, Opening, Policy, Session, Tally, Unreadable};
pub use suite::Suite;
pub use target::{Given, Place, Target};
pub use transport::{Http, Transport, Unreachable};
