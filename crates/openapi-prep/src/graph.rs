//! Which names lead back to themselves: questions about references that take
//! no longer than there are references, however long a chain of them is.

use std::collections::{HashMap, HashSet};

/// Where each name leads.
pub(crate) type Graph<'a> = HashMap<&'a str, Vec<&'a str>>;

/// The names that lead back to themselves.
pub(crate) fn on_circles<'a>(next: &Graph<'a>) -> HashSet<&'a str> {
    // Tarjan's components, with a stack of our own.
    let mut order: HashMap<&str, usize> = HashMap::new();
    let mut lowest: HashMap<&str, usize> = HashMap::new();
    let mut component: Vec<&'a str> = Vec::new();
    let mut waiting: HashSet<&str> = HashSet::new();
    let mut found = HashSet::new();
    for start in next.keys().copied() {
        if order.contains_key(start) {
            continue;
        }
        let mut path: Vec<(&'a str, usize)> = vec![(start, 0)];
        while let Some((name, index)) = path.pop() {
            if index == 0 {
                let number = order.len();
                order.insert(name, number);
                lowest.insert(name, number);
                component.push(name);
                waiting.insert(name);
            }
            if let Some(to) = next.get(name).and_then(|names| names.get(index)).copied() {
                path.push((name, index + 1));
                if !order.contains_key(to) {
                    path.push((to, 0));
                } else if waiting.contains(to) {
                    let low = lowest[name].min(order[to]);
                    lowest.insert(name, low);
                }
                continue;
            }
            if let Some((from, _)) = path.last() {
                let low = lowest[from].min(lowest[name]);
                lowest.insert(from, low);
            }
            if lowest[name] == order[name] {
                let begin = component.iter().rposition(|other| *other == name);
                let members = component.split_off(begin.unwrap_or(0));
                let itself = next.get(name).is_some_and(|names| names.contains(&name));
                for member in &members {
                    waiting.remove(member);
                }
                if members.len() > 1 || itself {
                    found.extend(members);
                }
            }
        }
    }
    found
}

/// The names that lead to one on a circle, those on it among them.
pub(crate) fn endless<'a>(next: &Graph<'a>) -> HashSet<&'a str> {
    let mut before: Graph<'a> = HashMap::new();
    for (name, names) in next {
        for to in names {
            before.entry(to).or_default().push(name);
        }
    }
    let mut found = on_circles(next);
    let mut open: Vec<&str> = found.iter().copied().collect();
    while let Some(name) = open.pop() {
        for from in before.get(name).into_iter().flatten() {
            if found.insert(from) {
                open.push(from);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(names: HashSet<&str>) -> Vec<&str> {
        let mut names: Vec<_> = names.into_iter().collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn circles_and_what_leads_to_them() {
        let next: Graph<'_> = [
            ("a", vec!["b"]),
            ("b", vec!["c", "x"]),
            ("c", vec!["b", "nowhere"]),
            ("self", vec!["self", "x"]),
            ("x", vec!["y", "z"]),
            ("y", vec!["z"]),
            ("z", vec![]),
        ]
        .into();
        assert_eq!(sorted(on_circles(&next)), ["b", "c", "self"]);
        assert_eq!(sorted(endless(&next)), ["a", "b", "c", "self"]);
    }

    #[test]
    fn a_long_way_round_is_a_circle_too() {
        let names: Vec<String> = (0..100_000).map(|n| n.to_string()).collect();
        let mut next: Graph<'_> = names
            .windows(2)
            .map(|pair| (pair[0].as_str(), vec![pair[1].as_str()]))
            .collect();
        assert!(on_circles(&next).is_empty() && endless(&next).is_empty());
        next.insert(&names[99_999], vec![&names[1]]);
        assert_eq!(on_circles(&next).len(), 99_999);
        assert_eq!(endless(&next).len(), 100_000);
    }
}
