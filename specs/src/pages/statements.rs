//! Sentences outside any table or field: operations, statuses, members, servers, codes.

use http::Method;

use super::{
    Basis, Claim, Payload, Place, Request, Side, Signature, Statement,
    draft::{Draft, property, steps},
    line::{Line, Sheet},
    section::status,
    sentence, signature, type_words,
    words::{Word, words},
};
use crate::api::{Location, Status};

/// Words that say what kind of thing a name is.
const NOUNS: [&str; 10] =
    ["parameter", "parameters", "field", "fields", "property", "properties", "attribute", "attributes", "header", "argument"];

/// A paragraph being read.
pub(super) struct Paragraph<'d> {
    pub(super) draft: &'d mut Draft,
    sheet: Sheet,
    /// What the sentence before was about.
    subject: Option<Place>,
    /// The last status that was stated.
    pub(super) status: Option<u16>,
    /// The operation that a sentence of it names, when it is one.
    pub(super) operation: Option<usize>,
    /// Whether it names others too.
    several: bool,
}

impl<'d> Paragraph<'d> {
    pub(super) fn new(draft: &'d mut Draft, lines: &[Line]) -> Self {
        Self { draft, sheet: Sheet::new(lines), subject: None, status: None, operation: None, several: false }
    }

    /// States what its sentences say.
    pub(super) fn read(&mut self) {
        let words = words(&self.sheet.text.clone());
        self.operations();
        let mut start = 0;
        for sentence in sentence::sentences(&words) {
            let end = sentence.last().map_or(start, |last| last.end);
            let text = self.sheet.text.get(start..end).unwrap_or_default().to_owned();
            let before = (self.draft.facts.len(), self.line(sentence.first()));
            self.sentence(sentence, &text);
            if self.draft.facts.len() == before.0 && is_telling(sentence) {
                let last = self.line(sentence.last());
                self.draft.unread(before.1, last, &text, "a sentence that states something in words that are not read");
            }
            start = end;
        }
    }

    fn line(&self, word: Option<&Word>) -> usize {
        self.sheet.number(self.sheet.position(word.map_or(0, |word| word.end.saturating_sub(1))))
    }

    fn operations(&mut self) {
        for (start, method, target, end) in signature::inline(&self.sheet.text.clone()) {
            let line = self.sheet.number(self.sheet.position(start));
            let target = self.unglued(&target, end);
            let found = self.draft.operation(line, Basis::Sentence, method, &target);
            self.several |= self.operation.is_some() && self.operation != found;
            self.operation = found.or(self.operation);
        }
    }

    /// A path that a word of the sentence is glued to, without it: `/notes/{id}using`, or `/notesand` where `/notes` is known.
    fn unglued(&self, target: &str, end: usize) -> String {
        let follows = self.sheet.text[end..].starts_with([' ', '\n']);
        if let Some(at) = target.rfind('}')
            && follows
            && !target[at + 1..].is_empty()
            && target[at + 1..].chars().all(|letter| letter.is_ascii_lowercase())
        {
            return target[..=at].to_owned();
        }
        let shaped = signature::shape(&signature::path(target).unwrap_or_default());
        let joints =
            ["and", "to", "using", "with", "or", "for", "from", "in", "is", "returns", "on", "then", "endpoint", "request", "call"];
        let known = self.draft.operations.iter().map(|known| signature::shape(&known.path));
        let glued = known.filter_map(|known| shaped.strip_prefix(&known).map(str::to_owned)).find(|rest| joints.contains(&rest.as_str()));
        glued.filter(|_| follows).map_or_else(|| target.to_owned(), |rest| target[..target.len() - rest.len()].to_owned())
    }

    fn sentence(&mut self, words: &[Word], text: &str) {
        self.statuses(words);
        self.server(words);
        super::credentials::read(self.draft, words, |word| self.sheet.number(self.sheet.position(word.end.saturating_sub(1))));
        self.media_type(words);
        let named = self.marked(words);
        if !named {
            self.members(words, text);
        }
    }

