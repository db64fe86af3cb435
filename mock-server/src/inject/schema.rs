//! A rule as the control API describes it. What it means is read in `rule`, which explains mistakes better.

use schemars::{JsonSchema, schema::Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    profiles,
    rule::{Rule, Wrong},
};

/// A rule: where something goes wrong, when, and what. All members are optional; at least one has to say what.
///
/// Values may be written as the text of the header `x-mock-fault` has them: `"delay": "200ms..2s"`.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "the control API's document is written from it")]
struct Described {
    /// Names the rule: 1 to 64 letters, digits, `.`, `_` and `-`. One of this name is replaced.
    id: Option<String>,
    /// Rules by a name instead: one of `GET /fault-profiles`. Beside it only where, and `for`, `after`, `times`.
    profile: Option<String>,
    /// Where: the name of the provider.
    provider: Option<String>,
    /// Where: the id of the operation, or with `*` for anything.
    operation: Option<String>,
    /// Where: the method.
    method: Option<String>,
    /// Where: the path, with or without that of the provider; `*` stands for anything but `/`, `**` for anything.
    path: Option<String>,
    /// Where: the name of the sandbox, or with `*` for anything; of use in a file that all sandboxes begin with.
    sandbox: Option<String>,
    /// Where: only `reads`, or only `writes`.
    only: Option<String>,
    /// Where: only if the answer has this status, `404`, or one of these, `2XX`; then all but the answer is done.
    answer: Option<String>,
    /// When: the n-th request that is meant, from 1.
    nth: Option<u64>,
    /// When: each k-th request.
    every: Option<u64>,
    /// When: not before so many requests.
    after: Option<u64>,
    /// When: so many times at most.
    times: Option<u64>,
    /// When: by chance, from 0 to 1; the sandbox's seed decides.
    probability: Option<f64>,
    /// When: so long from the first time on, by the sandbox's clock: `10s`.
    #[schemars(rename = "for")]
    lasts: Option<String>,
    /// What: the answer waits. `200ms`, `200ms..2s`, `normal(300ms, 50ms)`, `lognormal(100ms, 2s)` by median and 99th percentile,
    /// `exponential(300ms)`.
    delay: Option<String>,
    /// What: this status, with the body that the vendor has for it; nothing is done.
    status: Option<u16>,
    /// What: `Retry-After` of that, in seconds.
    retry_after: Option<u64>,
    /// What: another body of that: text is sent as HTML, as gateways do, anything else as JSON.
    body: Option<Value>,
    /// What: 429 with no request left, for so long, `10s`, or for so many requests, `20`.
    storm: Option<String>,
    /// What: the connection is cut without an answer, `before` anything is done, or `after`.
    cut: Option<String>,
    /// What: all is done, and the connection is cut before the answer.
    lost: Option<bool>,
    /// What: a write is done twice, as if it had been sent again on its way.
    duplicate: Option<bool>,
    /// What: only so much of the body arrives, `40%` or bytes, and the connection is cut.
    truncate: Option<String>,
    /// What: the body comes slowly: bytes and pause, `16/100ms`, or the time for all of it, `2s`.
    drip: Option<String>,
    /// What: the body is nearly JSON.
    malformed: Option<bool>,
    /// What: this content type.
    content_type: Option<String>,
    /// What: no body.
    empty: Option<bool>,
    /// What: a property of the body breaks the document's schema: `type`, `missing`, `null`.
    wrong_schema: Option<String>,
    /// What: reads do not see writes at once, but after so long, `2s`, or so many reads, `3`.
    stale: Option<String>,
    /// What: so many elements of a batch are not made, `1` or `50%`.
    fail_items: Option<String>,
    /// What: so many rows are deleted before a later page of a list is answered.
    vanish: Option<u32>,
}

/// A rule as it is sent and shown.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(transparent)]
pub(crate) struct RuleBody(pub(crate) Map<String, Value>);

/// One rule, or several, or the compact text.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct RulesBody(Value);

/// Members that are whole numbers, and those that are said or not; `probability` is a number, and all others are text.
const WHOLE: [&str; 7] = ["nth", "every", "after", "times", "status", "retry_after", "vanish"];
const FLAGS: [&str; 4] = ["lost", "duplicate", "malformed", "empty"];

impl RuleBody {
    /// A rule as the control API shows it, however it was written.
    pub(crate) fn shown(members: Map<String, Value>) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.clone(), shown(&name, value))).collect())
    }
}

