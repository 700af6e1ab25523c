//! The names that operations have, kept beside the names of types: an operation
//! that got a name keeps it, whatever the rule would give it later.

use std::collections::BTreeMap;

use openapi_prep::Error;
use serde_json::{Map, Value, json};

use super::named::Named;

/// The keys of the ledger file that are not names of types.
const METHODS: &str = "methods";
const QUERIES: &str = "queries";
const COMMANDS: &str = "commands";

/// The names of operations, by method and path: `GET /v3/voices`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    /// The handles and the method: `voices.list`.
    methods: BTreeMap<String, String>,
    /// The struct of the query: `ListVoices`.
    queries: BTreeMap<String, String>,
    /// The words of the command: `voice list`.
    commands: BTreeMap<String, String>,
}

impl Ledger {
    /// Takes the names of operations out of a ledger file, and leaves those of
    /// types.
    pub(in crate::codegen) fn take_from(file: &mut Value) -> Result<Self, Error> {
        let mut take = |key: &str| {
            let entries = file.as_object_mut().and_then(|file| file.shift_remove(key));
            let Some(Value::Object(entries)) = entries else {
                return match entries {
                    None => Ok(BTreeMap::new()),
                    Some(_) => {
                        Err(Error::new("names of operations are an object").at(format!("/{key}")))
                    }
                };
            };
            let entries = entries.into_iter();
            let names = entries.map(|(operation, name)| match name {
                Value::String(name) => Ok((operation, name)),
                _ => Err(
                    Error::new(format!("the name of {operation} is not a string"))
                        .at(format!("/{key}")),
                ),
            });
            names.collect()
        };
        Ok(Self {
            methods: take(METHODS)?,
            queries: take(QUERIES)?,
            commands: take(COMMANDS)?,
        })
    }

    /// Puts the names of operations before those of types.
    pub(in crate::codegen) fn put_into(&self, types: Value) -> Value {
        let mut file = Map::new();
        for (key, names) in [
            (METHODS, &self.methods),
            (QUERIES, &self.queries),
            (COMMANDS, &self.commands),
        ] {
            if !names.is_empty() {
                file.insert(key.to_owned(), json!(names));
            }
        }
        if let Value::Object(types) = types {
            file.extend(types);
        }
        Value::Object(file)
    }

    /// The handles and the method of an operation.
    pub(in crate::codegen) fn method(&self, operation: &str) -> Option<(Vec<String>, String)> {
        let names = self.methods.get(operation)?;
        let mut names: Vec<String> = names.split('.').map(str::to_owned).collect();
        let method = names.pop()?;
        Some((names, method))
    }

    /// The struct of an operation's query.
    pub(super) fn query(&self, operation: &str) -> Option<&str> {
        self.queries.get(operation).map(String::as_str)
    }

    /// The words of an operation's command.
    pub(in crate::codegen) fn command(&self, operation: &str) -> Option<&str> {
        self.commands.get(operation).map(String::as_str)
    }

    /// Keeps these words of commands, and forgets those of operations that are gone.
    pub(in crate::codegen) fn keep_commands(&mut self, commands: BTreeMap<String, String>) {
        self.commands = commands;
    }

    /// Keeps these names, and forgets those of operations that are gone.
    pub(super) fn keep(&mut self, all: &[Named<'_>]) {
        let methods = all.iter().map(|named| {
            let names = named.resource.iter().chain([&named.method]);
            let names: Vec<&str> = names.map(String::as_str).collect();
            (named.operation.title(), names.join("."))
        });
        self.methods = methods.collect();
        let queries = all
            .iter()
            .filter_map(|named| Some((named.operation.title(), named.query.clone()?)));
        self.queries = queries.collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_operations_are_apart_from_those_of_types() {
        let file = json!({
            "methods": {"GET /v3/voices": "voices.list"},
            "queries": {"GET /v3/voices": "ListVoices"},
            "commands": {"GET /v3/voices": "voice list"},
            "#Voice": "Voice",
        });
        let mut types = file.clone();
        let ledger = Ledger::take_from(&mut types).unwrap();
        assert_eq!(types, json!({"#Voice": "Voice"}));
        let (resource, method) = ledger.method("GET /v3/voices").unwrap();
        assert_eq!(
            (resource, method.as_str()),
            (vec!["voices".to_owned()], "list")
        );
        assert_eq!(ledger.query("GET /v3/voices"), Some("ListVoices"));
        assert_eq!(ledger.command("GET /v3/voices"), Some("voice list"));
        assert_eq!(ledger.put_into(types), file);
    }

    #[test]
    fn malformed_ledger_is_refused() {
        for file in [json!({"methods": []}), json!({"queries": {"GET /a": 1}})] {
            assert!(Ledger::take_from(&mut file.clone()).is_err(), "{file}");
        }
    }
}
