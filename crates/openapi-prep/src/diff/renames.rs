//! Types that only have another name.

use std::collections::BTreeSet;

use super::{
    members::{Member, Renamed, of_api, of_body, of_form, of_parameters, of_shape, of_success},
    pairs::pair_up,
};
use crate::api::Api;

/// Finds the types that only have another name: those that the same parameter,
/// body, response, field or variant holds, and that the other side does not have.
pub(super) fn find(old: &Api, new: &Api) -> Renamed {
    let mut open = Vec::new();
    let operations = pair_up(&of_api(old), &of_api(new));
    for (was, index) in old.operations.iter().zip(operations) {
        let Some(is) = index.map(|index| &new.operations[index]) else {
            continue;
        };
        for members in [of_parameters, of_body, of_form, of_success] {
            open.extend(named(&members(was), &members(is)));
        }
    }
    let (mut seen, mut renamed) = (BTreeSet::new(), Renamed::new());
    // The first shared location decides.
    open.reverse();
    while let Some((was, is)) = open.pop() {
        if was != is {
            let gone = !new.types.contains_key(was) && !old.types.contains_key(is);
            let free = !renamed.contains_key(was) && !renamed.values().any(|other| other == is);
            if !(gone && free) {
                continue;
            }
            renamed.insert(was.to_owned(), is.to_owned());
        }
        if let (Some(a), Some(b)) = (old.types.get(was), new.types.get(is))
            && seen.insert(was)
        {
            open.extend(named(&of_shape(&a.shape).1, &of_shape(&b.shape).1));
        }
    }
    renamed
}

/// The named types in members of both sides.
fn named<'a>(old: &[Member<'a>], new: &[Member<'a>]) -> Vec<(&'a str, &'a str)> {
    let pairs = pair_up(old, new).into_iter().zip(old);
    pairs
        .filter_map(|(index, was)| was.named.zip(new[index?].named))
        .collect()
}
