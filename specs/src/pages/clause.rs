//! What sentences say of parameters and properties, clause by clause: `` `a` is required and `b` is at most 10 ``.
//!
//! A clause begins with its subject and ends where another subject has a verb of its own. What restricts a member and is
//! not understood makes its sentence unread; a condition (`required when`) is such a restriction.

use http::Method;

use super::{
    Basis, Claim, Payload, Place, Request, Side, Signature, Statement, Step, Type,
    draft::{property, steps},
    sentence,
    statements::Paragraph,
    type_words,
    words::Word,
};
use crate::api::Location;

/// Words that say what kind of thing a name is.
pub(super) const NOUNS: [&str; 11] =
    ["parameter", "parameters", "field", "fields", "property", "properties", "attribute", "attributes", "header", "argument", "key"];
/// Verbs that make a name a subject.
const VERBS: [&str; 16] = [
    "is", "are", "must", "can", "may", "cannot", "should", "defaults", "default", "accepts", "accept", "takes", "take", "has", "needs",
    "expects",
];
/// Verbs that tell what is there, and not what is asked for.
const DESCRIBING: [&str; 6] = ["is", "are", "can", "may", "has", "was"];
/// Words that stand where a name could, and are none.
const ORDINARY: [&str; 26] = [
    "following",
    "required",
    "optional",
    "same",
    "response",
    "request",
    "query",
    "path",
    "header",
    "first",
    "last",
    "each",
    "this",
    "that",
    "custom",
    "new",
    "other",
    "only",
    "above",
    "below",
    "next",
    "every",
    "any",
    "one",
    "json",
    "url",
];

/// A part of a sentence with what it is about.
struct Clause {
    /// Where it begins among the words.
    start: usize,
    /// The position of its last subject.
    subject: usize,
    places: Vec<Place>,
    /// Names that it mentions beside its subjects.
    mentioned: Vec<String>,
}

