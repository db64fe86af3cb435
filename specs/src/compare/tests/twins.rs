//! Harmless twins: documents that are written otherwise and say the same.

use super::{super::Frame, changes, found, framed};

/// Two ways to write a schema.
const SCHEMAS: &[(&str, &str, &str)] = &[
    ("members in another order", "{type: string, minLength: 1}", "{minLength: 1, type: string}"),
    ("types as a list", "{type: string}", "{type: [string]}"),
    ("types in another order", "{type: [string, 'null']}", "{type: ['null', string]}"),
    ("whole numbers are numbers", "{type: [number, integer]}", "{type: number}"),
    ("null as an alternative", "{type: [string, 'null']}", "{anyOf: [{type: string}, {type: 'null'}]}"),
    ("types as alternatives", "{type: [string, integer]}", "{oneOf: [{type: integer}, {type: string}]}"),
    ("one alternative", "{type: string, maxLength: 3}", "{oneOf: [{type: string, maxLength: 3}]}"),
    ("one part", "{type: string, maxLength: 3}", "{allOf: [{type: string, maxLength: 3}]}"),
    ("parts", "{type: string, minLength: 1, maxLength: 3}", "{allOf: [{type: string, minLength: 1}, {maxLength: 3}]}"),
    (
        "parts of an object",
        "{type: object, required: [a, b], properties: {a: {type: string}, b: {type: integer}}}",
        "{allOf: [{type: object, required: [b], properties: {b: {type: integer}}}, {required: [a], properties: {a: {type: string}}}]}",
    ),
    (
        "parts of a property",
        "{properties: {a: {type: string, maxLength: 5}}}",
        "{allOf: [{properties: {a: {type: string}}}, {properties: {a: {maxLength: 5}}}]}",
    ),
    ("the tighter of two limits", "{type: integer, maximum: 5}", "{type: integer, allOf: [{maximum: 9}, {maximum: 5}]}"),
    ("a limit that says nothing", "{type: string}", "{type: string, minLength: 0}"),
    ("the next whole number", "{type: integer, minimum: 1}", "{type: integer, exclusiveMinimum: 0}"),
    ("a range that the format has", "{type: integer, format: int32}", "{type: integer, format: int32, maximum: 2147483647}"),
    ("a limit of another type", "{type: string}", "{type: string, maximum: 5}"),
    ("values in another order", "{enum: [a, b]}", "{enum: [b, a]}"),
    ("values with their type", "{enum: [a, b]}", "{type: string, enum: [a, b]}"),
    ("one value", "{const: a}", "{enum: [a]}"),
    ("values as alternatives", "{enum: [a, b]}", "{oneOf: [{const: b, title: be}, {const: a}]}"),
    ("one number", "{const: 1}", "{enum: [1]}"),
    ("required in another order", "{required: [a, b]}", "{required: [b, a]}"),
    ("open by name", "{type: object}", "{type: object, additionalProperties: true}"),
    ("open by an empty schema", "{type: object}", "{type: object, additionalProperties: {}}"),
    ("items of any kind", "{type: array}", "{type: array, items: {}}"),
    ("properties in another order", "{properties: {a: {type: string}, b: {}}}", "{properties: {b: {}, a: {type: string}}}"),
    (
        "alternatives in another order",
        "{oneOf: [{type: object, required: [a]}, {type: array, minItems: 1}]}",
        "{oneOf: [{minItems: 1, type: array}, {type: object, required: [a]}]}",
    ),
    (
        "alternatives of which no two fit",
        "{oneOf: [{type: object, required: [a]}, {type: array, minItems: 1}]}",
        "{anyOf: [{type: object, required: [a]}, {type: array, minItems: 1}]}",
    ),
    (
        "marks that are not set",
        "{properties: {a: {type: string}}}",
        "{properties: {a: {type: string, readOnly: false, deprecated: false}}}",
    ),
    ("a condition in another order", "{not: {type: string, minLength: 1}}", "{not: {minLength: 1, type: string}}"),
];

/// Two ways to write members of an operation.
const OPERATIONS: &[(&str, &str, &str)] = &[
    (
        "parameters in another order",
        "parameters: [{name: a, in: query, schema: {type: string}}, {name: b, in: query, schema: {}}]",
        "parameters: [{name: b, in: query, schema: {}}, {name: a, in: query, schema: {type: string}}]",
    ),
    (
        "headers have no case",
        "parameters: [{name: X-A, in: header, schema: {type: string}}]",
        "parameters: [{name: x-a, in: header, schema: {type: string}}]",
    ),
    (
        "the usual style",
        "parameters: [{name: a, in: query, schema: {type: string}}]",
        "parameters: [{name: a, in: query, style: form, explode: true, required: false, schema: {type: string}}]",
    ),
    (
        "the style of what has no parts",
        "parameters: [{name: a, in: query, schema: {type: string}}]",
        "parameters: [{name: a, in: query, explode: false, schema: {type: string}}]",
    ),
    ("tags in another order", "tags: [a, b]", "tags: [b, a]"),
    (
        "media types have parameters",
        "requestBody: {content: {application/json: {schema: {type: object}}}}",
        "requestBody: {content: {'application/json; charset=utf-8': {schema: {type: object}}}}",
    ),
    (
        "media types in another order",
        "requestBody: {content: {application/json: {schema: {type: object}}, text/csv: {}}}",
        "requestBody: {content: {text/csv: {}, application/json: {schema: {type: object}}}}",
    ),
    (
        "statuses in another order",
        "responses: {'200': {description: a}, '404': {description: b}}",
        "responses: {'404': {description: b}, '200': {description: a}}",
    ),
    (
        "response headers have no case",
        "responses: {'200': {description: a, headers: {X-Left: {schema: {type: integer}}}}}",
        "responses: {'200': {description: a, headers: {x-left: {schema: {type: integer}}}}}",
    ),
    ("a body that may be left out", "requestBody: {content: {}}", "requestBody: {required: false, content: {}}"),
];

