//! Texts of the known formats, as long as is asked for where the format has no length of its own.

use rand::RngExt;

use super::{luck::Luck, text::WORDS};

/// The longest text that is made longer only to reach a minimum.
const LONGEST: usize = 100_000;
/// The longest local part of an address, and label of a host.
const LOCAL: usize = 64;
const LABEL: usize = 63;

/// A text of a known format; `None` for others, which any text has. It may miss the limits where no text of the
/// format was found that keeps them.
pub(super) fn sample(format: &str, least: usize, most: usize, luck: &mut Luck) -> Option<String> {
    let usual = usual(format, luck)?;
    let count = usual.chars().count();
    if count > most {
        return Some(short(format).filter(|short| (least..=most).contains(&short.len())).map_or(usual, str::to_owned));
    }
    if count < least { Some(longer(format, usual, (least - count).min(LONGEST))) } else { Some(usual) }
}

fn usual(format: &str, luck: &mut Luck) -> Option<String> {
    let mut number = |from: u32, to: u32| luck.random_range(from..=to);
    Some(match format {
        "date" => date(&mut number),
        "date-time" => format!("{}T{:02}:{:02}:{:02}Z", date(&mut number), number(0, 23), number(0, 59), number(0, 59)),
        "time" => format!("{:02}:{:02}:{:02}Z", number(0, 23), number(0, 59), number(0, 59)),
        "duration" => format!("P{}DT{}H", number(1, 30), number(1, 23)),
        "email" => format!("{}.{}@example.com", word(&mut number), number(1, 99)),
        "idn-email" => format!("{}.{}@büro.example.com", word(&mut number), number(1, 99)),
        "hostname" => format!("{}.example.com", word(&mut number)),
        "idn-hostname" => format!("{}.büro.example.com", word(&mut number)),
        "ipv4" => format!("192.0.2.{}", number(1, 254)),
        "ipv6" => format!("2001:db8::{:x}", number(1, 0xffff)),
        "uri" | "url" => format!("https://example.com/{}/{}", word(&mut number), number(1, 999)),
        "iri" => format!("https://example.com/{}/büro-{}", word(&mut number), number(1, 999)),
        "uri-reference" | "iri-reference" => format!("/{}/{}", word(&mut number), number(1, 999)),
        "uri-template" => format!("https://example.com/{}/{{id}}", word(&mut number)),
        "uuid" => uuid(&mut number),
        "json-pointer" => format!("/{}/{}", word(&mut number), number(0, 9)),
        "relative-json-pointer" => format!("{}/{}", number(0, 9), word(&mut number)),
        "regex" => format!("^{}$", word(&mut number)),
        "byte" | "base64" => base64(&mut number),
        "base64url" => base64(&mut number).trim_end_matches('=').to_owned(),
        "int8" => number(0, 127).to_string(),
        "uint8" => number(0, 255).to_string(),
        "int16" | "uint16" => number(0, 32_767).to_string(),
        "int32" | "uint32" => number(0, 2_147_483_647).to_string(),
        "int64" | "uint64" => (u64::from(number(1, 999_999)) * 1_000_000 + u64::from(number(0, 999_999))).to_string(),
        "float" | "double" | "decimal" => format!("{}.{:02}", number(0, 999), number(0, 99)),
        _ => return None,
    })
}

/// A text of the format that is as short as can be.
fn short(format: &str) -> Option<&'static str> {
    Some(match format {
        "email" | "idn-email" => "a@b.co",
        "hostname" | "idn-hostname" => "a.co",
        "uri" | "iri" | "url" => "a:b",
        "ipv4" => "1.1.1.1",
        "ipv6" => "::1",
        "duration" => "P1D",
        "uri-reference" | "iri-reference" | "uri-template" | "regex" => "a",
        "json-pointer" | "byte" | "base64" | "base64url" => "",
        "relative-json-pointer"
        | "int8"
        | "uint8"
        | "int16"
        | "uint16"
        | "int32"
        | "uint32"
        | "int64"
        | "uint64"
        | "float"
        | "double"
        | "decimal" => "1",
        _ => return None,
    })
}

/// The text with so many characters more.
fn longer(format: &str, usual: String, missing: usize) -> String {
    let filler = "x".repeat(missing);
    match format {
        "uri" | "iri" | "url" | "uri-reference" | "iri-reference" | "uri-template" | "json-pointer" | "relative-json-pointer" => {
            usual + &filler
        }
        "regex" => usual.replacen('^', &format!("^{filler}"), 1),
        "email" | "idn-email" => filler_first(&usual, missing, LOCAL),
        "hostname" | "idn-hostname" => filler_first(&usual, missing, LABEL),
        "date-time" | "time" if missing > 1 => usual.replacen('Z', &format!(".{}Z", "0".repeat(missing - 1)), 1),
        // Four characters stand for three bytes.
        "byte" | "base64" | "base64url" => "QUJD".repeat(missing.div_ceil(4)) + &usual,
        "ipv6" => "2001:0db8:0000:0000:0000:0000:0000:0001".to_owned(),
        _ => usual,
    }
}

/// The text with characters in front: as much of them as one part may have, then labels behind the sign.
fn filler_first(usual: &str, missing: usize, most: usize) -> String {
    let first = usual.find(['@', '.']).unwrap_or_default();
    let here = most.saturating_sub(usual.find('@').unwrap_or(first)).min(missing);
    let mut rest = missing - here;
    let mut made = "x".repeat(here) + usual;
    let at = made.find('@').map_or(0, |at| at + 1);
    while rest > 1 {
        let label = (rest - 1).min(LABEL);
        made.insert_str(at, &format!("{}.", "x".repeat(label)));
        rest -= label + 1;
    }
    made
}

fn word(number: &mut impl FnMut(u32, u32) -> u32) -> &'static str {
    WORDS[usize::try_from(number(0, 15)).unwrap_or_default()]
}

fn date(number: &mut impl FnMut(u32, u32) -> u32) -> String {
    format!("{}-{:02}-{:02}", number(2020, 2030), number(1, 12), number(1, 28))
}

fn uuid(number: &mut impl FnMut(u32, u32) -> u32) -> String {
    let mut part = || number(0, 0xffff);
    let (version, variant) = (0x4000 | (part() & 0x0fff), 0x8000 | (part() & 0x3fff));
    format!("{:04x}{:04x}-{:04x}-{version:04x}-{variant:04x}-{:04x}{:04x}{:04x}", part(), part(), part(), part(), part(), part())
}

/// A few bytes in base64, the last group of them padded.
fn base64(number: &mut impl FnMut(u32, u32) -> u32) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut letter = |step: u32| char::from(LETTERS[usize::try_from(number(0, 63 / step) * step).unwrap_or_default()]);
    let mut made: String = (0..7).map(|_| letter(1)).collect();
    // Of the last letter before a single sign of padding, two bits stand for nothing.
    made.pop();
    made.push(letter(4));
    made + "="
}
