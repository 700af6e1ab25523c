//! Files of objects. The overlay says by `x-download` on the operation that reads
//! an object where the links of its files are, below `data` of the response:
//!
//! ```yaml
//! x-download:
//!   files: {video: video_url, gif: gif_url} # names of files, the default first
//!   media: {video: video, gif: image}       # their classes of media, where known
//! ```
//!
//! `clips[].video_url` is the link of each item of a list, `layers.mask` that of a
//! property inside another.

use std::collections::BTreeMap;

use openapi_prep::{
    Error,
    api::{Api, BaseType, Location, Operation, SuccessContent, TypeRef},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::jobs::{JOB, path::follow, path::resolved};

/// The overlay's mark of an operation that reads an object with files.
pub(super) const DOWNLOAD: &str = "x-download";

/// The classes of media that the core knows.
const MEDIA: [&str; 4] = ["video", "audio", "image", "text"];

/// What the overlay says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hint {
    files: Map<String, Value>,
    #[serde(default)]
    media: BTreeMap<String, String>,
}

/// What is read of the hint of a job on the same operation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct JobHint {
    name: Option<String>,
    state: Option<String>,
    success: Vec<String>,
    failure: Vec<String>,
    cancelled: Vec<String>,
    deleted: Vec<String>,
}

/// Objects with files, whose hint fits the document.
#[derive(Debug)]
pub(super) struct Downloads {
    /// The type of the object.
    pub(super) model: String,
    /// The noun of messages.
    pub(super) noun: String,
    /// The parameter of the path.
    pub(super) id: String,
    /// The path of the state, if there is one.
    pub(super) state: Option<String>,
    /// States in which the files are there, and in which they will never be.
    pub(super) ready: Vec<String>,
    pub(super) failed: Vec<String>,
    /// The files, the default first.
    pub(super) files: Vec<LinkedFile>,
}

/// A file of an object.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LinkedFile {
    pub(super) name: String,
    /// The path of its link.
    pub(super) path: String,
    /// Its class of media.
    pub(super) media: Option<String>,
}

impl LinkedFile {
    /// Whether it is one of each item of a list.
    pub(super) fn is_listed(&self) -> bool {
        self.path.contains("[]")
    }
}

/// The files of the object that an operation reads, if the overlay says that it
/// has some.
///
/// # Errors
///
/// Where the hint is malformed, or names what the document does not have.
pub(super) fn downloads(api: &Api, operation: &Operation) -> Result<Option<Downloads>, Error> {
    let Some(mark) = operation.extensions.get(DOWNLOAD) else {
        return Ok(None);
    };
    let found = check(api, operation, mark);
    found
        .map(Some)
        .map_err(|e| e.at(format!("{}/{DOWNLOAD}", operation.pointer)))
}

fn check(api: &Api, operation: &Operation, mark: &Value) -> Result<Downloads, Error> {
    let refused =
        |what: String| Error::new(format!("`{DOWNLOAD}` of {}: {what}", operation.title()));
    let hint = Hint::deserialize(mark).map_err(|e| {
        refused(e.to_string()).remedy("write `files: {name: path}`, and `media: {name: class}`")
    })?;
    if operation.method != "GET" {
        return Err(refused("it does not read an object".to_owned()).remedy("move it to a GET"));
    }
    let parameters = operation.parameters_in(Location::Path);
    let [parameter] = parameters.as_slice() else {
        return Err(refused("the object has not one id in the path".to_owned())
            .remedy("move it to the operation that reads one object by its id"));
    };
    let data = match &operation.success.content {
        SuccessContent::Json(ty) => follow(api, ty, "data").map(|ty| resolved(api, &ty)),
        _ => None,
    };
    let Some((data, model)) = data.as_ref().and_then(|ty| Some((ty, ty.name()?))) else {
        return Err(refused("its response has no object as `data`".to_owned())
            .remedy("move it to an operation that responds with one"));
    };
    let mut files = Vec::new();
    for (name, path) in &hint.files {
        let path = path.as_str().unwrap_or_default();
        if !is_link(api, data, path) {
            return Err(refused(format!("no string of {model} is at `{path}`"))
                .remedy("write the path of a link below `data`, such as `video_url`"));
        }
        if heck::AsSnakeCase(name).to_string() != *name
            || syn::parse_str::<syn::Ident>(name).is_err()
        {
            return Err(refused(format!("`{name}` is no name of a file"))
                .remedy("write a word in lower case, such as `captioned`"));
        }
        files.push(LinkedFile {
            name: name.clone(),
            path: path.to_owned(),
            media: hint.media.get(name).cloned(),
        });
    }
    for (name, class) in &hint.media {
        if !hint.files.contains_key(name) || !MEDIA.contains(&class.as_str()) {
            return Err(
                refused(format!("the media `{class}` of `{name}`")).remedy(format!(
                    "write one of {} for a name of `files`",
                    MEDIA.join(", ")
                )),
            );
        }
    }
    if files.is_empty() {
        return Err(refused("it has no files".to_owned()).remedy("remove it, or name a file"));
    }
    let job = operation.extensions.get(JOB).map(JobHint::deserialize);
    let job = job
        .transpose()
        .map_err(|e| refused(e.to_string()))?
        .unwrap_or_default();
    let noun = heck::AsSnakeCase(model).to_string().replace('_', " ");
    Ok(Downloads {
        model: model.to_owned(),
        noun: job.name.unwrap_or(noun),
        id: parameter.name.clone(),
        ready: if job.state.is_some() {
            job.success
        } else {
            Vec::new()
        },
        failed: [job.failure, job.cancelled, job.deleted].concat(),
        state: job.state,
        files,
    })
}

