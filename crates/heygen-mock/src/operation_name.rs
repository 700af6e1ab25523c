//! Operations as tests name them: by `operationId` in any style, or by method
//! and path.

use crate::route::Template;

/// What a rule is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Every request.
    Any,
    /// The requests to the operation with this id.
    Operation(String),
    /// The requests with this method and path.
    Request(String, String),
}

impl Target {
    pub(crate) fn fits(&self, operation: Option<&str>, method: &str, path: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Operation(id) => operation == Some(id),
            Self::Request(wanted, exact) => wanted == method && exact == path,
        }
    }
}

/// Id, method and path template of an operation.
pub(crate) type Named<'a> = (&'a str, &'a str, &'a str);

/// Resolves the name of an operation: `create_video`, `createVideo`,
/// `POST /v3/videos`, a request that has ids in its path, or `*` for all.
///
/// # Errors
///
/// What is wrong with a name that no operation has, and similar ones.
pub(crate) fn resolve<'a>(
    name: &str,
    operations: impl Iterator<Item = Named<'a>> + Clone,
) -> Result<Target, String> {
    let name = name.trim();
    if name == "*" {
        return Ok(Target::Any);
    }
    if let Some((method, path)) = name.split_once(' ')
        && path.trim().starts_with('/')
    {
        return resolve_request(&method.to_ascii_uppercase(), path.trim(), operations);
    }
    let wanted = letters(name);
    let ids = operations.map(|(id, ..)| id);
    let same = |id: &&str| letters(id) == wanted;
    let without_version = |id: &&str| letters(id).strip_suffix("v3") == Some(&wanted);
    let found = ids.clone().find(same);
    match found.or_else(|| ids.clone().find(without_version)) {
        Some(id) => Ok(Target::Operation(id.to_owned())),
        None => Err(unknown(name, ids.map(str::to_owned))),
    }
}

fn resolve_request<'a>(
    method: &str,
    path: &str,
    operations: impl Iterator<Item = Named<'a>> + Clone,
) -> Result<Target, String> {
    let wanted = Template::parse(path);
    let mut of_method = operations.clone().filter(|(_, a, _)| *a == method);
    let same = |(.., template): &Named<'_>| Template::parse(template).same_paths(&wanted);
    if let Some((id, ..)) = of_method.clone().find(same) {
        return Ok(Target::Operation(id.to_owned()));
    }
    let fits = |(.., template): Named<'_>| Template::parse(template).match_path(path).is_some();
    if !path.contains('{') && of_method.any(fits) {
        return Ok(Target::Request(method.to_owned(), path.to_owned()));
    }
    let requests = operations.map(|(_, method, path)| format!("{method} {path}"));
    Err(unknown(&format!("{method} {path}"), requests))
}

/// How many similar names an error has at most.
const MAX_SIMILAR: usize = 8;

/// The error of a name that no operation has: those that share most words with it.
fn unknown(name: &str, known: impl Iterator<Item = String>) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words.filter(|word| word.len() > 3).map(letters).collect();
    let shared = |candidate: &str| {
        let candidate = letters(candidate);
        words
            .iter()
            .filter(|word| candidate.contains(*word))
            .count()
    };
    let mut similar: Vec<_> = known
        .map(|candidate| (shared(&candidate), candidate))
        .collect();
    let most = similar.iter().map(|(shared, _)| *shared).max().unwrap_or(0);
    similar.retain(|(shared, _)| *shared == most);
    similar.truncate(MAX_SIMILAR);
    let hint = if most == 0 {
        "the operationId of the document, in any style, or METHOD and path".to_owned()
    } else {
        let similar: Vec<_> = similar
            .into_iter()
            .map(|(_, candidate)| candidate)
            .collect();
        format!("one of {}", similar.join(", "))
    };
    format!("no operation is named {name:?}; expected {hint}")
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATIONS: [Named<'_>; 4] = [
        ("createVideo", "POST", "/v3/videos"),
        ("getVideoV3", "GET", "/v3/videos/{video_id}"),
        ("bulkVideoStatusesV3", "GET", "/v3/videos/statuses"),
        (
            "retrieve-avatar-details",
            "GET",
            "/v2/avatar/{avatar_id}/details",
        ),
    ];

    #[test]
    fn operation_is_named_in_any_style() {
        for (name, id) in [
            ("create_video", "createVideo"),
            ("createVideo", "createVideo"),
            ("CREATE-VIDEO", "createVideo"),
            ("get_video", "getVideoV3"),
            ("getVideoV3", "getVideoV3"),
            ("retrieve_avatar_details", "retrieve-avatar-details"),
            ("post /v3/videos", "createVideo"),
            ("GET /v3/videos/{id}", "getVideoV3"),
            ("GET /v3/videos/statuses", "bulkVideoStatusesV3"),
        ] {
            let found = resolve(name, OPERATIONS.into_iter());
            assert_eq!(found, Ok(Target::Operation(id.to_owned())), "{name}");
        }
    }

    #[test]
    fn request_is_named_by_its_own_path() {
        let target = resolve("GET /v3/videos/vid_1", OPERATIONS.into_iter()).unwrap();
        assert!(target.fits(Some("getVideoV3"), "GET", "/v3/videos/vid_1"));
        assert!(!target.fits(Some("getVideoV3"), "GET", "/v3/videos/vid_2"));
        assert!(!target.fits(Some("deleteVideoV3"), "DELETE", "/v3/videos/vid_1"));
        let all = resolve("*", OPERATIONS.into_iter()).unwrap();
        assert!(all.fits(None, "PUT", "/x"));
    }

    #[test]
    fn unknown_name_is_an_error_with_similar_ones() {
        let error = resolve("creat_video", OPERATIONS.into_iter()).unwrap_err();
        assert!(
            error.contains("createVideo") && error.contains("creat_video"),
            "{error}"
        );
        assert!(resolve("DELETE /v3/{x}", OPERATIONS.into_iter()).is_err());
        for (name, similar) in [
            ("POST /v3/video", "one of POST /v3/videos"),
            ("GET /v4/videos/a", "GET /v3/videos/{video_id}"),
            ("video creation", "createVideo"),
        ] {
            let error = resolve(name, OPERATIONS.into_iter()).unwrap_err();
            assert!(error.contains(similar), "{error}");
        }
        assert!(
            resolve("nothing", OPERATIONS.into_iter())
                .unwrap_err()
                .contains("operationId")
        );
    }
}
