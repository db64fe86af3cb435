//! What callers have to send though no type says so: a property that one alternative of a schema requires, or that
//! comes with another. Its setter is there before and after, so that only the running program shows it.

use std::collections::{BTreeSet, HashSet};

use super::{ItemChange, rule};
use crate::{
    names::ident,
    shapes::{Field, Types, field_idents},
};

/// The demands that are new, in the types of these names that both sides send.
pub(super) fn new_ones(old: &Types, new: &Types, names: &HashSet<String>) -> Vec<ItemChange> {
    let sorted: BTreeSet<&String> = names.iter().collect();
    let both = sorted.into_iter().filter_map(|name| Some((name, old.sent_fields(name)?, new.sent_fields(name)?)));
    both.flat_map(|(name, old, new)| in_struct(name, old, new)).collect()
}

fn in_struct(name: &str, old: &[Field], new: &[Field]) -> Vec<ItemChange> {
    let was_sent = |wire: &str| old.iter().any(|field| field.wire == wire && (field.required || field.demanded));
    let demanded = new.iter().zip(field_idents(new)).filter(|(field, _)| field.demanded && !was_sent(&field.wire));
    demanded.map(|(field, setter)| change(name, field, &setter.to_string())).collect()
}

fn change(name: &str, field: &Field, setter: &str) -> ItemChange {
    let path = format!("types::{}", ident(name));
    let wire = &field.wire;
    ItemChange {
        rule: &rule::DEMANDED,
        item: format!("{path}::{setter}"),
        old: Some(format!("`{wire}` may be left out")),
        new: Some(format!("`{wire}` must be sent, in one alternative of the schema or beside another property")),
        why: format!("who makes one without `.{setter}(…)` compiles, and is refused when the program runs"),
        breaks: Some(format!("{path}::new(…)")),
        with: Vec::new(),
        operations: Vec::new(),
    }
}