fn shown(name: &str, value: Value) -> Value {
    match value {
        Value::String(text) => {
            let written = text.trim();
            let number = match name {
                "probability" => match written.strip_suffix('%') {
                    Some(percent) => percent.trim().parse::<f64>().ok().map(|percent| Value::from(percent / 100.0)),
                    None => written.parse::<f64>().ok().map(Value::from),
                },
                _ if WHOLE.contains(&name) => written.trim_end_matches('s').trim().parse::<u64>().ok().map(Value::from),
                _ if FLAGS.contains(&name) => Some(Value::from(written != "false")),
                _ => None,
            };
            number.unwrap_or(Value::String(text))
        }
        Value::Number(number) if name != "body" && name != "probability" && !WHOLE.contains(&name) => Value::from(number.to_string()),
        // What is said by its name alone means the usual, which has a word.
        Value::Bool(true) if name == "cut" => Value::from("before"),
        Value::Bool(true) if name == "vanish" => Value::from(1),
        Value::Bool(said) if name != "body" && !FLAGS.contains(&name) => Value::from(said.to_string()),
        other => other,
    }
}

impl JsonSchema for RuleBody {
    fn schema_name() -> String {
        "FaultRule".to_owned()
    }

    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> Schema {
        Described::json_schema(generator)
    }
}

impl JsonSchema for RulesBody {
    fn schema_name() -> String {
        "FaultRules".to_owned()
    }

    fn json_schema(generator: &mut schemars::r#gen::SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<RuleBody>();
        let many = generator.subschema_for::<Vec<RuleBody>>();
        let text = generator.subschema_for::<String>();
        let mut schema = schemars::schema::SchemaObject::default();
        schema.subschemas().any_of = Some(vec![one, many, text]);
        schema.metadata().description = Some("A rule, several of them, or the text of the header `x-mock-fault`.".to_owned());
        schema.into()
    }
}

impl RulesBody {
    /// The rules that it stands for.
    pub(crate) fn read(self) -> Result<Vec<Rule>, Wrong> {
        let placed = read(self.0).map_err(|(_, wrong)| wrong)?;
        Ok(placed.into_iter().flat_map(|(_, rules)| rules).collect())
    }
}

/// Rules with the JSON pointer of the place where they were written.
type Placed<T> = (String, T);

/// The rules that a value stands for, or what is wrong with it.
pub(super) fn read(value: Value) -> Result<Vec<Placed<Vec<Rule>>>, Placed<Wrong>> {
    let (at, values) = match value {
        Value::Object(mut members) if members.contains_key("faults") => match members.shift_remove("faults") {
            Some(Value::Array(values)) if members.is_empty() => ("/faults", values),
            _ => return Err((String::new(), Wrong::new("", "`faults` is no list, or stands beside something else", SHAPE))),
        },
        Value::Array(values) => ("", values),
        one => return Ok(vec![one_of(one, "")?]),
    };
    let each = values.into_iter().enumerate().map(|(index, value)| one_of(value, &format!("{at}/{index}")));
    each.collect()
}

const SHAPE: &str = "write a list of rules: `faults: [{operation: …, status: 503, times: 2}]`";

fn one_of(value: Value, at: &str) -> Result<Placed<Vec<Rule>>, Placed<Wrong>> {
    let place = |rules| (at.to_owned(), rules);
    let read = match value {
        Value::String(text) => return Rule::parse(&text).map(place).map_err(|wrong| (at.to_owned(), wrong)),
        Value::Object(members) => {
            let known: Vec<String> = members.keys().cloned().collect();
            return Rule::read(members).map(place).map_err(|wrong| {
                let written = known.iter().find(|name| name.trim().to_ascii_lowercase().replace('-', "_") == wrong.member);
                let place = written.map_or_else(|| at.to_owned(), |name| format!("{at}/{name}"));
                (place, wrong)
            });
        }
        _ => Wrong::new("", "a rule is an object, or the text of one", SHAPE),
    };
    Err((at.to_owned(), read))
}

/// A profile as it is shown.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ProfileSummary {
    /// Its name: what `profile`, `--faults` and `x-mock-fault` take.
    pub(crate) name: String,
    /// What it is like.
    pub(crate) summary: String,
    /// Its rules as `x-mock-fault` has them.
    pub(crate) text: String,
    /// Its rules, to be copied and changed.
    pub(crate) rules: Vec<RuleBody>,
}

/// All profiles.
pub(crate) fn summaries() -> Vec<ProfileSummary> {
    let show = |profile: &profiles::Profile| ProfileSummary {
        name: profile.name.to_owned(),
        summary: profile.summary.to_owned(),
        text: profile.text.to_owned(),
        rules: Rule::parse(profile.text).unwrap_or_default().into_iter().map(|rule| RuleBody::shown(rule.members)).collect(),
    };
    profiles::PROFILES.iter().map(show).collect()
}
