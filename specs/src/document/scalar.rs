//! What a plain YAML scalar means under YAML 1.2's core schema (section 10.3.2 of the specification).

use serde_json::{Number, Value};

/// The value of a plain scalar; `None` for a number that JSON has no way to write, as `.inf`.
pub(crate) fn plain(text: &str) -> Option<Value> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if !text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) => text.into(),
        _ if is_infinite(text) => return None,
        _ => match integer(text) {
            Some(number) => Value::Number(number),
            None if is_float(text) => Value::Number(text.parse().ok().and_then(Number::from_f64)?),
            None => text.into(),
        },
    })
}

/// What mends a number that JSON has no way to write.
pub(super) const OUT_OF_RANGE: &str = "quote it, or write a finite number";

/// What is wrong with such a number.
pub(super) fn out_of_range(text: &str) -> String {
    format!("the number `{text}` has no place in JSON and is read as text")
}

/// Whether a whole number in decimal digits fits neither `i64` nor `u64`, so that it is read as a float.
pub(super) fn is_inexact(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 18 && digits.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<i64>().is_err() && text.parse::<u64>().is_err()
}

fn integer(text: &str) -> Option<Number> {
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.is_empty() || !unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (signed, natural) = (text.parse::<i64>().map(Number::from), text.parse::<u64>().map(Number::from));
    signed.or(natural).ok().or_else(|| text.parse().ok().and_then(Number::from_f64))
}

fn digits(text: &str, radix: u32) -> Option<Number> {
    let all = !text.is_empty() && text.chars().all(|character| character.is_digit(radix));
    all.then(|| u64::from_str_radix(text, radix).ok().map(Number::from)).flatten()
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))
}

fn is_infinite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::plain;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let rows: &[(&str, Option<Value>)] = &[
            ("", Some(Value::Null)),
            ("~", Some(Value::Null)),
            ("nULL", Some(json!("nULL"))),
            ("True", Some(json!(true))),
            ("on", Some(json!("on"))),
            ("yes", Some(json!("yes"))),
            ("No", Some(json!("No"))),
            ("0", Some(json!(0))),
            ("-7", Some(json!(-7))),
            ("+12", Some(json!(12))),
            ("010", Some(json!(10))),
            ("0o17", Some(json!(15))),
            ("0xfF", Some(json!(255))),
            ("0b1", Some(json!("0b1"))),
            ("1_000", Some(json!("1_000"))),
            ("18446744073709551615", Some(json!(u64::MAX))),
            ("1.50", Some(json!(1.5))),
            (".5", Some(json!(0.5))),
            ("1e3", Some(json!(1000.0))),
            ("1.2.3", Some(json!("1.2.3"))),
            ("-", Some(json!("-"))),
            (".", Some(json!("."))),
            ("2026-06-19", Some(json!("2026-06-19"))),
            ("12:30:45", Some(json!("12:30:45"))),
            (".inf", None),
            ("-.INF", None),
            (".nan", None),
            ("1e999", None),
        ];
        for (text, value) in rows {
            assert_eq!(plain(text), *value, "`{text}`");
        }
    }
}
