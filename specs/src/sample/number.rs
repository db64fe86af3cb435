//! Numbers within limits.

use rand::Rng;
use serde_json::{Number, Value};

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    value::{Place, Run},
};

/// How far a random number lies from the limit that it starts at, when there is no other limit.
const SPREAD: f64 = 1000.0;

/// A number that the limits allow.
pub(super) fn sample(run: &Run<'_>, facets: &Facets<'_>, place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    let whole = facets.types().is_some_and(|types| !types.contains(&"number"));
    let limits = Limits::of(facets, whole);
    if let Some(liked) = like.filter(|value| place.attempt == 0 && limits.allow(value)) {
        return Ok(liked.clone());
    }
    let (low, high) = limits.window();
    if low > high {
        return place.fail("no number lies within the limits");
    }
    let wanted = match run.shape {
        Shape::Random(_) => run.rng(place, "number").random_range(low..=high),
        Shape::Minimal | Shape::Full => 1.0_f64.clamp(low, high),
    };
    let Some(number) = limits.near(wanted) else { return place.fail("no number lies within the limits") };
    Ok(Value::Number(number))
}

/// What bounds a number.
pub(super) struct Limits {
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    open_low: bool,
    open_high: bool,
    pub(super) step: Option<f64>,
    pub(super) whole: bool,
}

impl Limits {
    /// The limits of the schemas.
    pub(super) fn of(facets: &Facets<'_>, whole: bool) -> Self {
        let float = |number: Option<&Number>| number.and_then(Number::as_f64);
        let (low, open_low) = tighter(float(facets.lower("minimum")), float(facets.lower("exclusiveMinimum")), |a, b| a >= b);
        let (high, open_high) = tighter(float(facets.upper("maximum")), float(facets.upper("exclusiveMaximum")), |a, b| a <= b);
        let step = float(facets.upper("multipleOf")).filter(|step| *step > 0.0).or(whole.then_some(1.0));
        Self { low, high, open_low, open_high, step, whole }
    }

    /// How many steps inside its lower limit the least number is.
    pub(super) fn low_step(&self) -> f64 {
        if self.open_low { 1.0 } else { 0.0 }
    }

    /// How many steps inside its upper limit the greatest number is, as a negative number.
    pub(super) fn high_step(&self) -> f64 {
        if self.open_high { -1.0 } else { 0.0 }
    }

    fn allow(&self, value: &Value) -> bool {
        let Some(number) = value.as_f64() else { return false };
        let above = self.low.is_none_or(|low| if self.open_low { number > low } else { number >= low });
        let below = self.high.is_none_or(|high| if self.open_high { number < high } else { number <= high });
        above && below && (!self.whole || number.fract() == 0.0)
    }

    /// Where to look: both ends are made up when the schemas do not say.
    fn window(&self) -> (f64, f64) {
        let inside = |limit: f64, by: f64| limit + by * self.step.unwrap_or(limit.abs().max(1.0) * 1e-6);
        let low = self.low.map(|low| if self.open_low { inside(low, 1.0) } else { low });
        let high = self.high.map(|high| if self.open_high { inside(high, -1.0) } else { high });
        match (low, high) {
            (Some(low), Some(high)) => (low, high),
            (Some(low), None) => (low, low + SPREAD * self.step.unwrap_or(1.0)),
            (None, Some(high)) => (high - SPREAD * self.step.unwrap_or(1.0), high),
            (None, None) => (0.0, SPREAD * self.step.unwrap_or(1.0)),
        }
    }

    /// The number of the right step that is nearest, within the limits.
    fn near(&self, wanted: f64) -> Option<Number> {
        let Some(step) = self.step else { return Number::from_f64(wanted) };
        let steps = (wanted / step).round();
        [steps, steps + 1.0, steps - 1.0]
            .into_iter()
            .filter_map(|steps| number(steps * step, step))
            .find(|number| self.allow(&Value::Number(number.clone())))
    }
}

/// A JSON number, whole where it is, with no more decimals than its step.
pub(super) fn number(float: f64, step: f64) -> Option<Number> {
    let decimals = format!("{step}").split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let text = format!("{float:.decimals$}");
    text.parse::<i64>()
        .map(Number::from)
        .ok()
        .or_else(|| text.parse::<u64>().map(Number::from).ok())
        .or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
}

/// The limit that counts, and whether it is excluded.
fn tighter(closed: Option<f64>, open: Option<f64>, wins: impl Fn(f64, f64) -> bool) -> (Option<f64>, bool) {
    match (closed, open) {
        (Some(closed), Some(open)) if wins(open, closed) => (Some(open), true),
        (None, Some(open)) => (Some(open), true),
        (closed, _) => (closed, false),
    }
}
