//! A mock as the target of cases and scripts, which must not have to own up to a defect.

use contract::{Credentials, Http, Target};
use libtest_mimic::Failed;
use mock_server::MockServer;
use specs::Api;

/// The mock's server of a document, with the credentials that the document offers.
pub(crate) fn target(server: &MockServer, api: &Api) -> Result<Target, Failed> {
    let transport = Box::new(Http::new(&server.base_url(&api.name))?);
    Ok(Target::new(transport, Credentials::of_document(api)))
}

/// What the mock had to own up to is a failure.
pub(crate) fn without_defect(server: &MockServer) -> Result<(), Failed> {
    match server.journal().defects() {
        0 => Ok(()),
        defects => Err(format!("{defects} answers of the mock are not what the document declares").into()),
    }
}
