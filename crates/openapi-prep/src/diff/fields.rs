//! Objects: fields that came, went, became required or optional.
//!
//! A program writes requests and reads answers, and feels a change to each
//! differently. In a request, a field that a document requires is a `T` and
//! any other an `Option<T>`. In an answer every field is an `Option<T>` but
//! for the one that identifies the thing.

use serde_json::Value;

use super::{
    change::{Class, Kind},
    compare::{Compare, Null},
    form::{Way, identifying},
    side::Place,
    spot::Spot,
    view::{View, peel},
    words::code,
};

/// A field that both documents have.
struct Field<'a, 'd> {
    name: &'d str,
    old: &'a Place<'d>,
    new: &'a Place<'d>,
    required: (bool, bool),
    nullable: (bool, bool),
}

impl<'d> Compare<'d> {
    /// Compares the fields of two objects.
    pub(super) fn fields(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        shown: (&Place<'d>, &Place<'d>),
        way: Way,
        spot: &Spot,
    ) {
        for (name, old) in was.fields() {
            match is.field(name) {
                None => {
                    let text = format!("{} is gone.", spot.field(name).told());
                    let sides = (Some(old), None);
                    self.row(
                        Class::Breaking,
                        Kind::FieldRemoved,
                        spot,
                        sides,
                        (None, None),
                        text,
                    );
                }
                Some(new) => {
                    let field = Field {
                        name,
                        old,
                        new,
                        required: (was.required.contains(name), is.required.contains(name)),
                        nullable: (
                            peel(&self.old, old.clone()).nullable,
                            peel(&self.new, new.clone()).nullable,
                        ),
                    };
                    match way {
                        Way::Request => self.sent(&field, spot),
                        Way::Response => {
                            let id = (
                                identifying(&self.old, was) == Some(*name),
                                identifying(&self.new, is) == Some(*name),
                            );
                            self.answered(&field, id, spot);
                        }
                    }
                    self.slot(old.clone(), new.clone(), Null::Done, &spot.field(name));
                }
            }
        }
        for (name, new) in is.fields() {
            if was.field(name).is_none() {
                self.added(name, new, is.required.contains(name), way, spot);
            }
        }
        self.extra(was, is, shown, spot);
    }

    fn added(&mut self, name: &str, new: &Place<'d>, required: bool, way: Way, spot: &Spot) {
        let field = spot.field(name).told();
        let (class, text) = match way {
            Way::Request if required => (
                Class::Breaking,
                format!("{field} is new, and a request must have it."),
            ),
            Way::Request => (
                Class::Additive,
                format!("{field} is new; a request may have it."),
            ),
            Way::Response => (Class::Additive, format!("{field} is new.")),
        };
        let values = (None, None);
        self.row(
            class,
            Kind::FieldAdded,
            spot,
            (None, Some(new)),
            values,
            text,
        );
    }

    /// A field of what a program sends.
    fn sent(&mut self, field: &Field<'_, 'd>, spot: &Spot) {
        let told = spot.field(field.name).told();
        let sides = (Some(field.old), Some(field.new));
        // What may be left out is an `Option`, and so is what may be null.
        let options = |required: bool, nullable: bool| u8::from(!required) + u8::from(nullable);
        let retyped = options(field.required.0, field.nullable.0)
            != options(field.required.1, field.nullable.1);
        if field.required.0 != field.required.1 {
            let (class, kind, text) = match (field.required.1, retyped) {
                (true, _) => (
                    Class::Breaking,
                    Kind::FieldBecameRequired,
                    format!("{told} must be in every request now."),
                ),
                (false, true) => (
                    Class::Breaking,
                    Kind::FieldBecameOptional,
                    format!("{told} may be left out of a request now, so its type is an `Option`."),
                ),
                (false, false) => (
                    Class::Additive,
                    Kind::FieldBecameOptional,
                    format!(
                        "{told} may be left out of a request now; it is an `Option` as before."
                    ),
                ),
            };
            let values = (flag(field.required.0), flag(field.required.1));
            self.row(class, kind, spot, sides, values, text);
        }
        if field.nullable.0 != field.nullable.1 {
            self.null(field, retyped && field.required.0 == field.required.1, spot);
        }
    }

    /// A field of what a program is answered; `id` tells whether it is the
    /// identifying one.
    fn answered(&mut self, field: &Field<'_, 'd>, id: (bool, bool), spot: &Spot) {
        let told = spot.field(field.name).told();
        let sides = (Some(field.old), Some(field.new));
        let values = (flag(field.required.0), flag(field.required.1));
        match id {
            (true, false) => {
                let text = format!(
                    "{told} is not the id that every answer has any more, so it is an `Option`."
                );
                let kind = Kind::IdBecameOptional;
                self.row(Class::Breaking, kind, spot, sides, values, text);
            }
            (false, true) => {
                let text =
                    format!("{told} is the id that every answer has, so it is no `Option` now.");
                let kind = Kind::IdBecameRequired;
                self.row(Class::Breaking, kind, spot, sides, values, text);
            }
            _ => {
                if field.required.0 != field.required.1 {
                    let (kind, now) = if field.required.1 {
                        (Kind::FieldBecameRequired, "always in the answer")
                    } else {
                        (Kind::FieldBecameOptional, "not always in the answer")
                    };
                    let text = format!("{told} is {now} now; its type stays as it is.");
                    self.row(Class::Cosmetic, kind, spot, sides, values, text);
                }
                if field.nullable.0 != field.nullable.1 {
                    self.null(field, false, spot);
                }
            }
        }
    }

    fn null(&mut self, field: &Field<'_, 'd>, matters: bool, spot: &Spot) {
        let null = if matters { Null::Matters } else { Null::Hidden };
        let sides = (field.old, field.new);
        self.nullability(sides, field.nullable.1, null, &spot.field(field.name));
    }

    /// Fields that the document does not name.
    fn extra(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        shown: (&Place<'d>, &Place<'d>),
        spot: &Spot,
    ) {
        let told = spot.told();
        let (class, text) = match (&was.extra, &is.extra) {
            (None, None) => return,
            (Some(old), Some(new)) => {
                let inside = spot.inside("{}");
                return self.slot(old.clone(), new.clone(), Null::Matters, &inside);
            }
            (None, Some(_)) => (
                Class::Additive,
                format!(
                    "{told} takes fields of other names now, in {}.",
                    code("extra")
                ),
            ),
            (Some(_), None) => (
                Class::Breaking,
                format!(
                    "{told} has no {} for fields of other names now.",
                    code("extra")
                ),
            ),
        };
        let sides = (
            Some(was.extra.as_ref().unwrap_or(shown.0)),
            Some(is.extra.as_ref().unwrap_or(shown.1)),
        );
        let values = (flag(was.extra.is_some()), flag(is.extra.is_some()));
        self.row(class, Kind::ExtraFieldsChanged, spot, sides, values, text);
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "rows hold values that may be none"
)]
fn flag(value: bool) -> Option<Value> {
    Some(Value::Bool(value))
}