    fn statuses(&mut self, words: &[Word]) {
        let mut stated = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let Some(code) = code_in(word) else { continue };
            if says_status(words, at) || stated.last().is_some_and(|last| at - last <= 2 && at > 0 && words[at - 1].is(&["and", "or"])) {
                stated.push(at);
                let line = self.line(Some(word));
                self.status = Some(code);
                let operation = self.operation.filter(|_| !self.several || self.draft.current.is_none()).or(self.draft.current);
                self.draft.push(line, operation, Basis::Sentence, Statement::Status(Status::Exactly(code)));
                self.codes(words, line, code);
            }
        }
    }

    /// A code that a refusal says, in quotes after the word `code`.
    fn codes(&mut self, words: &[Word], line: usize, code: u16) {
        for (at, word) in words.iter().enumerate().skip(1) {
            let said = word.quoted && words[..at].iter().rev().take(2).any(|before| before.is(&["code", "error", "codes"]));
            let plain = word.text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.'))
                && status(&word.text).is_none();
            if said && plain && (400..600).contains(&code) {
                let statement = Statement::ErrorCode { status: Some(Status::Exactly(code)), code: word.text.clone() };
                self.draft.state(line, Basis::Sentence, statement);
            }
        }
    }

    fn server(&mut self, words: &[Word]) {
        let lower: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
        let said = lower.windows(2).any(|pair| {
            matches!(
                pair,
                ["base", "url" | "uri" | "path"] | ["api", "root"] | ["root", "url"] | ["available" | "hosted" | "served" | "live", "at"]
            )
        });
        let url = words.iter().find(|word| word.text.starts_with("http://") || word.text.starts_with("https://"));
        if let Some(word) = url.filter(|_| said) {
            let line = self.line(Some(word));
            let server = word.text.trim_end_matches('/').to_owned();
            self.draft.push(line, None, Basis::Sentence, Statement::Server(server));
        }
    }

    fn media_type(&mut self, words: &[Word]) {
        let said = words.iter().any(|word| word.lower.trim_end_matches(':') == "content-type");
        let named = words.iter().find(|word| ["application/", "multipart/", "text/"].iter().any(|start| word.lower.starts_with(start)));
        if let Some(word) = named.filter(|_| said) {
            let statement = Statement::MediaType { side: Side::Request, name: word.lower.clone() };
            self.draft.state(self.line(Some(word)), Basis::Sentence, statement);
        }
    }

    /// `title (required), note (optional)`; whether there was any.
    fn marked(&mut self, words: &[Word]) -> bool {
        let mut found = false;
        for pair in words.windows(2) {
            let [name, mark] = pair else { continue };
            if !(mark.before.starts_with('(') && mark.is(&["required", "optional", "mandatory"]) && mark.after.starts_with([')', ','])) {
                continue;
            }
            if let Some(place) = self.place(name, None) {
                let line = self.line(Some(mark));
                self.draft.claim(line, Basis::Sentence, &place, Claim::Required(!mark.is(&["optional"])));
                found = true;
            }
        }
        found
    }

    /// `The title field is required`, `limit must be at most 100`.
    fn members(&mut self, words: &[Word], text: &str) {
        let mut subjects: Vec<(usize, Place)> = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let noun = words
                .get(at + 1)
                .filter(|next| next.is(&NOUNS))
                .or_else(|| at.checked_sub(1).map(|at| &words[at]).filter(|before| before.is(&NOUNS) && word.quoted));
            let kind = words.get(at + 1).filter(|next| next.is(&["query", "path", "header"])).or(noun);
            let leads = at == 0 || (at == 1 && words[0].is(&["the", "set", "pass"]));
            if (noun.is_some() || word.quoted || leads)
                && let Some(place) = self.place(word, kind)
                && !subjects.iter().any(|(_, known)| *known == place)
            {
                subjects.push((at, place));
            }
        }
        let carried = words
            .first()
            .is_some_and(|first| first.is(&["defaults", "default", "must", "it", "maximum", "minimum", "max", "one", "either"]));
        if subjects.is_empty() && carried {
            subjects.extend(self.subject.clone().map(|place| (0, place)));
        }
        self.claims(words, text, &subjects);
        self.subject = subjects.into_iter().next().map(|(_, place)| place).or(self.subject.take());
    }

    fn claims(&mut self, words: &[Word], text: &str, subjects: &[(usize, Place)]) {
        if let Some((at, required)) = requirement(words) {
            let line = self.line(words.get(at));
            for (_, place) in subjects.iter().filter(|(subject, _)| *subject < at) {
                self.draft.claim(line, Basis::Sentence, place, Claim::Required(required));
            }
        }
        let Some((at, place)) = subjects.first() else { return };
        let conditional = words.iter().any(|word| word.is(&["when", "if", "unless"]));
        let claims = sentence::claims(text, self.draft.kind(place).cloned().as_ref());
        let listing = claims.iter().any(|claim| matches!(claim, Claim::Enum(_)));
        if conditional || (subjects.len() > 1 && !listing) {
            return;
        }
        let line = self.line(words.get(*at));
        self.draft.claims(line, Basis::Sentence, place, claims);
    }

    /// The place that a word names: one that the page has already, or with a noun one of the current operation.
    fn place(&self, word: &Word, noun: Option<&Word>) -> Option<Place> {
        let name = word.text.as_str();
        if !type_words::is_name(name) || NOUNS.contains(&word.lower.as_str()) {
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
        let operation = self.draft.current.and_then(|current| self.draft.operations.get(current));
        if operation.is_some_and(|operation| operation.path.contains(&format!("{{{name}}}"))) {
            return parameter(Location::Path);
        }
        self.draft.sent(name).cloned().or_else(|| self.exemplified(name)).or_else(|| {
            let ordinary = word.quoted || name.contains('_') || name.chars().skip(1).any(char::is_uppercase);
            (!noun.is_empty() && ordinary).then_some(operation).flatten().map(|operation| conventional(operation, name))
        })
    }

    /// The place that a name has in an example request of the current operation.
    fn exemplified(&self, name: &str) -> Option<Place> {
        self.draft.bodies().find_map(|fact| match &fact.statement {
            Statement::Request(request) if fact.operation == self.draft.current => in_request(request, name),
            Statement::Member { place: Place::Property { side: Side::Request, path }, claim: Claim::Example(body) } if path.is_empty() => {
                body.get(name).map(|_| property(Side::Request, steps(name)))
            }
            _ => None,
        })
    }
}

