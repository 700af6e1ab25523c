//! Uploads of several files: their addresses are issued by one call, a few files
//! are stored at once, and one call ends the batch. Each file has its own result.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::task::JoinSet;
use tracing::Instrument as _;

use super::direct::{Slot, announcement};
use super::prepare::{Prepared, Way, prepare};
use super::progress::UploadProgress;
use super::run::{Settings, Uploader};
use super::source::Upload;
use super::spec::UploadSpec;
use crate::client::Client;
use crate::error::{Error, build};
use crate::wait::{Created, Data, Job, VISIBLE_WITHIN, Wait};

/// Files that are read or stored at once.
const AT_ONCE: usize = 4;

/// A file of a batch, after its upload.
#[derive(Debug)]
#[non_exhaustive]
pub struct UploadedFile {
    /// The name of the file.
    pub name: String,
    /// The id of its asset, from when there is one, whether or not the upload
    /// succeeded.
    pub asset_id: Option<String>,
    /// The id of the batch that it belongs to; a batch has at most 100 files.
    pub batch_id: Option<String>,
    /// Whether it was uploaded. HeyGen then checks it in the background.
    pub result: Result<(), Error>,
}

/// An upload of several files with its options, before it is sent. It is a
/// future: `.await` uploads the files and returns what became of each, in their
/// order. An upload that fails is the `result` of its file, and ends no other.
///
/// Files are uploaded directly, four at once; 100 files are one batch. See
/// [`UploadRequest`](super::UploadRequest) for what is checked, retried and
/// bounded.
#[must_use = "an upload does nothing until it is awaited"]
pub struct UploadBatchRequest<T> {
    ready: Option<Box<(Uploader, Vec<Upload>)>>,
    /// The kind of job that is waited for after the upload.
    job: Option<&'static Job>,
    sent: Option<Pin<Box<dyn Future<Output = Vec<UploadedFile>> + Send>>>,
    output: PhantomData<fn() -> T>,
}

impl<T> UploadBatchRequest<T> {
    /// An upload as the API takes it. Called by generated code.
    pub fn new(
        client: &Client,
        spec: &'static UploadSpec,
        files: impl IntoIterator<Item = Upload>,
    ) -> Self {
        let uploader = Uploader {
            client: client.clone(),
            spec,
            settings: Settings::default(),
        };
        Self {
            ready: Some(Box::new((uploader, files.into_iter().collect()))),
            job: None,
            sent: None,
            output: PhantomData,
        }
    }

    /// Calls a function with the progress of each file, as
    /// [`UploadRequest::on_progress`](super::UploadRequest::on_progress) does.
    pub fn on_progress(self, callback: impl FnMut(&UploadProgress) + Send + 'static) -> Self {
        self.set(|settings| settings.callback = Some(Arc::new(Mutex::new(callback))))
    }

    /// Timeout of the whole upload, all its calls and retries included. Above
    /// zero; none unless it is set.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.timeout = Some(timeout))
    }

    /// How often each call of the upload may be retried, instead of the client's
    /// number.
    pub fn max_retries(self, retries: u32) -> Self {
        self.set(|settings| settings.max_retries = Some(retries))
    }

    /// The idempotency key of the call that creates the batch, as
    /// [`UploadRequest::idempotency_key`](super::UploadRequest::idempotency_key)
    /// sets it.
    pub fn idempotency_key(self, key: impl Into<String>) -> Self {
        self.set(|settings| settings.idempotency_key = Some(key.into()))
    }

    /// Waits for each file until it can be used, too: then the `result` of a file
    /// that HeyGen cannot use is the reason why. The files share reads of their
    /// states.
    pub fn and_wait(mut self) -> Self
    where
        T: Created,
    {
        self.job = Some(T::JOB);
        self
    }

    fn set(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        if let Some(ready) = &mut self.ready {
            set(&mut ready.0.settings);
        }
        self
    }
}

impl<T> Future for UploadBatchRequest<T> {
    type Output = Vec<UploadedFile>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Vec<UploadedFile>> {
        if let Some(ready) = self.ready.take() {
            let (uploader, uploads) = *ready;
            self.sent = Some(Box::pin(run(uploader, uploads, self.job)));
        }
        let Some(sent) = &mut self.sent else {
            return Poll::Ready(Vec::new());
        };
        let files = ready!(sent.as_mut().poll(context));
        self.sent = None;
        Poll::Ready(files)
    }
}

impl<T> fmt::Debug for UploadBatchRequest<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("UploadBatchRequest");
        if let Some(ready) = &self.ready {
            out.field("files", &ready.1);
        }
        out.finish_non_exhaustive()
    }
}

