//! Objects that the mock holds, by collection and id: those of the examples, and
//! those that requests have created.
//!
//! The store is bounded: beyond its capacity the object that was created first is
//! dropped, and so is the memory of its deletion. An id that was dropped is like
//! one that was never seen.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::Value;

use crate::json;
use crate::table::Collection;

/// An object, with its place in lists.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    /// Lists have the greatest number first. Objects of the examples have
    /// negative ones.
    pub(crate) number: i64,
    /// The object once its job is successful.
    pub(crate) object: Value,
    /// Whether lists have it: not if it was deleted, and says so.
    is_listed: bool,
}

/// What is known of an id.
#[derive(Debug)]
pub(crate) enum Found {
    Object(Entry),
    Deleted,
    Unknown,
}

/// Objects by collection.
#[derive(Debug)]
pub(crate) struct Store {
    collections: HashMap<&'static str, Objects>,
    /// Ids that requests have stored or deleted, the oldest first.
    order: VecDeque<(&'static str, String)>,
    capacity: usize,
    created: i64,
}

#[derive(Debug, Default)]
struct Objects {
    entries: BTreeMap<i64, Entry>,
    /// The number of each id; `None` if it was deleted.
    numbers: HashMap<String, Option<i64>>,
}

impl Store {
    /// An empty store for this many ids, beside those of the examples.
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            collections: HashMap::new(),
            order: VecDeque::new(),
            capacity,
            created: 0,
        }
    }

    /// Forgets what requests have created, changed and deleted.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }

    /// An id that no object of the store has, in the form of an example's id:
    /// `vid_8f1c` gives `vid_` and eight digits.
    pub(crate) fn fresh_id(&mut self, example: &str) -> String {
        self.created += 1;
        let prefix = example.rfind(['_', '-']).map_or("", |end| &example[..=end]);
        // A product with an odd number has each value once, in no visible order.
        let number = self.created.cast_unsigned().wrapping_mul(0x9e37_79b1) & 0xffff_ffff;
        format!("{prefix}{number:08x}")
    }

    pub(crate) fn find(&mut self, collection: &'static Collection, id: &str) -> Found {
        let objects = self.objects(collection);
        match objects.numbers.get(id) {
            None => Found::Unknown,
            Some(None) => Found::Deleted,
            Some(Some(number)) => match objects.entries.get(number) {
                Some(entry) => Found::Object(entry.clone()),
                None => Found::Unknown,
            },
        }
    }

    /// Stores an object under its id; one that is there is replaced and keeps its
    /// place.
    pub(crate) fn put(&mut self, collection: &'static Collection, id: &str, object: Value) {
        self.created += 1;
        let next = self.created;
        let objects = self.objects(collection);
        let known = objects.numbers.get(id).copied();
        let number = known.flatten().unwrap_or(next);
        objects.numbers.insert(id.to_owned(), Some(number));
        let old = objects.entries.get(&number);
        let entry = Entry {
            id: id.to_owned(),
            number,
            object,
            is_listed: old.is_none_or(|old| old.is_listed),
        };
        objects.entries.insert(number, entry);
        if known.is_none() {
            self.remember(collection.path, id);
        }
    }

    /// Deletes an object; its id is known as deleted from now on.
    pub(crate) fn delete(&mut self, collection: &'static Collection, id: &str) {
        let objects = self.objects(collection);
        let known = objects.numbers.insert(id.to_owned(), None);
        if let Some(Some(number)) = known {
            objects.entries.remove(&number);
        }
        if known.is_none() {
            self.remember(collection.path, id);
        }
    }

    /// Takes an object out of lists, where it can still be read.
    pub(crate) fn unlist(&mut self, collection: &'static Collection, id: &str) {
        let objects = self.objects(collection);
        let number = objects.numbers.get(id).copied().flatten();
        if let Some(entry) = number.and_then(|number| objects.entries.get_mut(&number)) {
            entry.is_listed = false;
        }
    }

    /// Whether an id is that of an object, of any collection, or was.
    pub(crate) fn knows(&self, id: &str) -> bool {
        let mut all = self.collections.values();
        all.any(|objects| objects.numbers.contains_key(id))
    }

    /// The objects below a number, in the order of lists.
    pub(crate) fn list(
        &mut self,
        collection: &'static Collection,
        below: i64,
    ) -> impl Iterator<Item = &Entry> {
        let entries = &self.objects(collection).entries;
        let all = entries.range(..below).rev().map(|(_, entry)| entry);
        all.filter(|entry| entry.is_listed)
    }

    fn remember(&mut self, path: &'static str, id: &str) {
        self.order.push_back((path, id.to_owned()));
        while self.order.len() > self.capacity {
            let Some((path, id)) = self.order.pop_front() else {
                return;
            };
            if let Some(objects) = self.collections.get_mut(path)
                && let Some(Some(number)) = objects.numbers.remove(&id)
            {
                objects.entries.remove(&number);
            }
        }
    }

    fn objects(&mut self, collection: &'static Collection) -> &mut Objects {
        self.collections
            .entry(collection.path)
            .or_insert_with(|| Objects::seeded(collection))
    }
}

