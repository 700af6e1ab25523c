//! The operations of every checked-in document, read from the documents alone,
//! and arguments for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value, json};

use crate::contract::Arguments;
use crate::samples::{self, TEXT};

/// An operation of a document.
#[derive(Debug)]
pub struct Operation {
    /// The folder of its document, such as `v3`.
    pub document: String,
    /// The `operationId`.
    pub id: String,
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path template.
    pub path: String,
    /// The operation as its document has it.
    pub value: Value,
    /// The whole document.
    pub root: Arc<Value>,
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in [tests.join("../openapi"), tests.join("fixture-api/openapi")] {
        let folders = fs::read_dir(folder).unwrap();
        let mut folders: Vec<PathBuf> = folders
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.join("corrected.json").is_file())
            .collect();
        folders.sort();
        assert!(!folders.is_empty());
        for folder in folders {
            let text = fs::read_to_string(folder.join("corrected.json")).unwrap();
            let name = folder.file_name().unwrap().to_str().unwrap();
            found.extend(of_document(name, serde_json::from_str(&text).unwrap()));
        }
    }
    found.retain(|operation| !lost(operation));
    found
});

/// Whether the coverage table has a reason why an operation has no method.
fn lost(operation: &Operation) -> bool {
    let tables = heygen::raw::generated::COVERAGE.iter();
    let mut tables = tables.chain(fixture_api::COVERAGE);
    let title = format!("{} {}", operation.method, operation.path);
    tables.any(|(document, table)| {
        let mut lost = table.iter().filter(|(_, covered)| covered.is_err());
        *document == operation.document && lost.any(|(name, _)| *name == title)
    })
}

/// The operations of all documents, but for those that are known to have no
/// method.
pub fn all() -> &'static [Operation] {
    &OPERATIONS
}

fn of_document(document: &str, root: Value) -> Vec<Operation> {
    let root = Arc::new(root);
    let mut found = Vec::new();
    for (path, item) in members(&root["paths"]) {
        for (method, operation) in members(item) {
            if operation["responses"].is_object() {
                found.push(Operation {
                    document: document.to_owned(),
                    id: operation["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase(),
                    path: path.clone(),
                    value: operation.clone(),
                    root: Arc::clone(&root),
                });
            }
        }
    }
    found
}

/// A parameter of an operation.
#[derive(Debug)]
pub struct Parameter<'a> {
    /// Where it is sent: `path`, `query` or `header`.
    pub location: &'a str,
    /// Its name on the wire.
    pub name: &'a str,
    /// Whether a call must have it.
    pub required: bool,
    /// Whether the items of a list are one text with commas.
    pub joined: bool,
    schema: &'a Value,
    root: &'a Value,
}

impl Parameter<'_> {
    /// The name of its argument.
    pub fn key(&self) -> String {
        format!("{}.{}", self.location, self.name)
    }

    /// A value that fits its schema.
    pub fn value(&self) -> Value {
        samples::scalar(self.root, self.schema)
    }
}

/// An example of a response.
#[derive(Clone, Debug)]
pub struct Example<'a> {
    /// The status of the response: `404`, `4XX` or `default`.
    pub status: &'a str,
    /// The body.
    pub body: &'a Value,
    /// The schema of the body.
    pub schema: &'a Value,
}

/// Where the parts of a page are in the body of a response, as JSON pointers.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The list.
    pub items: String,
    /// The cursor of the next page.
    pub next_token: String,
    /// Whether there is a next page.
    pub has_more: String,
}

/// What a call gives of the body of a response.
#[derive(Clone, Debug)]
pub enum Returned {
    /// Nothing.
    Nothing,
    /// The bytes.
    Bytes,
    /// All of it.
    Whole,
    /// What is in `data`.
    Data,
    /// A page.
    Page(Paging),
}

impl Operation {
    /// For messages.
    pub fn title(&self) -> String {
        format!("{} {} {}", self.document, self.method, self.path)
    }

