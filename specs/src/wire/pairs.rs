//! Names with values, as queries, forms and cookies have them, and the lists and objects that brackets in the names
//! make of them: `filter[size][gte]=3`, `tags[]=a`, `lines[0][count]=1`.

use std::borrow::Cow;

use indexmap::IndexMap;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::shape::Shape;

/// How deep brackets are followed; what is deeper belongs to the last name.
const DEEPEST: usize = 12;

/// A name with its value.
#[derive(Clone, Debug)]
pub struct Pair<'t> {
    /// The name, decoded.
    pub name: Cow<'t, str>,
    /// The value, as sent.
    pub raw: &'t str,
    /// How the value is escaped.
    pub coding: Coding,
}

/// How text is escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Plain,
    /// With `%20` for a space.
    Percent,
    /// With `%20` or `+` for a space.
    Form,
}

impl Coding {
    /// The text without escapes.
    #[must_use]
    pub fn decode(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Plain => Cow::Borrowed(text),
            Self::Form if text.contains('+') => {
                let spaced = text.replace('+', " ");
                Cow::Owned(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
            }
            Self::Percent | Self::Form => percent_decode_str(text).decode_utf8_lossy(),
        }
    }
}

impl<'t> Pair<'t> {
    /// The value, decoded.
    #[must_use]
    pub fn decoded(&self) -> Cow<'t, str> {
        self.coding.decode(self.raw)
    }

    /// The name before any bracket.
    pub(super) fn base(&self) -> &str {
        match self.name.find('[') {
            Some(at) if at > 0 && self.name.ends_with(']') => &self.name[..at],
            _ => &self.name,
        }
    }

    /// What stands in the brackets after a name; `None` when the name is another, empty when there are no brackets.
    pub(super) fn inside(&self, name: &str) -> Option<Vec<&str>> {
        let rest = self.name.strip_prefix(name)?;
        if rest.is_empty() {
            return Some(Vec::new());
        }
        let inner = rest.strip_prefix('[')?.strip_suffix(']')?;
        Some(inner.splitn(DEEPEST, "][").collect())
    }
}

/// The pairs of a query or form.
#[must_use]
pub fn pairs(text: &str) -> Vec<Pair<'_>> {
    let named = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    named.map(|(name, raw)| Pair { name: Coding::Form.decode(name), raw, coding: Coding::Form }).collect()
}

