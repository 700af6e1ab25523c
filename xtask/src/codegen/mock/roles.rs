//! Roles of operations, and the collections of objects that they work on, from
//! methods, paths and examples.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::operation::Operation;
use super::parameter::{Location, Parameter};
use super::path::{names, resource, split_item};
use super::resolve::Resolver;
use super::schema::{data_schema, json_types, properties_of};
use crate::codegen::jobs::Job;

/// A collection of objects.
#[derive(Debug, Clone)]
pub(super) struct Collection<'d> {
    pub(super) path: &'d str,
    /// The path parameter that names an object; empty for a list whose objects
    /// have no operation.
    pub(super) parameter: &'d str,
    /// The property of an object that has its id, or nothing.
    pub(super) id: String,
    /// The example of an object.
    pub(super) object: Value,
    /// The operation that reads an object, or nothing.
    pub(super) read: &'d str,
    /// The schema of the response that has an object.
    pub(super) schema: Option<&'d Value>,
    /// The items of the list's example.
    pub(super) seeds: Vec<Value>,
}

/// What an operation does. Collections are named by their paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Action,
    Create(Vec<Creation>),
    Read(String),
    List {
        collection: String,
        items: String,
        filters: Vec<String>,
        fields: Option<Vec<String>>,
    },
    Update(String, Vec<String>),
    Delete(String),
    Statuses {
        collection: String,
        query: String,
        id: String,
        state: String,
        missing: Vec<String>,
    },
}

/// Objects that an operation creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Creation {
    pub(super) collection: String,
    /// JSON pointer to the id in the response, or to an array of ids.
    pub(super) id: String,
    pub(super) many: bool,
    /// The path parameter that names an object there is already, or nothing.
    pub(super) existing: String,
    /// Fields of the request, and their names in the object.
    pub(super) fields: Vec<(String, String)>,
}

/// The collections by path.
pub(super) type Collections<'d> = BTreeMap<&'d str, Collection<'d>>;

/// The collections of a document: those whose objects have a path of their own,
/// and the lists that have pages.
pub(super) fn collections<'d>(operations: &[Operation<'d>]) -> Collections<'d> {
    let mut found = Collections::new();
    for operation in operations {
        let item = split_item(operation.path).filter(|(path, _)| names(path).is_empty());
        let Some((path, parameter)) = item else {
            continue;
        };
        let has_object = matches!(&*operation.method, "GET" | "PATCH");
        let example = operation.data().map(|(_, data)| data);
        let object = example.filter(|data| has_object && data.is_object());
        let (Some(object), None) = (object, found.get(path)) else {
            continue;
        };
        let Some(id) = id_field(object, parameter) else {
            continue;
        };
        let collection = Collection {
            path,
            parameter,
            id: id.to_owned(),
            object: object.clone(),
            read: operation.id,
            schema: operation.schema,
            seeds: Vec::new(),
        };
        found.insert(path, collection);
    }
    for operation in operations.iter().filter(|found| found.method == "GET") {
        let Some((_, items)) = items(operation) else {
            continue;
        };
        if let Some(collection) = found.get_mut(operation.path) {
            collection.seeds.clone_from(items);
        } else if operation.page.is_some() && names(operation.path).is_empty() {
            let collection = Collection {
                path: operation.path,
                parameter: "",
                id: String::new(),
                object: Value::Object(Map::new()),
                read: "",
                schema: None,
                seeds: items.clone(),
            };
            found.insert(operation.path, collection);
        }
    }
    found
}

/// The property of an object that has the id a parameter names.
fn id_field<'v>(object: &'v Value, parameter: &'v str) -> Option<&'v str> {
    let fields = object.as_object()?;
    let mut other = fields.keys().filter(|name| name.ends_with("_id"));
    [parameter, "id"]
        .into_iter()
        .find(|name| fields.contains_key(*name))
        .or_else(|| other.next().map(String::as_str))
}

/// The JSON pointer to the items of a list, and the items of its example.
fn items<'o>(operation: &'o Operation<'_>) -> Option<(String, &'o Vec<Value>)> {
    let example = operation.success.example.as_ref()?;
    let pointer = match &operation.page {
        Some(page) => page.items.clone(),
        None => "/data".to_owned(),
    };
    let items = example.pointer(&pointer)?.as_array()?;
    Some((pointer, items))
}

