//! The part of the expression language that needs no interpreter, parsed: references, literals, the three pure
//! functions, `mint`, `uuid`, `or`, `and`, `not`, `==`, `!=`, `in`, `~`, `is defined`, `is none` and the conditional.
//!
//! Nothing here extends the language: what this parser does not know, filters and slices for example, is left to the
//! interpreter, and a test holds both against each other.

use serde_json::Value;

use super::{
    super::{mint, scope::Reference},
    Leaf,
};

/// An expression without interpreter.
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    Literal(Value),
    Reference(Reference),
    Mint { prefix: String, length: usize },
    Uuid,
    Call(Function, Box<Node>),
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Equal(Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Concat(Vec<Node>),
    Is(Test, Box<Node>),
    If { condition: Box<Node>, then: Box<Node>, otherwise: Option<Box<Node>> },
}

impl Node {
    /// All that the value may come from. Where a native function gives up, the interpreter gives a value of the same kind.
    pub(super) fn leaves(&self) -> Vec<Leaf<'_>> {
        match self {
            Self::Literal(value) => vec![Leaf::Literal(value)],
            Self::Reference(reference) => vec![reference.leaf()],
            Self::Or(left, right) | Self::And(left, right) => [left.leaves(), right.leaves()].concat(),
            Self::If { then, otherwise, .. } => [then.leaves(), otherwise.as_deref().map(Self::leaves).unwrap_or_default()].concat(),
            Self::Mint { .. } | Self::Uuid | Self::Call(..) | Self::Concat(_) => vec![Leaf::Text],
            Self::Not(_) | Self::Equal(..) | Self::In(..) | Self::Is(..) => vec![Leaf::Other],
        }
    }
}

/// A pure function of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Html,
    Text,
}

/// What `is` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Defined,
    Undefined,
    None,
}

/// The expression, if it is within this part of the language.
pub(super) fn parse(source: &str) -> Option<Node> {
    let mut parser = Parser { tokens: tokens(source)?, at: 0, depth: 0 };
    let node = parser.conditional()?;
    (parser.at == parser.tokens.len()).then_some(node)
}

/// How deep parentheses may nest.
const DEEPEST: usize = 32;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(i64),
    Sign(&'static str),
}

