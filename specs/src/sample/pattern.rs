//! Strings that match a pattern.
//!
//! JSON Schema means ECMA-262 patterns. The string is built from the syntax tree of Rust's pattern language, which is
//! nearly the same; look-around, which it does not have, is left out of the tree. The result is then matched by
//! an ECMA-262 engine, and built again when it does not match. What that engine does not take and a validator does is
//! built all the same; whoever asked puts the whole value before the validator anyway.

use rand::RngExt;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::luck::Luck;

/// How often a string is built.
const ATTEMPTS: usize = 200;
/// How much an unbounded repetition repeats beyond its minimum, at first.
const FEW: u32 = 4;
/// The most repetitions, and the most characters of all that is built.
const MOST: u32 = 10_000;
const LONGEST: usize = 200_000;

/// A pattern, ready to be matched and to be built from.
pub(super) struct Pattern {
    text: String,
    /// `None` for what only a validator understands.
    regex: Option<regress::Regex>,
    /// What strings are built from; `None` for what only an ECMA-262 engine understands.
    tree: Option<Hir>,
}

impl Pattern {
    /// Reads a pattern.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let regex = compile(pattern);
        let tree = regex_syntax::parse(&without_look_around(pattern)).ok();
        if regex.is_none() && tree.is_none() {
            return Err(format!("`{pattern}` is not a pattern"));
        }
        Ok(Self { text: pattern.to_owned(), regex, tree })
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.regex.as_ref().is_none_or(|regex| regex.find(text).is_some())
    }

    /// A string that matches, with a number of characters between the two.
    pub(super) fn sample(&self, least: usize, most: usize, luck: &mut Luck) -> Result<String, String> {
        let Some(tree) = &self.tree else { return Err(format!("the pattern `{}` cannot be sampled", self.text)) };
        let wanted = u32::try_from(least).unwrap_or(MOST).min(MOST);
        for attempt in 0..ATTEMPTS {
            let tried = u32::try_from(attempt / 2).unwrap_or(0);
            let more = if attempt % 2 == 0 { wanted.saturating_sub(tried) } else { FEW + tried / 8 };
            let mut building = Building { luck, made: String::new(), more, left: LONGEST };
            building.add(tree);
            let mut made = building.made;
            pad(&mut made, least);
            if (least..=most).contains(&made.chars().count()) && self.matches(&made) {
                return Ok(made);
            }
        }
        Err(format!("no text was found that matches `{}` within its length", self.text))
    }
}

/// The pattern, compiled as ECMA-262 has it.
pub(super) fn compile(pattern: &str) -> Option<regress::Regex> {
    regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern)).ok()
}

/// What is too short grows at its end: where the pattern leaves its end open, that still matches.
fn pad(made: &mut String, least: usize) {
    let last = made.chars().last().filter(char::is_ascii_alphanumeric).unwrap_or('x');
    let missing = least.saturating_sub(made.chars().count()).min(LONGEST);
    made.extend(std::iter::repeat_n(last, missing));
}

/// The building of one string.
struct Building<'l> {
    luck: &'l mut Luck,
    made: String,
    /// How much an unbounded repetition repeats beyond its minimum.
    more: u32,
    /// The parts that may still be visited: repetitions of what is empty make nothing longer.
    left: usize,
}

impl Building<'_> {
    fn add(&mut self, tree: &Hir) {
        match tree.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.made.push_str(&String::from_utf8_lossy(&literal.0)),
            HirKind::Class(class) => self.made.extend(character(class, self.luck)),
            HirKind::Capture(group) => self.add(&group.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.add(part)),
            HirKind::Alternation(branches) => {
                if let Some(branch) = branches.get(self.luck.random_range(0..branches.len().max(1))) {
                    self.add(branch);
                }
            }
            HirKind::Repetition(repetition) => {
                let least = repetition.min;
                let most = repetition.max.unwrap_or(u32::MAX).min(least.saturating_add(self.more)).max(least);
                let fixed = self.more > FEW && repetition.max.is_none();
                let times = if fixed { most } else { self.luck.random_range(least..=most) };
                for _ in 0..times.min(MOST) {
                    let Some(left) = self.left.checked_sub(1) else { break };
                    self.left = left;
                    self.add(&repetition.sub);
                }
            }
        }
    }
}

/// A character of a class: a printable ASCII one when it has one, a letter or digit of them now and then more.
fn character(class: &Class, luck: &mut Luck) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let within = |low: u32, high: u32| -> Vec<(u32, u32)> {
        ranges.iter().map(|(start, end)| ((*start).max(low), (*end).min(high))).filter(|(start, end)| start <= end).collect()
    };
    let letters: Vec<(u32, u32)> =
        [(0x30, 0x39), (0x41, 0x5a), (0x61, 0x7a)].into_iter().flat_map(|(low, high)| within(low, high)).collect();
    let plain = !letters.is_empty() && luck.random_range(0..4) > 0;
    let pool = if plain {
        letters
    } else {
        [within(0x21, 0x7e), within(0x20, 0x7e)].into_iter().find(|pool| !pool.is_empty()).unwrap_or_else(|| ranges.clone())
    };
    let (start, end) = *pool.get(luck.random_range(0..pool.len().max(1)))?;
    char::from_u32(luck.random_range(start..=end)).or_else(|| char::from_u32(start))
}

/// The pattern without `(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`.
fn without_look_around(pattern: &str) -> String {
    let mut kept = String::new();
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|opening| rest.starts_with(opening)) {
            rest = after_group(rest);
            continue;
        }
        let length = if next == '\\' { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) } else { next.len_utf8() };
        kept.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    kept
}

/// What follows the group that `text` opens with.
fn after_group(text: &str) -> &str {
    let (mut depth, mut escaped, mut class) = (0_usize, false, false);
    for (position, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '(' if !class => depth += 1,
            ')' if !class => {
                depth -= 1;
                if depth == 0 {
                    return &text[position + 1..];
                }
            }
            _ => {}
        }
    }
    ""
}