/// The parameters of an operation's path that name an object of a collection,
/// each with the path of that.
pub(super) fn objects<'d>(
    operation: &Operation<'d>,
    collections: &Collections<'d>,
) -> Vec<(&'d str, &'d str)> {
    let path = operation.path;
    let ends = path.match_indices('/').map(|(at, _)| at).skip(1);
    ends.chain([path.len()])
        .filter_map(|end| {
            let (above, parameter) = split_item(&path[..end])?;
            let collection = collections.get(above)?;
            (!collection.id.is_empty()).then_some((parameter, above))
        })
        .collect()
}

/// What an operation does.
pub(super) fn role<'d>(
    document: Resolver<'d>,
    operation: &Operation<'d>,
    collections: &Collections<'d>,
    jobs: &[Job<'_>],
) -> Role {
    let item = split_item(operation.path).and_then(|(path, _)| collections.get(path));
    let item = item.filter(|collection| !collection.id.is_empty());
    match (&*operation.method, item) {
        ("GET", Some(collection)) => Role::Read(collection.path.to_owned()),
        ("DELETE", Some(collection)) => Role::Delete(collection.path.to_owned()),
        ("PATCH" | "PUT", Some(collection)) => {
            let fields = common_fields(document, operation, collection);
            Role::Update(
                collection.path.to_owned(),
                fields.into_iter().map(|(name, _)| name).collect(),
            )
        }
        ("GET", None) => statuses(operation, collections, jobs)
            .or_else(|| list(document, operation, collections))
            .unwrap_or(Role::Action),
        ("POST", _) => {
            let created = creations(document, operation, collections, jobs);
            if created.is_empty() {
                Role::Action
            } else {
                Role::Create(created)
            }
        }
        _ => Role::Action,
    }
}

fn list<'d>(
    document: Resolver<'d>,
    operation: &Operation<'d>,
    collections: &Collections<'d>,
) -> Option<Role> {
    let collection = collections.get(operation.path)?;
    let (items, _) = items(operation)?;
    let whole = operation.schema.and_then(|schema| {
        let mut schema = schema;
        for name in items.split('/').skip(1) {
            schema = properties_of(document, schema).get(name).copied()?;
        }
        document.resolve(schema).get("items")
    });
    let object = collection
        .schema
        .map(|schema| data_schema(document, schema));
    let is_same = match (whole, object) {
        (Some(item), Some(object)) => document.resolve(item) == document.resolve(object),
        _ => collection.id.is_empty(),
    };
    let fields = whole.filter(|_| !is_same).map(|item| {
        let properties = properties_of(document, item);
        properties.keys().map(|name| (*name).to_owned()).collect()
    });
    // Lists of what only the vendor has are too short to select from.
    let items_of = whole.filter(|_| !collection.id.is_empty());
    let filters = items_of.map(|item| filters(document, operation, item));
    Some(Role::List {
        collection: collection.path.to_owned(),
        items,
        filters: filters.unwrap_or_default(),
        fields,
    })
}

/// The query parameters that are one string, as the property of their name is.
fn filters<'d>(document: Resolver<'d>, operation: &Operation<'d>, item: &'d Value) -> Vec<String> {
    let properties = properties_of(document, item);
    let is_text = |schema| json_types(document, schema, 0).contains("string");
    let selects = |parameter: &&Parameter<'d>| {
        let property = properties.get(parameter.name.as_str());
        parameter.location == Location::Query
            && parameter.items(document).is_none()
            && is_text(parameter.schema)
            && property.is_some_and(|property| is_text(property))
    };
    let found = operation.parameters.iter().filter(selects);
    found.map(|parameter| parameter.name.clone()).collect()
}

fn statuses<'d>(
    operation: &Operation<'d>,
    collections: &Collections<'d>,
    jobs: &[Job<'_>],
) -> Option<Role> {
    let (job, statuses) = jobs.iter().find_map(|job| {
        let statuses = job.hint.statuses.as_ref()?;
        (statuses.operation == operation.id).then_some((job, statuses))
    })?;
    let collection = collections
        .values()
        .find(|found| found.read == job.operation.id)?;
    Some(Role::Statuses {
        collection: collection.path.to_owned(),
        query: statuses.query.clone(),
        id: statuses.id.clone(),
        state: statuses.state.clone(),
        missing: statuses.missing.clone(),
    })
}

