//! Known ids: the values of path parameters in the documents' examples.

use serde_json::Value;

use super::parameter::{Location, Parameter, text};
use super::path::names;

/// The known ids of one path parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KnownIds {
    pub(super) parameter: String,
    /// The parameter's own examples first, then the id in the response example.
    pub(super) ids: Vec<String>,
    /// The JSON pointer to the id in the response example.
    pub(super) pointer: Option<String>,
}

/// Finds the known ids of all path parameters. A parameter is looked for in
/// the response example by its own name; the last one also as `id`, except
/// where the operation creates something, whose id is not that of the path.
pub(super) fn known_ids(
    method: &str,
    path: &str,
    parameters: &[Parameter<'_>],
    example: Option<&Value>,
) -> Vec<KnownIds> {
    let last = names(path).pop();
    names(path)
        .into_iter()
        .map(|name| {
            let own_id = || (Some(name) == last && method != "POST").then_some("id");
            let of_name =
                |known: &&Parameter<'_>| known.location == Location::Path && known.name == name;
            let declared = parameters.iter().find(of_name);
            let is_integer = declared.is_some_and(|found| found.schema["type"] == "integer");
            let fits = |(_, id): &(String, String)| !is_integer || id.parse::<i64>().is_ok();
            let in_example = example.and_then(|example| {
                let by_name = find(example, name);
                by_name
                    .or_else(|| own_id().and_then(|key| find(example, key)))
                    .filter(fits)
            });
            let declared = declared
                .into_iter()
                .flat_map(|found| found.examples.clone());
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
    use crate::codegen::mock::{parameter::parameters, resolve::Resolver};
    use serde_json::json;

    fn known(method: &str, path: &str, example: &Value) -> Vec<String> {
        known_ids(method, path, &[], Some(example))
            .into_iter()
            .flat_map(|known| {
                let ids = known.ids.into_iter();
                ids.map(move |id| format!("{}={id}", known.parameter))
            })
            .collect()
    }

    #[test]
    fn ids_are_found_in_the_response_example() {
        let get = "GET";
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
        assert!(known("POST", "/templates/{template_id}/copy", &created).is_empty());
    }

    #[test]
    fn parameter_examples_are_known_ids() {
        let (root, item) = (json!({}), json!({}));
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
            let parameters = parameters(Resolver::new(&root), &item, &operation);
            let example = json!({"id": "r"});
            let with = known_ids("GET", "/a/{n}", &parameters, Some(&example));
            assert_eq!(with[0].ids, ids, "{parameter}");
            let without = known_ids("GET", "/a/{n}", &parameters, None);
            assert_eq!(without[0].pointer, None);
        }
    }
}
