//! What is taken in from another file is called what it is called there.

use std::collections::HashSet;

use serde_json::Value;

use super::Bundler;
use crate::pointer;

/// A name for what a pointer names in a file: that of the member, else that of the file, else that of its folder.
pub(super) fn of(path: &str, pointer: &str) -> String {
    let mut steps = path.rsplit('/');
    let stem = steps.next().and_then(|file| file.split('.').next()).unwrap_or_default();
    let folder = steps.next().filter(|step| *step != "..");
    let file = if matches!(stem, "index" | "_index" | "") { folder.unwrap_or(stem) } else { stem };
    let member = pointer::split_last(pointer).map(|(_, name)| name).filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit()));
    let name = member.unwrap_or_else(|| file.to_owned());
    let name: String =
        name.chars().map(|one| if one.is_ascii_alphanumeric() || matches!(one, '.' | '_' | '-') { one } else { '_' }).collect();
    if name.is_empty() { "Unnamed".to_owned() } else { name }
}

impl Bundler<'_, '_> {
    /// A place of the section that nothing has yet.
    pub(super) fn free(&mut self, section: &str, name: &str) -> String {
        let mut place = pointer::join(section, name);
        let mut number = 1;
        while self.taken.contains(&place) {
            number += 1;
            place = pointer::join(section, &format!("{name}_{number}"));
        }
        self.taken.insert(place.clone());
        place
    }
}

/// The places of a document's components.
pub(super) fn taken(root: &Value) -> HashSet<String> {
    let components = root.get("components").and_then(Value::as_object).into_iter().flatten();
    let sections = components.map(|(name, section)| (pointer::join("/components", name), section));
    let tops = root.as_object().into_iter().flatten().map(|(name, section)| (pointer::join("", name), section));
    let members = sections.chain(tops).flat_map(|(place, section)| {
        let names = section.as_object().into_iter().flat_map(|members| members.keys());
        names.map(move |name| pointer::join(&place, name)).collect::<Vec<_>>()
    });
    members.collect()
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn names_are_those_that_a_person_would_use() {
        let rows = [
            ("schemas/Kite.yaml", "", "Kite"),
            ("kite.schema.json", "", "kite"),
            ("schemas/kite/index.yaml", "", "kite"),
            ("all.yaml", "/components/schemas/Kite", "Kite"),
            ("all.yaml", "/definitions/a~1b c", "a_b_c"),
            ("list.yaml", "/0", "list"),
        ];
        for (path, pointer, name) in rows {
            assert_eq!(of(path, pointer), name, "{path} {pointer}");
        }
    }
}