/// A file of a batch that can be sent.
struct Ready {
    index: usize,
    file: Prepared,
    checksum: Option<String>,
}

/// What is known of a file so far.
#[derive(Default)]
struct Entry {
    asset_id: Option<String>,
    batch_id: Option<String>,
    result: Option<Result<(), Error>>,
}

async fn run(
    uploader: Uploader,
    uploads: Vec<Upload>,
    job: Option<&'static Job>,
) -> Vec<UploadedFile> {
    let names: Vec<String> = uploads.iter().map(|upload| upload.name.clone()).collect();
    let mut entries: Vec<Entry> = names.iter().map(|_| Entry::default()).collect();
    let batches = Box::pin(uploader.batches(uploads, &mut entries));
    let ended = uploader.bounded(batches).await;
    // A file without a result was not reached before the upload ended.
    let unreached = ended.err();
    let files = names.into_iter().zip(entries).map(|(name, entry)| {
        let result = entry.result.unwrap_or_else(|| match &unreached {
            Some(error) => Err(error.duplicate()),
            None => Err(build::internal("a file of a batch has no result")),
        });
        UploadedFile {
            result: result.map_err(|error| uploader.name_file(error, entry.asset_id.as_deref())),
            name,
            asset_id: entry.asset_id,
            batch_id: entry.batch_id,
        }
    });
    let mut files: Vec<UploadedFile> = files.collect();
    if let Some(job) = job {
        wait_for_all(&uploader.client, job, &mut files).await;
    }
    files
}

/// Waits for the files that were uploaded.
async fn wait_for_all(client: &Client, job: &'static Job, files: &mut [UploadedFile]) {
    let mut waits = JoinSet::new();
    for (index, file) in files.iter().enumerate() {
        if let (Ok(()), Some(id)) = (&file.result, &file.asset_id) {
            let wait = Wait::<Value>::new(client, job, id).expect_soon(VISIBLE_WITHIN);
            waits.spawn(async move { (index, wait.await) }.in_current_span());
        }
    }
    while let Some(ended) = waits.join_next().await {
        let (index, result) = finished(ended);
        files[index].result = result.map(|_| ());
    }
}

impl Uploader {
    async fn batches(&self, uploads: Vec<Upload>, entries: &mut [Entry]) -> Result<(), Error> {
        let most = self.spec.batch.max_files.max(1);
        let mut uploads = uploads.into_iter().enumerate();
        for number in 1.. {
            let next: Vec<_> = uploads.by_ref().take(most).collect();
            if next.is_empty() {
                break;
            }
            self.batch(number, next, entries).await;
        }
        Ok(())
    }

    /// Uploads the files of one batch.
    async fn batch(&self, number: usize, uploads: Vec<(usize, Upload)>, entries: &mut [Entry]) {
        let prepared = a_few_at_once(uploads.into_iter().map(|(index, upload)| {
            let uploader = self.clone();
            async move { (index, uploader.read(upload).await) }
        }));
        let mut ready = Vec::new();
        for (index, read) in prepared.await {
            match read {
                Ok((file, checksum)) => ready.push(Ready {
                    index,
                    file,
                    checksum,
                }),
                Err(error) => entries[index].result = Some(Err(error)),
            }
        }
        if ready.is_empty() {
            return;
        }
        ready.sort_by_key(|ready| ready.index);
        let suffix = if number == 1 {
            String::new()
        } else {
            format!(".{number}")
        };
        let (id, slots) = match self.slots(&ready, &suffix).await {
            Ok(issued) => issued,
            Err(error) => return fail(entries, ready.iter().map(|ready| ready.index), &error),
        };
        let announced = ready.len();
        let mut stored = Vec::new();
        let mut tasks = Vec::new();
        for (ready, slot) in ready.into_iter().zip(slots) {
            let entry = &mut entries[ready.index];
            entry.batch_id = Some(id.clone());
            match slot {
                Ok(slot) => {
                    entry.asset_id = Some(slot.id.clone());
                    tasks.push((ready, slot));
                }
                Err(error) => entry.result = Some(Err(error)),
            }
        }
        let tasks = tasks.into_iter().map(|(ready, slot)| {
            let uploader = self.clone();
            async move { (ready.index, uploader.put_or_renew(&ready, &slot).await) }
        });
        for (index, (renewed, result)) in a_few_at_once(tasks).await {
            let entry = &mut entries[index];
            match (renewed, result) {
                (None, Ok(())) => stored.push(index),
                (None, Err(error)) => entry.result = Some(Err(error)),
                // An asset of its own, which is complete unless it failed.
                (Some(id), result) => {
                    (entry.asset_id, entry.batch_id) = (Some(id), None);
                    entry.result = Some(result);
                }
            }
        }
        if stored.len() < announced {
            // A batch that lacks a file might be refused as a whole.
            return self.complete_each(stored, entries).await;
        }
        match self.complete_batch(&id, &suffix).await {
            Ok(()) => stored
                .into_iter()
                .for_each(|index| entries[index].result = Some(Ok(()))),
            Err(error) => fail(entries, stored.into_iter(), &error),
        }
    }

