//! Options of commands: which parameters and properties are one, and what is allowed.

use openapi_prep::{
    Error,
    api::{
        Annotations, Api, BaseType, Field, Location, Operation, Parameter, Shape, Style, TypeRef,
    },
};
use serde_json::Value;

use super::{Input, names::kebab, text::description};
use crate::codegen::jobs::path::resolved;

/// The vendor's hint of a value that is sent where none is given.
const SENT_DEFAULT: &str = "x-cli-default";

/// The vendor's hint of a property that is no flag where it is false.
const VISIBLE: &str = "x-cli-visible";

/// Options that commands have besides.
const TAKEN: [&str; 18] = [
    "all",
    "base-url",
    "data",
    "dry-run",
    "force",
    "headers",
    "help",
    "human",
    "idempotency-key",
    "jsonl",
    "max-retries",
    "mock",
    "request-schema",
    "request-timeout",
    "response-schema",
    "timeout",
    "version",
    "wait",
];

/// An option.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flag {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) source: Source,
    pub(super) ty: FlagType,
    pub(super) required: bool,
    /// What the API takes where it is left out.
    pub(super) default: Option<String>,
    /// Whether the default is sent where it is left out.
    pub(super) sends_default: bool,
    pub(super) values: Vec<String>,
    pub(super) bounds: Bounds,
    /// In Markdown.
    pub(super) help: String,
}

/// Where the value of an option goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Query,
    Body,
    File,
    Part,
}

/// What an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlagType {
    String,
    Integer,
    Number,
    Boolean,
    Strings,
}

/// What numbers are allowed, by keyword of JSON Schema.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Bounds {
    pub(super) minimum: Option<f64>,
    pub(super) exclusive_minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) exclusive_maximum: Option<f64>,
}

/// The options of the query, in the order of the document.
pub(super) fn of_query(input: &Input<'_>, operation: &Operation) -> Result<Vec<Flag>, Error> {
    let mut flags = Vec::new();
    for parameter in operation.parameters_in(Location::Query) {
        let Some(flag) = of_parameter(input, parameter) else {
            let message = format!("the parameter `{}` cannot be an option", parameter.name);
            return Err(Error::new(message).at(&parameter.pointer));
        };
        flags.push(flag);
    }
    Ok(flags)
}

fn of_parameter(input: &Input<'_>, parameter: &Parameter) -> Option<Flag> {
    let value = Described {
        ty: &parameter.ty,
        annotations: &parameter.annotations,
        pointer: &parameter.pointer,
    };
    let mut flag = flag(input, &parameter.name, value)?;
    flag.source = Source::Query;
    flag.required = parameter.required;
    // Joined in one value, which is sent as it was written.
    if parameter.style != Style::Plain {
        flag.ty = FlagType::String;
        flag.values.clear();
    }
    Some(flag)
}

/// The option of a property, unless only `--data` can set it.
pub(super) fn of_field(input: &Input<'_>, field: &Field) -> Option<Flag> {
    let value = Described {
        ty: &field.ty,
        annotations: &field.annotations,
        pointer: &field.pointer,
    };
    let mut flag = flag(input, &field.name, value)?;
    flag.required = field.required;
    Some(flag)
}

/// A value, and what the document says of it.
#[derive(Clone, Copy)]
struct Described<'a> {
    ty: &'a TypeRef,
    annotations: &'a Annotations,
    pointer: &'a str,
}

