//! What is to go wrong with one request.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};

use super::{
    rule::{Effect, Only, Scope},
    values::{Cut, Storm},
};

/// A request, as far as rules look at it.
#[derive(Clone, Debug)]
pub(crate) struct Call<'c> {
    pub(crate) provider: &'c str,
    /// The path under which the provider is served.
    pub(crate) base: &'c str,
    pub(crate) operation: Option<&'c str>,
    pub(crate) is_read: bool,
    pub(crate) method: &'c Method,
    pub(crate) path: &'c str,
    pub(crate) seed: u64,
    pub(crate) now: DateTime<Utc>,
}

/// What rules want of a request. Of two that want the same, the one that came first has its way; the other one waits.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    wanted: Vec<Wanted>,
    pub(super) fired: Vec<Fired>,
    /// Rules of the header that wait for the answer.
    pub(super) later: Vec<super::Rule>,
    /// Whether other reads lag, so that the state before a write is kept.
    pub(crate) remembers: bool,
    /// Where chance comes from.
    pub(crate) luck: u64,
}

#[derive(Debug)]
struct Wanted {
    effect: Effect,
    /// The position of the rule among those that fired.
    by: usize,
    done: bool,
}

/// A rule that fired.
#[derive(Debug)]
pub(super) struct Fired {
    /// The number of the rule in its sandbox; none for what the request itself brought.
    pub(super) number: Option<u64>,
    /// What the journal says.
    pub(super) says: String,
}

impl Plan {
    /// Whether a rule wants what another one has its way with.
    pub(super) fn is_taken(&self, effects: &[Effect]) -> bool {
        let clash = |one: &Effect, other: &Effect| {
            std::mem::discriminant(one) == std::mem::discriminant(other) || one.is_final() && other.is_final()
        };
        effects.iter().any(|effect| self.wanted.iter().any(|wanted| clash(effect, &wanted.effect)))
    }

    /// Lets a rule have its way.
    pub(super) fn take(&mut self, fired: Fired, effects: &[Effect], storm: Option<Duration>) {
        let by = self.fired.len();
        self.fired.push(fired);
        let wanted = effects.iter().map(|effect| match effect {
            Effect::Storm(_) => Effect::Status(StatusCode::TOO_MANY_REQUESTS),
            other => other.clone(),
        });
        self.wanted.extend(wanted.map(|effect| Wanted { effect, by, done: false }));
        if let Some(left) = storm.filter(|_| !effects.iter().any(|effect| matches!(effect, Effect::RetryAfter(_)))) {
            self.wanted.push(Wanted { effect: Effect::RetryAfter(left), by, done: false });
        }
    }

    /// What `choose` finds among the effects.
    pub(crate) fn find<T>(&self, choose: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        self.wanted.iter().find_map(|wanted| choose(&wanted.effect))
    }

    /// What `choose` finds among the effects, which is done with this.
    pub(crate) fn perform<T>(&mut self, choose: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        self.wanted.iter_mut().find_map(|wanted| {
            let found = choose(&wanted.effect)?;
            wanted.done = true;
            Some(found)
        })
    }

    /// The same, of what was not done yet.
    pub(crate) fn perform_once<T>(&mut self, choose: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        let mut open = self.wanted.iter_mut().filter(|wanted| !wanted.done);
        open.find_map(|wanted| {
            let found = choose(&wanted.effect)?;
            wanted.done = true;
            Some(found)
        })
    }

    /// Says that all of these were done.
    pub(crate) fn perform_all(&mut self, is_it: impl Fn(&Effect) -> bool) {
        self.wanted.iter_mut().filter(|wanted| is_it(&wanted.effect)).for_each(|wanted| wanted.done = true);
    }

    /// Takes back that an effect was done.
    pub(crate) fn fell_short(&mut self, is_it: impl Fn(&Effect) -> bool) {
        self.wanted.iter_mut().filter(|wanted| is_it(&wanted.effect)).for_each(|wanted| wanted.done = false);
    }

