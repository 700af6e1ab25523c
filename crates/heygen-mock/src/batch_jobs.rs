//! The jobs of batches: many of one create, played one by one.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::jobs::{Callback, Ending, Phase, Plan};
use crate::playing::Playing;
use crate::state::State;
use crate::table::Collection;

impl Playing {
    /// Starts the items of a batch: each when the one before it has ended. The
    /// batch ends with the last.
    pub(crate) fn start_batch(
        &self,
        state: &State,
        batches: &'static Collection,
        batch_id: &str,
        sent: &Value,
    ) {
        let items = batches
            .path
            .strip_suffix("/batches")
            .and_then(|path| self.collection(path));
        let Some((collection, job)) = items.and_then(|items| Some((items, items.job?))) else {
            return;
        };
        let now = self.clock.now();
        let mut starts = now;
        let mut ids = Vec::new();
        let mut is_stuck = false;
        for fields in items_of(sent) {
            let id = state.create_object(collection, &fields);
            let callback = Callback {
                url: None,
                id: fields
                    .get("callback_id")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            };
            let key = (collection.path, id.clone());
            self.jobs.start(key, job, starts, callback);
            if let Some(play) = self.play(collection, &id) {
                starts = starts.saturating_add(play.plan.takes);
                is_stuck |= play.plan.ending == Ending::Stuck;
            }
            ids.push(id);
        }
        self.batches.insert(batch_id, collection, ids);
        if let Some(job) = batches.job {
            let callback = Callback {
                url: sent["callback_url"].as_str().map(str::to_owned),
                id: None,
            };
            let key = (batches.path, batch_id.to_owned());
            let takes = |plan: &mut Plan| {
                plan.takes = starts.saturating_sub(now);
                if is_stuck {
                    plan.ending = Ending::Stuck;
                }
            };
            self.jobs.start_with(key, job, now, callback, takes);
        }
    }

    /// Gives a batch its items as they are now.
    pub(crate) fn show_batch(&self, id: &str, object: &mut Value) {
        let Some(batch) = self.batches.get(id) else {
            return;
        };
        let now = self.clock.now();
        let mut counts = BTreeMap::<&str, usize>::new();
        let mut items = Vec::new();
        for (index, id) in batch.items.iter().enumerate() {
            // A slot of an upload has no job before it is completed.
            let play = self.play(batch.collection, id);
            let phase = play.as_ref().map_or(Phase::Hidden, |play| play.phase(now));
            let word = match (phase, &play) {
                (Phase::Running(_), _) => "processing",
                (Phase::Hidden, _) | (_, None) => "queued",
                (_, Some(play)) if play.plan.ending == Ending::Success => "completed",
                _ => "failed",
            };
            *counts.entry(word).or_default() += 1;
            let error = play.map_or(Value::Null, |play| play.error(phase));
            items.push(json!({
                "item_index": index,
                "video_id": (word != "queued").then_some(id),
                "status": word,
                "error": error,
            }));
        }
        object["total_items"] = json!(items.len());
        object["counts_by_status"] = json!(counts);
        object["items"] = json!(items);
        for (name, value) in [("has_more", json!(false)), ("next_token", Value::Null)] {
            if let Some(field) = object.get_mut(name) {
                *field = value;
            }
        }
    }
}

/// The fields of each item of a request: of its one list of objects, and of a
/// translation one for each language.
fn items_of(sent: &Value) -> Vec<Map<String, Value>> {
    let lists = sent.as_object().into_iter().flat_map(Map::values);
    let items = lists
        .filter_map(Value::as_array)
        .find(|list| list.iter().all(Value::is_object));
    let mut found = Vec::new();
    for item in items.into_iter().flatten().filter_map(Value::as_object) {
        match item.get("output_languages").and_then(Value::as_array) {
            None => found.push(item.clone()),
            Some(languages) => found.extend(languages.iter().map(|language| {
                let mut item = item.clone();
                item.insert("output_language".to_owned(), language.clone());
                item
            })),
        }
    }
    found
}
