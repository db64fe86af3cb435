//! A step becomes a request.

use specs::api::{Api, Operation, Part, Segment};

use super::{
    kept::Kept,
    step::{Body, Content, Proof, Step},
};
use crate::{Field, Request, Target, Visibility, credentials, wire};

/// The request of a step, in a conversation that knows these values.
pub(super) fn of(step: &Step, api: &Api, target: &Target, kept: &Kept) -> Request {
    let path = kept.target(&step.target);
    let mut request = Request { method: step.method.clone(), elsewhere: None, path, query: Vec::new(), headers: Vec::new(), body: None };
    match &step.proof {
        Proof::Nothing => {}
        Proof::These(all) => all.iter().for_each(|(kind, credential)| credentials::present(&mut request, kind, &kept.text(credential))),
        Proof::Offered => {
            if let Some(operation) = asked_for(api, &request) {
                target.credentials.apply(api, operation, target.credentials.alternative(operation), &mut request);
            }
        }
    }
    if let Some(Content { media, body }) = &step.body {
        request.body = Some(bytes(body, kept));
        if let Some(media) = media {
            request.set_header("content-type", media.as_str(), Visibility::Shown);
        }
    }
    for (name, values) in &step.headers {
        request.headers.retain(|field| !field.name.eq_ignore_ascii_case(name));
        let field = |value: &String| Field { name: name.clone(), value: kept.text(value), visibility: Visibility::Shown };
        request.headers.extend(values.iter().map(field));
    }
    request
}

fn bytes(body: &Body, kept: &Kept) -> Vec<u8> {
    match body {
        Body::Json(value) => kept.value(value).to_string().into_bytes(),
        Body::Text(text) => kept.text(text).into_bytes(),
        Body::Bytes(bytes) => bytes.clone(),
        Body::Form(fields) => {
            let pair = |name: &str, value: &str| format!("{}={}", wire::encode(name), wire::encode(&kept.text(value)));
            let pairs = fields.iter().flat_map(|(name, values)| values.iter().map(move |value| pair(name, value)));
            pairs.collect::<Vec<_>>().join("&").into_bytes()
        }
    }
}

/// The operation that a request is for. Of several the one with the most literal path; for a path that no operation
/// has, any operation, so that credentials are not what is wrong with it.
fn asked_for<'a>(api: &'a Api, request: &Request) -> Option<&'a Operation> {
    let path = request.path.split('?').next().unwrap_or_default();
    let texts: Vec<&str> = path.split('/').skip(1).collect();
    let fits = |operation: &&Operation| {
        operation.segments.len() == texts.len() && operation.segments.iter().zip(&texts).all(|(segment, text)| is_fit(segment, text))
    };
    let literals = |operation: &&Operation| operation.segments.iter().filter(|segment| is_literal(segment)).count();
    let same_method = |operation: &&Operation| operation.method == request.method;
    let best = api.operations.iter().filter(fits).filter(same_method).max_by_key(literals);
    best.or_else(|| api.operations.iter().find(fits)).or_else(|| api.operations.first())
}

fn is_literal(segment: &Segment) -> bool {
    segment.parts.iter().all(|part| matches!(part, Part::Literal(_)))
}

/// Whether a text can be this segment: the literals are there, in order, and every variable has something.
fn is_fit(segment: &Segment, text: &str) -> bool {
    let mut rest = text;
    let mut after_variable = false;
    for part in &segment.parts {
        match part {
            Part::Variable(_) => after_variable = true,
            Part::Literal(literal) => {
                let at = if after_variable {
                    rest.rfind(literal.as_str()).filter(|at| *at > 0)
                } else {
                    rest.find(literal.as_str()).filter(|at| *at == 0)
                };
                let Some(at) = at else { return false };
                rest = &rest[at + literal.len()..];
                after_variable = false;
            }
        }
    }
    if after_variable { !rest.is_empty() } else { rest.is_empty() }
}
