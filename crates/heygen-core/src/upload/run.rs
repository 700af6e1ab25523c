//! An upload of one file: as a form, and where the API finds it too large for
//! that, directly.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::checksum;
use super::form::UploadForm;
use super::prepare::{Prepared, Way, prepare};
use super::progress::{Callback, Reporter};
use super::source::Upload;
use super::spec::UploadSpec;
use crate::client::Client;
use crate::content::Observer;
use crate::deadline::{Deadline, Expired};
use crate::error::{Error, build};
use crate::operation::{CallContext, Operation};
use crate::request::{Request, idempotency};
use crate::wait::Data;

/// What all steps of an upload share.
#[derive(Clone)]
pub(super) struct Uploader {
    pub(super) client: Client,
    pub(super) spec: &'static UploadSpec,
    pub(super) settings: Settings,
}

/// The options of an upload.
#[derive(Clone, Default)]
pub(super) struct Settings {
    pub(super) way: Option<Way>,
    pub(super) content_type: Option<String>,
    pub(super) callback: Option<Callback>,
    pub(super) timeout: Option<Duration>,
    pub(super) idempotency_key: Option<String>,
    pub(super) max_retries: Option<u32>,
}

impl Uploader {
    /// Uploads a file.
    pub(super) async fn upload<T: DeserializeOwned + 'static>(
        &self,
        upload: Upload,
    ) -> Result<T, Error> {
        self.upload_with(upload, &mut None).await
    }

    /// Uploads a file. `id` is that of its asset, from when a direct upload has
    /// one.
    pub(super) async fn upload_with<T: DeserializeOwned + 'static>(
        &self,
        upload: Upload,
        id: &mut Option<String>,
    ) -> Result<T, Error> {
        let result = self.bounded(self.steps(upload, id)).await;
        result.map_err(|error| self.name_file(error, id.as_deref()))
    }

    /// Runs steps within the timeout.
    pub(super) async fn bounded<T>(
        &self,
        steps: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let Some(timeout) = self.settings.timeout else {
            return steps.await;
        };
        if timeout.is_zero() {
            let error = build::input("the timeout is zero").with_param("timeout");
            return Err(error.with_hint("set a duration above zero"));
        }
        let ended = Deadline::of_call(timeout).run(steps).await;
        ended.unwrap_or_else(|_| Err(build::timeout(Expired::Call(timeout))))
    }

    /// The error of an upload: with the file that was created for it.
    pub(super) fn name_file(&self, error: Error, id: Option<&str>) -> Error {
        let error = match error.operation() {
            Some(_) => error,
            None => error.with_context(&CallContext::unsent(self.spec.form).into()),
        };
        match id {
            Some(id) => error.with_created(self.spec.name, id),
            None => error,
        }
    }

    async fn steps<T: DeserializeOwned + 'static>(
        &self,
        upload: Upload,
        id: &mut Option<String>,
    ) -> Result<T, Error> {
        let Settings {
            way, content_type, ..
        } = &self.settings;
        let file = prepare(self.spec, upload, content_type.as_deref(), *way).await?;
        if file.way == Way::Direct {
            return self.direct(&file, id).await;
        }
        match self.form(&file).await {
            Err(error)
                if error.status() == Some(413) && way.is_none() && file.content.is_replayable() =>
            {
                self.direct(&file, id).await
            }
            sent => sent,
        }
    }

    async fn form<T: DeserializeOwned + 'static>(&self, file: &Prepared) -> Result<T, Error> {
        let form = UploadForm::new(self.spec.part, file, self.reporter(file, None));
        let request = self.request(self.spec.form, &[], self.key(""));
        request.form(Box::new(form)).typed::<Data<T>>().data().await
    }

    /// A request with the options of the upload.
    pub(super) fn request(
        &self,
        operation: &'static Operation,
        path_arguments: &[(&str, &str)],
        idempotency_key: Option<String>,
    ) -> Request<Bytes> {
        let mut request = self.client.operation(operation, path_arguments, &[]);
        if let Some(retries) = self.settings.max_retries {
            request = request.max_retries(retries);
        }
        match idempotency_key {
            Some(key) => request.idempotency_key(key),
            None => request,
        }
    }

    /// The caller's idempotency key, for one of the calls of an upload.
    pub(super) fn key(&self, suffix: &str) -> Option<String> {
        let key = self.settings.idempotency_key.as_deref()?;
        if suffix.is_empty() || key.len() + suffix.len() <= idempotency::MAX_LENGTH {
            return Some(format!("{key}{suffix}"));
        }
        Some(format!("{}{suffix}", checksum::of_text(key)))
    }

    /// What calls the callback while a file is sent; `id` is that of its asset.
    pub(super) fn reporter(&self, file: &Prepared, id: Option<&str>) -> Option<Observer> {
        let callback = Arc::clone(self.settings.callback.as_ref()?);
        let reporter = Reporter::new(callback, &file.name, id, file.length);
        Some(Arc::new(reporter))
    }
}
