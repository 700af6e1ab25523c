//! What each rule did to one node of a document.

use std::{collections::BTreeMap, mem};

use serde_json::Value;

use crate::{Report, report::RuleName};

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
    pub(crate) fn after(&mut self, (stage, rule): RuleName, document: &Value, report: &Report) {
        let locations = report.locations(&self.origin).into_iter();
        let now = locations.filter_map(|at| Some((document.pointer(&at)?.clone(), at)));
        let now = now.map(|(node, at)| (at, node)).collect();
        let before = mem::replace(&mut self.nodes, now);
        let gone = before.keys().filter(|at| !self.nodes.contains_key(*at));
        let gone = gone.map(|at| (at.clone(), None));
        let nodes = self.nodes.iter();
        let changed = nodes.filter(|(at, node)| before.get(*at) != Some(node));
        let changed = changed.map(|(at, node)| (at.clone(), Some(node.clone())));
        self.steps
            .extend(gone.chain(changed).map(|(pointer, node)| TraceStep {
                stage,
                rule,
                pointer,
                node,
            }));
    }
}
