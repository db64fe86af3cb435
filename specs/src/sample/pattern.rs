//! Strings that match a pattern.
//!
//! JSON Schema means ECMA-262 patterns. The string is built from the syntax tree of Rust's pattern language, which is
//! nearly the same; look-around, which it does not have, is left out of the tree. The result is then matched by
//! an ECMA-262 engine, and built again when it does not match.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

/// How often a string is built.
const ATTEMPTS: usize = 200;
/// How much an unbounded repetition repeats beyond its minimum, at first.
const FEW: u32 = 4;
/// The most repetitions.
const MOST: u32 = 10_000;

/// A string that matches, with a number of characters between the two.
pub(super) fn sample(pattern: &str, least: usize, most: usize, rng: &mut ChaCha8Rng) -> Result<String, String> {
    let Some(regex) = compile(pattern) else { return Err(format!("`{pattern}` is not a pattern")) };
    let tree = regex_syntax::parse(&without_look_around(pattern)).map_err(|_| format!("the pattern `{pattern}` cannot be sampled"))?;
    for attempt in 0..ATTEMPTS {
        let mut made = String::new();
        let wanted = u32::try_from(least).unwrap_or(MOST).min(MOST);
        let more = if attempt % 2 == 0 { wanted.saturating_sub(u32::try_from(attempt / 2).unwrap_or(0)) } else { FEW };
        build(&tree, more, rng, &mut made);
        if (least..=most).contains(&made.chars().count()) && regex.find(&made).is_some() {
            return Ok(made);
        }
    }
    Err(format!("no text was found that matches `{pattern}` within its length"))
}

/// The pattern, compiled as ECMA-262 has it.
pub(super) fn compile(pattern: &str) -> Option<regress::Regex> {
    regress::Regex::with_flags(pattern, "u").or_else(|_| regress::Regex::new(pattern)).ok()
}

fn build(tree: &Hir, more: u32, rng: &mut ChaCha8Rng, made: &mut String) {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => made.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => made.extend(character(class, rng)),
        HirKind::Capture(group) => build(&group.sub, more, rng, made),
        HirKind::Concat(parts) => parts.iter().for_each(|part| build(part, more, rng, made)),
        HirKind::Alternation(branches) => build(&branches[rng.random_range(0..branches.len())], more, rng, made),
        HirKind::Repetition(repetition) => {
            let least = repetition.min;
            let most = repetition.max.unwrap_or(u32::MAX).min(least.saturating_add(more)).max(least);
            let fixed = more > FEW && repetition.max.is_none();
            let times = if fixed { most } else { rng.random_range(least..=most) };
            (0..times.min(MOST)).for_each(|_| build(&repetition.sub, more, rng, made));
        }
    }
}

/// A character of a class: a printable ASCII one when it has one.
fn character(class: &Class, rng: &mut ChaCha8Rng) -> Option<char> {
    let ranges: Vec<(u32, u32)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let within = |low: u32, high: u32| -> Vec<(u32, u32)> {
        ranges.iter().map(|(start, end)| ((*start).max(low), (*end).min(high))).filter(|(start, end)| start <= end).collect()
    };
    let pool = [within(0x30, 0x7a), within(0x20, 0x7e)].into_iter().find(|pool| !pool.is_empty()).unwrap_or(ranges.clone());
    let (start, end) = *pool.get(rng.random_range(0..pool.len().max(1)))?;
    char::from_u32(rng.random_range(start..=end)).or_else(|| char::from_u32(start))
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
