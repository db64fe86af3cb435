//! Webhooks, compiled: after what each is sent, and what it is made of.

use http::{HeaderName, HeaderValue, header::CONTENT_TYPE};
use specs::{
    Api, Problem,
    api::Example,
    resources::Action,
    webhooks::{Occasion, Webhook},
};

use super::super::{
    compile::problem,
    expression::{Compiler, Maker, Program},
    kinds::Kinds,
    plan,
};

/// A webhook, compiled.
pub(in super::super) struct Hook {
    pub(super) occasions: Vec<On>,
    /// Whether it has an address of its own, so that somebody always listens.
    pub(super) addressed: bool,
    pub(super) when: Option<Program>,
    pub(super) set: Vec<(String, Maker)>,
    pub(super) headers: Vec<(HeaderName, Maker)>,
    pub(super) fixed: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Operation(usize),
    Write(usize, Action),
}

/// Compiles the webhooks of a document.
pub(in super::super) fn compile(api: &Api, kinds: &Kinds, problems: &mut Vec<Problem>) -> Vec<Hook> {
    api.webhooks.iter().map(|webhook| hook(api, kinds, webhook, problems)).collect()
}

fn hook(api: &Api, kinds: &Kinds, webhook: &Webhook, problems: &mut Vec<Problem>) -> Hook {
    let occasion = |occasion: &Occasion| match occasion {
        Occasion::Operation(id) => api.operations.iter().position(|operation| operation.id == *id).map(On::Operation),
        Occasion::Write { resource, action } => kinds.index(resource).map(|kind| On::Write(kind, *action)),
    };
    let content = webhook.body.iter().flat_map(|body| &body.content);
    if content.clone().next().is_some() && !content.clone().any(specs::api::MediaType::is_json) {
        let message = format!("the payload of `{}` is sent as JSON, which is none of its media types", webhook.name);
        problems.push(problem(api, "webhook-payload", &webhook.pointer, message, "declare it as `application/json` too"));
    }
    let mut compiler = Compiler { file: &api.file, problems };
    let made = compiler.makers(&webhook.headers);
    Hook {
        occasions: webhook.occasions.iter().filter_map(occasion).collect(),
        addressed: webhook.target.is_some(),
        when: webhook.when.as_ref().and_then(|when| compiler.program(when)),
        set: compiler.makers(&webhook.set),
        headers: made.into_iter().filter_map(|(name, maker)| Some((HeaderName::try_from(name).ok()?, maker))).collect(),
        fixed: fixed(api, webhook),
    }
}

/// Declared headers of which it is known what they hold. A signature of an example would be none.
fn fixed(api: &Api, webhook: &Webhook) -> Vec<(HeaderName, HeaderValue)> {
    let media = webhook.body.iter().flat_map(|body| &body.content).find(|media| media.is_json());
    let json = HeaderValue::from_static("application/json");
    let essence = media.filter(|media| !media.essence().contains('*')).and_then(|media| HeaderValue::try_from(media.name.as_str()).ok());
    let mut found = vec![(CONTENT_TYPE, essence.unwrap_or(json))];
    for parameter in &webhook.parameters {
        let name = parameter.name.to_ascii_lowercase();
        let schema = parameter.schema.as_ref().map(|schema| api.schemas.resolve(schema).1);
        let only = schema.and_then(|schema| {
            schema.get("const").or_else(|| match schema.get("enum")?.as_array()?.as_slice() {
                [only] => Some(only),
                _ => None,
            })
        });
        let is_sum = ["signature", "hmac", "digest"].iter().any(|word| name.contains(word));
        let shown = parameter.examples.first().map(|Example { value, .. }| value).filter(|_| !is_sum);
        let value = only.or(shown).and_then(plan::key_text);
        let header = value.and_then(|value| Some((HeaderName::try_from(&name).ok()?, HeaderValue::try_from(value).ok()?)));
        found.extend(header);
    }
    found
}
