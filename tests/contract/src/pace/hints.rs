//! What a response says about limits: `Retry-After` (RFC 9110), `RateLimit` in its present and its earlier forms, the
//! families of headers that end in `-Remaining` and `-Reset`, and whatever headers the document declares. What the
//! document declares is read as it says and by nothing else; only of others the unit is guessed.

use std::time::{Duration, SystemTime};

use specs::resources::{LimitHeader, RateLimit};

use super::{
    FOREVER,
    fields::{Item, items},
    moment,
};
use crate::exchange::Response;

/// Words for windows, with their seconds.
const WINDOWS: [([&str; 2], u64); 4] =
    [(["second", "secondly"], 1), (["minute", "minutely"], 60), (["hour", "hourly"], 3_600), (["day", "daily"], 86_400)];

/// What a response says about limits.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hints {
    pub(super) retry_after: Option<Duration>,
    pub(super) limits: Vec<Told>,
}

/// What a response says about one limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Its name; else that of the headers that tell of it.
    pub(super) limit: String,
    /// How many requests are left.
    pub(super) left: Option<u64>,
    /// When there are more.
    pub(super) wait: Option<Duration>,
    /// Whether the unit of the wait is a guess.
    pub(super) is_guessed: bool,
}

impl Hints {
    pub(super) fn of(response: &Response, declared: &[RateLimit], now: SystemTime) -> Self {
        // By the server's own clock, where it shows that, a difference to ours does no harm.
        let now = response.header("date").and_then(moment::date).unwrap_or(now);
        let reading = Reading { response, declared, now, window: longest_window(response, declared) };
        let limits = declared.iter().filter_map(|limit| reading.declared(limit));
        let limits = limits.chain(reading.structured()).chain(reading.families());
        Self { retry_after: reading.retry_after().map(bounded), limits: limits.map(Told::bounded).collect() }
    }

    /// Which limit a refusal is for, and how long it asks to wait.
    pub(super) fn refusal(&self) -> (Option<String>, Option<Duration>) {
        let with = |left: Option<u64>| self.limits.iter().filter(move |told| told.left == left && told.wait.is_some());
        // One that is used up, the longest if there are several; else one of which nothing is said but its end.
        let limit = with(Some(0)).max_by_key(|told| told.wait).or_else(|| with(None).min_by_key(|told| told.wait));
        let asked = self.retry_after.or_else(|| limit?.wait);
        (limit.map(|told| told.limit.clone()), asked)
    }
}

impl Told {
    fn bounded(self) -> Self {
        Self { wait: self.wait.map(bounded), ..self }
    }
}

fn bounded(wait: Duration) -> Duration {
    wait.min(FOREVER)
}

/// The longest window that the document or the server names.
fn longest_window(response: &Response, declared: &[RateLimit]) -> Duration {
    let declared = declared.iter().map(|limit| Duration::from_secs(limit.window));
    declared.chain(policies(response).iter().filter_map(window)).max().unwrap_or_default()
}

fn policies(response: &Response) -> Vec<Item> {
    let named =
        |name: &str| ["ratelimit-policy", "ratelimit-limit", "x-ratelimit-limit"].iter().any(|known| name.eq_ignore_ascii_case(known));
    response.headers.iter().filter(|(name, _)| named(name)).flat_map(|(_, value)| items(value)).collect()
}

fn window(policy: &Item) -> Option<Duration> {
    moment::seconds(policy.get(&["w", "window"])?)
}

struct Reading<'r> {
    response: &'r Response,
    declared: &'r [RateLimit],
    now: SystemTime,
    window: Duration,
}

impl<'r> Reading<'r> {
    fn is_declared(&self, name: &str) -> bool {
        let mut names = self.declared.iter().flat_map(|limit| &limit.headers);
        names.any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    fn holding(&self, limit: &RateLimit, holds: LimitHeader) -> Option<&'r str> {
        let mut named = limit.headers.iter().filter(|(_, known)| *known == holds);
        named.find_map(|(name, _)| self.response.header(name))
    }

    fn retry_after(&self) -> Option<Duration> {
        let declared = self.declared.iter().find_map(|limit| {
            let named = self.holding(limit, LimitHeader::RetryAfter);
            named.or_else(|| self.holding(limit, LimitHeader::RetryAfterDate))
        });
        let text = declared.or_else(|| self.response.header("retry-after"))?;
        moment::seconds(text).or_else(|| moment::until(text, self.now))
    }

    /// A limit of the document, by the headers that it declares.
    fn declared(&self, limit: &RateLimit) -> Option<Told> {
        let holding = |holds| self.holding(limit, holds);
        let name = || limit.name.clone();
        if let Some(text) = holding(LimitHeader::Structured).or_else(|| holding(LimitHeader::Item)) {
            let found: Vec<Item> = items(text);
            let item = found.iter().find(|item| item.name == limit.name).or_else(|| found.first())?;
            return Some(Told { limit: name(), ..self.item(item) });
        }
        let left = holding(LimitHeader::Remaining).and_then(count);
        let reset = holding(LimitHeader::ResetSeconds)
            .and_then(moment::seconds)
            .or_else(|| moment::milliseconds(holding(LimitHeader::ResetMilliseconds)?))
            .or_else(|| moment::unix(holding(LimitHeader::ResetUnix)?, self.now))
            .or_else(|| moment::unix_milliseconds(holding(LimitHeader::ResetUnixMilliseconds)?, self.now))
            .or_else(|| moment::until(holding(LimitHeader::ResetDate)?, self.now))
            .or_else(|| moment::until(holding(LimitHeader::ResetHttpDate)?, self.now));
        if left.is_none() && reset.is_none() {
            return None;
        }
        let seconds = || holding(LimitHeader::WindowSeconds).and_then(moment::seconds);
        let window = || holding(LimitHeader::WindowMilliseconds).and_then(moment::milliseconds).or_else(seconds);
        // Without its end, a window is over when its whole length is.
        let whole = || left.map(|_| window().unwrap_or(Duration::from_secs(limit.window)));
        Some(Told { limit: name(), left, wait: reset.or_else(whole), is_guessed: false })
    }