fn in_request(request: &Request, name: &str) -> Option<Place> {
    if let Some(Payload::Json(body)) = &request.body
        && body.get(name).is_some()
    {
        return Some(property(Side::Request, steps(name)));
    }
    let query = request.url.split_once('?')?.1;
    let named = query.split('&').any(|pair| pair.split('=').next() == Some(name));
    named.then(|| Place::Parameter { location: Location::Query, name: name.to_owned() })
}

fn conventional(operation: &Signature, name: &str) -> Place {
    let bodied = [Method::POST, Method::PUT, Method::PATCH].contains(&operation.method);
    let query = || Place::Parameter { location: Location::Query, name: name.to_owned() };
    if bodied { property(Side::Request, steps(name)) } else { query() }
}

/// Where a sentence says that something is required or optional, without a condition.
fn requirement(words: &[Word]) -> Option<(usize, bool)> {
    let at = words.iter().position(|word| word.is(&["required", "optional", "mandatory"]))?;
    let before: Vec<&str> = words[..at].iter().rev().take(3).map(|word| word.lower.as_str()).collect();
    let verb = matches!(before.as_slice(), ["is" | "are", ..] | ["always" | "both" | "not", "is" | "are", ..]);
    let condition = words[at + 1..].iter().any(|word| word.is(&["if", "when", "unless", "only", "except"]))
        || words.get(at + 1).is_some_and(|next| next.is(&["for", "to", "by"]) && !words[at].ends())
        || words[..at].iter().any(|word| word.is(&["if", "when", "unless"]));
    let denied = before.first() == Some(&"not");
    (verb && !condition).then_some((at, words[at].is(&["optional"]) == denied))
}

/// A status, also one that is glued to the words around it: `the201response`.
fn code_in(word: &Word) -> Option<u16> {
    let text = if word.text.len() == 3 { word.text.as_str() } else { glued_code(&word.text)? };
    match status(text) {
        Some(Status::Exactly(code)) => Some(code),
        _ => None,
    }
}

fn glued_code(text: &str) -> Option<&str> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let digits = text.get(start..start + 3)?;
    let (before, after) = (&text[..start], text.get(start + 3..)?);
    let joined = ["the", "a", "an", ""].contains(&before) && ["response", "status", ""].contains(&after);
    (joined && before.len() + after.len() > 0).then_some(digits)
}

fn says_status(words: &[Word], at: usize) -> bool {
    if words[at].text.len() > 3 {
        return true;
    }
    let lower = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", |word| word.lower.as_str());
    let (before, second) = (lower(at.checked_sub(1)), lower(at.checked_sub(2)));
    let next = if words[at].ends() || words[at].after.contains(',') { "" } else { lower(Some(at + 1)) };
    let reasons = [
        "created",
        "ok",
        "bad",
        "unauthorized",
        "forbidden",
        "not",
        "conflict",
        "too",
        "unprocessable",
        "no",
        "accepted",
        "gone",
        "internal",
        "payload",
        "payment",
        "precondition",
        "method",
        "service",
    ];
    let verbs = ["returns", "return", "returned", "status", "code", "http", "responds", "receive", "gets", "yields", "get"];
    let nouns = ["means", "status", "response", "responses", "error", "errors", "if", "when", "indicates", "is", "code", "on"];
    let article = ["a", "an", "the", "with"].contains(&before);
    let announced =
        article && (verbs.contains(&second) || ["respond", "fails", "answers", "rejected", "refused", "answered"].contains(&second));
    verbs.contains(&before) && !["characters", "items", "results", "notes", "records", "rows"].contains(&next)
        || announced && (next.is_empty() || nouns.contains(&next) || reasons.contains(&next) || ["and", "or", "with"].contains(&next))
        || nouns[..4].contains(&next)
        || next == "error"
        || (reasons.contains(&next) && words[at].number().is_some())
        || (["if", "when"].contains(&next) && at == 0)
}

/// Whether a sentence has words that state something which can be checked.
fn is_telling(words: &[Word]) -> bool {
    let has = |wanted: &[&str]| words.iter().any(|word| word.is(wanted));
    let named = words.iter().any(|word| word.quoted && type_words::is_name(&word.text));
    let after = |one: &str, two: &[&str]| words.windows(2).any(|pair| pair[0].is(&[one]) && pair[1].is(two));
    let required = (after("is", &["required"]) || after("are", &["required"])) && requirement(words).is_some();
    (named
        && (required
            || after("must", &["be", "begin", "start", "match", "contain"])
            || after("defaults", &["to"])
            || has(&["maximum", "minimum"])))
        || words.windows(2).any(|pair| pair[0].is(&["status", "returns"]) && code_in(&pair[1]).is_some())
}
