//! Faults for those who have the mock in their process.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{Rule, Wrong};

/// Something that goes wrong though nobody made a mistake: where, when and what.
///
/// Without more it goes wrong with every request.
///
/// ```
/// use std::time::Duration;
/// use mock_server::Fault;
///
/// let unavailable = Fault::status(503).on("create_note").times(2);
/// let sluggish = Fault::delay(Duration::from_millis(300)).probability(0.2);
/// let as_written = Fault::written("status=429; retry-after=7; nth=3");
/// # let _ = (unavailable, sluggish, as_written);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Fault {
    members: Map<String, Value>,
    text: Option<String>,
}

impl Fault {
    fn of(name: &str, value: impl Into<Value>) -> Self {
        Self { members: Map::new(), text: None }.with(name, value)
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// As the header `x-mock-fault` has it: `status=503; times=2, delay=1s`, or the name of a profile. What is said
    /// besides holds for all of its rules.
    pub fn written(text: impl Into<String>) -> Self {
        Self { members: Map::new(), text: Some(text.into()) }
    }

    /// The rules of a profile: `flaky`, `slow`, `rate-limited`, `outage`.
    pub fn profile(name: &str) -> Self {
        Self::of("profile", name)
    }

    /// This status, with the body that the vendor has for it; nothing is done.
    pub fn status(status: u16) -> Self {
        Self::of("status", status)
    }

    /// The answer waits.
    pub fn delay(time: Duration) -> Self {
        Self::of("delay", written(time))
    }

    /// The answer waits for a time between these.
    pub fn delay_between(least: Duration, most: Duration) -> Self {
        Self::of("delay", format!("{}..{}", written(least), written(most)))
    }

    /// 429 to every request for so long, by the clock of the sandbox.
    pub fn storm(time: Duration) -> Self {
        Self::of("storm", written(time))
    }

    /// The connection is cut, and nothing is done.
    pub fn cut() -> Self {
        Self::of("cut", true)
    }

    /// All is done, and the connection is cut before the answer.
    pub fn lost() -> Self {
        Self::of("lost", true)
    }

    /// A write is done twice, as if it had been sent again on its way.
    pub fn duplicate() -> Self {
        Self::of("duplicate", true)
    }

    /// Only this percentage of the body arrives, and the connection is cut.
    pub fn truncate(percent: u8) -> Self {
        Self::of("truncate", format!("{percent}%"))
    }

    /// The body comes so many bytes at a time, with a pause between.
    pub fn drip(bytes: usize, pause: Duration) -> Self {
        Self::of("drip", format!("{bytes}/{}", written(pause)))
    }

    /// The body is nearly JSON.
    pub fn malformed() -> Self {
        Self::of("malformed", true)
    }

    /// The body has this content type.
    pub fn content_type(media_type: &str) -> Self {
        Self::of("content_type", media_type)
    }

    /// There is no body.
    pub fn empty() -> Self {
        Self::of("empty", true)
    }

    /// A property of the body breaks the document's schema.
    pub fn wrong_schema() -> Self {
        Self::of("wrong_schema", true)
    }

    /// Reads do not see writes for so long, by the clock of the sandbox.
    pub fn stale(time: Duration) -> Self {
        Self::of("stale", written(time))
    }

    /// So many reads do not see a write.
    pub fn stale_reads(reads: u64) -> Self {
        Self::of("stale", reads)
    }

    /// So many elements of a batch are not made.
    pub fn fail_items(items: usize) -> Self {
        Self::of("fail_items", items)
    }

    /// So many rows are deleted before a later page of a list is answered.
    pub fn vanish(rows: u32) -> Self {
        Self::of("vanish", rows)
    }

    /// What goes wrong there goes wrong here too, where this says nothing of it.
    pub fn and(mut self, other: Self) -> Self {
        for (name, value) in other.members {
            self.members.entry(name).or_insert(value);
        }
        self
    }

    /// Names it, for the journal and to take it away.
    pub fn named(self, id: &str) -> Self {
        self.with("id", id)
    }

    /// Only this operation.
    pub fn on(self, operation: &str) -> Self {
        self.with("operation", operation)
    }

    /// Only this provider.
    pub fn of_provider(self, provider: &str) -> Self {
        self.with("provider", provider)
    }

    /// Only paths like this: `*` stands for anything but `/`, `**` for anything.
    pub fn at(self, path: &str) -> Self {
        self.with("path", path)
    }

    /// Only what reads.
    pub fn only_reads(self) -> Self {
        self.with("only", "reads")
    }

    /// Only what writes.
    pub fn only_writes(self) -> Self {
        self.with("only", "writes")
    }

    /// Only where the answer has this status, `404`, or one of these, `2XX`.
    pub fn if_answer(self, status: &str) -> Self {
        self.with("answer", status)
    }

    /// So many times at most.
    pub fn times(self, times: u64) -> Self {
        self.with("times", times)
    }

    /// Only the n-th request, from 1.
    pub fn nth(self, nth: u64) -> Self {
        self.with("nth", nth)
    }

    /// Each k-th request.
    pub fn every(self, every: u64) -> Self {
        self.with("every", every)
    }

    /// Not before so many requests.
    pub fn after(self, requests: u64) -> Self {
        self.with("after", requests)
    }

    /// By chance, from 0 to 1.
    pub fn probability(self, part: f64) -> Self {
        self.with("probability", part)
    }

    /// So long from the first time on, by the clock of the sandbox.
    pub fn lasting(self, time: Duration) -> Self {
        self.with("for", written(time))
    }

    /// With `Retry-After`, in seconds.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with("retry_after", seconds)
    }

    /// With this body instead of the vendor's: text is sent as HTML, anything else as JSON.
    pub fn body(self, body: impl Into<Value>) -> Self {
        self.with("body", body)
    }

    /// The rules that it stands for.
    pub(crate) fn rules(self) -> Result<Vec<Rule>, Wrong> {
        let Some(text) = self.text else { return Rule::read(self.members) };
        let each = Rule::parse(&text)?.into_iter().map(|rule| {
            let mut members = rule.members;
            members.extend(self.members.clone());
            Rule::read(members)
        });
        Ok(each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

fn written(time: Duration) -> String {
    format!("{}ms", time.as_secs_f64() * 1_000.0)
}
