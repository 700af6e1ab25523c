//! What each rule did to one node of a document.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
};

use serde_json::Value;

use crate::Report;

/// A change of the node that is traced; the first is the node as given.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TraceStep {
    /// The stage, or `given`.
    pub stage: &'static str,
    /// The name of the rule, as in the stage's list of rules.
    pub rule: &'static str,
    /// Where the node is now, as a JSON pointer.
    pub pointer: String,
    /// The node after the rule; none where the rule removed it.
    pub node: Option<Value>,
}

/// Follows a node of the document as given, wherever rules move it.
#[derive(Debug)]
pub(crate) struct Trace {
    /// Where the node was at first.
    origin: String,
    /// The node as last seen, at each of its locations: a schema may be copied.
    nodes: BTreeMap<String, Value>,
    pub(crate) steps: Vec<TraceStep>,
}

impl Trace {
    pub(crate) fn new(origin: &str, document: &Value) -> Self {
        let mut trace = Self {
            origin: origin.to_owned(),
            nodes: BTreeMap::new(),
            steps: Vec::new(),
        };
        trace.after(("given", "document"), document, &Report::new());
        trace
    }

    /// Compares the node after a rule.
    pub(crate) fn after(
        &mut self,
        (stage, rule): (&'static str, &'static str),
        document: &Value,
        report: &Report,
    ) {
        let locations = report.locations(&self.origin).into_iter();
        let now = locations.filter_map(|at| {
            let node = document.pointer(&at)?.clone();
            Some((at, node))
        });
        let before = mem::replace(&mut self.nodes, now.collect());
        let locations: BTreeSet<_> = before.keys().chain(self.nodes.keys()).collect();
        for at in locations {
            let node = self.nodes.get(at).cloned();
            if node.as_ref() != before.get(at) {
                let pointer = at.clone();
                self.steps.push(TraceStep {
                    stage,
                    rule,
                    pointer,
                    node,
                });
            }
        }
    }
}
