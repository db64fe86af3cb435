//! OpenAPI 3.0 and 3.1 become one: schemas are JSON Schema 2020-12.
