//! A script's text becomes promises, or problems with line and fix. What can be known without a server is a problem
//! here: keys, matchers and schemes that nothing is called, names that no value has, promises of one name.

mod expected;
mod step;

use std::borrow::Cow;

use heck::ToSnakeCase;
use serde_json::Value;
use specs::{Document, Problem, Severity, Source, api::Api, nearest, pointer};

use super::{
    Promise, Script,
    kept::{self, Kept},
};

/// Most bytes of a text that is written as a repetition.
const LONGEST: usize = 16 << 20;

/// Reads a script about a server of this document.
pub(super) fn script(source: &Source, api: &Api) -> Result<Script, Vec<Problem>> {
    let (document, mut problems) = Document::read(source);
    problems.retain(|problem| problem.severity == Severity::Error);
    let Some(document) = document.filter(|_| problems.is_empty()) else { return Err(problems) };
    let mut reader = Reader { document: &document, api, problems, names: Vec::new(), headers: Vec::new() };
    let script = reader.script();
    if reader.problems.is_empty() { Ok(script) } else { Err(reader.problems) }
}

struct Reader<'d> {
    document: &'d Document,
    api: &'d Api,
    problems: Vec<Problem>,
    /// Names that have values at this point of a conversation.
    names: Vec<String>,
    /// What every step sends.
    headers: Vec<(String, Vec<String>)>,
}

/// A value with its place.
#[derive(Clone)]
struct At<'v> {
    value: &'v Value,
    pointer: String,
}

impl<'v> At<'v> {
    fn member(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| At { value, pointer: pointer::join(&self.pointer, key) })
    }

    fn members(&self) -> impl Iterator<Item = (&'v str, Self)> + use<'v> {
        let place = self.pointer.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| (key.as_str(), At { value, pointer: pointer::join(&place, key) }))
    }

    fn elements(&self) -> Vec<Self> {
        let elements = self.value.as_array().into_iter().flatten().enumerate();
        elements.map(|(position, value)| At { value, pointer: pointer::index(&self.pointer, position) }).collect()
    }
}

