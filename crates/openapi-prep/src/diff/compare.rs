//! Two schemas held against each other, wherever they are used, without going
//! round in circles: each pair of places is compared once for each side of a
//! call, and what is inside is put off until later.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::{
    change::{Change, Class, Kind, Rows},
    choices::tagged,
    form::{Form, Way, describe_view, form},
    side::{Place, Side, component},
    spot::Spot,
    view::{Peeled, View, peel, view},
    words::code,
};
use crate::Pointer;

/// A place of the old document and one of the new, where they have one.
type Sides<'a, 'd> = (Option<&'a Place<'d>>, Option<&'a Place<'d>>);

/// A value of the old document and one of the new.
type Values = (Option<Value>, Option<Value>);

/// Whether it matters to the type of a place that null is taken there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Null {
    /// `T` becomes `Option<T>`.
    Matters,
    /// It is an `Option<T>` in any case.
    Hidden,
    /// It has been compared already.
    Done,
}

/// Two schemas still to be compared.
#[derive(Debug)]
struct Pair<'d> {
    old: Peeled<'d>,
    new: Peeled<'d>,
    /// What the rows point at.
    shown: (Place<'d>, Place<'d>),
    spot: Spot,
    way: Way,
}

/// A comparison under way.
#[derive(Debug)]
pub(super) struct Compare<'d> {
    pub(super) old: Side<'d>,
    pub(super) new: Side<'d>,
    rows: Rows,
    seen: HashSet<(Pointer, Pointer, Way)>,
    open: VecDeque<Pair<'d>>,
    /// The tags that are no fields of their schemas, in both documents.
    tags: (HashMap<Pointer, String>, HashMap<Pointer, String>),
    /// Old names of named schemas that were renamed, with the new ones.
    pub(super) renamed: HashSet<(String, String)>,
}

impl<'d> Compare<'d> {
    pub(super) fn new(old: &'d Value, new: &'d Value) -> Self {
        let (old, new) = (Side::new(old), Side::new(new));
        Self {
            tags: (tagged(&old), tagged(&new)),
            old,
            new,
            rows: Rows::default(),
            seen: HashSet::new(),
            open: VecDeque::new(),
            renamed: HashSet::new(),
        }
    }

    pub(super) fn into_rows(self) -> Vec<Change> {
        self.rows.sorted()
    }

    pub(super) fn row(
        &mut self,
        class: Class,
        kind: Kind,
        spot: &Spot,
        (old, new): Sides<'_, 'd>,
        (before, after): Values,
        text: String,
    ) {
        self.rows.add(Change {
            class,
            kind,
            direction: spot.direction(),
            operation: spot.operation.clone(),
            schema: spot.schema_name(),
            old: old.map(Place::pointer),
            new: new.map(Place::pointer),
            before,
            after,
            text,
        });
    }

    /// Compares the schemas of two places that hold the same thing, null and
    /// name included; what is inside comes later.
    pub(super) fn slot(&mut self, old: Place<'d>, new: Place<'d>, null: Null, spot: &Spot) {
        let Some(way) = spot.way else { return };
        let shown = (old.clone(), new.clone());
        let old = peel(&self.old, old);
        let new = peel(&self.new, new);
        if null != Null::Done && old.nullable != new.nullable {
            self.nullability((&shown.0, &shown.1), new.nullable, null, spot);
        }
        if old.component.is_some() && new.component.is_some() {
            self.about_schemas(&old.own, &new.own, spot);
        }
        if self.identity(&old, &new, (&shown.0, &shown.1), way, spot) {
            self.put(old, new, shown, spot, way);
        }
    }

    /// Compares two named schemas that are used on one side of a call.
    pub(super) fn named(&mut self, name: &str, way: Way) {
        let (Some(old), Some(new)) = (self.old.schema(name), self.new.schema(name)) else {
            return;
        };
        let shown = (old.clone(), new.clone());
        let spot = Spot::schema(name, Some(way));
        let (old, new) = (peel(&self.old, old), peel(&self.new, new));
        self.put(old, new, shown, &spot, way);
    }

    fn put(
        &mut self,
        old: Peeled<'d>,
        new: Peeled<'d>,
        places: (Place<'d>, Place<'d>),
        spot: &Spot,
        way: Way,
    ) {
        let spot = match &new.component {
            Some(place) => {
                let name = component(&place.at).unwrap_or_default();
                Spot::schema(&name, Some(way))
            }
            None => spot.clone(),
        };
        let shown = (
            old.component.clone().unwrap_or(places.0),
            new.component.clone().unwrap_or(places.1),
        );
        let key = (shown.0.at.clone(), shown.1.at.clone(), way);
        if self.seen.insert(key) {
            self.open.push_back(Pair {
                old,
                new,
                shown,
                spot,
                way,
            });
        }
    }

    /// Compares all that was put off.
    pub(super) fn finish(&mut self) {
        while let Some(pair) = self.open.pop_front() {
            self.pair(pair);
        }
    }

