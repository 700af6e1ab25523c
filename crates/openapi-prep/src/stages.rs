//! The stages as users of the crate call them: documents in, documents and
//! reports out.

use crate::{Document, Error, Finding, Names, Report, api::Api, origin::Places};

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
    /// What the generator may still not take.
    pub findings: Vec<Finding>,
}

/// Makes a document what a generator reads: [`normalise()`],
/// [`lower_for_generator`] and [`lint()`] in one. Corrections come before, by
/// [`overlay()`].
///
/// A parameter whose name clashes with another name of the generated code is
/// renamed, and has its own as `x-wire-name`: see
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
pub fn prepare(document: Document, names: &mut Names) -> Result<Prepared, Error> {
    let given = Places::of(document.as_value());
    let (document, mut report) = normalise(document, names)?;
    let (document, lowered) = lower_for_generator(document)?;
    report.append(lowered);
    let mut value = document.into_value();
    let findings = crate::lint::lint(&mut value);
    let api = Api::with_origins(&value, &|at| given.nearest(&report.origin(at)).to_owned());
    Ok(Prepared {
        api,
        document: Document::made(value),
        report,
        findings,
    })
}

/// Corrects a document by an overlay: the OpenAPI Overlay Specification,
/// versions 1.0 and 1.1. The document may be of any kind, and is never
/// corrected by half.
///
/// The report has one entry for every action, in order: the rule is `update`,
/// `remove` or `copy`, the pointer that of the first node selected as it was
/// before the action, and the note gives the action's description and, where
/// several nodes were selected, the pointers of the first of them. An overlay
/// that says which document it `extends` adds an entry of that rule, and is not
/// followed: the caller says which document is meant.
///
/// With `must_match`, an action that selects or does nothing is an error; else
/// it is noted and has no effect.
///
/// Where the specification leaves room: with `remove: true` an `update` beside
/// it has no effect; in 1.0 an update may replace a value by one of another
/// kind, in 1.1 it may not; a primitive may be removed in both, and updated in
/// 1.1; a field that no overlay or action has is refused, since a misspelled one
/// would do nothing, and so is an action that stands there twice; an overlay without actions is
/// accepted where it has extensions.
///
/// # Errors
///
/// Where the overlay is none, is of another version, or one of its actions
/// cannot be read or done. The pointer is that of the action in the overlay;
/// the message names its index and target.
pub fn overlay(
    document: Document,
    overlay: &Document,
    must_match: bool,
) -> Result<(Document, Report), Error> {
    let (value, report) =
        crate::overlay::apply(document.into_value(), overlay.as_value(), must_match)?;
    Ok((Document::made(value), report))
}

/// Repairs what any real document may need repaired before a generator reads
/// it, names what has no name, and reads answers tolerantly. The document stays
/// one of OpenAPI 3.1.
///
/// `names` is the ledger of names given so far: a name once given is kept, new
/// names are added.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn normalise(document: Document, names: &mut Names) -> Result<(Document, Report), Error> {
    document.version()?;
    let (value, report) = crate::normalise::normalise(document.into_value(), names);
    Ok((Document::made(value), report))
}

/// Turns a document of OpenAPI 3.1 into one of 3.0.3, by the letter: a value
/// that the one takes, the other takes too. What 3.0 cannot say is widened,
/// never narrowed, and stands in the report as lost.
///
/// A document of 3.0 passes through. Needs no other stage before it.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn lower(document: Document) -> Result<(Document, Report), Error> {
    let (value, report) = crate::lower::lower(document.into_value())?;
    Ok((Document::made(value), report))
}

/// Turns a document of OpenAPI 3.1 into one of 3.0.3 as generators of code read
/// it: null is said by `nullable` alone, beside references too, and a `oneOf`
/// stays one, though 3.0 may not be able to tell its schemas apart.
///
/// # Errors
///
/// Where the document is not of OpenAPI 3.0 or 3.1.
pub fn lower_for_generator(document: Document) -> Result<(Document, Report), Error> {
    let (value, report) = crate::lower::lower_for_generator(document.into_value())?;
    Ok((Document::made(value), report))
}

/// Names everything in a document that the generator would refuse, panic on or
/// get silently wrong, with what to do about it. Looks at the document as it
/// is: one that was not prepared gives many findings.
pub fn lint(document: &Document) -> Vec<Finding> {
    crate::lint::lint(&mut document.clone().into_value())
}
