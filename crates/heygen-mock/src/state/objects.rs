//! Objects that are made and changed by what happens, not by a request for them.

use serde_json::{Map, Value};

use super::State;
use crate::json;
use crate::lock::lock;
use crate::store::Found;
use crate::table::Collection;

impl State {
    /// An id that no object has, in the form of an example's id.
    pub(crate) fn fresh_id(&self, example: &str) -> String {
        lock(&self.store).fresh_id(example)
    }

    pub(crate) fn put(&self, collection: &'static Collection, id: &str, object: Value) {
        lock(&self.store).put(collection, id, object);
    }

    /// A new object, with the fields that a request has for it.
    pub(crate) fn create_object(
        &self,
        collection: &'static Collection,
        fields: &Map<String, Value>,
    ) -> String {
        let mut object = json::parse(collection.object);
        let example = object.get(collection.id).and_then(json::text);
        let id = self.fresh_id(&example.unwrap_or_default());
        json::rename(&mut object, collection.id, &id);
        for (name, value) in fields {
            if let Some(field) = object.get_mut(name) {
                *field = value.clone();
            }
        }
        self.set_date(&mut object, "created_at");
        self.put(collection, &id, object);
        id
    }

    /// An object with this id, unless there is one.
    pub(crate) fn insert(&self, collection: &'static Collection, id: &str) {
        if !matches!(lock(&self.store).find(collection, id), Found::Unknown) {
            return;
        }
        let mut object = json::parse(collection.object);
        json::rename(&mut object, collection.id, id);
        self.set_date(&mut object, "created_at");
        self.put(collection, id, object);
    }

    /// Changes an object that is there.
    pub(crate) fn edit(
        &self,
        collection: &'static Collection,
        id: &str,
        field: &str,
        value: Value,
    ) {
        let mut store = lock(&self.store);
        if let Found::Object(mut entry) = store.find(collection, id) {
            entry.object[field] = value;
            store.put(collection, id, entry.object);
        }
    }

    /// All objects of a collection.
    pub(crate) fn objects(&self, collection: &'static Collection) -> Vec<Value> {
        let mut store = lock(&self.store);
        let entries = store.list(collection, i64::MAX);
        entries.map(|entry| entry.object.clone()).collect()
    }
}
