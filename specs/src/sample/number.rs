//! Numbers within limits.

use rand::RngExt;
use serde_json::{Number, Value};

use super::{Shape, Unsatisfiable, facets::Facets, joint::float, place::Place, value::Run};

/// How far a random number lies from the limit that it starts at, when there is no other limit.
const SPREAD: f64 = 1000.0;

/// A number that the limits allow.
pub(super) fn sample(run: &Run<'_>, limits: &Limits, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    if let Some(liked) = like.filter(|value| place.round == 0 && limits.allow(value)) {
        return Ok(liked.clone());
    }
    let (low, high) = limits.window();
    if low > high {
        return place.fail("no number lies within the limits");
    }
    let usual = place.hint.range().filter(|(from, to)| *from <= high && *to >= low && place.round == 0);
    let (from, to) = usual.map_or((low, high), |(from, to)| (from.max(low), to.min(high)));
    let wanted = match run.shape {
        Shape::Random(_) => run.luck(place, "number").random_range(low..=high),
        Shape::Lifelike(_) => run.luck(place, "number").random_range(from..=to),
        Shape::Minimal | Shape::Full if place.attempt > 0 => run.luck(place, "number").random_range(low..=high),
        Shape::Minimal | Shape::Full => 1.0_f64.clamp(from, to),
    };
    let Some(number) = limits.near(wanted) else { return place.fail("no number lies within the limits") };
    Ok(Value::Number(number))
}

/// The numbers that a format allows.
pub(super) fn range_of(format: &str) -> Option<(f64, f64)> {
    Some(match format {
        "int8" => (-128.0, 127.0),
        "uint8" => (0.0, 255.0),
        "int16" => (-32_768.0, 32_767.0),
        "uint16" => (0.0, 65_535.0),
        "int32" => (f64::from(i32::MIN), f64::from(i32::MAX)),
        "uint32" => (0.0, f64::from(u32::MAX)),
        // The greatest that a float has below the limits: what lies between cannot be told apart.
        "int64" => (-9_223_372_036_854_775_808.0, 9_223_372_036_854_774_784.0),
        "uint64" => (0.0, 18_446_744_073_709_549_568.0),
        "float" => (f64::from(f32::MIN), f64::from(f32::MAX)),
        "double" => (f64::MIN, f64::MAX),
        _ => return None,
    })
}

/// What bounds a number.
pub(super) struct Limits {
    pub(super) low: Option<f64>,
    pub(super) high: Option<f64>,
    open_low: bool,
    open_high: bool,
    pub(super) step: Option<f64>,
    pub(super) whole: bool,
    /// What the format allows.
    range: Option<(f64, f64)>,
}

impl Limits {
    /// The limits of the schemas.
    pub(super) fn of(facets: &Facets<'_>, whole: bool) -> Self {
        let (low, open_low) = tighter(float(facets.lower("minimum")), float(facets.lower("exclusiveMinimum")), |a, b| a >= b);
        let (high, open_high) = tighter(float(facets.upper("maximum")), float(facets.upper("exclusiveMaximum")), |a, b| a <= b);
        let steps = facets.all("multipleOf").filter_map(Value::as_f64).filter(|step| *step > 0.0);
        let step = steps.chain(whole.then_some(1.0)).reduce(common_multiple);
        let range = facets.texts("format").filter_map(range_of).reduce(|a, b| (a.0.max(b.0), a.1.min(b.1)));
        Self { low, high, open_low, open_high, step, whole, range }
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
        let inside = self.range.is_none_or(|(low, high)| (low..=high).contains(&number));
        above && below && inside && (!self.whole || number.fract() == 0.0)
    }

    /// Where to look: both ends are made up when the schemas do not say.
    fn window(&self) -> (f64, f64) {
        let inside = |limit: f64, by: f64| limit + by * self.step.unwrap_or(limit.abs().max(1.0) * 1e-6);
        let low = self.low.map(|low| if self.open_low { inside(low, 1.0) } else { low });
        let high = self.high.map(|high| if self.open_high { inside(high, -1.0) } else { high });
        let spread = SPREAD * self.step.unwrap_or(1.0);
        let (low, high) = match (low, high) {
            (Some(low), Some(high)) => (low, high),
            (Some(low), None) => (low, low + spread),
            (None, Some(high)) => (high - spread, high),
            (None, None) => (0.0, spread),
        };
        let (low, high) = self.range.map_or((low, high), |(least, most)| (low.max(least), high.min(most)));
        // The width itself has to be a number.
        (low.max(f64::MIN / 4.0), high.min(f64::MAX / 4.0))
    }

    /// The number of the right step that is nearest, within the limits.
    fn near(&self, wanted: f64) -> Option<Number> {
        let allowed = |number: &Number| self.allow(&Value::Number(number.clone()));
        let Some(step) = self.step else {
            let rounded = number(wanted, 0.01).filter(allowed);
            return rounded.or_else(|| Number::from_f64(wanted).filter(allowed));
        };
        let (low, high) = self.window();
        let steps = (wanted / step).round();
        [steps, steps + 1.0, steps - 1.0, (low / step).ceil(), (high / step).floor()]
            .into_iter()
            .filter_map(|steps| number(steps * step, step))
            .find(allowed)
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

/// The least step that is a multiple of both, as far as decimals tell.
fn common_multiple(one: f64, other: f64) -> f64 {
    const FINEST: f64 = 1e9;
    let scaled = |step: f64| {
        let scaled = (step * FINEST).round();
        (1.0..1e18).contains(&scaled).then(|| whole(scaled))
    };
    let (Some(one_scaled), Some(other_scaled)) = (scaled(one), scaled(other)) else { return one.max(other) };
    let (mut a, mut b) = (one_scaled, other_scaled);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (one_scaled / a) as f64 * (other_scaled as f64 / FINEST)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked to lie between 1 and 10^18")]
fn whole(float: f64) -> u64 {
    float as u64
}
