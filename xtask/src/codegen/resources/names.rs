//! What is called what: the handles that lead to an operation, its method, and
//! the struct of its query. The rule gives a name where neither the overlay nor
//! the ledger does.

use std::collections::HashMap;

use heck::ToPascalCase;
use openapi_prep::{
    Error,
    api::{Api, BaseType, Operation},
    function_name,
};
use serde_json::Value;

use super::{
    arguments,
    example::Example,
    ledger::Ledger,
    pages::{self, Returned},
};
use crate::codegen::resource_path::{RESOURCE_HINT, action, resource_path};

/// The overlay's hint for the name of a method.
pub(super) const METHOD_HINT: &str = "x-method";

/// The overlay's hint for the name of the struct of a query.
const QUERY_HINT: &str = "x-query";

/// Names that a method of a handle cannot have: it would hide one of the traits
/// that every handle has, or its constructor.
const RESERVED: [&str; 12] = [
    "borrow",
    "borrow_mut",
    "clone",
    "clone_from",
    "clone_into",
    "fmt",
    "from",
    "into",
    "new",
    "to_owned",
    "try_into",
    "type_id",
];

/// An operation and its names.
#[derive(Debug)]
pub(super) struct Named<'a> {
    pub(super) operation: &'a Operation,
    /// The methods that give the handle, the outermost first.
    pub(super) resource: Vec<String>,
    pub(super) method: String,
    /// The struct of its query, if it has one.
    pub(super) query: Option<String>,
    /// What a call returns.
    pub(super) returned: Returned,
    /// An example of a call, where there is to be one.
    pub(super) example: Option<Example>,
}

impl Named<'_> {
    /// How the method is called: `avatars().looks().get`.
    pub(super) fn call(&self) -> String {
        let names = self.resource.iter().map(|name| format!("{name}()"));
        let names: Vec<String> = names.chain([self.method.clone()]).collect();
        names.join(".")
    }

    /// Whether the path names one of many: it ends in a parameter.
    fn is_of_one(&self) -> bool {
        self.operation.path.trim_end_matches('/').ends_with('}')
    }
}

/// Names all operations.
///
/// # Errors
///
/// Where a hint is malformed, or two names are the same.
pub(super) fn assign<'a>(
    api: &'a Api,
    module: &str,
    ledger: &Ledger,
) -> Result<Vec<Named<'a>>, Error> {
    let mut all = Vec::new();
    for operation in &api.operations {
        all.push(named(api, operation, ledger).map_err(|e| e.at(&operation.pointer))?);
    }
    check_methods(&all)?;
    check_types(api, module, &all)?;
    Ok(all)
}

fn named<'a>(api: &'a Api, operation: &'a Operation, ledger: &Ledger) -> Result<Named<'a>, Error> {
    let title = operation.title();
    let returned = pages::returned(api, operation)?;
    let (known_resource, known_method) = ledger.method(&title).unzip();
    let resource_hint = resource_hint(operation)?;
    let resource = resource_hint
        .or(known_resource)
        .unwrap_or_else(|| resource_path(operation));
    if resource.is_empty() {
        let message = format!("the path of {title} names no resource");
        return Err(Error::new(message).remedy(set(RESOURCE_HINT, "the handles that lead to it")));
    }
    let method = hint(operation, METHOD_HINT, is_function)?
        .or(known_method)
        .unwrap_or_else(|| method(operation, &returned));
    if let Some(name) = resource
        .iter()
        .chain([&method])
        .find(|name| !is_function(name))
    {
        let message = format!("`{name}` is no name of a method, for {title}");
        return Err(Error::new(message).remedy(set_a_name()));
    }
    let mut named = Named {
        operation,
        resource,
        method,
        query: None,
        returned,
        example: None,
    };
    if !arguments::of_query(operation).is_empty() {
        let given = hint(operation, QUERY_HINT, is_type)?;
        let known = || ledger.query(&title).map(str::to_owned);
        named.query = Some(given.or_else(known).unwrap_or_else(|| query(&named)));
    }
    Ok(named)
}

/// The method by the rule.
fn method(operation: &Operation, returned: &Returned) -> String {
    if let Some(action) = action(operation) {
        return action;
    }
    let is_of_one = operation.path.trim_end_matches('/').ends_with('}');
    let is_list = match returned {
        Returned::Page(_) => true,
        Returned::Data(ty) | Returned::Whole(ty) => matches!(ty.base, BaseType::List(_)),
        _ => false,
    };
    match operation.method.as_str() {
        "POST" => "create",
        "GET" if is_list && !is_of_one => "list",
        "GET" => "get",
        "PATCH" | "PUT" => "update",
        "DELETE" => "delete",
        other => return function_name(other),
    }
    .to_owned()
}