    /// What was done, for the journal.
    pub(crate) fn done(&self) -> Vec<String> {
        self.outcomes().filter(|(_, done)| *done).map(|(fired, _)| fired.says.clone()).collect()
    }

    /// The numbers of rules that fired in vain.
    pub(super) fn vain(&self) -> impl Iterator<Item = u64> {
        self.outcomes().filter(|(_, done)| !*done).filter_map(|(fired, _)| fired.number)
    }

    fn outcomes(&self) -> impl Iterator<Item = (&Fired, bool)> {
        let is_done = |by: usize| self.wanted.iter().any(|wanted| wanted.by == by && wanted.done);
        self.fired.iter().enumerate().map(move |(by, fired)| (fired, is_done(by)))
    }
}

impl Effect {
    /// Whether it takes the place of the answer.
    fn is_final(&self) -> bool {
        matches!(self, Self::Status(_) | Self::Storm(_) | Self::Cut(Cut::Before))
    }

    /// Whether it can happen to a read, or to a write.
    fn suits(&self, is_read: bool) -> bool {
        match self {
            Self::Duplicate | Self::FailItems(_) => !is_read,
            Self::Vanish(_) => is_read,
            _ => true,
        }
    }

    pub(super) fn lasts(&self) -> Option<Storm> {
        if let Self::Storm(storm) = self { Some(*storm) } else { None }
    }
}

impl Scope {
    /// Whether a request is meant, as far as that can be told before it is answered.
    pub(super) fn means(&self, call: &Call<'_>, effects: &[Effect]) -> bool {
        let below = call.path.strip_prefix(call.base).unwrap_or(call.path);
        self.provider.as_deref().is_none_or(|name| name == call.provider)
            && self.operation.as_deref().is_none_or(|name| call.operation.is_some_and(|operation| is_called(operation, name)))
            && self.method.as_ref().is_none_or(|method| method == call.method)
            && self.path.as_deref().is_none_or(|path| fits(path, call.path) || fits(path, below))
            && self.only.is_none_or(|only| (only == Only::Reads) == call.is_read)
            && effects.iter().any(|effect| effect.suits(call.is_read))
    }

    /// Whether it leaves open which requests are meant.
    pub(super) fn is_open(&self) -> bool {
        self.provider.is_none() && self.operation.is_none() && self.method.is_none() && self.path.is_none() && self.only.is_none()
    }
}

/// Whether a name is that of an operation: as the mock writes it or as the document does, or with `*` for anything.
pub(crate) fn is_called(operation: &str, name: &str) -> bool {
    let plain = |name: &str| {
        let letters = name.chars().filter(|letter| letter.is_alphanumeric() || *letter == '*');
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    operation == name || fits(&plain(name), &plain(operation))
}

/// Whether a text is like a pattern, in which `*` stands for anything but `/`, and `**` for anything.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(text) = text.strip_prefix(start) else { return false };
    let (rest, is_deep) = rest.strip_prefix('*').map_or((rest, false), |rest| (rest, true));
    let reach = if is_deep { text.len() } else { text.find('/').unwrap_or(text.len()) };
    (0..=reach).filter(|end| text.is_char_boundary(*end)).any(|end| fits(rest, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stop_at_slashes_unless_they_are_deep() {
        for (pattern, text, expected) in [
            ("/a/*/c", "/a/b/c", true),
            ("/a/*", "/a/b/c", false),
            ("/a/**", "/a/b/c", true),
            ("**/c", "/a/b/c", true),
            ("/a", "/a/", false),
            ("*", "", true),
            ("ci-*", "ci-7", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn operations_are_known_by_either_of_their_names() {
        for (name, expected) in [("pick_fruit", true), ("pickFruit", true), ("pick*", true), ("pick", false), ("*", true)] {
            assert_eq!(is_called("pick_fruit", name), expected, "{name}");
        }
    }
}
