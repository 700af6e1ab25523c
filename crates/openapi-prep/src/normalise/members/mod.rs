//! `allOf` put in place: what a value must all meet becomes one schema.
//!
//! Generators merge the members themselves, and fail, or run in circles, where
//! members contradict or contain each other. Here a contradiction costs the
//! property it is about, and a circle the member that closes it.

mod flat;
mod unify;

use serde_json::{Map, Value, json};

use self::unify::{is_silent, tells_only, unify};
use super::rule;
use crate::{Report, walk};

pub(super) use self::flat::merge;

const UNIONS: [&str; 2] = ["oneOf", "anyOf"];

/// Takes out members that say nothing, unions that any value meets, and unions
/// that only say which properties must be there together.
pub(super) fn silent_members(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let Value::Object(object) = schema else {
            return;
        };
        if let Some(Value::Array(members)) = object.get_mut("allOf") {
            let before = members.len();
            let mut told = Map::new();
            members.retain(|member| {
                let silent = is_silent(member);
                if let (true, Value::Object(member)) = (silent, member) {
                    told.extend(member.clone());
                }
                !silent
            });
            if members.len() != before {
                if members.is_empty() {
                    object.shift_remove("allOf");
                }
                for (key, value) in told {
                    object.entry(key).or_insert(value);
                }
                report.changed(rule("all-of"), at, "a member that says nothing taken out");
            }
        }
        for key in UNIONS {
            let Some(Value::Array(arms)) = object.get(key) else {
                continue;
            };
            if arms.is_empty() {
                continue;
            }
            let says = object.keys().any(|key| !tells_only(key) && key != "type");
            if arms.iter().any(is_silent) {
                object.shift_remove(key);
                report.changed(rule("union"), at, "one of its variants takes any value");
            } else if arms.iter().all(only_requires) && says {
                object.shift_remove(key);
                report.lost(
                    rule("union"),
                    at,
                    "which properties must be there together is not said",
                );
            } else if arms.iter().any(only_requires) {
                let arms: Vec<Value> = arms.iter().filter(|a| !only_requires(a)).cloned().collect();
                if arms.is_empty() {
                    object.shift_remove(key);
                } else {
                    object.insert(key.into(), Value::Array(arms));
                }
                report.lost(
                    rule("union"),
                    at,
                    "which properties must be there together is not said",
                );
            }
        }
    });
}

/// Whether a variant says which properties must be there, and nothing else.
fn only_requires(arm: &Value) -> bool {
    arm.as_object().is_some_and(|arm| {
        arm.contains_key("required")
            && arm.keys().all(|key| {
                key == "required" || tells_only(key) || (key == "type" && arm["type"] == "object")
            })
    })
}

/// Puts members in place that refer to nothing, so that what they hold is
/// named after the schema around them.
pub(super) fn inline(document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |schema, at| {
        let Value::Object(object) = schema else {
            return;
        };
        let plain = |member: &Value| {
            member.is_object()
                && ["$ref", "allOf", "oneOf", "anyOf"]
                    .iter()
                    .all(|key| member.get(key).is_none())
        };
        let Some(Value::Array(members)) = object.get("allOf") else {
            return;
        };
        let (apart, rest): (Vec<Value>, Vec<Value>) = members.iter().cloned().partition(plain);
        if apart.is_empty() {
            return;
        }
        let mut whole = object.clone();
        whole.shift_remove("allOf");
        for member in &apart {
            let Value::Object(member) = member else {
                continue;
            };
            // Names and marks are the member's own, prose the whole's first.
            let both = unify(&whole, member, &mut |_, _, _| None);
            let Some(both) = both else { return };
            whole = both;
        }
        if !rest.is_empty() {
            whole.insert("allOf".into(), json!(rest));
        }
        *object = whole;
        report.changed(
            rule("all-of"),
            at,
            format!("{} members put in place", apart.len()),
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn after(rule: fn(&mut Value, &mut Report), schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"S": schema}}});
        rule(&mut document, &mut Report::new());
        document["components"]["schemas"]["S"].take()
    }

    #[test]
    fn what_says_nothing_goes() {
        assert_eq!(
            after(
                silent_members,
                json!({"allOf": [{"$ref": "#/components/schemas/A"}, {"description": "d"}]})
            ),
            json!({"allOf": [{"$ref": "#/components/schemas/A"}], "description": "d"})
        );
        assert_eq!(
            after(
                silent_members,
                json!({"type": "string", "anyOf": [{"description": "a"}, {"type": "string"}]})
            ),
            json!({"type": "string"})
        );
        assert_eq!(
            after(
                silent_members,
                json!({"properties": {"a": {}, "b": {}}, "anyOf": [{"required": ["a"]}, {"type": "object", "required": ["b"]}]})
            ),
            json!({"properties": {"a": {}, "b": {}}})
        );
    }

    #[test]
    fn members_that_refer_to_nothing_are_put_in_place() {
        assert_eq!(
            after(
                inline,
                json!({"description": "d", "allOf": [
                    {"type": "object", "properties": {"a": {"type": "string"}}},
                    {"$ref": "#/components/schemas/A"},
                    {"properties": {"b": {}}, "required": ["b"]},
                ]})
            ),
            json!({"description": "d", "type": "object", "required": ["b"],
                "properties": {"a": {"type": "string"}, "b": {}},
                "allOf": [{"$ref": "#/components/schemas/A"}]})
        );
        let contradiction = json!({"allOf": [{"type": "string"}, {"type": "integer"}]});
        assert_eq!(after(inline, contradiction.clone()), contradiction);
    }
}