    async fn read(&self, upload: Upload) -> Result<(Prepared, Option<String>), Error> {
        let file = prepare(self.spec, upload, None, Some(Way::Direct)).await?;
        let checksum = self.checksum(&file).await?;
        Ok((file, checksum))
    }

    /// The id of a new batch, and an address for each file.
    async fn slots(
        &self,
        ready: &[Ready],
        suffix: &str,
    ) -> Result<(String, Vec<Result<Slot, Error>>), Error> {
        let (batch, slot) = (&self.spec.batch, &self.spec.slot);
        let files = ready
            .iter()
            .map(|ready| announcement(slot, &ready.file, ready.checksum.as_deref()));
        let files: Vec<Value> = files.collect();
        let body = Map::from_iter([(batch.files.to_owned(), files.into())]);
        let request = self.request(batch.operation, &[], self.key(suffix));
        let issued = request.json(&body).typed::<Data<Value>>().data().await?;
        let lacks = |field: &str| build::decode(format!("the response has no {field}"));
        let id = issued.get(batch.id).and_then(Value::as_str);
        let id = id.ok_or_else(|| lacks(batch.id))?.to_owned();
        let items = issued.get(batch.slots).and_then(Value::as_array);
        let items = items.map(Vec::as_slice).unwrap_or_default();
        let slots = (0..ready.len()).map(|index| match items.get(index) {
            Some(item) => Slot::parse(self.spec, item),
            None => Err(lacks(&format!("{}[{index}]", batch.slots))),
        });
        Ok((id, slots.collect()))
    }

    /// Stores a file. One whose address has expired before its turn came is
    /// uploaded on its own: then it has another id.
    async fn put_or_renew(
        &self,
        ready: &Ready,
        slot: &Slot,
    ) -> (Option<String>, Result<(), Error>) {
        match self.put(&ready.file, slot).await {
            Ok(_) => (None, Ok(())),
            Err(error) if slot.is_refused(&ready.file, &error) => {
                let mut id = None;
                let suffix = format!(".file{}", ready.index);
                let sent = self
                    .direct_with::<Value>(&ready.file, ready.checksum.clone(), &suffix, &mut id)
                    .await;
                (id, sent.map(|_| ()))
            }
            Err(error) => (None, Err(error)),
        }
    }

    /// Completes files one by one.
    async fn complete_each(&self, stored: Vec<usize>, entries: &mut [Entry]) {
        let tasks = stored.into_iter().filter_map(|index| {
            let (uploader, id) = (self.clone(), entries[index].asset_id.clone()?);
            Some(async move { (index, uploader.complete::<Value>(&id, None).await) })
        });
        let tasks: Vec<_> = tasks.collect();
        for (index, completed) in a_few_at_once(tasks.into_iter()).await {
            entries[index].result = Some(completed.map(|_| ()));
        }
    }

    async fn complete_batch(&self, id: &str, suffix: &str) -> Result<(), Error> {
        let batch = &self.spec.batch;
        let body = json!({ batch.id: id });
        let number = AtomicUsize::new(0);
        self.poll_complete(|| {
            // A response of before would be replayed for the same key.
            let number = number.fetch_add(1, Ordering::Relaxed);
            let key = self.key(&format!("{suffix}.complete{number}"));
            let request = self.request(batch.complete, &[], key);
            request.json(&body).typed::<Data<Value>>().data()
        })
        .await?;
        Ok(())
    }
}

/// The same error for several files.
fn fail(entries: &mut [Entry], indices: impl Iterator<Item = usize>, error: &Error) {
    for index in indices {
        entries[index].result = Some(Err(error.duplicate()));
    }
}

/// Runs tasks, a few at once. Dropping the future ends them.
async fn a_few_at_once<T: Send + 'static>(
    tasks: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut running = JoinSet::new();
    let mut ended = Vec::new();
    for task in tasks {
        if running.len() == AT_ONCE {
            ended.extend(running.join_next().await.map(finished));
        }
        running.spawn(task.in_current_span());
    }
    while let Some(task) = running.join_next().await {
        ended.push(finished(task));
    }
    ended
}

/// The outcome of a task; its panic goes on.
fn finished<T>(task: Result<T, tokio::task::JoinError>) -> T {
    task.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