/// Two ways to write a document.
const DOCUMENTS: &[(&str, &str, &str)] = &[
    (
        "inline or component",
        "paths: {/kites: {get: {responses: {'200': {description: a, content: {application/json: {schema: {type: object, required: [tail], properties: {tail: {type: string}}}}}}}}}}",
        "components: {schemas: {Kite: {type: object, required: [tail], properties: {tail: {$ref: '#/components/schemas/Tail'}}}, Tail: {type: string}}}
paths: {/kites: {get: {responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}}}}}",
    ),
    (
        "a component of another name",
        "components: {schemas: {Kite: {type: object, properties: {next: {$ref: '#/components/schemas/Kite'}}}}}
paths: {/kites: {get: {responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}}}}}",
        "components: {schemas: {Glider: {type: object, properties: {next: {$ref: '#/components/schemas/Glider'}}}}}
paths: {/kites: {get: {responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Glider'}}}}}}}}",
    ),
    (
        "a response as a component",
        "paths: {/kites: {get: {responses: {'404': {description: gone}}}}}",
        "components: {responses: {Gone: {description: gone}}}
paths: {/kites: {get: {responses: {'404': {$ref: '#/components/responses/Gone'}}}}}",
    ),
    (
        "a variable of another name",
        "paths: {'/kites/{id}/lines/{line}': {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: line, in: path, required: true, schema: {type: integer}}], responses: {}}}}",
        "paths: {'/kites/{kiteId}/lines/{id}': {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {type: integer}}, {name: kiteId, in: path, required: true, schema: {type: string}}], responses: {}}}}",
    ),
    (
        "operations in another order",
        "paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}}}}",
        "paths: {/b: {get: {responses: {}}}, /a: {get: {responses: {}}}}",
    ),
    (
        "parameters of the path",
        "paths: {'/a/{id}': {get: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {}}}}",
        "paths: {'/a/{id}': {parameters: [{name: id, in: path, required: true, schema: {type: string}}], get: {responses: {}}}}",
    ),
    (
        "a scheme of another name",
        "security: [{key: []}]
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
paths: {/a: {get: {responses: {}}}}",
        "components: {securitySchemes: {token: {type: http, scheme: Bearer}}}
paths: {/a: {get: {security: [{token: []}], responses: {}}}}",
    ),
    (
        "a server with a slash",
        "servers: [{url: https://kites.example/v1}]\npaths: {}",
        "servers: [{url: 'https://kites.example/{v}/', variables: {v: {default: v1}}}]\npaths: {}",
    ),
];

fn check(name: &str, old: &str, new: &str) {
    for (old, new) in [(old, new), (new, old)] {
        let told = changes(old, new);
        assert_eq!(found(&told), [""; 0], "{name}:\n{old}\n{new}\n{told:#?}");
    }
}

#[test]
fn the_same_written_otherwise_is_no_change() {
    for (frame, rows) in [(Frame::Schema, SCHEMAS), (Frame::Operation, OPERATIONS), (Frame::Document, DOCUMENTS)] {
        for (name, old, new) in rows {
            check(name, &framed(frame, old), &framed(frame, new));
        }
    }
}

#[test]
fn both_versions_of_openapi_say_the_same() {
    let old = "\
openapi: 3.0.3
info: {title: Kites, version: '1'}
paths: {/kites: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}, responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}}}}}
components:
  schemas:
    Tail: {type: object, properties: {length: {type: number, minimum: 0, exclusiveMinimum: true}}}
    Kite:
      type: object
      properties:
        colour: {type: string, nullable: true, enum: [red, green]}
        tail: {nullable: true, allOf: [{$ref: '#/components/schemas/Tail'}]}
        name: {type: string, nullable: true}
";
    let new = "\
openapi: 3.1.0
info: {title: Kites, version: '1'}
paths: {/kites: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}, responses: {'200': {description: a, content: {application/json: {schema: {$ref: '#/components/schemas/Kite'}}}}}}}}
components:
  schemas:
    Tail: {type: object, properties: {length: {type: number, exclusiveMinimum: 0}}}
    Kite:
      type: object
      properties:
        colour: {type: [string, 'null'], enum: [red, green, null]}
        tail: {oneOf: [{$ref: '#/components/schemas/Tail'}, {type: 'null'}]}
        name: {type: [string, 'null']}
";
    check("both versions", old, new);
}
