//! Parameters, as an operation really has them: those of its path included,
//! references followed, named as the path names them.

use std::sync::LazyLock;

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{
    change::{Class, Kind},
    compare::{Compare, Null},
    form::{Form, Way, form},
    operations::Operation,
    side::{Place, Side},
    spot::Spot,
    view::{View, peel, view},
    words::code,
};

/// What a parameter holds whose schema is not told, or is a document.
static TEXT: LazyLock<Value> = LazyLock::new(|| json!({"type": "string"}));

/// A parameter that stands in the path and nowhere else.
static UNTOLD: Value = Value::Null;

/// Keys of a parameter that are compared elsewhere.
const ELSEWHERE: [&str; 8] = [
    "name",
    "in",
    "required",
    "schema",
    "content",
    "style",
    "explode",
    "allowReserved",
];

#[derive(Debug, Clone)]
struct Parameter<'d> {
    name: String,
    /// `path`, `query`, `header` or `cookie`.
    location: String,
    required: bool,
    place: Place<'d>,
    /// How a list or an object is written.
    form: (String, bool),
    /// Whether the transport sends it, so that no method takes it.
    hidden: bool,
}

/// A rule by which two parameters are the same.
type Same<'a, 'd> = &'a dyn Fn(&Parameter<'d>, &Parameter<'d>) -> bool;

impl<'d> Parameter<'d> {
    /// The schema of what a program gives: text, where the parameter is of a
    /// form that has no type of its own.
    fn schema(&self, side: &Side<'d>) -> Place<'d> {
        let text = Place {
            value: &TEXT,
            at: self.place.at.clone(),
        };
        let Some(schema) = self.place.get("schema") else {
            return text;
        };
        let of = |place: Place<'d>| view(side, &peel(side, place).place);
        let scalar = |view: &View<'d>| match form(view, Way::Request) {
            Form::Enum => true,
            Form::Scalar(kinds) => !kinds.contains(' '),
            _ => false,
        };
        let whole = of(schema.clone());
        let query = self.location == "query";
        let typed = match form(&whole, Way::Request) {
            Form::Object | Form::Map => query,
            Form::List => {
                let items = whole.items.clone().map(of);
                query && self.form == ("form".into(), true) && items.is_none_or(|i| scalar(&i))
            }
            _ => scalar(&whole),
        };
        if typed {
            return schema;
        }
        Place {
            at: schema.at,
            ..text
        }
    }

    /// The method that sets it on the builder of a call.
    fn setter(&self) -> String {
        self.name.to_snake_case()
    }

    fn same(&self, other: &Self) -> bool {
        let header = self.location == "header" && self.name.eq_ignore_ascii_case(&other.name);
        self.location == other.location && (self.name == other.name || header)
    }
}

