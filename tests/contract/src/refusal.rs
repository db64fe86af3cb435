//! Which statuses refuse what, for an operation as it is declared.
//!
//! A document says which statuses an operation has, and not which of them is for what. So of those that fit a refusal
//! any that is declared will do, and where none is, any that fits: that a status is declared is a rule of its own.

use specs::api::{Operation, Status};

use crate::case::{Failure, Refusal};

/// All that can refuse a request for what it is.
const ANY: [u16; 19] = [400, 402, 406, 409, 410, 412, 413, 414, 416, 417, 418, 421, 422, 424, 425, 426, 428, 431, 451];

/// Whether this status is a refusal of that kind; else what was due.
pub(crate) fn check(operation: &Operation, refusal: Refusal, status: u16) -> Result<(), Failure> {
    let due = due(operation, refusal);
    if due.contains(&status) {
        return Ok(());
    }
    let names = if due == ANY { "4XX".to_owned() } else { due.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ") };
    Err(Failure::at("status", &names, status.to_string(), format!("answered {status}, where {names} is due")))
}

pub(crate) fn due(operation: &Operation, refusal: Refusal) -> Vec<u16> {
    match refusal {
        Refusal::Credentials | Refusal::Invalid => declared(operation, &[401, 403]),
        // A malformed credential is a malformed request as well (RFC 6750, 3.1).
        Refusal::Malformed => [declared(operation, &[401, 403]), vec![400]].concat(),
        // Who may not see something need not learn that it is there.
        Refusal::Scope => [vec![401], declared(operation, &[403, 404])].concat(),
        Refusal::Request => request(operation),
        Refusal::NoBody => [request(operation), vec![411, 415]].concat(),
        Refusal::Path => [request(operation), vec![404]].concat(),
        // 415 is what HTTP has for it, whatever a document says.
        Refusal::MediaType => [vec![415], declared(operation, &[400, 422])].concat(),
        Refusal::Missing if has_any(operation, &[404, 410]) => vec![404, 410],
        Refusal::Missing => vec![404, 410, 400, 403, 422],
        Refusal::MissingParent => vec![404, 410, 400, 422, 403, 409],
        // Who comes without credentials may be asked for them first.
        Refusal::NoPath if operation.security.is_empty() => vec![404, 401, 403],
        Refusal::NoPath => vec![404],
    }
}

/// What refuses a wrong body or parameter: malformed JSON and a broken schema have one status or two. Where neither is
/// declared by itself, any refusal of a request that is wrong in itself.
fn request(operation: &Operation) -> Vec<u16> {
    if has_any(operation, &[400, 422]) {
        return vec![400, 422, 413];
    }
    ANY.to_vec()
}

/// Those of the statuses that the document declares, each by itself; all where it declares none.
fn declared(operation: &Operation, fitting: &[u16]) -> Vec<u16> {
    let known: Vec<u16> = fitting.iter().copied().filter(|status| has_any(operation, &[*status])).collect();
    if known.is_empty() { fitting.to_vec() } else { known }
}

fn has_any(operation: &Operation, statuses: &[u16]) -> bool {
    let is = |declared: Status| statuses.iter().any(|status| declared == Status::Exactly(*status));
    operation.responses.iter().any(|response| is(response.status))
}

/// Whether the document declares a status for this refusal; else nobody can say which one it has.
pub(crate) fn is_declared(operation: &Operation, refusal: Refusal) -> bool {
    let exactly: &[u16] = match refusal {
        Refusal::Credentials | Refusal::Invalid | Refusal::Malformed => &[401, 403],
        Refusal::Scope => &[403],
        Refusal::Request | Refusal::NoBody => &[400, 422],
        Refusal::Path => &[400, 422, 404],
        Refusal::MediaType => &[415, 400, 422],
        Refusal::Missing => &[404, 410],
        Refusal::MissingParent => &[404, 410, 400, 422, 409],
        // What is no path of the document has no refusals in it.
        Refusal::NoPath => &[],
    };
    exactly.iter().any(|status| operation.response(*status).is_some())
}

/// Whether the document says what happens when an item is missing.
pub(crate) fn declares_missing(operation: &Operation) -> bool {
    operation.response(404).or_else(|| operation.response(410)).is_some()
}

#[cfg(test)]
mod tests {
    use specs::Source;

    use super::check;
    use crate::case::Refusal;

    /// The statuses among all that have to do with requests which refuse this, where these are declared.
    fn due(declared: &str, refusal: Refusal) -> Vec<u16> {
        let responses = declared.split(' ').map(|status| format!("'{status}': {{description: x}}")).collect::<Vec<_>>().join(", ");
        let text = format!(
            "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://t.example'}}]\npaths: {{/t: {{get: {{operationId: t, responses: {{{responses}}}}}}}}}\n"
        );
        let api = specs::load(&Source::new("t", "t.yaml", text)).api.expect("the document is one");
        (200..500).filter(|status| check(&api.operations[0], refusal, *status).is_ok()).collect()
    }

    #[test]
    fn any_status_that_fits_will_do_that_the_document_leaves_open() {
        let rows: &[(&str, Refusal, &[u16])] = &[
            ("200 401", Refusal::Credentials, &[401]),
            ("200 403", Refusal::Credentials, &[403]),
            ("200 401 403", Refusal::Credentials, &[401, 403]),
            ("200 4XX", Refusal::Invalid, &[401, 403]),
            ("200 401", Refusal::Malformed, &[400, 401]),
            ("200 401 403", Refusal::Scope, &[401, 403]),
            ("200 400", Refusal::Request, &[400, 413, 422]),
            ("200 422", Refusal::NoBody, &[400, 411, 413, 415, 422]),
            ("200 400 404", Refusal::Path, &[400, 404, 413, 422]),
            ("200 415 400", Refusal::MediaType, &[400, 415]),
            ("200 415", Refusal::MediaType, &[400, 415, 422]),
            ("200 400", Refusal::MediaType, &[400, 415]),
            ("200 default", Refusal::MediaType, &[400, 415, 422]),
            ("200 404", Refusal::Missing, &[404, 410]),
            ("200 4XX", Refusal::Missing, &[400, 403, 404, 410, 422]),
            ("200 404", Refusal::MissingParent, &[400, 403, 404, 409, 410, 422]),
            ("200 4XX", Refusal::NoPath, &[401, 403, 404]),
        ];
        for (declared, refusal, expected) in rows {
            assert_eq!(due(declared, *refusal), *expected, "{declared} {refusal:?}");
        }
        for open in ["200", "200 4XX", "200 default"] {
            let due = due(open, Refusal::Request);
            assert!([400, 409, 422].iter().all(|status| due.contains(status)), "{open}: {due:?}");
            assert!(![200, 401, 403, 404, 405, 429].iter().any(|status| due.contains(status)), "{open}: {due:?}");
        }
    }
}
