//! Evaluates what [`super::parse`] has parsed, over the values as they are, without converting any.

use serde_json::Value;

use super::{
    super::{held::Held, mint, scope::Scope, text},
    parse::{Function, Node, Test},
};

/// A value of the language: `None` is undefined.
pub(super) type Found<'a> = Option<Held<'a>>;

/// What only the interpreter can do, such as joining a list to text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond;

impl Node {
    pub(super) fn value<'a>(&'a self, scope: &Scope<'a, '_>) -> Result<Found<'a>, Beyond> {
        Ok(match self {
            Self::Literal(value) => Some(Held::Borrowed(value)),
            Self::Reference(reference) => scope.look_up(reference),
            Self::Mint { prefix, length } => Some(owned(mint::text(prefix, *length, &mut scope.randomness()))),
            Self::Uuid => Some(owned(mint::uuid(&mut scope.randomness()))),
            Self::Call(..) | Self::Concat(_) => {
                let mut text = String::new();
                self.append(scope, &mut text)?;
                Some(owned(text))
            }
            Self::Or(left, right) => match left.value(scope)? {
                found if is_true(found.as_deref()) => found,
                _ => right.value(scope)?,
            },
            Self::And(left, right) => match left.value(scope)? {
                found if is_true(found.as_deref()) => right.value(scope)?,
                found => found,
            },
            Self::Not(node) => Some(owned(!is_true(node.value(scope)?.as_deref()))),
            Self::Equal(left, right) => Some(owned(equal(left.value(scope)?.as_deref(), right.value(scope)?.as_deref())?)),
            Self::In(left, right) => Some(owned(contains(right.value(scope)?.as_deref(), left.value(scope)?.as_deref())?)),
            Self::Is(test, node) => {
                let found = node.value(scope)?;
                Some(owned(match test {
                    Test::Defined => found.is_some(),
                    Test::Undefined => found.is_none(),
                    Test::None => found.as_deref() == Some(&Value::Null),
                }))
            }
            Self::If { condition, then, otherwise } => match (is_true(condition.value(scope)?.as_deref()), otherwise) {
                (true, _) => then.value(scope)?,
                (false, Some(otherwise)) => otherwise.value(scope)?,
                (false, None) => None,
            },
        })
    }

    /// Appends the value as text.
    fn append(&self, scope: &Scope<'_, '_>, to: &mut String) -> Result<(), Beyond> {
        match self {
            Self::Concat(parts) => parts.iter().try_for_each(|part| part.append(scope, to)),
            Self::Call(function, argument) => match (function, argument.value(scope)?.as_deref()) {
                (Function::Html, Some(Value::String(given))) => {
                    text::push_html(given, to);
                    Ok(())
                }
                (Function::Text, Some(Value::String(given))) => {
                    to.push_str(&text::from_html(given));
                    Ok(())
                }
                _ => Err(Beyond),
            },
            other => push(to, other.value(scope)?.as_deref()),
        }
    }
}

fn owned<'s>(value: impl Into<Value>) -> Held<'s> {
    Held::from(value.into())
}

/// Truth as the language sees it.
pub(in super::super) fn is_true(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(bool)) => *bool,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
    }
}

fn equal(left: Option<&Value>, right: Option<&Value>) -> Result<bool, Beyond> {
    Ok(match (left, right) {
        (Some(Value::String(left)), Some(Value::String(right))) => left == right,
        (None, None) | (Some(Value::Null), Some(Value::Null)) => true,
        (Some(Value::Number(left)), Some(Value::Number(right))) if left.is_i64() && right.is_i64() => left == right,
        (Some(Value::String(_) | Value::Null), Some(Value::String(_) | Value::Null)) => false,
        _ => return Err(Beyond),
    })
}

fn contains(whole: Option<&Value>, part: Option<&Value>) -> Result<bool, Beyond> {
    match (whole, part) {
        (Some(Value::String(whole)), Some(Value::String(part))) => Ok(whole.contains(part.as_str())),
        _ => Err(Beyond),
    }
}

fn push(to: &mut String, value: Option<&Value>) -> Result<(), Beyond> {
    match value {
        Some(Value::String(text)) => to.push_str(text),
        Some(Value::Number(number)) if number.is_i64() || number.is_u64() => to.push_str(&number.to_string()),
        _ => return Err(Beyond),
    }
    Ok(())
}
