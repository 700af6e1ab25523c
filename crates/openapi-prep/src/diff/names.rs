//! Types by name: the same type under another name is another type to a
//! program, and a name that is only spelled differently is the same one.

use super::{
    change::{Class, Kind},
    compare::Compare,
    form::{Form, Way, alike, describe, form, has_name, type_name},
    side::{Place, component},
    spot::Spot,
    view::{Peeled, view},
    words::code,
};

impl<'d> Compare<'d> {
    /// Compares the names of two types; tells whether it makes sense to
    /// compare what is inside.
    pub(super) fn identity(
        &mut self,
        old: &Peeled<'d>,
        new: &Peeled<'d>,
        (old_at, new_at): (&Place<'d>, &Place<'d>),
        way: Way,
        spot: &Spot,
    ) -> bool {
        let views = (view(&self.old, &old.place), view(&self.new, &new.place));
        let forms = (form(&views.0, way), form(&views.1, way));
        // A type that the document does not name is named after its place.
        let name = |peeled: &Peeled<'d>, form: &Form| {
            let wanted = has_name(form).then(|| spot.wanted.clone()).flatten();
            peeled.name.clone().or(wanted)
        };
        let names = (name(old, &forms.0), name(new, &forms.1));
        let rust = |name: &Option<String>| name.as_deref().map(type_name);
        if (old.name.is_none() && new.name.is_none()) || rust(&names.0) == rust(&names.1) {
            if let (Some(was), Some(is)) = (&old.component, &new.component) {
                self.respelled(was, is);
            }
            return true;
        }
        let alike = alike((&self.old, &views.0), (&self.new, &views.1), way);
        let words = (describe(&self.old, old, way), describe(&self.new, new, way));
        let values = (Some(words.0.clone().into()), Some(words.1.clone().into()));
        if let (Some(was), Some(is)) = (&old.component, &new.component)
            && alike
            && self.replaced(was, is)
        {
            let text = format!(
                "The type {} is called {} now.",
                code(&words.0),
                code(&words.1)
            );
            self.note_renamed(was, is);
            let spot = Spot::schema(&words.1, spot.way);
            let sides = (Some(was), Some(is));
            self.row(
                Class::Breaking,
                Kind::SchemaRenamed,
                &spot,
                sides,
                values,
                text,
            );
            return true;
        }
        let sides = (Some(old_at), Some(new_at));
        let schemas = match (&old.component, &new.component) {
            (Some(was), Some(is)) => was.at != is.at,
            _ => false,
        };
        if alike && has_name(&forms.0) && !schemas {
            let told = |name: &Option<String>| match name {
                Some(name) => format!("called {}", code(&type_name(name))),
                None => "named after its place".to_owned(),
            };
            let text = format!(
                "The type of {} was {} and is {} now.",
                spot.told_inside(),
                told(&names.0),
                told(&names.1)
            );
            self.row(
                Class::Breaking,
                Kind::TypeRenamed,
                spot,
                sides,
                values,
                text,
            );
            return true;
        }
        let text = format!(
            "{} was {} and is {} now.",
            spot.told(),
            code(&words.0),
            code(&words.1)
        );
        self.row(
            Class::Breaking,
            Kind::TypeChanged,
            spot,
            sides,
            values,
            text,
        );
        false
    }

    /// Tells of a named schema whose other name gives the same Rust type.
    fn respelled(&mut self, was: &Place<'d>, is: &Place<'d>) {
        if was.at != is.at && self.replaced(was, is) {
            let (old, new) = self.note_renamed(was, is);
            let text = format!(
                "The schema {} is spelled {} now; its type keeps its name.",
                code(&old),
                code(&new)
            );
            let values = (Some(old.into()), Some(new.clone().into()));
            let spot = Spot::schema(&new, None);
            let sides = (Some(was), Some(is));
            self.row(
                Class::Cosmetic,
                Kind::SchemaRenamed,
                &spot,
                sides,
                values,
                text,
            );
        }
    }

    fn note_renamed(&mut self, was: &Place<'d>, is: &Place<'d>) -> (String, String) {
        let names = (
            component(&was.at).unwrap_or_default(),
            component(&is.at).unwrap_or_default(),
        );
        self.renamed.insert(names.clone());
        names
    }

    /// Whether one named schema came in the place of another.
    pub(super) fn replaced(&self, was: &Place<'d>, is: &Place<'d>) -> bool {
        let gone = component(&was.at).is_some_and(|n| self.new.schema(&n).is_none());
        let fresh = component(&is.at).is_some_and(|n| self.old.schema(&n).is_none());
        gone && fresh
    }
}
