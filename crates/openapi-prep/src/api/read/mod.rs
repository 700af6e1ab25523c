//! Reads a prepared document into an [`Api`].

mod schemas;

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::schemas::{annotations, fields, text, type_ref, types};
use super::{
    Api, Body, BodyContent, ErrorResponse, Location, Operation, Parameter, Part, Server, Style,
    Success, SuccessContent, TypeRef, Webhook,
};
use crate::{
    Pointer, media,
    normalise::{ACCEPT, CODES, CONTENT_TYPE, ERRORS, MULTIPART, OPTIONAL_BODY, SERVER, WEBHOOKS},
    rust_names::{self, WIRE_NAME},
    schema,
    walk::METHODS,
    wire_names::wire_paths,
};

/// Where a location of the prepared document was in the document as given.
type Origin<'a> = dyn Fn(&str) -> String + 'a;

impl Api {
    /// Reads a document; `origin` leads from it into the document as given.
    pub(crate) fn with_origins(document: &Value, origin: &Origin<'_>) -> Self {
        let operations = operations(document, origin);
        let mut types = types(document, origin);
        // The struct of a form is no value: its parts are with the operation.
        for form in operations.iter().filter_map(|o| o.body.as_ref()?.form()) {
            types.remove(form);
        }
        let mut api = Self {
            title: text(&document["info"], "title").unwrap_or_default(),
            version: text(&document["info"], "version").unwrap_or_default(),
            description: text(&document["info"], "description"),
            servers: servers(document),
            security_schemes: entries(&document["components"]["securitySchemes"])
                .filter_map(|(name, scheme)| {
                    Some((name.clone(), Deserialize::deserialize(scheme).ok()?))
                })
                .collect(),
            security: parsed(&document["security"]),
            tags: parsed(&document["tags"]),
            operations,
            webhooks: webhooks(document, origin),
            types,
        };
        api.mark_requests();
        api
    }

    /// Marks the types that requests can hold.
    fn mark_requests(&mut self) {
        let named = |ty: &TypeRef| ty.name().map(str::to_owned);
        let sent = self.operations.iter().flat_map(Operation::request_types);
        let mut open: Vec<String> = sent.filter_map(named).collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(ty) = self.types.get_mut(&name)
                && seen.insert(name)
            {
                ty.in_request = true;
                open.extend(ty.shape.types().into_iter().filter_map(named));
            }
        }
    }
}

fn operations(document: &Value, origin: &Origin<'_>) -> Vec<Operation> {
    let at = Pointer::root().join("paths");
    let paths = wire_paths(document);
    let mut found = Vec::new();
    for (path, item) in entries(&document["paths"]) {
        let methods = entries(item).filter(|(key, _)| METHODS.contains(&key.as_str()));
        for (method, operation) in methods {
            let reader = Reader {
                document,
                operation,
                at: at.join(path).join(method),
                origin,
            };
            found.push(reader.operation(method, path, &paths));
        }
    }
    found
}

fn webhooks(document: &Value, origin: &Origin<'_>) -> Vec<Webhook> {
    let at = Pointer::root().join(WEBHOOKS);
    let one = |(name, webhook): (&String, &Value)| Webhook {
        name: name.clone(),
        description: text(webhook, "description"),
        ty: type_ref(&webhook["content"]["application/json"]["schema"]),
        pointer: origin(at.join(name).as_str()),
    };
    entries(&document[WEBHOOKS]).map(one).collect()
}

/// Reads an operation, which is at `at` in the document.
struct Reader<'a> {
    document: &'a Value,
    operation: &'a Value,
    at: Pointer,
    origin: &'a Origin<'a>,
}

