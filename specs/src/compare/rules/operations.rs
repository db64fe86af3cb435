//! Rules of documents and operations: what can be called, where, and by whom.

use super::super::rule::{
    Rule,
    Wire::{Breaking, Caution, Compatible, None},
    document, operation, sent,
};

const KITES: &str = "paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}";
const KEY: &str = "security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}}
paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}";
const KEY_OR_TOKEN: &str = "security: [{key: []}, {token: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}}}
paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}";
const KEY_AND_TOKEN: &str = "security: [{key: [], token: []}]
components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}}}
paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}";
const TWO_SERVERS: &str = "servers: [{url: https://kites.example}, {url: https://lines.example}]
paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}";
const ONE_SERVER: &str = "servers: [{url: https://kites.example}]
paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}";

pub(in crate::compare) static DOCUMENT_ADDED: Rule =
    document("document-added", "there is a new document", (Compatible, "nobody calls it yet"), ["no document", KITES]);
pub(in crate::compare) static DOCUMENT_REMOVED: Rule =
    document("document-removed", "the document is gone", (Breaking, "its client is gone with it"), [KITES, "no document"]);
pub(in crate::compare) static DOCUMENT_TEXT: Rule = document(
    "document-text-changed",
    "title, version or description of the document changed",
    (None, "it is for people"),
    [
        "info: {title: Kites, version: '1', description: of all sizes}\npaths: {}",
        "info: {title: Kites, version: '2', description: of all colours}\npaths: {}",
    ],
);
pub(in crate::compare) static OPERATION_ADDED: Rule = document(
    "operation-added",
    "there is a new operation",
    (Compatible, "nobody calls it yet"),
    [
        KITES,
        "paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}, delete: {operationId: drop_kites, responses: {'204': {description: gone}}}}}",
    ],
);
pub(in crate::compare) static OPERATION_REMOVED: Rule = document(
    "operation-removed",
    "an operation is gone",
    (Breaking, "callers of it are refused"),
    [
        "paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}, delete: {operationId: drop_kites, responses: {'204': {description: gone}}}}}",
        KITES,
    ],
);
pub(in crate::compare) static PATH_CHANGED: Rule = document(
    "path-changed",
    "an operation is at another path",
    (Breaking, "callers of the old path are refused"),
    [KITES, "paths: {/all-kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}"],
);
pub(in crate::compare) static METHOD_CHANGED: Rule = document(
    "method-changed",
    "an operation has another method",
    (Breaking, "callers by the old method are refused"),
    [KITES, "paths: {/kites: {post: {operationId: list_kites, responses: {'200': {description: all}}}}}"],
);
pub(in crate::compare) static OPERATION_ID_CHANGED: Rule = operation(
    "operation-id-changed",
    "an operation has another id",
    (None, "ids are not sent"),
    ["operationId: fly_kite", "operationId: raise_kite"],
);
pub(in crate::compare) static OPERATION_DEPRECATED: Rule = operation(
    "operation-deprecated",
    "an operation is deprecated now",
    (Compatible, "it is there as before; look for what replaces it"),
    ["summary: fly", "{summary: fly, deprecated: true}"],
);
pub(in crate::compare) static OPERATION_REVIVED: Rule = operation(
    "operation-revived",
    "an operation is not deprecated any longer",
    (None, "it is there as before"),
    ["{summary: fly, deprecated: true}", "summary: fly"],
);
pub(in crate::compare) static OPERATION_TEXT: Rule = operation(
    "operation-text-changed",
    "summary or description of an operation, or of what belongs to it, changed",
    (None, "it is for people"),
    ["summary: fly a kite", "summary: raise a kite"],
);
pub(in crate::compare) static TAGS_CHANGED: Rule =
    operation("tags-changed", "an operation has other tags", (None, "tags are for people"), ["tags: [kites]", "tags: [flying]"]);
