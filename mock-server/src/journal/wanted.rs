//! Which entries of a journal are asked for.

use http::StatusCode;

use super::Record;

/// Which entries of a journal are wanted; what is left out is no condition.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) provider: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<String>,
    /// The path, in which `*` stands for any text.
    pub(crate) path: Option<String>,
    pub(crate) status: Option<Statuses>,
    pub(crate) step: Option<String>,
    pub(crate) rule: Option<String>,
    pub(crate) refused: Option<bool>,
    pub(crate) faulty: Option<bool>,
    pub(crate) defective: Option<bool>,
    /// Text in the target or in a body.
    pub(crate) text: Option<String>,
    /// Only those with a larger number.
    pub(crate) after: Option<u64>,
    /// Only those with a smaller number.
    pub(crate) before: Option<u64>,
}

impl Wanted {
    /// Whether a record is one of them.
    pub(crate) fn covers(&self, record: &Record) -> bool {
        let decided = &record.decided;
        let rule = decided.rejection.as_deref().map(|rejection| rejection.rule);
        let named = |asked: &Option<String>, name: Option<&str>| asked.as_deref().is_none_or(|asked| name == Some(asked));
        let is = |asked: Option<bool>, fact: bool| asked.is_none_or(|asked| asked == fact);
        self.after.is_none_or(|after| record.number > after)
            && self.before.is_none_or(|before| record.number < before)
            && named(&self.provider, record.provider())
            && named(&self.operation, record.operation())
            && named(&self.step, Some(decided.step))
            && named(&self.rule, rule)
            && self.method.as_deref().is_none_or(|method| record.method.as_str().eq_ignore_ascii_case(method))
            && self.path.as_deref().is_none_or(|path| glob(path, record.path()))
            && self.status.is_none_or(|status| status.covers(record.status()))
            && is(self.refused, rule.is_some())
            && is(self.faulty, !decided.faults.is_empty())
            && is(self.defective, !decided.defects.is_empty())
            && self.text.as_deref().is_none_or(|text| record.says(text))
    }
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

/// Whether a text is as the pattern says, in which `*` stands for any text.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("/kites", "/kites", true),
            ("/kites", "/kites/7", false),
            ("/kites/*", "/kites/7", true),
            ("*/tails", "/kites/7/tails", true),
            ("/kites/*/tails/*", "/kites/7/tails/8", true),
            ("/kites/*/tails", "/kites/7/tails/8", false),
            ("*", "", true),
            ("/a*a", "/a", false),
        ] {
            assert_eq!(glob(pattern, text), fits, "{pattern} {text}");
        }
    }
}