/// What a create creates: what its jobs say, else what its response shows.
fn creations<'d>(
    document: Resolver<'d>,
    operation: &Operation<'d>,
    collections: &Collections<'d>,
    jobs: &[Job<'_>],
) -> Vec<Creation> {
    let Some((pointer, Value::Object(data))) = operation.data() else {
        return Vec::new();
    };
    let own = names(operation.path);
    let creation = |collection: &Collection<'d>, path: &str, many: bool| Creation {
        collection: collection.path.to_owned(),
        id: format!("{pointer}/{}", path.replace('.', "/")),
        many,
        existing: (own.iter())
            .find(|name| **name == collection.parameter)
            .map_or_else(String::new, |name| (*name).to_owned()),
        fields: common_fields(document, operation, collection),
    };
    let mut found: Vec<Creation> = Vec::new();
    for job in jobs {
        let created = job.created.iter();
        let reads = |of: &&Collection<'d>| of.read == job.operation.id;
        if let (Some(created), Some(collection)) = (
            created.clone().find(|of| of.operation.id == operation.id),
            collections.values().find(reads),
        ) {
            found.push(creation(collection, &created.id, created.several));
        }
    }
    for (name, inner) in data {
        let same = |of: &&Collection<'d>| {
            resource(of.path) == resource(operation.path) && is_like(inner, &of.object, &of.id)
        };
        if let Some(collection) = collections.values().find(same) {
            let created = creation(collection, &format!("{name}.{}", collection.id), false);
            if created.existing.is_empty() && found.iter().all(|of| of.id != created.id) {
                found.push(created);
            }
        }
    }
    if found.is_empty() {
        let named = created_by_name(operation, data, collections);
        found.extend(named.map(|(collection, name, many)| creation(collection, &name, many)));
    }
    found
}

/// Whether a value is an object with an id and most properties of another.
fn is_like(value: &Value, object: &Value, id: &str) -> bool {
    let (Some(value), Some(object)) = (value.as_object(), object.as_object()) else {
        return false;
    };
    let common = object
        .keys()
        .filter(|name| value.contains_key(*name))
        .count();
    value.contains_key(id) && object.len() > 2 && common * 4 >= object.len() * 3
}

/// What a create creates: an object of the collection at its own path, or one
/// that a property of the response names as the path parameter of a collection of
/// the same resource does.
fn created_by_name<'c, 'd>(
    operation: &Operation<'d>,
    data: &Map<String, Value>,
    collections: &'c Collections<'d>,
) -> Option<(&'c Collection<'d>, String, bool)> {
    let own = names(operation.path);
    let same_resource = |found: &&Collection<'d>| {
        !found.id.is_empty()
            && resource(found.path) == resource(operation.path)
            && !own.contains(&found.parameter)
    };
    // The collection of the longest path is the nearest.
    let mut near: Vec<&'c Collection<'d>> = collections.values().filter(same_resource).collect();
    near.sort_by_key(|found| {
        (
            found.path != operation.path,
            std::cmp::Reverse(found.path.len()),
        )
    });
    near.into_iter().find_map(|collection| {
        let singular = collection.parameter;
        let plural = format!("{singular}s");
        let is_id = |name: &str| data.get(name).is_some_and(Value::is_string);
        let is_ids = |name: &str| data.get(name).is_some_and(Value::is_array);
        if is_id(singular) {
            return Some((collection, singular.to_owned(), false));
        }
        if is_ids(&plural) {
            return Some((collection, plural, true));
        }
        let mut others = data.keys().filter(|name| name.ends_with("_id"));
        let at_own_path = [collection.id.as_str()]
            .into_iter()
            .chain(others.next().map(String::as_str))
            .find(|name| collection.path == operation.path && is_id(name))?;
        Some((collection, at_own_path.to_owned(), false))
    })
}

/// The fields of a request that an object has too, of a type in common, each with
/// its name there: `voice_name` is the `name` of a voice.
fn common_fields<'d>(
    document: Resolver<'d>,
    operation: &Operation<'d>,
    collection: &Collection<'d>,
) -> Vec<(String, String)> {
    let body = operation.body.as_ref().and_then(|body| body.schema);
    let (Some(body), Some(object)) = (body, collection.schema) else {
        return Vec::new();
    };
    let object = properties_of(document, data_schema(document, object));
    let request = properties_of(document, body);
    let mut found = Vec::new();
    for (name, sent) in &request {
        let short = name.rsplit_once('_').map_or(*name, |(_, last)| last);
        let same = object.get_key_value(name);
        let named = same.or_else(|| {
            let is_alias = short == "name" && !request.contains_key("name");
            object.get_key_value(short).filter(|_| is_alias)
        });
        let Some((to, kept)) = named else { continue };
        let (sent, kept) = (json_types(document, sent, 0), json_types(document, kept, 0));
        if *to != collection.id && !sent.is_disjoint(&kept) {
            found.push(((*name).to_owned(), (*to).to_owned()));
        }
    }
    found
}
