//! Reads a prepared document into an [`Api`].

mod schemas;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use self::schemas::{annotations, text, type_ref};
use super::{
    Api, Body, BodyContent, Credential, ErrorResponse, Location, Operation, Parameter, Part,
    SecurityRequirement, SecurityScheme, Server, Shape, Style, Success, SuccessContent, Tag,
    TypeRef,
};
use crate::{
    Pointer, media,
    normalise::{ACCEPT, CONTENT_TYPE, ERRORS, MULTIPART, OPTIONAL_BODY, SERVER},
    rust_names::{self, WIRE_NAME, wire_name},
    schema,
    walk::METHODS,
};

/// Where a location of the prepared document was in the document as given.
type Origin<'a> = dyn Fn(&str) -> String + 'a;

impl Api {
    /// Reads a document; `origin` leads from it into the document as given.
    pub(crate) fn with_origins(document: &Value, origin: &Origin<'_>) -> Self {
        let operations = operations(document, origin);
        let mut types = schemas::types(document, origin);
        // The struct of a form is no value: its parts are with the operation.
        for operation in &operations {
            if let Some(BodyContent::Multipart {
                form: Some(form), ..
            }) = operation.body.as_ref().map(|body| &body.content)
            {
                types.remove(form);
            }
        }
        let mut api = Self {
            title: text(&document["info"], "title").unwrap_or_default(),
            version: text(&document["info"], "version").unwrap_or_default(),
            description: text(&document["info"], "description"),
            servers: servers(document),
            security_schemes: entries(&document["components"]["securitySchemes"])
                .map(|(name, scheme)| (name.clone(), security_scheme(scheme)))
                .collect(),
            security: security(&document["security"]).unwrap_or_default(),
            tags: items(&document["tags"])
                .filter_map(|tag| {
                    let description = text(tag, "description");
                    text(tag, "name").map(|name| Tag { name, description })
                })
                .collect(),
            operations,
            types,
        };
        api.mark_requests();
        api
    }

    /// Marks the types that requests can hold.
    fn mark_requests(&mut self) {
        let sent = self.operations.iter().flat_map(Operation::request_types);
        let mut open: Vec<String> = sent.filter_map(named).collect();
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            if let Some(ty) = self.types.get_mut(&name)
                && seen.insert(name)
            {
                ty.in_request = true;
                open.extend(held(&ty.shape).into_iter().filter_map(named));
            }
        }
    }
}

fn named(ty: &TypeRef) -> Option<String> {
    ty.name().map(str::to_owned)
}

/// The types that values of this shape hold.
fn held(shape: &Shape) -> Vec<&TypeRef> {
    match shape {
        Shape::Struct { fields, additional } => {
            let fields = fields.iter().map(|field| &field.ty);
            fields.chain(additional).collect()
        }
        Shape::TaggedUnion { variants, .. } | Shape::Union { variants } => {
            variants.iter().filter_map(|v| v.ty.as_ref()).collect()
        }
        Shape::Alias(ty) => vec![ty],
        Shape::Enum { .. } => Vec::new(),
    }
}

fn operations(document: &Value, origin: &Origin<'_>) -> Vec<Operation> {
    let at = Pointer::root().join("paths");
    let schemas = &document["components"]["schemas"];
    let mut found = Vec::new();
    for (path, item) in entries(&document["paths"]) {
        let methods = entries(item).filter(|(key, _)| METHODS.contains(&key.as_str()));
        for (method, operation) in methods {
            let at = at.join(path).join(method);
            let own = operation["parameters"].as_array();
            let parameters = own.into_iter().flatten().enumerate();
            let parameters: Vec<_> = parameters
                .map(|(index, p)| parameter(p, &at.join("parameters").join(index), origin))
                .collect();
            let form = &operation["requestBody"][MULTIPART];
            let form = schema::ref_name(&form["schema"]).map(|name| (name, &schemas[name]));
            found.push(Operation {
                path: wire_path(path, &parameters),
                ..one_operation(method, operation, form, parameters, &at, origin)
            });
        }
    }
    found
}

