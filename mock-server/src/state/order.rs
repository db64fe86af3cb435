//! A sequence of row slots in creation order that can be cut anywhere: append, remove and "the 500,000th" all cost
//! about the same however long it is.
//!
//! Chunks of bounded length, walked by their lengths. A tree with counted nodes would be asymptotically better and
//! four times the code; a million rows are two thousand chunks, which are passed in a microsecond.

/// Chunks are split when they reach this length.
const CHUNK: usize = 512;

/// Slots in the order in which they were appended; each slot number is larger in creation order by `stamp`.
#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    chunks: Vec<Vec<Entry>>,
    len: usize,
}

/// A slot with the stamp that says when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Grows with each row made; stamps do not repeat.
    pub(super) stamp: u32,
    /// Where the row is.
    pub(super) slot: u32,
}

impl Order {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds an entry where its stamp belongs; at the end, where new rows go, that costs nothing.
    pub(super) fn insert(&mut self, entry: Entry) {
        self.len += 1;
        let newest = self.chunks.last().and_then(|chunk| chunk.last()).is_none_or(|last| last.stamp < entry.stamp);
        match self.chunks.last_mut() {
            Some(chunk) if newest && chunk.len() < CHUNK => chunk.push(entry),
            _ if newest => self.chunks.push(vec![entry]),
            _ => self.insert_within(entry),
        }
    }

    fn insert_within(&mut self, entry: Entry) {
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|last| last.stamp < entry.stamp));
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let position = chunk.partition_point(|known| known.stamp < entry.stamp);
        chunk.insert(position, entry);
        if chunk.len() > CHUNK {
            let tail = chunk.split_off(CHUNK / 2);
            self.chunks.insert(at + 1, tail);
        }
    }

    /// Removes the entry with this stamp, if it is there.
    pub(super) fn remove(&mut self, stamp: u32) {
        let at = self.chunks.partition_point(|chunk| chunk.last().is_some_and(|last| last.stamp < stamp));
        let Some(chunk) = self.chunks.get_mut(at) else { return };
        let Ok(position) = chunk.binary_search_by_key(&stamp, |entry| entry.stamp) else { return };
        chunk.remove(position);
        self.len -= 1;
        if chunk.is_empty() {
            self.chunks.remove(at);
        }
    }

    /// The slots from position `skip`, oldest first.
    pub(super) fn forwards(&self, skip: usize) -> impl Iterator<Item = u32> + '_ {
        let mut left = skip;
        let mut first = self.chunks.len();
        for (at, chunk) in self.chunks.iter().enumerate() {
            if left < chunk.len() {
                first = at;
                break;
            }
            left -= chunk.len();
        }
        let chunks = self.chunks.get(first..).unwrap_or_default();
        chunks.iter().flatten().skip(left).map(|entry| entry.slot)
    }

    /// The slots from position `skip`, newest first.
    pub(super) fn backwards(&self, skip: usize) -> impl Iterator<Item = u32> + '_ {
        let mut left = skip;
        let mut end = 0;
        for (at, chunk) in self.chunks.iter().enumerate().rev() {
            if left < chunk.len() {
                end = at + 1;
                break;
            }
            left -= chunk.len();
        }
        let chunks = self.chunks.get(..end).unwrap_or_default();
        chunks.iter().rev().flat_map(|chunk| chunk.iter().rev()).skip(left).map(|entry| entry.slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_cut_equals_that_of_a_plain_vector() {
        let mut order = Order::default();
        let mut plain: Vec<u32> = (0..5_000).collect();
        for number in &plain {
            order.insert(Entry { stamp: *number, slot: *number });
        }
        for gone in (0..5_000).step_by(3).chain(600..1_700) {
            order.remove(gone);
            plain.retain(|kept| *kept != gone);
        }
        assert_eq!(order.len(), plain.len());
        for skip in [0, 1, 511, 512, 513, 1_999, plain.len() - 1, plain.len(), plain.len() + 9] {
            let forwards: Vec<u32> = order.forwards(skip).take(40).collect();
            assert_eq!(forwards, plain.iter().copied().skip(skip).take(40).collect::<Vec<_>>(), "skip {skip}");
            let backwards: Vec<u32> = order.backwards(skip).take(40).collect();
            assert_eq!(backwards, plain.iter().rev().copied().skip(skip).take(40).collect::<Vec<_>>(), "skip {skip}");
        }
    }

    #[test]
    fn an_old_entry_goes_where_it_belongs() {
        let mut order = Order::default();
        for stamp in (0..3_000).filter(|stamp| stamp % 2 == 0).chain((0..3_000).filter(|stamp| stamp % 2 == 1)) {
            order.insert(Entry { stamp, slot: stamp });
        }
        assert_eq!(order.forwards(0).collect::<Vec<_>>(), (0..3_000).collect::<Vec<_>>());
    }

    #[test]
    fn removing_what_is_not_there_changes_nothing() {
        let mut order = Order::default();
        order.insert(Entry { stamp: 4, slot: 0 });
        order.remove(3);
        order.remove(5);
        assert_eq!(order.forwards(0).collect::<Vec<_>>(), [0]);
    }
}
