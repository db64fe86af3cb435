//! Sentences outside any table or field: operations, statuses, members, servers, codes.

use super::{
    Basis, Claim, Place, Side, Statement, credentials,
    draft::Draft,
    line::{Line, Sheet},
    section::status,
    sentence, signature, status_words, type_words,
    words::{Word, words},
};
use crate::api::{Location, Status};

/// A paragraph being read.
pub(super) struct Paragraph<'d> {
    pub(super) draft: &'d mut Draft,
    sheet: Sheet,
    /// What the sentence before was about.
    pub(super) subject: Option<Place>,
    /// The last status that was stated.
    pub(super) status: Option<u16>,
    /// The operation that a sentence of it names, when it is one.
    pub(super) operation: Option<usize>,
    /// Whether it names others too.
    pub(super) several: bool,
    /// Where it names operations.
    named: Vec<(usize, Option<usize>)>,
    /// The part of the page whose operation it names, when it is the first that does.
    opens: Opens,
}

/// Whether the operation that a paragraph names becomes the one that the page is speaking of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Opens {
    /// It does: a part of the page begins here.
    Part,
    /// It does not.
    #[default]
    Nothing,
}

impl<'d> Paragraph<'d> {
    pub(super) fn new(draft: &'d mut Draft, lines: &[Line]) -> Self {
        Self {
            draft,
            sheet: Sheet::new(lines),
            subject: None,
            status: None,
            operation: None,
            several: false,
            named: Vec::new(),
            opens: Opens::Nothing,
        }
    }

    /// A paragraph at the beginning of a part of the page.
    pub(super) fn opening(self, opens: Opens) -> Self {
        Self { opens, ..self }
    }

    /// States what its sentences say.
    pub(super) fn read(&mut self) {
        let words = words(&self.sheet.text.clone());
        self.operations();
        if self.opens == Opens::Part && !self.several {
            self.draft.current = self.operation.or(self.draft.current);
        }
        self.queries();
        let mut start = 0;
        for sentence in sentence::sentences(&words) {
            let end = sentence.last().map_or(start, |last| last.end);
            let text = self.sheet.text.get(start..end).unwrap_or_default().to_owned();
            let before = (self.draft.facts.len(), self.line(sentence.first()));
            let missed = self.sentence(sentence, start);
            if missed || (self.draft.facts.len() == before.0 && is_telling(sentence)) {
                let last = self.line(sentence.last());
                self.draft.unread(before.1, last, &text, "a sentence that states something in words that are not read");
            }
            start = end;
        }
    }

    pub(super) fn line(&self, word: Option<&Word>) -> usize {
        self.sheet.number(self.sheet.position(word.map_or(0, |word| word.end.saturating_sub(1))))
    }

    fn operations(&mut self) {
        for (start, method, target, end) in signature::inline(&self.sheet.text.clone()) {
            let line = self.sheet.number(self.sheet.position(start));
            let target = self.unglued(&target, end);
            let found = self.draft.operation(line, Basis::Sentence, method, &target);
            self.several |= self.operation.is_some() && self.operation != found;
            self.operation = found.or(self.operation);
            self.named.push((start, found));
        }
    }

    /// The query that the address of an operation shows: `GET /notes?page=1`.
    fn queries(&mut self) {
        let shown = signature::inline(&self.sheet.text.clone());
        for ((start, _, target, _), (_, operation)) in shown.into_iter().zip(self.named.clone()) {
            let line = self.sheet.number(self.sheet.position(start));
            for name in signature::query_names(&target) {
                let place = Place::Parameter { location: Location::Query, name };
                self.draft.push(line, operation, Basis::Example, Statement::Member { place, claim: Claim::Exists });
            }
        }
    }

