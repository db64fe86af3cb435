//! What several schemas that must all hold say together.

use serde_json::{Number, Value};

use crate::api::{SchemaId, Schemas};

/// How many schemas are joined before a document counts as circular.
const MOST_PARTS: usize = 256;

/// Which branch of an `anyOf` or `oneOf` is taken: gets the branches, gives the position.
pub(super) type Choose<'c> = dyn FnMut(&[SchemaId]) -> Option<usize> + 'c;

/// Schemas that must all hold: `$ref` and `allOf` followed, one branch taken of each `anyOf` and `oneOf`.
pub(super) struct Facets<'s> {
    pub(super) parts: Vec<(SchemaId, &'s Value)>,
    /// Whether a branch was taken, so that another attempt may differ.
    pub(super) has_choices: bool,
}

impl<'s> Facets<'s> {
    /// Joins the schemas.
    pub(super) fn join(schemas: &'s Schemas, ids: &[SchemaId], choose: &mut Choose<'_>) -> Self {
        let mut facets = Self { parts: Vec::new(), has_choices: false };
        let mut open: Vec<SchemaId> = ids.iter().rev().cloned().collect();
        while let Some(id) = open.pop() {
            if facets.parts.len() >= MOST_PARTS || facets.parts.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let value = schemas.get(&id);
            for next in facets.members(schemas, &id, value, choose).into_iter().rev() {
                open.push(next);
            }
            facets.parts.push((id, value));
        }
        facets
    }

    /// Schemas that were joined before.
    pub(super) fn of(schemas: &'s Schemas, parts: &[SchemaId]) -> Self {
        Self { parts: parts.iter().map(|id| (id.clone(), schemas.get(id))).collect(), has_choices: false }
    }

    fn members(&mut self, schemas: &Schemas, id: &SchemaId, value: &Value, choose: &mut Choose<'_>) -> Vec<SchemaId> {
        let mut next = Vec::new();
        next.extend(value.get("$ref").and_then(Value::as_str).and_then(|target| schemas.target(target)));
        next.extend(branches(schemas, id, value, "allOf"));
        for keyword in ["anyOf", "oneOf"] {
            let branches = branches(schemas, id, value, keyword);
            if branches.is_empty() {
                continue;
            }
            self.has_choices |= branches.len() > 1;
            next.extend(choose(&branches).and_then(|position| branches.get(position).cloned()));
        }
        next
    }

    /// The values of a keyword, one per schema that has it.
    pub(super) fn all(&self, keyword: &str) -> impl Iterator<Item = &'s Value> {
        self.parts.iter().filter_map(move |(_, value)| value.get(keyword))
    }

    /// Whether a schema has one of these keywords.
    pub(super) fn has(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.all(keyword).next().is_some())
    }

    /// Whether nothing is allowed.
    pub(super) fn is_never(&self) -> bool {
        self.parts.iter().any(|(_, value)| **value == Value::Bool(false))
    }

    /// The types that all schemas allow; `None` when none says. `number` includes `integer`.
    pub(super) fn types(&self) -> Option<Vec<&'s str>> {
        let mut common: Option<Vec<&str>> = None;
        for value in self.all("type") {
            let here = match value {
                Value::String(one) => vec![one.as_str()],
                Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            common = Some(match common {
                None => here,
                Some(before) => intersect(&before, &here),
            });
        }
        common
    }

    /// The values that `const` and `enum` leave; `None` when neither says.
    pub(super) fn options(&self) -> Option<Vec<&'s Value>> {
        let mut common: Option<Vec<&Value>> = None;
        let consts = self.all("const").map(|value| vec![value]);
        let enums = self.all("enum").filter_map(Value::as_array).map(|values| values.iter().collect());
        for here in consts.chain(enums) {
            common = Some(match common {
                None => here,
                Some(before) => before.into_iter().filter(|value| here.contains(value)).collect(),
            });
        }
        common
    }

    /// The greatest value of a lower limit.
    pub(super) fn lower(&self, keyword: &str) -> Option<&'s Number> {
        self.numbers(keyword).max_by(|a, b| compare(a, b))
    }

    /// The least value of an upper limit.
    pub(super) fn upper(&self, keyword: &str) -> Option<&'s Number> {
        self.numbers(keyword).min_by(|a, b| compare(a, b))
    }

    /// A lower limit on a count; 0 when there is none.
    pub(super) fn at_least(&self, keyword: &str) -> usize {
        self.lower(keyword).and_then(count).unwrap_or(0)
    }

    /// An upper limit on a count.
    pub(super) fn at_most(&self, keyword: &str) -> Option<usize> {
        self.upper(keyword).and_then(count)
    }

    /// The texts of a keyword.
    pub(super) fn texts(&self, keyword: &str) -> impl Iterator<Item = &'s str> {
        self.all(keyword).filter_map(Value::as_str)
    }

    /// Whether a keyword is `true` somewhere.
    pub(super) fn is_set(&self, keyword: &str) -> bool {
        self.all(keyword).any(|value| *value == Value::Bool(true))
    }

    /// The values that the schemas themselves offer, best first.
    pub(super) fn offers(&self) -> impl Iterator<Item = &'s Value> {
        let examples = self.all("examples").filter_map(Value::as_array).flatten();
        self.all("example").chain(examples).chain(self.all("default"))
    }

    fn numbers(&self, keyword: &str) -> impl Iterator<Item = &'s Number> {
        self.all(keyword).filter_map(|value| match value {
            Value::Number(number) => Some(number),
            _ => None,
        })
    }
}

/// The places of the schemas in an array keyword.
pub(super) fn branches(schemas: &Schemas, id: &SchemaId, value: &Value, keyword: &str) -> Vec<SchemaId> {
    let count = value.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).filter_map(|position| schemas.below(id, &[keyword, &position.to_string()])).collect()
}

fn intersect<'t>(one: &[&'t str], other: &[&'t str]) -> Vec<&'t str> {
    let allows = |types: &[&str], wanted: &str| types.contains(&wanted) || (wanted == "integer" && types.contains(&"number"));
    let mut common: Vec<&str> = one.iter().copied().filter(|wanted| allows(other, wanted)).collect();
    common.extend(other.iter().copied().filter(|wanted| !one.contains(wanted) && allows(one, wanted)));
    common
}

fn count(number: &Number) -> Option<usize> {
    let whole = number.as_u64().or_else(|| number.as_f64().filter(|float| *float >= 0.0).map(whole))?;
    usize::try_from(whole).ok()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "limits on counts are small and not negative")]
fn whole(float: f64) -> u64 {
    float as u64
}

fn compare(a: &Number, b: &Number) -> std::cmp::Ordering {
    let float = |number: &Number| number.as_f64().unwrap_or_default();
    float(a).total_cmp(&float(b))
}
