//! Path templates: which one fits a path, and what its parameters hold.
//!
//! A path is cut at its slashes before it is decoded, so an encoded slash is
//! part of an id and never a border.

use std::cmp::Ordering;
use std::fmt;

use percent_encoding::percent_decode_str;

/// A path template such as `/v2/avatar/{avatar_id}/details`.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    segments: Vec<Segment>,
}

/// What may stand between two slashes.
#[derive(Clone, Debug)]
enum Segment {
    Fixed(String),
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

    /// Whether both fit the same paths: names of parameters do not count.
    pub(crate) fn same_paths(&self, other: &Self) -> bool {
        let mut pairs = self.segments.iter().zip(&other.segments);
        self.segments.len() == other.segments.len() && pairs.all(|(a, b)| a.same(b))
    }

    /// The names of the parameters, in the order of the path.
    pub(crate) fn names(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter { name, .. } => Some(name.as_str()),
            Segment::Fixed(_) => None,
        })
    }

    /// The values of the parameters when the path fits, else nothing.
    pub(crate) fn fit(&self, path: &str) -> Option<PathValues> {
        let mut values = PathValues::new();
        let mut parts = path.strip_prefix('/')?.split('/');
        for segment in &self.segments {
            let part = percent_decode_str(parts.next()?).decode_utf8_lossy();
            match segment {
                Segment::Fixed(text) if *text == part => {}
                Segment::Fixed(_) => return None,
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

    /// Less means: to be preferred where both fit, because a segment further
    /// left is fixed here and a parameter there.
    pub(crate) fn closeness(&self, other: &Self) -> Ordering {
        let ranks =
            |template: &Self| -> Vec<_> { template.segments.iter().map(Segment::rank).collect() };
        ranks(self).cmp(&ranks(other))
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.segments.iter().try_for_each(|segment| match segment {
            Segment::Fixed(text) => write!(f, "/{text}"),
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
            None => Self::Fixed(text.to_owned()),
        }
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fixed(a), Self::Fixed(b)) => a == b,
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
            Self::Fixed(_) => 0,
            Self::Parameter { before, after, .. } if before.is_empty() && after.is_empty() => 2,
            Self::Parameter { .. } => 1,
        }
    }
}

/// What stands between the two fixed ends; an empty value is no value.
fn inner(part: &str, before: &str, after: &str) -> Option<String> {
    let value = part.strip_prefix(before)?.strip_suffix(after)?;
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(template: &str, path: &str) -> Option<Vec<String>> {
        let values = Template::parse(template).fit(path)?;
        Some(values.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn parameters_are_decoded_after_the_cut() {
        let details = "/v2/avatar/{avatar_id}/details";
        assert_eq!(fit(details, "/v2/avatar/abc/details").unwrap(), ["abc"]);
        assert_eq!(
            fit(details, "/v2/avatar/a%2Fb%25/details").unwrap(),
            ["a/b%"]
        );
        assert_eq!(fit(details, "/v2/avatar/%C3%A9/details").unwrap(), ["é"]);
        assert_eq!(fit("/a/{x}/{y}", "/a/1/2").unwrap(), ["1", "2"]);
    }

    #[test]
    fn paths_that_do_not_fit() {
        let details = "/v2/avatar/{avatar_id}/details";
        for path in [
            "/v2/avatar/abc",
            "/v2/avatar/abc/details/",
            "/v2/avatar//details",
            "/v2/avatar/a/b/details",
            "/v2/avatars/abc/details",
            "*",
        ] {
            assert_eq!(fit(details, path), None, "{path}");
        }
    }

    #[test]
    fn a_parameter_may_have_fixed_ends() {
        assert_eq!(fit("/files/v{id}.json", "/files/v7.json").unwrap(), ["7"]);
        assert_eq!(fit("/files/v{id}.json", "/files/v.json"), None);
        assert_eq!(fit("/files/v{id}.json", "/files/x7.json"), None);
    }

    #[test]
    fn names_of_parameters_do_not_make_a_path() {
        let same = |a: &str, b: &str| Template::parse(a).same_paths(&Template::parse(b));
        assert!(same("/a/{x}/b", "/a/{y}/b"));
        assert!(!same("/a/{x}/b", "/a/{x}/c"));
        assert!(!same("/a/{x}", "/a/{x}/b"));
        assert!(!same("/a/{x}", "/a/v{x}"));
        assert!(!same("/a/{x}", "/a/x"));
    }

    #[test]
    fn fixed_text_is_preferred_from_the_left() {
        let order = |a: &str, b: &str| Template::parse(a).closeness(&Template::parse(b));
        assert_eq!(order("/v/list", "/v/{id}"), Ordering::Less);
        assert_eq!(order("/v/x{id}", "/v/{id}"), Ordering::Less);
        assert_eq!(order("/{a}/list", "/v/{id}"), Ordering::Greater);
    }
}
