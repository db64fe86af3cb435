//! The places of one operation, and which exchange reaches which.

use serde_json::Value;
use specs::{
    api::{Api, Direction, Location, MediaType, Operation, Parameter, Response, Status, Style},
    wire::{Field, fields},
};

use super::{
    Kind, Place,
    seen::{Body, Seen},
};
use crate::wire::scalar;

/// The places of one operation.
pub(super) struct Places<'a> {
    pub(super) operation: &'a Operation,
    places: Vec<(Place, What<'a>)>,
}

/// What reaches a place.
enum What<'a> {
    Asked,
    Succeeded,
    Parameter(&'a Parameter, Vec<String>),
    ParameterValue(&'a Parameter, String),
    Property(Field),
    PropertyValue(Field, Value),
    Status(&'a Response),
    Shown(&'a Response, Field),
}

impl<'a> Places<'a> {
    pub(super) fn of(api: &'a Api, operation: &'a Operation) -> Self {
        let mut all = Self { operation, places: Vec::new() };
        all.add(Kind::Asked, "", What::Asked);
        all.add(Kind::Succeeded, "", What::Succeeded);
        for parameter in &operation.parameters {
            all.parameter(api, parameter);
        }
        let content = operation.body.iter().flat_map(|body| &body.content);
        for field in united(api, content.filter(|media| is_taken_apart(media)), Direction::Request) {
            all.property(&field);
        }
        for response in &operation.responses {
            all.add(Kind::Status, &written(response.status), What::Status(response));
            for field in united(api, response.content.iter().filter(|media| media.is_json()), Direction::Response) {
                if field.is_property() {
                    let name = format!("{} {}", written(response.status), field.pointer());
                    all.add(Kind::ResponseProperty, &name, What::Shown(response, field));
                }
            }
        }
        all
    }

    /// Notes what an exchange reaches.
    pub(super) fn see(&mut self, seen: &Seen<'_>) {
        let operation = self.operation;
        for (place, what) in self.places.iter_mut().filter(|(place, _)| !place.is_reached) {
            place.is_reached = is_reached(operation, what, seen);
        }
    }

    pub(super) fn into_places(self) -> impl Iterator<Item = Place> {
        self.places.into_iter().map(|(place, _)| place)
    }

    fn add(&mut self, kind: Kind, name: &str, what: What<'a>) {
        let place = Place { kind, operation: self.operation.id.clone(), name: name.to_owned(), is_reached: false };
        self.places.push((place, what));
    }

    fn parameter(&mut self, api: &Api, parameter: &'a Parameter) {
        let name = format!("{} {}", parameter.location.as_str(), parameter.name);
        let fields = parameter.schema.iter().flat_map(|schema| fields(&api.schemas, schema, Direction::Request));
        let fields: Vec<Field> = fields.collect();
        // An exploded object is sent as its members.
        let is_spread = parameter.style == Style::Form && parameter.explode && parameter.location == Location::Query;
        let members = fields.iter().filter(|_| is_spread).filter_map(|field| field.member().map(str::to_owned)).collect();
        self.add(Kind::Parameter, &name, What::Parameter(parameter, members));
        // A value stands for itself, or for an element of a list.
        for value in
            fields.iter().filter(|field| field.is_value_or_element()).flat_map(|field| &field.values).filter(|value| !value.is_null())
        {
            let text = scalar(value);
            self.add(Kind::EnumValue, &format!("{name} = {text}"), What::ParameterValue(parameter, text));
        }
    }

    fn property(&mut self, field: &Field) {
        if field.is_property() {
            self.add(Kind::RequestProperty, &field.pointer(), What::Property(field.clone()));
        }
        let pointer = if field.path.is_empty() { "body".to_owned() } else { field.pointer() };
        for value in field.values.clone() {
            self.add(Kind::EnumValue, &format!("{pointer} = {}", scalar_or_null(&value)), What::PropertyValue(field.clone(), value));
        }
    }
}

fn is_reached(operation: &Operation, what: &What<'_>, seen: &Seen<'_>) -> bool {
    let is_declared = |response: &Response| {
        let status = seen.response.map(|response| response.status);
        status.and_then(|status| operation.response(status)).is_some_and(|declared| declared.status == response.status)
    };
    let in_body = |field: &Field, test: &dyn Fn(&Value, &Body) -> bool| {
        seen.body.as_ref().is_some_and(|body| body.at(&field.path).into_iter().any(|value| test(value, body)))
    };
    match what {
        What::Asked => true,
        What::Succeeded => seen.response.is_some_and(|response| {
            let leads = || operation.success().is_none() && operation.redirect().is_some() && (300..400).contains(&response.status);
            response.is_success() || leads()
        }),
        What::Parameter(parameter, members) => seen.has(parameter) || members.iter().any(|member| seen.has_query(member)),
        What::ParameterValue(parameter, text) => seen.values(parameter).iter().any(|value| value == text),
        What::Property(field) => in_body(field, &|_, _| true),
        What::PropertyValue(field, value) => in_body(field, &|sent, body| body.is_same(sent, value)),
        What::Status(response) => is_declared(response),
        What::Shown(response, field) => is_declared(response) && seen.shown.as_ref().is_some_and(|body| !body.at(&field.path).is_empty()),
    }
}

/// The fields of bodies in any of these media types, each once.
fn united<'a>(api: &Api, content: impl Iterator<Item = &'a MediaType>, direction: Direction) -> Vec<Field> {
    let mut all: Vec<Field> = Vec::new();
    for field in content.filter_map(|media| media.schema.as_ref()).flat_map(|schema| fields(&api.schemas, schema, direction)) {
        match all.iter_mut().find(|known| known.path == field.path) {
            Some(known) => known.admit(field.values),
            None => all.push(field),
        }
    }
    all
}

/// Whether bodies of this media type have properties.
fn is_taken_apart(media: &MediaType) -> bool {
    media.is_json() || media.essence() == "application/x-www-form-urlencoded" || media.essence().starts_with("multipart/")
}

fn written(status: Status) -> String {
    match status {
        Status::Exactly(code) => code.to_string(),
        Status::Range(hundreds) => format!("{hundreds}XX"),
        Status::Default => "default".to_owned(),
    }
}

fn scalar_or_null(value: &Value) -> String {
    if value.is_null() { "null".to_owned() } else { scalar(value) }
}
