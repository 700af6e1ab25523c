//! Calls of commands with what the API requires, from the examples of the document.

use openapi_prep::{
    Error,
    api::{BodyContent, Location, Operation},
};
use serde_json::{Map, Value, json};

use super::{
    Command, Input,
    body::{Body, JsonBody},
    flags::{Flag, FlagType, Source},
    ids::{self, text},
    schemas,
};
use crate::codegen::{mock::synth::synthesise, resolve::Resolver};

/// The overlay's hint of the body that examples have, in place of the document's.
const EXAMPLE: &str = "x-command-example";

/// Stands for a file that exists.
pub(super) const FILE: &str = "recording.mp4";

/// A call of a command.
pub(super) struct Call {
    /// The values of the arguments.
    pub(super) arguments: Vec<String>,
    /// The options that it needs.
    pub(super) options: Vec<String>,
}

/// Whole command lines: a call, and one that waits for the job that it starts.
pub(super) fn lines(input: &Input<'_>, command: &Command<'_>) -> Result<Vec<String>, Error> {
    let call = call(input, command)?;
    let mut line = format!("heygen {}", command.named.words.join(" "));
    for word in call.arguments.iter().chain(&call.options) {
        line.extend([" ", &quoted(word)]);
    }
    let mut lines = vec![line];
    if command.job.is_some() {
        lines.push(format!("{} --wait", lines[0]));
    }
    if command.is_paged() {
        lines.push(format!("{} --all", lines[0]));
    }
    Ok(lines)
}

/// A call with what the API requires.
pub(super) fn call(input: &Input<'_>, command: &Command<'_>) -> Result<Call, Error> {
    let operation = command.operation;
    let arguments = operation.parameters_in(Location::Path).into_iter();
    let arguments = arguments.map(|parameter| ids::of_path(input.api, operation, parameter));
    let mut options = Vec::new();
    let of_body = match &command.body {
        Body::Json(body) => values(input, operation, body)?,
        _ => Map::new(),
    };
    for flag in &command.flags {
        let value = match flag.source {
            Source::Query => {
                let parameters = operation.parameters_in(Location::Query).into_iter();
                let mut own = parameters.filter(|parameter| parameter.name == flag.wire);
                let example = own.find_map(|it| it.annotations.examples.first());
                flag.required
                    .then(|| example.cloned().unwrap_or_else(|| made(flag)))
            }
            Source::Body => of_body.get(&flag.wire).cloned(),
            Source::File => flag.required.then(|| json!(FILE)),
            Source::Part => flag.required.then(|| made(flag)),
        };
        if let Some(value) = value {
            options.extend(option(flag, &value));
        }
    }
    let is_flag = |name: &str| command.flags.iter().any(|flag| flag.wire == name);
    let data: Map<String, Value> = of_body
        .into_iter()
        .filter(|(name, _)| !is_flag(name))
        .collect();
    if !data.is_empty() {
        options.extend(["-d".to_owned(), Value::Object(data).to_string()]);
    }
    Ok(Call {
        arguments: arguments.collect(),
        options,
    })
}

/// The properties of a body with what the API requires: those of the document's
/// example, or one of them where nothing is required.
fn values(
    input: &Input<'_>,
    operation: &Operation,
    body: &JsonBody,
) -> Result<Map<String, Value>, Error> {
    let given = operation.body.as_ref();
    let example = given.and_then(|body| body.annotations.examples.first());
    let example = operation.extensions.get(EXAMPLE).or(example);
    let mut example = example
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    // Which other properties a kind needs is not always in the schema.
    if body.tag.is_none() {
        let first = example.keys().next().cloned();
        let first = first.filter(|_| body.needs.is_empty());
        example.retain(|name, _| body.needs.contains(name) || first.as_ref() == Some(name));
    }
    // One of a batch is enough.
    for value in example.values_mut() {
        if let Value::Array(items) = value
            && items.first().is_some_and(Value::is_object)
        {
            items.truncate(1);
        }
    }
    if !given.is_some_and(|body| matches!(body.content, BodyContent::Json(_))) {
        return Ok(example);
    }
    let is_missing = |example: &Map<_, _>, need: &&String| !example.contains_key(*need);
    if body.needs.iter().any(|need| is_missing(&example, &need)) {
        // A new operation may have no example.
        let document = Resolver::new(input.corrected.as_value());
        let schema = schemas::body(document, &operation.path, &operation.method);
        let mut made = schema.map(|schema| synthesise(document, schema));
        let made = made.as_mut().and_then(Value::as_object_mut);
        for (name, value) in made.into_iter().flat_map(std::mem::take) {
            if body.tag.is_some() || body.needs.contains(&name) {
                example.entry(name).or_insert(value);
            }
        }
    }
    if let Some(need) = body.needs.iter().find(|need| is_missing(&example, need)) {
        let message = format!(
            "no call of `{}` can be written: the example of the body lacks `{need}`",
            operation.title()
        );
        let remedy = format!("give the body an example in the {} document", input.module);
        return Err(Error::new(message).remedy(remedy));
    }
    Ok(example)
}

/// A value that an option takes.
fn made(flag: &Flag) -> Value {
    if let Some(value) = flag.values.first() {
        return json!(value);
    }
    match flag.ty {
        FlagType::Integer | FlagType::Number => json!(flag.bounds.minimum.unwrap_or(1.0)),
        FlagType::Boolean => json!(true),
        FlagType::String | FlagType::Strings => json!(flag.wire),
    }
}

/// An option with its value.
fn option(flag: &Flag, value: &Value) -> Vec<String> {
    let name = format!("--{}", flag.name);
    match value {
        Value::Bool(true) => vec![name],
        Value::Bool(false) => vec![format!("{name}=false")],
        other => vec![name, text(other)],
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,=@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}
