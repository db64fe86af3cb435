//! The edits of a document that would settle what differs, as text that a person can read before anything is changed.
//!
//! One finding is settled at a time: its edit is made in memory, the document is loaded, linted and compared again, and
//! only an edit that breaks nothing and silences its finding is kept. So edits never meet in the same place, what
//! followed from a difference goes with it, and a proposal can be applied without a second look at whether the document
//! still loads. It costs a comparison for each finding, and findings are few.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    api::Loaded,
    document::{Beside, Document, Source},
    edit::{self, Edit, Edited},
    lint,
    pages::Page,
    pointer,
};

use super::{Change, Finding, Report, Verdict, compare, mend};

/// More findings than this are not settled one by one: such a page is of another document.
const MOST: usize = 500;

/// What is proposed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proposal {
    /// The files that change, with both texts.
    pub files: Vec<Edited>,
    /// How many findings that settles.
    pub settled: usize,
    /// The findings that no edit settles, each with the reason.
    pub left: Vec<(Finding, String)>,
}

/// Proposes edits for the findings of these pages. `None` when the document could not be loaded.
#[must_use]
pub fn propose(pages: &[Page], source: &Source) -> Option<Proposal> {
    let mut now = Draft::of(pages, source.clone())?;
    let mut tried: BTreeSet<String> = BTreeSet::new();
    let mut proposal = Proposal::default();
    loop {
        let next = now.report.open().find(|finding| !tried.contains(&key(finding))).cloned();
        let Some(finding) = next else { break };
        tried.insert(key(&finding));
        if tried.len() > MOST {
            proposal.left.push((finding, "there are too many findings; is this the right document".to_owned()));
            break;
        }
        match settle(pages, &now, &finding) {
            Ok(better) => {
                now = better;
                proposal.settled += 1;
            }
            Err(reason) => proposal.left.push((finding, reason)),
        }
    }
    // What could not be settled at first may have gone with something else.
    let open: BTreeSet<String> = now.report.open().map(key).collect();
    proposal.left.retain(|(finding, _)| open.contains(&key(finding)));
    proposal.files = changed(source, &now);
    Some(proposal)
}

fn key(finding: &Finding) -> String {
    let operation = finding.operation.as_deref().unwrap_or_default();
    format!("{} {} {operation} {} {}", finding.verdict.as_str(), finding.rule, finding.subject, finding.message)
}

/// A document as it would be, and what would differ then.
struct Draft {
    source: Source,
    loaded: Loaded,
    report: Report,
    /// The files that were changed so far.
    files: BTreeMap<String, Edited>,
}

impl Draft {
    fn of(pages: &[Page], source: Source) -> Option<Self> {
        let loaded = lint::check(&source);
        let report = compare(pages, &loaded)?;
        Some(Self { source, loaded, report, files: BTreeMap::new() })
    }

    fn document(&self) -> Option<&Document> {
        self.loaded.document.as_ref()
    }

    /// The same with edits.
    fn with(&self, pages: &[Page], edits: &[Edit]) -> Result<Self, String> {
        let document = self.document().ok_or("the document cannot be read")?;
        let edited = edit::edit(document, &self.source, edits).map_err(|refused| refused.to_string())?;
        let mut files = self.files.clone();
        for one in &edited {
            let first = files.entry(one.file.clone()).or_insert_with(|| one.clone());
            first.after.clone_from(&one.after);
        }
        let source = rewritten(&self.source, document, &edited);
        let draft = Self::of(pages, source).ok_or("the document could no longer be loaded")?;
        Ok(Self { files, ..draft })
    }

    /// The problems by rule and message, counted: places move as texts are edited.
    fn problems(&self) -> BTreeMap<(&str, &str), usize> {
        let mut found = BTreeMap::new();
        for problem in &self.loaded.problems {
            *found.entry((problem.rule, problem.message.as_str())).or_default() += 1;
        }
        found
    }

    /// The first problem that the other one does not have.
    fn new_problem(&self, before: &Self) -> Option<String> {
        let known = before.problems();
        let found = self.problems();
        let new = found.into_iter().find(|(problem, count)| known.get(problem).is_none_or(|known| known < count));
        new.map(|((rule, message), _)| format!("the edit would break `{rule}`: {message}"))
    }
}

fn settle(pages: &[Page], now: &Draft, finding: &Finding) -> Result<Draft, String> {
    let mut reason = "no single edit is right".to_owned();
    for changes in alternatives(finding) {
        match attempt(pages, now, finding, &changes) {
            Ok(draft) => return Ok(draft),
            Err(why) => reason = why,
        }
    }
    Err(reason)
}

