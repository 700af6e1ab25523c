//! What the generated calls of operations take and return: arguments by name,
//! and the model as JSON.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;

use std::time::Duration;

use heygen::{Bytes, Error, Page, Request};
use heygen_core::wait::{
    AndWait, Created, Finished, JobOutput, Outcome as Ended, PollSchedule, Wait,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A call, and the model of its response as JSON.
pub type Outcome = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;

/// The arguments of a call, by what they are and their name on the wire:
/// `path.video_id`, `query.limit`, `header.X-Source`, `part.file`, `body`.
#[derive(Clone, Debug, Default)]
pub struct Arguments(BTreeMap<String, Value>);

impl Arguments {
    /// Gives an argument.
    pub fn insert(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// The value of an argument, if it is given.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The names of the arguments that start so, without it.
    pub fn names<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .keys()
            .filter_map(move |name| name.strip_prefix(start))
    }

    /// Whether an argument is given.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// An argument that the method cannot be called without.
    pub fn required<T: DeserializeOwned>(&self, name: &str) -> T {
        let value = self.get(name).cloned();
        let value = value.unwrap_or_else(|| panic!("no argument {name}"));
        let read = serde_json::from_value(value);
        read.unwrap_or_else(|error| panic!("argument {name}: {error}"))
    }

    /// Sets an argument that is given.
    pub fn set<Q, T: DeserializeOwned>(
        &self,
        of: Q,
        name: &str,
        setter: impl FnOnce(Q, T) -> Q,
    ) -> Q {
        if self.has(name) {
            setter(of, self.required(name))
        } else {
            of
        }
    }

    /// The body, where it is no JSON.
    pub fn raw_body(&self) -> Vec<u8> {
        self.required::<String>("body").into_bytes()
    }
}

/// Sends a request.
pub fn send<T: Serialize + 'static>(request: Request<T>) -> Outcome {
    Box::pin(async move { Ok(serde_json::to_value(request.await?).unwrap()) })
}

/// Sends a request for a page, whose fields are those of [`Page`].
pub fn page<T: Serialize + 'static>(request: Request<Page<T>>) -> Outcome {
    Box::pin(async move {
        let page = request.await?;
        Ok(json!({
            "items": page.items,
            "next_token": page.next_token,
            "has_more": page.has_more,
        }))
    })
}

/// Sends a request for bytes, which are a list of numbers in JSON.
pub fn bytes(request: Request<Bytes>) -> Outcome {
    Box::pin(async move { Ok(json!(request.await?.to_vec())) })
}

/// The options of a wait.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// The interval between reads.
    pub interval: Duration,
    /// The deadline, if it is not that of the kind.
    pub deadline: Option<Duration>,
}

/// A wait, of an id or after a create.
pub trait Waits {
    /// What it returns.
    type Output;

    /// Waits with these options.
    fn with(
        self,
        options: Waiting,
    ) -> Pin<Box<dyn Future<Output = Result<Self::Output, Error>> + Send>>;
}

impl<O: JobOutput> Waits for Wait<O> {
    type Output = O;

    fn with(self, options: Waiting) -> Pin<Box<dyn Future<Output = Result<O, Error>> + Send>> {
        let wait = self.schedule(options.schedule());
        Box::pin(async move {
            match options.deadline {
                Some(deadline) => wait.deadline(deadline).await,
                None => wait.await,
            }
        })
    }
}

impl<C: Created + Send + 'static> Waits for AndWait<C> {
    type Output = C::Output;

    fn with(
        self,
        options: Waiting,
    ) -> Pin<Box<dyn Future<Output = Result<C::Output, Error>> + Send>> {
        let wait = self.schedule(options.schedule());
        Box::pin(async move {
            match options.deadline {
                Some(deadline) => wait.deadline(deadline).await,
                None => wait.await,
            }
        })
    }
}

impl Waiting {
    fn schedule(self) -> PollSchedule {
        PollSchedule::new(self.interval).max(self.interval)
    }

    /// Waits for a job that is its model.
    pub fn result<T: Serialize + 'static>(self, wait: impl Waits<Output = T>) -> Outcome {
        let wait = wait.with(self);
        Box::pin(async move { Ok(serde_json::to_value(wait.await?).unwrap()) })
    }

    /// Waits for a job that may need the user: the model below what it ended as.
    pub fn outcome<T, A>(self, wait: impl Waits<Output = Ended<T, A>>) -> Outcome
    where
        T: Serialize + 'static,
        A: Serialize + 'static,
    {
        let wait = wait.with(self);
        Box::pin(async move {
            Ok(match wait.await? {
                Ended::Finished(result) => json!({"finished": result}),
                Ended::ActionRequired(job) => json!({"action_required": job}),
            })
        })
    }

    /// Waits for several jobs: a list of ids, each with its model or the error as
    /// text.
    pub fn results<T: Serialize + 'static>(
        self,
        wait: impl Waits<Output = Vec<Finished<T>>>,
    ) -> Outcome {
        let wait = wait.with(self);
        Box::pin(async move {
            let results = wait
                .await?
                .into_iter()
                .map(|Finished { id, result, .. }| match result {
                    Ok(result) => json!({"id": id, "result": result}),
                    Err(error) => json!({"id": id, "error": error.to_string()}),
                });
            Ok(results.collect())
        })
    }
}

/// Where two values differ, as a JSON pointer; numbers are compared by value.
pub fn differs(one: &Value, other: &Value) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let names = one.keys().chain(other.keys());
            names
                .into_iter()
                .find_map(|name| match (one.get(name), other.get(name)) {
                    (Some(one), Some(other)) => {
                        differs(one, other).map(|rest| format!("/{name}{rest}"))
                    }
                    _ => Some(format!("/{name}")),
                })
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            let mut found = pairs.filter_map(|(number, (one, other))| {
                differs(one, other).map(|rest| format!("/{number}{rest}"))
            });
            found.next()
        }
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => None,
        _ => (one != other).then(String::new),
    }
}

/// Whether a model has exactly the data of the response: all that is not null,
/// but for members of this name, which no model knows.
pub fn is_model_of(model: &Value, data: &Value, unknown: &str) -> bool {
    match (model, data) {
        (Value::Object(model), Value::Object(data)) => {
            let known = model.iter().all(|(name, value)| match data.get(name) {
                Some(data) => is_model_of(value, data, unknown),
                None => value.is_null(),
            });
            known
                && data.iter().all(|(name, value)| {
                    value.is_null() || name == unknown || model.contains_key(name)
                })
        }
        (Value::Array(model), Value::Array(data)) => {
            let mut pairs = model.iter().zip(data);
            model.len() == data.len() && pairs.all(|(m, d)| is_model_of(m, d, unknown))
        }
        (Value::Number(model), Value::Number(data)) => model.as_f64() == data.as_f64(),
        _ => model == data,
    }
}
