//! Where a page stands among the others: positions, addresses and headers.

use http::{HeaderName, HeaderValue};
use serde_json::{Value, json};
use specs::resources::{PageFact, PageHeader, PageLink, PageStyle, Pagination};

use super::{
    super::{Request, links, plan},
    list::Cut,
};

/// A page among the others.
pub(super) struct Turn<'a> {
    pub(super) paging: &'a Pagination,
    pub(super) cut: &'a Cut,
    /// How many rows a page holds, at least one.
    pub(super) size: usize,
    /// The key of its last row, where that is the cursor.
    pub(super) last: Option<Value>,
}

impl Turn<'_> {
    /// A page of no size leads nowhere, and whoever goes on until there is no more would never end.
    pub(super) fn has_more(&self) -> bool {
        !self.cut.rows.is_empty() && self.behind() < self.cut.total
    }

    pub(super) fn position(&self) -> Value {
        self.at(self.cut.skip)
    }

    pub(super) fn next(&self) -> Value {
        match &self.last {
            _ if !self.has_more() => Value::Null,
            Some(key) => key.clone(),
            None if self.paging.style == PageStyle::Page => json!((self.cut.skip / self.size).saturating_add(self.paging.first + 1)),
            None => self.at(self.behind()),
        }
    }

    fn behind(&self) -> usize {
        self.cut.skip.saturating_add(self.cut.rows.len())
    }

    /// The position of the page that passes over so many rows, as the parameter counts.
    fn at(&self, skip: usize) -> Value {
        match self.paging.style {
            PageStyle::Offset => json!(skip),
            PageStyle::Page => json!((skip / self.size).saturating_add(self.paging.first)),
            PageStyle::Cursor => json!(plan::to_cursor(skip)),
        }
    }

    /// The address of a page, where there is such a page.
    pub(super) fn link(&self, link: PageLink, request: &Request) -> Option<String> {
        if link == PageLink::Own {
            return Some(links::itself(request));
        }
        let parameter = self.paging.position.as_deref()?;
        let skip = self.cut.skip;
        let position = match link {
            PageLink::Own | PageLink::First => return Some(links::turned(request, parameter, None)),
            PageLink::Next => Some(self.next()).filter(|next| !next.is_null())?,
            PageLink::Previous if skip == 0 || self.paging.after_key => return None,
            PageLink::Previous => self.at(skip.saturating_sub(self.size)),
            PageLink::Last if self.paging.after_key => return None,
            PageLink::Last => self.at(self.cut.total.saturating_sub(1) / self.size * self.size),
        };
        Some(links::turned(request, parameter, plan::key_text(&position).as_deref()))
    }

    /// The declared headers that tell about the page.
    pub(super) fn headers(&self, request: &Request, facts: &[(PageFact, Value)]) -> Vec<(HeaderName, HeaderValue)> {
        let value = |header: &PageHeader| match header {
            PageHeader::Fact(fact) => facts.iter().find(|(known, _)| known == fact).and_then(|(_, value)| plan::key_text(value)),
            PageHeader::Links => {
                let all = [PageLink::First, PageLink::Previous, PageLink::Next, PageLink::Last];
                let is_alone = !self.has_more() && self.cut.skip == 0;
                let all = all.into_iter().filter(|_| !is_alone);
                let each = all.filter_map(|link| Some(format!("<{}>; rel=\"{}\"", self.link(link, request)?, link.as_str())));
                Some(each.collect::<Vec<_>>().join(", ")).filter(|links| !links.is_empty())
            }
        };
        let all = self.paging.headers.iter();
        all.filter_map(|(header, name)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value(header)?).ok()?))).collect()
    }
}
