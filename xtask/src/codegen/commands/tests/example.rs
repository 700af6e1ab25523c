use serde_json::json;

use super::{done, with_commands};
use crate::codegen::resources::Ledger;

#[test]
fn a_body_without_an_example_has_what_it_needs() {
    let file =
        json!({"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}});
    let kind = |kind: &str, needs: &str| {
        json!({
            "type": "object", "required": ["type", needs],
            "properties": {"type": {"const": kind}, needs: {"type": "string"}},
        })
    };
    for (body, line) in [
        (
            json!({
                "type": "object", "required": ["name", "file"],
                "properties": {"name": {"type": "string"}, "file": file, "more": {"type": "string"}},
            }),
            r#"heygen thing create --name string -d '{"file":{"url":"string"}}'"#,
        ),
        (
            json!({"oneOf": [kind("a", "x"), kind("b", "y")], "discriminator": {"propertyName": "type"}}),
            r#"heygen thing create -d '{"type":"a","x":"string"}'"#,
        ),
    ] {
        let document = json!({"paths": {"/v3/things": {"post": {
            "tags": ["Things"], "responses": done(),
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
        }}}});
        with_commands(&document, &mut Ledger::default(), |commands| {
            assert_eq!(commands.unwrap()[0].examples, [line]);
        });
    }
}
