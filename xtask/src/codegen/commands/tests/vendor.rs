//! The commands of the vendor's program, which scripts know, against ours: names,
//! options, types, defaults, values, bounds, and what only `--data` can set.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    codegen::{
        commands::{
            Command, Input, JobId,
            body::Body,
            flags::{Flag, FlagType, Source},
            names, of_document,
        },
        prepare,
    },
    workspace,
};

/// What the vendor's program has.
const VENDOR: &str = include_str!("vendor.txt");

/// In what ours differs on purpose.
const DIFFERENCES: &str = include_str!("differences.txt");

#[test]
fn commands_of_the_vendor_keep_words_and_options() {
    let root = workspace::root().unwrap();
    let mut inputs = prepare::prepare(&root, "openapi/v3").unwrap();
    let api = &inputs.prepared.api;
    let names = names::assign(&inputs.corrected, api, &mut inputs.operations).unwrap();
    let input = Input {
        module: "v3",
        corrected: &inputs.corrected,
        api,
        names: &names,
    };
    let (ours, _) = of_document(&input).unwrap();
    let ours: BTreeMap<String, &Command<'_>> =
        ours.iter().map(|it| (it.operation.title(), it)).collect();
    let mut events = "";
    let (mut found, mut seen) = (BTreeSet::new(), 0);
    for line in VENDOR.lines().filter(|line| !line.starts_with('#')) {
        if let Some(values) = line.strip_prefix("EV ") {
            events = values;
            continue;
        }
        let line = line.replace("{EV}", &format!("{{{events}}}"));
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let (title, words) = (parts[0], parts[1]);
        let command = ours[title];
        assert_eq!(command.named.words.join(" "), words, "{title}");
        let mut theirs: BTreeSet<String> = parts[2].split_whitespace().flat_map(apart).collect();
        let of_data = parts[3].split_whitespace();
        theirs.extend(of_data.map(|name| format!("data:{name}")));
        let own = described(command);
        let gone = theirs.difference(&own);
        found.extend(gone.map(|it| format!("{words}: -{it}")));
        let new = own.difference(&theirs);
        found.extend(new.map(|it| format!("{words}: +{it}")));
        let (marks, body) = (parts.get(4), &command.body);
        assert_eq!(marks == Some(&"multipart"), *body == Body::Form, "{title}");
        let starts_job = matches!(command.job, Some((_, JobId::Response(_))));
        assert!(marks != Some(&"wait") || starts_job, "{title}");
        seen += 1;
    }
    assert_eq!(seen, 85);
    let listed = DIFFERENCES.lines().filter(|line| line.contains(": "));
    let listed = listed.filter(|line| !line.starts_with('#'));
    let listed: BTreeSet<String> = listed.map(str::to_owned).collect();
    let unlisted: Vec<&String> = found.difference(&listed).collect();
    let obsolete: Vec<&String> = listed.difference(&found).collect();
    assert!(
        unlisted.is_empty() && obsolete.is_empty(),
        "not in differences.txt: {unlisted:#?}, there and not found: {obsolete:#?}"
    );
}

/// An option of the list, and each of its values: their order says nothing.
fn apart(option: &str) -> Vec<String> {
    let Some((before, after)) = option.split_once('{') else {
        return vec![option.to_owned()];
    };
    let (values, after) = after.split_once('}').unwrap();
    let name = before.split([':', '!', '=']).next().unwrap();
    let values = values.split(',').map(|value| format!("{name}{{{value}}}"));
    [format!("{before}{after}")]
        .into_iter()
        .chain(values)
        .collect()
}

/// The options of a command, and what only `--data` can set, as the list has them.
fn described(command: &Command<'_>) -> BTreeSet<String> {
    let options = command.flags.iter().map(option);
    let mut all: BTreeSet<String> = options.flat_map(|option| apart(&option)).collect();
    if let Body::Json(body) = &command.body {
        if body.tag.is_some() {
            all.insert("data:oneOf".to_owned());
        } else {
            all.extend(body.data_only.iter().map(|name| {
                let needed = body.needs.contains(name);
                format!("data:{name}{}", if needed { "!" } else { "" })
            }));
        }
    }
    all
}

fn option(flag: &Flag) -> String {
    let ty = match flag.ty {
        FlagType::String => "",
        FlagType::Integer => ":i",
        FlagType::Number => ":f",
        FlagType::Boolean => ":b",
        FlagType::Strings => ":[]",
    };
    let mut text = format!("{}{ty}", flag.name);
    if flag.required {
        text.push('!');
    }
    // A default of false is that of every switch.
    let default = flag
        .default
        .as_deref()
        .filter(|default| *default != "false");
    text.extend(default.map(|default| format!("={default}")));
    if !flag.values.is_empty() {
        text.extend(["{", &flag.values.join(","), "}"]);
    }
    let bounds = flag.bounds;
    let least = bounds.minimum.map(|least| least.to_string());
    let least = least.or(bounds.exclusive_minimum.map(|least| format!(">{least}")));
    let most = bounds.maximum.map(|most| most.to_string());
    let most = most.or(bounds.exclusive_maximum.map(|most| format!("<{most}")));
    if least.is_some() || most.is_some() {
        let (least, most) = (least.unwrap_or_default(), most.unwrap_or_default());
        text.extend(["[", &least, "..", &most, "]"]);
    }
    if flag.source == Source::File {
        text.push('@');
    }
    text
}