    /// The items of `RateLimit`.
    fn structured(&self) -> Vec<Told> {
        let named = |name: &str| name.eq_ignore_ascii_case("ratelimit") && !self.is_declared(name);
        let fields = self.response.headers.iter().filter(|(name, _)| named(name));
        let policies = policies(self.response);
        let of_requests = |item: &Item| {
            let unit = policies.iter().find(|policy| policy.name == item.name).and_then(|policy| policy.get(&["qu"]));
            unit.is_none_or(|unit| unit == "requests")
        };
        let items = fields.flat_map(|(_, value)| items(value)).filter(of_requests);
        items.map(|item| self.item(&item)).filter(|told| told.left.is_some()).collect()
    }

    fn item(&self, item: &Item) -> Told {
        let reset = item.get(&["t", "reset"]).and_then(moment::seconds);
        let policy = || policies(self.response).iter().find(|policy| policy.name == item.name).and_then(window);
        let left = item.get(&["r", "remaining"]).and_then(count);
        Told { limit: item.name.clone(), left, wait: reset.or_else(policy), is_guessed: false }
    }

    /// The families of headers, as `X-RateLimit-Remaining` and `X-RateLimit-Reset`.
    fn families(&self) -> Vec<Told> {
        let heads = self.response.headers.iter().filter(|(name, _)| !self.is_declared(name));
        let heads: Vec<Head<'_>> = heads.filter_map(|(name, value)| Head::of(name, value)).collect();
        let mut told: Vec<Told> = Vec::new();
        for head in heads.iter().filter(|head| head.says != Says::Limit) {
            let same = |says: Says| heads.iter().find(|other| other.says == says && other.family == head.family);
            let left = same(Says::Remaining).and_then(|head| count(head.value));
            let reset = same(Says::Reset).or_else(|| alone(heads.iter().filter(|head| head.says == Says::Reset)));
            let reset = reset.and_then(|head| self.reset(head)).or_else(|| head.window());
            let wait = reset.or_else(|| policies(self.response).iter().filter_map(window).min());
            if !told.iter().any(|known| known.limit == head.family) {
                told.push(Told { limit: head.family.clone(), left, wait, is_guessed: true });
            }
        }
        told
    }

    fn reset(&self, head: &Head<'_>) -> Option<Duration> {
        match head.unit {
            Unit::Seconds => moment::seconds(head.value),
            Unit::Milliseconds => moment::milliseconds(head.value),
            Unit::Unsaid => moment::guessed(head.value, self.now, self.window),
        }
    }
}

/// A header of a family, by the words of its name.
struct Head<'r> {
    /// The name without the words that say what it holds: `x-ratelimit-daily`.
    family: String,
    says: Says,
    unit: Unit,
    value: &'r str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Limit,
    Remaining,
    Reset,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Seconds,
    Milliseconds,
    Unsaid,
}

impl<'r> Head<'r> {
    fn of(name: &str, value: &'r str) -> Option<Self> {
        let name = name.to_ascii_lowercase().replace("rate-limit", "ratelimit");
        let words: Vec<&str> = name.split('-').collect();
        let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
        if !has(&["ratelimit"]) {
            return None;
        }
        let says = match () {
            () if has(&["remaining"]) => Says::Remaining,
            () if has(&["reset"]) => Says::Reset,
            () if has(&["limit"]) => Says::Limit,
            () => return None,
        };
        let unit = match () {
            () if has(&["ms", "milliseconds"]) => Unit::Milliseconds,
            () if has(&["after", "seconds"]) => Unit::Seconds,
            () => Unit::Unsaid,
        };
        let told = ["remaining", "reset", "limit", "ms", "milliseconds", "after", "seconds", "in", "at"];
        let family: Vec<&str> = words.into_iter().filter(|word| !told.contains(word)).collect();
        Some(Self { family: family.join("-"), says, unit, value })
    }

    /// The window that the family is named after.
    fn window(&self) -> Option<Duration> {
        let named = |(names, length): &([&str; 2], u64)| {
            self.family.split('-').any(|word| names.contains(&word)).then(|| Duration::from_secs(*length))
        };
        WINDOWS.iter().find_map(named)
    }
}

/// The one that there is; `None` when there are several.
fn alone<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// A count; less than nothing is none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is no count is cut to the nearest one")]
fn count(text: &str) -> Option<u64> {
    let first = text.split([',', ';', '/']).next().unwrap_or_default();
    first.trim().parse::<f64>().ok().filter(|count| !count.is_nan()).map(|count| count.max(0.0) as u64)
}
