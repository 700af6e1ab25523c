//! Stages as data: the rules of each in order, and how they run over a document.

use serde_json::{Map, Value};

use crate::{Pointer, PrepareOptions, Report, report::RuleName, schema, trace::Trace, walk};

/// The keywords that a rule looks for; with [`EVERY`], it looks at all schemas.
pub(crate) type Keywords = &'static [&'static str];

/// All schemas that are objects concern a rule, whatever keywords they have.
pub(crate) const EVERY: Keywords = &[];

/// What changes one schema; its inner schemas have been changed before it.
pub(crate) type SchemaRule = fn(&mut Map<String, Value>, &Pointer, &mut Report);

/// A rule of a stage. `L` is the ledger of names, for stages that assign names.
pub(crate) enum Rule<L = ()> {
    /// Changes the whole document.
    Document(fn(&mut Value, &mut Report)),
    /// Changes the whole document as the caller chose.
    Chosen(fn(&mut Value, PrepareOptions, &mut Report)),
    /// Changes the whole document, and assigns names.
    Naming(fn(&mut Value, &mut L, &mut Report)),
    /// Changes every schema that has one of these keywords, in a walk over the
    /// document.
    Schema(Keywords, SchemaRule),
    /// As `Schema`, in the walk of the rule before it and right after that rule: a
    /// walk over a large document takes longer than most rules.
    AlsoSchema(Keywords, SchemaRule),
}

/// The rules of a stage, in the order in which they run, each with its name.
pub(crate) type Rules<L = ()> = [(&'static str, Rule<L>)];

/// A run of stages over a document.
pub(crate) struct Run<'a> {
    pub options: PrepareOptions,
    pub report: &'a mut Report,
    pub trace: Option<&'a mut Trace>,
}

impl Run<'_> {
    /// Runs a stage over the document.
    pub(crate) fn stage<L>(
        &mut self,
        stage: &'static str,
        rules: &Rules<L>,
        document: &mut Value,
        ledger: &mut L,
    ) {
        let mut rest = rules;
        while let Some(((name, rule), later)) = rest.split_first() {
            rest = later;
            self.report.running = (stage, name);
            match rule {
                Rule::Document(change) => change(document, self.report),
                Rule::Chosen(change) => change(document, self.options, self.report),
                Rule::Naming(change) => change(document, ledger, self.report),
                Rule::Schema(keywords, first) | Rule::AlsoSchema(keywords, first) => {
                    let joined = |(name, rule): &(&'static str, Rule<L>)| match rule {
                        Rule::AlsoSchema(keywords, change) => {
                            Some(((stage, *name), *keywords, *change))
                        }
                        _ => None,
                    };
                    let mut walk = vec![((stage, *name), *keywords, *first)];
                    walk.extend(later.iter().map_while(joined));
                    rest = &later[walk.len() - 1..];
                    self.walk(&walk, document);
                    continue;
                }
            }
            if let Some(trace) = &mut self.trace {
                trace.after(self.report.running, document, self.report);
            }
        }
    }

    /// Applies rules to every schema, all of them to one before the next. A trace
    /// sees what the first of them alone do, then the first two, and so on.
    fn walk(&mut self, rules: &[NamedRule], document: &mut Value) {
        if let Some(trace) = &mut self.trace {
            for (index, (name, ..)) in rules.iter().enumerate() {
                let (mut document, mut report) = (document.clone(), self.report.clone());
                apply(&rules[..=index], &mut document, &mut report);
                trace.after(*name, &document, &report);
            }
        }
        apply(rules, document, self.report);
    }
}

/// A rule of a walk.
type NamedRule = (RuleName, Keywords, SchemaRule);

fn apply(rules: &[NamedRule], document: &mut Value, report: &mut Report) {
    walk::schemas(document, &mut |value, at| {
        let Value::Object(schema) = value else { return };
        for (name, keywords, change) in rules {
            if keywords.is_empty() || schema::has_any(schema, keywords) {
                report.running = *name;
                change(schema, at, report);
            }
        }
    });
}
