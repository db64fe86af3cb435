//! What a document shows, held against what it declares: nothing is sent for that.

use specs::api::{Direction, Example, MediaType, Operation, SchemaId};

use crate::{case::Failure, laws::same, suite::Suite};

/// What an operation shows of its bodies: an example, its schema, and the way that it travels.
pub(crate) fn examples<'o>(operation: &'o Operation) -> impl Iterator<Item = (&'o Example, &'o SchemaId, Direction)> {
    let is_read = |media: &&MediaType| media.is_json() || media.essence().contains("form");
    let of = move |media: &'o MediaType, direction| {
        media.schema.iter().flat_map(move |schema| media.examples.iter().map(move |example| (example, schema, direction)))
    };
    let requests = operation.body.iter().flat_map(|body| &body.content).filter(is_read);
    let responses = operation.responses.iter().flat_map(|response| &response.content).filter(|media| media.is_json());
    let headers = operation.responses.iter().flat_map(|response| &response.headers);
    let of_headers = headers.flat_map(|header| {
        header.schema.iter().flat_map(|schema| header.examples.iter().map(move |example| (example, schema, Direction::Response)))
    });
    let of_bodies = requests
        .flat_map(move |media| of(media, Direction::Request))
        .chain(responses.flat_map(move |media| of(media, Direction::Response)));
    of_bodies.chain(of_headers)
}

/// What is wrong with the first example that is not as it is declared.
pub(crate) fn check(suite: &Suite, operation: &Operation) -> Option<Failure> {
    examples(operation).find_map(|(example, schema, direction)| {
        let violation = suite.validators.get(schema, direction).ok()?.violations(&example.value).into_iter().next()?;
        let place = format!("{}{}", example.pointer, violation.instance);
        let got = example.value.pointer(&violation.instance).map(same::brief).unwrap_or_default();
        let what = format!("the example at `{place}` is not as it is declared: it {}", violation.message);
        Some(Failure::at(place, violation.message, got, what))
    })
}
