//! Expressions of `x-mock`, compiled at load.
//!
//! The language is minijinja's. What it cannot do cheaply is kept away from it: a plain reference (`request.body.x`),
//! a chain of them (`a or b`), a literal and a mint are compiled to a walk over the values, because they make most
//! of every document and run on every write.

use std::sync::LazyLock;

use minijinja::{Environment, Expression as Interpreted, UndefinedBehavior};
use serde_json::{Map, Value};
use specs::{
    Problem, Severity,
    api::{Expression, Setter},
};

use super::{mint, scope::Scope, text};

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
pub(super) enum Program {
    /// The first term that is true, else the last.
    Terms(Vec<Term>),
    Interpreted {
        source: String,
        expression: Box<Interpreted<'static, 'static>>,
        roots: Vec<&'static str>,
    },
}

/// A term that needs no interpreter.
#[derive(Debug, PartialEq)]
pub(super) enum Term {
    Reference(Vec<String>),
    Literal(Value),
    Mint { prefix: String, length: usize },
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
        if let Some(terms) = terms(&expression.source) {
            return Some(Program::Terms(terms));
        }
        match ENVIRONMENT.compile_expression_owned(expression.source.clone()) {
            Ok(compiled) => {
                let roots = roots(&expression.source);
                Some(Program::Interpreted { source: expression.source.clone(), expression: Box::new(compiled), roots })
            }
            Err(error) => {
                self.problems.push(Problem {
                    rule: "expression",
                    severity: Severity::Error,
                    file: self.file.to_owned(),
                    line: 0,
                    column: 0,
                    pointer: expression.pointer.clone(),
                    message: format!("`{}` is not an expression: {}", expression.source, error.detail().unwrap_or("it cannot be parsed")),
                    help: "write it in the expression language of minijinja, as `request.body.title or none`".to_owned(),
                });
                None
            }
        }
    }
}

impl Maker {
    /// The value, or `None` when the property is to be left out.
    pub(super) fn make(&self, scope: &Scope<'_>) -> Result<Option<Value>, String> {
        match self {
            Self::Literal(value) => Ok(Some(value.clone())),
            Self::Program(program) => program.run(scope),
            Self::Object(set) => object(set, scope).map(Some),
            Self::Each { each, set } => match each.run(scope)? {
                Some(Value::Array(elements)) => {
                    elements.iter().map(|element| element_of(set, scope, element)).collect::<Result<_, _>>().map(Some)
                }
                Some(Value::Null) => Ok(Some(Value::Null)),
                Some(one) => Ok(Some(Value::Array(vec![element_of(set, scope, &one)?]))),
                None => Ok(None),
            },
        }
    }
}

fn element_of(set: &[(String, Maker)], scope: &Scope<'_>, element: &Value) -> Result<Value, String> {
    let inner = scope.with_item(element);
    match set {
        [(name, maker)] if name.is_empty() => Ok(maker.make(&inner)?.unwrap_or(Value::Null)),
        _ => object(set, &inner),
    }
}

fn object(set: &[(String, Maker)], scope: &Scope<'_>) -> Result<Value, String> {
    let mut object = Map::new();
    for (name, maker) in set {
        if let Some(value) = maker.make(scope)? {
            object.insert(name.clone(), value);
        }
    }
    Ok(Value::Object(object))
}

impl Program {
    /// The value, or `None` when it is undefined.
    pub(super) fn run(&self, scope: &Scope<'_>) -> Result<Option<Value>, String> {
        match self {
            Self::Terms(terms) => {
                let mut last = None;
                for term in terms {
                    last = term.value(scope);
                    if last.as_ref().is_some_and(is_true) {
                        break;
                    }
                }
                Ok(last)
            }
            Self::Interpreted { source, expression, roots } => {
                let seen = roots.iter().filter_map(|root| Some((*root, scope.interpreted(root)?)));
                let context = minijinja::Value::from_pairs(seen);
                let value = expression.eval(context).map_err(|error| format!("`{source}` failed: {error}"))?;
                if value.is_undefined() {
                    return Ok(None);
                }
                serde_json::to_value(&value).map(Some).map_err(|error| format!("`{source}` gives no JSON: {error}"))
            }
        }
    }
}

impl Term {
    fn value(&self, scope: &Scope<'_>) -> Option<Value> {
        match self {
            Self::Reference(path) => scope.look_up(path),
            Self::Literal(value) => Some(value.clone()),
            Self::Mint { prefix, length } => Some(Value::String(mint::text(prefix, *length, &mut scope.randomness()))),
        }
    }
}

/// Truth as the expression language sees it.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(bool) => *bool,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

/// The language: minijinja's, with three pure functions of ours. `mint` comes with the scope.
static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment.add_function("html", |text: &str| text::to_html(text));
    environment.add_function("text", |html: &str| text::from_html(html));
    environment.add_function("size", |value: minijinja::Value| value.as_str().map(str::len).or_else(|| value.len()).unwrap_or_default());
    environment
});

/// The names of the scope that stand in an expression. Found in the text, because the compiler's own list leaves out
/// what stands in a slice; a name too many, from within a literal, costs a conversion and changes nothing.
fn roots(source: &str) -> Vec<&'static str> {
    let words: Vec<&str> = source.split(|character: char| !character.is_ascii_alphanumeric() && character != '_').collect();
    super::scope::ROOTS.into_iter().chain(["mint"]).filter(|root| words.contains(root)).collect()
}

/// The expression as terms joined by `or`, if it is no more than that.
fn terms(source: &str) -> Option<Vec<Term>> {
    source.split(" or ").map(|term| parse_term(term.trim())).collect()
}

fn parse_term(source: &str) -> Option<Term> {
    match source {
        "none" | "None" => return Some(Term::Literal(Value::Null)),
        "true" | "True" => return Some(Term::Literal(Value::Bool(true))),
        "false" | "False" => return Some(Term::Literal(Value::Bool(false))),
        _ => {}
    }
    if let Some(arguments) = source.strip_prefix("mint(").and_then(|rest| rest.strip_suffix(')')) {
        let (prefix, length) = arguments.rsplit_once(',')?;
        return Some(Term::Mint {
            prefix: quoted(prefix.trim())?,
            length: length.trim().parse().ok().filter(|length| *length <= mint::LONGEST)?,
        });
    }
    if let Some(text) = quoted(source) {
        return Some(Term::Literal(Value::String(text)));
    }
    if let Ok(number) = source.parse::<i64>() {
        return Some(Term::Literal(number.into()));
    }
    let path: Vec<String> = source.split('.').map(str::to_owned).collect();
    let named = path.first().is_some_and(|root| super::scope::ROOTS.contains(&root.as_str()));
    (named && path.iter().all(|name| is_name(name))).then_some(Term::Reference(path))
}

fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn quoted(source: &str) -> Option<String> {
    let quote = source.chars().next().filter(|first| matches!(first, '\'' | '"'))?;
    let inner = source.get(1..)?.strip_suffix(quote)?;
    (!inner.contains(['\\', '\'', '"'])).then(|| inner.to_owned())
}
