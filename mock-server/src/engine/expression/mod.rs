//! Expressions of `x-mock`, compiled at load.
//!
//! The language is minijinja's. Every expression is compiled by it, so that it alone says what is valid; what is simple
//! enough, and that is nearly everything, is then evaluated by [`native`] over the values as they are, because an
//! interpreter that is given converted copies of request and row costs more than the rest of a write.

mod names;
mod native;
mod parse;

use std::sync::LazyLock;

use minijinja::{Environment, Expression as Interpreted, UndefinedBehavior};
use serde_json::{Map, Value};
use specs::{
    Problem, Severity,
    api::{Expression, Setter},
};

use super::{filter, held::Held, scope::Scope, text};
use native::Found;
pub(super) use native::is_true;
use parse::Node;

/// The functions that come with the scope.
const MINTERS: [&str; 2] = ["mint", "uuid"];

/// How many steps an interpreted expression may take.
const FUEL: u64 = 50_000;

/// A compiled [`Setter`].
#[derive(Debug)]
pub(super) enum Maker {
    Literal(Value),
    Program(Program),
    Each { each: Program, set: Vec<(String, Maker)> },
    Object(Vec<(String, Maker)>),
}

/// A compiled [`Expression`].
#[derive(Debug)]
pub(super) struct Program {
    source: String,
    /// The expression without interpreter, where that can be.
    node: Option<Node>,
    interpreted: Box<Interpreted<'static, 'static>>,
    /// The names of the scope that the interpreter has to be given.
    roots: Vec<&'static str>,
}

/// Compiles what documents say; collects what cannot be compiled.
pub(super) struct Compiler<'a> {
    pub(super) file: &'a str,
    pub(super) problems: &'a mut Vec<Problem>,
}

impl Compiler<'_> {
    /// Properties with the way to make each.
    pub(super) fn makers(&mut self, setters: &[(String, Setter)]) -> Vec<(String, Maker)> {
        setters.iter().filter_map(|(name, setter)| Some((name.clone(), self.maker(setter)?))).collect()
    }

    fn maker(&mut self, setter: &Setter) -> Option<Maker> {
        Some(match setter {
            Setter::Literal(value) => Maker::Literal(value.clone()),
            Setter::Expression(expression) => Maker::Program(self.program(expression)?),
            Setter::Each { each, set } => Maker::Each { each: self.program(each)?, set: self.makers(set) },
            Setter::Object(set) => Maker::Object(self.makers(set)),
        })
    }

    /// One expression; `None`, with a problem, when it is not one.
    pub(super) fn program(&mut self, expression: &Expression) -> Option<Program> {
        let compiled = ENVIRONMENT.compile_expression_owned(expression.source.clone());
        let wrong = match &compiled {
            Ok(_) => names::unknown(&ENVIRONMENT, &expression.source, &MINTERS),
            Err(error) => Some(error.detail().unwrap_or("it cannot be parsed").to_owned()),
        };
        if let Some(wrong) = wrong {
            self.problems.push(Problem {
                rule: "expression",
                severity: Severity::Error,
                file: self.file.to_owned(),
                line: 0,
                column: 0,
                pointer: expression.pointer.clone(),
                message: format!("`{}` is not an expression: {wrong}", expression.source),
                help: "write it in the expression language of minijinja, as `request.body.title or none`".to_owned(),
            });
        }
        let interpreted = Box::new(compiled.ok()?);
        let source = expression.source.clone();
        Some(Program { node: parse::parse(&source), roots: roots(&source), source, interpreted })
    }
}

