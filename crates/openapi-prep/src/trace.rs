//! What each rule did to one node of a document.

use std::{collections::BTreeMap, mem};

use serde_json::Value;

use crate::{Pointer, Report};

/// A change of the node that is traced; the first is the node as given.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TraceStep {
    /// The stage, or `given`.
    pub stage: &'static str,
    /// The name of the rule, as in the stage's list of rules. Several rules that
    /// share a walk and changed what is inside the node are joined by commas.
    pub rule: String,
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
    stage: &'static str,
    /// The node as last seen, at each of its locations: a schema may be copied.
    nodes: BTreeMap<String, Value>,
    /// Rules of this walk that changed something inside the node.
    inside: Vec<&'static str>,
    /// The rule that last changed the node in this walk.
    last: &'static str,
    steps: Vec<TraceStep>,
}

impl Trace {
    pub(crate) fn new(origin: &str, document: &Value) -> Self {
        let node = document.pointer(origin).cloned();
        let given = TraceStep {
            stage: "given",
            rule: "document".into(),
            pointer: origin.to_owned(),
            node: node.clone(),
        };
        Self {
            origin: origin.to_owned(),
            stage: "",
            nodes: node.map(|n| (origin.to_owned(), n)).into_iter().collect(),
            inside: Vec::new(),
            last: "",
            steps: vec![given],
        }
    }

    /// Notes which stage runs from now on.
    pub(crate) fn enter(&mut self, stage: &'static str) {
        self.stage = stage;
    }

    pub(crate) fn into_steps(self) -> Vec<TraceStep> {
        self.steps
    }

    /// Compares the node after a rule that changed the whole document.
    pub(crate) fn after(&mut self, rule: &str, document: &Value, report: &Report) {
        let now: BTreeMap<String, Value> = report
            .locations(&self.origin)
            .into_iter()
            .filter_map(|at| Some((document.pointer(&at)?.clone(), at)))
            .map(|(node, at)| (at, node))
            .collect();
        let before = mem::replace(&mut self.nodes, now);
        let gone = before.keys().filter(|at| !self.nodes.contains_key(*at));
        let gone = gone.map(|at| (at.clone(), None));
        let changed = self
            .nodes
            .iter()
            .filter(|(at, n)| before.get(*at) != Some(n));
        let changed = changed.map(|(at, node)| (at.clone(), Some(node.clone())));
        let steps = gone.chain(changed).map(|(pointer, node)| TraceStep {
            stage: self.stage,
            rule: rule.to_owned(),
            pointer,
            node,
        });
        self.steps.extend(steps);
    }

    /// Runs a rule on one schema and compares the node, if it is in the schema.
    pub(crate) fn within(
        &mut self,
        rule: &'static str,
        schema: &mut Value,
        at: &Pointer,
        change: impl FnOnce(&mut Value),
    ) {
        let below = |outer: &str, inner: &str| -> Option<String> {
            let rest = inner.strip_prefix(outer)?;
            (rest.is_empty() || rest.starts_with('/')).then(|| rest.to_owned())
        };
        let node = self
            .nodes
            .keys()
            .find_map(|location| Some((location.clone(), below(at.as_str(), location)?)));
        if let Some((location, rest)) = node {
            // What rules of this walk did inside the node, before they came to it.
            if !self.inside.is_empty() && schema.pointer(&rest) != self.nodes.get(&location) {
                let rules = mem::take(&mut self.inside).join(", ");
                self.record(&rules, &location, schema.pointer(&rest));
            }
            change(schema);
            if schema.pointer(&rest) != self.nodes.get(&location) {
                self.last = rule;
                self.record(rule, &location, schema.pointer(&rest));
            }
        } else if self
            .nodes
            .keys()
            .any(|location| below(location, at.as_str()).is_some())
        {
            let before = schema.clone();
            change(schema);
            if *schema != before && !self.inside.contains(&rule) {
                self.inside.push(rule);
            }
        } else {
            change(schema);
        }
    }

    /// Compares the node at one of its locations.
    fn record(&mut self, rule: &str, location: &str, node: Option<&Value>) {
        match node {
            Some(node) => self.nodes.insert(location.to_owned(), node.clone()),
            None => self.nodes.remove(location),
        };
        self.steps.push(TraceStep {
            stage: self.stage,
            rule: rule.to_owned(),
            pointer: location.to_owned(),
            node: node.cloned(),
        });
    }

    /// Compares the node after a walk whose rules changed what is inside it.
    pub(crate) fn after_walk(&mut self, document: &Value, report: &Report) {
        let mut rules = mem::take(&mut self.inside);
        if rules.is_empty() {
            rules.push(self.last);
        }
        self.after(&rules.join(", "), document, report);
    }
}
