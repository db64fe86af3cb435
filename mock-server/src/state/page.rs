//! A page of a list.

use super::{Page, PageQuery, Row, table::Table};

pub(super) fn page(table: &Table, query: &PageQuery) -> Page {
    let scope = table.scope(query.parent.as_ref().map(|(position, key)| (*position, key.as_str())));
    if !query.others.is_empty() {
        let rows: Box<dyn Iterator<Item = &Row>> =
            if query.newest_first { Box::new(scope.newest_first(0)) } else { Box::new(scope.oldest_first(0)) };
        return chosen(&rows.filter(|row| hangs_on(row, &query.others)).collect::<Vec<_>>(), query);
    }
    let total = scope.len();
    let after = query.after.as_deref().filter(|_| !query.scan).map(|after| scope.behind(after, query.newest_first));
    if after == Some(None) {
        return Page { total, lost: true, ..Page::default() };
    }
    let skip = if query.scan { 0 } else { after.flatten().unwrap_or(query.skip) };
    let take = query.take.unwrap_or(total);
    let rows = if query.newest_first { cut(scope.newest_first(skip), take) } else { cut(scope.oldest_first(skip), take) };
    let names =
        if query.newest_first { names(scope.newest_first(skip), take, query) } else { names(scope.oldest_first(skip), take, query) };
    Page { rows, names, total, skipped: skip, lost: false }
}

/// The page of rows that were chosen one by one.
fn chosen(rows: &[&Row], query: &PageQuery) -> Page {
    let total = rows.len();
    let after = query.after.as_deref().filter(|_| !query.scan).map(|after| rows.iter().position(|row| row.is_called(after)));
    if after == Some(None) {
        return Page { total, lost: true, ..Page::default() };
    }
    let skip = if query.scan { 0 } else { after.flatten().map_or(query.skip, |position| position + 1) };
    let take = query.take.unwrap_or(total);
    let wanted = || rows.iter().copied().skip(skip);
    Page { rows: cut(wanted(), take), names: names(wanted(), take, query), total, skipped: skip, lost: false }
}

fn hangs_on(row: &Row, parents: &[(usize, String)]) -> bool {
    parents.iter().all(|(position, key)| row.parents.get(*position).and_then(Option::as_deref).is_none_or(|known| known == key))
}

fn cut<'t>(rows: impl Iterator<Item = &'t Row>, take: usize) -> Vec<(bytes::Bytes, bool)> {
    rows.take(take).map(|row| (row.json.clone(), row.conforms)).collect()
}

fn names<'t>(rows: impl Iterator<Item = &'t Row>, take: usize, query: &PageQuery) -> Vec<(Box<str>, u32)> {
    let take = if query.named { take } else { 0 };
    rows.take(take).map(|row| (row.key.clone(), row.version)).collect()
}