    /// The parameters, but for those that the client sends by itself.
    pub fn parameters(&self) -> Vec<Parameter<'_>> {
        let all = self.value["parameters"].as_array().into_iter().flatten();
        let of_path = self.root["paths"][&self.path]["parameters"].as_array();
        let all = all.chain(of_path.into_iter().flatten());
        let all = all.map(|parameter| resolve(&self.root, parameter));
        let all = all.map(|parameter| Parameter {
            location: parameter["in"].as_str().unwrap(),
            name: parameter["name"].as_str().unwrap(),
            required: parameter["required"] == true,
            joined: parameter["explode"] == false,
            schema: &parameter["schema"],
            root: &self.root,
        });
        all.filter(|parameter| !is_sent_by_client(parameter))
            .collect()
    }

    /// Whether the document declares `Idempotency-Key`.
    pub fn reads_idempotency_key(&self) -> bool {
        let all = self.value["parameters"].as_array().into_iter().flatten();
        all.map(|parameter| resolve(&self.root, parameter))
            .any(|parameter| parameter["name"] == "Idempotency-Key")
    }

    /// The media type of the body and what describes it, if there is a body.
    pub fn body(&self) -> Option<(&str, &Value)> {
        let body = resolve(&self.root, self.value.get("requestBody")?);
        let (media_type, content) = body["content"].as_object()?.iter().next()?;
        Some((media_type, content))
    }

    /// Whether a call must have a body.
    pub fn needs_body(&self) -> bool {
        let body = self.value.get("requestBody");
        body.is_some_and(|body| resolve(&self.root, body)["required"] == true)
    }

    /// Arguments for a call: all, or those that are required.
    pub fn arguments(&self, all: bool) -> Arguments {
        let mut given = Arguments::default();
        // A parameter of the path is a string where no more is said of it.
        for name in self.path.split(['{', '}']).skip(1).step_by(2) {
            given.insert(format!("path.{name}"), json!(TEXT));
        }
        for parameter in self.parameters() {
            if all || parameter.required {
                given.insert(parameter.key(), parameter.value());
            }
        }
        let Some((media_type, content)) = self.body().filter(|_| all || self.needs_body()) else {
            return given;
        };
        let body = match media_type {
            "application/json" => {
                let example = content.get("example");
                example.unwrap_or_else(|| panic!("{}: the body has no example", self.title()))
            }
            _ => &json!(TEXT),
        };
        given.insert("body", body.clone());
        if media_type == "multipart/form-data" {
            let schema = resolve(&self.root, &content["schema"]);
            for (name, part) in members(&schema["properties"]) {
                let part = resolve(&self.root, part);
                let is_file = part["format"] == "binary"
                    || part.get("contentMediaType").is_some()
                    || part.get("contentEncoding").is_some();
                let value = if is_file {
                    json!(FILE)
                } else {
                    samples::scalar(&self.root, part)
                };
                given.insert(format!("part.{name}"), value);
            }
        }
        given
    }

    /// The examples of its responses: of a success or of errors.
    pub fn examples(&self, success: bool) -> Vec<Example<'_>> {
        let mut found = Vec::new();
        for (status, response) in members(&self.value["responses"]) {
            if status.starts_with('2') != success {
                continue;
            }
            let response = resolve(&self.root, response);
            let content = &response["content"]["application/json"];
            let several = members(&content["examples"]).map(|(_, named)| &named["value"]);
            let bodies = content.get("example").into_iter().chain(several);
            found.extend(bodies.map(|body| Example {
                status,
                body,
                schema: &content["schema"],
            }));
        }
        found
    }

    /// Bodies of its success with all properties that the document has, each
    /// with other branches of the unions in it.
    pub fn full_responses(&self) -> Vec<Value> {
        let mut responses = members(&self.value["responses"]);
        let success = responses.find(|(status, _)| status.starts_with('2'));
        let response = resolve(&self.root, success.unwrap().1);
        samples::full(
            &self.root,
            &response["content"]["application/json"]["schema"],
        )
    }

    /// Bodies of requests, likewise.
    pub fn full_bodies(&self) -> Vec<Value> {
        match self.body() {
            Some(("application/json", content)) => samples::full(&self.root, &content["schema"]),
            _ => Vec::new(),
        }
    }

    /// What a call returns.
    pub fn returned(&self) -> Returned {
        let mut responses = members(&self.value["responses"]);
        let success = responses.find(|(status, _)| status.starts_with('2'));
        let response = resolve(&self.root, success.unwrap().1);
        let mut content = members(&response["content"]);
        let Some((media_type, content)) = content.next() else {
            return Returned::Nothing;
        };
        if media_type != "application/json" {
            return Returned::Bytes;
        }
        let schema = resolve(&self.root, &content["schema"]);
        if let Some(paging) = self.paging()
            && self.is_plain(&paging, schema)
        {
            return Returned::Page(paging);
        }
        match schema["properties"].get("data") {
            Some(_) => Returned::Data,
            None => Returned::Whole,
        }
    }

    fn paging(&self) -> Option<Paging> {
        let mark = self.value.get("x-page").filter(|mark| **mark != false)?;
        let at = |name: &str, default: &str| mark[name].as_str().unwrap_or(default).to_owned();
        Some(Paging {
            items: at("items", "/data"),
            next_token: at("next_token", "/next_token"),
            has_more: at("has_more", "/has_more"),
        })
    }

    /// Whether the object with the items has nothing else to say.
    fn is_plain(&self, paging: &Paging, schema: &Value) -> bool {
        let (holder, _) = paging.items.rsplit_once('/').unwrap();
        let mut schema = schema;
        for name in holder.split('/').skip(1) {
            schema = resolve(&self.root, &schema["properties"][name]);
        }
        holder.is_empty()
            || members(&schema["properties"]).all(|(name, _)| {
                let at = format!("{holder}/{name}");
                [&paging.items, &paging.next_token, &paging.has_more].contains(&&at)
            })
    }
}