impl Paragraph<'_> {
    /// `The title field is required`, `limit must be at most 100`; whether something was left that restricts a member.
    pub(super) fn members(&mut self, words: &[Word]) -> bool {
        let mut clauses = self.clauses(words);
        let carried = words.first().is_some_and(|first| {
            first.is(&["defaults", "default", "must", "it", "they", "maximum", "minimum", "max", "one", "either", "cannot", "may", "can"])
        });
        if clauses.is_empty() && carried {
            let places = self.subject.clone().into_iter().collect::<Vec<_>>();
            clauses.extend((!places.is_empty()).then(|| Clause { start: 0, subject: 0, places, mentioned: Vec::new() }));
        }
        let mut missed = false;
        for (at, clause) in clauses.iter().enumerate() {
            let start = if at == 0 { 0 } else { clause.start };
            let end = clauses.get(at + 1).map_or(words.len(), |next| next.start);
            missed |= self.claims(&words[start..end], clause);
        }
        let last = clauses.pop().and_then(|mut clause| clause.places.pop());
        self.subject = last.or(self.subject.take());
        missed
    }

    fn clauses(&self, words: &[Word]) -> Vec<Clause> {
        let mut clauses: Vec<Clause> = Vec::new();
        for at in 0..words.len() {
            let Some(place) = self.named(words, at, clauses.is_empty()) else { continue };
            let led = leads(words, at);
            match clauses.last_mut() {
                Some(last) if last.places.contains(&place) => {}
                Some(last) if adjoin(words, last.subject, at) => {
                    last.places.push(place);
                    last.subject = at;
                }
                Some(last) if !led => last.mentioned.push(words[at].text.clone()),
                _ => clauses.push(Clause { start: at, subject: at, places: vec![place], mentioned: Vec::new() }),
            }
        }
        clauses
    }

    /// The place that the word at a position names, as the words around it let one believe.
    fn named(&self, words: &[Word], at: usize, first: bool) -> Option<Place> {
        let word = &words[at];
        let after = words.get(at + 1).filter(|next| next.is(&NOUNS));
        let before = || at.checked_sub(1).map(|at| &words[at]).filter(|before| before.is(&NOUNS) && word.quoted);
        let noun = after.or_else(before);
        let place = words.get(at + 1).filter(|next| next.is(&["query", "path", "header"])).or(noun);
        let opens = at == 0 || (at == 1 && words[0].is(&["the", "set", "pass"]));
        let leading = at == 0 || words[at - 1].is(&["the", "and", "but", "while", "a", "an"]) || words[at - 1].after.contains([',', ':']);
        let bare = leading && leads(words, at);
        if !(noun.is_some() || word.quoted || opens || bare) {
            return None;
        }
        let answers = words.iter().any(|word| word.is(&["response", "responses", "returned", "answer", "result"]));
        let describes = words.get(at + 1 + usize::from(after.is_some())).is_some_and(|verb| verb.is(&DESCRIBING));
        let prescribed = words.iter().any(|word| word.is(&["must", "required", "optional", "mandatory", "defaults", "default"]));
        let known = if answers { None } else { self.place(word, place) };
        let told = || if answers || (describes && !prescribed) { self.answered(&word.text) } else { None };
        known.or_else(told).or_else(|| {
            let stated = first && !answers && (after.is_some() || word.quoted) && leads(words, at);
            let spoken = word.quoted || (after.is_some_and(|noun| noun.is(&["parameter", "field", "property", "attribute"])) && leading);
            let stated = stated && spoken && prescribes(words) || (first && !answers && bare && is_specified(words, at));
            stated.then(|| self.conventional(&word.text)).flatten()
        })
    }

    /// States what a clause says of its subjects; whether it restricts them in words that are not read.
    fn claims(&mut self, words: &[Word], clause: &Clause) -> bool {
        let line = self.line(words.get(clause.subject - clause.start.min(clause.subject)));
        let kind = clause.places.first().and_then(|place| self.kind(place));
        let mut claims: Vec<Claim> = sentence::obligation(words).map(Claim::Required).into_iter().collect();
        let described = sentence::said(words, kind.as_ref());
        let listing = described.iter().any(|claim| matches!(claim, Claim::Enum(_)));
        let listed = |name: &String| {
            described.iter().any(|claim| matches!(claim, Claim::Enum(values) if values.iter().any(|value| value.as_str() == Some(name))))
        };
        let conditional = words.iter().any(|word| word.is(&["when", "if", "unless", "until", "while", "whenever"]));
        let other = !clause.mentioned.iter().all(listed);
        if !conditional && (!other || listing) {
            claims.extend(sentence::kind_said(words).into_iter().filter(|_| kind.is_none() || self.is_guessed(clause)));
            for claim in described {
                let typed = matches!(claim, Claim::Type(_)) && claims.iter().any(|known| matches!(known, Claim::Type(_)));
                if !typed {
                    claims.push(claim);
                }
            }
        }
        let named = words.iter().any(|word| word.is(&["required", "optional", "mandatory"]));
        let plain = usize::from(named && claims.iter().any(|claim| matches!(claim, Claim::Required(_))));
        let missed = sentence::restrictions(words) > claims.len() - plain;
        for place in &clause.places {
            if !claims.is_empty() && !self.is_stated(place) {
                self.draft.claim(line, Basis::Sentence, place, Claim::Exists);
            }
            self.draft.claims(line, Basis::Sentence, place, claims.iter().cloned());
        }
        missed
    }

    /// Whether no field of the page says which type the subjects of a clause have.
    fn is_guessed(&self, clause: &Clause) -> bool {
        clause.places.iter().all(|place| self.draft.kind(place).is_none())
    }

    /// Whether the page has this place already, in a field, a sentence or an example.
    fn is_stated(&self, place: &Place) -> bool {
        match place {
            Place::Parameter { name, .. } => self.draft.sent(name).is_some() || self.exemplified(name).is_some() || self.in_path(name),
            Place::Property { side: Side::Request, path } => match path.as_slice() {
                [Step::Property(name)] => self.draft.sent(name).is_some() || self.exemplified(name).is_some(),
                _ => true,
            },
            _ => true,
        }
    }

    fn in_path(&self, name: &str) -> bool {
        self.operation().is_some_and(|operation| operation.path.contains(&format!("{{{name}}}")))
    }

    /// The operation that the page is speaking of.
    fn operation(&self) -> Option<&Signature> {
        self.draft.current.and_then(|current| self.draft.operations.get(current))
    }

    /// The type of a place: what the page says, or else what its examples show.
    fn kind(&self, place: &Place) -> Option<Type> {
        let shown = || {
            let bodies = self.draft.bodies().filter(|fact| fact.operation == self.draft.current);
            bodies.filter_map(|fact| shown_value(&fact.statement, place)).find_map(|value| {
                Some(match value {
                    serde_json::Value::String(_) => Type::plain("string"),
                    serde_json::Value::Number(number) if number.is_f64() => Type::plain("number"),
                    serde_json::Value::Number(_) => Type::plain("integer"),
                    serde_json::Value::Array(_) => Type::plain("array"),
                    serde_json::Value::Bool(_) => Type::plain("boolean"),
                    _ => return None,
                })
            })
        };
        self.draft.kind(place).cloned().or_else(shown)
    }

    /// The place that a word names: one that the page has already, or with a noun one of the current operation.
    pub(super) fn place(&self, word: &Word, noun: Option<&Word>) -> Option<Place> {
        let name = word.text.as_str();
        if !type_words::is_name(name) || (NOUNS.contains(&word.lower.as_str()) && !word.quoted) {
            return None;
        }
        let noun = noun.map_or("", |noun| noun.lower.as_str());
        let parameter = |location| Some(Place::Parameter { location, name: name.to_owned() });
        match noun {
            "header" => return if name.eq_ignore_ascii_case("authorization") { None } else { parameter(Location::Header) },
            "query" => return parameter(Location::Query),
            "path" => return parameter(Location::Path),
            _ => {}
        }
        if self.in_path(name) {
            return parameter(Location::Path);
        }
        self.draft.sent(name).cloned().or_else(|| self.exemplified(name)).or_else(|| {
            let ordinary = word.quoted || name.contains('_') || name.chars().skip(1).any(char::is_uppercase);
            (!noun.is_empty() && ordinary && self.answered(name).is_none()).then(|| self.conventional(name)).flatten()
        })
    }

    /// The place that a name has in an example request of the current operation.
    fn exemplified(&self, name: &str) -> Option<Place> {
        self.draft.bodies().find_map(|fact| match &fact.statement {
            Statement::Request(request) if fact.operation == self.draft.current => in_request(request, name),
            Statement::Member { place: Place::Property { side: Side::Request, path }, claim: Claim::Example(body) }
                if path.is_empty() && fact.operation == self.draft.current =>
            {
                body.get(name).map(|_| property(Side::Request, steps(name)))
            }
            _ => None,
        })
    }

    /// The place that a name has in an example answer of the current operation.
    fn answered(&self, name: &str) -> Option<Place> {
        self.draft.bodies().find_map(|fact| match &fact.statement {
            Statement::Answer { status, body } if fact.operation == self.draft.current && status.is_none_or(|code| code < 400) => {
                let found = |value: &serde_json::Value| value.get(name).is_some();
                let path = if found(body) {
                    Some(vec![Step::Property(name.to_owned())])
                } else {
                    let wrapper = body.as_object().filter(|members| members.len() < 5)?;
                    let inner = wrapper.iter().find(|(_, value)| found(value))?;
                    Some(vec![Step::Property(inner.0.clone()), Step::Property(name.to_owned())])
                };
                path.map(|path| property(Side::Response(None), path))
            }
            _ => None,
        })
    }

    /// Where a name of the current operation is sent, when the page does not say: in the body of a method that has one.
    fn conventional(&self, name: &str) -> Option<Place> {
        let operation = self.operation().filter(|_| type_words::is_name(name) && !ORDINARY.contains(&name.to_lowercase().as_str()))?;
        let bodied = [Method::POST, Method::PUT, Method::PATCH].contains(&operation.method);
        let query = || Place::Parameter { location: Location::Query, name: name.to_owned() };
        Some(if bodied { property(Side::Request, steps(name)) } else { query() })
    }
}