    /// The operation that what is said at an offset is about, in a sentence from another offset on.
    fn owner(&self, from: usize, at: usize, end: usize) -> Option<usize> {
        let before = self.named.iter().rev().find(|(start, _)| *start < at).map(|(_, operation)| *operation);
        let inside = self.named.iter().find(|(start, _)| (from..end).contains(start)).map(|(_, operation)| *operation);
        before.or(inside).flatten().or(self.draft.current)
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

    /// States what a sentence says, that begins at an offset; whether something was left that restricts a member.
    fn sentence(&mut self, words: &[Word], start: usize) -> bool {
        self.statuses(words, start);
        self.server(words, start);
        let line = |word: &Word| self.sheet.number(self.sheet.position(word.end.saturating_sub(1)));
        credentials::read(self.draft, words, line);
        let carried = self.headers(words);
        self.media_type(words);
        !self.marked(words) && !carried && self.members(words)
    }

    fn statuses(&mut self, words: &[Word], start: usize) {
        let end = words.last().map_or(start, |word| word.end);
        let any = words.windows(2).any(|pair| {
            pair[0].is(&["all", "every", "any"])
                && pair[1].is(&["request", "requests", "endpoint", "endpoints", "call", "calls", "operation", "operations"])
        });
        for (at, code) in status_words::stated(words) {
            let line = self.line(words.get(at));
            self.status = Some(code);
            let operation = if any { None } else { self.owner(start, words[at].end, end) };
            self.draft.push(line, operation, Basis::Sentence, Statement::Status(Status::Exactly(code)));
            self.codes(words, line, code);
        }
    }

    /// Headers that a sentence asks for, and that carry no credentials; whether there were any.
    fn headers(&mut self, words: &[Word]) -> bool {
        let answers = words.iter().any(|word| word.is(&["response", "responses", "returned", "returns", "answer", "answers"]));
        let all = words
            .windows(2)
            .any(|pair| pair[0].is(&["all", "every", "any", "each"]) && pair[1].is(&["request", "requests", "call", "calls"]));
        let mut found = false;
        for (at, name) in credentials::plain_headers(words) {
            let line = self.line(words.get(at));
            if answers {
                let place = Place::Header { status: None, name };
                self.draft.claim(line, Basis::Sentence, &place, Claim::Exists);
                continue;
            }
            let operation = if all { None } else { self.draft.current };
            let place = Place::Parameter { location: Location::Header, name };
            let required = credentials::is_demanded(words, at).map(Claim::Required);
            for claim in std::iter::once(Claim::Exists).chain(required) {
                self.draft.push(line, operation, Basis::Sentence, Statement::Member { place: place.clone(), claim });
            }
            found = true;
        }
        found
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

    fn server(&mut self, words: &[Word], start: usize) {
        let end = words.last().map_or(start, |word| word.end);
        let lower: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
        let said = lower.windows(2).any(|pair| {
            matches!(
                pair,
                ["base", "url" | "uri" | "path" | "address"]
                    | ["api" | "root" | "server", "root" | "url" | "host" | "address"]
                    | ["available" | "hosted" | "served" | "live" | "lives" | "located" | "reachable" | "reached", "at"]
                    | ["requests" | "calls", "to"]
            )
        });
        let sent = lower.windows(3).any(|part| {
            matches!(part, ["requests" | "calls", "go" | "sent" | "made", "to"])
                || (matches!(part[0], "are" | "is" | "be") && matches!(part[1..], ["sent" | "made" | "relative" | "addressed", "to"]))
        });
        let named = self.named.iter().any(|(at, _)| (start..end).contains(at));
        let url = words.iter().find(|word| word.text.starts_with("http://") || word.text.starts_with("https://"));
        if let Some(word) = url.filter(|_| (said || sent) && !named) {
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
            if !(mark.before.starts_with('(') && mark.is(&["required", "optional", "mandatory"]) && mark.after.contains([')', ','])) {
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
}

/// Whether a sentence has words that state something which can be checked.
fn is_telling(words: &[Word]) -> bool {
    let has = |wanted: &[&str]| words.iter().any(|word| word.is(wanted));
    let named = words.iter().any(|word| word.quoted && type_words::is_name(&word.text));
    let after = |one: &str, two: &[&str]| words.windows(2).any(|pair| pair[0].is(&[one]) && pair[1].is(two));
    let required = (after("is", &["required"]) || after("are", &["required"])) && sentence::obligation(words).is_some();
    (named
        && (required
            || after("must", &["be", "begin", "start", "match", "contain"])
            || after("defaults", &["to"])
            || has(&["maximum", "minimum"])))
        || words.windows(2).any(|pair| pair[0].is(&["status", "returns"]) && status_words::code_in(&pair[1]).is_some())
}
