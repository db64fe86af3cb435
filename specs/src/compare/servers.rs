//! Servers: which there are, and which comes first.

use super::{
    Comparison,
    ledger::{Origin, Spot},
    rules, words,
};
use crate::{api::Server, pointer};

/// The servers of both sides, and the place of the list.
pub(super) fn compare(comparison: &mut Comparison, origin: Origin, sides: [(&[Server], &str); 2]) {
    let [(old, was), (new, is)] = sides;
    let find = |list: &[Server], wanted: &Server| list.iter().position(|server| address(server) == address(wanted));
    for (position, server) in old.iter().enumerate().filter(|(_, server)| find(new, server).is_none()) {
        let sides = [Spot::of(pointer::index(was, position), words::server(server)), Spot::at(is)];
        comparison.ledger.tell(&rules::SERVER_REMOVED, None, origin, "servers", sides);
    }
    for (position, server) in new.iter().enumerate().filter(|(_, server)| find(old, server).is_none()) {
        let sides = [Spot::at(was), Spot::of(pointer::index(is, position), words::server(server))];
        comparison.ledger.tell(&rules::SERVER_ADDED, None, origin, "servers", sides);
    }
    // A first server that is gone is told already.
    let (Some(before), Some(after)) = (old.first(), new.first()) else { return };
    if address(before) != address(after) && find(new, before).is_some() {
        let spot = |list: &str, server: &Server| Spot::of(pointer::index(list, 0), words::server(server));
        comparison.ledger.tell(&rules::FIRST_SERVER_CHANGED, None, origin, "servers", [spot(was, before), spot(is, after)]);
    }
}

/// A slash at the end means nothing.
fn address(server: &Server) -> &str {
    server.url.trim_end_matches('/')
}