/// The path template with the names of its parameters on the wire.
fn wire_path(path: &str, parameters: &[Parameter]) -> String {
    let of_path = parameters.iter().filter(|p| p.location == Location::Path);
    of_path.fold(path.to_owned(), |path, parameter| {
        // A parameter that was renamed has the name in Rust in the template.
        let renamed = format!("{{{}}}", parameter.rust_name);
        path.replace(&renamed, &format!("{{{}}}", parameter.name))
    })
}

fn one_operation(
    method: &str,
    operation: &Value,
    form: Option<(&str, &Value)>,
    parameters: Vec<Parameter>,
    at: &Pointer,
    origin: &Origin<'_>,
) -> Operation {
    let id = text(operation, "operationId").unwrap_or_default();
    let extensions = entries(operation)
        .filter(|(key, _)| {
            key.starts_with("x-") && ![ACCEPT, ERRORS, SERVER].contains(&key.as_str())
        })
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let body = operation.get("requestBody");
    Operation {
        function: rust_names::function(&id),
        id,
        method: method.to_uppercase(),
        path: String::new(),
        tags: items(&operation["tags"])
            .filter_map(|tag| tag.as_str().map(str::to_owned))
            .collect(),
        summary: text(operation, "summary"),
        description: text(operation, "description"),
        deprecated: operation["deprecated"] == true,
        extensions,
        parameters,
        body: body.and_then(|body| read_body(body, form, &at.join("requestBody"), origin)),
        success: success(operation, at, origin),
        errors: errors(operation, at, origin),
        security: security(&operation["security"]),
        servers: servers(operation),
        pointer: origin(at.as_str()),
    }
}

fn parameter(parameter: &Value, at: &Pointer, origin: &Origin<'_>) -> Parameter {
    let name = text(parameter, "name").unwrap_or_default();
    let location = Location::read(parameter["in"].as_str().unwrap_or_default());
    // Of a value that is written as one string, the type says how.
    let of = &parameter["schema"]["x-rust-type"];
    let joined = of["path"]
        .as_str()
        .and_then(|path| path.rsplit("::").next());
    let style = match joined {
        Some("SpaceSeparated") => Style::SpaceDelimited,
        Some("PipeSeparated") => Style::PipeDelimited,
        Some("Json") => Style::Json,
        _ => Style::read(parameter["style"].as_str(), location),
    };
    let explode = match parameter["explode"].as_bool() {
        _ if joined.is_some() => false,
        Some(explode) => explode,
        None => style == Style::Form,
    };
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
        location,
        style,
        explode,
        // A parameter is left out rather than sent as null.
        required: parameter["required"] == true && !ty.nullable,
        ty: ty.without_null(),
        annotations: own,
        pointer: origin(at.as_str()),
    }
}

/// `form` is the object whose properties are the parts of a multipart body.
fn read_body(
    body: &Value,
    form: Option<(&str, &Value)>,
    at: &Pointer,
    origin: &Origin<'_>,
) -> Option<Body> {
    let (content_type, media) = entries(&body["content"]).next()?;
    // A body that may be left out can be null for the generator.
    let ty = type_ref(&media["schema"]).without_null();
    let parts = body.get(MULTIPART).map(|mark| match form {
        Some((name, schema)) => parts(name, schema, &mark["parts"], origin),
        None => Vec::new(),
    });
    let form = form.map(|(name, _)| name.to_owned());
    let content = match (parts, media::essence(content_type).as_str()) {
        (Some(parts), _) => BodyContent::Multipart { form, parts },
        (None, "application/x-www-form-urlencoded") => BodyContent::Form(ty),
        (None, kind) if media::is_json(kind) => BodyContent::Json(ty),
        (None, kind) if kind.starts_with("text/") => BodyContent::Text,
        _ => BodyContent::Bytes,
    };
    let mut annotations = annotations(body);
    annotations.examples = examples_of(media);
    Some(Body {
        content,
        content_type: sent_as(body, content_type),
        overrides_content_type: body.get(CONTENT_TYPE).is_some(),
        required: body.get(OPTIONAL_BODY).is_none(),
        annotations,
        pointer: origin(at.as_str()),
    })
}

