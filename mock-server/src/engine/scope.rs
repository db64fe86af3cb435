//! What expressions can see: the request, rows, the caller, the time; and the randomness of one exchange.

use std::{
    cell::{Cell, OnceCell},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use serde::Deserialize as _;
use serde_json::{Map, Value, json};
use specs::{api::Location, resources::Place};

use super::{expression::Leaf, fields::Fields, held::Held, mint, timestamp::TimeFormat};

/// The names that an expression may start with.
pub(super) const ROOTS: [&str; 9] = ["request", "row", "old", "item", "results", "caller", "now", "problem", "event"];

/// What a request says, decoded: parameters by place and name, and the body.
#[derive(Debug, Default)]
pub(super) struct Input<'e> {
    pub(super) parameters: Vec<(Location, &'e str, Value)>,
    /// What holds of parameters that were not sent. Expressions see it; what a list is filtered by has to be sent.
    pub(super) defaults: Vec<(Location, &'e str, &'e Value)>,
    /// `None` when no body was sent.
    pub(super) body: Option<Value>,
}

impl Input<'_> {
    /// The decoded value of a parameter.
    pub(super) fn parameter(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|(place, known, _)| *place == location && *known == name).map(|(_, _, value)| value)
    }

    /// What stands at a place of the request.
    pub(super) fn at(&self, place: &Place) -> Option<&Value> {
        match place {
            Place::Path(name) => self.parameter(Location::Path, name),
            Place::Query(name) => self.parameter(Location::Query, name),
            Place::Header(name) => self.parameter(Location::Header, name),
            Place::Body(pointer) => point(self.body.as_ref()?, pointer),
        }
    }

    fn to_value(&self) -> Value {
        let group = |location: Location| -> Map<String, Value> {
            let sent = self.parameters.iter().map(|(place, name, value)| (place, name, value));
            let all = sent.chain(self.defaults.iter().map(|(place, name, value)| (place, name, *value)));
            all.filter(|(place, ..)| **place == location).map(|(_, name, value)| ((*name).to_owned(), value.clone())).collect()
        };
        let mut request = json!({
            "path": group(Location::Path),
            "query": group(Location::Query),
            "header": group(Location::Header),
            "cookie": group(Location::Cookie),
        });
        if let (Some(body), Value::Object(map)) = (&self.body, &mut request) {
            map.insert("body".to_owned(), body.clone());
        }
        request
    }

    fn look_up(&self, location: Location, path: &[String]) -> Option<&Value> {
        let (name, rest) = path.split_first()?;
        let default = || self.defaults.iter().find(|(place, known, _)| *place == location && *known == name).map(|(_, _, value)| *value);
        descend(self.parameter(location, name).or_else(default)?, rest)
    }
}

/// A plain reference, such as `request.body.title`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    root: Root,
    path: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Root {
    Request,
    Body,
    Parameter(Location),
    Row,
    Old,
    Item,
    Results,
    Caller,
    Now,
    Problem,
    Event,
}

impl Reference {
    /// The reference that these names make; `None` when the first is not one of [`ROOTS`].
    pub(super) fn new(root: &str, mut path: Vec<String>) -> Option<Self> {
        let mut root = match root {
            "request" => Root::Request,
            "row" => Root::Row,
            "old" => Root::Old,
            "item" => Root::Item,
            "results" => Root::Results,
            "caller" => Root::Caller,
            "now" => Root::Now,
            "problem" => Root::Problem,
            "event" => Root::Event,
            _ => return None,
        };
        if root == Root::Request
            && let Some(part) = path.first().and_then(|part| part_of_request(part))
        {
            root = part;
            path.remove(0);
        }
        // All parameters of one place are an object that only the whole request has.
        let whole = matches!(root, Root::Parameter(_)) && path.is_empty();
        (!whole).then_some(Self { root, path })
    }
}

impl Reference {
    /// What is known of the value beforehand.
    pub(super) fn leaf(&self) -> Leaf<'_> {
        match self.root {
            Root::Body => Leaf::Body(&self.path),
            Root::Caller => Leaf::Caller(&self.path),
            Root::Now if self.path.is_empty() => Leaf::Now,
            _ => Leaf::Other,
        }
    }
}

fn part_of_request(name: &str) -> Option<Root> {
    Some(match name {
        "body" => Root::Body,
        "path" => Root::Parameter(Location::Path),
        "query" => Root::Parameter(Location::Query),
        "header" => Root::Parameter(Location::Header),
        "cookie" => Root::Parameter(Location::Cookie),
        _ => return None,
    })
}

/// What stays the same for all expressions of one exchange.
pub(super) struct Exchanged<'a> {
    request: &'a Input<'a>,
    caller: &'a Value,
    now: chrono::DateTime<chrono::Utc>,
    pub(super) seed: u64,
    converted: OnceCell<minijinja::Value>,
    /// The time, as it was last written.
    written: OnceCell<(TimeFormat, Value)>,
}

impl<'a> Exchanged<'a> {
    pub(super) fn new(request: &'a Input<'a>, caller: &'a Value, now: chrono::DateTime<chrono::Utc>, seed: u64) -> Self {
        Self { request, caller, now, seed, converted: OnceCell::new(), written: OnceCell::new() }
    }

    /// The time of the exchange.
    pub(super) fn moment(&self) -> chrono::DateTime<chrono::Utc> {
        self.now
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn now(&self, format: TimeFormat) -> Held<'_> {
        // An exchange mostly needs one format, several times.
        let (known, value) = self.written.get_or_init(|| (format, format.value(self.now)));
        if *known == format { Held::Borrowed(value) } else { Held::from(format.value(self.now)) }
    }

