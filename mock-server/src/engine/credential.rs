//! A security scheme, compiled: which credentials the document lists, and what each is good for.

use std::{borrow::Cow, collections::HashMap};

use rustc_hash::FxBuildHasher;
use specs::{
    Api,
    api::{Credentials, Scheme, SchemeKind},
    wire::carrier,
};

use super::held::Held;

/// What a request shows for one scheme, the worst first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shown {
    #[default]
    Absent,
    WrongScheme,
    Malformed,
    Unknown,
    Expired,
    Revoked,
    /// It is somebody's who may not do this.
    Forbidden,
    Fine,
}

/// What a credential is good for, and whose it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen<'e> {
    pub(super) shown: Shown,
    /// None: the usual caller.
    pub(super) caller: Option<Held<'e>>,
    /// None: everything.
    pub(super) scopes: Option<Cow<'e, [String]>>,
    /// None: the usual one.
    pub(super) tenant: Option<String>,
}

impl Seen<'_> {
    /// What it is for something that needs these scopes.
    pub(super) fn shown_for(&self, needed: &[String]) -> Shown {
        let may = self.scopes.as_ref().is_none_or(|scopes| needed.iter().all(|scope| scopes.contains(scope)));
        if self.shown == Shown::Fine && !may { Shown::Forbidden } else { self.shown }
    }
}

/// A security scheme, compiled.
pub(super) struct CompiledScheme {
    pub(super) name: Box<str>,
    pub(super) kind: SchemeKind,
    pub(super) credentials: Credentials,
    /// What to send, for whoever was refused.
    pub(super) hint: String,
    listed: HashMap<String, Listed, FxBuildHasher>,
}

/// How a credential is listed.
#[derive(Clone, Copy)]
enum Listed {
    Refused(Shown),
    Example,
    /// The position among the others.
    Other(usize),
}

impl CompiledScheme {
    pub(super) fn new(api: &Api, scheme: &Scheme) -> Self {
        let mut listed = HashMap::default();
        // What another scheme of the same carrier refuses is refused here too, unless it is one of these.
        let same = api.schemes.values().filter(|other| is_same_carrier(&other.kind, &scheme.kind) && other.name != scheme.name);
        for known in same.chain([scheme]) {
            let known = &known.credentials;
            for (all, shown) in [(&known.revoked, Shown::Revoked), (&known.expired, Shown::Expired), (&known.invalid, Shown::Unknown)] {
                listed.extend(all.iter().map(|text| (text.clone(), Listed::Refused(shown))));
            }
        }
        let own = &scheme.credentials;
        let is_refused = |text: &String| [&own.revoked, &own.expired, &own.invalid].iter().any(|all| all.contains(text));
        let good = own.others.iter().enumerate().map(|(position, holder)| (&holder.credential, Listed::Other(position)));
        let good = good.chain(own.example.iter().map(|example| (example, Listed::Example)));
        listed.extend(good.filter(|(text, _)| !is_refused(text)).map(|(text, how)| (text.clone(), how)));
        Self { name: scheme.name.as_str().into(), kind: scheme.kind.clone(), credentials: own.clone(), hint: carrier(&scheme.kind), listed }
    }

    /// What the document says of a credential that may be listed by these names.
    pub(super) fn listed(&self, names: &[&str]) -> Option<Seen<'_>> {
        if self.listed.is_empty() {
            return None;
        }
        let found = names.iter().filter_map(|name| self.listed.get(*name)).map(|listed| self.seen(*listed));
        found.min_by_key(|seen| seen.shown)
    }

    /// What a credential is good for that nobody lists.
    pub(super) fn unlisted(&self, closed: bool) -> Seen<'_> {
        let shown = if closed { Shown::Unknown } else { Shown::Fine };
        Seen { shown, caller: self.caller(), ..Seen::default() }
    }

    pub(super) fn is_carried_like(&self, other: &Self) -> bool {
        is_same_carrier(&self.kind, &other.kind)
    }

    fn seen(&self, listed: Listed) -> Seen<'_> {
        match listed {
            Listed::Refused(shown) => Seen { shown, ..Seen::default() },
            Listed::Example => Seen {
                shown: Shown::Fine,
                caller: self.caller(),
                scopes: self.credentials.scopes.as_deref().map(Cow::Borrowed),
                tenant: None,
            },
            Listed::Other(position) => {
                let Some(holder) = self.credentials.others.get(position) else { return self.unlisted(false) };
                let caller = holder.caller.as_ref().map(Held::Borrowed).or_else(|| self.caller());
                Seen { shown: Shown::Fine, caller, scopes: holder.scopes.as_deref().map(Cow::Borrowed), tenant: holder.tenant.clone() }
            }
        }
    }

    fn caller(&self) -> Option<Held<'_>> {
        self.credentials.caller.as_ref().map(Held::Borrowed)
    }
}

fn is_same_carrier(one: &SchemeKind, other: &SchemeKind) -> bool {
    matches!((one, other), (SchemeKind::Bearer { .. }, SchemeKind::Bearer { .. })) || one == other
}
