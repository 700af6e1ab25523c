//! Path templates.

/// The names of the parameters of a path template, in the order of the path.
pub(super) fn names(path: &str) -> Vec<&str> {
    path.split('/')
        .filter_map(|segment| Some(segment.split_once('{')?.1.split_once('}')?.0))
        .collect()
}

/// The path above a template whose last segment is a parameter, and that
/// parameter: `/v3/videos` and `video_id`.
pub(super) fn split_item(path: &str) -> Option<(&str, &str)> {
    let (above, last) = path.rsplit_once('/')?;
    let name = last.strip_prefix('{')?.strip_suffix('}')?;
    (!above.is_empty()).then_some((above, name))
}

/// The first literal segment after the version, without what follows a dot, as
/// the name of a module: `video_translations`, `avatar_group`.
pub(super) fn resource(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    let is_version = |segment: &str| {
        segment
            .strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let literal = segments
        .filter(|segment| !segment.contains('{') && !is_version(segment))
        .map(|segment| segment.split('.').next().unwrap_or(segment))
        .next();
    openapi_prep::function_name(literal.unwrap_or("root"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_template() {
        assert_eq!(names("/g/{group_id}/i/v{item_id}"), ["group_id", "item_id"]);
        let item = Some(("/v3/videos", "video_id"));
        assert_eq!(split_item("/v3/videos/{video_id}"), item);
        assert_eq!(split_item("/v3/videos/{video_id}/scenes"), None);
        assert_eq!(split_item("/{id}"), None);
        assert_eq!(
            resource("/v3/video-translations/{id}"),
            "video_translations"
        );
        assert_eq!(resource("/v2/avatar_group.list"), "avatar_group");
        assert_eq!(resource("/{id}"), "root");
    }
}
