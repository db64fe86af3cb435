//! Limits of rate: a request is counted, its response says what is left, and where limits are enforced, one too many
//! is refused.
//!
//! Every request is counted that is not refused by a limit itself, whatever else is wrong with it: vendors count so, and
//! their refusals carry the headers too. Without enforcement the headers stop at zero and nothing happens.

use std::hash::{DefaultHasher, Hash, Hasher};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderName, HeaderValue, Response, StatusCode, header::RETRY_AFTER};
use specs::{
    resources::{LimitHeader, LimitScope, RateLimit, WindowStart},
    wire,
};

use super::{
    Conditions, Rejection, Request, Step,
    compile::{Compiled, Engine},
};
use crate::state::{Contents, Holding, Quota, Window, World};

/// The rule of a request that is one too many.
const RULE: &str = "rate-limited";
/// Who sent requests without a credential.
const ANONYMOUS: &str = "anonymous";
/// Who sent requests that are counted together.
const ACCOUNT: &str = "account";
/// How much of a credential is shown.
const SHOWN: usize = 4;

/// A documented rate limit, compiled.
pub(super) struct CompiledLimit {
    limit: RateLimit,
    /// The indices of the operations that it is about; none: all.
    operations: Option<Vec<usize>>,
    headers: Vec<(HeaderName, LimitHeader)>,
}

impl CompiledLimit {
    pub(super) fn new(api: &specs::Api, limit: &RateLimit) -> Self {
        let headers = limit.headers.iter().filter_map(|(name, holds)| Some((HeaderName::try_from(name).ok()?, *holds)));
        let named = |name: &String| api.operations.iter().position(|operation| operation.is_called(name));
        let operations = (!limit.operations.is_empty()).then(|| limit.operations.iter().filter_map(named).collect());
        Self { headers: headers.collect(), operations, limit: limit.clone() }
    }

    fn holds_for(&self, operation: Option<usize>) -> bool {
        self.operations.as_ref().is_none_or(|known| operation.is_some_and(|operation| known.contains(&operation)))
    }

    fn quota(&self, conditions: &Conditions) -> Quota {
        let changed = conditions.limits.changed.as_ref().and_then(|changed| changed.get(&self.limit.name));
        let limit = changed.and_then(|changed| changed.limit).unwrap_or(self.limit.limit);
        let seconds = changed.and_then(|changed| changed.window).unwrap_or(self.limit.window);
        let window = i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000).max(1);
        Quota { limit, window, by_clock: self.limit.start == WindowStart::Clock }
    }
}

/// What a response tells of the limits, and whether one refuses the request.
#[derive(Debug, Default)]
pub(super) struct Limits {
    headers: Vec<(HeaderName, HeaderValue)>,
    over: Option<Over>,
}

/// The limit that refuses a request.
#[derive(Debug)]
struct Over {
    name: String,
    quota: Quota,
    /// Seconds until the window is over.
    wait: i64,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// How a limit stands.
struct Standing<'e> {
    compiled: &'e CompiledLimit,
    quota: Quota,
    window: Window,
    /// Unix milliseconds.
    now: i64,
}

