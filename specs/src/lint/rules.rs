//! The table of rules: what each says, how to mend what breaks it, and a document of either kind.
//!
//! The words are data (`rules.yaml`), read when somebody asks for an explanation; a test holds the table to what the
//! code says and to its own examples.

use std::{fmt, sync::OnceLock};

use serde_json::Value;

use crate::{document, nearest::nearest};

/// A rule about documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: String,
    /// What holds where nothing breaks it; a lower-case fragment.
    pub says: String,
    /// How to mend what breaks it; a lower-case fragment.
    pub fix: String,
    /// The name of the files that the examples are.
    pub file: String,
    /// Path and text of the files beside it.
    pub beside: Vec<(String, String)>,
    /// A document that breaks it, without what goes without saying; empty, where none is known that does.
    pub bad: String,
    /// One that does not.
    pub good: String,
}

/// All rules, sorted by what they are about.
pub fn rules() -> &'static [Rule] {
    static RULES: OnceLock<Vec<Rule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let (_, value, _) = document::parse("rules.yaml".to_owned(), String::new(), include_str!("rules.yaml"));
        value.as_ref().and_then(Value::as_object).into_iter().flatten().map(|(id, rule)| read(id, rule)).collect()
    })
}

/// The rule of that name.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

/// The name of a rule that is written nearly so.
#[must_use]
pub fn nearest_rule(id: &str) -> Option<&'static str> {
    nearest(id, rules().iter().map(|rule| rule.id.as_str()))
}

fn read(id: &str, rule: &Value) -> Rule {
    let text = |name: &str| rule.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let file = Some(text("file")).filter(|file| !file.is_empty()).unwrap_or_else(|| "a.yaml".to_owned());
    let beside = rule.get("beside").and_then(Value::as_object).into_iter().flatten();
    let beside = beside.filter_map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned()))).collect();
    Rule { beside, id: id.to_owned(), says: text("says"), fix: text("fix"), file, bad: text("bad"), good: text("good") }
}

impl Rule {
    /// An example as a whole document.
    #[must_use]
    pub fn whole(example: &str) -> String {
        let is_whole = ["openapi", "swagger", "overlay", "info"].iter().any(|name| example.contains(name));
        let opening = if is_whole { "" } else { "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n" };
        format!("{opening}{example}\n")
    }
}

/// As a person reads it on a terminal.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\nhelp: {}", self.id, self.says, self.fix)?;
        for (what, example) in [("breaks it", &self.bad), ("does not", &self.good)].into_iter().filter(|(_, example)| !example.is_empty()) {
            writeln!(f, "\n{what}:")?;
            example.lines().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        Ok(())
    }
}
