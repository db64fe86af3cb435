//! What is true of a list and its pages.
//!
//! On a server that nobody else uses the list as a whole is judged. In somebody's account rows come and go while a case
//! looks, so that there only what the case made counts.

use serde_json::Value;
use specs::{
    api::{Location, Operation},
    resources::{Aspect, PageFact, PageStyle, Pagination},
};

use super::same::{brief, kept};
use crate::{
    case::{Failure, Wanted},
    pages::{self, Asked, Page},
    suite::{Suite, key_in},
    world::{Made, Step, Stop, World, blocked, fail, role, skip},
};

/// How many items there are at least when pages are walked, and how many a page holds then.
const ITEMS: usize = 5;
const SIZE: usize = 2;
/// How many items are made at most to see how large a page is.
const MANY: usize = 30;

/// Parents, and what was made under them.
pub(super) struct Filled {
    pub(super) parents: Vec<(String, Value)>,
    pub(super) own: Vec<Made>,
}

/// Parents under which there are at least so many items.
pub(super) async fn filled(world: &World<'_>, list: &Operation, least: usize) -> Step<Filled> {
    let role = role(list)?;
    let Some(create) = world.suite.creating(role, None) else {
        let parents = world.draft(list, &Wanted::default()).await?.parents;
        let count = pages::some(world, list, &parents).await?.0.len();
        let least = least.min(2);
        return if count < least {
            skip(format!("there are {count} items, and nothing creates more"))
        } else {
            Ok(Filled { parents, own: Vec::new() })
        };
    };
    let parents = world.draft(create, &Wanted::default()).await?.parents;
    let mut own = Vec::new();
    for _ in 0..least {
        own.push(world.make_another(create, &Wanted { parents: parents.clone(), ..Wanted::default() }).await?);
    }
    Ok(Filled { parents, own })
}

/// The pages visit everything once, in the order of one large page.
pub(super) async fn pages(world: &World<'_>, list: &Operation) -> Step<()> {
    let filled = filled(world, list, ITEMS).await?;
    world.settled_list(async || visit(world, list, &filled).await).await
}

async fn visit(world: &World<'_>, list: &Operation, filled: &Filled) -> Step<()> {
    let role = role(list)?;
    let items = role.items.clone().unwrap_or_default();
    let key = world.suite.key(&role.resource);
    let keys = |items: Vec<Value>| -> Vec<Value> { items.iter().map(|item| key_in(item, key).cloned().unwrap_or_default()).collect() };
    let asked = Asked { parents: &filled.parents, size: Some(SIZE), by: &[] };
    let has = |pages: &[Page], made: &Made| pages.iter().flat_map(|page| &page.items).any(|item| key_in(item, key) == Some(&made.key));
    // The further a walk among the rows of others goes, the more of them come and go meanwhile.
    let is_enough = |pages: &[Page]| world.is_shared() && filled.own.iter().all(|made| has(pages, made));
    let (walked, is_whole) = pages::walk(world, list, &asked, is_enough).await?;
    let walked = keys(walked.into_iter().flat_map(|page| page.items).collect());
    let is_own = |key: &Value| filled.own.iter().any(|made| made.key == *key);
    let repeated = walked.iter().enumerate().filter(|(_, key)| !world.is_shared() || is_own(key));
    if let Some((_, twice)) = repeated.into_iter().find(|(position, key)| walked[..*position].contains(key)) {
        let twice = brief(twice);
        return fail(Failure::at(items, format!("{twice} once"), "twice", format!("{twice} is on two pages")));
    }
    if let Some(missed) = filled.own.iter().find(|made| !walked.contains(&made.key)) {
        if !is_whole {
            return pages::too_long(list);
        }
        let missed = brief(&missed.key);
        return fail(Failure::at(items, &missed, "nothing", format!("{missed} was created, and is on no page of {SIZE}")));
    }
    if world.is_shared() {
        return Ok(());
    }
    let whole = keys(pages::all(world, list, &filled.parents).await?);
    if let Some(missed) = whole.iter().find(|key| !walked.contains(key)) {
        let missed = brief(missed);
        let what = format!("{missed} is on no page of {SIZE}, and on one that holds everything");
        return fail(Failure::at(items, &missed, "nothing", what));
    }
    if walked != whole {
        let (due, got) = (brief(&whole.clone().into()), brief(&walked.into()));
        return fail(Failure::at(items, due, got, "the pages have another order than one that holds everything"));
    }
    behind(world, list, &filled.parents, whole.len()).await
}

