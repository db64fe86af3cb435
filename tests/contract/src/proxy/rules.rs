//! What clients promise, and what servers do besides what the rules of cases are about.

use crate::rule::Rule;

/// The path is one of the document's.
pub const UNDECLARED_PATH: Rule = Rule { name: "undeclared_path", promise: "a request is for a path that the document has" };
/// The method is one of the path's.
pub const UNDECLARED_METHOD: Rule = Rule { name: "undeclared_method", promise: "a request has a method that its path has" };
/// Required parameters are there.
pub const MISSING_PARAMETER: Rule = Rule { name: "missing_parameter", promise: "a parameter that is required is sent" };
/// Parameters are as declared.
pub const INVALID_PARAMETER: Rule = Rule { name: "invalid_parameter", promise: "a parameter is as its style and its schema say" };
/// The query has no other parameters.
pub const UNDECLARED_PARAMETER: Rule = Rule { name: "undeclared_parameter", promise: "a query has declared parameters alone" };
/// A required body is there.
pub const MISSING_BODY: Rule = Rule { name: "missing_body", promise: "a body that is required is sent" };
/// A body is sent where one is declared.
pub const UNDECLARED_BODY: Rule = Rule { name: "undeclared_body", promise: "a body is sent where one is declared" };
/// The body's media type is declared.
pub const UNDECLARED_MEDIA_TYPE: Rule = Rule { name: "undeclared_media_type", promise: "a body is of a media type that is declared" };
/// The body can be read.
pub const MALFORMED_BODY: Rule = Rule { name: "malformed_body", promise: "a body is what its media type says" };
/// The body is as declared.
pub const INVALID_BODY: Rule = Rule { name: "invalid_body", promise: "a body is as its schema says" };
/// Credentials are there.
pub const MISSING_CREDENTIALS: Rule =
    Rule { name: "missing_credentials", promise: "a request has credentials of a scheme that is declared" };
/// Credentials have the form of their scheme.
pub const MALFORMED_CREDENTIALS: Rule = Rule { name: "malformed_credentials", promise: "credentials have the form that their scheme has" };
/// The answer comes to its end.
pub const UNFINISHED_ANSWER: Rule = Rule { name: "unfinished_answer", promise: "an answer is sent to its end" };
