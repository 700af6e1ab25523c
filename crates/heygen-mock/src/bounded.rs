//! A map that forgets: a mock may run for days.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// How many entries a map keeps by default: as many as the mock keeps objects.
const CAPACITY: usize = 65_536;

/// A map that drops the entry that was inserted first beyond its capacity.
#[derive(Debug)]
pub(crate) struct Bounded<K, V> {
    entries: HashMap<K, V>,
    /// Keys in the order of their insertion, some of them removed since.
    order: VecDeque<K>,
    capacity: usize,
}

impl<K, V> Default for Bounded<K, V> {
    fn default() -> Self {
        Self {
            entries: HashMap::new(),
            order: VecDeque::new(),
            capacity: CAPACITY,
        }
    }
}

impl<K: Clone + Eq + Hash, V> Bounded<K, V> {
    pub(crate) fn get<Q>(&self, key: &Q) -> Option<&V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.entries.get(key)
    }

    /// Inserts an entry, in place of one with the same key; returns the one that
    /// is dropped for it.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<(K, V)> {
        if self.entries.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() <= self.capacity {
            return None;
        }
        let oldest = self.order.pop_front()?;
        let value = self.entries.remove(&oldest)?;
        Some((oldest, value))
    }

    pub(crate) fn remove<Q>(&mut self, key: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let value = self.entries.remove(key)?;
        self.order.retain(|known| known.borrow() != key);
        Some(value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.iter()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oldest_entry_is_dropped() {
        let mut map = Bounded {
            capacity: 2,
            ..Bounded::default()
        };
        assert_eq!(map.insert("a", 1), None);
        assert_eq!(map.insert("b", 2), None);
        assert_eq!(map.insert("a", 3), None);
        assert_eq!(map.insert("c", 4), Some(("a", 3)));
        assert_eq!(map.remove("b"), Some(2));
        assert_eq!(map.insert("d", 5), None);
        let mut left: Vec<_> = map.iter().collect();
        left.sort_unstable();
        assert_eq!(left, [(&"c", &4), (&"d", &5)]);
    }
}
