//! Which values conform to the schema of their property however a request looks.
//!
//! Every stored row is held against its schema. Most of its properties come from where that can be said beforehand:
//! a constant of the document, something of a known caller, the time, a part of the request that was validated as just
//! that type. What is said here at load is not asked again at every write.

use serde_json::Value;
use specs::{
    Api,
    api::{Direction, Operation, SchemaId, Schemas},
    validate::Validators,
};

use super::{
    conform,
    expression::{Leaf, Maker},
    kind::Kind,
    scope::descend,
};

/// What an operation can say of the values that it writes.
pub(super) struct Prover<'a> {
    schemas: &'a Schemas,
    kind: &'a Kind,
    /// The properties of the request body, where its schema says what each is and no more.
    sent: Vec<(String, SchemaId)>,
    /// All that a caller can be.
    callers: Vec<&'a Value>,
}

impl<'a> Prover<'a> {
    pub(super) fn new(api: &'a Api, operation: &Operation, kind: &'a Kind, validators: &Validators) -> Self {
        let content = operation.body.as_ref().map(|body| body.content.as_slice()).unwrap_or_default();
        let is_bare = operation.role.as_ref().is_none_or(|role| role.input.is_empty() && role.batch.is_none());
        // Of several media types each would have a say.
        let sent = match content {
            // A schema that cannot be compiled holds nothing back.
            [only] if is_bare => only.schema.as_ref().filter(|schema| {
                only.is_json() && conform::is_plain_object(&api.schemas, schema) && validators.get(schema, Direction::Request).is_ok()
            }),
            _ => None,
        };
        let listed = api.schemes.values().map(|scheme| &scheme.credentials).flat_map(|known| {
            let others = known.others.iter().filter_map(|holder| holder.caller.as_ref());
            known.caller.iter().chain(others).chain(known.clients.iter().filter_map(|client| client.caller.as_ref()))
        });
        let callers = listed.chain(api.mock.users.iter().filter_map(|user| user.caller.as_ref())).chain(&api.mock.caller);
        Self {
            schemas: &api.schemas,
            kind,
            sent: sent.map(|schema| api.schemas.properties(schema)).unwrap_or_default(),
            callers: callers.collect(),
        }
    }

    /// Whether a property of the request can be taken over under another name.
    pub(super) fn copied(&self, from: &str, to: &str) -> bool {
        let sent = self.sent.iter().find(|(name, _)| name == from).map(|(_, schema)| schema);
        let kept = self.kind.schema_of(to);
        matches!((sent, kept), (Some(sent), Some(kept)) if conform::includes(self.schemas, kept, sent))
    }

    /// Whether all that a maker can give conforms to the schema of a property.
    pub(super) fn made(&self, property: &str, maker: &Maker) -> bool {
        maker.leaves().is_some_and(|leaves| leaves.into_iter().all(|leaf| self.holds(property, leaf)))
    }

    fn holds(&self, property: &str, leaf: Leaf<'_>) -> bool {
        match leaf {
            Leaf::Literal(value) => self.kind.takes(property, value),
            Leaf::Body([name]) => self.copied(name, property),
            Leaf::Caller(path) => {
                self.callers.iter().filter_map(|caller| descend(caller, path)).all(|value| self.kind.takes(property, value))
            }
            Leaf::Now => self.kind.takes_moments(property),
            Leaf::Text => self.kind.schema_of(property).is_some_and(|schema| conform::is_any_text(self.schemas, schema)),
            Leaf::Body(_) | Leaf::Other => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;
    use specs::{
        Source,
        api::{Expression, Setter},
    };

    use super::{
        super::{expression::Compiler, kinds::Kinds},
        *,
    };

    const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Buoys, version: '1'}
x-mock: {caller: {name: Ines, age: 40}}
paths:
  /buoys:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                name: {type: string, maxLength: 5}
                weight: {type: number}
                note: {type: string, nullable: true}
                moored: {type: string, format: date-time}
      responses: {'201': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Buoy'}}}}}
  /buoys/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Buoy'}}}}}
components:
  schemas:
    Buoy:
      type: object
      properties:
        id: {type: string}
        name: {type: string}
        weight: {type: integer}
        note: {type: string}
        moored: {type: string, format: date-time}
        code: {type: string, pattern: '^[A-Z]+$'}
";

    fn check(property: &str, maker: &str, expected: bool) {
        let api = specs::load(&Source::new("buoys", "buoys.yaml", DOCUMENT.to_owned())).api.unwrap();
        let validators = Validators::new(&api);
        let kinds = Kinds::new(&api, &HashSet::new());
        let prover = Prover::new(&api, &api.operations[0], kinds.get(0, &api, &validators), &validators);
        let source = Expression { source: maker.to_owned(), pointer: String::new() };
        let mut problems = Vec::new();
        let makers = Compiler { file: "f", problems: &mut problems }.makers(&[(property.to_owned(), Setter::Expression(source))]);
        assert!(problems.is_empty() && makers.len() == 1);
        assert_eq!(prover.made(property, &makers[0].1), expected, "`{property}` from `{maker}`");
    }

    #[test]
    fn what_always_conforms_is_known_and_nothing_else() {
        for (property, maker, expected) in [
            ("name", "request.body.name", true),
            ("name", "request.body.note", false),
            ("note", "request.body.note or 'none'", false),
            ("weight", "request.body.weight", false),
            ("moored", "request.body.moored or now", true),
            ("moored", "request.body.name", false),
            ("moored", "'a' ~ 'b'", false),
            ("name", "'a' ~ request.body.name", true),
            ("name", "html(request.body.name) if request.body.name else caller.name", true),
            ("name", "caller.age", false),
            ("name", "row.note", false),
            ("name", "none", false),
            ("code", "'OK'", true),
            ("code", "'ok'", false),
            ("code", "'O' ~ 'K'", false),
            ("weight", "1 == 2", false),
            ("weight", "4", true),
        ] {
            check(property, maker, expected);
        }
    }

    #[test]
    fn what_is_copied_conforms_where_its_types_do() {
        let api = specs::load(&Source::new("buoys", "buoys.yaml", DOCUMENT.to_owned())).api.unwrap();
        let validators = Validators::new(&api);
        let kinds = Kinds::new(&api, &HashSet::new());
        let prover = Prover::new(&api, &api.operations[0], kinds.get(0, &api, &validators), &validators);
        for (from, to, expected) in [("name", "name", true), ("name", "code", false), ("note", "note", false), ("nothing", "name", false)] {
            assert_eq!(prover.copied(from, to), expected, "{from} to {to}");
        }
        assert!(prover.holds("weight", Leaf::Literal(&json!(4))) && !prover.holds("weight", Leaf::Literal(&json!(0.5))));
    }
}
