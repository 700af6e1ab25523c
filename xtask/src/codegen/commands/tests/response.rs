use serde_json::{Value, json};

use super::with_commands;
use crate::codegen::{
    commands::{
        Command,
        response::{Column, Container},
    },
    resources::Ledger,
};

/// What a GET with a response of this schema, and these hints, gives.
fn with_response<T>(
    schema: &Value,
    more: &Value,
    check: impl FnOnce(Result<&Command<'_>, String>) -> T,
) -> T {
    let mut operation = json!({
        "tags": ["Things"],
        "parameters": [{"name": "token", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}},
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        operation[key] = value.clone();
    }
    let document = json!({"paths": {"/v3/things": {"get": operation}}});
    with_commands(
        &document,
        &mut Ledger::default(),
        |commands| match commands {
            Ok(commands) => check(Ok(&commands[0])),
            Err(error) => check(Err(error.to_string())),
        },
    )
}

fn object(properties: &Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[test]
fn container_is_what_the_response_must_hold() {
    let string = json!({"type": "string"});
    let list = json!({"type": "array", "items": object(&json!({"id": string}))});
    let paged = json!({"x-page": true});
    let inner = json!({"x-page": {"items": "/data/items", "next_token": "/data/next", "has_more": "/data/more"}});
    let page = json!({"items": list, "next": string, "more": {"type": "boolean"}});
    let mut more_than_page = page.clone();
    more_than_page["name"] = string.clone();
    let none = &Value::Null;
    for (properties, hints, path, is_list) in [
        (
            json!({"data": object(&json!({"id": string}))}),
            none,
            &["data"][..],
            false,
        ),
        (json!({"data": list}), none, &["data"], true),
        (
            json!({"data": object(&json!({"names": list}))}),
            none,
            &["data", "names"],
            true,
        ),
        (json!({"id": string}), none, &[], false),
        (
            json!({"data": list, "next_token": string, "has_more": {"type": "boolean"}}),
            &paged,
            &["data"],
            true,
        ),
        (
            json!({"data": object(&page)}),
            &inner,
            &["data", "items"],
            true,
        ),
        (
            json!({"data": object(&more_than_page)}),
            &inner,
            &["data"],
            false,
        ),
    ] {
        with_response(&object(&properties), hints, |command| {
            let path = path.iter().map(|&part| part.to_owned()).collect();
            assert_eq!(
                command.unwrap().container,
                Some(Container { path, is_list }),
                "{properties}"
            );
        });
    }
}

#[test]
fn response_that_is_not_json_has_no_container() {
    let document = json!({"paths": {"/v3/things": {"get": {
        "tags": ["Things"], "responses": {"204": {"description": "done"}}}}}});
    with_commands(&document, &mut Ledger::default(), |commands| {
        assert_eq!(commands.unwrap()[0].container, None);
    });
}

#[test]
fn columns_are_properties_of_an_item() {
    let string = json!({"type": "string"});
    let item = object(&json!({"thing_id": string, "name": string}));
    let list = object(&json!({"data": {"type": "array", "items": item}}));
    let hint = json!({"x-columns": {"Name": "name", "ID": "thing_id"}});
    with_response(&list, &hint, |command| {
        let column = |title: &str, field: &str| Column {
            title: title.to_owned(),
            field: field.to_owned(),
        };
        let wanted = [column("Name", "name"), column("ID", "thing_id")];
        assert_eq!(command.unwrap().columns, wanted);
    });
    let one = object(&json!({"data": item}));
    for (schema, hint, wanted) in [
        (&list, json!({"ID": "id"}), "no item has \"id\""),
        (&list, json!({"ID": 1}), "no item has 1"),
        (&list, json!({}), "no columns"),
        (&one, json!({"ID": "thing_id"}), "no list"),
    ] {
        with_response(schema, &json!({"x-columns": hint}), |command| {
            let error = command.map(|_| ()).unwrap_err();
            assert!(
                error.contains(wanted) && error.contains("x-columns"),
                "{error}"
            );
        });
    }
}
