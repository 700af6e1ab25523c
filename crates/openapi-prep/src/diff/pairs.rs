//! Members of both sides, compared.

use serde_json::Value;

use super::{
    change::{Class, Kind},
    context::{Compare, Subject, code},
    members::{Member, Of},
};

/// Members of one owner, on either side.
pub(super) struct Pairs<'a> {
    pub(super) of: Of,
    /// What has them, in Rust.
    pub(super) owner: &'a str,
    pub(super) old: Vec<Member<'a>>,
    pub(super) new: Vec<Member<'a>>,
    /// Whether a program sets them.
    pub(super) in_request: bool,
    /// The class of one that is new and may be left out.
    pub(super) of_addition: Class,
}

impl Pairs<'_> {
    pub(super) fn compare(&self, compare: &mut Compare<'_>, whole: &Subject) {
        let [added, removed, renamed, wire] = self.of.kinds();
        let pairs = pair_up(&self.old, &self.new);
        for (was, index) in self.old.iter().zip(&pairs) {
            let Some(is) = index.map(|index| &self.new[index]) else {
                let of = self.subject(whole, Some(was), None);
                let value = (&was.wire, Value::Null);
                compare.value(&of, (Class::Breaking, removed), "is gone", value);
                continue;
            };
            let of = self.subject(whole, Some(was), Some(is));
            compare.names(&of, renamed, was.rust_name, is.rust_name);
            if was.wire != is.wire {
                let values = (&was.wire, &is.wire);
                compare.value(&of, (Class::Additive, wire), "differs on the wire", values);
            }
            self.value(compare, &of, was, is);
            if let Some((was, is)) = was.annotations.zip(is.annotations) {
                compare.annotations(&of, was, is);
            }
        }
        // The generator gives a `Default` to structs without required fields.
        let had_default = self.of == Of::Field && self.old.iter().all(|member| !member.required);
        for (index, is) in self.new.iter().enumerate() {
            if pairs.contains(&Some(index)) {
                continue;
            }
            let (class, words) = if is.required && self.in_request {
                (Class::Breaking, "is new and required")
            } else if is.required && had_default {
                let words = "is new and required, so its struct has no `Default`";
                (Class::Breaking, words)
            } else {
                (self.of_addition, "is new")
            };
            let of = self.subject(whole, None, Some(is));
            compare.value(&of, (class, added), words, (Value::Null, &is.wire));
        }
    }

    /// A member, which is where the whole is if it has no pointer of its own.
    fn subject(
        &self,
        whole: &Subject,
        was: Option<&Member<'_>>,
        is: Option<&Member<'_>>,
    ) -> Subject {
        let (owner, one) = (self.owner, was.or(is));
        let name = one.map_or("", |member| member.rust_name);
        let what = match self.of {
            Of::Parameter => format!("The parameter {} of {}", code(name), code(owner)),
            // What a newtype holds.
            Of::Field if name == "0" => code(owner),
            Of::Field => code(&format!("{owner}.{name}")),
            Of::Value | Of::Variant => code(&format!("{owner}::{name}")),
        };
        match one.and_then(|member| member.pointer) {
            None => whole.part(&what, whole.old.as_deref(), whole.new.as_deref()),
            Some(_) => whole.part(
                &what,
                was.and_then(|member| member.pointer),
                is.and_then(|member| member.pointer),
            ),
        }
    }

    /// Compares the types of a member, and whether it must be given.
    fn value(&self, compare: &mut Compare<'_>, of: &Subject, was: &Member<'_>, is: &Member<'_>) {
        let [optional, required] = match self.of {
            Of::Parameter => [Kind::ParameterBecameOptional, Kind::ParameterBecameRequired],
            _ => [Kind::FieldBecameOptional, Kind::FieldBecameRequired],
        };
        let (before, after) = (was.rust_type.as_str(), is.rust_type.as_str());
        if before == after {
            match (was.required, is.required) {
                (false, true) if self.in_request => {
                    compare.breaking(of, required, "must be given now");
                }
                (true, false) if self.in_request => {
                    compare.row(of, Class::Additive, optional, "may be left out now");
                }
                _ => {}
            }
            return;
        }
        let (options, inner) = without_options(before);
        let (more, other) = without_options(after);
        if inner != other {
            return compare.types(of, Kind::TypeChanged, before, after);
        }
        let (kind, words) = match (options, more) {
            (1, 2) => (Kind::NullabilityChanged, "can be sent as null now"),
            (2, 1) => (Kind::NullabilityChanged, "cannot be sent as null any more"),
            (0, _) => (
                optional,
                "may be left out or null now, so it is an `Option`",
            ),
            _ => (
                required,
                "is always there now, so it is no `Option` any more",
            ),
        };
        compare.value(of, (Class::Breaking, kind), words, (before, after));
    }
}

/// Which new member each old one is: by its first key, else by the next.
pub(super) fn pair_up(old: &[Member<'_>], new: &[Member<'_>]) -> Vec<Option<usize>> {
    let mut found = vec![None; old.len()];
    let mut taken = vec![false; new.len()];
    let most = old.iter().map(|m| m.keys.len()).max().unwrap_or_default();
    for level in 0..most {
        for (member, found) in old.iter().zip(&mut found) {
            let Some(key) = member.keys.get(level).filter(|_| found.is_none()) else {
                continue;
            };
            let same = |i: &usize| !taken[*i] && new[*i].keys.contains(key);
            if let Some(index) = (0..new.len()).find(same) {
                taken[index] = true;
                *found = Some(index);
            }
        }
    }
    found
}

/// How many options are around a type in Rust, and what they hold.
fn without_options(mut ty: &str) -> (usize, &str) {
    let mut options = 0;
    while let Some(inner) = ty
        .strip_prefix("Option<")
        .and_then(|ty| ty.strip_suffix('>'))
    {
        options += 1;
        ty = inner;
    }
    (options, ty)
}
