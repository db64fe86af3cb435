//! Laws of state: what must be true after a creation, a change, a deletion, and of every list.

mod batch;
mod created;
pub(crate) mod deleted;
mod due;
pub(crate) mod filtered;
mod link;
mod listed;
mod ordered;
mod parent;
pub(crate) mod refused;
pub(crate) mod same;
mod server_set;
mod sight;
pub(crate) mod stamps;
mod updated;

use specs::{api::Operation, resources::Action};

use crate::{
    case::Law,
    world::{Step, World},
};

/// Puts a law to the test.
pub(crate) async fn run(world: &World<'_>, operation: &Operation, law: &Law) -> Step<()> {
    match law {
        Law::CreatedReadable => created::readable(world, operation).await,
        Law::CreatedListed(list) => created::listed(world, operation, list).await,
        Law::KeysUnique => created::keys(world, operation).await,
        Law::Stored(property, values) => created::stored(world, operation, property, values).await,
        Law::Unsettable(unsettable) => server_set::not_taken(world, operation, unsettable).await,
        Law::Stamps => match operation.role.as_ref().map(|role| role.action) {
            Some(Action::Create) => stamps::of_creations(world, operation).await,
            _ => stamps::of_changes(world, operation).await,
        },
        Law::Batch { results, member, parent } => batch::results(world, operation, results, member, parent).await,
        Law::BatchUnknownParent(parent) => batch::unknown_parent(world, operation, parent).await,
        Law::BatchItems(property) => batch::of_items(world, operation, property).await,
        Law::BatchWrongItem(property, required) => batch::wrong_item(world, operation, property, required).await,
        Law::Updated(property, values) => updated::seen(world, operation, property, values).await,
        Law::Cleared(property) => updated::cleared(world, operation, property).await,
        Law::Replaced(property, default) => updated::replaced(world, operation, property, default.as_ref()).await,
        Law::RefusedKept => refused::kept(world, operation).await,
        Law::DeletedGone => deleted::gone(world, operation).await,
        Law::DeletedAlone => deleted::alone(world, operation).await,
        Law::DeletedRefused => deleted::refused(world, operation).await,
        Law::Pages => listed::pages(world, operation).await,
        Law::PageSize => listed::size(world, operation).await,
        Law::PageFact(fact, place) => listed::fact(world, operation, *fact, place).await,
        Law::Filter(position) => filtered::filter(world, operation, *position).await,
        Law::FilterParent(position, property) => parent::chosen(world, operation, *position, property).await,
        Law::Sorted(ways) => ordered::sorted(world, operation, ways).await,
        Law::ParentAlone(property) => parent::alone(world, operation, property).await,
        Law::OtherParent(property) => parent::other(world, operation, property).await,
        Law::Link(status, name) => link::followed(world, operation, *status, name).await,
    }
}