/// The media type that a body is sent as, where the generator sees another.
fn sent_as(body: &Value, content_type: &str) -> String {
    let marked = text(body, CONTENT_TYPE);
    marked.unwrap_or_else(|| match body.get(MULTIPART) {
        Some(_) => "multipart/form-data".to_owned(),
        None => content_type.to_owned(),
    })
}

fn parts(form: &str, schema: &Value, marks: &Value, origin: &Origin<'_>) -> Vec<Part> {
    let at = Pointer::root().joins(["components", "schemas", form]);
    let required: Vec<&Value> = items(&schema["required"]).collect();
    entries(&schema["properties"])
        .map(|(name, part)| Part {
            name: wire_name(schema, name).to_owned(),
            rust_name: rust_names::field(name),
            file: marks[wire_name(schema, name)]["file"] == true,
            content_type: text(&marks[wire_name(schema, name)], "contentType"),
            required: required.iter().any(|other| *other == name),
            ty: type_ref(part),
            annotations: annotations(part),
            pointer: origin(at.join("properties").join(name).as_str()),
        })
        .collect()
}

fn success(operation: &Value, at: &Pointer, origin: &Origin<'_>) -> Success {
    let found = entries(&operation["responses"]).find(|(status, _)| is_success(status));
    let (status, response) = match found {
        Some((status, response)) => (status.clone(), response),
        None => ("default".to_owned(), &operation["responses"]["default"]),
    };
    let mut annotations = annotations(response);
    let content = match entries(&response["content"]).next() {
        None => SuccessContent::None,
        Some((content_type, media)) => {
            annotations.examples = examples_of(media);
            match media::essence(content_type).as_str() {
                kind if media::is_json(kind) => SuccessContent::Json(type_ref(&media["schema"])),
                kind if kind.starts_with("text/") => SuccessContent::Text(content_type.clone()),
                _ => SuccessContent::Bytes(content_type.clone()),
            }
        }
    };
    Success {
        content,
        accept: text(operation, ACCEPT),
        annotations,
        pointer: origin(at.join("responses").join(&status).as_str()),
        status,
    }
}

/// The errors that the rule which takes them out noted.
fn errors(operation: &Value, at: &Pointer, origin: &Origin<'_>) -> Vec<ErrorResponse> {
    entries(&operation[ERRORS])
        .map(|(status, response)| ErrorResponse {
            status: status.clone(),
            description: text(response, "description"),
            ty: response
                .pointer("/content/application~1json/schema")
                .map(type_ref),
            pointer: origin(at.join("responses").join(status).as_str()),
        })
        .collect()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// The examples of a body.
fn examples_of(media: &Value) -> Vec<Value> {
    let many = entries(&media["examples"]).filter_map(|(_, example)| example.get("value"));
    media
        .get("example")
        .into_iter()
        .chain(many)
        .cloned()
        .collect()
}

fn servers(holder: &Value) -> Vec<Server> {
    if let Some(url) = text(holder, SERVER) {
        return vec![Server {
            url,
            description: None,
            variables: BTreeMap::new(),
        }];
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

fn security(requirements: &Value) -> Option<Vec<SecurityRequirement>> {
    let one = |requirement: &Value| -> SecurityRequirement {
        entries(requirement)
            .map(|(name, scopes)| {
                let scopes = items(scopes).filter_map(|scope| scope.as_str().map(str::to_owned));
                (name.clone(), scopes.collect())
            })
            .collect()
    };
    requirements
        .as_array()
        .map(|all| all.iter().map(one).collect())
}

fn security_scheme(scheme: &Value) -> SecurityScheme {
    let word = |key: &str| text(scheme, key).unwrap_or_default();
    let credential = match word("type").as_str() {
        "apiKey" => Credential::ApiKey {
            location: Location::read(&word("in")),
            name: word("name"),
        },
        "http" => Credential::Http {
            scheme: word("scheme").to_ascii_lowercase(),
        },
        "oauth2" => Credential::OAuth2,
        "openIdConnect" => Credential::OpenIdConnect {
            url: word("openIdConnectUrl"),
        },
        other => Credential::Other(other.to_owned()),
    };
    SecurityScheme {
        credential,
        description: text(scheme, "description"),
    }
}

/// The entries of an object; none of anything else.
fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// The items of an array; none of anything else.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
