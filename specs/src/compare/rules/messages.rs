//! Rules of messages: bodies, media types, statuses and headers.

use super::super::rule::{
    Rule,
    Wire::{Breaking, Caution, Compatible},
    answered, sent,
};

const NO_BODY: &str = "responses: {'204': {description: flown}}";
const MAY_SEND: &str = "requestBody: {content: {application/json: {schema: {type: object}}}}";
const HAS_TO_SEND: &str = "requestBody: {required: true, content: {application/json: {schema: {type: object}}}}";
const PLAIN: &str = "responses: {'200': {description: flown}}";
const HEADER: &str = "responses: {'200': {description: flown, headers: {X-Left: {schema: {type: integer}}}}}";
const SURE_HEADER: &str = "responses: {'200': {description: flown, headers: {X-Left: {required: true, schema: {type: integer}}}}}";
const JSON: &str = "responses: {'200': {description: flown, content: {application/json: {schema: {type: object}}}}}";
const JSON_AND_CSV: &str =
    "responses: {'200': {description: flown, content: {application/json: {schema: {type: object}}, text/csv: {schema: {type: string}}}}}";

pub(in crate::compare) static BODY_ADDED: Rule =
    sent("body-added", "a body may be sent now", (Compatible, "callers need not send it"), [NO_BODY, MAY_SEND]);
pub(in crate::compare) static REQUIRED_BODY_ADDED: Rule = sent(
    "required-body-added",
    "a body has to be sent now, where none was taken",
    (Breaking, "callers that send none are refused"),
    [NO_BODY, HAS_TO_SEND],
);
pub(in crate::compare) static BODY_REMOVED: Rule =
    sent("body-removed", "no body is taken any longer", (Caution, "what callers send may be ignored or refused"), [MAY_SEND, NO_BODY]);
pub(in crate::compare) static BODY_NOW_REQUIRED: Rule =
    sent("body-now-required", "the body has to be sent now", (Breaking, "callers that send none are refused"), [MAY_SEND, HAS_TO_SEND]);
pub(in crate::compare) static BODY_NOW_OPTIONAL: Rule = sent(
    "body-now-optional",
    "the body need not be sent any longer",
    (Compatible, "callers may go on sending it"),
    [HAS_TO_SEND, MAY_SEND],
);
pub(in crate::compare) static MEDIA_TYPE_TAKEN: Rule = sent(
    "media-type-taken",
    "one more media type is taken",
    (Compatible, "callers go on with the one they send"),
    [
        "requestBody: {content: {application/json: {schema: {type: object}}}}",
        "requestBody: {content: {application/json: {schema: {type: object}}, text/csv: {schema: {type: string}}}}",
    ],
);
pub(in crate::compare) static MEDIA_TYPE_REFUSED: Rule = sent(
    "media-type-refused",
    "a media type is no longer taken",
    (Breaking, "callers that send it are refused"),
    [
        "requestBody: {content: {application/json: {schema: {type: object}}, text/csv: {schema: {type: string}}}}",
        "requestBody: {content: {application/json: {schema: {type: object}}}}",
    ],
);
pub(in crate::compare) static ENCODING_CHANGED: Rule = sent(
    "encoding-changed",
    "parts of a form are written in another way",
    (Breaking, "callers write them in the old way"),
    [
        "requestBody: {content: {multipart/form-data: {schema: {properties: {tail: {type: string}}}}}}",
        "requestBody: {content: {multipart/form-data: {schema: {properties: {tail: {type: string}}}, encoding: {tail: {contentType: text/csv}}}}}",
    ],
);
pub(in crate::compare) static SUCCESS_ADDED: Rule = answered(
    "success-added",
    "there is one more way to succeed",
    (Caution, "callers that know the others may take it for a failure"),
    [PLAIN, "responses: {'200': {description: flown}, '202': {description: later}}"],
);
pub(in crate::compare) static SUCCESS_REMOVED: Rule = answered(
    "success-removed",
    "there is one way less to succeed",
    (Breaking, "callers that wait for it never see it"),
    ["responses: {'200': {description: flown}, '202': {description: later}}", PLAIN],
);
pub(in crate::compare) static REFUSAL_ADDED: Rule = answered(
    "refusal-added",
    "there is one more way to be refused, or led elsewhere",
    (Compatible, "callers have to reckon with statuses that are not declared"),
    [PLAIN, "responses: {'200': {description: flown}, '409': {description: in the air already}}"],
);
pub(in crate::compare) static REFUSAL_REMOVED: Rule = answered(
    "refusal-removed",
    "there is one way less to be refused, or led elsewhere",
    (Compatible, "callers that reckon with it never see it"),
    ["responses: {'200': {description: flown}, '409': {description: in the air already}}", PLAIN],
);
pub(in crate::compare) static RESPONSE_WIDENED: Rule = answered(
    "response-widened",
    "a status is covered by its range, or by `default`, alone",
    (Caution, "callers that know the one status may meet the others"),
    [PLAIN, "responses: {2XX: {description: flown}}"],
);
pub(in crate::compare) static RESPONSE_NARROWED: Rule = answered(
    "response-narrowed",
    "a status is named that its range, or `default`, covered",
    (Compatible, "callers of the range read it as before"),
    ["responses: {2XX: {description: flown}}", PLAIN],
);
pub(in crate::compare) static RESPONSE_BODY_ADDED: Rule = answered(
    "response-body-added",
    "the response has a body now",
    (Caution, "callers that wait for none may leave it unread"),
    [PLAIN, JSON],
);
pub(in crate::compare) static RESPONSE_BODY_REMOVED: Rule =
    answered("response-body-removed", "the response has no body any longer", (Breaking, "callers that read it find none"), [JSON, PLAIN]);