/// Behind the last page there is nothing, whether that is said or refused.
async fn behind(world: &World<'_>, list: &Operation, parents: &[(String, Value)], total: usize) -> Step<()> {
    let role = role(list)?;
    let Some(pagination) = &role.pagination else { return Ok(()) };
    let position = match pagination.style {
        PageStyle::Offset => total,
        PageStyle::Page => total.div_ceil(SIZE) + pagination.first,
        PageStyle::Cursor => return Ok(()),
    };
    let named = [(&pagination.position, position), (&pagination.size, SIZE)];
    let parameters = named.into_iter().filter_map(|(name, value)| Some((Location::Query, name.clone()?, value.into()))).collect();
    let response = world.call(list, &Wanted { parents: parents.to_vec(), parameters, ..Wanted::default() }).await?;
    match pages::items(list, &response) {
        Some(found) if !found.is_empty() => {
            let (place, count) = (role.items.clone().unwrap_or_default(), found.len());
            fail(Failure::at(place, "no items", count.to_string(), format!("a page behind the last one holds {count} items")))
        }
        _ => Ok(()),
    }
}

/// Whether the document says how many items a page holds that is not asked for any number.
fn knows_default(suite: &Suite, list: &Operation, pagination: &Pagination) -> bool {
    let declared = specs::pointer::get(suite.api.schemas.root(), &format!("{}/x-pagination/default", list.pointer));
    let parameter = list.parameters.iter().find(|known| Some(&known.name) == pagination.size.as_ref());
    let schema = parameter.and_then(|parameter| parameter.schema.as_ref());
    let default = schema.and_then(|schema| suite.api.schemas.resolve(schema).1.get("default"));
    declared.or(default).is_some_and(|default| default.as_u64() == u64::try_from(pagination.default_size).ok())
}

/// A page holds as many items as were asked for, while there are enough; with the largest number too, and without any.
pub(super) async fn size(world: &World<'_>, list: &Operation) -> Step<()> {
    let role = role(list)?;
    let Some(pagination) = &role.pagination else { return blocked("nothing says how the list is cut into pages") };
    let Some(name) = &pagination.size else { return blocked("nothing chooses the size of a page") };
    let default = knows_default(world.suite, list, pagination).then_some(pagination.default_size);
    let is_worth = |size: &usize| *size < MANY && !world.is_shared();
    // One more than fits shows that a page ends where it should.
    let least = default.into_iter().chain(pagination.max_size).filter(is_worth).map(|size| size + 1).max().unwrap_or(3).max(3);
    let filled = filled(world, list, least).await?;
    let known = filled.own.len().max(least.min(2));
    let is_stated = role.why.iter().any(|why| why.about == Aspect::Size && !why.is_assumed());
    let largest = pagination.max_size.filter(|most| is_stated && *most > SIZE && *most <= 1_000);
    let sizes: Vec<usize> = [1, SIZE].into_iter().filter(|size| pagination.max_size.is_none_or(|most| *size <= most)).collect();
    world
        .settled_list(async || {
            for size in &sizes {
                is_obeyed(world, list, &filled.parents, name, *size, known).await?;
            }
            if let Some(largest) = largest {
                match is_obeyed(world, list, &filled.parents, name, largest, known).await {
                    // Whether it may be asked for has a case of its own.
                    Err(Stop::Blocked(_)) => {}
                    obeyed => obeyed?,
                }
            }
            let wanted = Wanted { parents: filled.parents.clone(), ..Wanted::default() };
            let count = pages::read(world, list, &wanted, None, 0).await?.items.len();
            match default {
                Some(most) if count > most || count < most.min(known) => {
                    let what = format!("a page holds {count} items, where the default is {most} and there are {known} at least");
                    fail(Failure::at(role.items.clone().unwrap_or_default(), most.to_string(), count.to_string(), what))
                }
                _ => Ok(()),
            }
        })
        .await
}

/// That a page of this size holds as many items, of `known` that there are at least.
async fn is_obeyed(world: &World<'_>, list: &Operation, parents: &[(String, Value)], name: &str, size: usize, known: usize) -> Step<()> {
    let wanted =
        Wanted { parents: parents.to_vec(), parameters: vec![(Location::Query, name.to_owned(), size.into())], ..Wanted::default() };
    let count = pages::read(world, list, &wanted, None, 0).await?.items.len();
    if count <= size && count >= size.min(known) {
        return Ok(());
    }
    let due = if size <= known { size.to_string() } else { format!("{known} to {size}") };
    let what = format!("a page holds {count} items, where `{name}={size}` was asked for and there are {known} at least");
    fail(Failure::at(role(list)?.items.clone().unwrap_or_default(), due, count.to_string(), what))
}