/// The struct of a query by the rule: method and resource.
fn query(named: &Named<'_>) -> String {
    let mut name = named.method.to_pascal_case();
    name.push_str(&handle(&named.resource));
    match named.is_of_one() {
        true => {
            let (last, others) = named.resource.split_last().unwrap_or((&named.method, &[]));
            let mut words: Vec<String> = others.iter().map(|word| singular(word)).collect();
            words.push(singular(last));
            named.method.to_pascal_case() + &words.join("_").to_pascal_case()
        }
        false => name,
    }
}

/// The type of a handle: the words of its resource, all but the last singular.
/// `avatars`, `looks` gives `AvatarLooks`.
pub(super) fn handle(resource: &[String]) -> String {
    let mut words: Vec<String> = resource.iter().map(|word| singular(word)).collect();
    if let (Some(word), Some(last)) = (words.last_mut(), resource.last()) {
        word.clone_from(last);
    }
    words.join("_").to_pascal_case()
}

/// The type of all resources of a module.
pub(in crate::codegen) fn root(module: &str) -> String {
    module.to_pascal_case()
}

/// One of what a plural word names, by the common rules of English.
pub(super) fn singular(word: &str) -> String {
    let without = |end: &str| word.strip_suffix(end);
    if let Some(stem) = without("ies") {
        return format!("{stem}y");
    }
    for end in ["xes", "ches", "shes", "sses", "tuses"] {
        if word.ends_with(end) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let stays = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    match without("s") {
        Some(stem) if !stays && !stem.is_empty() => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// The chain of handles that the overlay gives.
fn resource_hint(operation: &Operation) -> Result<Option<Vec<String>>, Error> {
    let Some(hint) = operation.extensions.get(RESOURCE_HINT) else {
        return Ok(None);
    };
    let names = hint.as_array().map(Vec::as_slice).unwrap_or_default();
    let texts: Vec<String> = names
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if texts.is_empty() || texts.len() != names.len() {
        let message = format!("`{RESOURCE_HINT}` is not a list of names: {hint}");
        return Err(Error::new(message).remedy("such as `x-resource: [avatars, looks]`"));
    }
    Ok(Some(texts))
}

fn hint(
    operation: &Operation,
    key: &str,
    is_name: fn(&str) -> bool,
) -> Result<Option<String>, Error> {
    match operation.extensions.get(key) {
        None => Ok(None),
        Some(Value::String(name)) if is_name(name) => Ok(Some(name.clone())),
        Some(other) => Err(Error::new(format!("`{key}` is not a Rust name: {other}"))),
    }
}

/// Whether a text is a function name that is neither a keyword nor one with a
/// mark of it.
fn is_function(name: &str) -> bool {
    function_name(name) == name && !name.ends_with('_') && !name.starts_with('_')
}

fn is_type(name: &str) -> bool {
    syn::parse_str::<syn::Ident>(name).is_ok() && name.to_pascal_case() == name
}

/// Refuses methods and handles that would have the same name in one handle, and
/// those with a reserved one.
fn check_methods(all: &[Named<'_>]) -> Result<(), Error> {
    let mut handles: HashMap<&[String], &Named<'_>> = HashMap::new();
    for named in all {
        for length in 1..=named.resource.len() {
            handles.entry(&named.resource[..length]).or_insert(named);
        }
    }
    let mut methods: HashMap<Vec<&String>, &Named<'_>> = HashMap::new();
    for named in all {
        let names = named.resource.iter().chain([&named.method]);
        if let Some(name) = names.clone().find(|name| RESERVED.contains(&name.as_str())) {
            let message = format!(
                "`{name}` is a reserved name, for {}",
                named.operation.title()
            );
            return Err(clash(named, message).remedy(set_a_name()));
        }
        let path: Vec<&String> = names.collect();
        let own: Vec<String> = path.iter().copied().cloned().collect();
        let other = methods
            .insert(path, named)
            .or_else(|| handles.get(own.as_slice()).copied());
        if let Some(other) = other {
            let message = format!(
                "{} and {} would both be `{}`",
                other.operation.title(),
                named.operation.title(),
                named.call()
            );
            return Err(clash(named, message).remedy(set_a_name()));
        }
    }
    Ok(())
}

/// Refuses handles that have the name of another, and structs of queries that have
/// the name of a type: users have these in one module, and the handles in theirs.
fn check_types(api: &Api, module: &str, all: &[Named<'_>]) -> Result<(), Error> {
    let mut handles: HashMap<String, &[String]> = HashMap::new();
    for named in all {
        for length in 1..=named.resource.len() {
            let resource = &named.resource[..length];
            let name = handle(resource);
            let other = handles.insert(name.clone(), resource);
            if let Some(other) = other.filter(|other| *other != resource) {
                let (other, own) = (other.join("."), resource.join("."));
                let message = format!("the handles of `{other}` and `{own}` would be `{name}`");
                let remedy = set(RESOURCE_HINT, "other handles");
                return Err(clash(named, message).remedy(remedy));
            }
        }
    }
    let mut taken: HashMap<String, String> = HashMap::new();
    taken.insert(root(module), "all resources".to_owned());
    let forms = api
        .operations
        .iter()
        .filter_map(|o| o.body.as_ref()?.form());
    for name in api.types.keys().map(String::as_str).chain(forms) {
        taken.insert(name.to_owned(), "a type of the document".to_owned());
    }
    for name in handles.into_keys() {
        // Beside the structs of queries in the generated crate.
        taken.entry(name).or_insert("a handle".to_owned());
    }
    for named in all {
        let Some(name) = &named.query else { continue };
        let what = format!("the query of {}", named.operation.title());
        if let Some(other) = taken.insert(name.clone(), what.clone()) {
            let message = format!("{other} and {what} would both be `{name}`");
            let remedy = set(QUERY_HINT, "another name");
            return Err(clash(named, message).remedy(remedy));
        }
    }
    Ok(())
}

fn clash(named: &Named<'_>, message: String) -> Error {
    Error::new(message).at(&named.operation.pointer)
}

fn set_a_name() -> String {
    format!(
        "set `{METHOD_HINT}` or `{RESOURCE_HINT}` on the operation by an action in overlay.yaml"
    )
}

fn set(hint: &str, to: &str) -> String {
    format!("set `{hint}` on the operation, to {to}, by an action in overlay.yaml")
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;

    /// An operation that returns an array or an object.
    fn operation(path: &str, id: &str, list: bool, hints: &Value) -> Value {
        let schema = match list {
            true => json!({"type": "array", "items": {"type": "string"}}),
            false => json!({"type": "object", "properties": {"id": {"type": "string"}}}),
        };
        let names = path
            .split('{')
            .skip(1)
            .filter_map(|part| part.split('}').next());
        let mut parameters: Vec<Value> = names
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        parameters.push(json!({"name": "full", "in": "query", "schema": {"type": "boolean"}}));
        let mut operation = json!({"operationId": id, "parameters": parameters, "responses": {"200": {
            "description": "ok", "content": {"application/json": {"schema": schema}},
        }}});
        for (key, value) in hints.as_object().into_iter().flatten() {
            operation[key] = value.clone();
        }
        operation
    }

    /// Names the operations, each of which is method, path, whether it returns a
    /// list, and hints; gives calls and queries.
    fn names(
        operations: &[(&str, &str, bool, Value)],
        ledger: &Ledger,
    ) -> Result<Vec<(String, String)>, String> {
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {},
            "components": {"schemas": {"ListVideos": {"type": "string"}}},
        });
        for (index, (method, path, list, hints)) in operations.iter().enumerate() {
            document["paths"][path][method] = operation(path, &format!("o{index}"), *list, hints);
        }
        let typed = json!({"description": "ok", "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/ListVideos"}}}});
        document["paths"]["/v3/typed"] =
            json!({"head": {"operationId": "typed", "responses": {"200": typed}}});
        let document = Document::from_value(document).unwrap();
        let api = prepare(document, &mut Names::new()).unwrap().api;
        let all = assign(&api, "v3", ledger).map_err(|e| e.to_string())?;
        let named = all.iter().filter(|named| named.operation.id != "typed");
        Ok(named
            .map(|named| (named.call(), named.query.clone().unwrap()))
            .collect())
    }

    #[test]
    fn rule_gives_handles_method_and_query() {
        let none = || Value::Null;
        let given = [
            ("get", "/v3/voices", true, none()),
            ("get", "/v3/voices/{voice_id}", false, none()),
            ("post", "/v3/voices", false, none()),
            ("delete", "/v3/voices/{voice_id}", false, none()),
            ("get", "/v3/avatars/looks", true, none()),
            ("patch", "/v3/avatars/looks/{look_id}", false, none()),
            (
                "post",
                "/v3/webhooks/endpoints/{id}/rotate-secret",
                false,
                none(),
            ),
            ("get", "/v3/video-agents/{id}/videos", true, none()),
            ("get", "/v3/users/me", false, none()),
        ];
        let wanted = [
            ("voices().list", "ListVoices"),
            ("voices().create", "CreateVoices"),
            ("voices().get", "GetVoice"),
            ("voices().delete", "DeleteVoice"),
            ("avatars().looks().list", "ListAvatarLooks"),
            ("avatars().looks().update", "UpdateAvatarLook"),
            (
                "webhooks().endpoints().rotate_secret",
                "RotateSecretWebhookEndpoints",
            ),
            ("video_agents().videos().list", "ListVideoAgentVideos"),
            ("users().me().get", "GetUserMe"),
        ];
        let mut named = names(&given, &Ledger::default()).unwrap();
        named.sort();
        let mut wanted = wanted.map(|(call, query)| (call.to_owned(), query.to_owned()));
        wanted.sort();
        assert_eq!(named, wanted);
    }

    #[test]
    fn hints_come_before_the_ledger_and_that_before_the_rule() {
        let hints = json!({"x-resource": ["agents"], "x-method": "send", "x-query": "Sending"});
        let given = |hints: Value| [("post", "/v3/video-agents/{id}", false, hints)];
        let mut file = json!({
            "methods": {"POST /v3/video-agents/{id}": "old.make"},
            "queries": {"POST /v3/video-agents/{id}": "OldMake"},
        });
        let ledger = Ledger::take_from(&mut file).unwrap();
        let of = |hints: Value, ledger: &Ledger| names(&given(hints), ledger).unwrap().remove(0);
        let pair = |call: &str, query: &str| (call.to_owned(), query.to_owned());
        assert_eq!(of(hints, &ledger), pair("agents().send", "Sending"));
        assert_eq!(of(Value::Null, &ledger), pair("old().make", "OldMake"));
        let rule = of(Value::Null, &Ledger::default());
        assert_eq!(rule, pair("video_agents().create", "CreateVideoAgent"));
    }

    #[test]
    fn clashes_name_the_hint_to_set() {
        let query = json!({"x-query": "VideoBatches"});
        for (given, wanted) in [
            (
                vec![
                    ("get", "/v3/videos/{id}", false, Value::Null),
                    ("get", "/v3/videos", false, Value::Null),
                ],
                ["would both be `videos().get`", "`x-method`"],
            ),
            (
                vec![
                    ("post", "/v3/videos/batches", false, Value::Null),
                    ("get", "/v3/videos", false, json!({"x-method": "batches"})),
                ],
                ["would both be `videos().batches`", "`x-method`"],
            ),
            (
                vec![("post", "/v3/voices/clone", false, Value::Null)],
                ["`clone` is a reserved name", "`x-method`"],
            ),
            (
                vec![("get", "/v3/move", false, Value::Null)],
                ["`move_` is no name of a method", "`x-resource`"],
            ),
            (
                vec![("get", "/v3/videos", true, Value::Null)],
                ["would both be `ListVideos`", "`x-query`"],
            ),
            (
                vec![("get", "/v3/list/videos", false, Value::Null)],
                ["would both be `ListVideos`", "`x-resource`"],
            ),
            (
                vec![("get", "/v3/videos/batches", false, query)],
                ["would both be `VideoBatches`", "`x-query`"],
            ),
            (
                vec![("get", "/v3/{id}", false, Value::Null)],
                ["names no resource", "`x-resource`"],
            ),
        ] {
            let error = names(&given, &Ledger::default()).unwrap_err();
            for text in wanted
                .into_iter()
                .chain(["at /paths/~1v3~1", "overlay.yaml"])
            {
                assert!(error.contains(text), "{text} in {error}");
            }
        }
    }

    #[test]
    fn malformed_hints_are_refused() {
        for (hint, value) in [
            ("x-resource", json!("avatars")),
            ("x-resource", json!([])),
            ("x-resource", json!([1])),
            ("x-resource", json!(["Avatars"])),
            ("x-method", json!("get-it")),
            ("x-method", json!("type")),
            ("x-method", json!(true)),
            ("x-query", json!("listVideos")),
        ] {
            let given = [("get", "/v3/videos/{id}", false, json!({hint: value}))];
            assert!(names(&given, &Ledger::default()).is_err(), "{given:?}");
        }
    }

    #[test]
    fn plurals_have_a_singular() {
        for (plural, one) in [
            ("voices", "voice"),
            ("batches", "batch"),
            ("proofreads", "proofread"),
            ("glossaries", "glossary"),
            ("statuses", "status"),
            ("video_translations", "video_translation"),
            ("lipsyncs", "lipsync"),
            ("status", "status"),
            ("access", "access"),
            ("me", "me"),
            ("causes", "cause"),
            ("houses", "house"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
