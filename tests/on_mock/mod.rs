//! A mock as the target of cases and scripts, which must not have to own up to a defect.

use contract::{Credentials, Given, Http, Target};
use libtest_mimic::Failed;
use mock_server::MockServer;
use specs::Api;

/// The mock's server of a document, with the credentials that the document offers.
pub(crate) fn target(server: &MockServer, api: &Api) -> Result<Target, Failed> {
    let transport = Box::new(Http::new(&server.base_url(&api.name))?);
    Ok(Target { transport, credentials: Credentials::of_document(api), given: Given::default() })
}

/// What the mock had to own up to is a failure.
pub(crate) fn without_defect(server: &MockServer) -> Result<(), Failed> {
    match server.journal().defects() {
        0 => Ok(()),
        defects => Err(format!("{defects} answers of the mock are not what the document declares").into()),
    }
}
