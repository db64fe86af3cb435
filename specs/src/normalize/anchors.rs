//! What schemas of OpenAPI 3.1 call themselves (`$id`, `$anchor`, `$dynamicAnchor`), and what references by such names
//! mean: a place of the document, by a plain JSON pointer.
//!
//! A `$dynamicRef` is resolved where it stands: it means the one schema with that dynamic anchor. Where there are
//! several, which one is meant depends on who refers to whom at run time; the nearest is taken, with a problem.

use std::collections::HashMap;

use serde_json::Value;

use super::references::{local, percent_decoded};
use crate::pointer;

/// Names of schemas. Empty for nearly every document.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// The base URI of what stands at a place and below it.
    bases: HashMap<String, String>,
    /// Places by URI.
    ids: HashMap<String, String>,
    /// Places by base URI and name.
    named: HashMap<(String, String), String>,
    /// Base URIs and places by name.
    dynamic: HashMap<String, Vec<(String, String)>>,
}

/// What a reference means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A place of the document.
    Place(String),
    /// One of several places.
    Nearest(String),
    /// Nothing in the document has that anchor.
    NoAnchor,
    /// Nothing that is known.
    Elsewhere,
}

impl Anchors {
    pub(super) fn of(root: &Value) -> Self {
        let mut found = Self::default();
        found.collect(root, &mut String::new(), "");
        found
    }

    fn collect(&mut self, value: &Value, at: &mut String, base: &str) {
        match value {
            Value::Object(members) => {
                let id = members.get("$id").and_then(Value::as_str).map(|id| resolved(base, id.split('#').next().unwrap_or_default()));
                if let Some(id) = &id {
                    self.bases.insert(at.clone(), id.clone());
                    self.ids.entry(id.clone()).or_insert_with(|| at.clone());
                }
                let base = id.as_deref().unwrap_or(base);
                for keyword in ["$anchor", "$dynamicAnchor"] {
                    let Some(name) = members.get(keyword).and_then(Value::as_str) else { continue };
                    self.named.entry((base.to_owned(), name.to_owned())).or_insert_with(|| at.clone());
                    if keyword == "$dynamicAnchor" {
                        self.dynamic.entry(name.to_owned()).or_default().push((base.to_owned(), at.clone()));
                    }
                }
                for (name, member) in members {
                    let length = at.len();
                    pointer::push(at, name);
                    self.collect(member, at, base);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (position, item) in items.iter().enumerate() {
                    let length = at.len();
                    pointer::push(at, &position.to_string());
                    self.collect(item, at, base);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// What a reference at a place means.
    pub(super) fn meaning(&self, root: &Value, at: &str, reference: &str) -> Meaning {
        let base = self.base(at);
        let plain = local(reference);
        if let (Some(place), "") = (&plain, base) {
            return Meaning::Place(place.clone());
        }
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let uri = resolved(base, uri);
        let resource = if uri.is_empty() { Some("") } else { self.ids.get(&uri).map(String::as_str) };
        let Some(resource) = resource else { return Meaning::Elsewhere };
        let fragment = percent_decoded(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            let place = format!("{resource}{fragment}");
            // Strictly such a pointer starts at the schema with the `$id`; nearly everyone means the document.
            let is_there = pointer::get(root, &place).is_some();
            return Meaning::Place(plain.filter(|_| !is_there).unwrap_or(place));
        }
        let anchor = self.named.get(&(uri, fragment.clone())).or_else(|| {
            let mut named = self.named.iter().filter(|((_, name), _)| *name == fragment).map(|(_, place)| place);
            named.next().filter(|_| named.next().is_none())
        });
        anchor.map_or(Meaning::NoAnchor, |place| Meaning::Place(place.clone()))
    }

    /// What a dynamic reference at a place means.
    pub(super) fn dynamic(&self, root: &Value, at: &str, reference: &str) -> Meaning {
        let first = self.meaning(root, at, reference);
        let name = reference.split_once('#').map(|(_, fragment)| fragment).unwrap_or_default();
        match (self.dynamic.get(name).map(Vec::as_slice), first) {
            (Some([(_, only)]), _) => Meaning::Place(only.clone()),
            (Some([_, _, ..]), Meaning::Place(place)) => Meaning::Nearest(place),
            (_, first) => first,
        }
    }

    /// The base URI at a place.
    fn base(&self, at: &str) -> &str {
        let mut above = at;
        while !self.bases.is_empty() {
            if let Some(base) = self.bases.get(above) {
                return base;
            }
            let Some(end) = above.rfind('/') else { break };
            above = &above[..end];
        }
        ""
    }
}

/// A URI reference, taken from a base (RFC 3986, section 5.2, for the URIs that schemas have).
fn resolved(base: &str, reference: &str) -> String {
    let scheme = |uri: &str| uri.split_once(':').map(|(scheme, _)| scheme.len() + 1).filter(|end| !uri[..*end].contains('/'));
    if reference.is_empty() {
        return base.to_owned();
    }
    if scheme(reference).is_some() {
        return reference.to_owned();
    }
    let scheme = scheme(base).unwrap_or_default();
    if reference.starts_with("//") {
        return format!("{}{reference}", &base[..scheme]);
    }
    let authority = base[scheme..].strip_prefix("//").map_or(scheme, |rest| scheme + 2 + rest.find('/').unwrap_or(rest.len()));
    let folder = base[authority..].rfind('/').map_or(base.len().min(authority), |end| authority + end + 1);
    let path = if reference.starts_with('/') { reference.to_owned() } else { format!("{}{reference}", &base[authority..folder]) };
    let rooted = path.starts_with('/') || authority > scheme;
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/').filter(|step| !matches!(*step, "" | ".")) {
        if step == ".." {
            steps.pop();
        } else {
            steps.push(step);
        }
    }
    format!("{}{}{}", &base[..authority], if rooted { "/" } else { "" }, steps.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn references_are_taken_from_their_base() {
        let rows = [
            ("", "kite", "kite"),
            ("", "", ""),
            ("https://k.example/a/b", "c", "https://k.example/a/c"),
            ("https://k.example/a/b", "../c", "https://k.example/c"),
            ("https://k.example/a/b", "/c/./d", "https://k.example/c/d"),
            ("https://k.example", "c", "https://k.example/c"),
            ("https://k.example/a/", "//l.example/c", "https://l.example/c"),
            ("https://k.example/a", "urn:kite:1", "urn:kite:1"),
            ("schemas/kite", "line", "schemas/line"),
            ("urn:kite:1", "", "urn:kite:1"),
        ];
        for (base, reference, uri) in rows {
            assert_eq!(resolved(base, reference), uri, "{base} {reference}");
        }
    }
}
