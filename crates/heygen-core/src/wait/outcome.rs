//! What waits return.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::Wait;
use super::job::Job;
use crate::de::Key;
use crate::decode;
use crate::envelope::Envelope;
use crate::error::{Error, build};
use crate::response::{RawResponse, Response};

/// How a wait ended for a job that may need the user: an agent session that asks
/// a question, an avatar whose person has to consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "the job may not be finished"]
pub enum Outcome<T, A> {
    /// The job is finished: its result.
    Finished(T),
    /// The job needs an action of its user before it goes on: the job as it is. Waiting for
    /// the same id continues.
    ActionRequired(A),
}

impl<T, A> Outcome<T, A> {
    /// The result, if the job is finished.
    pub fn finished(self) -> Option<T> {
        match self {
            Self::Finished(result) => Some(result),
            Self::ActionRequired(_) => None,
        }
    }
}

/// One of several jobs that were started by one call, with its own result.
#[derive(Debug)]
#[non_exhaustive]
pub struct Finished<T> {
    /// The id of the job.
    pub id: String,
    /// The result, or why there is none. The error holds the id, too.
    pub result: Result<T, Error>,
}

/// A job that a create has started; see
/// [`Request::start_jobs`](crate::Request::start_jobs).
#[derive(Debug)]
#[non_exhaustive]
pub struct Started<O> {
    /// The id of the job; empty where the response has none for it.
    pub id: String,
    /// The wait for it, or the error of a response without its id.
    pub wait: Result<Wait<O>, Error>,
}

impl<O> From<(String, Wait<O>)> for Started<O> {
    /// A job that was started before, by its id.
    fn from((id, wait): (String, Wait<O>)) -> Self {
        Self { id, wait: Ok(wait) }
    }
}

/// The body of the response that ended a wait, as it came: for programs that pass
/// it on and have no model for it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct JobBody {
    /// The body, with its envelope.
    pub body: Bytes,
    /// Whether the job needs an action of its user before it goes on.
    pub needs_action: bool,
}

impl JobOutput for JobBody {
    const HAS_ACTION: bool = true;

    fn from_ending(ending: Ending) -> Result<Self, Error> {
        Ok(Self {
            body: ending.raw.success.body,
            needs_action: ending.needs_action,
        })
    }
}

/// The response that ended a wait: a job that is finished, or that needs the
/// user.
pub struct Ending {
    pub(crate) raw: RawResponse,
    pub(crate) needs_action: bool,
}

impl Ending {
    fn decode<T: DeserializeOwned>(self) -> Result<T, Error> {
        decode::data::<Data<T>>(self.raw).map(Response::into_data)
    }
}

impl fmt::Debug for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ending")
            .field("needs_action", &self.needs_action)
            .finish_non_exhaustive()
    }
}

/// The envelope of a job: its model in `data`.
pub(crate) struct Data<T>(Option<T>);

impl<T> Envelope for Data<T> {
    type Data = T;

    fn into_data(self) -> Option<T> {
        self.0
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Data<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(DataVisitor(PhantomData))
    }
}

struct DataVisitor<T>(PhantomData<fn() -> T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for DataVisitor<T> {
    type Value = Data<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut data = None;
        while let Some(is_data) = map.next_key_seed(Key(|key: &str| key == "data"))? {
            if is_data {
                data = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Data(data))
    }
}

/// What a wait for one job returns: a model, an [`Outcome`] of two models, or a
/// [`JobBody`].
///
/// Implemented for every model of a response.
pub trait JobOutput: Sized + Send + 'static {
    /// Whether it has a value for a job that needs the user.
    #[doc(hidden)]
    const HAS_ACTION: bool;

    /// Decodes the response that ended the wait.
    ///
    /// # Errors
    /// `Decode` if it does not fit the model.
    #[doc(hidden)]
    fn from_ending(ending: Ending) -> Result<Self, Error>;
}

/// What a create returns once its jobs are final: the result of its one job, or
/// a [`Finished`] for each of several jobs.
pub trait JobResults<T>: Sized + Send + 'static {
    /// The results of the jobs, of which there is at least one.
    ///
    /// # Errors
    /// That of the one job.
    #[doc(hidden)]
    fn from_results(results: Vec<Finished<T>>) -> Result<Self, Error>;
}

/// A response of an operation that starts jobs. Implemented by generated code on
/// the model of the response, so that its request can be waited for; see
/// [`Request::and_wait`](crate::Request::and_wait).
///
/// ```
/// use heygen_core::Operation;
/// use heygen_core::wait::{Created, Finished, Job, Outcome};
/// # #[derive(serde::Deserialize)]
/// # struct Video;
/// # #[derive(serde::Deserialize)]
/// # struct Session;
/// # struct VideoCreated;
/// # struct SessionCreated;
/// # struct TranslationsCreated;
/// # static GET: Operation = Operation::new("get", "GET", "/v3/videos/{video_id}");
/// # static VIDEO: Job = Job::new("video", &GET);
/// # static SESSION: Job = Job::new("agent session", &GET);
/// # static TRANSLATION: Job = Job::new("translation", &GET);
///
/// impl Created for VideoCreated {
///     type Job = Video;
///     type Output = Video;
///     const JOB: &'static Job = &VIDEO;
///     const ID: &'static str = "video_id";
/// }
///
/// // A kind with states that need the user.
/// impl Created for SessionCreated {
///     type Job = Outcome<Video, Session>;
///     type Output = Outcome<Video, Session>;
///     const JOB: &'static Job = &SESSION;
///     const ID: &'static str = "session_id";
/// }
///
/// // Several jobs of one create.
/// impl Created for TranslationsCreated {
///     type Job = Video;
///     type Output = Vec<Finished<Video>>;
///     const JOB: &'static Job = &TRANSLATION;
///     const ID: &'static str = "video_translation_ids[]";
/// }
/// ```
pub trait Created {
    /// What a wait for one of the jobs returns.
    type Job: JobOutput;
    /// What a wait for the create returns: `Self::Job`, or
    /// `Vec<Finished<Self::Job>>` where `ID` is a path of several ids.
    type Output: JobResults<Self::Job>;
    /// The kind of the jobs.
    const JOB: &'static Job;
    /// The path of the id under `data` of the response, or that of an array of
    /// ids, which ends with `[]`.
    const ID: &'static str;
}

impl<T: DeserializeOwned + Send + 'static> JobOutput for T {
    const HAS_ACTION: bool = false;

    fn from_ending(ending: Ending) -> Result<Self, Error> {
        ending.decode()
    }
}

impl<T, A> JobOutput for Outcome<T, A>
where
    T: DeserializeOwned + Send + 'static,
    A: DeserializeOwned + Send + 'static,
{
    const HAS_ACTION: bool = true;

    fn from_ending(ending: Ending) -> Result<Self, Error> {
        if ending.needs_action {
            ending.decode().map(Self::ActionRequired)
        } else {
            ending.decode().map(Self::Finished)
        }
    }
}

impl<T: JobOutput> JobResults<T> for T {
    fn from_results(results: Vec<Finished<T>>) -> Result<Self, Error> {
        let first = results.into_iter().next();
        first.map_or_else(
            || Err(build::internal("a job has no result")),
            |one| one.result,
        )
    }
}

impl<T: JobOutput> JobResults<T> for Vec<Finished<T>> {
    fn from_results(results: Vec<Finished<T>>) -> Result<Self, Error> {
        Ok(results)
    }
}
