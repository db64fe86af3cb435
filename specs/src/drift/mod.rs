//! A documentation page beside a document: which facts agree, which contradict, what is missing, what is no longer shown.
//!
//! Facts come from [`crate::pages`] and know nothing of a document; the model comes from [`crate::load`] and knows
//! nothing of a page. Here the two meet. First each operation of the page is paired with one of the document, then every
//! fact is looked up at its place and compared, then what the document claims to have from the page is looked for among
//! what the page showed. Every difference has both sides, the line of the page and the place of the document, and the
//! edit that would settle it where one is right.
//!
//! Rejected: turning the page into a document and comparing two documents. A page says a little about much, and what it
//! does not say is not a difference; a document made from it would have to say everything.

mod acceptance;
mod addresses;
mod answers;
mod bodies;
mod claims;
mod credentials;
mod draft;
mod examples;
mod finding;
mod first;
mod ledger;
mod members;
mod mend;
mod merge;
mod pairing;
mod proposal;
mod reach;
mod routes;
mod scene;
mod shape;
mod sites;
mod spot;
#[cfg(test)]
mod tests;
mod unshown;
mod words;
mod written;

pub use finding::{Change, Finding, Held, Report, Shown, Verdict};
pub use first::{First, first};
pub use proposal::{Proposal, propose};

use crate::{
    api::{Api, Loaded},
    document::Document,
    pages::Page,
    validate::Validators,
};
use ledger::Ledger;
use scene::Scene;

/// Less than this and a page is of no document that is there.
const FITS: f64 = 1.0;

/// Compares pages with the document that they are of. Several pages are taken together: what one shows need not be on
/// the other. `None` when the document could not be loaded.
#[must_use]
pub fn compare(pages: &[Page], loaded: &Loaded) -> Option<Report> {
    let (api, document) = (loaded.api.as_ref()?, loaded.document.as_ref()?);
    let validators = Validators::new(api);
    let scenes: Vec<Scene> =
        pages.iter().map(|page| Scene { page, api, document, validators: &validators, pairs: pairing::pairs(page, api) }).collect();
    let mut ledger = Ledger::new(api, document);
    for scene in &scenes {
        addresses::compare(scene, &mut ledger);
        credentials::compare(scene, &mut ledger);
        answers::compare(scene, &mut ledger);
        members::compare(scene, &mut ledger);
        examples::compare(scene, &mut ledger);
    }
    unshown::compare(&scenes, &mut ledger);
    acceptance::prove(&mut ledger);
    acceptance::idle(&scenes, &mut ledger);
    Some(report(pages, api, document, ledger))
}

/// Which of several documents a page is of, by its operations, servers and address; `None` when it resembles none.
#[must_use]
pub fn choose(page: &Page, documents: &[Loaded]) -> Option<usize> {
    let scored = documents.iter().enumerate().filter_map(|(at, loaded)| Some((at, pairing::fitness(page, loaded.api.as_ref()?))));
    scored.filter(|(_, fitness)| *fitness >= FITS).max_by(|one, other| one.1.total_cmp(&other.1)).map(|(at, _)| at)
}

fn report(pages: &[Page], api: &Api, document: &Document, ledger: Ledger) -> Report {
    let mut findings = ledger.findings;
    let page = |finding: &Finding| finding.shown.as_ref().map(|shown| (pages.iter().position(|page| page.name == shown.page), shown.line));
    findings.sort_by_key(|finding| (finding.verdict, finding.shown.is_none(), page(finding), finding.held.line));
    Report {
        pages: pages.iter().map(|page| page.name.clone()).collect(),
        document: api.name.clone(),
        file: document.file.clone(),
        findings,
        agreed: ledger.agreed,
        facts: pages.iter().map(|page| page.facts.len()).sum(),
        unread: pages.iter().flat_map(|page| page.unread.iter().map(|unread| (page.name.clone(), unread.clone()))).collect(),
        lines: pages.iter().map(|page| page.lines).sum(),
    }
}
