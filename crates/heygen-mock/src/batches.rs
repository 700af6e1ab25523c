//! Which items batches have.

use std::sync::Mutex;

use crate::bounded::Bounded;
use crate::lock::lock;
use crate::table::Collection;

/// The items of all batches, by the id of the batch.
#[derive(Debug, Default)]
pub(crate) struct Batches(Mutex<Bounded<String, Batch>>);

/// The items of one batch.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    pub(crate) collection: &'static Collection,
    /// Their ids.
    pub(crate) items: Vec<String>,
}

impl Batches {
    pub(crate) fn reset(&self) {
        lock(&self.0).clear();
    }

    pub(crate) fn get(&self, batch_id: &str) -> Option<Batch> {
        lock(&self.0).get(batch_id).cloned()
    }

    /// The ids of the items of a batch.
    pub(crate) fn items(&self, batch_id: &str) -> Vec<String> {
        self.get(batch_id)
            .map(|batch| batch.items)
            .unwrap_or_default()
    }

    pub(crate) fn insert(
        &self,
        batch_id: &str,
        collection: &'static Collection,
        items: Vec<String>,
    ) {
        lock(&self.0).insert(batch_id.to_owned(), Batch { collection, items });
    }
}
