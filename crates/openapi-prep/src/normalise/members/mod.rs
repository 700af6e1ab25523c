//! `allOf` put in place: what a value must all meet becomes one schema.
//!
//! Generators merge the members themselves, and fail, or run in circles, where
//! members contradict or contain each other. Here a contradiction costs the
//! property it is about, and a circle the member that closes it.

mod flat;
mod unify;

use serde_json::{Map, Value, json};

use self::unify::{OTHERS, annotate, is_silent, tells_only, unify};
use crate::{Pointer, Report, Subject, count, schema};

pub(super) use self::flat::merge;

const UNIONS: [&str; 2] = ["oneOf", "anyOf"];

/// Takes out unions that any value meets, and unions that only say which
/// properties must be there together.
pub(super) fn silent_unions(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    for key in UNIONS {
        let Some(Value::Array(arms)) = object.get_mut(key) else {
            continue;
        };
        if arms.iter().any(is_silent) {
            object.shift_remove(key);
            report.changed(at, "one of its variants takes any value");
        } else if arms.iter().any(only_requires) {
            arms.retain(|arm| !only_requires(arm));
            if arms.is_empty() {
                object.shift_remove(key);
            }
            let note = "which properties must be there together is not said";
            report.lost(Subject::Constraint, at, note);
        }
    }
}

/// Makes a member of a reference that has more beside it than prose: 3.1 takes
/// both at their word. A fixed value needs neither references nor members.
pub(super) fn siblings(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    let plain = |key: &String| tells_only(key) || matches!(&**key, "$ref" | "type" | "nullable");
    let note = if object.contains_key("const") && schema::has_any(object, &OTHERS) {
        object.retain(|key, _| !OTHERS.contains(&key.as_str()));
        "a fixed value says it all: what stands beside it taken out"
    } else if !object.contains_key("$ref") {
        return;
    } else if object.keys().all(plain) {
        // What is referred to says its type itself.
        let Some(kind) = object.shift_remove("type") else {
            return;
        };
        if schema::takes_null(&json!({ "type": kind })) {
            schema::as_schema(object, schema::make_nullable);
        }
        "a type beside a reference taken out"
    } else {
        let member = json!({ "$ref": object.shift_remove("$ref") });
        schema::add_member(object, member);
        "a reference that has more beside it than prose is one of its members"
    };
    report.changed(at, note);
}

/// Whether a variant says which properties must be there, and nothing else.
fn only_requires(arm: &Value) -> bool {
    arm.as_object().is_some_and(|arm| {
        let may = |key: &String| key == "required" || tells_only(key);
        arm.contains_key("required")
            && arm
                .iter()
                .all(|(key, value)| may(key) || (key == "type" && value == "object"))
    })
}

/// Puts members in place that refer to nothing, so that what they hold is
/// named after the schema around them.
pub(super) fn inline(object: &mut Map<String, Value>, at: &Pointer, report: &mut Report) {
    if !object.contains_key("allOf") {
        return;
    }
    let mut whole = object.clone();
    let Some(Value::Array(mut members)) = whole.shift_remove("allOf") else {
        return;
    };
    let refers = |member: &Map<String, Value>| schema::has_any(member, &OTHERS);
    let plain: Vec<Value> = members
        .extract_if(.., |member| !member.as_object().is_some_and(refers))
        .collect();
    let mut several = Vec::new();
    for member in plain.iter().filter_map(Value::as_object) {
        let Some(both) = unify(&whole, member, &mut |_, _, _| None) else {
            // Of named schemas, later rules keep what does not contradict.
            let named = at.is_component_schema();
            let holds = |key: &str| object.contains_key(key) || member.contains_key(key);
            if !named && !holds("properties") {
                object.retain(|key, _| tells_only(key));
                let note = "members contradict each other; any value is taken";
                report.lost(Subject::Type, at, note);
            }
            return;
        };
        whole = both;
        several.extend(annotate(&mut whole, member));
    }
    if !members.is_empty() {
        whole.insert("allOf".into(), Value::Array(members));
    }
    if !plain.is_empty() {
        *object = whole;
        report.changed(at, format!("{} put in place", count(plain.len(), "member")));
    }
    // Keywords for readers that members have with several values.
    for keyword in several {
        let note = format!("of several values of `{keyword}` the first is kept");
        report.lost(Subject::Annotation, at, note);
    }
    // A reference wrapped once and alone is the reference.
    let members = object.get("allOf").and_then(Value::as_array);
    if let (1, Some([member])) = (object.len(), members.map(Vec::as_slice))
        && schema::ref_name(member).is_some()
    {
        *object = member.as_object().cloned().unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::needless_pass_by_value, reason = "made in the call")]
    fn after(rule: crate::pipeline::SchemaRule, schema: Value) -> Value {
        let mut document = json!({"components": {"schemas": {"S": schema}}});
        super::super::tests::of_schemas(&mut document, &[rule], &mut Report::new());
        document["components"]["schemas"]["S"].take()
    }

    #[test]
    fn what_says_nothing_goes() {
        assert_eq!(
            after(
                inline,
                json!({"allOf": [{"$ref": "#/components/schemas/A"}, {"description": "d"}]})
            ),
            json!({"allOf": [{"$ref": "#/components/schemas/A"}], "description": "d"})
        );
        assert_eq!(
            after(
                silent_unions,
                json!({"type": "string", "anyOf": [{"description": "a"}, {"type": "string"}]})
            ),
            json!({"type": "string"})
        );
        assert_eq!(
            after(
                silent_unions,
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
        let described = |text: &str| json!({"description": text, "default": text, "properties": {"a": {"type": "string", "description": text}}});
        assert_eq!(
            after(
                inline,
                json!({"allOf": [described("one"), described("two")]})
            ),
            json!({"description": "one. two", "default": "one", "properties": {"a": {"type": "string", "description": "one. two"}}})
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
