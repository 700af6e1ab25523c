//! Uploads: the overlay says by `x-upload`, on the operation that takes a file as a
//! form, how an API takes files, with the names of fields of requests and responses:
//!
//! ```yaml
//! x-upload:
//!   name: asset                    # the noun of messages
//!   part: file                     # the part of the form with the file
//!   id: asset_id                   # the id of the file, in responses
//!   max-bytes: 32000000            # of a file in the form; larger ones are stored directly
//!   types: {image/png: {extensions: [png]},
//!           application/zip: {extensions: [zip], form: false, max-bytes: 209715200}}
//!   slot: {operation: createUpload, name: filename, content-type: content_type,
//!          size: size_bytes, checksum: checksum_sha256, url: upload_url,
//!          headers: upload_headers, max-bytes: max_bytes, lifetime: expires_in_seconds}
//!   complete: {operation: completeUpload, checksum: checksum_sha256}
//!   batch: {operation: createUploadBatch, files: files, slots: items, id: batch_id,
//!           complete: completeUploadBatch}
//! ```

use std::collections::BTreeMap;

use openapi_prep::{
    Error,
    api::{Api, BaseType, BodyContent, Field, Location, Operation, Shape, TypeRef},
};
use serde::Deserialize;

/// The overlay's mark of the operation that takes a file as a form.
pub(super) const UPLOAD: &str = "x-upload";

/// What the overlay says of uploads.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Hint {
    pub(super) name: String,
    pub(super) part: String,
    pub(super) id: String,
    pub(super) max_bytes: u64,
    /// The types that are accepted, by name.
    pub(super) types: BTreeMap<String, MediaType>,
    pub(super) slot: Slot,
    pub(super) complete: Complete,
    pub(super) batch: Batch,
}

/// A type of files that is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct MediaType {
    pub(super) extensions: Vec<String>,
    /// Whether the form takes it.
    #[serde(default = "yes")]
    pub(super) form: bool,
    pub(super) max_bytes: Option<u64>,
}

fn yes() -> bool {
    true
}

/// The operation that issues an address for a file, and its fields.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Slot {
    pub(super) operation: String,
    pub(super) name: String,
    pub(super) content_type: String,
    pub(super) size: String,
    pub(super) checksum: String,
    pub(super) url: String,
    pub(super) headers: String,
    pub(super) max_bytes: String,
    pub(super) lifetime: String,
}

/// The operation that ends a direct upload, and its field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Complete {
    pub(super) operation: String,
    pub(super) checksum: String,
}

/// The operations of several files, and their fields.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Batch {
    pub(super) operation: String,
    pub(super) files: String,
    pub(super) slots: String,
    pub(super) id: String,
    pub(super) complete: String,
}

/// An upload whose hint fits the document.
#[derive(Debug)]
pub(super) struct Upload<'a> {
    pub(super) hint: Hint,
    pub(super) form: &'a Operation,
    pub(super) slot: &'a Operation,
    pub(super) complete: &'a Operation,
    /// The parameter of its path.
    pub(super) argument: &'a str,
    /// The type that both ways return.
    pub(super) output: &'a str,
    pub(super) batch: &'a Operation,
    pub(super) max_files: u64,
    pub(super) batch_complete: &'a Operation,
}

