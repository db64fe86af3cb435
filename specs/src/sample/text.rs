//! Strings: lengths, formats, patterns.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    pattern,
    value::{Place, Run},
};

/// How much longer than its minimum a random text is.
const SPREAD: usize = 24;
/// The longest text that is made.
const LONGEST: usize = 1_000_000;
const WORDS: [&str; 16] = [
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jasper", "kettle", "lumen", "maple", "north",
    "olive", "pebble",
];
/// Random texts end in one of these now and then: accents, a combining mark, a letter outside the first plane.
const UNUSUAL: [&str; 4] = ["é", "e\u{301}", "字", "🌲"];

/// A string that the schemas allow.
pub(super) fn sample(run: &Run<'_>, facets: &Facets<'_>, place: &Place, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    let least = facets.at_least("minLength");
    let most = facets.at_most("maxLength").unwrap_or(usize::MAX);
    if least > most.min(LONGEST) {
        return place.fail(format!("no text has at least {least} characters and at most {}", most.min(LONGEST)));
    }
    let fits = |text: &str| (least..=most).contains(&text.chars().count());
    if let Some(liked) = like.and_then(Value::as_str).filter(|text| place.attempt == 0 && fits(text)) {
        return Ok(liked.into());
    }
    let mut rng = run.rng(place, "text");
    if let Some(pattern) = facets.texts("pattern").next() {
        let made = pattern::sample(pattern, least, most, &mut rng);
        return made.map(Value::String).or_else(|reason| place.fail(reason));
    }
    let format = facets.texts("format").find_map(|format| by_format(format, &mut rng));
    if let Some(made) = format {
        return if fits(&made) {
            Ok(made.into())
        } else {
            place.fail(format!("a text of the format has {} characters", made.chars().count()))
        };
    }
    let wanted = match run.shape {
        Shape::Minimal => least.max(1).min(most),
        Shape::Full => least.max(12).min(most),
        Shape::Random(_) => rng.random_range(least..=most.min(least.saturating_add(SPREAD))),
    };
    let unusual = matches!(run.shape, Shape::Random(_)) && rng.random_bool(0.25);
    Ok(words(wanted, &mut rng, if unusual { &UNUSUAL } else { &[] }).into())
}

/// Whether a text matches an ECMA-262 pattern, as JSON Schema has it; a pattern that is none matches nothing.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    pattern::compile(pattern).is_some_and(|regex| regex.find(text).is_some())
}

/// Words, cut or continued to a number of characters, without a space at either end.
pub(super) fn words(length: usize, rng: &mut ChaCha8Rng, unusual: &[&str]) -> String {
    let mut made = String::new();
    let mut count = 0;
    let end = unusual.get(rng.random_range(0..unusual.len().max(1))).copied().filter(|end| end.chars().count() <= length).unwrap_or("");
    let wanted = length - end.chars().count();
    while count < wanted {
        let word = WORDS[rng.random_range(0..WORDS.len())];
        let joint = if count == 0 { "" } else { " " };
        for character in joint.chars().chain(word.chars()).take(wanted - count) {
            made.push(character);
            count += 1;
        }
    }
    if made.ends_with(' ') {
        made.pop();
        made.push('x');
    }
    made + end
}

/// A text of a known format; `None` for others, which any text has.
fn by_format(format: &str, rng: &mut ChaCha8Rng) -> Option<String> {
    let mut number = |from: u32, to: u32| rng.random_range(from..=to);
    Some(match format {
        "date" => date(&mut number),
        "date-time" => format!("{}T{:02}:{:02}:{:02}Z", date(&mut number), number(0, 23), number(0, 59), number(0, 59)),
        "time" => format!("{:02}:{:02}:{:02}Z", number(0, 23), number(0, 59), number(0, 59)),
        "duration" => format!("P{}DT{}H", number(1, 30), number(1, 23)),
        "email" | "idn-email" => format!("{}.{}@example.com", word(&mut number), number(1, 99)),
        "hostname" | "idn-hostname" => format!("{}.example.com", word(&mut number)),
        "ipv4" => format!("192.0.2.{}", number(1, 254)),
        "ipv6" => format!("2001:db8::{:x}", number(1, 0xffff)),
        "uri" | "iri" | "url" => format!("https://example.com/{}/{}", word(&mut number), number(1, 999)),
        "uri-reference" | "iri-reference" => format!("/{}/{}", word(&mut number), number(1, 999)),
        "uri-template" => format!("https://example.com/{}/{{id}}", word(&mut number)),
        "uuid" => uuid(&mut number),
        "json-pointer" => format!("/{}/0", word(&mut number)),
        "relative-json-pointer" => format!("0/{}", word(&mut number)),
        "regex" => format!("^{}$", word(&mut number)),
        "byte" => "c2FtcGxl".to_owned(),
        _ => return None,
    })
}

fn word(number: &mut impl FnMut(u32, u32) -> u32) -> &'static str {
    WORDS[usize::try_from(number(0, 15)).unwrap_or_default()]
}

fn date(number: &mut impl FnMut(u32, u32) -> u32) -> String {
    format!("{}-{:02}-{:02}", number(2020, 2030), number(1, 12), number(1, 28))
}

fn uuid(number: &mut impl FnMut(u32, u32) -> u32) -> String {
    let mut part = || number(0, 0xffff);
    let (version, variant) = (0x4000 | (part() & 0x0fff), 0x8000 | (part() & 0x3fff));
    format!("{:04x}{:04x}-{:04x}-{version:04x}-{variant:04x}-{:04x}{:04x}{:04x}", part(), part(), part(), part(), part(), part())
}
