//! What a create does: objects with fresh ids and the fields of the request.

use serde_json::{Map, Value, json};

use super::{State, value_of};
use crate::json;
use crate::lock::lock;
use crate::request_log::RecordedRequest;
use crate::route::PathValues;
use crate::table::Creation;

/// The most objects that one request creates.
const MAX_OBJECTS: usize = 100;

/// An object that a request creates.
struct Created {
    creation: &'static Creation,
    id: String,
    /// The position among the objects of the same creation.
    position: usize,
    /// Whether the object is new, else only its job is.
    is_new: bool,
}

impl State {
    /// Creates the objects of a request, and gives the response their ids and the
    /// fields of the request that it has.
    pub(super) fn create(
        &self,
        creations: &'static [Creation],
        request: &RecordedRequest,
        path: &PathValues,
        body: &mut Value,
    ) {
        let sent = request.json();
        let sent = sent.as_ref().and_then(Value::as_object);
        let empty = Map::new();
        let sent = sent.unwrap_or(&empty);
        let mut created = Vec::new();
        for creation in creations {
            let existing = existing(creation, path, sent);
            let mut fresh = |example: &str| lock(&self.store).fresh_id(example);
            let ids = new_ids(creation, existing, sent, body, &mut fresh);
            created.extend((0..).zip(ids).map(|(position, id)| Created {
                creation,
                id,
                position,
                is_new: existing.is_none(),
            }));
        }
        for creation in creations {
            self.fill(creation, sent, body);
        }
        for one in &created {
            let collection = one.creation.collection;
            if one.is_new {
                let object = self.new_object(one, sent, body);
                lock(&self.store).put(collection, &one.id, object);
            }
            self.world.created(collection, &one.id, request);
        }
    }

    /// Sets fields of the response that the request has, and its dates.
    fn fill(&self, creation: &Creation, sent: &Map<String, Value>, body: &mut Value) {
        let Some(parent) = parent(creation.id).and_then(|pointer| body.pointer_mut(pointer)) else {
            return;
        };
        if creation.many || !parent.is_object() {
            return;
        }
        for (from, to) in creation.fields {
            if let (Some(value), Some(field)) = (sent.get(*from), parent.get_mut(*to)) {
                *field = value.clone();
            }
        }
        for (name, value) in sent {
            if let Some(field) = parent.get_mut(name)
                && json::same_type(field, value)
            {
                *field = value.clone();
            }
        }
        for name in ["created_at", "updated_at"] {
            self.set_date(parent, name);
        }
    }

    /// The example of an object with what is known of the new one: its id, the
    /// fields of the response and of the request, and its dates.
    fn new_object(&self, one: &Created, sent: &Map<String, Value>, body: &Value) -> Value {
        let collection = one.creation.collection;
        let mut object = json::parse(collection.object);
        json::rename(&mut object, collection.id, &one.id);
        let Some(fields) = object.as_object_mut() else {
            return object;
        };
        let state = collection.job.map_or("", |job| job.state);
        let responded = parent(one.creation.id).and_then(|pointer| body.pointer(pointer));
        let responded = responded.and_then(Value::as_object);
        for (name, value) in responded.into_iter().flatten() {
            let is_known = name == collection.id || name == state || json::is_empty(value);
            if let Some(field) = fields.get_mut(name).filter(|field| !field.is_null())
                && !is_known
                && json::same_type(field, value)
            {
                *field = value.clone();
            }
        }
        for (from, to) in one.creation.fields {
            if let Some(value) = sent.get(*from) {
                fields.insert((*to).to_owned(), value.clone());
            }
        }
        // Of several objects, each has one item of the request's list.
        for (name, values) in sent.iter().filter(|_| one.creation.many) {
            let singular = name.strip_suffix('s').unwrap_or(name);
            if let (Some(field), Some(value)) = (fields.get_mut(singular), values.get(one.position))
            {
                *field = value.clone();
            }
        }
        for name in ["created_at", "updated_at"] {
            self.set_date(&mut object, name);
        }
        object
    }
}

/// The id of an object that is there already: in the path, or in the body under
/// the name that it has in the response.
fn existing<'v>(
    creation: &Creation,
    path: &'v PathValues,
    sent: &'v Map<String, Value>,
) -> Option<&'v str> {
    let name = creation.id.rsplit('/').next().unwrap_or_default();
    value_of(path, creation.existing).or_else(|| sent.get(name)?.as_str())
}

/// The ids of a creation, which the response has from now on.
fn new_ids(
    creation: &Creation,
    existing: Option<&str>,
    sent: &Map<String, Value>,
    body: &mut Value,
    fresh: &mut impl FnMut(&str) -> String,
) -> Vec<String> {
    let example = body.pointer(creation.id).cloned().unwrap_or_default();
    if !creation.many {
        let id = existing.map_or_else(
            || fresh(&json::text(&example).unwrap_or_default()),
            str::to_owned,
        );
        json::rename_at(body, creation.id, &id);
        return vec![id];
    }
    let examples = example.as_array().map_or(&[][..], Vec::as_slice);
    let example = examples.first().and_then(json::text).unwrap_or_default();
    let wanted = sent
        .values()
        .find_map(|value| Some(value.as_array()?.len()));
    let count = wanted.unwrap_or(examples.len()).clamp(1, MAX_OBJECTS);
    let ids: Vec<String> = (0..count).map(|_| fresh(&example)).collect();
    if let Some(field) = body.pointer_mut(creation.id) {
        *field = json!(ids);
    }
    ids
}

/// The pointer to the object that has the property of a pointer.
fn parent(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(parent, _)| parent)
}