/// The upload that an operation is marked with.
///
/// # Errors
///
/// Where the mark names what the document does not have.
pub(super) fn read<'a>(api: &'a Api, form: &'a Operation) -> Result<Option<Upload<'a>>, Error> {
    let Some(mark) = form.extensions.get(UPLOAD) else {
        return Ok(None);
    };
    let check = Check { api, form };
    let hint = Hint::deserialize(mark).map_err(|e| check.refused(&e.to_string()))?;
    check.part(&hint)?;
    let slot = check.operation(&hint.slot.operation)?;
    let announced = check.body(slot)?;
    let of_slot = &hint.slot;
    for field in [&of_slot.name, &of_slot.content_type, &of_slot.checksum] {
        check.field(slot, announced, field, Kind::Text)?;
    }
    check.field(slot, announced, &of_slot.size, Kind::Integer)?;
    check.slot(slot, check.data(slot)?, &hint)?;
    let complete = check.operation(&hint.complete.operation)?;
    check.field(
        complete,
        check.body(complete)?,
        &hint.complete.checksum,
        Kind::Text,
    )?;
    let [argument] = complete.parameters_in(Location::Path)[..] else {
        let why = format!(
            "the path of {} does not have one argument",
            complete.title()
        );
        return Err(check
            .refused(&why)
            .remedy("name the operation that ends one upload"));
    };
    // The response of the form has to fit the same type.
    let output = check.data(complete)?;
    check.field(complete, output, &hint.id, Kind::Text)?;
    check.same_fields(output, check.data(form)?)?;
    let batch = check.operation(&hint.batch.operation)?;
    let files = check.field(batch, check.body(batch)?, &hint.batch.files, Kind::Any)?;
    let most = files.annotations.constraints.get("maxItems");
    let max_files = most.and_then(serde_json::Value::as_u64).ok_or_else(|| {
        let why = format!(
            "`{}` of {} has no `maxItems`",
            hint.batch.files,
            batch.title()
        );
        check
            .refused(&why)
            .remedy("correct the schema in the overlay")
    })?;
    let issued = check.data(batch)?;
    check.field(batch, issued, &hint.batch.id, Kind::Text)?;
    let slots = check.field(batch, issued, &hint.batch.slots, Kind::Any)?;
    let item = match &slots.ty.base {
        BaseType::List(item) => check.named(item),
        _ => None,
    };
    let item = item.ok_or_else(|| {
        let why = format!(
            "`{}` of {} is not a list of objects",
            hint.batch.slots,
            batch.title()
        );
        check.refused(&why).remedy("name the list of addresses")
    })?;
    check.slot(batch, item, &hint)?;
    let batch_complete = check.operation(&hint.batch.complete)?;
    check.field(
        batch_complete,
        check.body(batch_complete)?,
        &hint.batch.id,
        Kind::Text,
    )?;
    Ok(Some(Upload {
        form,
        slot,
        complete,
        argument: &argument.name,
        output,
        batch,
        max_files,
        batch_complete,
        hint,
    }))
}

/// What a field has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Any,
}

/// Checks of the hint of an operation.
#[derive(Clone, Copy)]
struct Check<'a> {
    api: &'a Api,
    form: &'a Operation,
}

impl<'a> Check<'a> {
    fn refused(&self, why: &str) -> Error {
        let title = self.form.title();
        let at = format!("{}/{UPLOAD}", self.form.pointer);
        Error::new(format!("`{UPLOAD}` of {title}: {why}")).at(at)
    }

    fn part(&self, hint: &Hint) -> Result<(), Error> {
        let parts = match self.form.body.as_ref().map(|body| &body.content) {
            Some(BodyContent::Multipart { parts, .. }) => parts.as_slice(),
            _ => &[],
        };
        if parts.iter().any(|part| part.field.name == hint.part) {
            return Ok(());
        }
        let why = format!("the form has no part `{}`", hint.part);
        Err(self.refused(&why).remedy("write the part with the file"))
    }

