//! Stages as data: the rules of each in order, and how they run over a document.

use serde_json::Value;

use crate::{Pointer, PrepareOptions, Report, trace::Trace, walk};

/// What changes one schema; its inner schemas have been changed before it.
pub(crate) type SchemaRule = fn(&mut Value, &Pointer, &mut Report);

/// A rule of a stage. `L` is the ledger of names, for stages that assign names.
pub(crate) enum Rule<L = ()> {
    /// Changes the whole document.
    Document(fn(&mut Value, &mut Report)),
    /// Changes the whole document as the caller chose.
    Chosen(fn(&mut Value, PrepareOptions, &mut Report)),
    /// Changes the whole document, and assigns names.
    Naming(fn(&mut Value, &mut L, &mut Report)),
    /// Changes every schema, in a walk over the document.
    Schema(SchemaRule),
    /// Changes every schema in the walk of the rule before it, right after that
    /// rule: a walk over a large document takes longer than most rules.
    AlsoSchema(SchemaRule),
}

/// The rules of a stage, in the order in which they run, each with its name.
pub(crate) type Rules<L = ()> = [(&'static str, Rule<L>)];

/// Runs a stage over a document.
pub(crate) fn run<L>(
    document: &mut Value,
    rules: &Rules<L>,
    ledger: &mut L,
    options: PrepareOptions,
    report: &mut Report,
    mut trace: Option<&mut Trace>,
) {
    let mut rest = rules;
    while let Some(((name, rule), later)) = rest.split_first() {
        rest = later;
        match rule {
            Rule::Document(change) => change(document, report),
            Rule::Chosen(change) => change(document, options, report),
            Rule::Naming(change) => change(document, ledger, report),
            Rule::Schema(first) | Rule::AlsoSchema(first) => {
                let joined = |(name, rule): &(&'static str, Rule<L>)| match rule {
                    Rule::AlsoSchema(change) => Some((*name, *change)),
                    _ => None,
                };
                let mut walk = vec![(*name, *first)];
                walk.extend(later.iter().map_while(joined));
                rest = &later[walk.len() - 1..];
                schemas(document, &walk, report, trace.as_deref_mut());
                continue;
            }
        }
        if let Some(trace) = &mut trace {
            trace.after(name, document, report);
        }
    }
}

/// Applies rules to every schema, all of them to one before the next.
fn schemas(
    document: &mut Value,
    rules: &[(&'static str, SchemaRule)],
    report: &mut Report,
    mut trace: Option<&mut Trace>,
) {
    walk::schemas(document, &mut |schema, at| {
        for (name, change) in rules {
            match &mut trace {
                None => change(schema, at, report),
                Some(trace) => trace.within(name, schema, at, |schema| change(schema, at, report)),
            }
        }
    });
    if let Some(trace) = trace {
        trace.after_walk(document, report);
    }
}
