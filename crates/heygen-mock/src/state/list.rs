//! Lists: the objects that a query selects, in pages.

use serde_json::Value;

use super::State;
use crate::cursor::{self, Slice};
use crate::json;
use crate::lock::lock;
use crate::route::PathValues;
use crate::store::Store;
use crate::table::{Listing, Operation};

/// The properties that contain what a query has for them; others equal it.
const SEARCHED: [&str; 2] = ["name", "title"];

impl State {
    pub(super) fn list(
        &self,
        operation: &Operation,
        listing: &Listing,
        slice: Slice,
        query: &PathValues,
        body: &mut Value,
    ) {
        let collection = listing.collection;
        let mut store = lock(&self.store);
        let filters = self.filters(&store, listing, query);
        let mut items = Vec::new();
        let (mut last, mut more) = (i64::MAX, false);
        for entry in store.list(collection, slice.below) {
            let mut object = entry.object.clone();
            let is_shown = self.world.is_listed(collection, &entry.id)
                && self.world.show(collection, &entry.id, &mut object);
            if !is_shown || !filters.iter().all(|filter| selects(filter, &object)) {
                continue;
            }
            if items.len() == slice.limit {
                more = true;
                break;
            }
            last = entry.number;
            items.push(match listing.fields {
                Some(fields) => json::only(object, fields),
                None => object,
            });
        }
        drop(store);
        if let Some(listed) = body.pointer_mut(listing.items) {
            *listed = Value::Array(items);
        }
        if let Some(page) = &operation.page {
            let next = more.then(|| cursor::token(operation.path, last));
            cursor::set(page, body, next);
        }
    }

    /// What a query selects by. An id that the mock has never seen selects all, as
    /// it is the id of the examples then; in strict mode it selects nothing.
    fn filters<'q>(
        &self,
        store: &Store,
        listing: &Listing,
        query: &'q PathValues,
    ) -> Vec<&'q (String, String)> {
        let is_known = |(name, value): &(String, String)| {
            self.is_strict() || !name.ends_with("_id") || store.knows(value)
        };
        query
            .iter()
            .filter(|(name, value)| listing.filters.contains(&name.as_str()) && !value.is_empty())
            .filter(|sent| is_known(sent))
            .collect()
    }
}

fn selects((name, wanted): &(String, String), object: &Value) -> bool {
    let Some(value) = object.get(name).and_then(Value::as_str) else {
        return false;
    };
    if SEARCHED.contains(&name.as_str()) {
        return value.to_lowercase().contains(&wanted.to_lowercase());
    }
    value == wanted
}
