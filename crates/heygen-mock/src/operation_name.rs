//! Operations as tests name them: by `operationId` in any style, or by method
//! and path.

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
/// `POST /v3/videos`, or a request that has ids in its path.
///
/// # Errors
///
/// What is wrong with a name that no operation has, and similar ones.
pub(crate) fn resolve<'a>(
    name: &str,
    operations: impl Iterator<Item = Named<'a>> + Clone,
) -> Result<Target, String> {
    if let Some((method, path)) = name.trim().split_once(' ') {
        let (method, path) = (method.to_ascii_uppercase(), path.trim());
        let same = |(_, a, template): &Named<'_>| *a == method && shape(template) == shape(path);
        if let Some((id, ..)) = operations.clone().find(same) {
            return Ok(Target::Operation(id.to_owned()));
        }
        if path.contains('{') {
            return Err(format!("no operation is {method} {path}"));
        }
        return Ok(Target::Request(method, path.to_owned()));
    }
    let wanted = letters(name);
    let mut ids = operations.map(|(id, ..)| id);
    let same = |id: &&str| letters(id) == wanted;
    let without_version = |id: &&str| letters(id).strip_suffix("v3") == Some(&wanted);
    let found = ids
        .clone()
        .find(same)
        .or_else(|| ids.clone().find(without_version));
    if let Some(id) = found {
        return Ok(Target::Operation(id.to_owned()));
    }
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 3);
    let words: Vec<String> = words.map(letters).collect();
    let similar = |id: &&str| words.iter().any(|word| letters(id).contains(word.as_str()));
    let similar: Vec<&str> = ids.by_ref().filter(similar).collect();
    let hint = if similar.is_empty() {
        "the operationId of the document, in any style, or METHOD and path".to_owned()
    } else {
        format!("one of {}", similar.join(", "))
    };
    Err(format!("no operation is named {name:?}; expected {hint}"))
}

/// The letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// A path without the names of its parameters.
fn shape(path: &str) -> Vec<&str> {
    path.split('/')
        .map(|segment| {
            if segment.starts_with('{') {
                "{}"
            } else {
                segment
            }
        })
        .collect()
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
    }

    #[test]
    fn unknown_name_is_an_error_with_similar_ones() {
        let error = resolve("creat_video", OPERATIONS.into_iter()).unwrap_err();
        assert!(
            error.contains("createVideo") && error.contains("creat_video"),
            "{error}"
        );
        assert!(resolve("DELETE /v3/{x}", OPERATIONS.into_iter()).is_err());
        assert!(
            resolve("nothing", OPERATIONS.into_iter())
                .unwrap_err()
                .contains("operationId")
        );
    }
}
