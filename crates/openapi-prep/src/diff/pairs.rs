//! Members of both sides, compared.

use serde_json::Value;

use super::{
    change::Class,
    context::{Compare, Subject, code},
    members::{Member, Of},
};

/// What members of one owner have in common.
pub(super) struct Pairs<'a> {
    pub(super) of: Of,
    /// What has them, in Rust.
    pub(super) owner: &'a str,
    /// Whether a program sets them.
    pub(super) in_request: bool,
}

impl<'a> Pairs<'a> {
    /// Members that a program sets, and need not know all of.
    pub(super) fn sent(of: Of, owner: &'a str) -> Self {
        Self {
            of,
            owner,
            in_request: true,
        }
    }

    /// Compares members of both sides. Gives those that both have.
    pub(super) fn compare(
        &self,
        compare: &mut Compare<'_>,
        whole: &Subject,
        mut old: Vec<Member<'_>>,
        new: &[Member<'_>],
    ) -> Vec<(usize, usize, Subject)> {
        for member in &mut old {
            member.rename(&compare.renamed);
        }
        let pairs = pair_up(&old, new);
        let mut both = Vec::new();
        for (before, (was, index)) in old.iter().zip(&pairs).enumerate() {
            let Some(after) = *index else {
                let of = self.subject(whole, [Some(was), None]);
                let removed = (Class::Breaking, self.of.kind("removed"));
                compare.value(&of, removed, "is gone", (&was.wire, Value::Null));
                continue;
            };
            let is = &new[after];
            let of = self.subject(whole, [Some(was), Some(is)]);
            let names = [was.rust_name, is.rust_name];
            if names[0] != names[1] && !names.contains(&"") {
                let words = format!("is called {} now", code(is.rust_name));
                let renamed = (Class::Breaking, self.of.kind("renamed"));
                compare.value(&of, renamed, &words, (was.rust_name, is.rust_name));
            }
            self.form(compare, &of, was, is);
            if let Some((was, is)) = was.annotations.zip(is.annotations) {
                compare.annotations(&of, [was, is]);
            }
            both.push((before, after, of));
        }
        // The generator gives a `Default` to structs without required fields.
        let had_default = self.of == Of::Field && old.iter().all(|member| !member.required);
        for (index, is) in new.iter().enumerate() {
            if pairs.contains(&Some(index)) {
                continue;
            }
            let (class, words) = if is.required && self.in_request {
                (Class::Breaking, "is new and required")
            } else if is.required && had_default {
                let words = "is new and required, so its struct has no `Default`";
                (Class::Breaking, words)
            } else {
                (Class::Additive, "is new")
            };
            let of = self.subject(whole, [None, Some(is)]);
            let added = (class, self.of.kind("added"));
            compare.value(&of, added, words, (Value::Null, &is.wire));
        }
        both
    }

    /// A member, which is where the whole is if it has no pointer of its own.
    fn subject(&self, whole: &Subject, [was, is]: [Option<&Member<'_>>; 2]) -> Subject {
        let owner = code(self.owner);
        let name = was.or(is).map_or("", |member| member.rust_name);
        let what = match self.of {
            Of::Operation => format!("The method {}", code(name)),
            Of::Type => format!("The type {}", code(name)),
            Of::Parameter => format!("The parameter {} of {owner}", code(name)),
            Of::Body => format!("The body of {owner}"),
            Of::Response => format!("The response of {owner}"),
            // What a newtype holds.
            Of::Field if name == "0" => owner,
            Of::Field => code(&format!("{}.{name}", self.owner)),
            Of::EnumValue | Of::Variant => code(&format!("{}::{name}", self.owner)),
        };
        let [old, new] = [was, is].map(|member| member.and_then(|member| member.pointer));
        let mut of = whole.part(&what, old, new);
        if old.or(new).is_none() {
            (of.old, of.new) = (whole.old.clone(), whole.new.clone());
        }
        if let Some(today) = is.or(was) {
            of.operation = today.title.clone().or(of.operation);
            if self.of == Of::Type {
                of.type_name = Some(today.rust_name.to_owned());
            }
        }
        of
    }

    /// Compares what a member is made of, on the wire and in Rust.
    fn form(&self, compare: &mut Compare<'_>, of: &Subject, was: &Member<'_>, is: &Member<'_>) {
        let (class, kind) = self.of.on_the_wire();
        let values = (&was.wire, &is.wire);
        if was.medium != is.medium {
            let words = "is made of something else now";
            return compare.value(of, (Class::Breaking, kind), words, values);
        }
        if was.wire != is.wire {
            compare.value(of, (class, kind), "differs on the wire", values);
        }
        let (before, after) = (was.rust_type.as_str(), is.rust_type.as_str());
        if (before, was.required) == (after, is.required) {
            return;
        }
        let [(options, inner), (more, other)] = [before, after].map(without_options);
        let kinds = ["became-optional", "became-required"].map(|event| self.of.kind(event));
        let [optional, required] = kinds.each_ref().map(String::as_str);
        let breaking = |kind, words| (Class::Breaking, kind, words);
        let (class, kind, words) = match (options, more) {
            _ if inner != other => return compare.types(of, before, after),
            // What is received is there, or not, by its type.
            _ if options == more && !self.in_request => return,
            _ if options == more && is.required => breaking(required, "must be given now"),
            _ if options == more => (Class::Additive, optional, "may be left out now"),
            (1, 2) => breaking("nullability-changed", "can be sent as null now"),
            (2, 1) => breaking("nullability-changed", "cannot be sent as null any more"),
            (0, _) => breaking(
                optional,
                "may be left out or null now, so it is an `Option`",
            ),
            _ => breaking(
                required,
                "is always there now, so it is no `Option` any more",
            ),
        };
        let values = Some((before, after)).filter(|_| before != after).unzip();
        compare.value(of, (class, kind), words, values);
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