/// Where a value may come from, as far as that is known before it is made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Leaf<'p> {
    /// From the document.
    Literal(&'p Value),
    /// From the request's body, at the end of these names.
    Body(&'p [String]),
    /// From the caller, at the end of these names.
    Caller(&'p [String]),
    /// The time of the request.
    Now,
    /// Some text.
    Text,
    /// From anywhere.
    Other,
}

impl Maker {
    /// All that the value may come from; `None` where that is not known.
    pub(super) fn leaves(&self) -> Option<Vec<Leaf<'_>>> {
        match self {
            Self::Literal(value) => Some(vec![Leaf::Literal(value)]),
            Self::Program(program) => program.node.as_ref().map(Node::leaves),
            Self::Each { .. } | Self::Object(_) => None,
        }
    }

    /// The value, or `None` when the property is to be left out.
    pub(super) fn make<'a>(&'a self, scope: &Scope<'a, '_>) -> Result<Found<'a>, String> {
        match self {
            Self::Literal(value) => Ok(Some(Held::Borrowed(value))),
            Self::Program(program) => program.run(scope),
            Self::Object(set) => object(set, scope).map(|made| Some(Held::from(made))),
            Self::Each { each, set } => {
                let Some(given) = each.run(scope)? else { return Ok(None) };
                let elements = match &*given {
                    Value::Null => return Ok(Some(Held::from(Value::Null))),
                    Value::Array(elements) => elements.as_slice(),
                    one => std::slice::from_ref(one),
                };
                let made: Result<_, String> = elements.iter().map(|element| element_of(set, scope, element)).collect();
                made.map(|made| Some(Held::from(Value::Array(made))))
            }
        }
    }
}

fn element_of(set: &[(String, Maker)], scope: &Scope<'_, '_>, element: &Value) -> Result<Value, String> {
    let inner = scope.with_item(element);
    match set {
        [(name, maker)] if name.is_empty() => Ok(maker.make(&inner)?.map(Held::into_owned).unwrap_or_default()),
        _ => object(set, &inner),
    }
}

fn object(set: &[(String, Maker)], scope: &Scope<'_, '_>) -> Result<Value, String> {
    let mut object = Map::new();
    for (name, maker) in set {
        if let Some(value) = maker.make(scope)? {
            object.insert(name.clone(), value.into_owned());
        }
    }
    Ok(Value::Object(object))
}

impl Program {
    /// The value, or `None` when it is undefined.
    #[inline]
    pub(super) fn run<'a>(&'a self, scope: &Scope<'a, '_>) -> Result<Found<'a>, String> {
        if let Some(node) = &self.node
            && let Ok(found) = node.value(scope)
        {
            return Ok(found);
        }
        self.interpret(scope).map(|found| found.map(Held::from))
    }

    fn interpret(&self, scope: &Scope<'_, '_>) -> Result<Option<Value>, String> {
        let source = &self.source;
        let seen = self.roots.iter().filter_map(|root| Some((*root, scope.interpreted(root)?)));
        let value = self.interpreted.eval(minijinja::Value::from_pairs(seen)).map_err(|error| format!("`{source}` failed: {error}"))?;
        if value.is_undefined() {
            return Ok(None);
        }
        serde_json::to_value(&value).map(Some).map_err(|error| format!("`{source}` gives no JSON: {error}"))
    }
}

/// The language: minijinja's, with four pure functions of ours. `mint` and `uuid` come with the scope.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment.add_function("html", |text: &str| text::to_html(text));
    environment.add_function("text", |html: &str| text::from_html(html));
    environment.add_function("seconds", |text: minijinja::Value| text.as_str().and_then(filter::moment).map(|moment| moment.timestamp()));
    environment.add_function("size", |value: minijinja::Value| value.as_str().map(str::len).or_else(|| value.len()).unwrap_or_default());
    environment
});