impl Limits {
    /// Counts a request and says what is left.
    pub(super) fn count(engine: &Engine, world: &World, request: &Request, operation: Option<usize>, conditions: &Conditions) -> Self {
        if engine.limits.is_empty() {
            return Self::default();
        }
        let key = key(engine, request);
        let holding = engine.limits.iter().enumerate().filter(|(_, one)| one.holds_for(operation));
        let (limits, holding): (Vec<&CompiledLimit>, Vec<Holding<'_>>) = holding
            .map(|(limit, one)| {
                let key = if one.limit.per == LimitScope::Account { ACCOUNT } else { &key };
                (one, Holding { limit, quota: one.quota(conditions), key })
            })
            .unzip();
        let now = conditions.now.timestamp_millis();
        let counted = world.count(&holding, now, conditions.limits.enforced);
        let standings = limits.into_iter().zip(&holding).zip(&counted.windows);
        let standings: Vec<Standing<'_>> =
            standings.map(|((compiled, one), window)| Standing { compiled, quota: one.quota, window: *window, now }).collect();
        let over = counted.is_over.then(|| over(&standings)).flatten();
        Self { headers: told(&standings), over }
    }

    /// What is said when nothing is left, of the limits of all operations.
    pub(super) fn spent(engine: &Engine, conditions: &Conditions) -> Self {
        Self { headers: told(&beginning(engine, conditions)), over: None }
    }

    /// Seconds until requests are counted anew, by the shortest of the limits of all operations.
    pub(super) fn left(engine: &Engine, conditions: &Conditions) -> Option<u64> {
        let left = beginning(engine, conditions).iter().map(Standing::seconds_left).min()?;
        Some(left.max(1).unsigned_abs())
    }

    /// Refuses a request that is one too many.
    pub(super) fn refuse(&self, engine: &Engine, operation: &Compiled) -> Result<(), Box<Rejection>> {
        let Some(over) = &self.over else { return Ok(()) };
        let status = operation.refusal_status(&engine.api, &[StatusCode::TOO_MANY_REQUESTS]);
        let Over { name, quota, wait, .. } = over;
        let message = format!("the limit `{name}` allows {} requests in {} seconds", quota.limit, quota.window / 1_000);
        let help = format!("wait {wait} seconds, move the clock of the sandbox, or let its limits not be enforced");
        Err(Rejection::new(Step::Limit, status, RULE, message, help))
    }

    pub(super) fn add_to(self, response: &mut Response<Bytes>, rejection: Option<&Rejection>) {
        let is_refused = rejection.is_some_and(|rejection| rejection.rule == RULE);
        let more = self.over.filter(|_| is_refused).map(|over| over.headers).unwrap_or_default();
        for (name, value) in self.headers.into_iter().chain(more) {
            response.headers_mut().insert(name, value);
        }
    }
}

/// How a limit stands, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitView {
    /// Its name.
    pub name: String,
    /// Requests that a window allows.
    pub limit: u64,
    /// The length of the window in seconds.
    pub window: u64,
    /// The windows that go on: whose, requests used, when it ends.
    pub windows: Vec<(String, u64, DateTime<Utc>)>,
}

impl Engine {
    /// How the limits of the document stand.
    #[must_use]
    pub fn limits(&self, contents: &Contents, conditions: &Conditions) -> Vec<LimitView> {
        let now = conditions.now.timestamp_millis();
        let each = self.limits.iter().enumerate();
        each.map(|(index, limit)| {
            let quota = limit.quota(conditions);
            let going = contents.windows().filter(|(_, of, _)| *of == index).map(|(key, _, window)| (key, window.at(now, &quota)));
            let going = going.filter(|(_, window)| window.used > 0);
            let ends = |window: Window| DateTime::from_timestamp_millis(window.ends(&quota)).unwrap_or(DateTime::<Utc>::MAX_UTC);
            let windows = going.map(|(key, window)| (key.to_owned(), window.used, ends(window))).collect();
            LimitView { name: limit.limit.name.clone(), limit: quota.limit, window: quota.window.unsigned_abs() / 1_000, windows }
        })
        .collect()
    }
}

/// How limits stand whose windows begin and are full.
fn beginning<'e>(engine: &'e Engine, conditions: &Conditions) -> Vec<Standing<'e>> {
    let now = conditions.now.timestamp_millis();
    let all = engine.limits.iter().filter(|limit| limit.operations.is_none());
    let full = |compiled: &'e CompiledLimit| {
        let quota = compiled.quota(conditions);
        Standing { compiled, quota, window: Window { used: quota.limit, ..Window::default().at(now, &quota) }, now }
    };
    all.map(full).collect()
}

