//! Faults: what goes wrong though nobody made a mistake, and answers that are chosen beforehand.
//!
//! A rule says where, when and what, in one language for files, the control API and a header. Each sandbox
//! has rules and counters of its own. What changes the state is done by the engine, which is told by orders; what
//! happens to a message on its way is done by the data listener. Nothing here runs while a sandbox has no rules.

mod active;
mod answers;
mod builder;
mod faults;
mod file;
mod mangle;
mod plan;
mod profiles;
mod rule;
mod schema;
mod served;
mod text;
mod values;

pub(crate) use active::{Active, Origin};
pub use answers::{Answer, AtEnd};
pub(crate) use answers::{AnswerBody, Answers, Sequence, SequenceBody, Step, Taken};
pub use builder::Fault;
pub(crate) use faults::Faults;
pub(crate) use file::{check, of, read};
pub(crate) use mangle::{mangle, misfit};
pub(crate) use plan::{Call, Plan};
pub(crate) use rule::{Effect, Rule, Wrong};
pub(crate) use schema::{ProfileSummary, RuleBody, RulesBody, summaries};
pub(crate) use values::{Cut, Drip};
