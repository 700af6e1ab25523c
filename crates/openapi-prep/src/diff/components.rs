//! Named schemas, each of which is a type where an operation uses it: types
//! that came, went or are compared though nothing that uses them could be.

use std::collections::{BTreeSet, HashSet};

use super::{
    bodies,
    change::{Class, Kind},
    compare::Compare,
    form::{Way, alike, type_name},
    operations,
    side::{Place, Side, component},
    spot::Spot,
    view::{peel, view},
    words::code,
};

/// The names of the schemas that requests and answers reach.
#[derive(Debug)]
struct Reached {
    requests: HashSet<String>,
    responses: HashSet<String>,
}

impl Reached {
    fn both(&self) -> BTreeSet<&String> {
        self.requests.union(&self.responses).collect()
    }

    fn of(&self, way: Way) -> &HashSet<String> {
        match way {
            Way::Request => &self.requests,
            Way::Response => &self.responses,
        }
    }
}

fn reached(side: &Side<'_>) -> Reached {
    let mut requests = Vec::new();
    let mut responses = Vec::new();
    for operation in operations::operations(side) {
        requests.extend(operation.place.get("parameters"));
        requests.extend(operation.item.get("parameters"));
        requests.extend(bodies::request(side, &operation));
        let success = bodies::success(side, &operation);
        responses.extend(success.and_then(|(_, answer)| answer.get("content")));
    }
    Reached {
        requests: closure(side, requests),
        responses: closure(side, responses),
    }
}

/// The named schemas that these places refer to, and those refer to.
fn closure<'d>(side: &Side<'d>, mut open: Vec<Place<'d>>) -> HashSet<String> {
    let mut names = HashSet::new();
    let mut seen = HashSet::new();
    while let Some(place) = open.pop() {
        if let Some(target) = side.target(&place)
            && seen.insert(target.at.clone())
        {
            names.extend(component(&target.at));
            open.push(target);
        }
        if let Some(mapping) = place.get("discriminator").and_then(|d| d.get("mapping")) {
            for (_, value) in mapping.entries() {
                let name = value
                    .value
                    .as_str()
                    .and_then(|text| text.rsplit('/').next());
                if let Some(schema) = name.and_then(|name| side.schema(name))
                    && seen.insert(schema.at.clone())
                {
                    names.extend(component(&schema.at));
                    open.push(schema);
                }
            }
        }
        open.extend(place.entries().into_iter().map(|(_, inner)| inner));
        open.extend(place.items());
    }
    names
}

impl<'d> Compare<'d> {
    /// Compares the named schemas.
    pub(super) fn components(&mut self) {
        let (was, is) = (reached(&self.old), reached(&self.new));
        for name in was.both() {
            for way in [Way::Request, Way::Response] {
                if was.of(way).contains(name) && is.of(way).contains(name) {
                    self.named(name, way);
                }
            }
        }
        self.finish();
        let renamed = |name: &str, old: bool, known: &HashSet<(String, String)>| {
            known
                .iter()
                .any(|(a, b)| if old { a == name } else { b == name })
        };
        let (was_used, is_used) = (was.both(), is.both());
        let gone: Vec<&String> = was_used
            .iter()
            .filter(|name| !is_used.contains(*name) && !renamed(name, true, &self.renamed))
            .copied()
            .collect();
        let mut fresh: Vec<&String> = is_used
            .iter()
            .filter(|name| !was_used.contains(*name) && !renamed(name, false, &self.renamed))
            .copied()
            .collect();
        for name in gone {
            match self.twin(name, &fresh) {
                Some(index) => {
                    let new = fresh.remove(index).clone();
                    self.moved_to(name, &new);
                }
                None => self.came_or_went(name, true),
            }
        }
        for name in fresh {
            self.came_or_went(name, false);
        }
        self.unused(&was_used, &is_used);
    }

    /// The place among new schemas of the only one that is as an old one was,
    /// though nothing that used the old one uses it.
    fn twin(&self, name: &str, fresh: &[&String]) -> Option<usize> {
        let old = self.old.schema(name)?;
        let was = view(&self.old, &peel(&self.old, old.clone()).place);
        let alike_to = |other: &str| {
            let Some(new) = self.new.schema(other) else {
                return false;
            };
            let is = view(&self.new, &peel(&self.new, new.clone()).place);
            let fields = was.properties.len() > 1 || was.values.is_some();
            let way = Way::Request;
            let names = |view: &super::view::View<'d>| {
                let mut names: Vec<_> = view.properties.iter().map(|p| p.0).collect();
                names.sort_unstable();
                names
            };
            fields
                && names(&was) == names(&is)
                && alike((&self.old, &was), (&self.new, &is), way)
                && self.replaced(&old, &new)
        };
        let mut twins = (0..fresh.len()).filter(|index| alike_to(fresh[*index]));
        let index = twins.next()?;
        twins.next().is_none().then_some(index)
    }

    fn moved_to(&mut self, old: &str, new: &str) {
        let class = if type_name(old) == type_name(new) {
            Class::Cosmetic
        } else {
            Class::Breaking
        };
        let text = format!("The type {} is called {} now.", code(old), code(new));
        let sides = (self.old.schema(old), self.new.schema(new));
        let values = (Some(old.into()), Some(new.into()));
        let spot = Spot::schema(new, None);
        let sides = (sides.0.as_ref(), sides.1.as_ref());
        self.row(class, Kind::SchemaRenamed, &spot, sides, values, text);
    }

    fn came_or_went(&mut self, name: &str, went: bool) {
        let spot = Spot::schema(name, None);
        let (class, kind, text) = if went {
            let why = if self.new.schema(name).is_some() {
                "no operation uses it any more"
            } else {
                "the document has it no more"
            };
            (
                Class::Breaking,
                Kind::SchemaRemoved,
                format!("The type {} is gone: {why}.", code(name)),
            )
        } else {
            (
                Class::Additive,
                Kind::SchemaAdded,
                format!("The type {} is new.", code(name)),
            )
        };
        let sides = (self.old.schema(name), self.new.schema(name));
        let sides = (sides.0.as_ref(), sides.1.as_ref());
        self.row(class, kind, &spot, sides, (None, None), text);
    }

    /// Schemas that no type is made of, before or after.
    fn unused(&mut self, was: &BTreeSet<&String>, is: &BTreeSet<&String>) {
        let mut names: BTreeSet<&String> = BTreeSet::new();
        names.extend(self.old.schemas().into_iter().flatten().map(|s| s.0));
        names.extend(self.new.schemas().into_iter().flatten().map(|s| s.0));
        for name in names {
            let (old, new) = (self.old.schema(name), self.new.schema(name));
            let same = old.as_ref().map(|p| p.value) == new.as_ref().map(|p| p.value);
            if same || was.contains(name) || is.contains(name) {
                continue;
            }
            let words = match (&old, &new) {
                (None, _) => "is new",
                (_, None) => "is gone",
                _ => "changed",
            };
            let text = format!(
                "The schema {} {words}; no type is made of it, since neither requests nor \
                 successful answers use it.",
                code(name)
            );
            let sides = (old.as_ref(), new.as_ref());
            let kind = Kind::UnusedSchemaChanged;
            let spot = Spot::schema(name, None);
            self.row(Class::Cosmetic, kind, &spot, sides, (None, None), text);
        }
    }
}
