//! Limits: of numbers, of lengths, of how many. The tightest of all parts counts.

use serde_json::Value;

use super::{
    super::{ledger::Spot, rule::Rule, rules, words},
    Look,
    facets::Types,
    view::View,
};

/// A limit on one side of what fits.
struct Limit {
    keyword: &'static str,
    /// The keyword of the same limit that does not fit itself.
    exclusive: &'static str,
    /// Whether it is the least that fits.
    is_least: bool,
    types: Types,
    /// Tightened, loosened.
    rules: [&'static Rule; 2],
}

const NUMBER: [&Rule; 2] = [&rules::NUMBER_LIMIT_TIGHTENED, &rules::NUMBER_LIMIT_LOOSENED];
const LENGTH: [&Rule; 2] = [&rules::LENGTH_LIMIT_TIGHTENED, &rules::LENGTH_LIMIT_LOOSENED];
const ITEMS: [&Rule; 2] = [&rules::ITEMS_LIMIT_TIGHTENED, &rules::ITEMS_LIMIT_LOOSENED];
const PROPERTIES: [&Rule; 2] = [&rules::PROPERTIES_LIMIT_TIGHTENED, &rules::PROPERTIES_LIMIT_LOOSENED];

const LIMITS: [Limit; 8] = [
    Limit { keyword: "minimum", exclusive: "exclusiveMinimum", is_least: true, types: Types::NUMBER, rules: NUMBER },
    Limit { keyword: "maximum", exclusive: "exclusiveMaximum", is_least: false, types: Types::NUMBER, rules: NUMBER },
    Limit { keyword: "minLength", exclusive: "", is_least: true, types: Types::STRING, rules: LENGTH },
    Limit { keyword: "maxLength", exclusive: "", is_least: false, types: Types::STRING, rules: LENGTH },
    Limit { keyword: "minItems", exclusive: "", is_least: true, types: Types::ARRAY, rules: ITEMS },
    Limit { keyword: "maxItems", exclusive: "", is_least: false, types: Types::ARRAY, rules: ITEMS },
    Limit { keyword: "minProperties", exclusive: "", is_least: true, types: Types::OBJECT, rules: PROPERTIES },
    Limit { keyword: "maxProperties", exclusive: "", is_least: false, types: Types::OBJECT, rules: PROPERTIES },
];

/// How far a side goes: the number, turned so that more is tighter; whether it does not fit itself; and where it is.
struct Bound {
    tightness: f64,
    exclusive: bool,
    spot: Spot,
}

/// Limits of the types that both sides take.
pub(super) fn compare(look: &mut Look, common: Types) {
    for limit in LIMITS.iter().filter(|limit| common.has(limit.types)) {
        let (old, new) = (bound(look.old, limit), bound(look.new, limit));
        let order = |bound: &Option<Bound>| bound.as_ref().map_or((f64::NEG_INFINITY, false), |bound| (bound.tightness, bound.exclusive));
        let (before, after) = (order(&old), order(&new));
        if before == after {
            continue;
        }
        let rule = limit.rules[usize::from(after < before)];
        let [was, is] = look.here();
        look.tell(rule, [old.map_or(was, |bound| bound.spot), new.map_or(is, |bound| bound.spot)]);
    }
    if common.has(Types::ARRAY) {
        unique(look);
    }
    if common.has(Types::NUMBER) {
        steps(look);
    }
}

/// The tightest bound; none where it says nothing.
fn bound(view: &View, limit: &Limit) -> Option<Bound> {
    let mut found: Option<Bound> = None;
    for (keyword, is_exclusive) in [(limit.keyword, false), (limit.exclusive, true)] {
        for (part, value) in view.all(keyword) {
            let Some(number) = value.as_f64() else { continue };
            let room = part.schema.get("format").and_then(Value::as_str).and_then(room);
            // The range of a format is told with the format; and nothing is shorter than nothing.
            let is_implied = room.is_some_and(|(least, most)| if limit.is_least { number <= least } else { number >= most });
            let is_void = limit.is_least && limit.types != Types::NUMBER && number == 0.0;
            if is_implied || is_void {
                continue;
            }
            let place = crate::pointer::join(part.id.pointer(), keyword);
            let (number, exclusive) = whole(view.types, number, is_exclusive, limit.is_least);
            let new = Bound {
                tightness: if limit.is_least { number } else { -number },
                exclusive,
                spot: Spot::of(place, words::member(keyword, value)),
            };
            if found.as_ref().is_none_or(|known| (new.tightness, new.exclusive) > (known.tightness, known.exclusive)) {
                found = Some(new);
            }
        }
    }
    found
}

/// A whole number above 0 is one from 1.
fn whole(types: Types, number: f64, exclusive: bool, is_least: bool) -> (f64, bool) {
    let is_whole = types.and(Types::NUMBER) == Types::INTEGER;
    match (is_whole && exclusive, is_least) {
        (false, _) => (number, exclusive),
        (true, true) => (number.floor() + 1.0, false),
        (true, false) => (number.ceil() - 1.0, false),
    }
}

fn unique(look: &mut Look) {
    let is_unique = |view: &View| view.all("uniqueItems").any(|(_, mark)| *mark == Value::Bool(true));
    let (old, new) = (is_unique(look.old), is_unique(look.new));
    if old != new {
        let [was, is] = look.here();
        let spot = |spot: Spot, unique| if unique { Spot::of(spot.pointer, "`uniqueItems`") } else { spot };
        look.tell(ITEMS[usize::from(old)], [spot(was, old), spot(is, new)]);
    }
}

fn steps(look: &mut Look) {
    let step = |view: &View<'_>| view.keyword("multipleOf").and_then(|(place, value)| Some((place, value.clone(), value.as_f64()?)));
    let (old, new) = (step(look.old), step(look.new));
    let divides = |step: f64, number: f64| (number / step).fract() == 0.0;
    let rule = match (&old, &new) {
        (None, None) => return,
        (None, Some(_)) => NUMBER[0],
        (Some(_), None) => NUMBER[1],
        (Some((_, before, _)), Some((_, after, _))) if before == after => return,
        (Some((.., before)), Some((.., after))) if divides(*before, *after) => NUMBER[0],
        (Some((.., before)), Some((.., after))) if divides(*after, *before) => NUMBER[1],
        _ => &rules::STEP_CHANGED,
    };
    let [was, is] = look.here();
    let spot = |here, step: Option<(String, Value, f64)>| {
        step.map_or(here, |(place, value, _)| Spot::of(place, words::member("multipleOf", &value)))
    };
    look.tell(rule, [spot(was, old), spot(is, new)]);
}

/// The least and the most of a format of numbers.
pub(super) fn room(format: &str) -> Option<(f64, f64)> {
    let power = |bits: i32| 2.0_f64.powi(bits);
    Some(match format {
        "int8" => (-power(7), power(7) - 1.0),
        "int16" => (-power(15), power(15) - 1.0),
        "int32" => (-power(31), power(31) - 1.0),
        "int64" => (-power(63), power(63)),
        "uint8" => (0.0, power(8) - 1.0),
        "uint16" => (0.0, power(16) - 1.0),
        "uint32" => (0.0, power(32) - 1.0),
        "uint64" => (0.0, power(64)),
        "float" => (f64::from(f32::MIN), f64::from(f32::MAX)),
        "double" => (f64::MIN, f64::MAX),
        _ => return None,
    })
}
