//! Lists: which rows, which page of them, and what the response tells about the page.

use bytes::Bytes;
use serde_json::{Map, Value, json};
use specs::resources::{PageFact, PageStyle};

use super::{
    super::{filter, kind::Kind, plan},
    Deciding, Decision, Outcome, fill_made,
};

impl Deciding<'_> {
    pub(super) fn list(&self) -> Decision {
        let page = &self.snapshot.page;
        if let Some((link, key)) = self.absent_parent() {
            return Err(self.no_parent(&link, &key.0, key.1));
        }
        let (skip, take) = plan::window(self.validated, self.role)?;
        let mut outcome = Outcome { rows_conform: true, ..Outcome::default() };
        let filters: Vec<_> = plan::active(self.validated, self.role).collect();
        let chosen: Vec<(Bytes, bool)>;
        let total;
        if page.total > page.rows.len() && page.rows.len() >= plan::SCAN {
            outcome.notes.push(format!("filters looked at {} of {} rows", page.rows.len(), page.total));
        }
        if plan::scans(self.validated, self.role) {
            let kept: Vec<_> = page.rows.iter().filter(|(row, _)| matches_all(row, &filters, self.kind)).cloned().collect();
            outcome.notes.push(format!("filters looked at {} rows", page.rows.len()));
            total = kept.len();
            chosen = kept.into_iter().skip(skip).take(take.unwrap_or(usize::MAX)).collect();
        } else {
            total = page.total;
            chosen = page.rows.clone();
        }
        outcome.filling.facts = self.facts(skip, take, chosen.len(), total);
        outcome.rows_conform = chosen.iter().all(|(_, conforms)| *conforms);
        outcome.filling.items = chosen.into_iter().map(|(row, _)| self.projected(row)).collect();
        fill_made(self.validated.operation, self.shared, self.snapshot, None, &mut outcome);
        Ok((outcome, Vec::new()))
    }

    fn facts(&self, skip: usize, take: Option<usize>, shown: usize, total: usize) -> Vec<(PageFact, Value)> {
        let Some(paging) = &self.role.pagination else {
            return vec![(PageFact::HasMore, json!(false)), (PageFact::Total, json!(total)), (PageFact::Count, json!(shown))];
        };
        let size = take.unwrap_or(total).max(1);
        let next_skip = skip.saturating_add(shown);
        // A page of no size leads nowhere, and whoever goes on until there is no more would never end.
        let has_more = shown > 0 && next_skip < total;
        let position = match paging.style {
            PageStyle::Offset => json!(skip),
            PageStyle::Page => json!((skip / size).saturating_add(1)),
            PageStyle::Cursor => json!(plan::to_cursor(skip)),
        };
        let next = match paging.style {
            _ if !has_more => Value::Null,
            PageStyle::Offset => json!(next_skip),
            PageStyle::Page => json!((skip / size).saturating_add(2)),
            PageStyle::Cursor => json!(plan::to_cursor(next_skip)),
        };
        vec![
            (PageFact::HasMore, json!(has_more)),
            (PageFact::Total, json!(total)),
            (PageFact::Position, position),
            (PageFact::Size, json!(take.unwrap_or(total))),
            (PageFact::Count, json!(shown)),
            (PageFact::Pages, json!(total.div_ceil(size))),
            (PageFact::Next, next),
        ]
    }

    /// The row with only the properties that the request asks for, and those that the schema requires.
    pub(super) fn projected(&self, row: Bytes) -> Bytes {
        let asked = self.role.fields.as_deref().and_then(|name| self.validated.input.parameter(specs::api::Location::Query, name));
        let Some(asked) = asked else { return row };
        let names = filter::values(asked);
        let Ok(mut map) = serde_json::from_slice::<Map<String, Value>>(&row) else { return row };
        map.retain(|name, _| self.kind.required.contains(name) || names.iter().any(|asked| asked.as_str() == Some(name)));
        serde_json::to_vec(&map).map_or(row, Bytes::from)
    }
}

fn matches_all(row: &Bytes, filters: &[(&specs::resources::Filter, Option<usize>, &Value)], kind: &Kind) -> bool {
    let Ok(row) = serde_json::from_slice::<Map<String, Value>>(row) else { return false };
    filters.iter().all(|(filter, link, wanted)| {
        // A parent that the row does not show was chosen by the scope.
        link.is_some() && !filter.properties.iter().any(|property| kind.shows(property))
            || filter.properties.iter().any(|property| filter::keeps(filter.comparison, row.get(property), wanted))
    })
}
