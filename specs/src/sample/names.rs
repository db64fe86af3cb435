//! Properties that no schema declares by name: those of maps, of `patternProperties`, and those that only a minimum
//! asks for.

use std::sync::Arc;

use rand::RngExt;
use serde_json::{Map, Value};

use super::{
    Shape, Unsatisfiable,
    facets::Facets,
    hint::Hint,
    luck, object,
    pattern::Pattern,
    place::Place,
    store::{Link, Store},
    text::WORDS,
    value::Run,
};
use crate::api::SchemaId;

/// The most properties that are made to reach a minimum.
const MOST: usize = 2_000;
/// How often a name is made up for each property that is wanted.
const ATTEMPTS: usize = 40;

/// What the schemas say of properties that they do not name.
pub(super) struct Names {
    parts: Vec<SchemaId>,
    patterns: Vec<Pattern>,
    /// What `propertyNames` asks of a name.
    rule: Option<Link>,
    /// Whether the object is a map: it says what its members are and names none.
    is_map: bool,
}

impl Names {
    pub(super) fn new(store: &Store, facets: &Facets<'_>) -> Self {
        let patterns = facets.all("patternProperties").filter_map(Value::as_object).flatten();
        let rules: Vec<SchemaId> = facets.parts.iter().filter_map(|(id, _)| store.schemas.below(id, &["propertyNames"])).collect();
        let is_map = facets.all("additionalProperties").any(Value::is_object) || facets.has(&["patternProperties"]);
        Self {
            parts: facets.parts.iter().map(|(id, _)| id.clone()).collect(),
            patterns: patterns.filter_map(|(pattern, _)| Pattern::new(pattern).ok()).collect(),
            rule: (!rules.is_empty()).then(|| Arc::downgrade(&store.node(rules))),
            is_map,
        }
    }

    /// How many members a map has when nothing asks for any.
    pub(super) fn usual(&self, run: &Run<'_>, place: &Place<'_>) -> usize {
        let most = match run.shape {
            Shape::Minimal => return 0,
            Shape::Full => 1,
            Shape::Random(_) => run.luck(place, "members").random_range(0..=3),
            Shape::Lifelike(_) => run.luck(place, "members").random_range(1..=3),
        };
        let at = place.property("*", 0, Hint::None);
        let leads = || self.node(run.store, "*").leads.clone();
        if self.is_map && run.includes(&at, &leads()) { most } else { 0 }
    }

    /// The value of a property that has this name.
    pub(super) fn make(&self, run: &Run<'_>, place: &Place<'_>, name: &str) -> Result<Value, Unsatisfiable> {
        run.value(&self.node(run.store, name), &place.property(name, luck::fnv(name), Hint::of(name, "")), None)
    }

    fn node(&self, store: &Store, name: &str) -> Arc<super::store::Node> {
        store.node(object::property(&store.schemas, &Facets::of(&store.schemas, &self.parts), name))
    }

    /// A name that the schemas may allow; another one for each attempt.
    fn name(&self, run: &Run<'_>, place: &Place<'_>, attempt: usize) -> Option<String> {
        let at = place.element(attempt);
        if let Some(rule) = self.rule.as_ref().and_then(Link::upgrade) {
            let named = run.value(&rule, &at.again(u64::try_from(attempt).ok()?, 0), None).ok();
            return named.and_then(|name| name.as_str().map(str::to_owned));
        }
        let mut luck = run.luck(&at, "name");
        if !self.patterns.is_empty() {
            return self.patterns[attempt % self.patterns.len()].sample(0, usize::MAX, &mut luck).ok();
        }
        let word = WORDS[(luck.random_range(0..WORDS.len()) + attempt) % WORDS.len()];
        Some(if attempt < WORDS.len() { word.to_owned() } else { format!("{word}{attempt}") })
    }
}

/// Adds properties until the object has as many as are wanted, or no more can be made.
pub(super) fn fill(run: &Run<'_>, names: &Names, place: &Place<'_>, wanted: usize, made: &mut Map<String, Value>) {
    let wanted = wanted.min(MOST);
    if made.len() >= wanted {
        return;
    }
    let facets = Facets::of(&run.store.schemas, &names.parts);
    for attempt in 0..ATTEMPTS + 2 * wanted {
        if made.len() >= wanted {
            break;
        }
        let name = names.name(run, place, attempt).filter(|name| !made.contains_key(name) && !object::forbids(&facets, name));
        if let Some(name) = name
            && let Ok(value) = names.make(run, place, &name)
        {
            made.insert(name, value);
        }
    }
}
