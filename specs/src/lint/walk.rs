//! Every schema of a document, wherever it stands: in components, parameters, bodies, and in other schemas.

use serde_json::{Map, Value};

use crate::{
    normalize::{Kind, Shape},
    pointer,
};

/// Shows each schema that is written as an object, with its place, in the order of the tables.
pub(super) fn schemas<'v>(root: &'v Value, show: &mut dyn FnMut(&str, &'v Map<String, Value>)) {
    Walk { at: String::new(), show }.visit(root, Kind::Document);
}

struct Walk<'w, 'v> {
    at: String,
    show: &'w mut dyn FnMut(&str, &'v Map<String, Value>),
}

impl<'v> Walk<'_, 'v> {
    fn visit(&mut self, value: &'v Value, kind: Kind) {
        let Value::Object(object) = value else { return };
        if kind == Kind::Schema {
            (self.show)(&self.at, object);
        }
        for (name, shape, kind) in kind.members() {
            let Some(member) = object.get(*name) else { continue };
            self.below(name, |walk| match (shape, member) {
                (Shape::One, one) => walk.visit(one, *kind),
                (_, Value::Object(members)) => members.iter().for_each(|(name, one)| walk.below(name, |walk| walk.visit(one, *kind))),
                (_, Value::Array(items)) => {
                    items.iter().enumerate().for_each(|(position, one)| walk.below(&position.to_string(), |walk| walk.visit(one, *kind)));
                }
                _ => {}
            });
        }
        if let Some(every) = kind.every_member() {
            object.iter().for_each(|(name, member)| self.below(name, |walk| walk.visit(member, every)));
        }
    }

    fn below(&mut self, token: &str, act: impl FnOnce(&mut Self)) {
        let length = self.at.len();
        pointer::push(&mut self.at, token);
        act(self);
        self.at.truncate(length);
    }
}