impl Reader<'_> {
    fn operation(&self, method: &str, path: &str, paths: &HashMap<String, String>) -> Operation {
        let operation = self.operation;
        let id = text(operation, "operationId").unwrap_or_default();
        let is_mark = |key: &str| [ACCEPT, ERRORS, SERVER].contains(&key);
        Operation {
            function: rust_names::function(&id),
            id,
            method: method.to_uppercase(),
            path: paths.get(path).map_or(path, String::as_str).to_owned(),
            tags: parsed(&operation["tags"]),
            summary: text(operation, "summary"),
            description: text(operation, "description"),
            deprecated: operation["deprecated"] == true,
            extensions: entries(operation)
                .filter(|(key, _)| key.starts_with("x-") && !is_mark(key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
            parameters: items(&operation["parameters"])
                .enumerate()
                .map(|(index, parameter)| self.parameter(index, parameter))
                .collect(),
            body: self.body(),
            success: self.success(),
            errors: self.errors(),
            security: parsed(&operation["security"]),
            servers: servers(operation),
            pointer: (self.origin)(self.at.as_str()),
        }
    }

    /// Where something of the operation was in the document as given.
    fn pointer<'a>(&self, tokens: impl IntoIterator<Item = &'a str>) -> String {
        (self.origin)(self.at.joins(tokens).as_str())
    }

    fn parameter(&self, index: usize, parameter: &Value) -> Parameter {
        let name = text(parameter, "name").unwrap_or_default();
        // Of a value that is written as one string, the type says how.
        let of = &parameter["schema"]["x-rust-type"];
        let joined = of["path"].as_str().and_then(|p| p.rsplit("::").next());
        let schema = joined.map_or(&parameter["schema"], |_| &of["parameters"][0]);
        let ty = type_ref(schema);
        let mut own = annotations(parameter);
        let of_schema = annotations(schema);
        own.description = own.description.or(of_schema.description);
        own.deprecated |= of_schema.deprecated;
        own.default = own.default.or(of_schema.default);
        own.constraints.extend(of_schema.constraints);
        if own.examples.is_empty() {
            own.examples = of_schema.examples;
        }
        Parameter {
            rust_name: rust_names::function(&name),
            name: text(parameter, WIRE_NAME).unwrap_or(name),
            location: location(parameter),
            style: joined.map_or(Style::Plain, |name| parsed(&json!(name))),
            // A parameter is left out rather than sent as null.
            required: parameter["required"] == true && !ty.nullable,
            ty: ty.without_null(),
            annotations: own,
            pointer: self.pointer(["parameters", &index.to_string()]),
        }
    }

    fn body(&self) -> Option<Body> {
        let body = self.operation.get("requestBody")?;
        let (content_type, media) = entries(&body["content"]).next()?;
        // A body that may be left out can be null for the generator.
        let ty = type_ref(&media["schema"]).without_null();
        let mut sent_as = content_type.as_str();
        let content = if let Some(mark) = body.get(MULTIPART) {
            sent_as = "multipart/form-data";
            let form = schema::ref_name(&mark["schema"]);
            BodyContent::Multipart {
                parts: form.map_or_else(Vec::new, |form| self.parts(form, &mark["parts"])),
                form: form.map(str::to_owned),
            }
        } else {
            match media::essence(content_type).as_str() {
                "application/x-www-form-urlencoded" => BodyContent::Form(ty),
                kind if media::is_json(kind) => BodyContent::Json(ty),
                kind if kind.starts_with("text/") => BodyContent::Text,
                _ => BodyContent::Bytes,
            }
        };
        let mut annotations = annotations(body);
        annotations.examples = schemas::examples(media);
        Some(Body {
            content,
            content_type: text(body, CONTENT_TYPE).unwrap_or_else(|| sent_as.to_owned()),
            overrides_content_type: body.get(CONTENT_TYPE).is_some(),
            required: body.get(OPTIONAL_BODY).is_none(),
            annotations,
            pointer: self.pointer(["requestBody"]),
        })
    }

    /// The properties of a form as parts, with what their marks say.
    fn parts(&self, form: &str, marks: &Value) -> Vec<Part> {
        let at = Pointer::root().joins(["components", "schemas", form]);
        let schema = &self.document["components"]["schemas"][form];
        let part = |field: super::Field| Part {
            file: marks[&field.name]["file"] == true,
            content_type: text(&marks[&field.name], "contentType"),
            field,
        };
        let fields = fields(schema, &at, self.origin).into_iter();
        fields.map(part).collect()
    }

    fn success(&self) -> Success {
        let responses = &self.operation["responses"];
        let mut all = entries(responses);
        let found = all.find(|(status, _)| status.starts_with('2'));
        let (status, response) = match found {
            Some((status, response)) => (status.as_str(), response),
            None => ("default", &responses["default"]),
        };
        let mut annotations = annotations(response);
        let content = match entries(&response["content"]).next() {
            None => SuccessContent::None,
            Some((content_type, media)) => {
                annotations.examples = schemas::examples(media);
                if media::is_json(content_type) {
                    SuccessContent::Json(type_ref(&media["schema"]))
                } else {
                    SuccessContent::Bytes(content_type.clone())
                }
            }
        };
        Success {
            content,
            accept: text(self.operation, ACCEPT),
            annotations,
            pointer: self.pointer(["responses", status]),
            status: status.to_owned(),
        }
    }

    /// The errors that the rule which sets them aside noted.
    fn errors(&self) -> Vec<ErrorResponse> {
        let one = |(status, response): (&String, &Value)| ErrorResponse {
            status: status.clone(),
            description: text(response, "description"),
            ty: response
                .pointer("/content/application~1json/schema")
                .map(type_ref),
            codes: parsed(&response[CODES]),
            pointer: self.pointer(["responses", status]),
        };
        entries(&self.operation[ERRORS]).map(one).collect()
    }
}

fn servers(holder: &Value) -> Vec<Server> {
    if let Some(url) = text(holder, SERVER) {
        let server = Server::default();
        return vec![Server { url, ..server }];
    }
    let one = |server: &Value| {
        let variables = entries(&server["variables"])
            .map(|(name, variable)| (name.clone(), text(variable, "default").unwrap_or_default()));
        Some(Server {
            url: text(server, "url")?,
            description: text(server, "description"),
            variables: variables.collect(),
        })
    };
    items(&holder["servers"]).filter_map(one).collect()
}

/// Where a parameter or a key is sent.
fn location(of: &Value) -> Location {
    Location::deserialize(&of["in"]).unwrap_or(Location::Query)
}

/// What is under a key; null where nothing is.
fn member<'a>(of: &'a Value, key: &str) -> &'a Value {
    schema::get(of, key).unwrap_or(&Value::Null)
}

/// The entries of an object; none of anything else.
fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// The items of an array; none of anything else.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A value in the form of the document; the default where it has another.
fn parsed<'a, T: Deserialize<'a> + Default>(value: &'a Value) -> T {
    T::deserialize(value).unwrap_or_default()
}
