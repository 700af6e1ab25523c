//! An upload and the wait until its file can be used.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep};

use super::direct::POLL_INTERVAL;
use super::request::UploadRequest;
use super::run::Uploader;
use super::source::Upload;
use crate::decode;
use crate::error::{Error, build};
use crate::request::by_operation::next_parameter;
use crate::wait::{Created, Ending, JobOutput, JobProgress, PollSchedule, VISIBLE_WITHIN, Wait};

/// An upload and the wait until its file can be used: a future, made by
/// [`UploadRequest::and_wait`]. Its methods set options of the wait; those of
/// the upload are set before.
///
/// Returns the object that the API then has for the file. A file that was
/// uploaded as a form can be used at once: its object is read without a wait.
///
/// # Errors
/// Any [`Error`] of the upload; and once there is an object, those of a
/// [`Wait`], all of which hold its id.
///
/// Dropping the future ends the upload, or the wait.
#[must_use = "an upload does nothing until it is awaited"]
pub struct UploadAndWait<T: Created> {
    start: Option<Box<Start<T>>>,
    running: Option<Running<T::Job>>,
}

struct Start<T: Created> {
    uploader: Uploader,
    upload: Upload,
    configure: Configure<T::Job>,
}

type Running<J> = Pin<Box<dyn Future<Output = Result<J, Error>> + Send>>;

/// Sets the options of a wait.
type Configure<J> = Box<dyn FnOnce(Wait<J>) -> Wait<J> + Send>;

impl<T: Created> UploadRequest<T> {
    /// Uploads the file and waits until it can be used.
    pub fn and_wait(mut self) -> UploadAndWait<T> {
        let start = self.ready.take().map(|ready| {
            let (uploader, upload) = *ready;
            Box::new(Start {
                uploader,
                upload,
                configure: Box::new(|wait| wait.expect_soon(VISIBLE_WITHIN)),
            })
        });
        UploadAndWait {
            start,
            running: None,
        }
    }
}

impl<T: Created> UploadAndWait<T> {
    /// How long to wait once the file is uploaded, instead of the time that is
    /// usual. Above zero.
    pub fn deadline(self, deadline: Duration) -> Self {
        self.option(move |wait| wait.deadline(deadline))
    }

    /// When to read the state.
    pub fn schedule(self, schedule: PollSchedule) -> Self {
        self.option(move |wait| wait.schedule(schedule))
    }

    /// Sets a function that is called after each read of the state. The progress
    /// of the upload itself is that of [`UploadRequest::on_progress`].
    pub fn on_state(self, on_state: impl FnMut(&JobProgress) + Send + 'static) -> Self {
        self.option(move |wait| wait.on_progress(on_state))
    }

    fn option(mut self, set: impl FnOnce(Wait<T::Job>) -> Wait<T::Job> + Send + 'static) -> Self {
        if let Some(mut start) = self.start.take() {
            let before = start.configure;
            start.configure = Box::new(move |wait| set(before(wait)));
            self.start = Some(start);
        }
        self
    }
}

impl<T: Created + 'static> Future for UploadAndWait<T> {
    type Output = Result<T::Job, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(start) = self.start.take() {
            self.running = Some(Box::pin(upload_and_wait::<T>(*start)));
        }
        let Some(running) = &mut self.running else {
            return Poll::Ready(Err(build::internal("an upload was sent twice")));
        };
        let result = ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(result)
    }
}

async fn upload_and_wait<T: Created>(start: Start<T>) -> Result<T::Job, Error> {
    let Start {
        uploader,
        upload,
        configure,
    } = start;
    let mut direct = None;
    let uploaded: Value = uploader.upload_with(upload, &mut direct).await?;
    if let Some(id) = direct {
        return configure(Wait::new(&uploader.client, T::JOB, id)).await;
    }
    let id = uploaded.get(uploader.spec.id).and_then(Value::as_str);
    let Some(id) = id else {
        let message = format!("the response has no {}", uploader.spec.id);
        return Err(uploader.name_file(build::decode(message), None));
    };
    let read = read_object::<T>(&uploader, id).await;
    read.map_err(|error| uploader.name_file(error, Some(id)))
}

/// Reads the object of a file that can be used, as soon as the API knows it.
async fn read_object<T: Created>(uploader: &Uploader, id: &str) -> Result<T::Job, Error> {
    let operation = T::JOB.read();
    let (_, argument, _) = next_parameter(operation.path).unwrap_or_default();
    let visible_by = Instant::now() + VISIBLE_WITHIN;
    let mut polls = 0;
    let raw = loop {
        let request = uploader.request(operation, &[(argument, id)], None);
        let pause = match request.with_decode(decode::raw).await {
            Err(error) if error.is_not_found() && Instant::now() < visible_by => {
                polls += 1;
                error.retry_after().unwrap_or_default()
            }
            read => break read?,
        };
        sleep(pause.min(VISIBLE_WITHIN).max(POLL_INTERVAL * polls)).await;
    };
    T::Job::from_ending(Ending {
        raw,
        needs_action: false,
    })
}

impl<T: Created> fmt::Debug for UploadAndWait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UploadAndWait");
        if let Some(start) = &self.start {
            out.field("upload", &start.upload);
        }
        out.finish_non_exhaustive()
    }
}
