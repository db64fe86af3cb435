//! Where a property of an item can be seen: not every operation that shows an item shows all of it.

use serde_json::Value;
use specs::api::Operation;

use super::same::brief;
use crate::{
    suite::key_in,
    world::{Made, Step, World, blocked},
};

/// The operation by which a property is looked for.
pub(super) struct Sight<'a> {
    operation: Option<&'a Operation>,
    /// Whether the document says that it shows the property.
    is_declared: bool,
}

impl<'a> Sight<'a> {
    /// The first operation that shows the property, else the first that shows the item at all.
    pub(super) fn of(world: &World<'a>, resource: &str, made: &Made, property: &str) -> Self {
        let sights = world.sights(resource, &made.parents);
        let shows = |sight: &&&Operation| world.suite.shows(sight, property) != Some(false);
        let showing = sights.iter().find(shows).copied();
        Self { operation: showing.or_else(|| sights.first().copied()), is_declared: showing.is_some() }
    }

    /// The item as it is seen there.
    pub(super) async fn see(&self, world: &World<'_>, made: &Made) -> Step<Option<Value>> {
        match self.operation {
            Some(operation) => world.see_by(operation, made).await,
            None => blocked("nothing reads or lists the item"),
        }
    }

    /// The item as it is seen there, where it has to be.
    pub(super) async fn must_see(&self, world: &World<'_>, made: &Made) -> Step<Value> {
        match self.see(world, made).await? {
            Some(item) => Ok(item),
            None => blocked(format!("{} is not to be seen", brief(&made.key))),
        }
    }

    /// Who lacks the property though it should show it. What only the answer to the change shows is looked for there.
    pub(super) fn lacks(
        &self,
        world: &World<'_>,
        change: &Operation,
        property: &str,
        shown: Option<&Value>,
        seen: Option<&Value>,
    ) -> Option<&'static str> {
        let has = |item: Option<&Value>| item.is_some_and(|item| key_in(item, property).is_some());
        if self.is_declared {
            return (!has(seen)).then_some("what is stored");
        }
        (world.suite.shows(change, property) == Some(true) && !has(shown)).then_some("the answer")
    }
}
