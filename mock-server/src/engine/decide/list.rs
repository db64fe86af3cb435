//! Lists: which rows, which page of them, and what the response tells about the page.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use specs::resources::{PageFact, PageLink};

use super::{
    super::{filter, json as text, kind::Kind, plan, role::Criterion, sort},
    Deciding, Decision, Outcome, fill_made,
    turn::Turn,
};
use crate::state::Write;

impl Deciding<'_> {
    pub(super) fn list(&self) -> Decision {
        let page = &self.snapshot.page;
        if let Some((link, key)) = self.absent_parent() {
            return Err(self.no_parent(&link, &key.0, key.1));
        }
        let window = plan::window(self.validated, self.role)?;
        let mut outcome = Outcome { rows_conform: true, ..Outcome::default() };
        if page.total > page.rows.len() && page.rows.len() >= plan::SCAN {
            outcome.notes.push(format!("filters looked at {} of {} rows", page.rows.len(), page.total));
        }
        let order = sort::wanted(self.validated, self.role, self.kind);
        let unknown = order.iter().flat_map(|order| &order.unknown);
        outcome.notes.extend(unknown.map(|name| format!("the list is not sorted by `{name}`: an item has no such property")));
        let by = order.map(|order| order.by).unwrap_or_default();
        let vanish = self.orders.map_or(0, |orders| orders.vanish);
        let mut gone = Vec::new();
        let cut = if vanish == 0 && by.is_empty() && !plan::scans(self.validated, self.role) {
            Cut { skip: page.skipped, total: page.total, rows: page.rows.clone(), is_lost: page.lost }
        } else {
            outcome.notes.push(format!("filters looked at {} rows", page.rows.len()));
            self.scanned(&by, &window, vanish, &mut gone)
        };
        outcome.vanished = gone.len();
        if cut.is_lost {
            let position = self.role.pagination.as_ref().and_then(|paging| paging.position.as_deref());
            return Err(plan::unknown_cursor(self.validated.operation, position));
        }
        self.tell(&cut, &window, &mut outcome);
        outcome.rows_conform = cut.rows.iter().all(|(_, conforms)| *conforms);
        outcome.filling.items = cut.rows.into_iter().map(|(row, _)| self.projected(row)).collect();
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, gone))
    }

    /// The page of the rows that are asked for, in the order asked for. If rows are to vanish, those go that stand before
    /// the page, so that it begins later than a client believes who counts; those behind it, for one who names the last.
    fn scanned(&self, by: &[sort::By], window: &plan::Window, vanish: usize, gone: &mut Vec<Write>) -> Cut {
        let filters: Vec<_> = plan::active(self.validated, self.role).collect();
        let read = |(position, (row, conforms)): (usize, &(Bytes, bool))| {
            Some(Found { value: serde_json::from_slice(row).ok()?, row: row.clone(), conforms: *conforms, position })
        };
        let mut kept: Vec<Found> = self.snapshot.page.rows.iter().enumerate().filter_map(read).collect();
        kept.retain(|found| matches_all(&found.value, &filters, self.kind));
        if !by.is_empty() {
            kept.sort_by(|left, right| sort::compare(by, &left.value, &right.value));
        }
        let is_last = |row: &Value, after: &String| self.kind.key_in(row).and_then(plan::key_text).as_ref() == Some(after);
        let behind = window.after.as_ref().map(|after| kept.iter().position(|found| is_last(&found.value, after)).map(|at| at + 1));
        let skip = behind.flatten().unwrap_or(window.skip);
        if vanish > 0 && (1..=kept.len()).contains(&skip) {
            let range = if behind.is_some() { skip..(skip + vanish).min(kept.len()) } else { skip.saturating_sub(vanish)..skip };
            let removed = kept.drain(range).filter_map(|found| self.snapshot.page.names.get(found.position).cloned());
            gone.extend(removed.map(|(key, version)| Write::Delete { resource: self.role.kind, key, version }));
        }
        let total = kept.len();
        let rows = kept.into_iter().skip(skip).take(window.take.unwrap_or(usize::MAX));
        Cut { skip, total, rows: rows.map(|found| (found.row, found.conforms)).collect(), is_lost: behind == Some(None) }
    }

    /// What body and headers tell about the page.
    fn tell(&self, cut: &Cut, window: &plan::Window, outcome: &mut Outcome) {
        let (shown, total, take) = (cut.rows.len(), cut.total, window.take);
        let Some(paging) = &self.role.pagination else {
            outcome.filling.facts =
                vec![(PageFact::HasMore, json!(false)), (PageFact::Total, json!(total)), (PageFact::Count, json!(shown))];
            return;
        };
        let turn = Turn { paging, cut, size: take.unwrap_or(total).max(1), last: self.last_key(cut) };
        outcome.filling.facts = vec![
            (PageFact::HasMore, json!(turn.has_more())),
            (PageFact::Total, json!(total)),
            (PageFact::Position, turn.position()),
            (PageFact::Size, json!(take.unwrap_or(total))),
            (PageFact::Count, json!(shown)),
            (PageFact::Pages, json!(total.div_ceil(turn.size))),
            (PageFact::Next, turn.next()),
        ];
        if !paging.links.is_empty() || !paging.headers.is_empty() {
            let link = |link: PageLink| turn.link(link, self.validated.request);
            outcome.filling.links = paging.links.iter().map(|(known, _)| (*known, link(*known))).collect();
            outcome.headers = turn.headers(self.validated.request, &outcome.filling.facts);
        }
    }

    fn last_key(&self, cut: &Cut) -> Option<Value> {
        let (row, _) = cut.rows.last().filter(|_| self.role.pagination.as_ref().is_some_and(|paging| paging.after_key))?;
        self.kind.key_in(&serde_json::from_slice(row).ok()?).cloned()
    }

    /// The row with only the properties that the request asks for, and those that the schema requires.
    pub(super) fn projected(&self, row: Bytes) -> Bytes {
        let asked = self.role.fields.as_deref().and_then(|name| self.validated.input.parameter(specs::api::Location::Query, name));
        let Some(asked) = asked else { return row };
        let names = filter::values(asked);
        let Ok(mut map) = serde_json::from_slice::<Map<String, Value>>(&row) else { return row };
        map.retain(|name, _| self.kind.required.contains(name) || names.iter().any(|asked| asked.as_str() == Some(name)));
        text::object(&map)
    }
}

/// A row that was looked at.
struct Found {
    value: Value,
    row: Bytes,
    conforms: bool,
    /// Its position among those that were looked at.
    position: usize,
}

/// A page of a list.
pub(super) struct Cut {
    pub(super) skip: usize,
    pub(super) total: usize,
    pub(super) rows: Vec<(Bytes, bool)>,
    /// Whether no row has the key that the page should begin behind.
    is_lost: bool,
}

fn matches_all(row: &Value, filters: &[(&Criterion, &Value)], kind: &Kind) -> bool {
    filters.iter().all(|(criterion, wanted)| {
        // A parent that the row does not show was chosen by the scope.
        criterion.link.is_some() && !criterion.properties.iter().any(|property| kind.shows(property))
            || criterion.properties.iter().any(|property| filter::keeps(criterion.comparison, filter::property(row, property), wanted))
    })
}