/// The bytes of a file.
pub const FILE: [u8; 3] = [0, 1, 255];

impl Returned {
    /// What a call returns of this body.
    pub fn of(&self, body: &Value) -> Value {
        let at = |pointer: &str| body.pointer(pointer).cloned().unwrap_or_default();
        match self {
            Self::Nothing => Value::Null,
            Self::Bytes => panic!("bytes have no example"),
            Self::Whole => body.clone(),
            Self::Data => at("/data"),
            Self::Page(paging) => {
                let token = at(&paging.next_token);
                let token = if token == "" { Value::Null } else { token };
                let more = at(&paging.has_more);
                let more = more.as_bool().unwrap_or(!token.is_null());
                json!({"items": at(&paging.items), "next_token": token, "has_more": more})
            }
        }
    }
}

/// Those that the client sends: credentials, and the key of idempotency.
fn is_sent_by_client(parameter: &Parameter<'_>) -> bool {
    let schemes = members(&parameter.root["components"]["securitySchemes"]);
    let mut names = schemes.filter_map(|(_, scheme)| scheme["name"].as_str());
    parameter.location == "header"
        && (parameter.name == "Idempotency-Key"
            || names.any(|name| name.eq_ignore_ascii_case(parameter.name)))
}

/// The members of an object; none of anything else.
pub fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Resolves references, and a choice of one schema and null.
pub fn resolve<'a>(root: &'a Value, mut value: &'a Value) -> &'a Value {
    loop {
        if let Some(reference) = value["$ref"].as_str() {
            value = root.pointer(reference.trim_start_matches('#')).unwrap();
            continue;
        }
        let choice = ["oneOf", "anyOf", "allOf"].iter();
        let mut choice = choice.filter_map(|name| value[*name].as_array());
        let choice = choice.next().into_iter().flatten();
        let real: Vec<&Value> = choice.filter(|branch| branch["type"] != "null").collect();
        match real.as_slice() {
            [one] => value = one,
            _ => return value,
        }
    }
}