/// The names between braces in a path, in order.
fn template(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

fn parameters<'d>(side: &Side<'d>, operation: &Operation<'d>) -> Vec<Parameter<'d>> {
    let names = template(operation.path);
    let mut found: Vec<Parameter<'d>> = Vec::new();
    // Those of the operation count where the path has them too.
    for holder in [&operation.place, &operation.item] {
        let listed = holder.get("parameters").map(|list| list.items());
        for place in listed.unwrap_or_default() {
            let Some(parameter) = read(side, side.follow(place), &names) else {
                continue;
            };
            if !found.iter().any(|known| known.same(&parameter)) {
                found.push(parameter);
            }
        }
    }
    for name in names {
        let known = |p: &Parameter<'d>| p.location == "path" && p.name == name;
        if !found.iter().any(known) {
            let place = Place {
                value: &UNTOLD,
                at: operation.place.at.clone(),
            };
            found.push(Parameter {
                name: name.to_owned(),
                location: "path".into(),
                required: true,
                place,
                form: (String::new(), false),
                hidden: false,
            });
        }
    }
    found
}

fn read<'d>(side: &Side<'d>, place: Place<'d>, template: &[&str]) -> Option<Parameter<'d>> {
    let location = place.text("in")?.to_owned();
    let path = location == "path";
    let name = place.text("name")?;
    let bare = name.trim().trim_start_matches('{').trim_end_matches('}');
    let known = template.contains(&bare);
    if path && !known {
        return None;
    }
    let name = if known { bare } else { name }.to_owned();
    let style = place.text("style").unwrap_or(match location.as_str() {
        "path" | "header" => "simple",
        _ => "form",
    });
    let explode = match place.value.get("explode") {
        Some(Value::Bool(explode)) => *explode,
        _ => style == "form",
    };
    let hidden = location == "cookie" || (location == "header" && sent_by_transport(side, &name));
    Some(Parameter {
        required: path || place.flag("required"),
        form: (style.to_owned(), explode),
        name,
        location,
        place,
        hidden,
    })
}

/// Headers that no method takes: credentials and the key of a repeated call.
fn sent_by_transport(side: &Side<'_>, name: &str) -> bool {
    let schemes = side.find(&["components", "securitySchemes"]);
    let keys = schemes.map(|schemes| schemes.entries()).unwrap_or_default();
    let mut keys = keys.iter().filter(|(_, scheme)| {
        scheme.text("type") == Some("apiKey") && scheme.text("in") == Some("header")
    });
    ["authorization", "x-api-key", "idempotency-key"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
        || keys.any(|(_, scheme)| {
            scheme
                .text("name")
                .is_some_and(|key| name.eq_ignore_ascii_case(key))
        })
}

impl<'d> Compare<'d> {
    /// Compares the parameters of an operation.
    pub(super) fn parameters(&mut self, was: &Operation<'d>, is: &Operation<'d>, spot: &Spot) {
        let mut gone = parameters(&self.old, was);
        let mut fresh = parameters(&self.new, is);
        // The same place in the path is the same parameter under any name.
        let spots = (template(was.path), template(is.path));
        let position = |names: &[&str], parameter: &Parameter<'d>| {
            let at = names.iter().position(|name| *name == parameter.name);
            at.filter(|_| parameter.location == "path" && spots.0.len() == spots.1.len())
        };
        let rules: [Same<'_, 'd>; 3] = [
            &|a, b| a.same(b),
            &|a, b| a.setter() == b.setter(),
            &|a, b| {
                let place = position(&spots.0, a);
                place.is_some() && place == position(&spots.1, b)
            },
        ];
        let mut pairs = Vec::new();
        for same in rules {
            gone.retain(|old| match fresh.iter().position(|new| same(old, new)) {
                Some(index) => {
                    pairs.push((old.clone(), fresh.remove(index)));
                    false
                }
                None => true,
            });
        }
        for (old, new) in pairs {
            self.parameter(&old, &new, spot);
        }
        for old in gone {
            let spot = spot.parameter(&old.name);
            let told = spot.told();
            let (class, text) = if old.hidden {
                let text = format!("{told} is gone; no program gives it.");
                (Class::Cosmetic, text)
            } else {
                (Class::Breaking, format!("{told} is gone."))
            };
            let sides = (Some(&old.place), None);
            let kind = Kind::ParameterRemoved;
            self.row(class, kind, &spot, sides, (None, None), text);
        }
        for new in fresh {
            let spot = spot.parameter(&new.name);
            let told = spot.told();
            let (class, text) = if new.hidden {
                let text = format!("{told} is new; no program gives it.");
                (Class::Cosmetic, text)
            } else if new.required {
                let text = format!("{told} is new, and every call must give it.");
                (Class::Breaking, text)
            } else {
                let text = format!("{told} is new; a call may give it.");
                (Class::Additive, text)
            };
            let sides = (None, Some(&new.place));
            let kind = Kind::ParameterAdded;
            self.row(class, kind, &spot, sides, (None, None), text);
        }
    }

    fn parameter(&mut self, old: &Parameter<'d>, new: &Parameter<'d>, spot: &Spot) {
        let spot = spot.parameter(&new.name);
        self.about_objects(&old.place, &new.place, &ELSEWHERE, &spot);
        if old.hidden && new.hidden {
            return;
        }
        let told = spot.told();
        let sides = (Some(&old.place), Some(&new.place));
        if old.name != new.name {
            let class = if old.setter() == new.setter() {
                Class::Additive
            } else {
                Class::Breaking
            };
            let text = format!("{told} was called {}.", code(&old.name));
            let values = (Some(old.name.clone().into()), Some(new.name.clone().into()));
            self.row(class, Kind::ParameterRenamed, &spot, sides, values, text);
        }
        if old.hidden != new.hidden {
            let (class, text) = match (new.hidden, new.required) {
                (true, _) => (
                    Class::Breaking,
                    format!("{told} is no program's to give any more; the transport sends it."),
                ),
                (false, true) => (
                    Class::Breaking,
                    format!(
                        "{told} is not sent by the transport any more: every call must give it."
                    ),
                ),
                (false, false) => (
                    Class::Additive,
                    format!("{told} is not sent by the transport any more; a call may give it."),
                ),
            };
            let values = (None, None);
            return self.row(class, Kind::ParameterMoved, &spot, sides, values, text);
        }
        if old.location != new.location {
            let values = (
                Some(old.location.clone().into()),
                Some(new.location.clone().into()),
            );
            let text = format!(
                "{told} travels in the {} now, not in the {}.",
                new.location, old.location
            );
            let kind = Kind::ParameterMoved;
            self.row(Class::Additive, kind, &spot, sides, values, text);
        }
        if old.required != new.required {
            let values = (Some(old.required.into()), Some(new.required.into()));
            let (class, kind, text) = if new.required {
                (
                    Class::Breaking,
                    Kind::ParameterBecameRequired,
                    format!("{told} must be given in every call now."),
                )
            } else {
                (
                    Class::Additive,
                    Kind::ParameterBecameOptional,
                    format!("{told} may be left out now."),
                )
            };
            self.row(class, kind, &spot, sides, values, text);
        }
        self.written(old, new, &spot);
        let (was, is) = (old.schema(&self.old), new.schema(&self.new));
        self.slot(was, is, Null::Hidden, &spot);
    }

    /// Compares how lists and objects are written.
    fn written(&mut self, old: &Parameter<'d>, new: &Parameter<'d>, spot: &Spot) {
        if old.form == new.form || old.location != new.location {
            return;
        }
        // An object is sent as one parameter for each field, and a deep one
        // has its own name in front of theirs.
        let deep = |parameter: &Parameter<'d>| parameter.form.0 == "deepObject";
        let schema = peel(&self.new, new.schema(&self.new));
        let object = form(&view(&self.new, &schema.place), Way::Request) == Form::Object;
        let (class, words) = if object && deep(old) != deep(new) {
            (Class::Breaking, "its fields go by other names")
        } else {
            (Class::Cosmetic, "only its type would tell")
        };
        let text = format!("{} is declared in another style; {words}.", spot.told());
        let words = |(style, explode): &(String, bool)| -> Option<Value> {
            Some(json!({"style": style, "explode": explode}))
        };
        let sides = (Some(&old.place), Some(&new.place));
        let values = (words(&old.form), words(&new.form));
        self.row(class, Kind::ParameterFormChanged, spot, sides, values, text);
    }
}
