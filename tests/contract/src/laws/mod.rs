//! Laws of state: what must be true after a creation, a change, a deletion, and of every list.

mod batch;
mod created;
mod deleted;
pub(crate) mod filtered;
mod listed;
mod parent;
pub(crate) mod same;
mod sight;
mod updated;

use specs::api::Operation;

use crate::{
    case::Law,
    world::{Step, World},
};

/// Puts a law to the test.
pub(crate) async fn run(world: &World<'_>, operation: &Operation, law: &Law) -> Step<()> {
    match law {
        Law::CreatedReadable => created::readable(world, operation).await,
        Law::CreatedListed(list) => created::listed(world, operation, list).await,
        Law::Stored(property, values) => created::stored(world, operation, property, values).await,
        Law::Batch { results, member, parent } => batch::results(world, operation, results, member, parent).await,
        Law::BatchUnknownParent(parent) => batch::unknown_parent(world, operation, parent).await,
        Law::Updated(property, values) => updated::seen(world, operation, property, values).await,
        Law::Cleared(property) => updated::cleared(world, operation, property).await,
        Law::DeletedGone => deleted::gone(world, operation).await,
        Law::DeletedAlone => deleted::alone(world, operation).await,
        Law::Pages => listed::pages(world, operation).await,
        Law::PageSize => listed::size(world, operation).await,
        Law::PageFact(fact, place) => listed::fact(world, operation, *fact, place).await,
        Law::Filter(position) => filtered::filter(world, operation, *position).await,
        Law::FilterParent(position, property) => parent::chosen(world, operation, *position, property).await,
        Law::ParentAlone(property) => parent::alone(world, operation, property).await,
    }
}
