//! What is true of a list and its pages.

use serde_json::Value;
use specs::{
    api::{Location, Operation},
    resources::{PageFact, PageStyle, Pagination},
};

use super::same::{brief, kept};
use crate::{
    case::Wanted,
    pages::{self, Page},
    suite::key_in,
    world::{Step, World, blocked, fail, role, skip},
};

/// How many items there are at least when pages are walked, and how many a page holds then.
const ITEMS: usize = 5;
const SIZE: usize = 2;

/// Parents under which there are at least so many items.
async fn filled(world: &World<'_>, list: &Operation, least: usize) -> Step<Vec<(String, Value)>> {
    let role = role(list)?;
    let Some(create) = world.suite.creating(role, None) else {
        let parents = world.draft(list, &Wanted::default()).await?.parents;
        let count = pages::all(world, list, &parents).await?.len();
        return if count < least.min(2) { skip(format!("there are {count} items, and nothing creates more")) } else { Ok(parents) };
    };
    let parents = world.draft(create, &Wanted::default()).await?.parents;
    for _ in 0..least {
        world.make(create, &Wanted { parents: parents.clone(), ..Wanted::default() }).await?;
    }
    Ok(parents)
}

/// The pages visit everything once, in the order of one large page.
pub(super) async fn pages(world: &World<'_>, list: &Operation) -> Step<()> {
    let key = world.suite.key(&role(list)?.resource);
    let parents = filled(world, list, ITEMS).await?;
    let keys =
        |items: Vec<Value>| -> Vec<Value> { items.into_iter().map(|item| key_in(&item, key).cloned().unwrap_or_default()).collect() };
    let whole = keys(pages::all(world, list, &parents).await?);
    let walked = keys(pages::walk(world, list, &parents, Some(SIZE), None).await?.into_iter().flat_map(|page| page.items).collect());
    if let Some((_, twice)) = walked.iter().enumerate().find(|(position, key)| walked[..*position].contains(key)) {
        return fail(format!("{} is on two pages", brief(twice)));
    }
    if let Some(missed) = whole.iter().find(|key| !walked.contains(key)) {
        return fail(format!("{} is on no page of {SIZE}, and on one that holds everything", brief(missed)));
    }
    if walked != whole {
        return fail("the pages have another order than one that holds everything");
    }
    behind(world, list, &parents, whole.len()).await
}

/// Behind the last page there is nothing, whether that is said or refused.
async fn behind(world: &World<'_>, list: &Operation, parents: &[(String, Value)], total: usize) -> Step<()> {
    let Some(pagination) = &role(list)?.pagination else { return Ok(()) };
    let position = match pagination.style {
        PageStyle::Offset => total,
        PageStyle::Page => total.div_ceil(SIZE) + pagination.first,
        PageStyle::Cursor => return Ok(()),
    };
    let named = [(&pagination.position, position), (&pagination.size, SIZE)];
    let parameters = named.into_iter().filter_map(|(name, value)| Some((Location::Query, name.clone()?, value.into()))).collect();
    let response = world.call(list, &Wanted { parents: parents.to_vec(), parameters, ..Wanted::default() }).await?;
    match pages::items(list, &response) {
        Some(items) if !items.is_empty() => fail(format!("a page behind the last one holds {} items", items.len())),
        _ => Ok(()),
    }
}

/// A page holds as many items as were asked for, while there are enough.
pub(super) async fn size(world: &World<'_>, list: &Operation) -> Step<()> {
    let parents = filled(world, list, 3).await?;
    let Some(pagination) = &role(list)?.pagination else { return blocked("nothing says how the list is cut into pages") };
    let Some(name) = &pagination.size else { return blocked("nothing chooses the size of a page") };
    for size in [1, 2].into_iter().filter(|size| pagination.max_size.is_none_or(|most| *size <= most)) {
        let wanted =
            Wanted { parents: parents.clone(), parameters: vec![(Location::Query, name.clone(), size.into())], ..Wanted::default() };
        let count = pages::read(world, list, &wanted, None, 0).await?.items.len();
        if count != size {
            return fail(format!("a page holds {count} items, where `{name}={size}` was asked for"));
        }
    }
    let count = pages::read(world, list, &Wanted { parents, ..Wanted::default() }, None, 0).await?.items.len();
    let most = pagination.default_size;
    if count > most { fail(format!("a page holds {count} items, where the default is {most}")) } else { Ok(()) }
}

/// What each page says about itself is true.
pub(super) async fn fact(world: &World<'_>, list: &Operation, fact: PageFact, place: &str) -> Step<()> {
    let parents = filled(world, list, ITEMS).await?;
    let Some(pagination) = &role(list)?.pagination else { return blocked("nothing says how the list is cut into pages") };
    let size = pagination.size.is_some().then_some(SIZE);
    let walked = pages::walk(world, list, &parents, size, None).await?;
    let total: usize = walked.iter().map(|page| page.items.len()).sum();
    let size = size.unwrap_or(pagination.default_size);
    for page in &walked {
        let said = page.body.pointer(place).cloned().unwrap_or_default();
        let Some(due) = due(fact, pagination, page, total, size) else { continue };
        if !due.is_met(&said) {
            return fail(format!("`{place}` is {}, where {due} is due, on the page after {} of {total} items", brief(&said), page.skipped));
        }
    }
    Ok(())
}

/// What a page fact has to be.
enum Due {
    Exactly(Value),
    Something,
    Nothing,
}

impl Due {
    fn is_met(&self, said: &Value) -> bool {
        let is_nothing = said.is_null() || *said == "";
        match self {
            Self::Exactly(value) => kept(value, said),
            Self::Something => !is_nothing,
            Self::Nothing => is_nothing,
        }
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(value) => write!(f, "`{value}`"),
            Self::Something => f.write_str("a position"),
            Self::Nothing => f.write_str("null"),
        }
    }
}

/// `None`: nothing follows for this page, as for an empty one behind the last.
fn due(fact: PageFact, pagination: &Pagination, page: &Page, total: usize, size: usize) -> Option<Due> {
    let count = page.items.len();
    let more = page.skipped + count < total;
    if count == 0 && !matches!(fact, PageFact::HasMore | PageFact::Total) {
        return None;
    }
    Some(match fact {
        PageFact::HasMore => Due::Exactly(more.into()),
        PageFact::Total => Due::Exactly(total.into()),
        PageFact::Count => Due::Exactly(count.into()),
        PageFact::Size => Due::Exactly(size.into()),
        PageFact::Pages => Due::Exactly(total.div_ceil(size.max(1)).into()),
        PageFact::Position if pagination.style == PageStyle::Cursor => return None,
        PageFact::Position => Due::Exactly(page.position.clone()?),
        PageFact::Next if !more => Due::Nothing,
        PageFact::Next => match pagination.style {
            PageStyle::Offset => Due::Exactly((page.skipped + count).into()),
            PageStyle::Page => Due::Exactly((page.position.as_ref()?.as_u64()? + 1).into()),
            PageStyle::Cursor => Due::Something,
        },
    })
}
