//! Path templates: matching a path, and the values of its parameters.
//!
//! A path is split at its slashes before it is decoded, so an encoded slash is
//! part of an id and never a separator.

use std::cmp::Ordering;
use std::fmt;

use percent_encoding::percent_decode_str;

/// A path template such as `/v2/avatar/{avatar_id}/details`.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    segments: Vec<Segment>,
}

/// A segment of a path template.
#[derive(Clone, Debug)]
enum Segment {
    Literal(String),
    Parameter {
        before: String,
        name: String,
        after: String,
    },
}

/// The decoded values of a template's parameters, in the order of the path.
pub(crate) type PathValues = Vec<(String, String)>;

impl Template {
    pub(crate) fn parse(text: &str) -> Self {
        let segments = text
            .strip_prefix('/')
            .unwrap_or(text)
            .split('/')
            .map(Segment::parse)
            .collect();
        Self { segments }
    }

    /// Whether both match the same paths: names of parameters do not count.
    pub(crate) fn same_paths(&self, other: &Self) -> bool {
        let mut pairs = self.segments.iter().zip(&other.segments);
        self.segments.len() == other.segments.len() && pairs.all(|(a, b)| a.same(b))
    }

    /// The values of the parameters if the path matches.
    pub(crate) fn match_path(&self, path: &str) -> Option<PathValues> {
        let mut values = PathValues::new();
        let mut parts = path.strip_prefix('/')?.split('/');
        for segment in &self.segments {
            let part = percent_decode_str(parts.next()?).decode_utf8_lossy();
            match segment {
                Segment::Literal(text) if *text == part => {}
                Segment::Literal(_) => return None,
                Segment::Parameter {
                    before,
                    name,
                    after,
                } => {
                    let value = inner(&part, before, after)?;
                    values.push((name.clone(), value));
                }
            }
        }
        parts.next().is_none().then_some(values)
    }

    /// Less is more specific, and preferred where both match: a segment further
    /// left is literal here and a parameter there.
    pub(crate) fn compare_specificity(&self, other: &Self) -> Ordering {
        let ranks =
            |template: &Self| -> Vec<_> { template.segments.iter().map(Segment::rank).collect() };
        ranks(self).cmp(&ranks(other))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| match segment {
            Segment::Literal(text) => write!(f, "/{text}"),
            Segment::Parameter {
                before,
                name,
                after,
            } => write!(f, "/{before}{{{name}}}{after}"),
        })
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        let parameter = text
            .split_once('{')
            .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        match parameter {
            Some((before, (name, after))) => Self::Parameter {
                before: before.to_owned(),
                name: name.to_owned(),
                after: after.to_owned(),
            },
            None => Self::Literal(text.to_owned()),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Literal(a), Self::Literal(b)) => a == b,
            (
                Self::Parameter { before, after, .. },
                Self::Parameter {
                    before: other_before,
                    after: other_after,
                    ..
                },
            ) => (before, after) == (other_before, other_after),
            _ => false,
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Parameter { before, after, .. } if before.is_empty() && after.is_empty() => 2,
            Self::Parameter { .. } => 1,
        }
    }
}

/// The value between literal prefix and suffix; it must not be empty.
fn inner(part: &str, before: &str, after: &str) -> Option<String> {
    let value = part.strip_prefix(before)?.strip_suffix(after)?;
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matched(template: &str, path: &str) -> Option<Vec<String>> {
        let values = Template::parse(template).match_path(path)?;
        Some(values.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn parameters_are_decoded_after_the_split() {
        let details = "/v2/avatar/{avatar_id}/details";
        assert_eq!(matched(details, "/v2/avatar/abc/details").unwrap(), ["abc"]);
        assert_eq!(
            matched(details, "/v2/avatar/a%2Fb%25/details").unwrap(),
            ["a/b%"]
        );
        assert_eq!(
            matched(details, "/v2/avatar/%C3%A9/details").unwrap(),
            ["é"]
        );
        assert_eq!(matched("/a/{x}/{y}", "/a/1/2").unwrap(), ["1", "2"]);
    }

    #[test]
    fn other_paths_do_not_match() {
        let details = "/v2/avatar/{avatar_id}/details";
        for path in [
            "/v2/avatar/abc",
            "/v2/avatar/abc/details/",
            "/v2/avatar//details",
            "/v2/avatar/a/b/details",
            "/v2/avatars/abc/details",
            "*",
        ] {
            assert_eq!(matched(details, path), None, "{path}");
        }
    }

    #[test]
    fn parameter_may_have_prefix_and_suffix() {
        assert_eq!(
            matched("/files/v{id}.json", "/files/v7.json").unwrap(),
            ["7"]
        );
        assert_eq!(matched("/files/v{id}.json", "/files/v.json"), None);
        assert_eq!(matched("/files/v{id}.json", "/files/x7.json"), None);
    }

    #[test]
    fn names_of_parameters_are_not_compared() {
        let same = |a: &str, b: &str| Template::parse(a).same_paths(&Template::parse(b));
        assert!(same("/a/{x}/b", "/a/{y}/b"));
        assert!(!same("/a/{x}/b", "/a/{x}/c"));
        assert!(!same("/a/{x}", "/a/{x}/b"));
        assert!(!same("/a/{x}", "/a/v{x}"));
        assert!(!same("/a/{x}", "/a/x"));
    }

    #[test]
    fn literals_are_preferred_from_the_left() {
        let order = |a: &str, b: &str| Template::parse(a).compare_specificity(&Template::parse(b));
        assert_eq!(order("/v/list", "/v/{id}"), Ordering::Less);
        assert_eq!(order("/v/x{id}", "/v/{id}"), Ordering::Less);
        assert_eq!(order("/{a}/list", "/v/{id}"), Ordering::Greater);
    }
}