/// What settles a finding: its remedy; else what is no longer shown is marked as no longer known from the page.
fn alternatives(finding: &Finding) -> Vec<Vec<Change>> {
    let mut found = vec![finding.remedy.clone()];
    if finding.verdict == Verdict::NoLongerShown {
        found.push(vec![Change::Set(pointer::join(&finding.held.pointer, "x-evidence"), json!("inferred"))]);
    }
    found.retain(|changes| !changes.is_empty());
    found
}

fn attempt(pages: &[Page], now: &Draft, finding: &Finding, changes: &[Change]) -> Result<Draft, String> {
    let document = now.document().ok_or("the document cannot be read")?;
    let edits = changes.iter().map(|change| edit_of(&document.value, change)).collect::<Option<Vec<_>>>();
    let edits = edits.ok_or("the place cannot be edited")?;
    let mut draft = now.with(pages, &edits)?;
    // Examples follow what they are examples of; one round may uncover the next.
    for _ in 0..3 {
        let mut edits = mend::examples(&now.loaded, &draft.loaded);
        edits.extend(mend::absent(&draft.loaded).into_iter().filter(|edit| pointer::get(&document.value, edit.at()).is_none()));
        if edits.is_empty() {
            break;
        }
        draft = draft.with(pages, &edits)?;
    }
    if let Some(reason) = draft.new_problem(now) {
        return Err(reason);
    }
    if draft.report.open().any(|open| key(open) == key(finding)) {
        return Err("the edit would not settle it".to_owned());
    }
    let (before, after) = (now.report.open().count(), draft.report.open().count());
    // What is added may uncover what it stands in for, and that is settled next.
    // An example that no longer fits what its own page says in a field is the page's affair, and that what was inferred is
    // proven now is settled next as well.
    let known: BTreeSet<String> = now.report.open().map(key).collect();
    let is_minor = |open: &&Finding| open.rule == "example" || open.verdict == Verdict::Proven;
    let only_minor = draft.report.open().filter(|open| !known.contains(&key(open))).all(|open| is_minor(&open));
    let is_better = after < before || (after == before && (finding.verdict == Verdict::Missing || (only_minor && !is_minor(&finding))));
    if is_better { Ok(draft) } else { Err("the edit would make as many differences as it settles".to_owned()) }
}

/// A change as an edit of what stands there.
fn edit_of(value: &Value, change: &Change) -> Option<Edit> {
    Some(match change {
        Change::Remove(at) => Edit::Remove { at: at.clone() },
        Change::Rename(at, key) => Edit::Rename { at: at.clone(), key: key.clone() },
        Change::Append(at, value) => Edit::Append { at: at.clone(), value: value.clone() },
        Change::Set(at, new) if pointer::get(value, at).is_some() => Edit::Set { at: at.clone(), value: new.clone() },
        Change::Set(at, new) => {
            let (mut holder, mut key) = pointer::split_last(at).map(|(holder, key)| (holder.to_owned(), key))?;
            let mut new = new.clone();
            // Objects on the way that are not there are made with it.
            while pointer::get(value, &holder).is_none() {
                new = json!({ key: new });
                (holder, key) = pointer::split_last(&holder).map(|(above, name)| (above.to_owned(), name))?;
            }
            pointer::get(value, &holder)?.as_object()?;
            Edit::Insert { at: holder, key, value: new, after: None }
        }
    })
}

/// The source with its files as they were edited.
fn rewritten(source: &Source, document: &Document, edited: &[Edited]) -> Source {
    let text_of = |file: &str| edited.iter().find(|one| one.file == file).map(|one| one.after.clone());
    let mut made = source.clone();
    if let Some(text) = text_of(&source.file) {
        made.text = text;
    }
    for overlay in &mut made.overlays {
        if let Some(text) = text_of(&overlay.file) {
            overlay.text = text;
        }
    }
    let is_beside = document.beside().any(|path| text_of(&source.path_of(path)).is_some());
    if is_beside {
        let texts = document.beside().filter_map(|path| {
            let text = text_of(&source.path_of(path)).or_else(|| source.beside(path).ok())?;
            Some((path.to_owned(), text))
        });
        made.beside = Beside::Texts(texts.collect());
    }
    made
}

fn changed(source: &Source, now: &Draft) -> Vec<Edited> {
    let mut files: Vec<Edited> = now.files.values().filter(|one| one.before != one.after).cloned().collect();
    files.sort_by_key(|one| one.file != source.file);
    files
}