fn tokens(source: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = if first.is_ascii_alphabetic() || first == '_' {
            let length = rest.find(|character: char| !character.is_ascii_alphanumeric() && character != '_').unwrap_or(rest.len());
            (Token::Name(rest[..length].to_owned()), length)
        } else if first.is_ascii_digit() {
            let length = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
            (Token::Number(rest[..length].parse().ok()?), length)
        } else if matches!(first, '\'' | '"') {
            let end = rest[1..].find(first)?;
            let text = &rest[1..=end];
            if text.contains('\\') {
                return None;
            }
            (Token::Text(text.to_owned()), end + 2)
        } else {
            let sign = ["==", "!=", "(", ")", "[", "]", ".", ",", "~"].into_iter().find(|sign| rest.starts_with(sign))?;
            (Token::Sign(sign), sign.len())
        };
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn conditional(&mut self) -> Option<Node> {
        let then = self.or()?;
        if !self.takes_word("if") {
            return Some(then);
        }
        let condition = self.or()?;
        let otherwise = if self.takes_word("else") { Some(Box::new(self.conditional()?)) } else { None };
        Some(Node::If { condition: Box::new(condition), then: Box::new(then), otherwise })
    }

    fn or(&mut self) -> Option<Node> {
        let mut node = self.and()?;
        while self.takes_word("or") {
            node = Node::Or(Box::new(node), Box::new(self.and()?));
        }
        Some(node)
    }

    fn and(&mut self) -> Option<Node> {
        let mut node = self.not()?;
        while self.takes_word("and") {
            node = Node::And(Box::new(node), Box::new(self.not()?));
        }
        Some(node)
    }

    fn not(&mut self) -> Option<Node> {
        if self.takes_word("not") {
            return Some(Node::Not(Box::new(self.not()?)));
        }
        self.comparison()
    }

    /// One comparison; a chain of them is left to the interpreter.
    fn comparison(&mut self) -> Option<Node> {
        let left = self.concat()?;
        if self.takes_sign("==") {
            return Some(Node::Equal(Box::new(left), Box::new(self.concat()?)));
        }
        if self.takes_sign("!=") {
            return Some(Node::Not(Box::new(Node::Equal(Box::new(left), Box::new(self.concat()?)))));
        }
        if self.takes_word("in") {
            return Some(Node::In(Box::new(left), Box::new(self.concat()?)));
        }
        Some(left)
    }

    fn concat(&mut self) -> Option<Node> {
        let first = self.tested()?;
        let mut parts = Vec::new();
        while self.takes_sign("~") {
            parts.push(self.tested()?);
        }
        if parts.is_empty() {
            return Some(first);
        }
        parts.insert(0, first);
        Some(Node::Concat(parts))
    }

    fn tested(&mut self) -> Option<Node> {
        let node = self.primary()?;
        if !self.takes_word("is") {
            return Some(node);
        }
        let negated = self.takes_word("not");
        let Some(Token::Name(name)) = self.next() else { return None };
        let test = match name.as_str() {
            "defined" => Test::Defined,
            "undefined" => Test::Undefined,
            "none" => Test::None,
            _ => return None,
        };
        let node = Node::Is(test, Box::new(node));
        Some(if negated { Node::Not(Box::new(node)) } else { node })
    }

    fn primary(&mut self) -> Option<Node> {
        match self.next()? {
            Token::Text(text) => Some(Node::Literal(Value::String(text))),
            Token::Number(number) => Some(Node::Literal(number.into())),
            Token::Sign("(") => {
                self.depth += 1;
                let node = if self.depth > DEEPEST { None } else { self.conditional() }?;
                self.depth -= 1;
                self.takes_sign(")").then_some(node)
            }
            // The empty list; others, and subscripts, are the interpreter's.
            Token::Sign("[") => self.takes_sign("]").then(|| Node::Literal(Value::Array(Vec::new()))),
            Token::Name(name) => self.named(&name),
            Token::Sign(_) => None,
        }
    }

    fn named(&mut self, name: &str) -> Option<Node> {
        match name {
            "none" | "None" => return Some(Node::Literal(Value::Null)),
            "true" | "True" => return Some(Node::Literal(Value::Bool(true))),
            "false" | "False" => return Some(Node::Literal(Value::Bool(false))),
            "mint" => return self.mint(),
            "uuid" => return (self.takes_sign("(") && self.takes_sign(")")).then_some(Node::Uuid),
            "html" => return self.call(Function::Html),
            "text" => return self.call(Function::Text),
            _ => {}
        }
        let mut path = Vec::new();
        while self.takes_sign(".") {
            let Token::Name(name) = self.next()? else { return None };
            path.push(name);
        }
        // A call of a method is the interpreter's.
        if self.tokens.get(self.at) == Some(&Token::Sign("(")) { None } else { Reference::new(name, path).map(Node::Reference) }
    }

    fn mint(&mut self) -> Option<Node> {
        let opened = self.takes_sign("(");
        let Token::Text(prefix) = self.next()? else { return None };
        let separated = self.takes_sign(",");
        let Token::Number(length) = self.next()? else { return None };
        let length = usize::try_from(length).ok().filter(|length| *length <= mint::LONGEST)?;
        (opened && separated && self.takes_sign(")")).then_some(Node::Mint { prefix, length })
    }

    fn call(&mut self, function: Function) -> Option<Node> {
        let opened = self.takes_sign("(");
        let argument = self.conditional()?;
        (opened && self.takes_sign(")")).then(|| Node::Call(function, Box::new(argument)))
    }

    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Name(name)) if name == word);
        self.at += usize::from(is);
        is
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Sign(known)) if *known == sign);
        self.at += usize::from(is);
        is
    }
}
