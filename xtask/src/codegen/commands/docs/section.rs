//! The sections of groups and of commands.

use openapi_prep::api::Operation;
use serde_json::Value;

use super::super::{
    Command, Download, JobId,
    body::{Body, JsonBody},
    flags::{Bounds, Flag, FlagType, Source},
    groups::Group,
};
use crate::codegen::{
    page::{code, table, text},
    resources::pages::Paging,
};

/// A cell has no more values than this; more are listed below the table.
const VALUES: usize = 6;

/// The words of a section and its text.
type Section = (Vec<String>, String);

/// The groups that are named by one word.
pub(super) fn groups(groups: &[Group]) -> impl Iterator<Item = Section> {
    let groups = groups.iter();
    let groups = groups.filter(|group| group.words.len() == 1 && !group.hidden);
    groups.map(|group| (group.words.clone(), format!("{}.\n", text(&group.about))))
}

/// The commands of operations, and the further words that some have.
pub(super) fn commands(commands: &[Command<'_>]) -> impl Iterator<Item = Section> {
    commands.iter().flat_map(|command| {
        let aliases = command.named.aliases.iter().filter(|alias| !alias.hidden);
        let aliases = aliases.map(|alias| {
            let words = command.named.words.join(" ");
            let anchor = words.replace(' ', "-");
            let text = format!("The same as [`heygen {words}`](#heygen-{anchor}).\n");
            (alias.words.clone(), text)
        });
        let own = (command.named.words.clone(), of_command(command));
        aliases.chain([own])
    })
}

/// The commands that store files.
pub(super) fn downloads(downloads: &[Download]) -> impl Iterator<Item = Section> {
    downloads.iter().map(|download| {
        let files = download.files.iter().enumerate().map(|(at, file)| {
            let default = if at == 0 { " (default)" } else { "" };
            vec![
                format!("{}{default}", code(&file.name)),
                some(file.extension, |extension| code(&format!(".{extension}"))),
            ]
        });
        let files = table(&["`--asset`", "Extension"], &files.collect::<Vec<_>>());
        let words = download.words.join(" ");
        let body = format!(
            "{}. See [Downloads](#downloads).\n\n```text\nheygen {words} <{}> [options]\n```\n\n{files}",
            text(&download.about),
            download.argument,
        );
        (download.words.clone(), body)
    })
}

fn of_command(command: &Command<'_>) -> String {
    let operation = command.operation;
    let mut out = format!("{}. {}\n\n", text(&command.about), code(&operation.title()));
    if let Some(about) = &operation.description {
        out.extend([about.trim(), "\n\n"]);
    }
    let synopsis = usage(command);
    out.push_str(&synopsis);
    let arguments = command.arguments.iter();
    let arguments = arguments.map(|it| vec![code(&format!("<{}>", it.name)), help(it.help)]);
    out.push_str(&table(
        &["Argument", "Meaning"],
        &arguments.collect::<Vec<_>>(),
    ));
    out.push_str(&flags(&command.flags));
    if let Body::Json(body) = &command.body {
        out.push_str(&data(body, &command.flags));
    }
    for fact in facts(command) {
        out.extend([format!("- {fact}\n")]);
    }
    // A command that takes nothing has said it all.
    let says_more = |line: &&String| !synopsis.contains(&format!("\n{line}\n"));
    if let Some(example) = command.examples.first().filter(says_more) {
        out.extend([format!("\n```sh\n{example}\n```\n")]);
    }
    out
}

/// The synopsis.
fn usage(command: &Command<'_>) -> String {
    let mut line = format!("heygen {}", command.named.words.join(" "));
    for argument in &command.arguments {
        line.extend([format!(" <{}>", argument.name)]);
    }
    for flag in command.flags.iter().filter(|flag| flag.required) {
        line.extend([format!(" --{} <{}>", flag.name, placeholder(flag))]);
    }
    let lacks_flag = |need: &String| !command.flags.iter().any(|flag| flag.wire == *need);
    if let Body::Json(body) = &command.body
        && body.needs.iter().any(lacks_flag)
    {
        line.push_str(" -d <json>");
    }
    let has_more = command.flags.iter().any(|flag| !flag.required);
    let more = if has_more { " [options]" } else { "" };
    format!("```text\n{line}{more}\n```\n\n")
}

fn placeholder(flag: &Flag) -> &'static str {
    match flag.ty {
        _ if flag.source == Source::File => "file",
        FlagType::String => "text",
        FlagType::Integer => "integer",
        FlagType::Number => "number",
        FlagType::Boolean => "boolean",
        FlagType::Strings => "list",
    }
}