pub(in crate::compare) static CALLBACKS_CHANGED: Rule = operation(
    "callbacks-changed",
    "what the vendor calls in turn changed, which is compared as a whole",
    (Caution, "who takes the calls has to look"),
    [
        "callbacks: {landed: {'{$request.query.to}': {post: {responses: {'200': {description: taken}}}}}}",
        "callbacks: {landed: {'{$request.query.to}': {put: {responses: {'200': {description: taken}}}}}}",
    ],
);
pub(in crate::compare) static SERVER_ADDED: Rule =
    document("server-added", "there is one more server", (Compatible, "callers go on with the one they know"), [ONE_SERVER, TWO_SERVERS]);
pub(in crate::compare) static SERVER_REMOVED: Rule =
    document("server-removed", "a server is gone", (Breaking, "callers of it get no answer"), [TWO_SERVERS, ONE_SERVER]);
pub(in crate::compare) static FIRST_SERVER_CHANGED: Rule = document(
    "first-server-changed",
    "another server comes first",
    (Caution, "clients that take the first server call another one after they are generated anew"),
    [
        TWO_SERVERS,
        "servers: [{url: https://lines.example}, {url: https://kites.example}]
paths: {/kites: {get: {operationId: list_kites, responses: {'200': {description: all}}}}}",
    ],
);
pub(in crate::compare) static CREDENTIALS_DEMANDED: Rule = document(
    "credentials-demanded",
    "nobody may call without credentials any longer",
    (Breaking, "callers without credentials are refused"),
    [KITES, KEY],
);
pub(in crate::compare) static CREDENTIALS_DROPPED: Rule = document(
    "credentials-dropped",
    "everybody may call without credentials",
    (Compatible, "credentials that are sent all the same are ignored"),
    [KEY, KITES],
);
pub(in crate::compare) static CREDENTIALS_ADDED: Rule = document(
    "credentials-added",
    "there is one more way to be known",
    (Compatible, "callers go on with the one they use"),
    [KEY, KEY_OR_TOKEN],
);
pub(in crate::compare) static CREDENTIALS_REMOVED: Rule = document(
    "credentials-removed",
    "there is one way less to be known",
    (Breaking, "callers that use it are refused"),
    [KEY_OR_TOKEN, KEY],
);
pub(in crate::compare) static CREDENTIALS_EASED: Rule = document(
    "credentials-eased",
    "fewer credentials of those that go together are enough",
    (Compatible, "callers that send all of them still pass"),
    [KEY_AND_TOKEN, KEY],
);
pub(in crate::compare) static SCOPE_ADDED: Rule = document(
    "scope-added",
    "credentials need one more scope",
    (Breaking, "callers whose credentials lack it are refused"),
    [
        "components: {securitySchemes: {token: {type: http, scheme: bearer}}}
paths: {/kites: {get: {operationId: list_kites, security: [{token: []}], responses: {'200': {description: all}}}}}",
        "components: {securitySchemes: {token: {type: http, scheme: bearer}}}
paths: {/kites: {get: {operationId: list_kites, security: [{token: [read]}], responses: {'200': {description: all}}}}}",
    ],
);
pub(in crate::compare) static SCOPE_REMOVED: Rule = document(
    "scope-removed",
    "credentials need one scope less",
    (Compatible, "credentials that have it are taken as before"),
    [
        "components: {securitySchemes: {token: {type: http, scheme: bearer}}}
paths: {/kites: {get: {operationId: list_kites, security: [{token: [read]}], responses: {'200': {description: all}}}}}",
        "components: {securitySchemes: {token: {type: http, scheme: bearer}}}
paths: {/kites: {get: {operationId: list_kites, security: [{token: []}], responses: {'200': {description: all}}}}}",
    ],
);
pub(in crate::compare) static PARAMETER_ADDED: Rule = sent(
    "parameter-added",
    "there is a new parameter, which need not be sent",
    (Compatible, "callers need not send it"),
    ["parameters: []", "parameters: [{name: limit, in: query, schema: {type: integer}}]"],
);
pub(in crate::compare) static REQUIRED_PARAMETER_ADDED: Rule = sent(
    "required-parameter-added",
    "there is a new parameter, which has to be sent",
    (Breaking, "callers that do not send it are refused"),
    ["parameters: []", "parameters: [{name: limit, in: query, required: true, schema: {type: integer}}]"],
);
pub(in crate::compare) static PARAMETER_REMOVED: Rule = sent(
    "parameter-removed",
    "a parameter is gone",
    (Caution, "what callers send under this name may be ignored or refused"),
    ["parameters: [{name: limit, in: query, schema: {type: integer}}]", "parameters: []"],
);
pub(in crate::compare) static PARAMETER_MOVED: Rule = sent(
    "parameter-moved",
    "a parameter is sent in another place",
    (Breaking, "where callers send it nobody reads it"),
    ["parameters: [{name: limit, in: query, schema: {type: integer}}]", "parameters: [{name: limit, in: header, schema: {type: integer}}]"],
);
pub(in crate::compare) static PARAMETER_NOW_REQUIRED: Rule = sent(
    "parameter-now-required",
    "a parameter has to be sent now",
    (Breaking, "callers that do not send it are refused"),
    [
        "parameters: [{name: limit, in: query, schema: {type: integer}}]",
        "parameters: [{name: limit, in: query, required: true, schema: {type: integer}}]",
    ],
);
pub(in crate::compare) static PARAMETER_NOW_OPTIONAL: Rule = sent(
    "parameter-now-optional",
    "a parameter need not be sent any longer",
    (Compatible, "callers may go on sending it"),
    [
        "parameters: [{name: limit, in: query, required: true, schema: {type: integer}}]",
        "parameters: [{name: limit, in: query, schema: {type: integer}}]",
    ],
);
pub(in crate::compare) static PARAMETER_STYLE_CHANGED: Rule = sent(
    "parameter-style-changed",
    "a parameter is written in another way",
    (Breaking, "callers write it in the old way"),
    [
        "parameters: [{name: tails, in: query, schema: {type: array, items: {type: string}}}]",
        "parameters: [{name: tails, in: query, explode: false, schema: {type: array, items: {type: string}}}]",
    ],
);
pub(in crate::compare) static PARAMETER_DEPRECATED: Rule = sent(
    "parameter-deprecated",
    "a parameter is deprecated now",
    (Compatible, "it is taken as before; look for what replaces it"),
    [
        "parameters: [{name: limit, in: query, schema: {type: integer}}]",
        "parameters: [{name: limit, in: query, deprecated: true, schema: {type: integer}}]",
    ],
);
pub(in crate::compare) static PARAMETER_REVIVED: Rule = sent(
    "parameter-revived",
    "a parameter is not deprecated any longer",
    (None, "it is taken as before"),
    [
        "parameters: [{name: limit, in: query, deprecated: true, schema: {type: integer}}]",
        "parameters: [{name: limit, in: query, schema: {type: integer}}]",
    ],
);