    fn operation(&self, id: &str) -> Result<&'a Operation, Error> {
        let mut all = self.api.operations.iter();
        all.find(|operation| operation.id == id).ok_or_else(|| {
            let why = format!("there is no operation `{id}`");
            let remedy = "write the `operationId` as the document has it";
            self.refused(&why).remedy(remedy)
        })
    }

    /// The object that is sent.
    fn body(&self, operation: &'a Operation) -> Result<&'a str, Error> {
        let ty = match operation.body.as_ref().map(|body| &body.content) {
            Some(BodyContent::Json(ty)) => self.named(ty),
            _ => None,
        };
        ty.ok_or_else(|| {
            let why = format!("the body of {} is not an object", operation.title());
            self.refused(&why)
                .remedy("name an operation that takes JSON")
        })
    }

    /// The object in the envelope of a response.
    fn data(&self, operation: &'a Operation) -> Result<&'a str, Error> {
        let envelope = operation.success.ty().and_then(|ty| self.named(ty));
        let mut fields = envelope
            .map(|name| self.fields(name))
            .unwrap_or_default()
            .iter();
        let data = fields.find(|field| field.name == "data");
        data.and_then(|field| self.named(&field.ty)).ok_or_else(|| {
            let why = format!("the response of {} has no object `data`", operation.title());
            self.refused(&why)
                .remedy("name an operation that returns one")
        })
    }

    fn slot(&self, operation: &Operation, issued: &'a str, hint: &Hint) -> Result<(), Error> {
        self.field(operation, issued, &hint.id, Kind::Text)?;
        self.field(operation, issued, &hint.slot.url, Kind::Text)?;
        self.field(operation, issued, &hint.slot.headers, Kind::Any)?;
        self.field(operation, issued, &hint.slot.max_bytes, Kind::Integer)?;
        self.field(operation, issued, &hint.slot.lifetime, Kind::Integer)?;
        Ok(())
    }

    /// The form's response is read as the type of a direct upload: nothing of it
    /// may be lost.
    fn same_fields(&self, output: &'a str, of_form: &'a str) -> Result<(), Error> {
        for field in self.fields(of_form) {
            let known = self.fields(output).iter();
            if !known.into_iter().any(|known| known.name == field.name) {
                let why = format!("`{output}` lacks the field `{}` of `{of_form}`", field.name);
                let remedy = "both ways return the type of a direct upload: add the field to it";
                return Err(self.refused(&why).remedy(remedy));
            }
        }
        Ok(())
    }

    fn field(
        &self,
        operation: &Operation,
        ty: &'a str,
        name: &str,
        kind: Kind,
    ) -> Result<&'a Field, Error> {
        let found = self.fields(ty).iter().find(|field| field.name == name);
        let field = found.ok_or_else(|| {
            let why = format!("`{ty}` of {} has no field `{name}`", operation.title());
            self.refused(&why)
                .remedy("write the field as the document has it")
        })?;
        let fits = match kind {
            Kind::Any => true,
            Kind::Text => matches!(field.ty.base, BaseType::String),
            Kind::Integer => matches!(field.ty.base, BaseType::Integer { .. }),
        };
        if fits {
            return Ok(field);
        }
        let why = format!("`{name}` of `{ty}` is {} here", field.ty);
        Err(self
            .refused(&why)
            .remedy(format!("name a field that is {kind:?}")))
    }

    fn named(&self, ty: &'a TypeRef) -> Option<&'a str> {
        match &ty.base {
            BaseType::Named(name) if self.api.types.contains_key(name) => Some(name),
            _ => None,
        }
    }

    fn fields(&self, name: &str) -> &'a [Field] {
        match self.api.types.get(name).map(|ty| &ty.shape) {
            Some(Shape::Struct { fields, .. }) => fields,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use openapi_prep::{Document, Names, prepare};
    use serde_json::{Value, json};

    use super::*;

    fn object(properties: &Value) -> Value {
        json!({"type": "object", "properties": properties})
    }

    fn operation(id: &str, body: &Value, data: &Value) -> Value {
        json!({"operationId": id,
            "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
            "responses": {"200": {"description": "Done.", "content": {"application/json": {
                "schema": object(&json!({"data": data}))}}}}})
    }

    /// A document with uploads, and its mark.
    fn document() -> (Value, Value) {
        let (text, number) = (json!({"type": "string"}), json!({"type": "integer"}));
        let file = object(
            &json!({"filename": text, "content_type": text, "size_bytes": number,
            "checksum_sha256": text}),
        );
        let slot = object(&json!({"asset_id": text, "upload_url": text,
            "upload_headers": {"type": "object", "additionalProperties": text},
            "max_bytes": number, "expires_in_seconds": number}));
        let asset = object(&json!({"asset_id": text, "status": text, "url": text}));
        let batch = object(&json!({"batch_id": text}));
        let of_form = object(&json!({"asset_id": text, "url": text}));
        let mut form = operation("upload", &json!({}), &of_form);
        let file_part = json!({"type": "string", "contentMediaType": "application/octet-stream"});
        form["requestBody"]["content"] = json!({"multipart/form-data": {
            "schema": object(&json!({"file": file_part}))}});
        let mut complete = operation(
            "complete",
            &object(&json!({"checksum_sha256": text})),
            &asset,
        );
        complete["parameters"] =
            json!([{"name": "asset_id", "in": "path", "required": true, "schema": text}]);
        let files = object(&json!({"files": {"type": "array", "maxItems": 100, "items": file}}));
        let slots = object(&json!({"batch_id": text, "items": {"type": "array", "items": slot}}));
        let document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {
                "/assets": {"post": form},
                "/slots": {"post": operation("slot", &file, &slot)},
                "/assets/{asset_id}/complete": {"post": complete},
                "/slots/batches": {"post": operation("slots", &files, &slots)},
                "/complete/batches": {"post": operation("completeAll", &batch, &batch)},
            },
        });
        let mark = json!({
            "name": "asset", "part": "file", "id": "asset_id", "max-bytes": 32,
            "types": {"image/png": {"extensions": ["png"]},
                "application/zip": {"extensions": ["zip"], "form": false, "max-bytes": 200}},
            "slot": {"operation": "slot", "name": "filename", "content-type": "content_type",
                "size": "size_bytes", "checksum": "checksum_sha256", "url": "upload_url",
                "headers": "upload_headers", "max-bytes": "max_bytes",
                "lifetime": "expires_in_seconds"},
            "complete": {"operation": "complete", "checksum": "checksum_sha256"},
            "batch": {"operation": "slots", "files": "files", "slots": "items", "id": "batch_id",
                "complete": "completeAll"},
        });
        (document, mark)
    }

    fn api(mut document: Value, mark: Value) -> Api {
        document["paths"]["/assets"]["post"][UPLOAD] = mark;
        let document = Document::from_value(document).unwrap();
        prepare(document, &mut Names::new()).unwrap().api
    }

    fn read_mark(api: &Api) -> Result<Option<Upload<'_>>, Error> {
        read(api, api.operation("upload").unwrap())
    }

    #[test]
    fn mark_that_fits_the_document_is_read() {
        let (document, mark) = document();
        let api = api(document, mark);
        let upload = read_mark(&api).unwrap().unwrap();
        assert_eq!((upload.argument, upload.max_files), ("asset_id", 100));
        assert_eq!(upload.complete.id, "complete");
        let Shape::Struct { fields, .. } = &api.types[upload.output].shape else {
            panic!("{}", upload.output)
        };
        assert!(fields.iter().any(|field| field.name == "status"));
        assert!(upload.hint.types["image/png"].form);
        assert!(!upload.hint.types["application/zip"].form);
        let slot = read(&api, api.operation("slot").unwrap());
        assert!(slot.unwrap().is_none());
    }

    #[test]
    fn mark_that_names_what_is_not_there_is_refused() {
        for (at, value, wanted) in [
            ("/part", "files", "has no part `files`"),
            ("/id", "id", "has no field `id`"),
            ("/slot/operation", "slotty", "no operation `slotty`"),
            ("/slot/name", "name", "has no field `name`"),
            ("/slot/size", "filename", "`filename` of"),
            ("/slot/url", "max_bytes", "`max_bytes` of"),
            ("/slot/headers", "headers", "has no field `headers`"),
            ("/complete/operation", "slot", "does not have one argument"),
            ("/complete/checksum", "sum", "has no field `sum`"),
            ("/batch/files", "all", "has no field `all`"),
            ("/batch/slots", "batch_id", "is not a list"),
            ("/batch/complete", "upload", "is not an object"),
        ] {
            let (document, mut mark) = document();
            *mark.pointer_mut(at).unwrap() = value.into();
            let api = api(document, mark);
            let error = read_mark(&api).unwrap_err().to_string();
            assert!(error.contains(wanted), "{at}: {error}");
            assert!(error.contains(UPLOAD), "{error}");
        }
        let (document, mut mark) = document();
        mark["limit"] = 1.into();
        let api = api(document, mark);
        let error = read_mark(&api).unwrap_err().to_string();
        assert!(error.contains("`limit`"), "{error}");
    }

    #[test]
    fn output_has_all_that_the_form_returns() {
        let (mut document, mark) = document();
        let schema = "/paths/~1assets/post/responses/200/content/application~1json/schema";
        let data = format!("{schema}/properties/data/properties");
        document.pointer_mut(&data).unwrap()["mime_type"] = json!({"type": "string"});
        let api = api(document, mark);
        let error = read_mark(&api).unwrap_err().to_string();
        assert!(error.contains("lacks the field `mime_type`"), "{error}");
    }
}