/// What each page says about itself is true.
pub(super) async fn fact(world: &World<'_>, list: &Operation, fact: PageFact, place: &str) -> Step<()> {
    let filled = filled(world, list, ITEMS).await?;
    world.settled_list(async || is_true(world, list, &filled, fact, place).await).await
}

async fn is_true(world: &World<'_>, list: &Operation, filled: &Filled, fact: PageFact, place: &str) -> Step<()> {
    let role = role(list)?;
    let Some(pagination) = &role.pagination else { return blocked("nothing says how the list is cut into pages") };
    let size = pagination.size.is_some().then_some(SIZE);
    let (walked, is_whole) = pages::walk(world, list, &Asked { parents: &filled.parents, size, by: &[] }, |_| false).await?;
    let key = world.suite.key(&role.resource);
    let own = |page: &Page| filled.own.iter().filter(|made| page.items.iter().any(|item| key_in(item, key) == Some(&made.key))).count();
    let listed: usize = walked.iter().map(|page| page.items.len()).sum();
    if !world.is_shared() && walked.iter().map(own).sum::<usize>() < filled.own.len() {
        return blocked("not everything that was created is listed");
    }
    let total = Total { listed, own: filled.own.len(), is_shared: world.is_shared() || !is_whole };
    let size = size.unwrap_or(pagination.default_size);
    let mut seen = 0;
    for page in &walked {
        seen += own(page);
        let said = page.body.pointer(place).cloned().unwrap_or_default();
        let Some(due) = due(fact, pagination, page, &total, seen, size) else { continue };
        if !due.is_met(&said) {
            let (got, skipped) = (brief(&said), page.skipped);
            let what = format!("`{place}` is {got}, where {due} is due, on the page after {skipped} items");
            return fail(Failure::at(place, due.to_string(), got, what));
        }
    }
    Ok(())
}

/// How many items there are.
struct Total {
    listed: usize,
    own: usize,
    /// Whether others may come and go, so that no number is for certain but that of what was made here.
    is_shared: bool,
}

/// What a page fact has to be.
enum Due {
    Exactly(Value),
    AtLeast(usize),
    Something,
    Nothing,
}

impl Due {
    fn is_met(&self, said: &Value) -> bool {
        let is_nothing = said.is_null() || *said == "";
        match self {
            Self::Exactly(value) => kept(value, said),
            Self::AtLeast(least) => said.as_f64().is_some_and(|said| said >= *least as f64),
            Self::Something => !is_nothing,
            Self::Nothing => is_nothing,
        }
    }
}

impl std::fmt::Display for Due {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(value) => write!(f, "`{value}`"),
            Self::AtLeast(least) => write!(f, "`{least}` or more"),
            Self::Something => f.write_str("a position"),
            Self::Nothing => f.write_str("null"),
        }
    }
}

/// `None`: nothing follows for this page, as for an empty one behind the last.
fn due(fact: PageFact, pagination: &Pagination, page: &Page, total: &Total, seen: usize, size: usize) -> Option<Due> {
    let count = page.items.len();
    let more = if total.is_shared { seen < total.own } else { page.skipped + count < total.listed };
    if count == 0 && !matches!(fact, PageFact::HasMore | PageFact::Total) {
        return None;
    }
    // Among the rows of others, only that something of one's own is still to come is certain.
    if total.is_shared && !more && matches!(fact, PageFact::HasMore | PageFact::Next) {
        return None;
    }
    // Whoever fills the last page need not know yet that it is the last.
    if !more && count >= size && fact == PageFact::Next && pagination.style == PageStyle::Cursor {
        return None;
    }
    Some(match fact {
        PageFact::HasMore => Due::Exactly(more.into()),
        PageFact::Total if total.is_shared => Due::AtLeast(total.own),
        PageFact::Total => Due::Exactly(total.listed.into()),
        PageFact::Count => Due::Exactly(count.into()),
        PageFact::Size => Due::Exactly(size.into()),
        PageFact::Pages if total.is_shared => Due::AtLeast(total.own.div_ceil(size.max(1))),
        PageFact::Pages => Due::Exactly(total.listed.div_ceil(size.max(1)).into()),
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