pub(super) static OPERATIONS: &[&Rule] = &[
    &DOCUMENT_ADDED,
    &DOCUMENT_REMOVED,
    &DOCUMENT_TEXT,
    &OPERATION_ADDED,
    &OPERATION_REMOVED,
    &PATH_CHANGED,
    &METHOD_CHANGED,
    &OPERATION_ID_CHANGED,
    &OPERATION_DEPRECATED,
    &OPERATION_REVIVED,
    &OPERATION_TEXT,
    &TAGS_CHANGED,
    &CALLBACKS_CHANGED,
    &SERVER_ADDED,
    &SERVER_REMOVED,
    &FIRST_SERVER_CHANGED,
    &CREDENTIALS_DEMANDED,
    &CREDENTIALS_DROPPED,
    &CREDENTIALS_ADDED,
    &CREDENTIALS_REMOVED,
    &CREDENTIALS_EASED,
    &SCOPE_ADDED,
    &SCOPE_REMOVED,
    &PARAMETER_ADDED,
    &REQUIRED_PARAMETER_ADDED,
    &PARAMETER_REMOVED,
    &PARAMETER_MOVED,
    &PARAMETER_NOW_REQUIRED,
    &PARAMETER_NOW_OPTIONAL,
    &PARAMETER_STYLE_CHANGED,
    &PARAMETER_DEPRECATED,
    &PARAMETER_REVIVED,
];
