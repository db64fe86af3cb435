//! Bodies that are not what they should be.

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::values::Misfit;

/// Most places of a body that are looked at.
const PLACES: usize = 500;

/// Text that is nearly JSON, as broken serializers and proxies make it.
pub(crate) fn mangle(body: &Bytes, random: &mut fastrand::Rng) -> Bytes {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_end();
    let without_end = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
    let broken = match random.u8(0..4) {
        // The end is missing.
        0 if !without_end.is_empty() => without_end.to_owned(),
        // A comma too many.
        1 if text.ends_with(['}', ']']) => format!("{without_end},{}", &text[without_end.len()..]),
        // Names in other quotes.
        2 if text.contains('"') => text.replace('"', "'"),
        // Something of the server's own behind it.
        _ => format!("{text}\nWarning: headers already sent"),
    };
    // A number without its end is a number still.
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&broken).is_ok();
    Bytes::from(if is_json { format!("{broken}}}") } else { broken })
}

/// The body with one property wrong that the document does not allow so; `None` where nothing is wrong enough. `allows`
/// says what the document says, if anything.
pub(crate) fn misfit(
    body: &Value,
    misfit: Misfit,
    random: &mut fastrand::Rng,
    allows: impl Fn(&Value) -> Option<bool>,
) -> Option<(Value, String)> {
    let mut places = Vec::new();
    collect(body, "", &mut places);
    random.shuffle(&mut places);
    let kinds = match misfit {
        Misfit::Any => vec![Misfit::Type, Misfit::Missing, Misfit::Null],
        one => vec![one],
    };
    let first = random.usize(0..kinds.len());
    let kinds: Vec<Misfit> = (0..kinds.len()).map(|step| kinds[(first + step) % kinds.len()]).collect();
    let tries = kinds.iter().flat_map(|kind| places.iter().map(move |place| (*kind, place)));
    tries.filter_map(|(kind, place)| changed(body, place, kind)).find(|(changed, _)| allows(changed) != Some(true))
}

/// The pointers of all properties.
fn collect(value: &Value, at: &str, places: &mut Vec<String>) {
    if places.len() >= PLACES {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                collect(value, &place, places);
                places.push(place);
            }
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| collect(item, &format!("{at}/{index}"), places)),
        _ => {}
    }
}

fn changed(body: &Value, place: &str, kind: Misfit) -> Option<(Value, String)> {
    let mut body = body.clone();
    match kind {
        Misfit::Missing => {
            let (parent, name) = place.rsplit_once('/')?;
            let members: &mut Map<String, Value> = body.pointer_mut(parent)?.as_object_mut()?;
            members.shift_remove(&name.replace("~1", "/").replace("~0", "~"))?;
            Some((body, format!("`{place}` is missing")))
        }
        Misfit::Null => {
            let value = body.pointer_mut(place).filter(|value| !value.is_null())?;
            *value = Value::Null;
            Some((body, format!("`{place}` is null")))
        }
        Misfit::Type | Misfit::Any => {
            let value = body.pointer_mut(place)?;
            *value = match value {
                Value::String(_) => json!(12_345),
                Value::Number(_) => json!("not a number"),
                Value::Bool(_) => json!("yes"),
                Value::Array(_) | Value::Null => json!({ "unexpected": true }),
                Value::Object(_) => json!([]),
            };
            Some((body, format!("`{place}` has another type")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mangled_is_no_json_and_the_same_for_the_same_seed() {
        for body in ["{\"a\":[1,\"b\"]}", "[]", "12", "\"text\"", "null", "", "{}\n"] {
            for seed in 0..20 {
                let mangled = |seed| mangle(&Bytes::from(body), &mut fastrand::Rng::with_seed(seed));
                assert!(serde_json::from_slice::<Value>(&mangled(seed)).is_err(), "{body} {:?}", mangled(seed));
                assert_eq!(mangled(seed), mangled(seed));
            }
        }
    }

    #[test]
    fn a_misfit_is_something_that_is_not_allowed() {
        let body = json!({ "a": "x", "b": { "c/d": 1 } });
        let allows = |value: &Value| Some(value.pointer("/b/c~1d").is_some());
        for seed in 0..20 {
            for kind in [Misfit::Missing, Misfit::Any, Misfit::Null] {
                let (changed, _) = misfit(&body, kind, &mut fastrand::Rng::with_seed(seed), allows).unwrap();
                assert!(changed.pointer("/b/c~1d").is_none(), "{changed}");
            }
        }
        assert_eq!(misfit(&body, Misfit::Type, &mut fastrand::Rng::new(), |_| Some(true)), None);
    }
}
