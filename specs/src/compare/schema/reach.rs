//! Which operations a pair of schemas is reached from.

use std::collections::{HashMap, VecDeque};

use super::Walk;

/// A set of numbers, 64 in a word.
type Bits = Vec<u64>;

impl Walk<'_> {
    /// The operations of each of these pairs, in order. What leads to none of them is not looked at.
    pub(in super::super) fn reached(&self, pairs: impl IntoIterator<Item = usize>) -> HashMap<usize, Vec<usize>> {
        let wanted: Vec<usize> = pairs.into_iter().collect();
        let above = self.above(&wanted);
        let mut below: HashMap<usize, Vec<usize>> = HashMap::new();
        for number in above.keys() {
            for parent in &self.nodes[*number].parents {
                below.entry(*parent).or_default().push(*number);
            }
        }
        let sets = self.spread(above, &below);
        wanted.into_iter().map(|pair| (pair, sets.get(&pair).map(numbers).unwrap_or_default())).collect()
    }

    /// The pairs that lead to those wanted, each with the operations that it is a root of.
    fn above(&self, wanted: &[usize]) -> HashMap<usize, Bits> {
        let (mut found, mut open) = (HashMap::new(), wanted.to_vec());
        while let Some(number) = open.pop() {
            if let std::collections::hash_map::Entry::Vacant(place) = found.entry(number) {
                let mut bits = Bits::new();
                for operation in &self.nodes[number].operations {
                    set(&mut bits, *operation);
                }
                place.insert(bits);
                open.extend(&self.nodes[number].parents);
            }
        }
        found
    }

    /// Hands the operations of each pair down, until nothing is new.
    fn spread(&self, mut sets: HashMap<usize, Bits>, below: &HashMap<usize, Vec<usize>>) -> HashMap<usize, Bits> {
        let mut open: VecDeque<usize> =
            (0..self.nodes.len()).filter(|number| sets.get(number).is_some_and(|bits| !bits.is_empty())).collect();
        let mut waits: Vec<bool> = vec![false; self.nodes.len()];
        for number in &open {
            waits[*number] = true;
        }
        while let Some(number) = open.pop_front() {
            waits[number] = false;
            let bits = sets.get(&number).cloned().unwrap_or_default();
            for child in below.get(&number).into_iter().flatten() {
                let grown = sets.get_mut(child).is_some_and(|known| merge(known, &bits));
                if grown && !waits[*child] {
                    waits[*child] = true;
                    open.push_back(*child);
                }
            }
        }
        sets
    }
}

fn set(bits: &mut Bits, number: usize) {
    if bits.len() <= number / 64 {
        bits.resize(number / 64 + 1, 0);
    }
    bits[number / 64] |= 1 << (number % 64);
}

/// Adds what is not there yet, and says whether there was any.
fn merge(into: &mut Bits, more: &Bits) -> bool {
    if into.len() < more.len() {
        into.resize(more.len(), 0);
    }
    let mut grown = false;
    for (word, new) in into.iter_mut().zip(more) {
        grown |= *new & !*word != 0;
        *word |= new;
    }
    grown
}

fn numbers(bits: &Bits) -> Vec<usize> {
    (0..bits.len() * 64).filter(|number| bits[number / 64] >> (number % 64) & 1 == 1).collect()
}
