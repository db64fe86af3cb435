//! Strings: lengths, formats, patterns, and what the name of the property promises.

use rand::RngExt;
use serde_json::Value;

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    format,
    hint::Hint,
    luck::Luck,
    pattern::{self, Pattern},
    place::Place,
    value::Run,
};

/// How much longer than its minimum a random text is.
const SPREAD: usize = 24;
/// The longest text that is made.
const LONGEST: usize = 1_000_000;
pub(super) const WORDS: [&str; 16] = [
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "haven", "inlet", "jasper", "kettle", "lumen", "maple", "north",
    "olive", "pebble",
];
/// Random texts end in one of these now and then: accents, a combining mark, a letter outside the first plane.
const UNUSUAL: [&str; 4] = ["é", "e\u{301}", "字", "🌲"];

/// What the schemas say of a string.
pub(super) struct Text {
    least: usize,
    most: usize,
    patterns: Vec<Result<Pattern, String>>,
    formats: Vec<String>,
}

impl Text {
    pub(super) fn new(facets: &Facets<'_>) -> Self {
        Self {
            least: facets.at_least("minLength"),
            most: facets.at_most("maxLength").unwrap_or(usize::MAX),
            patterns: facets.texts("pattern").map(Pattern::new).collect(),
            formats: facets.texts("format").map(str::to_owned).collect(),
        }
    }

    fn has_length(&self, text: &str) -> bool {
        // Bytes are as many or more: most texts need no count.
        let bytes = text.len();
        if text.is_ascii() { (self.least..=self.most).contains(&bytes) } else { (self.least..=self.most).contains(&text.chars().count()) }
    }

    fn fits(&self, text: &str) -> bool {
        self.has_length(text) && self.patterns.iter().flatten().all(|pattern| pattern.matches(text))
    }
}

/// A string that the schemas allow.
pub(super) fn sample(run: &Run<'_>, text: &Text, place: &Place<'_>, like: Option<&Value>) -> Result<Value, Unsatisfiable> {
    if text.least > text.most.min(LONGEST) {
        return place.fail(format!("no text has at least {} characters and at most {}", text.least, text.most.min(LONGEST)));
    }
    if let Some(liked) = like.and_then(Value::as_str).filter(|liked| place.round == 0 && text.has_length(liked)) {
        return Ok(liked.into());
    }
    let mut luck = run.luck(place, "text");
    if let Some(Err(reason)) = text.patterns.iter().find(|pattern| pattern.is_err()) {
        return place.fail(reason);
    }
    // Where there is a pattern too, the attempts take turns.
    let by_format = || text.formats.iter().find_map(|format| format::sample(format, text.least, text.most, &mut run.luck(place, "format")));
    let formatted =
        if text.patterns.is_empty() || place.attempt % 2 == 1 { by_format() } else { by_format().filter(|made| text.fits(made)) };
    if let Some(made) = formatted {
        return if text.has_length(&made) {
            Ok(made.into())
        } else {
            place.fail(format!("a text of the format has {} characters", made.chars().count()))
        };
    }
    let lifelike = !matches!(run.shape, Shape::Random(_)) && place.round < 2;
    if let Some(made) = lifelike.then(|| hinted(text, place, &mut luck)).flatten() {
        return Ok(made.into());
    }
    if let Some(pattern) = text.patterns.iter().flatten().next() {
        let made = pattern.sample(text.least, text.most, &mut luck);
        return made.map(Value::String).or_else(|reason| place.fail(reason));
    }
    Ok(free(run, text, &mut luck).into())
}

/// What the name of the property promises, or else its format, made to fit.
fn hinted(text: &Text, place: &Place<'_>, luck: &mut Luck) -> Option<String> {
    let mut promised = std::iter::once(place.hint).chain(text.formats.iter().map(|format| Hint::of_format(format)));
    let made = promised.find_map(|hint| hint.text(luck))?;
    if text.fits(&made) {
        return Some(made);
    }
    if !text.patterns.is_empty() || made.chars().count() < text.least {
        return None;
    }
    let cut: String = made.chars().take(text.most).collect();
    let cut = cut.trim_end();
    text.has_length(cut).then(|| cut.to_owned())
}

fn free(run: &Run<'_>, text: &Text, luck: &mut Luck) -> String {
    let (least, most) = (text.least, text.most);
    let wanted = match run.shape {
        Shape::Minimal => least.max(1).min(most),
        Shape::Full => least.max(12).min(most),
        Shape::Lifelike(_) => least.max(luck.random_range(5..=18)).min(most),
        Shape::Random(_) => luck.random_range(least..=most.min(least.saturating_add(SPREAD))),
    };
    let unusual = matches!(run.shape, Shape::Random(_)) && luck.random_bool(0.25);
    words(wanted, luck, if unusual { &UNUSUAL } else { &[] })
}

/// Whether a text matches an ECMA-262 pattern, as JSON Schema has it; a pattern that is none matches nothing.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    pattern::compile(pattern).is_some_and(|regex| regex.find(text).is_some())
}

/// Words, cut or continued to a number of characters, without a space at either end.
pub(super) fn words(length: usize, luck: &mut Luck, unusual: &[&str]) -> String {
    let mut made = String::with_capacity(length);
    let mut count = 0;
    let end = unusual.get(luck.random_range(0..unusual.len().max(1))).copied().filter(|end| end.chars().count() <= length).unwrap_or("");
    let wanted = length - end.chars().count();
    while count < wanted {
        let word = WORDS[luck.random_range(0..WORDS.len())];
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
