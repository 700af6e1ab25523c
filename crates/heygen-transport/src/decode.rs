//! From the bytes of a good answer to a model. The fast way first; only what
//! fails is read a second time, to say where and why.

use http::header;
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::error::{Error, read};
use crate::text::OneLine;

/// Longer explanations of the JSON reader are cut, in characters.
const LONGEST_REASON: usize = 300;

pub(crate) fn decode<T: DeserializeOwned>(answer: &Answer) -> Result<T, Error> {
    let json = read::strip_bom(&answer.body);
    // One check of the whole is quicker than one of each text in it. What only
    // skipped texts have wrong is let pass by the other way, as ever.
    let read = match std::str::from_utf8(json) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(json),
    };
    read.map_err(|error| explain::<T>(answer, json, &error))
}

/// Finds out why a body did not fit.
#[cold]
fn explain<T: DeserializeOwned>(answer: &Answer, json: &[u8], error: &serde_json::Error) -> Error {
    if let Some(error) = answer.filled_envelope() {
        return error;
    }
    if json.trim_ascii().is_empty() {
        return answer.misfit("the answer is empty where JSON was expected", None);
    }
    if error.is_data()
        && let Err(located) = locate::<T>(json)
    {
        let (field, reason) = place(&located);
        let at = field
            .as_deref()
            .map(|field| format!(" at {field}"))
            .unwrap_or_default();
        let reason = answer.shared.key.redact(&reason);
        let reason = OneLine(&reason, LONGEST_REASON);
        return answer.misfit(
            format!("the answer does not fit the model{at}: {reason}"),
            field,
        );
    }
    if let Some(packing) = answer.headers.get(header::CONTENT_ENCODING) {
        let packing = String::from_utf8_lossy(packing.as_bytes());
        return answer.misfit(
            format!(
                "the answer is packed as '{}', which was not asked for",
                OneLine(&packing, 40)
            ),
            None,
        );
    }
    let start = String::from_utf8_lossy(&json[..json.len().min(64)]);
    if read::is_html(&start) {
        return answer.misfit("the answer is an HTML page where JSON was expected", None);
    }
    answer.misfit(format!("the answer is not whole JSON: {error}"), None)
}

type Located = serde_path_to_error::Error<serde_json::Error>;

fn locate<T: DeserializeOwned>(json: &[u8]) -> Result<T, Located> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    serde_path_to_error::deserialize(&mut reader)
}

/// The place of the fault, and what is wrong there. A field that is missing has
/// no place of its own, only its parent has, so its name is added; and the
/// variant of a union begins its words with the place inside it.
fn place(located: &Located) -> (Option<String>, String) {
    let reason = located.inner().to_string();
    let (inside, reason) = reason
        .strip_prefix("at `")
        .and_then(|rest| rest.split_once("`: "))
        .unwrap_or(("", &reason));
    let missing = reason
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split('`').next());
    let outer = located.path().to_string();
    let outer = if outer == "." { "" } else { &outer };
    let mut field = String::new();
    for part in [outer, inside, missing.unwrap_or_default()] {
        if !field.is_empty() && !part.is_empty() {
            field.push('.');
        }
        field.push_str(part);
    }
    let field = Some(field).filter(|field| !field.is_empty());
    (field, reason.to_owned())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Model {
        data: Option<Data>,
        list: Option<Vec<Data>>,
        choice: Option<Choice>,
    }

    /// A union, whose variant says where in it the fault is.
    #[derive(Debug)]
    struct Choice;

    impl<'de> Deserialize<'de> for Choice {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            let inner = "at `a[0].b`: missing field `c`";
            Err(serde::de::Error::custom(inner))
        }
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Data {
        id: String,
        flag: Option<bool>,
    }

    #[test]
    fn names_the_place() {
        for (json, expected) in [
            (r#"{"data":{}}"#, Some("data.id")),
            (r#"{"data":{"id":null}}"#, Some("data.id")),
            (r#"{"data":{"id":"a","flag":1}}"#, Some("data.flag")),
            (r#"{"list":[{"id":"a"},{}]}"#, Some("list[1].id")),
            (r#"{"data":7}"#, Some("data")),
            (r#"{"choice":{}}"#, Some("choice.a[0].b.c")),
            ("7", None),
        ] {
            let located = locate::<Model>(json.as_bytes()).unwrap_err();
            assert_eq!(place(&located).0.as_deref(), expected, "{json}");
        }
        let located = locate::<Data>(b"{}").unwrap_err();
        assert_eq!(place(&located).0.as_deref(), Some("id"));
    }
}