    /// Whether a value is what [`Self::now`] gave, itself and not its equal.
    pub(super) fn is_now(&self, value: &Value) -> bool {
        self.written.get().is_some_and(|(_, now)| std::ptr::eq(now, value))
    }
}

/// What one expression can see. What it gives may borrow from `'a`, the exchange, and not from `'r`, what is built.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a, 'r> {
    pub(super) shared: &'a Exchanged<'a>,
    /// How the resource writes moments, for `now`.
    pub(super) format: TimeFormat,
    /// What is built so far, or was built.
    pub(super) row: Option<&'r Fields<'a>>,
    /// The row before.
    pub(super) old: Option<&'r Fields<'a>>,
    pub(super) item: Option<&'r Value>,
    pub(super) results: Option<&'r Value>,
    pub(super) problem: Option<&'r Value>,
    /// What is sent, with `id` and `name`.
    pub(super) event: Option<&'r Value>,
    /// The sequence number that ids are minted from.
    pub(super) sequence: u64,
    /// How often something was minted from that number.
    pub(super) draws: &'r Cell<u64>,
}

impl<'a, 'r> Scope<'a, 'r> {
    pub(super) fn new(shared: &'a Exchanged<'a>, draws: &'r Cell<u64>) -> Self {
        let format = TimeFormat::default();
        Self { shared, format, row: None, old: None, item: None, results: None, problem: None, event: None, sequence: 0, draws }
    }

    /// The same with another `item`.
    pub(super) fn with_item<'i>(&self, item: &'i Value) -> Scope<'a, 'i>
    where
        'r: 'i,
    {
        Scope { item: Some(item), ..*self }
    }

    /// New randomness, the same at the same place of the same exchange.
    pub(super) fn randomness(&self) -> fastrand::Rng {
        let draw = self.draws.get();
        self.draws.set(draw + 1);
        mint::randomness(self.shared.seed, self.sequence, draw)
    }

    /// The value of a plain reference; `None` when it is undefined.
    pub(super) fn look_up(&self, reference: &Reference) -> Option<Held<'a>> {
        let path = reference.path.as_slice();
        let input = self.shared.request;
        let built = match reference.root {
            Root::Body => return descend(input.body.as_ref()?, path).map(Held::Borrowed),
            Root::Parameter(location) => return input.look_up(location, path).map(Held::Borrowed),
            Root::Request => return path.is_empty().then(|| Held::from(input.to_value())),
            Root::Caller => return descend(self.shared.caller, path).map(Held::Borrowed),
            Root::Now => return path.is_empty().then(|| self.shared.now(self.format)),
            Root::Row => return property(self.row?, path),
            Root::Old => return property(self.old?, path),
            Root::Item => self.item?,
            Root::Results => self.results?,
            Root::Problem => self.problem?,
            Root::Event => self.event?,
        };
        descend(built, path).map(|found| Held::from(found.clone()))
    }

    /// A root or function by name, for the interpreter.
    pub(super) fn interpreted(&self, root: &str) -> Option<minijinja::Value> {
        Some(match root {
            "request" => self.shared.converted.get_or_init(|| interpreted(&self.shared.request.to_value())).clone(),
            "caller" => interpreted(self.shared.caller),
            "item" => interpreted(self.item?),
            "results" => interpreted(self.results?),
            "problem" => interpreted(self.problem?),
            "event" => interpreted(self.event?),
            "now" => interpreted(&self.shared.now(self.format)),
            "row" => interpreted(&self.row?.to_value()),
            "old" => interpreted(&self.old?.to_value()),
            "mint" => self.minter(),
            "uuid" => self.uuids(),
            _ => return None,
        })
    }

    fn minter(&self) -> minijinja::Value {
        let random = self.draw();
        minijinja::Value::from_function(move |prefix: &str, length: usize| mint::text(prefix, length.min(mint::LONGEST), &mut random()))
    }

    fn uuids(&self) -> minijinja::Value {
        let random = self.draw();
        minijinja::Value::from_function(move || mint::uuid(&mut random()))
    }

    /// Randomness for a function of the interpreter, which has to outlive the exchange: it counts on from a copy, far from
    /// other draws.
    fn draw(&self) -> impl Fn() -> fastrand::Rng + Send + Sync + 'static {
        let (seed, sequence) = (self.shared.seed, self.sequence);
        let draws = Arc::new(AtomicU64::new((self.draws.get() + 1) << 16));
        self.draws.set(self.draws.get() + 1);
        move || mint::randomness(seed, sequence, draws.fetch_add(1, Ordering::Relaxed))
    }
}

/// A JSON value as the interpreter's.
fn interpreted(value: &Value) -> minijinja::Value {
    // Every JSON value is one of the interpreter's too.
    minijinja::Value::deserialize(value).unwrap_or_default()
}

fn property<'a>(row: &Fields<'a>, path: &[String]) -> Option<Held<'a>> {
    let Some((name, rest)) = path.split_first() else { return Some(Held::from(row.to_value())) };
    match row.get(name)? {
        Held::Borrowed(value) => descend(value, rest).map(Held::Borrowed),
        Held::Made(value) => descend(value, rest).map(|found| Held::from(found.clone())),
    }
}

/// What stands in a value at the end of these names.
pub(super) fn descend<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |at, name| member(at.as_object()?, name))
}

/// What stands at a JSON pointer (RFC 6901). Most pointers name one property, and few have anything to unescape.
fn point<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    match (pointer.strip_prefix('/'), value) {
        (Some(name), Value::Object(object)) if !name.contains(['/', '~']) => member(object, name),
        _ => value.pointer(pointer),
    }
}

/// Objects with more members than this are quicker asked by hash than walked through.
const SHORT: usize = 12;

/// A member of an object.
pub(super) fn member<'v>(object: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    if object.len() > SHORT {
        return object.get(name);
    }
    object.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}