/// The pairs by what stands before any brackets, each with the names in its brackets.
pub(super) fn by_base<'p>(pairs: &'p [Pair<'_>]) -> IndexMap<&'p str, Vec<(Vec<&'p str>, &'p Pair<'p>)>> {
    let mut groups: IndexMap<&str, Vec<(Vec<&str>, &Pair<'_>)>> = IndexMap::new();
    for pair in pairs {
        let base = pair.base();
        groups.entry(base).or_default().push((pair.inside(base).unwrap_or_default(), pair));
    }
    groups
}

/// The value that pairs with the names in their brackets make together.
pub(super) fn gather(shape: &Shape, places: &[(Vec<&str>, &Pair<'_>)]) -> Value {
    let entries: Vec<Entry<'_>> = places.iter().map(|(names, pair)| (names.as_slice(), pair.decoded())).collect();
    assemble(shape, &entries)
}

/// A value with the names in brackets that lead to it.
type Entry<'p> = (&'p [&'p str], Cow<'p, str>);

/// The value that entries make together: a scalar, a list, or an object.
fn assemble(shape: &Shape, entries: &[Entry<'_>]) -> Value {
    let nested: Vec<&Entry<'_>> = entries.iter().filter(|(names, _)| !names.is_empty()).collect();
    if nested.is_empty() {
        let values = || entries.iter().map(|(_, text)| text.as_ref());
        return match (shape, entries) {
            (Shape::List { lone: Some(kinds), .. }, [(_, one)]) => kinds.read(one),
            // Nothing is written for no element, where it can be none.
            (Shape::List { items, .. }, [(_, one)]) if one.is_empty() && !items.takes_nothing() => Value::Array(Vec::new()),
            (Shape::List { items, .. }, _) => values().map(|text| items.read(text)).collect(),
            (_, [(_, one)]) => shape.read(one),
            _ => values().map(|text| shape.read(text)).collect(),
        };
    }
    let is_position = |name: &str| name.is_empty() || name.bytes().all(|byte| byte.is_ascii_digit());
    let is_list = match shape {
        Shape::List { .. } => true,
        Shape::Object(_) => false,
        Shape::Scalar(_) => nested.iter().all(|(names, _)| is_position(names[0])),
    };
    match shape {
        // `lines[sku]=a` is what some clients make of a list of one.
        Shape::List { items, .. } if !nested.iter().any(|(names, _)| is_position(names[0])) => Value::Array(vec![object(items, &nested)]),
        _ if is_list => list(shape, &nested),
        _ => object(shape, &nested),
    }
}

fn object(shape: &Shape, entries: &[&Entry<'_>]) -> Value {
    let mut groups: IndexMap<&str, Vec<Entry<'_>>> = IndexMap::new();
    for (names, text) in entries {
        groups.entry(names[0]).or_default().push((&names[1..], Cow::Borrowed(text.as_ref())));
    }
    let unknown = Shape::unknown();
    let of = |name: &str| if let Shape::Object(members) = shape { members.get(name).unwrap_or(&unknown) } else { &unknown };
    groups.into_iter().map(|(name, entries)| (name.to_owned(), assemble(of(name), &entries))).collect::<Map<_, _>>().into()
}

/// Elements by position; those without one begin anew when a name comes again: `[][a]=1&[][b]=2&[][a]=3`.
fn list(shape: &Shape, entries: &[&Entry<'_>]) -> Value {
    let mut groups: IndexMap<(u64, usize), Vec<Entry<'_>>> = IndexMap::new();
    let mut unplaced = 0;
    for (names, text) in entries {
        let rest = &names[1..];
        let place = match names[0].parse::<u64>() {
            Ok(number) => (number, 0),
            Err(_) => {
                let is_taken = groups.get(&(u64::MAX, unplaced)).is_some_and(|group| group.iter().any(|(known, _)| *known == rest));
                unplaced += usize::from(is_taken);
                (u64::MAX, unplaced)
            }
        };
        groups.entry(place).or_default().push((rest, Cow::Borrowed(text.as_ref())));
    }
    groups.sort_keys();
    let unknown = Shape::unknown();
    let items = if let Shape::List { items, .. } = shape { items } else { &unknown };
    groups.into_values().map(|entries| assemble(items, &entries)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(query: &str, name: &str, expected: &Value) {
        let pairs = pairs(query);
        let places: Vec<(Vec<&str>, &Pair<'_>)> = pairs.iter().filter_map(|pair| Some((pair.inside(name)?, pair))).collect();
        let entries: Vec<Entry<'_>> = places.iter().map(|(names, pair)| (names.as_slice(), pair.decoded())).collect();
        assert_eq!(assemble(&Shape::unknown(), &entries), *expected, "{query}");
    }

    #[test]
    fn brackets_make_lists_and_objects() {
        check("a[b]=1&a[c][d]=x+y&a[c][e]=%2B", "a", &json!({"b": "1", "c": {"d": "x y", "e": "+"}}));
        check("a[]=1&a[]=2&b=3", "a", &json!(["1", "2"]));
        check("a[2]=c&a[0]=a&a[10]=k", "a", &json!(["a", "c", "k"]));
        check("a[][x]=1&a[][y]=2&a[][x]=3", "a", &json!([{"x": "1", "y": "2"}, {"x": "3"}]));
        check("a=1&a=2", "a", &json!(["1", "2"]));
        check("a%5Bb%5D=1&ab=2&a[=3", "a", &json!({"b": "1"}));
    }

    #[test]
    fn what_is_too_deep_belongs_to_the_last_name() {
        let deep = format!("a{}=1", "[b]".repeat(50_000));
        let pairs = pairs(&deep);
        assert_eq!(pairs[0].inside("a").map(|names| names.len()), Some(DEEPEST));
    }
}
