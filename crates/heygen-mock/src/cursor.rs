//! Cursors of lists: opaque strings that only the mock can have made, each for one
//! list.

use serde_json::Value;

use crate::check::Refusal;
use crate::route::PathValues;
use crate::table::Page;

/// The start of every cursor.
const PREFIX: &str = "mock";

/// The part of a list that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// Items have numbers below this one.
    pub(crate) below: i64,
    pub(crate) limit: usize,
}

impl Slice {
    /// All items of a list.
    pub(crate) const ALL: Self = Self {
        below: i64::MAX,
        limit: usize::MAX,
    };

    /// The part of the list at `path` that a query asks for. A cursor that the
    /// mock has not made is the first page, or refused in strict mode.
    pub(crate) fn of(
        page: &Page,
        path: &str,
        query: &PathValues,
        strict: bool,
    ) -> Result<Self, Refusal> {
        let sent = |name: &str| {
            let mut sent = query.iter().filter(|(found, _)| found == name);
            sent.find_map(|(_, value)| (!value.is_empty()).then_some(value.as_str()))
        };
        let limit = sent("limit").and_then(|limit| limit.parse().ok());
        let below = match sent(page.token) {
            None => i64::MAX,
            Some(token) => match parse(token, path) {
                Some(below) => below,
                None if strict => {
                    let message = format!("The {} is unknown: no list has given it.", page.token);
                    return Err(Refusal::invalid(message, Some(page.token)));
                }
                None => i64::MAX,
            },
        };
        Ok(Self {
            below,
            limit: limit.unwrap_or(page.limit).max(1),
        })
    }
}

/// The cursor of the items below a number in the list at a path.
pub(crate) fn token(path: &str, below: i64) -> String {
    format!("{PREFIX}{:08x}{:x}", hash(path), below.cast_unsigned())
}

fn parse(token: &str, path: &str) -> Option<i64> {
    let rest = token.strip_prefix(PREFIX)?;
    let below = rest.strip_prefix(&format!("{:08x}", hash(path)))?;
    Some(u64::from_str_radix(below, 16).ok()?.cast_signed())
}

/// FNV-1a: cursors of one list are unknown to another.
fn hash(path: &str) -> u32 {
    path.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Sets the cursor of a page: `next` is that of the next one, if there is one.
pub(crate) fn set(page: &Page, body: &mut Value, next: Option<String>) {
    if let Some(field) = body.pointer_mut(page.has_more) {
        *field = Value::Bool(next.is_some());
    }
    if let Some(field) = body.pointer_mut(page.next_token) {
        *field = next.map_or(Value::Null, Value::String);
    }
}

/// Cuts the items of a response down to a slice, by their positions, and sets the
/// cursor.
pub(crate) fn cut(page: &Page, path: &str, slice: Slice, body: &mut Value) {
    let Some(Value::Array(items)) = body.pointer_mut(page.items) else {
        return;
    };
    // The numbers go down, as those of the store do.
    let from = usize::try_from(slice.below.saturating_neg()).unwrap_or(0);
    items.drain(..from.min(items.len()));
    let more = items.len() > slice.limit;
    items.truncate(slice.limit);
    let next = from.saturating_add(slice.limit);
    let next = i64::try_from(next).ok().filter(|_| more);
    set(page, body, next.map(|next| token(path, -next)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PAGE: Page = Page {
        token: "token",
        items: "/data/items",
        next_token: "/data/next_token",
        has_more: "/data/has_more",
        limit: 2,
    };

    fn slice(token: &str, strict: bool) -> Result<Slice, Refusal> {
        let query = vec![("token".to_owned(), token.to_owned())];
        Slice::of(&PAGE, "/a", &query, strict)
    }

    #[test]
    fn own_cursors_are_known_and_others_are_the_first_page() {
        for below in [-3, 0, 7] {
            assert_eq!(slice(&token("/a", below), true).unwrap().below, below);
        }
        for other in [
            "eyJvIjoyMH0",
            &token("/b", 7),
            &token("/a", 7)[..12],
            "mock",
        ] {
            assert_eq!(slice(other, false).unwrap().below, i64::MAX, "{other}");
            let refusal = slice(other, true).unwrap_err();
            assert_eq!(
                (refusal.status, refusal.param.as_deref()),
                (400, Some("token"))
            );
        }
        assert_eq!(slice("", true).unwrap().limit, 2);
    }

    #[test]
    fn items_are_cut_into_pages_that_end() {
        let body = json!({"data": {"items": [1, 2, 3, 4, 5], "next_token": "x", "has_more": true}});
        let (mut slice, mut pages) = (Slice::ALL, Vec::new());
        slice.limit = 2;
        loop {
            let mut page = body.clone();
            cut(&PAGE, "/a", slice, &mut page);
            pages.push(page["data"]["items"].clone());
            assert_eq!(
                page["data"]["has_more"],
                page["data"]["next_token"].is_string()
            );
            let Some(token) = page["data"]["next_token"].as_str() else {
                break;
            };
            slice.below = parse(token, "/a").unwrap();
        }
        assert_eq!(pages, [json!([1, 2]), json!([3, 4]), json!([5])]);
    }
}
