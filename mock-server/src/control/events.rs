//! New exchanges of a sandbox as server-sent events, while they happen.
//!
//! The journal is what is sent from: a client that reads slower than exchanges come is told how many it missed, and
//! holds up nobody.

use std::{
    convert::Infallible,
    fmt::Write,
    sync::{Arc, Weak},
    time::Duration,
};

use bytes::Bytes;
use dropshot::{Body, RequestContext};
use futures_util::stream;
use http::{HeaderMap, Response, header};
use http_body_util::StreamBody;
use hyper::body::Frame;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::{sync::watch, time::sleep};

use super::{journal::JournalFilter, refusal::HttpError};
use crate::{
    journal::{Entry, Position, Since, Wanted},
    sandbox::Sandbox,
    shell::Shell,
};

/// After so long without an exchange a comment is sent, so that nobody between takes the connection for a dead one.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Exchanges that are written at once.
const BATCH: usize = 16;

/// Chooses events.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventsQuery {
    /// Only exchanges with this provider.
    pub(crate) provider: Option<String>,
    /// Only exchanges of the operation with this id.
    pub(crate) operation: Option<String>,
    /// Only this status, `404`, or these, `4XX`.
    pub(crate) status: Option<String>,
    /// Only those that were refused, or with `false` those that were not.
    pub(crate) refused: Option<bool>,
    /// Begin behind the exchange with this number, with 0 at the first one that is kept; without it, with the next
    /// one to come. The header `Last-Event-ID`, which browsers send when they connect again, counts more.
    pub(crate) after: Option<u64>,
}

/// Somebody who follows a journal. The sandbox may go meanwhile, which ends the events.
struct Follower {
    shell: Arc<Shell>,
    sandbox: Weak<Sandbox>,
    arrivals: watch::Receiver<()>,
    position: Position,
    wanted: Wanted,
    greeted: bool,
}

/// The events of a sandbox, until the client, the sandbox or the mock goes.
pub(super) fn follow(
    context: &RequestContext<Arc<Shell>>,
    sandbox: &Arc<Sandbox>,
    query: &EventsQuery,
) -> Result<Response<Body>, HttpError> {
    let EventsQuery { provider, operation, status, refused, after } = query.clone();
    let wanted = JournalFilter { provider, operation, status, refused, ..JournalFilter::default() }.wanted()?;
    let last = last_event(context.request.headers())?.or(after);
    let follower = Follower {
        shell: context.context().clone(),
        arrivals: sandbox.journal.arrivals(),
        position: last.map_or_else(|| sandbox.journal.end(), |last| sandbox.journal.behind(last)),
        sandbox: Arc::downgrade(sandbox),
        wanted,
        greeted: false,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let text = follower.next().await?;
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from(text))), follower))
    });
    let response = Response::builder().header(header::CONTENT_TYPE, "text/event-stream").header(header::CACHE_CONTROL, "no-store");
    // Some proxies keep an answer back until it is whole, unless they are told.
    Ok(response.header("x-accel-buffering", "no").body(Body::wrap(StreamBody::new(events)))?)
}

/// The number that a client that connects again saw last.
fn last_event(headers: &HeaderMap) -> Result<Option<u64>, HttpError> {
    let Some(text) = headers.get("last-event-id").filter(|text| !text.is_empty()) else { return Ok(None) };
    let number = text.to_str().ok().and_then(|text| text.trim().parse().ok());
    let message = || format!("`Last-Event-ID: {}` is no number of an exchange", String::from_utf8_lossy(text.as_bytes()));
    number.map(Some).ok_or_else(|| HttpError::for_bad_request(None, message()))
}

impl Follower {
    /// What is to be sent next; nothing when it is over.
    async fn next(&mut self) -> Option<String> {
        let mut closing = self.shell.closing.get()?.clone();
        if !self.greeted {
            self.greeted = true;
            return Some("retry: 1000\n\n".to_owned());
        }
        loop {
            // It never changes; it ends.
            closing.has_changed().ok()?;
            let (text, is_all) = self.arrived()?;
            if !text.is_empty() {
                return Some(text);
            }
            if !is_all {
                continue;
            }
            tokio::select! {
                changed = self.arrivals.changed() => changed.ok()?,
                _ = closing.changed() => return None,
                () = sleep(KEEP_ALIVE) => return Some(": nothing new\n\n".to_owned()),
            }
        }
    }

    /// What came since, as events, and whether it is all that came; nothing when the sandbox is no more.
    fn arrived(&mut self) -> Option<(String, bool)> {
        let sandbox = self.sandbox.upgrade()?;
        let (shell, wanted) = (&self.shell, &self.wanted);
        let show = |record: &_| wanted.covers(record).then(|| event(&shell.show(&sandbox, record)));
        let Since { cleared, missed, shown } = sandbox.journal.since(&mut self.position, BATCH, show);
        let mut text = String::new();
        if cleared {
            // The id is that of no exchange: numbers begin with 1 again.
            text.push_str("id: 0\nevent: cleared\ndata: {}\n\n");
        }
        if missed > 0 {
            let _ = write!(text, "event: gap\ndata: {{\"missed\":{missed}}}\n\n");
        }
        let is_all = shown.len() < BATCH;
        shown.into_iter().flatten().for_each(|event| text.push_str(&event));
        Some((text, is_all))
    }
}

fn event(entry: &Entry) -> String {
    // An entry has no map whose keys are no text, which is all that could fail.
    let data = serde_json::to_string(entry).unwrap_or_default();
    format!("id: {}\nevent: exchange\ndata: {data}\n\n", entry.number)
}
