//! Known ids: the values of path parameters in the documents' examples.

use hyper::Method;
use serde_json::{Number, Value};

use super::parameter::{Location, Parameter, text};
use crate::route::{PathValues, Template};

/// The known ids of one path parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KnownIds {
    pub(crate) parameter: String,
    /// The parameter's own examples first, then the id in the response example.
    pub(crate) ids: Vec<String>,
    /// The JSON pointer to the id in the response example. Without one every
    /// id is accepted, since the example does not depend on it.
    pub(crate) pointer: Option<String>,
}

impl KnownIds {
    /// Whether a request's id has a response.
    pub(crate) fn accepts(&self, id: &str) -> bool {
        self.pointer.is_none() || self.ids.iter().any(|known| known == id)
    }
}

/// Finds the known ids of all path parameters. A parameter is looked for in
/// the response example by its own name; the last one also as `id`, except
/// where the operation creates something, whose id is not that of the path.
pub(super) fn known_ids(
    method: &Method,
    template: &Template,
    parameters: &[Parameter],
    example: Option<&Value>,
) -> Vec<KnownIds> {
    let last = template.names().next_back();
    template
        .names()
        .map(|name| {
            let own_id = || (Some(name) == last && *method != Method::POST).then_some("id");
            let in_example = example.and_then(|example| {
                find(example, name).or_else(|| own_id().and_then(|key| find(example, key)))
            });
            let declared = parameters
                .iter()
                .filter(|known| known.location == Location::Path && known.name == name)
                .flat_map(|parameter| parameter.examples.iter().cloned());
            let mut known = KnownIds {
                parameter: name.to_owned(),
                ids: declared.collect(),
                pointer: None,
            };
            if let Some((pointer, id)) = in_example {
                known.pointer = Some(pointer);
                if !known.ids.contains(&id) {
                    known.ids.push(id);
                }
            }
            known
        })
        .collect()
}

/// The example with the ids of the request's path; `None` if it has them
/// already.
pub(crate) fn with_ids(example: &Value, known: &[KnownIds], path: &PathValues) -> Option<Value> {
    let mut changed = None;
    for KnownIds {
        parameter, pointer, ..
    } in known
    {
        let requested = path.iter().find(|(name, _)| name == parameter);
        let (Some(pointer), Some((_, requested))) = (pointer, requested) else {
            continue;
        };
        if example.pointer(pointer).and_then(text).as_ref() == Some(requested) {
            continue;
        }
        let copy = changed.get_or_insert_with(|| example.clone());
        if let Some(id) = copy.pointer_mut(pointer) {
            let number = requested.parse::<Number>().ok().filter(|_| id.is_number());
            *id = number.map_or_else(|| Value::from(requested.as_str()), Value::Number);
        }
    }
    changed
}

/// Pointer and string form of a property of the example's main object.
fn find(example: &Value, key: &str) -> Option<(String, String)> {
    let (prefix, object) = match example.get("data") {
        Some(data @ Value::Object(_)) => ("/data", data),
        Some(_) => return None,
        None => ("", example),
    };
    let id = text(object.get(key)?)?;
    let key = key.replace('~', "~0").replace('/', "~1");
    Some((format!("{prefix}/{key}"), id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::{Document, parameter::parameters};
    use serde_json::json;

    fn known(method: &Method, path: &str, example: &Value) -> Vec<String> {
        known_ids(method, &Template::parse(path), &[], Some(example))
            .into_iter()
            .flat_map(|known| {
                let ids = known.ids.into_iter();
                ids.map(move |id| format!("{}={id}", known.parameter))
            })
            .collect()
    }

    #[test]
    fn ids_are_found_in_the_response_example() {
        let get = &Method::GET;
        let details = "/v2/avatar/{avatar_id}/details";
        assert_eq!(
            known(get, details, &json!({"data": {"id": "a"}})),
            ["avatar_id=a"]
        );
        let both = json!({"data": {"id": "x", "avatar_id": "a"}});
        assert_eq!(known(get, details, &both), ["avatar_id=a"]);
        assert_eq!(known(get, "/things/{n}", &json!({"id": 7})), ["n=7"]);
        let nested = json!({"data": {"id": "i"}});
        assert_eq!(
            known(get, "/g/{group_id}/i/{item_id}", &nested),
            ["item_id=i"]
        );
        for example in [
            json!({"data": []}),
            json!({"data": {"id": ""}}),
            json!({"data": null}),
        ] {
            assert!(known(get, details, &example).is_empty(), "{example}");
        }
        let created = json!({"data": {"id": "new"}});
        assert!(known(&Method::POST, "/templates/{template_id}/copy", &created).is_empty());
    }

    #[test]
    fn parameter_examples_are_known_ids() {
        let document = Document::new(json!({}));
        let template = Template::parse("/a/{n}");
        for (parameter, ids) in [
            (json!({"example": "p"}), &["p", "r"][..]),
            (json!({"example": "r"}), &["r"]),
            (
                json!({"example": 7, "schema": {"example": "s"}}),
                &["7", "s", "r"],
            ),
            (
                json!({"examples": {"one": {"value": "x"}, "two": {"value": "y"}}}),
                &["x", "y", "r"],
            ),
            (json!({"schema": {"examples": ["s", "", {}]}}), &["s", "r"]),
        ] {
            let mut parameter = parameter;
            parameter["name"] = json!("n");
            parameter["in"] = json!("path");
            let operation = json!({"parameters": [parameter]});
            let parameters = parameters(&document, &json!({}), &operation);
            let example = json!({"id": "r"});
            let with = known_ids(&Method::GET, &template, &parameters, Some(&example));
            assert_eq!(with[0].ids, ids, "{parameter}");
            assert!(with[0].accepts("r") && !with[0].accepts("z"));
            // Without an id in the response, any id is accepted.
            let without = known_ids(&Method::GET, &template, &parameters, None);
            assert!(without[0].accepts("z"));
        }
    }

    #[test]
    fn response_has_the_requested_id() {
        let replaced = |example: &Value, id: &str| {
            let template = Template::parse("/a/{n}");
            let known = known_ids(&Method::GET, &template, &[], Some(example));
            with_ids(example, &known, &vec![("n".to_owned(), id.to_owned())])
        };
        let example = json!({"data": {"id": "a", "x": 1}});
        assert_eq!(replaced(&example, "a"), None);
        assert_eq!(
            replaced(&example, "b"),
            Some(json!({"data": {"id": "b", "x": 1}}))
        );
        assert_eq!(replaced(&json!({"id": 7}), "8"), Some(json!({"id": 8})));
        assert_eq!(replaced(&json!({"n": 7}), "x"), Some(json!({"n": "x"})));
        assert_eq!(replaced(&json!({"x": 7}), "x"), None);
    }
}
