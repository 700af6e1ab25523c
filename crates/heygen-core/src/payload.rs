//! Payloads of events: read into a model where they fit it, else kept as JSON.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a payload. `aliases` are names that a field is also received under, each with
/// the field's own; the own name comes first, then the aliases in order, and null is
/// absence.
///
/// # Errors
///
/// The payload, where it does not fit.
pub fn payload<T: DeserializeOwned>(data: Value, aliases: &[(&str, &str)]) -> Result<T, Value> {
    let mut renamed = data.clone();
    if let Value::Object(fields) = &mut renamed {
        for (alias, name) in aliases {
            if fields.get(*name).is_none_or(Value::is_null)
                && let Some(value) = fields.get(*alias).filter(|value| !value.is_null())
            {
                let value = value.clone();
                fields.insert((*name).to_owned(), value);
            }
        }
    }
    // Models are compiled for the deserialiser of text only.
    serde_json::from_str(&renamed.to_string()).map_err(|_| data)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Done {
        url: Option<String>,
    }

    #[test]
    fn own_name_comes_first_and_null_is_absence() {
        let of = |data| payload::<Done>(data, &[("link", "url"), ("href", "url")]);
        for (data, url) in [
            (json!({"url": "a", "link": "b"}), Some("a")),
            (json!({"url": null, "link": "b", "href": "c"}), Some("b")),
            (json!({"link": null, "href": "c"}), Some("c")),
            (json!({}), None),
        ] {
            let url = url.map(str::to_owned);
            assert_eq!(of(data), Ok(Done { url }));
        }
        for misfit in [json!({"link": 1}), json!(null), json!("a")] {
            assert_eq!(of(misfit.clone()), Err(misfit));
        }
    }
}