pub(in crate::compare) static MEDIA_TYPE_ANSWERED: Rule = answered(
    "media-type-answered",
    "one more media type is answered",
    (Caution, "callers that do not say what they accept may be answered with it"),
    [JSON, JSON_AND_CSV],
);
pub(in crate::compare) static MEDIA_TYPE_DROPPED: Rule = answered(
    "media-type-dropped",
    "a media type is no longer answered",
    (Breaking, "callers that accept nothing else are not answered"),
    [JSON_AND_CSV, JSON],
);
pub(in crate::compare) static HEADER_ADDED: Rule =
    answered("header-added", "there is a new response header", (Compatible, "callers ignore what they do not know"), [PLAIN, HEADER]);
pub(in crate::compare) static HEADER_REMOVED: Rule = answered(
    "header-removed",
    "a response header is gone that did not have to be there",
    (Caution, "callers that read it will never find it"),
    [HEADER, PLAIN],
);
pub(in crate::compare) static REQUIRED_HEADER_REMOVED: Rule = answered(
    "required-header-removed",
    "a response header is gone that had to be there",
    (Breaking, "callers that rely on it no longer find it"),
    [SURE_HEADER, PLAIN],
);
pub(in crate::compare) static HEADER_NOW_REQUIRED: Rule = answered(
    "header-now-required",
    "a response header is always there now",
    (Compatible, "callers that reckon with its absence never see that"),
    [HEADER, SURE_HEADER],
);
pub(in crate::compare) static HEADER_NOW_OPTIONAL: Rule = answered(
    "header-now-optional",
    "a response header need not be there any longer",
    (Breaking, "callers that rely on it may not find it"),
    [SURE_HEADER, HEADER],
);

pub(super) static MESSAGES: &[&Rule] = &[
    &BODY_ADDED,
    &REQUIRED_BODY_ADDED,
    &BODY_REMOVED,
    &BODY_NOW_REQUIRED,
    &BODY_NOW_OPTIONAL,
    &MEDIA_TYPE_TAKEN,
    &MEDIA_TYPE_REFUSED,
    &ENCODING_CHANGED,
    &SUCCESS_ADDED,
    &SUCCESS_REMOVED,
    &REFUSAL_ADDED,
    &REFUSAL_REMOVED,
    &RESPONSE_WIDENED,
    &RESPONSE_NARROWED,
    &RESPONSE_BODY_ADDED,
    &RESPONSE_BODY_REMOVED,
    &MEDIA_TYPE_ANSWERED,
    &MEDIA_TYPE_DROPPED,
    &HEADER_ADDED,
    &HEADER_REMOVED,
    &REQUIRED_HEADER_REMOVED,
    &HEADER_NOW_REQUIRED,
    &HEADER_NOW_OPTIONAL,
];