    pub(super) fn nullability(
        &mut self,
        (old, new): (&Place<'d>, &Place<'d>),
        nullable: bool,
        null: Null,
        spot: &Spot,
    ) {
        let class = match null {
            Null::Matters => Class::Breaking,
            Null::Hidden | Null::Done => Class::Cosmetic,
        };
        let place = spot.told();
        let text = match (nullable, class) {
            (true, Class::Breaking) => format!("{place} may be null now, so it is an `Option`."),
            (true, _) => format!("{place} may be null now; its type stays as it is."),
            (false, Class::Breaking) => {
                format!("{place} is never null now, so it is no `Option` any more.")
            }
            (false, _) => format!("{place} is never null now; its type stays as it is."),
        };
        let values = (Some((!nullable).into()), Some(nullable.into()));
        let sides = (Some(old), Some(new));
        self.row(class, Kind::NullabilityChanged, spot, sides, values, text);
    }

    fn pair(&mut self, pair: Pair<'d>) {
        let Pair {
            old,
            new,
            shown,
            spot,
            way,
        } = pair;
        let (mut was, mut is) = (view(&self.old, &old.place), view(&self.new, &new.place));
        let written = |wrappers: &[Place<'d>], view: &View<'d>| -> Vec<Place<'d>> {
            wrappers.iter().chain(&view.parts).cloned().collect()
        };
        let (old_parts, new_parts) = (written(&old.inner, &was), written(&new.inner, &is));
        self.about_schemas(&old_parts, &new_parts, &spot);
        let forms = (form(&was, way), form(&is, way));
        if forms.0 != forms.1 {
            let words = (
                describe_view(&self.old, &was, way),
                describe_view(&self.new, &is, way),
            );
            let text = format!(
                "{} was {} and is {} now.",
                spot.told(),
                code(&words.0),
                code(&words.1)
            );
            let values = (Some(words.0.into()), Some(words.1.into()));
            let sides = (Some(&shown.0), Some(&shown.1));
            self.row(
                Class::Breaking,
                Kind::TypeChanged,
                &spot,
                sides,
                values,
                text,
            );
            return;
        }
        for (view, tags, place) in [
            (&mut was, &self.tags.0, &shown.0),
            (&mut is, &self.tags.1, &shown.1),
        ] {
            view.tag = tags.get(&place.at).cloned();
        }
        match forms.0 {
            Form::Enum => self.values(&was, &is, (&shown.0, &shown.1), way, &spot),
            Form::Object => self.fields(&was, &is, (&shown.0, &shown.1), way, &spot),
            Form::Union => {
                self.variants(&was, &is, (&shown.0, &shown.1), way, &spot);
                self.fields(&was, &is, (&shown.0, &shown.1), way, &spot);
            }
            Form::Map => self.inner(was.extra, is.extra, &shown, "{}", &spot),
            Form::List => {
                self.positions(was.positions.as_ref(), is.positions.as_ref(), &spot);
                self.inner(was.items, is.items, &shown, "[]", &spot);
            }
            Form::Tuple(_) => {
                let tuples = was
                    .tuple
                    .into_iter()
                    .flatten()
                    .zip(is.tuple.into_iter().flatten());
                for (index, (was, is)) in tuples.enumerate() {
                    let spot = spot.inside(&format!("[{index}]"));
                    self.slot(was, is, Null::Matters, &spot);
                }
            }
            Form::Any | Form::Scalar(_) => self.plain_values(&was, &is, &shown, &spot),
        }
    }

    /// Compares what a list or a map holds. Without a schema it holds
    /// anything.
    fn inner(
        &mut self,
        old: Option<Place<'d>>,
        new: Option<Place<'d>>,
        shown: &(Place<'d>, Place<'d>),
        mark: &str,
        spot: &Spot,
    ) {
        static ANYTHING: Value = Value::Bool(true);
        let anything = |at: &Place<'d>| Place {
            value: &ANYTHING,
            at: at.at.clone(),
        };
        let old = old.unwrap_or_else(|| anything(&shown.0));
        let new = new.unwrap_or_else(|| anything(&shown.1));
        self.slot(old, new, Null::Matters, &spot.inside(mark));
    }

    /// Compares what the items of a list are by position, where any value is
    /// read at every position.
    fn positions(&mut self, old: Option<&Place<'d>>, new: Option<&Place<'d>>, spot: &Spot) {
        let value = |place: Option<&Place<'d>>| place.map(|place| place.value.clone());
        let values = (value(old), value(new));
        if values.0 != values.1 {
            let text = format!(
                "{} holds other values by position; any value is read at each.",
                spot.told()
            );
            self.row(
                Class::Cosmetic,
                Kind::OtherChanged,
                spot,
                (old, new),
                values,
                text,
            );
        }
    }

    /// Compares the values of what is no enum in Rust: numbers, fixed values.
    fn plain_values(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        shown: &(Place<'d>, Place<'d>),
        spot: &Spot,
    ) {
        if was.values == is.values {
            return;
        }
        let list = |view: &View<'d>| {
            let values = view.values.clone()?;
            Some(Value::Array(values.into_iter().cloned().collect()))
        };
        let text = format!(
            "{} has other documented values; its type stays as it is.",
            spot.told()
        );
        let sides = (Some(&shown.0), Some(&shown.1));
        let values = (list(was), list(is));
        self.row(
            Class::Cosmetic,
            Kind::BoundsChanged,
            spot,
            sides,
            values,
            text,
        );
    }
}
