//! What comes of documents as a whole; what the source does is tested by the clients in `fixtures`.

#![expect(clippy::unwrap_used, reason = "tests report by panicking, their helpers too")]

use std::{fs, path::PathBuf};

use generator::{Generated, Providers, generate, generate_all};
use specs::{Severity, Source};

fn source(name: &str, text: &str) -> Generated {
    generate(&specs::load(&Source::new(name, &format!("{name}.yaml"), text.to_owned())).api.unwrap())
}

/// A folder with these files.
fn folder(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    folder
}

fn rules(providers: &Providers) -> Vec<(&str, Severity, usize)> {
    providers.problems.iter().map(|problem| (problem.rule, problem.severity, problem.line)).collect()
}

const SMALL: &str = "openapi: 3.0.3
info: {title: Quarry, version: '1'}
paths:
  /stones:
    get:
      operationId: stones
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: object, properties: {odd: {enum: [1, a]}}}}}}
";

const WRITES: &str = "openapi: 3.0.3
info: {title: Quarry, version: '1'}
security: [gate: []]
x-mock: {credentials: {gate: {example: 'gate:1'}}}
paths:
  /walls/{wall}/stones:
    post:
      operationId: layStone
      parameters: [{name: wall, in: path, required: true, schema: {type: string}, example: north}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/NewStone'}, example: {kind: basalt, remark: cold}}}}
      responses: {'201': {description: laid, content: {application/json: {schema: {$ref: '#/components/schemas/Stone'}}}}}
    get:
      operationId: stones
      parameters: [{name: wall, in: path, required: true, schema: {type: string}, example: north}]
      responses: {'200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Stone'}}}}}}
components:
  securitySchemes: {gate: {type: http, scheme: basic}}
  schemas:
    Stone: {type: object, properties: {id: {type: string}, kind: {type: string}, remark: {type: string}}}
    NewStone: {type: object, required: [kind], properties: {kind: {type: string}, remark: {type: string}}}
";

#[test]
fn a_create_with_all_its_values_opens_the_documentation() {
    let opening = source("quarry", WRITES).opening.unwrap();
    assert_eq!((opening.module.as_str(), opening.document.as_str()), ("quarry", "quarry"));
    assert_eq!(opening.credentials, "Credentials::gate(\"gate\", \"1\")");
    assert_eq!(opening.call, "lay_stone(\"north\", &types::NewStone::new(\"basalt\").remark(\"cold\"))");
    for lacking in ["kind: basalt, ", ", example: north", "example: 'gate:1'"] {
        let text = WRITES.replace(lacking, "");
        assert_eq!(source("quarry", &text).opening, None, "{lacking}");
    }
}

#[test]
fn the_same_document_gives_the_same_source() {
    let documents = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/documents");
    let (first, second) = (generate_all("fixtures", &documents), generate_all("fixtures", &documents));
    assert!(!first.modules.is_empty());
    assert_eq!((first.modules, first.index), (second.modules, second.index));
}

#[test]
fn every_file_of_a_folder_is_a_module() {
    let providers =
        generate_all("quarry", &folder("modules", &[("quarry.yaml", SMALL), ("Two Words.yml", SMALL), ("notes.txt", "no document")]));
    let names: Vec<&String> = providers.modules.keys().collect();
    assert_eq!(names, ["quarry", "two_words"]);
    assert!(providers.index.contains("pub mod quarry") && providers.index.contains("pub mod two_words"));
    assert!(generate_all("quarry", &folder("empty", &[])).modules.is_empty());
}

#[test]
fn what_is_wrong_has_a_place() {
    let providers =
        generate_all("quarry", &folder("wrong", &[("bad.yaml", "openapi: [\n"), ("quarry.yaml", SMALL), ("runtime.yaml", SMALL)]));
    let rules = rules(&providers);
    assert_eq!(
        rules.iter().map(|(rule, severity, _)| (*rule, *severity)).collect::<Vec<_>>(),
        [("yaml-syntax", Severity::Error), ("not-typed", Severity::Warning), ("document-name", Severity::Error)]
    );
    assert_eq!(rules[1].2, 8, "the line of what has no type");
    assert_eq!(providers.modules.len(), 1);
}

#[test]
fn what_cannot_be_typed_is_said() {
    let generated = source("quarry", SMALL);
    let [problem] = generated.problems.as_slice() else { panic!("{:?}", generated.problems) };
    assert!(problem.pointer.ends_with("/properties/odd"));
    assert!(generated.source.contains("pub odd: ::std::option::Option<::client_runtime::serde_json::Value>"));
}

#[test]
fn texts_that_are_described_one_by_one_are_one_enum() {
    let apart = "{oneOf: [{description: Hot once., type: string, enum: [basalt]}, {type: string, enum: [chalk, marl]}, {type: string, const: basalt}]}";
    let source = source("quarry", &SMALL.replace("{enum: [1, a]}", apart)).source;
    let from = source.find("pub enum").unwrap();
    let described = source.find("/// Hot once.\n        Basalt,").is_some_and(|at| at > from);
    assert!(described && source.contains("Marl,") && !source.contains("Part1"), "{source}");
}

#[test]
fn an_operation_is_typed_or_not_by_all_that_it_holds() {
    let check = |schema: &str, typed: bool| {
        let generated = source("quarry", &SMALL.replace("{type: object, properties: {odd: {enum: [1, a]}}}", schema));
        assert_eq!((generated.operations.len(), generated.degraded.is_empty()), (1, typed), "{schema}");
    };
    check("{type: object, properties: {even: {type: integer, maximum: 1.0e+30}}}", true);
    check("{type: array, items: {type: object, additionalProperties: {enum: [1, a]}}}", false);
    check("{oneOf: [{type: string}, {type: array, items: false}]}", false);
    check("{}", true);
}

#[test]
fn a_client_is_a_file_or_a_module() {
    let generated = source("quarry", SMALL);
    assert!(generated.file().starts_with("//! ") && generated.file().contains("\n#![allow("));
    assert!(generated.module("stones").contains("\npub mod stones {\n"));
    assert!(generated.file().ends_with(&generated.source) && !generated.source.contains("feature = \"contract\""));
}
