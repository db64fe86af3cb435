//! `contract clean`: removes what a run left that was cut off.

use std::path::Path;

use super::{
    FAILED, UNREACHABLE,
    arguments::Clean,
    documents::{path, suite},
    failure::Failure,
    server,
};
use crate::{Allow, Given, Pace, Place, Policy, Session, Target, pace::Settings};

pub(super) async fn run(arguments: &Clean, seed: u64) -> Result<u8, Failure> {
    let policy = Policy { place: Place::Live, allow: Allow::ALL, residue: true, given: Given::default(), most: None };
    let opened = Session::resume(&arguments.ledger, policy);
    let (opening, session) = opened.map_err(|error| Failure::new(error, "give the ledger of a run, as the run named it"))?;
    let document = arguments.document.clone().unwrap_or(opening.document);
    let suite = suite(&path(&document)?, seed)?;
    let url = arguments.url.clone().unwrap_or(opening.url);
    let credentials = server::credentials(suite.api(), Place::Here)?;
    let pace = Pace::new(suite.api(), Place::Live, &Settings::default());
    pace.clean();
    let mut target = Target::new(Box::new(pace.around(server::http(&url)?)), credentials);
    target.place = Place::Live;
    let session = std::sync::Arc::new(session);
    target.session = Some(std::sync::Arc::clone(&session));
    let exchanges = session.clean_up(&suite, &target).await;
    Ok(tell(&session, &arguments.ledger, exchanges.iter().all(|exchange| exchange.response.is_err()) && !exchanges.is_empty()))
}

/// Says what is left, and gives the exit code.
fn tell(session: &Session, ledger: &Path, is_silent: bool) -> u8 {
    let residue = session.residue();
    if residue.is_empty() {
        println!("nothing is left of the run; `{}` can go", ledger.display());
        return 0;
    }
    println!("{} of what the run made may be there still:", residue.len());
    for line in &residue {
        println!("  {line}");
    }
    if is_silent {
        eprintln!("error: the server does not answer\nhelp: start it, or name its address by `--url`, and run the same command again");
        return UNREACHABLE;
    }
    FAILED
}
