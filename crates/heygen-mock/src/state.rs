//! State of a mock: what a valid request does to its objects, and the response.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::check::{Refusal, query};
use crate::clock::iso;
use crate::cursor::{self, Slice};
use crate::json;
use crate::lock::lock;
use crate::replies::Replies;
use crate::request_log::RecordedRequest;
use crate::response::MockResponse;
use crate::route::PathValues;
use crate::store::{self, Found, Store};
use crate::table::{Collection, KnownIds, Operation, Role, Statuses};

mod create;
mod list;
mod objects;

/// What objects are at the time they are read: the jobs behind them, and the
/// clock.
pub(crate) trait World: Send + Sync {
    /// The date, in seconds since 1970.
    fn unix(&self) -> u64;

    /// An object was created, or the job of one was started, by a request.
    fn created(&self, collection: &'static Collection, id: &str, request: &RecordedRequest);

    /// An object is about to be read. The job of one that is not final, and that
    /// nobody has started, goes on from here.
    fn goes_on(&self, state: &State, collection: &'static Collection, id: &str, object: &Value);

    /// Makes an object that has all fields of success what it is now; `false` if
    /// it cannot be read yet.
    fn show(&self, collection: &'static Collection, id: &str, object: &mut Value) -> bool;

    /// Whether lists have an object that can be read: not one that is deleted.
    fn is_listed(&self, collection: &'static Collection, id: &str) -> bool;

    /// The ids of the items of a batch; none if the batch is unknown.
    fn batch_items(&self, batch_id: &str) -> Vec<String>;

    /// The word of the state of an object whose job was started, and the error of
    /// one that has failed.
    fn word(&self, collection: &'static Collection, id: &str) -> Option<(&'static str, Value)>;

    /// An object was deleted; `true` if it can still be read, as deleted.
    fn deleted(&self, collection: &'static Collection, id: &str) -> bool;

    /// Refuses a valid request that cannot be done now; `id` is the last one of its
    /// path.
    fn refuse(&self, call: &Call<'_>) -> Option<MockResponse>;

    /// Does what the operation does beyond its objects, and changes the response.
    fn finish(&self, state: &State, call: &Call<'_>, body: &mut Value);
}

/// A valid request to an operation.
pub(crate) struct Call<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) request: &'a RecordedRequest,
    /// The last id of the path; empty if it has none.
    pub(crate) id: &'a str,
}

/// The objects of a mock, and the responses that are kept for retries.
pub(crate) struct State {
    store: Mutex<Store>,
    replies: Mutex<Replies>,
    /// Held by writes, so that none is lost and no key is used twice.
    writes: Mutex<()>,
    strict: AtomicBool,
    world: Box<dyn World>,
}

impl State {
    pub(crate) fn new(capacity: usize, strict: bool, world: Box<dyn World>) -> Self {
        Self {
            store: Mutex::new(Store::new(capacity)),
            replies: Mutex::default(),
            writes: Mutex::default(),
            strict: AtomicBool::new(strict),
            world,
        }
    }

    /// Refuses unknown ids and cursors from now on.
    pub(crate) fn set_strict(&self) {
        self.strict.store(true, Ordering::Relaxed);
    }

    fn is_strict(&self) -> bool {
        self.strict.load(Ordering::Relaxed)
    }

    /// Forgets all objects and responses.
    pub(crate) fn clear(&self) {
        lock(&self.store).clear();
        lock(&self.replies).clear();
    }

    /// The response to a valid request. One with an idempotency key that was sent
    /// before gets the first response again.
    pub(crate) fn respond(
        &self,
        operation: &'static Operation,
        request: &RecordedRequest,
        path: &PathValues,
    ) -> Result<MockResponse, Refusal> {
        let is_read = matches!(operation.method, "GET" | "HEAD");
        let _one_at_a_time = (!is_read).then(|| lock(&self.writes));
        if let Some(first) = lock(&self.replies).get(operation.id, request) {
            return Ok(first);
        }
        let call = Call {
            operation,
            request,
            id: path.last().map_or("", |(_, id)| id),
        };
        if let Some(refusal) = self.world.refuse(&call) {
            return Ok(refusal);
        }
        let response = self.perform(&call, path)?;
        lock(&self.replies).keep(operation.id, request, &response);
        Ok(response)
    }

    fn perform(&self, call: &Call<'_>, path: &PathValues) -> Result<MockResponse, Refusal> {
        let (operation, request) = (call.operation, call.request);
        self.check_ids(operation, path)?;
        let query = query(request);
        let slice = match &operation.page {
            Some(page) => Slice::of(page, operation.path, &query, self.is_strict())?,
            None => Slice::ALL,
        };
        let mut response = MockResponse::of(&operation.success);
        let example = serde_json::from_str::<Value>(operation.success.body).ok();
        let is_json = example.is_some();
        let mut body = example.unwrap_or_default();
        with_ids(operation, path, &mut body);
        let id = operation
            .objects
            .last()
            .and_then(|(name, _)| value_of(path, name));
        let id = id.unwrap_or_default();
        match &operation.role {
            Role::Action => {}
            Role::Create(creations) => self.create(creations, request, path, &mut body),
            Role::Read(collection) => self.read(collection, id, &mut body),
            Role::List(listing) => self.list(operation, listing, slice, &query, &mut body),
            Role::Update(collection, fields) => {
                self.update(collection, id, fields, request, &mut body);
            }
            Role::Delete(collection) => self.delete(collection, id),
            Role::Statuses(statuses) => {
                self.statuses(statuses, &query, &mut body);
            }
        }
        if let Some(page) = &operation.page
            && !matches!(operation.role, Role::List(_))
        {
            cursor::cut(page, operation.path, slice, &mut body);
        }
        if is_json {
            self.world.finish(self, call, &mut body);
            response.body = body.to_string().into();
        }
        Ok(response)
    }

    /// An id that was deleted, that cannot be read yet, or in strict mode that is
    /// unknown, is not found.
    fn check_ids(&self, operation: &Operation, path: &PathValues) -> Result<(), Refusal> {
        for (name, id) in path {
            let mut known = operation.known.iter();
            let known = known.find(|known| known.parameter == name);
            let mut objects = operation.objects.iter();
            let is_found = match objects.find(|(found, _)| found == name) {
                Some((_, collection)) => self.is_there(collection, id, known),
                None => !self.is_strict() || known.is_none_or(|known| accepts(known, id)),
            };
            if !is_found {
                return Err(not_found(name, known.map_or(&[], |known| known.ids)));
            }
        }
        Ok(())
    }

    fn is_there(
        &self,
        collection: &'static Collection,
        id: &str,
        known: Option<&KnownIds>,
    ) -> bool {
        let found = lock(&self.store).find(collection, id);
        let mut object = match found {
            Found::Deleted => return false,
            Found::Object(entry) => entry.object,
            Found::Unknown => {
                let is_example = known.is_some_and(|known| known.ids.contains(&id))
                    || store::example_ids(collection)
                        .iter()
                        .any(|known| known == id);
                if self.is_strict() && !is_example {
                    return false;
                }
                json::parse(collection.object)
            }
        };
        self.world.show(collection, id, &mut object)
    }

    /// The object of an id: the stored one, else the example under that id.
    pub(crate) fn object(&self, collection: &'static Collection, id: &str) -> Value {
        match lock(&self.store).find(collection, id) {
            Found::Object(entry) => entry.object,
            Found::Deleted | Found::Unknown => {
                let mut object = json::parse(collection.object);
                json::rename(&mut object, collection.id, id);
                object
            }
        }
    }

    fn read(&self, collection: &'static Collection, id: &str, body: &mut Value) {
        let mut object = match lock(&self.store).find(collection, id) {
            Found::Object(entry) => entry.object,
            // The example of the response, which has the id already.
            Found::Deleted | Found::Unknown => std::mem::take(data(body)),
        };
        self.world.goes_on(self, collection, id, &object);
        self.world.show(collection, id, &mut object);
        *data(body) = object;
    }

    fn update(
        &self,
        collection: &'static Collection,
        id: &str,
        fields: &[&str],
        request: &RecordedRequest,
        body: &mut Value,
    ) {
        let mut object = self.object(collection, id);
        let patch = request.json().map(|patch| json::only(patch, fields));
        if let Some(patch) = patch.filter(Value::is_object) {
            json::merge(&mut object, patch);
        }
        self.set_date(&mut object, "updated_at");
        lock(&self.store).put(collection, id, object.clone());
        if data(body).get(collection.id).is_some() {
            self.world.show(collection, id, &mut object);
            *data(body) = object;
        }
    }

    fn delete(&self, collection: &'static Collection, id: &str) {
        if self.world.deleted(collection, id) {
            lock(&self.store).unlist(collection, id);
        } else {
            lock(&self.store).delete(collection, id);
        }
    }

    /// The states of the ids that a query has, separated by commas, and of the items
    /// of its batches. Without any the response is the example.
    fn statuses(&self, statuses: &Statuses, query: &PathValues, body: &mut Value) {
        let Some(entries) = data(body).as_array_mut() else {
            return;
        };
        let listed = |name: &str| {
            let sent = value_of(query, name).unwrap_or_default();
            sent.split(',').filter(|id| !id.is_empty())
        };
        let single = listed(statuses.query).map(|id| (id.to_owned(), Value::Null, Value::Null));
        let of_batches = listed("batch_ids").flat_map(|batch_id| {
            let items = self.world.batch_items(batch_id).into_iter().enumerate();
            items.map(move |(index, id)| (id, json!(batch_id), json!(index)))
        });
        let wanted: Vec<_> = single.chain(of_batches).collect();
        let Some(example) = entries.first().cloned().filter(|_| !wanted.is_empty()) else {
            return;
        };
        let entry = |(id, batch_id, index): (String, Value, Value)| {
            let (word, error) = self.word(statuses, &id);
            let mut entry = example.clone();
            for (name, field) in entry.as_object_mut().into_iter().flatten() {
                *field = match name.as_str() {
                    "batch_id" => batch_id.clone(),
                    "item_index" => index.clone(),
                    "error" => error.clone(),
                    _ => Value::Null,
                };
            }
            entry[statuses.id] = json!(id);
            entry[statuses.state] = json!(word);
            entry
        };
        *entries = wanted.into_iter().map(entry).collect();
    }

    /// The word of an object's state, and its error.
    fn word(&self, statuses: &Statuses, id: &str) -> (&'static str, Value) {
        let collection = statuses.collection;
        let missing = statuses.missing.first().copied().unwrap_or_default();
        let found = lock(&self.store).find(collection, id);
        let word = match (found, self.world.word(collection, id)) {
            (Found::Deleted, _) => missing,
            (_, Some(state)) => return state,
            (Found::Unknown, None) if self.is_strict() => missing,
            (_, None) => {
                let success = collection.job.and_then(|job| job.success.first().copied());
                success.unwrap_or_default()
            }
        };
        (word, Value::Null)
    }

    /// Sets a date field that an object has to now, in the form of the example.
    fn set_date(&self, object: &mut Value, name: &str) {
        if let Some(date) = object.get_mut(name) {
            *date = match date {
                Value::String(_) => json!(iso(self.world.unix())),
                _ => json!(self.world.unix()),
            };
        }
    }
}

/// The data in the envelope of a response, else the response.
fn data(body: &mut Value) -> &mut Value {
    if body.get("data").is_some() {
        &mut body["data"]
    } else {
        body
    }
}

fn value_of<'v>(values: &'v PathValues, name: &str) -> Option<&'v str> {
    let mut named = values.iter().filter(|(found, _)| found == name);
    named.next().map(|(_, value)| value.as_str())
}

/// Puts the ids of the request's path into the example.
fn with_ids(operation: &Operation, path: &PathValues, body: &mut Value) {
    for known in operation
        .known
        .iter()
        .filter(|known| !known.pointer.is_empty())
    {
        if let Some(id) = value_of(path, known.parameter) {
            json::rename_at(body, known.pointer, id);
        }
    }
}

/// Whether an id is of the examples, or the examples do not depend on it.
fn accepts(known: &KnownIds, id: &str) -> bool {
    known.pointer.is_empty() || known.ids.contains(&id)
}

fn not_found(name: &str, known: &[&str]) -> Refusal {
    let message = if known.is_empty() {
        format!("Unknown {name}.")
    } else {
        let ids = known.join(", ");
        format!("Unknown {name}; the ids of the documentation are {ids}.")
    };
    Refusal {
        status: 404,
        message,
        param: Some(name.to_owned()),
    }
}

/// A world in which time stands still, and all jobs are done.
#[cfg(test)]
pub(crate) struct Still;

#[cfg(test)]
impl World for Still {
    fn unix(&self) -> u64 {
        1_789_997_600
    }

    /// Takes a while, so that another request would come between.
    fn created(&self, _: &'static Collection, _: &str, _: &RecordedRequest) {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }

    fn goes_on(&self, _: &State, _: &'static Collection, _: &str, _: &Value) {}

    fn show(&self, _: &'static Collection, _: &str, _: &mut Value) -> bool {
        true
    }

    fn word(&self, _: &'static Collection, _: &str) -> Option<(&'static str, Value)> {
        None
    }

    fn is_listed(&self, _: &'static Collection, _: &str) -> bool {
        true
    }

    fn batch_items(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn refuse(&self, _: &Call<'_>) -> Option<MockResponse> {
        None
    }

    fn finish(&self, _: &State, _: &Call<'_>, _: &mut Value) {}

    fn deleted(&self, _: &'static Collection, _: &str) -> bool {
        false
    }
}