fn flag(input: &Input<'_>, name: &str, value: Described<'_>) -> Option<Flag> {
    let Described {
        ty,
        annotations,
        pointer,
    } = value;
    let (flag_type, mut values) = simple(input.api, ty)?;
    let document = input.corrected.as_value();
    let at = document.pointer(pointer);
    let hint = |key: &str| at.and_then(|at| at.get(key).or_else(|| at.get("schema")?.get(key)));
    if hint(VISIBLE) == Some(&Value::Bool(false)) {
        return None;
    }
    let constraints = constraints(input.api, ty, annotations);
    let number = |key: &str| constraints.iter().find_map(|all| all.get(key)?.as_f64());
    if values.is_empty()
        && let Some(Value::Array(all)) = constraints.iter().find_map(|all| all.get("enum"))
    {
        values = all
            .iter()
            .filter(|value| !value.is_null())
            .map(shown)
            .collect();
    }
    let mut help = description(document, pointer).trim().to_owned();
    if annotations.deprecated && !help.to_lowercase().contains("deprecated") {
        help.push_str(match help.as_str() {
            "" => "Deprecated",
            help if help.ends_with('.') => " Deprecated",
            _ => ". Deprecated",
        });
    }
    let named = || input.api.resolve(ty)?.annotations.default.as_ref();
    let sent = hint(SENT_DEFAULT);
    let default = sent.or(annotations.default.as_ref()).or_else(named);
    Some(Flag {
        name: kebab(name),
        wire: name.to_owned(),
        source: Source::Body,
        ty: flag_type,
        required: false,
        default: default
            .filter(|value| !value.is_null())
            .map(|value| default_of(flag_type, value)),
        sends_default: sent.is_some(),
        values,
        bounds: Bounds {
            minimum: number("minimum"),
            exclusive_minimum: number("exclusiveMinimum"),
            maximum: number("maximum"),
            exclusive_maximum: number("exclusiveMaximum"),
        },
        help,
    })
}

/// What an option of a type takes, with the values that are listed; none for what
/// has parts.
fn simple(api: &Api, ty: &TypeRef) -> Option<(FlagType, Vec<String>)> {
    let ty = resolved(api, ty);
    Some(match &ty.base {
        BaseType::Boolean => (FlagType::Boolean, Vec::new()),
        BaseType::Integer(_) => (FlagType::Integer, Vec::new()),
        BaseType::Number(_) => (FlagType::Number, Vec::new()),
        BaseType::String => (FlagType::String, Vec::new()),
        BaseType::Named(_) => match &api.resolve(&ty)?.shape {
            Shape::Enum { values, .. } => {
                let values = values.iter().map(|value| value.value.clone());
                (FlagType::String, values.collect())
            }
            Shape::Integer { constants, .. } => {
                let values = constants.iter().map(|value| value.value.to_string());
                (FlagType::Integer, values.collect())
            }
            _ => return None,
        },
        BaseType::List(item) => match simple(api, item)? {
            (FlagType::String, values) => (FlagType::Strings, values),
            _ => return None,
        },
        _ => return None,
    })
}

/// The constraints of a value, its own first, then those of the types it is of.
fn constraints<'a>(
    api: &'a Api,
    ty: &'a TypeRef,
    own: &'a Annotations,
) -> Vec<&'a serde_json::Map<String, Value>> {
    let mut all = vec![&own.constraints];
    let mut ty = Some(ty);
    while let Some(named) = ty.and_then(|ty| api.resolve(ty)) {
        all.push(&named.annotations.constraints);
        ty = match &named.shape {
            Shape::Alias(inner) => Some(inner),
            _ => None,
        };
    }
    all
}

/// A value as one would write it for an option.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// A default of an option; that of an integer may be a decimal in the document.
fn default_of(ty: FlagType, value: &Value) -> String {
    let text = shown(value);
    let whole = text.strip_suffix(".0").filter(|_| ty == FlagType::Integer);
    whole.unwrap_or(&text).to_owned()
}

/// Whether all options have names of their own.
///
/// # Errors
///
/// Where two have the same name, or one has that of an option of all commands.
pub(super) fn check(flags: &[Flag]) -> Result<(), Error> {
    for (at, flag) in flags.iter().enumerate() {
        let is_second = flags[..at].iter().any(|other| other.name == flag.name);
        if is_second || TAKEN.contains(&flag.name.as_str()) || flag.name.len() == 1 {
            let message = format!("the option `--{}` of `{}` is taken", flag.name, flag.wire);
            let remedy =
                format!("set `{VISIBLE}: false` on the property by an action in overlay.yaml");
            return Err(Error::new(message).remedy(remedy));
        }
    }
    Ok(())
}