/// The options of a command, and the values of those that have many.
fn flags(flags: &[Flag]) -> String {
    let rows = flags.iter().map(|flag| {
        vec![
            code(&format!("--{}", flag.name)),
            placeholder(flag).to_owned(),
            some(if flag.required { "yes" } else { "" }, str::to_owned),
            flag.default.as_deref().map(code).unwrap_or_default(),
            allowed(flag),
            help(&flag.help),
        ]
    });
    let titles = [
        "Option", "Type", "Required", "Default", "Allowed", "Meaning",
    ];
    let mut out = table(&titles, &rows.collect::<Vec<_>>());
    for flag in flags.iter().filter(|flag| flag.values.len() > VALUES) {
        out.extend([format!(
            "`--{}` takes {}.\n\n",
            flag.name,
            list(&flag.values)
        )]);
    }
    out
}

/// The values and bounds of an option.
fn allowed(flag: &Flag) -> String {
    match flag.values.len() {
        0 => bounds(flag.bounds),
        count if count > VALUES => "see below".to_owned(),
        _ => list(&flag.values),
    }
}

fn bounds(bounds: Bounds) -> String {
    let least = bounds.minimum.map(|least| format!("at least {least}"));
    let above = bounds
        .exclusive_minimum
        .map(|least| format!("above {least}"));
    let most = bounds.maximum.map(|most| format!("at most {most}"));
    let below = bounds.exclusive_maximum.map(|most| format!("below {most}"));
    match (bounds.minimum, bounds.maximum) {
        (Some(least), Some(most)) if above.is_none() && below.is_none() => {
            format!("{least} to {most}")
        }
        _ => {
            let all = [least, above, most, below].into_iter().flatten();
            all.collect::<Vec<_>>().join(", ")
        }
    }
}

/// What only `--data` can say.
fn data(body: &JsonBody, flags: &[Flag]) -> String {
    let needs = body
        .needs
        .iter()
        .filter(|need| !flags.iter().any(|flag| flag.wire == **need));
    let needs: Vec<String> = needs.cloned().collect();
    let others = body.data_only.iter().filter(|name| !needs.contains(name));
    let others: Vec<String> = others.cloned().collect();
    let mut out = String::new();
    if !needs.is_empty() {
        out.extend([format!(
            "Required in [`--data`](#bodies): {}.\n\n",
            list(&needs)
        )]);
    }
    if let Some(tag) = &body.tag {
        let kinds = tag.kinds.iter();
        let kinds = kinds.map(|(value, needs)| vec![code(value), list(needs)]);
        let title = code(&tag.name);
        out.push_str(&table(
            &[&*title, "Also required"],
            &kinds.collect::<Vec<_>>(),
        ));
    }
    if !others.is_empty() {
        out.extend([format!("By `--data` only: {}.\n\n", list(&others))]);
    }
    out
}

/// What else there is to know of a command, a line each.
fn facts(command: &Command<'_>) -> Vec<String> {
    let operation = command.operation;
    let mut facts = Vec::new();
    if operation.deprecated {
        facts.push(deprecation(operation));
    }
    match &command.job {
        Some((_, JobId::Argument)) => {
            facts.push("[`--wait`](#waiting) waits for the end of the job.".to_owned());
        }
        Some((_, JobId::Response(_))) => facts.push(
            "Starts a job: [`--wait`](#waiting) waits for its end and prints the result."
                .to_owned(),
        ),
        None => {}
    }
    // A malformed hint is an error where the resources are made.
    if let Ok(Some(_)) = Paging::of(operation) {
        facts.push("Lists in pages: [`--all` or `--jsonl`](#lists) print all of them.".to_owned());
    }
    if operation.method == "DELETE" {
        facts.push("Asks first, unless [`--force`](#deletions) is set.".to_owned());
    }
    if operation.extensions.get("x-bills") == Some(&Value::Bool(true)) {
        facts.push("Can be billed.".to_owned());
    }
    let scopes: Vec<String> = command
        .scopes
        .iter()
        .map(|&scope| scope.to_owned())
        .collect();
    match scopes.len() {
        0 => {}
        1 => facts.push(format!("The key needs the scope {}.", list(&scopes))),
        _ => facts.push(format!("The key needs the scopes {}.", list(&scopes))),
    }
    let hidden = command.named.aliases.iter().filter(|alias| alias.hidden);
    facts.extend(hidden.map(|alias| {
        let words = alias.words.join(" ");
        format!("Its old name, `{words}`, still works.")
    }));
    facts
}

fn deprecation(operation: &Operation) -> String {
    let hint = |key: &str| operation.extensions.get(key).and_then(Value::as_str);
    let mut out = "Deprecated".to_owned();
    if let Some(date) = hint("x-sunset") {
        out.extend([format!(": the API serves it until {date}")]);
    }
    if let Some(successor) = hint("x-successor") {
        out.extend([format!("; its successor is {}", code(successor))]);
    }
    out + ". See [From v2 to v3](migrating-from-v2.md)."
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| code(value)).collect();
    values.join(", ")
}

/// A text of the document that ends without a full stop, as labels do.
fn help(markdown: &str) -> String {
    text(markdown.trim_end_matches('.'))
}

/// A cell of a text that may be empty.
fn some(text: &str, show: impl Fn(&str) -> String) -> String {
    if text.is_empty() {
        String::new()
    } else {
        show(text)
    }
}