impl Objects {
    /// The objects of the examples.
    fn seeded(collection: &Collection) -> Self {
        let mut objects = Self::default();
        let items: Vec<Value> = serde_json::from_str(collection.seeds).unwrap_or_default();
        for (number, item) in (1..).zip(items) {
            let id = item.get(collection.id).and_then(json::text);
            let object = match &id {
                Some(id) => seed(collection, id, item),
                None => item,
            };
            // Objects that no operation reads have no ids.
            let id = id.unwrap_or_else(|| number.to_string());
            objects.numbers.insert(id.clone(), Some(-number));
            let entry = Entry {
                id,
                number: -number,
                object,
                is_listed: true,
            };
            objects.entries.insert(-number, entry);
        }
        objects
    }
}

/// The ids of a collection's examples.
pub(crate) fn example_ids(collection: &Collection) -> Vec<String> {
    let seeds: Vec<Value> = serde_json::from_str(collection.seeds).unwrap_or_default();
    let all = std::iter::once(json::parse(collection.object)).chain(seeds);
    all.filter_map(|object| object.get(collection.id).and_then(json::text))
        .collect()
}

/// The object of a list's item: the example that is read under that id, else the
/// example with the item's fields.
fn seed(collection: &Collection, id: &str, item: Value) -> Value {
    let mut object = json::parse(collection.object);
    if object.get(collection.id).and_then(json::text).as_deref() == Some(id) {
        return object;
    }
    json::rename(&mut object, collection.id, id);
    json::merge(&mut object, item);
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    static THINGS: Collection = Collection {
        path: "/v3/things",
        id: "id",
        object: r#"{"id":"thg_1","name":"First","url":"https://h.test/thg_1.png","size":3}"#,
        seeds: r#"[{"id":"thg_1","name":"First"},{"id":"thg_2","name":"Second"}]"#,
        job: None,
    };

    fn ids(store: &mut Store) -> Vec<String> {
        let listed = store.list(&THINGS, i64::MAX);
        listed.map(|entry| entry.id.clone()).collect()
    }

    fn object(store: &mut Store, id: &str) -> Option<Value> {
        match store.find(&THINGS, id) {
            Found::Object(entry) => Some(entry.object),
            Found::Deleted | Found::Unknown => None,
        }
    }

    #[test]
    fn examples_are_there_at_first() {
        let mut store = Store::new(9);
        assert_eq!(ids(&mut store), ["thg_1", "thg_2"]);
        let second =
            json!({"id": "thg_2", "name": "Second", "url": "https://h.test/thg_2.png", "size": 3});
        assert_eq!(object(&mut store, "thg_2"), Some(second));
        assert!(matches!(store.find(&THINGS, "thg_3"), Found::Unknown));
    }

    #[test]
    fn newest_object_is_listed_first_and_keeps_its_place() {
        let mut store = Store::new(9);
        let ids_of = ["thg_1"; 2].map(|example| store.fresh_id(example));
        assert_ne!(ids_of[0], ids_of[1]);
        for id in &ids_of {
            assert!(id.starts_with("thg_") && id.len() == 12, "{id}");
            store.put(&THINGS, id, json!({"id": id}));
        }
        store.put(&THINGS, &ids_of[0], json!({"changed": true}));
        assert_eq!(ids(&mut store), [&ids_of[1], &ids_of[0], "thg_1", "thg_2"]);
        assert_eq!(
            object(&mut store, &ids_of[0]),
            Some(json!({"changed": true}))
        );
    }

    #[test]
    fn deleted_object_is_gone_and_known() {
        let mut store = Store::new(9);
        store.delete(&THINGS, "thg_1");
        store.delete(&THINGS, "unseen");
        assert_eq!(ids(&mut store), ["thg_2"]);
        for id in ["thg_1", "unseen"] {
            assert!(matches!(store.find(&THINGS, id), Found::Deleted), "{id}");
        }
        store.clear();
        assert_eq!(ids(&mut store), ["thg_1", "thg_2"]);
    }

    #[test]
    fn unlisted_object_can_be_read() {
        let mut store = Store::new(9);
        store.unlist(&THINGS, "thg_1");
        store.put(&THINGS, "thg_1", json!({"changed": true}));
        store.unlist(&THINGS, "unseen");
        assert_eq!(ids(&mut store), ["thg_2"]);
        assert!(object(&mut store, "thg_1").is_some());
    }

    #[test]
    fn capacity_drops_the_oldest() {
        let mut store = Store::new(2);
        for id in ["a", "b", "c"] {
            store.put(&THINGS, id, json!({}));
        }
        assert_eq!(ids(&mut store), ["c", "b", "thg_1", "thg_2"]);
        store.delete(&THINGS, "d");
        assert!(matches!(store.find(&THINGS, "b"), Found::Unknown));
        assert_eq!(store.order.len(), 2);
    }
}