/// Whether a string is at a path.
fn is_link(api: &Api, data: &TypeRef, path: &str) -> bool {
    let mut ty = data.clone();
    for (at, part) in path.split("[].").enumerate() {
        if at > 1 {
            return false;
        }
        let of = match (at, resolved(api, &ty).base) {
            (0, _) => Some(ty.clone()),
            (_, BaseType::List(item)) => Some(*item),
            _ => None,
        };
        match of.and_then(|of| follow(api, &of, part)) {
            Some(found) => ty = found,
            None => return false,
        }
    }
    matches!(resolved(api, &ty).base, BaseType::String)
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::json;

    use super::*;

    fn found(mark: &Value, job: &Value) -> Result<Downloads, Error> {
        let string = json!({"type": ["string", "null"]});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/v3/videos/{video_id}": {"get": {
                "operationId": "getVideo",
                "x-download": mark,
                "x-job": job,
                "parameters": [{"name": "video_id", "in": "path", "required": true, "schema": {"type": "string"}}],
                "responses": {"200": {"description": "The video.", "content": {"application/json": {"schema":
                    {"type": "object", "properties": {"data": {"$ref": "#/components/schemas/Video"}}}}}}},
            }}},
            "components": {"schemas": {
                "Video": {"type": "object", "properties": {
                    "video_url": string, "size": {"type": "integer"}, "status": {"type": "string"},
                    "layers": {"type": "object", "additionalProperties": {"type": "string"}},
                    "clips": {"type": "array", "items": {"$ref": "#/components/schemas/Clip"}}}},
                "Clip": {"type": "object", "properties": {"url": string}},
            }},
        });
        let document = Document::from_value(document).unwrap();
        let api = prepare(document, &mut Names::new()).unwrap().api;
        downloads(&api, &api.operations[0]).map(Option::unwrap)
    }

    #[test]
    fn files_are_in_their_order_with_the_states_of_the_job() {
        let mark = json!({"files": {"video": "video_url", "mask": "layers.mask", "clip": "clips[].url"},
            "media": {"video": "video"}});
        let job = json!({"name": "film", "state": "status", "success": ["completed"],
            "failure": ["failed"], "deleted": ["deleted"], "deadline": 1});
        let found = found(&mark, &job).unwrap();
        let names: Vec<_> = found.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["video", "mask", "clip"]);
        assert_eq!(
            (found.noun.as_str(), found.model.as_str()),
            ("film", "Video")
        );
        assert_eq!(
            (found.id.as_str(), found.state.as_deref()),
            ("video_id", Some("status"))
        );
        assert_eq!(
            (found.ready, found.failed),
            (
                vec!["completed".to_owned()],
                vec!["failed".to_owned(), "deleted".to_owned()]
            )
        );
        assert!(found.files[2].is_listed() && !found.files[1].is_listed());
        assert_eq!(found.files[0].media.as_deref(), Some("video"));
    }

    #[test]
    fn hint_that_does_not_fit_is_an_error_with_its_place() {
        for (mark, wanted) in [
            (json!(true), "files"),
            (json!({"files": {}}), "no files"),
            (json!({"files": {"video": "video_url"}, "more": 1}), "more"),
            (
                json!({"files": {"video": "url"}}),
                "no string of Video is at `url`",
            ),
            (json!({"files": {"video": "size"}}), "`size`"),
            (json!({"files": {"video": 1}}), "no string"),
            (json!({"files": {"clip": "clips.url"}}), "`clips.url`"),
            (json!({"files": {"clip": "video_url[].url"}}), "no string"),
            (
                json!({"files": {"Video": "video_url"}}),
                "no name of a file",
            ),
            (
                json!({"files": {"video": "video_url"}, "media": {"gif": "image"}}),
                "`gif`",
            ),
            (
                json!({"files": {"video": "video_url"}, "media": {"video": "film"}}),
                "`film`",
            ),
        ] {
            let error = found(&mark, &json!({})).unwrap_err().to_string();
            assert!(
                error.contains(wanted) && error.contains("x-download"),
                "{mark} {error}"
            );
        }
    }
}
