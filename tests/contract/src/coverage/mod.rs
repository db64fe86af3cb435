//! What of a document its exchanges reached.
//!
//! Each [`Kind`] counts places of the document, and a place is reached by one exchange with its operation, by the method
//! that the operation has, whatever the exchange was sent for:
//!
//! - an **operation asked**, when a request for it was sent; an **operation that succeeded**, when one was answered 2xx,
//!   or 3xx where it declares no success but leads elsewhere;
//! - a **parameter**, when it was sent, with whatever value and whatever the answer. One in the path is sent when the
//!   path has the form that the document gives it;
//! - a **request property**, when a JSON, form or multipart body had it: by its pointer, in which `*` is any element of an
//!   array and any member of a map; what is `readOnly` does not count, and where a schema is inside itself, once is enough;
//! - an **enum value** of either, when it was sent there;
//! - a **status**, when an answer had it; a range or `default`, when an answer had one that only these declare;
//! - a **response property**, when a JSON answer of the status had it; what is `writeOnly` does not count.
//!
//! Bodies are followed so deep and so far ([`specs::wire::fields`]); what lies beyond counts neither as reached nor as missing. The
//! overall figure is of all places, so that a kind weighs as much as it has places. A kind without places is
//! reached entirely.

mod places;
mod seen;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::{exchange::Exchange, suite::Suite};
use places::Places;
use seen::Seen;

/// A kind of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Operations for which a request was sent.
    Asked,
    /// Operations of which a request succeeded.
    Succeeded,
    /// Parameters.
    Parameter,
    /// Properties of request bodies.
    RequestProperty,
    /// Values that are listed, of parameters and of properties of requests.
    EnumValue,
    /// Statuses of responses.
    Status,
    /// Properties of response bodies.
    ResponseProperty,
}

impl Kind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Asked, Self::Succeeded, Self::Parameter, Self::RequestProperty, Self::EnumValue, Self::Status, Self::ResponseProperty];

    /// Words for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "operations asked",
            Self::Succeeded => "operations that succeeded",
            Self::Parameter => "parameters",
            Self::RequestProperty => "request properties",
            Self::EnumValue => "enum values",
            Self::Status => "statuses",
            Self::ResponseProperty => "response properties",
        }
    }
}

/// A place of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What kind of place.
    pub kind: Kind,
    /// The id of its operation.
    pub operation: String,
    /// Which place of the operation, as `query limit` or `201 /stone/id`; empty for the operation itself.
    pub name: String,
    /// Whether an exchange reached it.
    pub is_reached: bool,
}

/// What exchanges reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    places: Vec<Place>,
}

/// How much of something was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// The places that were reached.
    pub reached: usize,
    /// All places.
    pub all: usize,
}

impl Sum {
    /// The part that was reached, of a hundred.
    #[must_use]
    pub fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { self.reached as f64 * 100.0 / self.all as f64 }
    }

    /// The same with one digit, never rounded up: what is not all is not 100.
    fn shown(self) -> f64 {
        (self.percent() * 10.0).floor() / 10.0
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6} of {:>6}  {:>5.1} %", self.reached, self.all, self.shown())
    }
}

impl Coverage {
    /// What these exchanges, with servers of the document of a suite, reached.
    #[must_use]
    pub fn of<'e>(suite: &Suite, exchanges: impl IntoIterator<Item = &'e Exchange>) -> Self {
        let api = suite.api();
        let mut all: Vec<Places<'_>> = api.operations.iter().map(|operation| Places::of(api, operation)).collect();
        for exchange in exchanges {
            let known = all.iter_mut().find(|places| places.operation.id == exchange.operation);
            if let Some(places) = known.filter(|places| places.operation.method == exchange.request.method) {
                places.see(&Seen::of(places.operation, exchange));
            }
        }
        Self { places: all.into_iter().flat_map(Places::into_places).collect() }
    }

    /// All places, in the order of the document.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places of a kind that no exchange reached.
    pub fn missing(&self, kind: Kind) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.kind == kind && !place.is_reached)
    }

    /// How much of a kind was reached.
    #[must_use]
    pub fn of_kind(&self, kind: Kind) -> Sum {
        sum(self.places.iter().filter(|place| place.kind == kind))
    }

    /// How much was reached of all.
    #[must_use]
    pub fn overall(&self) -> Sum {
        sum(self.places.iter())
    }

    /// Whether so much of a hundred was reached.
    #[must_use]
    pub fn meets(&self, percent: f64) -> bool {
        self.overall().percent() >= percent
    }

    /// Each kind, and the overall figure, with how much was reached.
    pub fn sums(&self) -> impl Iterator<Item = (&'static str, Sum)> {
        let kinds = Kind::ALL.map(|kind| (kind.as_str(), self.of_kind(kind)));
        kinds.into_iter().chain([("overall", self.overall())])
    }

    /// The places that no exchange reached, by kind and operation, over several lines.
    #[must_use]
    pub fn unreached(&self) -> String {
        let mut text = String::new();
        for kind in Kind::ALL {
            let mut operations: Vec<(&str, Vec<&str>)> = Vec::new();
            for place in self.missing(kind) {
                match operations.last_mut().filter(|(operation, _)| *operation == place.operation) {
                    Some((_, names)) => names.push(&place.name),
                    None => operations.push((&place.operation, vec![&place.name])),
                }
            }
            if !operations.is_empty() {
                text.push_str(&format!("  not reached: {}\n", kind.as_str()));
            }
            for (operation, names) in operations {
                text.push_str(format!("    {operation}  {}", names.join(", ")).trim_end());
                text.push('\n');
            }
        }
        text
    }
}

fn sum<'p>(places: impl Iterator<Item = &'p Place>) -> Sum {
    places.fold(Sum::default(), |sum, place| Sum { reached: sum.reached + usize::from(place.is_reached), all: sum.all + 1 })
}

/// A table: a line for each kind, and one for all.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sums().try_for_each(|(name, sum)| writeln!(f, "  {name:<26} {sum}"))
    }
}

/// `{percent, reached, all, kinds: [{kind, percent, reached, all, missing: [{operation, place}]}]}`.
impl Serialize for Coverage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kinds: Vec<OfKind<'_>> = Kind::ALL.into_iter().map(|kind| OfKind::of(self, kind)).collect();
        let sum = self.overall();
        let mut members = serializer.serialize_struct("Coverage", 4)?;
        members.serialize_field("percent", &sum.shown())?;
        members.serialize_field("reached", &sum.reached)?;
        members.serialize_field("all", &sum.all)?;
        members.serialize_field("kinds", &kinds)?;
        members.end()
    }
}

#[derive(Serialize)]
struct OfKind<'a> {
    kind: &'static str,
    percent: f64,
    reached: usize,
    all: usize,
    missing: Vec<Missing<'a>>,
}

#[derive(Serialize)]
struct Missing<'a> {
    operation: &'a str,
    place: &'a str,
}

impl<'a> OfKind<'a> {
    fn of(coverage: &'a Coverage, kind: Kind) -> Self {
        let sum = coverage.of_kind(kind);
        let missing = coverage.missing(kind).map(|place| Missing { operation: &place.operation, place: &place.name }).collect();
        Self { kind: kind.as_str(), percent: sum.shown(), reached: sum.reached, all: sum.all, missing }
    }
}