impl Reader<'_> {
    fn script(&mut self) -> Script {
        let document = self.document;
        let top = At { value: &document.value, pointer: String::new() };
        self.keys(&top, &["page", "problems", "degraded", "with", "headers", "promises"]);
        let mut with = Kept::default();
        for (name, at) in top.member("with").iter().flat_map(At::members) {
            self.name(name, &at);
            with.put(name, self.given(&at));
        }
        let known: Vec<String> = with.names().map(str::to_owned).collect();
        self.names.clone_from(&known);
        self.headers = top.member("headers").map_or_else(Vec::new, |at| self.headers(&at));
        let mut promises: Vec<Promise> = Vec::new();
        for at in top.member("promises").iter().flat_map(At::elements) {
            self.names.clone_from(&known);
            if let Some(promise) = self.promise(&at) {
                if promises.iter().any(|other| other.name == promise.name) {
                    self.problem("script-name", &at, &format!("another promise is called `{}`", promise.name), "say what is promised here");
                }
                promises.push(promise);
            }
        }
        if promises.is_empty() && self.problems.is_empty() {
            self.problem("script-value", &top, "nothing is promised", "write promises under `promises`");
        }
        let page = top.member("page").and_then(|at| self.text(&at)).map(str::to_owned);
        let (problems, degraded) = (self.names_at(&top, "problems"), self.names_at(&top, "degraded"));
        Script { page, problems, degraded, promises, file: self.document.file.clone(), with }
    }

    /// The texts of a list.
    fn names_at(&mut self, at: &At<'_>, key: &str) -> Vec<String> {
        let elements = at.member(key).map(|at| at.elements()).unwrap_or_default();
        elements.iter().filter_map(|at| self.text(at).map(str::to_owned)).collect()
    }

    fn promise(&mut self, at: &At<'_>) -> Option<Promise> {
        self.keys(at, &["promise", "steps"]);
        let sentence = self.needed(at, "promise").and_then(|at| self.text(&at)).unwrap_or_default().to_owned();
        let steps: Vec<_> = self.needed(at, "steps").iter().flat_map(At::elements).filter_map(|at| self.step(&at)).collect();
        if steps.is_empty() && self.problems.is_empty() {
            self.problem("script-value", at, "the promise has no step", "write `steps: [{send: …, gets: …}]`");
        }
        let name = slug(&sentence);
        (!name.is_empty()).then_some(Promise { sentence, name, steps })
    }

    /// A name that a value gets.
    fn name(&mut self, name: &str, at: &At<'_>) {
        if kept::is_name(name) {
            self.names.push(name.to_owned());
        } else {
            let help = "write small letters, digits, `_` and `-`, a letter first";
            self.problem("script-name", at, &format!("texts cannot name `{name}`"), help);
        }
    }

    /// A value from the start; a long text may be written as `{repeat: text, times: n}`.
    fn given(&mut self, at: &At<'_>) -> Value {
        if !at.value.is_object() {
            return at.value.clone();
        }
        self.keys(at, &["repeat", "times"]);
        let text = self.needed(at, "repeat").and_then(|at| self.text(&at)).unwrap_or_default();
        let times = self.needed(at, "times");
        let count = times.as_ref().and_then(|at| at.value.as_u64()).and_then(|count| usize::try_from(count).ok());
        if let Some(at) = times.filter(|_| count.is_none_or(|count| count.saturating_mul(text.len()) > LONGEST)) {
            self.problem("script-value", &at, "this is no number of times", &format!("write how often, for at most {LONGEST} bytes"));
            return Value::Null;
        }
        text.repeat(count.unwrap_or_default()).into()
    }

    /// Names in texts have to have values.
    fn uses(&mut self, at: &At<'_>) {
        match at.value {
            Value::String(text) => kept::names(text).for_each(|name| self.known(name, at)),
            Value::Array(_) => at.elements().iter().for_each(|at| self.uses(at)),
            Value::Object(_) => at.members().for_each(|(_, at)| self.uses(&at)),
            _ => {}
        }
    }

    fn known(&mut self, name: &str, at: &At<'_>) {
        if self.names.iter().any(|known| known == name) {
            return;
        }
        let near = nearest(name, self.names.iter().map(String::as_str)).map(|near| format!("write `{{{near}}}`"));
        let help = near.unwrap_or_else(|| format!("keep it in a step before, or write `{{{{{name}}}}}` for the text itself"));
        self.problem("script-name", at, &format!("nothing is kept as `{name}`"), &help);
    }

    /// An object that has these keys and no others.
    fn keys(&mut self, at: &At<'_>, known: &[&str]) {
        if !at.value.is_object() {
            self.problem("script-value", at, "this is no object", &format!("write an object with `{}`", known.join("`, `")));
        }
        for (key, at) in at.members().filter(|(key, _)| !known.contains(key)) {
            self.unknown("script-key", key, &at, known);
        }
    }

    fn unknown(&mut self, rule: &'static str, name: &str, at: &At<'_>, known: &[&str]) {
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => Cow::from(format!("write `{near}`")),
            None => Cow::from(format!("write one of `{}`", known.join("`, `"))),
        };
        self.problem(rule, at, &format!("nothing is called `{name}` here"), &help);
    }

    fn needed<'v>(&mut self, at: &At<'v>, key: &str) -> Option<At<'v>> {
        let member = at.member(key);
        if member.is_none() {
            self.problem("script-key", at, &format!("`{key}` is missing"), &format!("write `{key}: …`"));
        }
        member
    }

    fn text<'v>(&mut self, at: &At<'v>) -> Option<&'v str> {
        let text = at.value.as_str();
        if text.is_none() {
            self.problem("script-value", at, "this is no text", "write a text, in quotes if need be");
        }
        text
    }

    fn problem(&mut self, rule: &'static str, at: &At<'_>, message: &str, help: &str) {
        self.problems.push(self.document.problem(Severity::Error, rule, &at.pointer, message, help));
    }

    fn line(&self, at: &At<'_>) -> usize {
        self.document.locate(&at.pointer).0
    }
}

/// A sentence as the name of a test: `the page's limit is 3` is `the_pages_limit_is_3`.
fn slug(sentence: &str) -> String {
    let is_kept = |character: &char| !matches!(character, '\'' | '’' | '`');
    let ascii = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { ' ' };
    sentence.chars().filter(is_kept).map(ascii).collect::<String>().to_snake_case()
}
