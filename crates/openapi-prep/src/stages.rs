//! The stages as users of the crate call them: documents in, documents and
//! reports out.

use serde_json::Value;

use crate::{
    Document, Error, Finding, Names, PrepareOptions, Report, TraceStep, api::Api,
    lower as lowering, normalise as normalising, pipeline::Run, pointer::nearest,
    repair as repairs, trace::Trace,
};

/// What [`prepare()`] gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Prepared {
    /// The document of OpenAPI 3.0.3 that the generator reads.
    pub document: Document,
    /// The same as a typed view, with pointers into the document as given.
    pub api: Api,
    /// What was done to it on the way, and what was lost.
    pub report: Report,
    /// What the generator would get silently wrong; most often nothing.
    pub findings: Vec<Finding>,
}

/// Makes a document what a generator reads: [`repair()`], [`normalise()`],
/// [`lower()`] and [`lint()`] in one. Corrections come before, by [`overlay()`](crate::overlay()).
/// The report's pointers lead into the document that was given.
///
/// A parameter, property or enum value whose name clashes with another in Rust is
/// renamed, and a mark has its own name: see
/// [`restore_wire_names`](crate::restore_wire_names).
///
/// ```
/// use openapi_prep::{Document, Names, prepare};
///
/// let document = Document::parse(
///     r##"{
///         "openapi": "3.1.0",
///         "info": {"title": "Weather", "version": "1"},
///         "paths": {"/now": {"get": {"responses": {"200": {
///             "description": "The weather.",
///             "content": {"application/json": {"schema": {
///                 "type": "object",
///                 "properties": {"wind": {"type": ["number", "null"]}}
///             }}}
///         }}}}}
///     }"##,
/// )?;
/// let mut names = Names::new();
/// let prepared = prepare(document, &mut names)?;
/// let lowered = prepared.document.as_value();
/// assert_eq!(lowered["openapi"], "3.0.3");
/// assert_eq!(lowered["paths"]["/now"]["get"]["operationId"], "get-now");
/// let wind = &lowered["components"]["schemas"]["GetNowResponse"]["properties"]["wind"];
/// assert_eq!(wind["nullable"], true);
/// assert_eq!(prepared.report.losses().count(), 0);
/// assert!(prepared.findings.is_empty());
/// # Ok::<(), openapi_prep::Error>(())
/// ```
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn prepare(document: Document, names: &mut Names) -> Result<Prepared, Error> {
    prepare_with(document, names, PrepareOptions::new())
}

/// [`prepare()`] for a program that does some of the work itself.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn prepare_with(
    document: Document,
    names: &mut Names,
    options: PrepareOptions,
) -> Result<Prepared, Error> {
    let (mut value, report, given) =
        run(document, options, None, |value, run| all(value, names, run))?;
    let api = Api::with_origins(&value, &|at| nearest(&given, &report.origin(at)).to_owned());
    let findings = crate::lint::lint(&mut value);
    Ok(Prepared {
        document: Document(value),
        api,
        report: report.for_given(&given),
        findings,
    })
}

/// Traces what [`prepare()`] does to one node of a document: a step for each rule
/// that changed it, wherever the rules moved it.
///
/// The pointer leads into the document as given. One that leads nowhere there is
/// taken to lead into the prepared document, and what it was made from is traced.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1, or the pointer leads nowhere
/// in either.
pub fn trace(
    document: &Document,
    names: &Names,
    options: PrepareOptions,
    pointer: &str,
) -> Result<Vec<TraceStep>, Error> {
    let run = |trace| {
        let all = |value: &mut Value, run: &mut Run<'_>| all(value, &mut names.clone(), run);
        run(document.clone(), options, trace, all)
    };
    let given = document.as_value();
    let mut origin = pointer.to_owned();
    if given.pointer(pointer).is_none() {
        let (prepared, report, _) = run(None)?;
        origin = report.origin(pointer);
        if prepared.pointer(pointer).is_none() || given.pointer(&origin).is_none() {
            return Err(Error::new("nothing is there, before or after preparation").at(pointer));
        }
    }
    let mut trace = Trace::new(&origin, given);
    run(Some(&mut trace))?;
    Ok(trace.steps)
}

/// Runs all stages but the last, which changes nothing.
fn all(document: &mut Value, names: &mut Names, run: &mut Run<'_>) {
    run.stage("repair", repairs::RULES, document, &mut ());
    run.stage("normalise", normalising::RULES, document, names);
    run.stage("lower", lowering::RULES, document, &mut ());
}

/// Runs stages over a document. The report's pointers lead to where things are
/// now; the last value is the document as given.
fn run(
    document: Document,
    options: PrepareOptions,
    trace: Option<&mut Trace>,
    stages: impl FnOnce(&mut Value, &mut Run<'_>),
) -> Result<(Value, Report, Value), Error> {
    document.version()?;
    let (mut value, mut report) = (document.into_value(), Report::new());
    let given = value.clone();
    let mut run = Run {
        options,
        report: &mut report,
        trace,
    };
    stages(&mut value, &mut run);
    Ok((value, report, given))
}

/// Runs one stage for who has the document.
fn alone(
    document: Document,
    options: PrepareOptions,
    stage: impl FnOnce(&mut Value, &mut Run<'_>),
) -> Result<(Document, Report), Error> {
    let (value, report, given) = run(document, options, None, stage)?;
    Ok((Document(value), report.for_given(&given)))
}

/// Mends what no version of OpenAPI allows and real documents hold, reads the
/// forms of 3.0 as those of 3.1, and resolves references. The result is a
/// document of 3.1.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn repair(document: Document) -> Result<(Document, Report), Error> {
    alone(document, PrepareOptions::new(), |document, run| {
        run.stage("repair", repairs::RULES, document, &mut ());
    })
}

/// Cuts a repaired document down to what the generator can express, names what
/// has no name, and makes it read responses tolerantly. The document stays one
/// of OpenAPI 3.1.
///
/// `names` is the ledger of names given so far: a name once given is kept, new
/// names are added.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn normalise(
    document: Document,
    names: &mut Names,
    options: PrepareOptions,
) -> Result<(Document, Report), Error> {
    alone(document, options, |document, run| {
        run.stage("normalise", normalising::RULES, document, names);
    })
}

/// Rewrites a document of OpenAPI 3.1, repaired or normalised, as one of 3.0.3 as
/// generators read it: null is said by `nullable` alone, beside references too,
/// and a `oneOf` stays one, though 3.0 may not be able to tell its schemas apart.
/// What 3.0 cannot express is widened, never narrowed, and reported as lost; keys
/// that constrain nothing and that generators skip, such as `$comment`, stay.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn lower(document: Document) -> Result<(Document, Report), Error> {
    alone(document, PrepareOptions::new(), |document, run| {
        run.stage("lower", lowering::RULES, document, &mut ());
    })
}

/// Names what the generator would get silently wrong in a document of OpenAPI
/// 3.0. [`prepare()`] repairs all of it that is known; a document that was not
/// prepared gives many findings.
pub fn lint(document: &Document) -> Vec<Finding> {
    crate::lint::lint(&mut document.clone().into_value())
}
