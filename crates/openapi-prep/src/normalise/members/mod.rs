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
use crate::{Pointer, Report, Subject, count, schema};

pub(super) use self::flat::merge;

const UNIONS: [&str; 2] = ["oneOf", "anyOf"];

/// Takes out members that say nothing, unions that any value meets, and unions
/// that only say which properties must be there together.
pub(super) fn silent_members(schema: &mut Value, at: &Pointer, report: &mut Report) {
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
                Subject::Constraint,
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
                Subject::Constraint,
                rule("union"),
                at,
                "which properties must be there together is not said",
            );
        }
    }
}

/// The keywords that say by other schemas what a value is.
const OTHERS: [&str; 4] = ["$ref", "allOf", "oneOf", "anyOf"];

/// Makes a member of a reference that has more beside it than prose: 3.1 takes
/// both at their word. A fixed value needs neither references nor members.
pub(super) fn beside_references(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    if object.contains_key("const") && schema::has_any(object, &OTHERS) {
        object.retain(|key, _| !OTHERS.contains(&key.as_str()));
        let note = "a fixed value says it all: what stands beside it taken out";
        report.changed(rule("reference-siblings"), at, note);
        return;
    }
    if !object.contains_key("$ref") {
        return;
    }
    let plain = |key: &str| tells_only(key) || matches!(key, "$ref" | "type" | "nullable");
    let note = if object.keys().all(|key| plain(key)) {
        // What is referred to says its type itself.
        let null = schema::takes_null(schema);
        let Value::Object(object) = schema else {
            return;
        };
        if object.shift_remove("type").is_none() {
            return;
        }
        if null {
            schema::make_nullable(schema);
        }
        "a type beside a reference taken out"
    } else {
        let reference = object.shift_remove("$ref").unwrap_or_default();
        let member = json!({ "$ref": reference });
        match object.get_mut("allOf") {
            Some(Value::Array(members)) => members.insert(0, member),
            _ => {
                object.insert("allOf".into(), json!([member]));
            }
        }
        "a reference that has more beside it than prose is one of its members"
    };
    report.changed(rule("reference-siblings"), at, note);
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
pub(super) fn inline(schema: &mut Value, at: &Pointer, report: &mut Report) {
    let Value::Object(object) = schema else {
        return;
    };
    let plain =
        |member: &Value| member.is_object() && OTHERS.iter().all(|key| member.get(key).is_none());
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
        let Some(both) = unify(&whole, member, &mut |_, _, _| None) else {
            // Of named schemas, later rules keep what does not contradict.
            let named = at.is_component_schema();
            let holds = |key: &str| object.contains_key(key) || member.contains_key(key);
            if !named && !holds("properties") {
                object.retain(|key, _| tells_only(key));
                report.lost(
                    Subject::Type,
                    rule("all-of"),
                    at,
                    "members contradict each other; any value is taken",
                );
            }
            return;
        };
        whole = both;
    }
    if !rest.is_empty() {
        whole.insert("allOf".into(), json!(rest));
    }
    *object = whole;
    report.changed(
        rule("all-of"),
        at,
        format!("{} put in place", count(apart.len(), "member")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn after(rule: super::super::OfSchema, schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"S": schema}}});
        super::super::of_schemas(&mut document, &[rule], &mut Report::new());
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
        assert_eq!(
            after(
                inline,
                json!({"properties": {"a": {"description": "d", "type": "array", "allOf": [{"type": "string"}]}}})
            ),
            json!({"properties": {"a": {"description": "d"}}})
        );
    }
}
