//! What the lowered document says of types and operations, read once.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;
use serde_json::{Map, Value};

/// The facts about one document.
#[derive(Debug, Default)]
pub(in crate::codegen) struct Facts {
    pub(in crate::codegen) title: String,
    pub(in crate::codegen) version: String,
    /// Types that an answer can hold.
    pub(super) responses: HashSet<String>,
    /// Types that a request can hold.
    requests: HashSet<String>,
    /// Whether builders of all other types are for mocks only.
    mocks_only: bool,
    /// String enums that keep values they do not know.
    pub(super) open: HashSet<String>,
    /// The properties of each object, in the order of the document.
    pub(super) properties: HashMap<String, Vec<String>>,
    /// Tagged unions.
    pub(super) unions: HashMap<String, Union>,
    /// In the order of the document.
    pub(in crate::codegen) operations: Vec<Operation>,
}

/// A tagged union.
#[derive(Debug)]
pub(super) struct Union {
    pub(super) tag: String,
    /// The type of each tag's value, and whether it holds the union in turn.
    pub(super) variants: HashMap<String, (String, bool)>,
}

/// One operation.
#[derive(Debug)]
pub(in crate::codegen) struct Operation {
    pub(in crate::codegen) id: String,
    pub(in crate::codegen) name: String,
    pub(in crate::codegen) method: String,
    pub(in crate::codegen) path: String,
    pub(in crate::codegen) idempotent: bool,
    pub(in crate::codegen) idempotency_key: bool,
    pub(in crate::codegen) pagination: Option<Paging>,
    pub(in crate::codegen) deprecated: bool,
    pub(in crate::codegen) sunset: Option<String>,
    /// The type of the answer, where it has a name.
    pub(super) response: Option<String>,
}

/// How an operation gives a list page by page.
#[derive(Debug)]
pub(in crate::codegen) struct Paging {
    pub(in crate::codegen) token: String,
    pub(in crate::codegen) limit: Option<String>,
    pub(in crate::codegen) items: String,
    pub(in crate::codegen) next: String,
}

const SCHEMAS: &str = "#/components/schemas/";

impl Facts {
    pub(in crate::codegen) fn read(lowered: &Value) -> Self {
        let mut facts = Self {
            title: lowered["info"]["title"]
                .as_str()
                .unwrap_or("The API")
                .to_owned(),
            version: lowered["info"]["version"]
                .as_str()
                .unwrap_or("unknown")
                .to_owned(),
            mocks_only: true,
            ..Self::default()
        };
        let none = Map::new();
        let schemas = lowered
            .pointer("/components/schemas")
            .and_then(Value::as_object)
            .unwrap_or(&none);
        for (name, schema) in schemas {
            if schema["x-response"] == true {
                facts.responses.insert(name.clone());
            }
            if let Some(properties) = schema["properties"].as_object() {
                facts
                    .properties
                    .insert(name.clone(), properties.keys().cloned().collect());
            }
            if schema["x-open-enum"] == true {
                facts.open.insert(name.clone());
            }
            if let (Some(tag), Some(variants)) =
                (schema["x-tag"].as_str(), schema["x-variants"].as_object())
            {
                let variants = variants
                    .iter()
                    .filter_map(|(value, target)| {
                        Some((value.clone(), target.as_str()?.to_owned()))
                    })
                    .map(|(value, target)| (value, (target.clone(), holds(schemas, &target, name))))
                    .collect();
                let tag = tag.to_owned();
                facts.unions.insert(name.clone(), Union { tag, variants });
            }
        }
        let paths = lowered["paths"].as_object().unwrap_or(&none);
        facts.requests = requests(paths, schemas);
        for (path, item) in paths {
            for (method, operation) in item.as_object().unwrap_or(&none) {
                if operation.get("operationId").is_some() {
                    facts
                        .operations
                        .push(Operation::read(path, method, operation, schemas));
                }
            }
        }
        facts
    }
}

impl Facts {
    /// The same, with builders of all types for all users.
    pub(in crate::codegen) fn for_everyone(mut self) -> Self {
        self.mocks_only = false;
        self
    }

    /// Whether nobody but a mock of the server builds this type.
    pub(super) fn built_by_mocks_only(&self, name: &str) -> bool {
        self.mocks_only && !self.requests.contains(name)
    }
}

/// The types that parameters and bodies hold, however deep.
fn requests(paths: &Map<String, Value>, schemas: &Map<String, Value>) -> HashSet<String> {
    let none = |_: &str| false;
    let mut open = Vec::new();
    for operation in paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(Map::values)
    {
        references(&operation["parameters"], &none, &mut open);
        references(&operation["requestBody"], &none, &mut open);
    }
    reached(schemas, open, &none)
}

/// Whether a type holds another in its own memory, however deep: what a list
/// or a map holds is elsewhere.
fn holds(schemas: &Map<String, Value>, from: &str, wanted: &str) -> bool {
    let elsewhere = |key: &str| key == "items" || key == "additionalProperties";
    reached(schemas, vec![from.to_owned()], &elsewhere).contains(wanted)
}

