//! Last step: the outcome as a response.

use bytes::Bytes;
use http::{
    HeaderValue, Response,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use serde_json::Value;

use super::{
    Event, Exchange, Obeyed, Rejection, Request, Step,
    decide::Outcome,
    json,
    limits::Limits,
    reply::{Offer, Void},
    surface::Touched,
    template::Filling,
    validate::Validated,
};

/// What is known of an exchange on its way.
#[derive(Debug, Default)]
pub(super) struct Trace {
    pub(super) operation: Option<usize>,
    pub(super) defects: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) touched: Touched,
    pub(super) limits: Limits,
    pub(super) obeyed: Obeyed,
    pub(super) events: Vec<Event>,
}

impl Trace {
    pub(super) fn exchange(mut self, request: Request, mut response: Response<Bytes>, rejection: Option<Box<Rejection>>) -> Exchange {
        let limits = std::mem::take(&mut self.limits);
        limits.add_to(&mut response, rejection.as_deref());
        let step = rejection.as_ref().map_or(Step::Respond, |rejection| rejection.step);
        let Self { operation, defects, notes, touched, obeyed, events, .. } = self;
        Exchange { request, response, operation, step, rejection, defects, notes, touched, obeyed, events }
    }
}

pub(super) fn respond(validated: &Validated<'_>, mut outcome: Outcome, trace: &mut Trace) -> Response<Bytes> {
    let reply = validated.operation.made.as_ref().filter(|_| outcome.made).unwrap_or(&validated.operation.reply);
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = reply.status;
    trace.defects.extend(outcome.defects);
    trace.notes.extend(outcome.notes);
    if let Some(offer) = reply.offers.get(validated.offer) {
        if let Some(view) = &offer.view {
            outcome.filling.show(view);
        }
        let gone = empty(offer, &mut outcome.filling);
        let mut body = offer.template.fill(&outcome.filling);
        if !gone.is_empty() {
            body = without(&body, gone.into_iter());
        }
        if !outcome.filling.absent.is_empty() {
            body = without(&body, outcome.filling.absent.iter().filter_map(|position| reply.made.get(*position)));
        }
        // A row that was just made has told its defects already.
        if trace.defects.is_empty() {
            trace.defects = offer.proof.defects(&body, outcome.rows_conform);
        }
        response.headers_mut().insert(CONTENT_TYPE, offer.content_type.clone());
        *response.body_mut() = body;
    }
    for (name, value) in &reply.headers {
        response.headers_mut().insert(name, value.clone());
    }
    for (name, value) in outcome.headers {
        response.headers_mut().insert(name, value);
    }
    if validated.head {
        headless(&mut response);
    }
    response
}

/// Puts what has to be there where there is nothing to put; the places where nothing may be are returned.
fn empty<'o>(offer: &'o Offer, filling: &mut Filling) -> Vec<&'o String> {
    let mut gone = Vec::new();
    for (hole, void) in &offer.voids {
        match void {
            _ if !filling.is_void(*hole) => {}
            Void::Blank => filling.blank(*hole),
            Void::Absent(place) => gone.push(place),
        }
    }
    gone
}

/// A body without the members at these pointers.
fn without<'p>(body: &Bytes, pointers: impl Iterator<Item = &'p String>) -> Bytes {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return body.clone() };
    for pointer in pointers {
        let Some((parent, _)) = pointer.rsplit_once('/') else { continue };
        let name = specs::pointer::tokens(pointer).last();
        if let (Some(Value::Object(members)), Some(name)) = (value.pointer_mut(parent), name) {
            members.shift_remove(name.as_ref());
        }
    }
    json::bytes(&value)
}

/// A response to HEAD: that to GET without its content, but with its length.
pub(super) fn headless(response: &mut Response<Bytes>) {
    let length = HeaderValue::from(response.body().len());
    response.headers_mut().insert(CONTENT_LENGTH, length);
    *response.body_mut() = Bytes::new();
}
