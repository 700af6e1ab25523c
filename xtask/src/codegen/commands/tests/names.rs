use serde_json::{Value, json};

use super::{done, with_commands};
use crate::codegen::{
    commands::names::{check, kebab},
    resources::Ledger,
};

/// An operation of a tag, with an id for each parameter of the path.
fn operation(path: &str, tag: &str, more: &Value) -> Value {
    let ids = path.split('{').skip(1).filter_map(|p| p.split('}').next());
    let parameters: Value = ids
        .map(|id| json!({"name": id, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    let mut operation = json!({"tags": [tag], "parameters": parameters, "responses": done()});
    for (key, value) in more.as_object().into_iter().flatten() {
        operation[key] = value.clone();
    }
    operation
}

/// The words of an operation, or the error.
fn words(method: &str, path: &str, tag: &str, more: &Value, ledger: &mut Ledger) -> String {
    let operation = operation(path, tag, more);
    let document = json!({"paths": {path: {method: operation}}});
    with_commands(&document, ledger, |commands| match commands {
        Ok(commands) => commands[0].named.words.join(" "),
        Err(error) => error.to_string(),
    })
}

#[test]
fn words_are_group_path_and_verb() {
    for (method, path, tag, wanted) in [
        ("get", "/v3/videos", "Videos", "video list"),
        ("post", "/v3/videos", "Videos", "video create"),
        ("get", "/v3/videos/{video_id}", "Videos", "video get"),
        ("delete", "/v3/videos/{video_id}", "Videos", "video delete"),
        (
            "patch",
            "/v3/avatars/looks/{id}",
            "Avatars",
            "avatar looks update",
        ),
        (
            "put",
            "/v3/things/{id}/srt",
            "Video Things",
            "video-thing srt update",
        ),
        ("get", "/v3/things/{id}/parts", "Media", "medium parts get"),
        (
            "get",
            "/v2/user/remaining_quota",
            "Account",
            "account remaining-quota list",
        ),
        ("delete", "/v1/video.delete", "Videos", "video delete"),
    ] {
        let found = words(method, path, tag, &Value::Null, &mut Ledger::default());
        assert_eq!(found, wanted, "{method} {path}");
    }
    let summary = json!({"summary": "Get the account"});
    let found = words(
        "get",
        "/v3/users/me",
        "User",
        &summary,
        &mut Ledger::default(),
    );
    assert_eq!(found, "user me get");
}

#[test]
fn hint_comes_before_the_ledger_and_that_before_the_rule() {
    let mut ledger = Ledger::default();
    let of = |tag: &str, more: &Value, ledger: &mut Ledger| {
        words("get", "/v3/videos", tag, more, ledger)
    };
    assert_eq!(of("Videos", &Value::Null, &mut ledger), "video list");
    assert_eq!(of("Films", &Value::Null, &mut ledger), "video list");
    let hint = json!({"x-command": "film all"});
    assert_eq!(of("Films", &hint, &mut ledger), "film all");
    assert_eq!(of("Films", &Value::Null, &mut ledger), "film all");
    assert_eq!(
        ledger.put_into(json!({})),
        json!({"commands": {"GET /v3/videos": "film all"}})
    );
}

#[test]
fn malformed_hint_is_an_error_with_its_form() {
    for hint in [
        json!({"x-command": 1}),
        json!({"x-command": "film"}),
        json!({"x-command": "Film list"}),
        json!({"x-command-aliases": ["film list"]}),
        json!({"x-command-aliases": {"film list": "gone"}}),
    ] {
        let error = words("get", "/v3/videos", "Videos", &hint, &mut Ledger::default());
        assert!(
            error.contains("malformed") && error.contains("write"),
            "{error}"
        );
    }
}

#[test]
fn commands_with_one_name_are_an_error_that_names_the_hint() {
    let of = |path: &str, more: &Value| {
        (
            path.to_owned(),
            json!({"get": operation(path, "Things", more)}),
        )
    };
    let none = Value::Null;
    for (one, two, wanted) in [
        (
            of("/v3/things", &none),
            of("/v3/items", &none),
            "`heygen thing list` is the command of",
        ),
        (
            of("/v3/things", &json!({"x-command": "thing all"})),
            of("/v3/items", &json!({"x-command": "thing all list"})),
            "the group of `heygen thing all list`",
        ),
        (
            of("/v3/things", &json!({"x-command": "auth list"})),
            of("/v3/items", &none),
            "written by hand",
        ),
        (
            of(
                "/v3/things",
                &json!({"x-command-aliases": {"item list": "hidden"}}),
            ),
            of("/v3/items", &json!({"x-command": "item list"})),
            "`heygen item list` is the command of",
        ),
    ] {
        let paths: serde_json::Map<String, Value> = [one, two].into_iter().collect();
        let document = json!({"paths": paths});
        with_commands(&document, &mut Ledger::default(), |commands| {
            let error = check(&commands.unwrap(), &[]).unwrap_err().to_string();
            assert!(
                error.contains(wanted) && error.contains("x-command"),
                "{error}"
            );
        });
    }
}

#[test]
fn group_of_the_document_is_around_its_commands() {
    let path = "/v2/avatars";
    let document = json!({
        "info": {"title": "T", "version": "1", "x-commands": {"group": "v2"}},
        "paths": {path: {"get": operation(path, "Avatars", &Value::Null)}},
    });
    with_commands(&document, &mut Ledger::default(), |commands| {
        assert_eq!(commands.unwrap()[0].named.words, ["v2", "avatar", "list"]);
    });
    let document = json!({"info": {"title": "T", "version": "1", "x-commands": {"groups": 1}}});
    with_commands(&document, &mut Ledger::default(), |commands| {
        assert!(commands.is_err_and(|e| e.to_string().contains("x-commands")));
    });
}

#[test]
fn kebab_case_parts_letters_and_digits() {
    for (name, wanted) in [
        ("checksum_sha256", "checksum-sha-256"),
        ("callback_url", "callback-url"),
        ("include_gif", "include-gif"),
        ("minScore", "min-score"),
        ("a.b c", "a-b-c"),
        ("direct-uploads", "direct-uploads"),
    ] {
        assert_eq!(kebab(name), wanted);
    }
}