fn in_request(request: &Request, name: &str) -> Option<Place> {
    if let Some(Payload::Json(body)) = &request.body
        && body.get(name).is_some()
    {
        return Some(property(Side::Request, steps(name)));
    }
    if let Some(Payload::Form(fields)) = &request.body
        && fields.iter().any(|(own, _)| own == name)
    {
        return Some(property(Side::Request, steps(name)));
    }
    let query = request.url.split_once('?')?.1;
    let named = query.split('&').any(|pair| pair.split('=').next() == Some(name));
    named.then(|| Place::Parameter { location: Location::Query, name: name.to_owned() })
}

/// What an example has at a place of its top level.
fn shown_value<'v>(statement: &'v Statement, place: &Place) -> Option<&'v serde_json::Value> {
    let Place::Property { side, path } = place else { return None };
    let [Step::Property(name)] = path.as_slice() else { return None };
    match (statement, side) {
        (Statement::Request(request), Side::Request) => match &request.body {
            Some(Payload::Json(body)) => body.get(name),
            _ => None,
        },
        (Statement::Member { place: Place::Property { side: Side::Request, path }, claim: Claim::Example(body) }, Side::Request)
            if path.is_empty() =>
        {
            body.get(name)
        }
        (Statement::Answer { body, .. }, Side::Response(_)) => body.get(name),
        _ => None,
    }
}