/// The names of the scope that stand in an expression. Found in the text, because the compiler's own list leaves out
/// what stands in a slice; a name too many, from within a literal, costs a conversion and changes nothing.
fn roots(source: &str) -> Vec<&'static str> {
    let words: Vec<&str> = source.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').collect();
    super::scope::ROOTS.into_iter().chain(MINTERS).filter(|root| words.contains(root)).collect()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use serde_json::json;

    use super::{
        super::{
            fields::Fields,
            scope::{Exchanged, Input},
        },
        *,
    };

    const NATIVE: [&str; 27] = [
        "request.body.title",
        "request.body.title or none",
        "request.body.nothing or 'x'",
        "request.body.empty or request.body.title or 'x'",
        "request.body.deep.er",
        "request.nothing.at.all",
        "'a' ~ request.body.title ~ row.id ~ 7",
        "now if row.pinned else none",
        "now if row.loose else none",
        "caller.name if row.owner == caller.id else none",
        "caller.name if row.owner != caller.id",
        "request.body.title if request.body.title is defined else old.title",
        "request.body.nothing if request.body.nothing is defined else old.title",
        "(none if request.body.null is none else text(request.body.rich)) if request.body.rich is defined else old.title",
        "'<b>' ~ html(request.body.title) ~ '</b>' if request.body.title is defined and request.body.title is not none else none",
        "not request.body.title",
        "not (request.body.title and row.id)",
        "request.body.title and row.id",
        "item.name or item.nothing",
        "'it' in request.body.title",
        "1 == row.count",
        "row.count == 3 or row.count == 4",
        "false",
        "request.body.nothing or []",
        "\"double\"",
        "row",
        "row.id if row.pinned and not row.loose else 'other' if row.loose else 'third'",
    ];

    fn both(source: &str, check: impl Fn(&Program, &Scope<'_, '_>)) {
        let body = json!({"title": "A title & more", "empty": "", "null": null, "rich": "<p>r</p>", "deep": {"er": [1]}});
        let input = Input { body: Some(body), ..Input::default() };
        let caller = json!({"id": "u1", "name": "Ute"});
        let row = json!({"id": "r1", "pinned": true, "loose": false, "owner": "u1", "count": 3});
        let old = json!({"title": "before"});
        let item = json!({"name": "n"});
        let (shared, draws) = (Exchanged::new(&input, &caller, chrono::DateTime::UNIX_EPOCH, 1), Cell::new(0));
        let scope = Scope {
            row: Some(&Fields::of(row.as_object().unwrap())),
            old: Some(&Fields::of(old.as_object().unwrap())),
            item: Some(&item),
            ..Scope::new(&shared, &draws)
        };
        let mut problems = Vec::new();
        let expression = Expression { source: source.to_owned(), pointer: String::new() };
        let program = Compiler { file: "f", problems: &mut problems }.program(&expression).unwrap();
        check(&program, &scope);
    }

    #[test]
    fn what_needs_no_interpreter_gives_what_the_interpreter_gives() {
        for source in NATIVE {
            both(source, |program, scope| {
                let native = program.node.as_ref().map(|node| node.value(scope).map(|found| found.map(Held::into_owned)));
                assert_eq!(native, Some(Ok(program.interpret(scope).unwrap())), "{source}");
            });
        }
    }

    #[test]
    fn the_rest_is_interpreted() {
        for (source, expected) in [
            ("(request.body.title|split(' '))[1:]|join('-')", json!("title-&-more")),
            ("size(request.body.deep.er) + 1", json!(2)),
            ("'x' ~ none", json!("xNone")),
            ("seconds('1970-01-02T00:00:01Z') - seconds(now)", json!(86_401)),
            ("seconds('soon') is none and seconds(none) is none", json!(true)),
            ("'a/é'|urlencode", json!("a/%C3%A9")),
            ("[row.id, caller.id]", json!(["r1", "u1"])),
        ] {
            both(source, |program, scope| assert_eq!(program.run(scope), Ok(Some(Held::Borrowed(&expected))), "{source}"));
        }
    }

    #[test]
    fn what_is_no_expression_is_a_problem() {
        let mut problems = Vec::new();
        let expression = Expression { source: "request.body or ~".to_owned(), pointer: "/x".to_owned() };
        assert!(Compiler { file: "f", problems: &mut problems }.program(&expression).is_none());
        assert_eq!(problems.first().map(|problem| (problem.rule, problem.pointer.as_str())), Some(("expression", "/x")));
    }
}