/// These types and all that they hold, but for what stands under keys to skip.
fn reached(
    schemas: &Map<String, Value>,
    mut open: Vec<String>,
    skip: &dyn Fn(&str) -> bool,
) -> HashSet<String> {
    let mut seen = HashSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && seen.insert(name)
        {
            references(schema, skip, &mut open);
        }
    }
    seen
}

fn references(value: &Value, skip: &dyn Fn(&str) -> bool, into: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            into.extend(
                object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(|r| r.strip_prefix(SCHEMAS))
                    .map(str::to_owned),
            );
            // A union's variants stand under their own names as well.
            if let Some(variants) = object.get("x-variants").and_then(Value::as_object) {
                into.extend(
                    variants
                        .values()
                        .filter_map(Value::as_str)
                        .map(str::to_owned),
                );
            }
            for (key, value) in object {
                if !skip(key) {
                    references(value, skip, into);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|v| references(v, skip, into)),
        _ => {}
    }
}

impl Operation {
    fn read(path: &str, method: &str, operation: &Value, schemas: &Map<String, Value>) -> Self {
        let id = operation["operationId"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let response = operation["responses"]
            .as_object()
            .into_iter()
            .flat_map(Map::values)
            .find_map(|r| r["content"]["application/json"]["schema"]["$ref"].as_str())
            .and_then(|r| r.strip_prefix(SCHEMAS))
            .map(str::to_owned);
        let answer = response.as_ref().and_then(|name| schemas.get(name));
        Self {
            name: id.to_snake_case(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            idempotent: matches!(
                method,
                "get" | "head" | "put" | "delete" | "options" | "trace"
            ),
            idempotency_key: operation["x-idempotency-key"] == true,
            pagination: answer.and_then(|answer| Paging::read(operation, answer)),
            deprecated: operation["deprecated"] == true,
            sunset: operation["x-sunset"].as_str().map(str::to_owned),
            response,
            id,
        }
    }
}

impl Paging {
    /// A list that is read page by page takes the token of a page and gives
    /// the token of the next beside the list.
    fn read(operation: &Value, answer: &Value) -> Option<Self> {
        const TOKENS: [&str; 5] = ["token", "page_token", "pageToken", "cursor", "next_token"];
        const NEXTS: [&str; 5] = [
            "next_token",
            "next_page_token",
            "nextPageToken",
            "next_cursor",
            "token",
        ];
        const LIMITS: [&str; 4] = ["limit", "page_size", "pageSize", "per_page"];
        let parameters = operation["parameters"].as_array()?;
        let query = |names: &[&'static str]| {
            let mut of_query = parameters.iter().filter(|p| p["in"] == "query");
            of_query
                .find_map(|p| names.iter().find(|name| p["name"] == **name))
                .copied()
        };
        let token = query(&TOKENS)?;
        let properties = answer["properties"].as_object()?;
        let next = NEXTS.iter().find(|next| properties.contains_key(**next))?;
        let items = properties
            .iter()
            .find(|(_, p)| p["type"] == "array")
            .map(|(name, _)| name.clone())?;
        Some(Self {
            token: token.to_owned(),
            limit: query(&LIMITS).map(str::to_owned),
            items,
            next: (*next).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_are_described_by_the_document() {
        let list = json!({"type": "object", "properties": {
            "data": {"type": "array"}, "has_more": {}, "next_token": {}}});
        let document = json!({
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/videos": {
                "get": {"operationId": "listVideos", "parameters": [{"name": "limit", "in": "query"}, {"name": "token", "in": "query"}],
                        "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/List"}}}}}},
                "post": {"operationId": "createVideo", "x-idempotency-key": true, "responses": {}},
            }},
            "components": {"schemas": {"List": list}},
        });
        let facts = Facts::read(&document);
        let [get, post] = facts.operations.as_slice() else {
            panic!("two operations")
        };
        assert_eq!(
            (get.name.as_str(), get.method.as_str(), get.idempotent),
            ("list_videos", "GET", true)
        );
        let paging = get.pagination.as_ref().unwrap();
        assert_eq!(
            (
                paging.items.as_str(),
                paging.next.as_str(),
                paging.limit.as_deref()
            ),
            ("data", "next_token", Some("limit"))
        );
        assert!(post.idempotency_key && !post.idempotent && post.pagination.is_none());
    }

    #[test]
    fn a_union_inside_itself_is_found() {
        let document = json!({"components": {"schemas": {
            "U": {"x-tag": "t", "x-variants": {"a": "A", "b": "B"}},
            "A": {"properties": {"next": {"$ref": "#/components/schemas/U"}}},
            "B": {"properties": {"list": {"items": {"$ref": "#/components/schemas/U"}}}},
        }}});
        let facts = Facts::read(&document);
        assert_eq!(facts.unions["U"].variants["a"], ("A".to_owned(), true));
        assert_eq!(facts.unions["U"].variants["b"], ("B".to_owned(), false));
    }
}