/// Whether a verb of its own follows a name, a noun in between allowed.
fn leads(words: &[Word], at: usize) -> bool {
    let next = at + 1 + usize::from(words.get(at + 1).is_some_and(|next| next.is(&NOUNS)));
    words[at].after.trim_matches(')').is_empty() && words.get(next).is_some_and(|verb| verb.is(&VERBS))
}

/// Whether nothing but `and` and its like stands between two names.
fn adjoin(words: &[Word], one: usize, other: usize) -> bool {
    let joints = ["and", "or", "the", "both", "field", "fields", "parameter"];
    words[one + 1..other].iter().all(|word| word.is(&joints)) && (other - one > 1 || words[one].after.contains(','))
}

/// Whether a sentence says what a member must be like.
fn prescribes(words: &[Word]) -> bool {
    let said = ["must", "required", "optional", "mandatory", "defaults", "default", "accepts", "takes", "maximum", "minimum", "cannot"];
    words.iter().any(|word| word.is(&said))
        || words
            .windows(2)
            .any(|pair| pair[0].is(&["at"]) && pair[1].is(&["most", "least"]) || pair[0].is(&["can", "may"]) && pair[1].is(&["be"]))
        || sentence::kind_said(words).is_some()
}

/// Whether a sentence gives a type or a limit to a word that is spelled as names are and no other words: with a capital or
/// an underscore inside, or in small letters where the sentence begins.
fn is_specified(words: &[Word], at: usize) -> bool {
    let name = &words[at].text;
    let other = ["it", "they", "this", "that", "these", "those", "you", "we", "there", "what", "which", "value", "values", "all", "each"];
    let inside = name.contains('_') || name.chars().skip(1).any(char::is_uppercase) && name.chars().any(char::is_lowercase);
    let small = at == 0 && name.starts_with(|first: char| first.is_ascii_lowercase()) && !words[0].is(&other);
    (inside || small) && (sentence::kind_said(words).is_some() || !sentence::said(words, None).is_empty())
}
