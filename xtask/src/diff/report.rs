//! What was found, and the release that it calls for.

use std::{fmt, str::FromStr};

use generator::surface::{self, ItemChange, Level};
use specs::compare::{self, Change, Release, Severities, Wire};

use super::sides::{Pair, Sides};

/// All documents that changed.
pub(super) struct Report {
    /// What the old side is called.
    pub(super) base: String,
    pub(super) documents: Vec<Changed>,
}

/// A document that changed.
pub(super) struct Changed {
    pub(super) name: String,
    /// On the wire, the worst first.
    pub(super) wire: Vec<Change>,
    /// In the generated client, what breaks first.
    pub(super) client: Vec<ItemChange>,
}

impl Report {
    pub(super) fn of(sides: &Sides, severities: &Severities) -> Self {
        let changed = sides.pairs.iter().map(|pair| changed(pair, severities));
        let documents = changed.filter(|changed| !changed.wire.is_empty() || !changed.client.is_empty()).collect();
        Self { base: sides.base.clone(), documents }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The release that all of it calls for.
    pub(super) fn release(&self) -> Release {
        self.documents.iter().map(Changed::release).max().unwrap_or_default()
    }

    /// How many changes have each verdict on the wire, the worst first, and how many of the client call for each release.
    pub(super) fn sum(&self) -> String {
        let wire = Wire::ALL.iter().rev().map(|verdict| {
            let number = self.documents.iter().flat_map(|one| &one.wire).filter(|change| change.wire == *verdict).count();
            (number, format!("{verdict} on the wire"))
        });
        let client = [Level::Major, Level::Minor, Level::Patch].map(|level| {
            let number = self.documents.iter().flat_map(|one| &one.client).filter(|change| change.level() == level).count();
            (number, format!("{level} in the client"))
        });
        let told = wire.chain(client).filter(|(number, _)| *number > 0);
        let told: Vec<String> = told.map(|(number, what)| format!("{number} {what}")).collect();
        if told.is_empty() { "nothing changed".to_owned() } else { told.join(", ") }
    }
}

impl Changed {
    pub(super) fn release(&self) -> Release {
        let wire = self.wire.iter().map(|change| change.wire.release());
        wire.chain(self.client.iter().map(|change| release(change.level()))).max().unwrap_or_default()
    }
}

fn changed(pair: &Pair, severities: &Severities) -> Changed {
    let mut wire = compare::compare(pair.old.as_ref(), pair.new.as_ref());
    severities.apply(&mut wire);
    let apis = (pair.old.as_ref().and_then(|side| side.api.as_ref()), pair.new.as_ref().and_then(|side| side.api.as_ref()));
    let client = match apis {
        (Some(old), Some(new)) => surface::changes(old, new),
        // The whole client came or went with its document, which is told.
        _ => Vec::new(),
    };
    Changed { name: pair.name.clone(), wire, client }
}

/// A level of the client, as a release.
pub(super) fn release(level: Level) -> Release {
    match level {
        Level::Patch => Release::Patch,
        Level::Minor => Release::Minor,
        Level::Major => Release::Major,
    }
}

/// From which verdict on `diff` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailOn {
    /// The release that the changes call for; none: never.
    Release(Release),
    /// The verdict on the wire.
    Wire(Wire),
}

impl FailOn {
    const ALL: [Self; 6] = [
        Self::Release(Release::None),
        Self::Release(Release::Patch),
        Self::Release(Release::Minor),
        Self::Release(Release::Major),
        Self::Wire(Wire::Caution),
        Self::Wire(Wire::Breaking),
    ];

    pub(super) fn is_reached(self, report: &Report) -> bool {
        match self {
            Self::Release(Release::None) => false,
            Self::Release(release) => report.release() >= release,
            Self::Wire(wire) => report.documents.iter().flat_map(|one| &one.wire).any(|change| change.wire >= wire),
        }
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Release(release) => release.fmt(f),
            Self::Wire(wire) => wire.fmt(f),
        }
    }
}

impl FromStr for FailOn {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let all = Self::ALL.map(|level| level.to_string());
        let found = Self::ALL.into_iter().zip(&all).find(|(_, name)| *name == word);
        found.map(|(level, _)| level).ok_or_else(|| format!("expected one of `{}`", all.join("`, `")))
    }
}