/// The headers of all limits. Where two limits have the same header, lists hold both, and else the one tells that
/// has less left.
fn told(standings: &[Standing<'_>]) -> Vec<(HeaderName, HeaderValue)> {
    let mut told: Vec<(HeaderName, String, u64)> = Vec::new();
    for standing in standings {
        for (name, holds) in &standing.compiled.headers {
            let Some(value) = standing.value(*holds) else { continue };
            let is_item = matches!(holds, LimitHeader::Item | LimitHeader::Policy);
            match told.iter_mut().find(|(known, ..)| known == name) {
                Some((_, list, _)) if is_item => list.extend([", ", &value]),
                Some(other) if other.2 > standing.remaining() => (other.1, other.2) = (value, standing.remaining()),
                Some(_) => {}
                None => told.push((name.clone(), value, standing.remaining())),
            }
        }
    }
    told.into_iter().filter_map(|(name, value, _)| Some((name, HeaderValue::try_from(value).ok()?))).collect()
}

/// The full window that is waited for longest.
fn over(standings: &[Standing<'_>]) -> Option<Over> {
    let full = standings.iter().filter(|standing| standing.window.used >= standing.quota.limit);
    let last = full.max_by_key(|standing| standing.left())?;
    let mut headers = Vec::new();
    for (name, holds) in &last.compiled.headers {
        let value = match holds {
            LimitHeader::RetryAfter => last.seconds_left().max(1).to_string(),
            LimitHeader::RetryAfterDate => http_date(last.end()?),
            _ => continue,
        };
        headers.extend(HeaderValue::try_from(value).map(|value| (name.clone(), value)));
    }
    if !headers.iter().any(|(name, _)| name == RETRY_AFTER) {
        headers.push((RETRY_AFTER, last.seconds_left().max(1).into()));
    }
    Some(Over { name: last.compiled.limit.name.clone(), quota: last.quota, wait: last.seconds_left().max(1), headers })
}

impl Standing<'_> {
    fn remaining(&self) -> u64 {
        self.quota.limit.saturating_sub(self.window.used)
    }

    /// Milliseconds until the window is over.
    fn left(&self) -> i64 {
        self.window.ends(&self.quota).saturating_sub(self.now).max(0)
    }

    /// The same in seconds, rounded up.
    fn seconds_left(&self) -> i64 {
        self.left().saturating_add(999) / 1_000
    }

    /// When the window is over, on the whole second.
    fn end(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.end_unix(), 0)
    }

    fn end_unix(&self) -> i64 {
        self.window.ends(&self.quota).saturating_add(999).div_euclid(1_000)
    }

    fn value(&self, holds: LimitHeader) -> Option<String> {
        let (limit, remaining, left) = (self.quota.limit, self.remaining(), self.seconds_left());
        let name = &self.compiled.limit.name;
        Some(match holds {
            LimitHeader::Limit => limit.to_string(),
            LimitHeader::Remaining => remaining.to_string(),
            LimitHeader::Used => self.window.used.to_string(),
            LimitHeader::ResetSeconds => left.to_string(),
            LimitHeader::ResetMilliseconds => self.left().to_string(),
            LimitHeader::ResetUnix => self.end_unix().to_string(),
            LimitHeader::ResetUnixMilliseconds => self.window.ends(&self.quota).to_string(),
            LimitHeader::ResetDate => self.end()?.to_rfc3339(),
            LimitHeader::ResetHttpDate => http_date(self.end()?),
            LimitHeader::WindowSeconds => (self.quota.window / 1_000).to_string(),
            LimitHeader::WindowMilliseconds => self.quota.window.to_string(),
            LimitHeader::Structured => format!("limit={limit}, remaining={remaining}, reset={left}"),
            LimitHeader::Item => format!("{};r={remaining};t={left}", quoted(name)),
            LimitHeader::Policy => format!("{};q={limit};w={}", quoted(name), self.quota.window / 1_000),
            LimitHeader::RetryAfter | LimitHeader::RetryAfterDate => return None,
        })
    }
}

/// A string of a structured field (RFC 9651, section 3.3.3).
fn quoted(name: &str) -> String {
    let mut text = String::from("\"");
    for letter in name.chars() {
        match letter {
            '"' | '\\' => text.extend(['\\', letter]),
            ' '..='~' => text.push(letter),
            _ => text.push('?'),
        }
    }
    text.push('"');
    text
}

/// RFC 9110, section 5.6.7.
fn http_date(moment: DateTime<Utc>) -> String {
    moment.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whose request it is, as far as limits know: the beginning of the credential with a number that stands for all of it,
/// so that a report can show it.
fn key(engine: &Engine, request: &Request) -> String {
    let mut key: Option<String> = None;
    for scheme in &engine.schemes {
        wire::credentials(&scheme.kind, &request.headers, request.target.query(), |shown| {
            if let (None, wire::Shown::Given(credential)) = (&key, shown) {
                key = Some(stand_in(&credential));
            }
        });
    }
    key.unwrap_or_else(|| ANONYMOUS.to_owned())
}

fn stand_in(credential: &str) -> String {
    let mut hasher = DefaultHasher::new();
    credential.hash(&mut hasher);
    let shown = credential.chars().take(if credential.len() > 2 * SHOWN { SHOWN } else { 0 });
    let shown: String = shown.map(|letter| if letter.is_ascii_graphic() { letter } else { '?' }).collect();
    format!("{shown}…{:016x}", hasher.finish())
}
