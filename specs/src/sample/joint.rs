//! What schemas that must all hold say together, worked out once for each combination of branches.

use std::sync::{Arc, OnceLock};

use serde_json::{Number, Value};

use super::{
    array::Elements,
    facets::Facets,
    number::Limits,
    object::Members,
    store::{HEIGHTS, Node, Store},
    text::Text,
    value::type_of,
};
use crate::api::SchemaId;

/// Keywords that the builder does not follow with certainty, so that a value is put before the validator at once.
const DOUBTFUL: [&str; 6] = ["not", "if", "oneOf", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas"];
/// Keywords that the builder follows nearly always.
const UNCERTAIN: [&str; 10] = [
    "anyOf",
    "pattern",
    "format",
    "contains",
    "propertyNames",
    "patternProperties",
    "dependentRequired",
    "multipleOf",
    "uniqueItems",
    "enum",
];

/// What counts of the schemas for one combination of branches.
pub(super) struct Joint {
    /// The schemas, `$ref` and `allOf` followed and branches taken.
    parts: Vec<SchemaId>,
    /// The components among them.
    pub(super) inside: Vec<SchemaId>,
    /// The types that are allowed; `None` when nothing says.
    pub(super) types: Option<Vec<&'static str>>,
    /// The type that a schema without one is about.
    pub(super) implied: Option<&'static str>,
    /// The values that `const` and `enum` leave.
    pub(super) options: Option<Vec<Value>>,
    pub(super) doubt: Doubt,
    /// Whether a part has `if` or `dependentSchemas`.
    pub(super) has_conditions: bool,
    allows_nothing: bool,
    height: OnceLock<usize>,
    offers: OnceLock<Vec<Value>>,
    members: OnceLock<Members>,
    elements: OnceLock<Elements>,
    text: OnceLock<Text>,
    limits: OnceLock<Limits>,
}

/// How sure the builder is of what it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Doubt {
    /// What is made is valid.
    None,
    /// It nearly always is.
    Little,
    /// It often is not.
    Much,
}

impl Joint {
    pub(super) fn new(facets: &Facets<'_>) -> Self {
        let parts: Vec<SchemaId> = facets.parts.iter().map(|(id, _)| id.clone()).collect();
        let inside = parts.iter().filter(|id| id.component().is_some()).cloned().collect();
        let options = facets.options().map(|options| options.into_iter().filter(|value| fits(facets, value)).cloned().collect());
        Self {
            inside,
            types: facets.types().map(|types| types.into_iter().filter_map(known).collect()),
            implied: implied(facets),
            doubt: doubt(facets),
            has_conditions: facets.has(&["if", "dependentSchemas"]),
            allows_nothing: facets.is_never(),
            options,
            parts,
            height: OnceLock::new(),
            offers: OnceLock::new(),
            members: OnceLock::new(),
            elements: OnceLock::new(),
            text: OnceLock::new(),
            limits: OnceLock::new(),
        }
    }

    /// What the schemas say, in full.
    pub(super) fn facets<'s>(&self, store: &'s Store) -> Facets<'s> {
        Facets::of(&store.schemas, &self.parts)
    }

    /// Whether it is plain that nothing is allowed.
    pub(super) fn is_never(&self) -> bool {
        self.allows_nothing || self.types.as_ref().is_some_and(Vec::is_empty) || self.options.as_ref().is_some_and(Vec::is_empty)
    }

    /// Whether a `false` schema is among them.
    pub(super) fn allows_nothing(&self) -> bool {
        self.allows_nothing
    }

    /// Whether only null fits.
    pub(super) fn is_null(&self) -> bool {
        self.types.as_ref().is_some_and(|types| types.iter().all(|kind| *kind == "null"))
    }

    /// The least number of levels that a value has below it, by what it must have.
    pub(super) fn height(&self, store: &Store) -> usize {
        *self.height.get_or_init(|| (0..HEIGHTS).find(|levels| self.ends_within(store, *levels)).unwrap_or(HEIGHTS))
    }

    /// Whether a value comes to an end within so many levels below it.
    pub(super) fn ends_within(&self, store: &Store, levels: usize) -> bool {
        let kind = self.types.as_ref().map_or(self.implied, |types| types.first().copied());
        let ends = |node: Arc<Node>| levels > 0 && node.ends_within(store, levels - 1);
        match kind {
            _ if self.is_never() => false,
            _ if self.options.is_some() => true,
            Some("object") => self.members(store).needed().all(ends),
            Some("array") => self.elements(store).needed().all(ends),
            _ => true,
        }
    }

    /// The valid values that the schemas themselves offer, best first.
    pub(super) fn offers(&self, store: &Store) -> &[Value] {
        self.offers.get_or_init(|| {
            let facets = self.facets(store);
            let is_valid = |offer: &&Value| !offer.is_null() && self.parts.iter().all(|id| store.accepts(id, offer));
            facets.offers().filter(is_valid).cloned().collect()
        })
    }

    pub(super) fn members(&self, store: &Store) -> &Members {
        self.members.get_or_init(|| Members::new(store, &self.facets(store)))
    }

    pub(super) fn elements(&self, store: &Store) -> &Elements {
        self.elements.get_or_init(|| Elements::new(store, &self.facets(store)))
    }

    pub(super) fn text(&self, store: &Store) -> &Text {
        self.text.get_or_init(|| Text::new(&self.facets(store)))
    }

    pub(super) fn limits(&self, store: &Store) -> &Limits {
        let whole = self.types.as_ref().is_some_and(|types| !types.contains(&"number"));
        self.limits.get_or_init(|| Limits::of(&self.facets(store), whole))
    }
}

/// The name of a type as this module has it; a word that is none allows nothing.
fn known(kind: &str) -> Option<&'static str> {
    ["null", "boolean", "integer", "number", "string", "array", "object"].into_iter().find(|name| *name == kind)
}

fn doubt(facets: &Facets<'_>) -> Doubt {
    let decided = facets.has(&["discriminator"]);
    let doubtful = |keyword: &str| (keyword != "oneOf" || !decided) && facets.has(&[keyword]);
    if DOUBTFUL.into_iter().any(doubtful) {
        Doubt::Much
    } else if decided || facets.has(&UNCERTAIN) {
        Doubt::Little
    } else {
        Doubt::None
    }
}

fn fits(facets: &Facets<'_>, value: &Value) -> bool {
    let kind = type_of(value);
    let is_whole = kind == "number" && value.as_f64().is_some_and(|number| number.fract() == 0.0);
    facets.types().is_none_or(|types| {
        types.contains(&kind) || kind == "integer" && types.contains(&"number") || is_whole && types.contains(&"integer")
    })
}

/// What a schema without `type` is about.
fn implied(facets: &Facets<'_>) -> Option<&'static str> {
    const HINTS: [(&str, &[&str]); 4] = [
        (
            "object",
            &[
                "properties",
                "required",
                "additionalProperties",
                "minProperties",
                "maxProperties",
                "patternProperties",
                "propertyNames",
                "dependentRequired",
                "unevaluatedProperties",
            ],
        ),
        ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "unevaluatedItems"]),
        ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
        ("string", &["pattern", "format", "minLength", "maxLength"]),
    ];
    let numeric = facets.texts("format").any(|format| super::number::range_of(format).is_some());
    let found = HINTS.into_iter().find(|(_, keywords)| facets.has(keywords)).map(|(kind, _)| kind);
    if found == Some("string") && numeric { Some("integer") } else { found }
}

/// An upper or lower limit as a number, for those who compare.
pub(super) fn float(number: Option<&Number>) -> Option<f64> {
    number.and_then(Number::as_f64)
}
