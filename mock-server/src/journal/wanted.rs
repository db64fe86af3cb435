//! Which entries of a journal are asked for.

use http::StatusCode;

/// Which entries of a journal are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) provider: Option<&'w str>,
    pub(crate) operation: Option<&'w str>,
    pub(crate) status: Option<Statuses>,
}

/// One status, or the hundred of them that share a first digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statuses {
    One(u16),
    Hundred(u16),
}

impl Statuses {
    /// Reads `404` or `4XX`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_suffix("xx").or_else(|| text.strip_suffix("XX"));
        match digits {
            Some(first) => first.parse().ok().filter(|first| (1..=9).contains(first)).map(Self::Hundred),
            None => text.parse().ok().filter(|status| (100..=999).contains(status)).map(Self::One),
        }
    }

    pub(crate) fn covers(self, status: StatusCode) -> bool {
        match self {
            Self::One(one) => status.as_u16() == one,
            Self::Hundred(first) => status.as_u16() / 100 == first,
        }
    }
}
