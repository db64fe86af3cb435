//! The state of one document as data that outlives the world and the document: what an export holds, and what is carried
//! over when a document changes.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The state of one document.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Rows by resource, oldest first.
    #[serde(default)]
    pub rows: IndexMap<String, Vec<KeptRow>>,
    /// How many ids each resource has given out, so that the next ones go on from there.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub minted: IndexMap<String, u64>,
    /// How many numbers operations have used that belong to no resource.
    #[serde(default, skip_serializing_if = "is_none")]
    pub minted_else: u64,
    /// The windows of rate limits that have begun.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub windows: Vec<KeptWindow>,
    /// The state of other tenants, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub tenants: IndexMap<String, Kept>,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptRow {
    /// What it is found by: its key, below those of its parents where keys are another matter under each.
    pub key: String,
    /// The item as reading returns it.
    pub item: Value,
    /// The keys of its parents, by the property that would hold them.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub parents: IndexMap<String, String>,
    /// Whether it is only there because an example shows it.
    #[serde(default, skip_serializing_if = "is_not")]
    pub assumed: bool,
}

/// A window of a rate limit.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptWindow {
    /// The name of the limit.
    pub limit: String,
    /// Whose requests it counts: the beginning of a credential with a number that stands for it, or a word.
    pub key: String,
    /// When it began, in Unix milliseconds.
    pub since: i64,
    /// Requests that came in it.
    pub used: u64,
}

/// Where kept state does not fit a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// JSON pointer into [`Kept`], or into the row.
    pub pointer: String,
    /// What is wrong: a lower-case fragment without a period.
    pub message: String,
}

impl Misfit {
    pub(crate) fn new(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), message: message.into() }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_none(number: &u64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_not(flag: &bool) -> bool {
    !flag
}
