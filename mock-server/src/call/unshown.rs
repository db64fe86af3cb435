//! Values of parameters that a call cannot do without and that the document shows none of: without them, a person who
//! tries an operation has to look for the key of something that exists.

use serde_json::Value;
use specs::{
    Api,
    api::{Direction, Operation, Parameter},
    sample::Sampler,
    validate::Validators,
};

use super::Values;

/// A value that a parameter may have.
pub(crate) struct Unshown<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) parameter: &'a Parameter,
    pub(crate) value: Value,
}

/// Those of all operations of a document.
pub(crate) fn unshown(api: &Api) -> Vec<Unshown<'_>> {
    let mut values = Values { api, inventor: None, made: None };
    let wanted: Vec<(&Operation, &Parameter)> = api.operations.iter().flat_map(wanted).collect();
    if wanted.iter().any(|(operation, parameter)| values.of(operation, parameter).is_none()) {
        values.inventor = Some(Sampler::new(&api.schemas, &Validators::new(api), Direction::Request, 0));
    }
    let found = wanted.into_iter().filter_map(|(operation, parameter)| {
        let value = values.of(operation, parameter)?;
        Some(Unshown { operation, parameter, value })
    });
    found.collect()
}

fn wanted(operation: &Operation) -> impl Iterator<Item = (&Operation, &Parameter)> {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.required && parameter.examples.is_empty());
    parameters.map(move |parameter| (operation, parameter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use specs::Source;

    #[test]
    fn what_is_not_shown_is_a_row_that_exists_or_else_invented() {
        let text = "openapi: 3.0.3\ninfo: {title: Kites, version: '1'}\npaths:\n  /kites/{id}:\n    get:\n      \
            x-resource: {name: kites, action: read, key: path.id, item: ''}\n      parameters:\n      \
            - {name: id, in: path, required: true, schema: {type: string}}\n      \
            - {name: shown, in: query, required: true, schema: {type: string}, example: here}\n      \
            - {name: chosen, in: query, schema: {type: string}}\n      \
            - {name: high, in: query, required: true, schema: {type: integer, minimum: 7}}\n      \
            responses: {'200': {description: ok}}\nx-resource: {kites: {key: id}}\nx-mock: {seed: {kites: [{id: k/7}]}}\n";
        let api = specs::load(&Source::new("kites", "kites.yaml", text.to_owned())).api.unwrap();
        let found: Vec<_> = unshown(&api).into_iter().map(|one| (one.parameter.name.clone(), one.value)).collect();
        assert_eq!(found, [("id".to_owned(), "k/7".into()), ("high".to_owned(), 7.into())]);
    }
}
