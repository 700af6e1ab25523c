//! Whether a hint fits the document: all that it names is there, and can be what
//! it is named as.

use std::collections::BTreeMap;

use openapi_prep::{
    Error,
    api::{Api, BaseType, Location, Operation, Shape, TypeRef},
};
use serde::Deserialize as _;
use serde_json::Value;

use super::{
    Created, Hint, JOB, Job, Statuses,
    path::{follow, resolved},
};

/// The end of a path of a list of ids.
const LIST: &str = "[]";

/// What the value at a path is used as.
#[derive(Debug, Clone, Copy)]
enum Use {
    Any,
    Text,
    Number,
}

/// The job that an operation reads.
pub(super) fn job<'a>(
    api: &'a Api,
    operation: &'a Operation,
    mark: &Value,
) -> Result<Job<'a>, Error> {
    let hint = Hint::deserialize(mark)
        .map_err(|e| Error::new(format!("`{JOB}` of {}: {e}", operation.title())))?;
    let check = Check { api, operation };
    check.name(&hint.name)?;
    check.read()?;
    let data = check.data(operation)?;
    let statuses = hint
        .statuses
        .as_ref()
        .map(|of| check.statuses(of))
        .transpose()?;
    // Without a state of its own, the job is what its entry says.
    let (reader, reason) = match &statuses {
        Some((operation, entry)) if hint.state.is_none() => (*operation, entry),
        _ => (operation, &data),
    };
    for path in hint.code.iter().chain(&hint.message) {
        check.path(reader, reason, path, Use::Text)?;
    }
    if let Some(path) = &hint.state {
        check.path(operation, &data, path, Use::Text)?;
    }
    for path in hint.progress.iter().chain(&hint.ready.positive) {
        check.path(operation, &data, path, Use::Number)?;
    }
    for path in hint.result.iter().chain(&hint.ready.set) {
        check.path(operation, &data, path, Use::Any)?;
    }
    check.words(&hint, &data, statuses.as_ref().map(|(_, entry)| entry))?;
    if hint.deadline == 0 {
        return Err(check
            .refused("`deadline` is zero")
            .remedy("write it in seconds"));
    }
    let created = hint
        .created
        .iter()
        .map(|(id, path)| check.created(id, path));
    let mut created = created.collect::<Result<Vec<_>, _>>()?;
    let order = |created: &Created<'_>| {
        api.operations
            .iter()
            .position(|o| o.id == created.operation.id)
    };
    created.sort_by_key(order);
    let then = hint.then.as_ref().map(|then| {
        check.path(operation, &data, &then.id, Use::Text)?;
        check.operation(&then.operation)
    });
    Ok(Job {
        operation,
        created,
        statuses: statuses.map(|(operation, _)| operation),
        then: then.transpose()?,
        hint,
    })
}

/// What only all jobs together show.
pub(super) fn together(jobs: &[Job<'_>]) -> Result<(), Error> {
    let refused = |job: &Job<'_>, what: String| {
        let check = format!("`{JOB}` of {}: {what}", job.operation.title());
        Error::new(check).at(format!("{}/{JOB}", job.operation.pointer))
    };
    let find = |of: &Operation| jobs.iter().find(|job| job.operation.id == of.id);
    let mut names = BTreeMap::new();
    let mut creates = BTreeMap::new();
    let mut responses = BTreeMap::new();
    for job in jobs {
        if let Some(other) = names.insert(job.constant(), job.operation.title()) {
            let what = format!("its `name` is also that of {other}");
            return Err(refused(job, what).remedy("write another `name`"));
        }
        for created in &job.created {
            let id = &created.operation.id;
            if let Some(other) = creates.insert(id, job.operation.title()) {
                let what = format!("`{id}` starts the job of {other} too");
                return Err(refused(job, what).remedy("a call has one job: keep one of the two"));
            }
            let meant = (&job.operation.id, &created.id);
            let (response, title) = (&created.response, created.operation.title());
            let (other, title_of_other) = responses.entry(response).or_insert((meant, title));
            if *other != meant {
                let what = format!(
                    "`{id}` and {title_of_other} both return `{response}`, which can have one job only"
                );
                return Err(refused(job, what).remedy(
                    "give the two responses types of their own: an `x-schema-name` for each",
                ));
            }
        }
        let mut seen = vec![&job.operation.id];
        let mut next = job.then;
        while let Some(operation) = next {
            let Some(job_after) = find(operation) else {
                let what = format!("`then`: {} has no `{JOB}`", operation.title());
                return Err(refused(job, what).remedy(format!("give it an `{JOB}`")));
            };
            if seen.contains(&&operation.id) {
                return Err(refused(job, "`then` leads in a cycle".to_owned()));
            }
            if !job_after.hint.attention.is_empty() {
                let what = format!("`then`: {} has an outcome of its own", operation.title());
                return Err(
                    refused(job, what).remedy("a wait returns `attention` of its first job only")
                );
            }
            seen.push(&operation.id);
            next = job_after.then;
        }
    }
    Ok(())
}

/// Checks of the hint of an operation.
#[derive(Clone, Copy)]
struct Check<'a> {
    api: &'a Api,
    operation: &'a Operation,
}

impl<'a> Check<'a> {
    fn refused(&self, what: impl AsRef<str>) -> Error {
        let title = self.operation.title();
        Error::new(format!("`{JOB}` of {title}: {}", what.as_ref()))
    }

    /// The noun stands in messages and, in capitals, in code.
    fn name(&self, name: &str) -> Result<(), Error> {
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        };
        if name.split(' ').all(is_word) {
            return Ok(());
        }
        let refused = self.refused(format!("`{name}` is not a noun"));
        Err(refused.remedy("write `name` as words in lower case, such as `video batch`"))
    }

    /// A wait has one argument, the id.
    fn read(&self) -> Result<(), Error> {
        let path = self.operation.parameters_in(Location::Path);
        let is_required = self
            .operation
            .parameters
            .iter()
            .find(|p| p.required && p.location != Location::Path);
        let what = match path.as_slice() {
            _ if self.operation.method != "GET" => "it is not a read".to_owned(),
            [id] if !matches!(id.ty.base, BaseType::String) => {
                format!("`{}` is not a string", id.name)
            }
            [_] => match is_required {
                Some(parameter) => format!("a read needs `{}`", parameter.name),
                None => return Ok(()),
            },
            [] => "its path has no id".to_owned(),
            several => format!(
                "its path has {} parameters, and a job one id",
                several.len()
            ),
        };
        Err(self
            .refused(what)
            .remedy("mark the GET of one job, by its id"))
    }

    fn operation(&self, id: &str) -> Result<&'a Operation, Error> {
        let found = self
            .api
            .operations
            .iter()
            .find(|operation| operation.id == id);
        found.ok_or_else(|| {
            let remedy = "write the `operationId` as the document has it";
            self.refused(format!("there is no operation `{id}`"))
                .remedy(remedy)
        })
    }

    /// The data of a response, below which paths begin.
    fn data(&self, operation: &Operation) -> Result<TypeRef, Error> {
        let response = operation.success.ty();
        let data = response.and_then(|ty| follow(self.api, ty, "data"));
        data.ok_or_else(|| {
            let title = operation.title();
            self.refused(format!("the response of {title} has no `data`"))
        })
    }

    fn path(&self, of: &Operation, data: &TypeRef, path: &str, used: Use) -> Result<(), Error> {
        let Some(ty) = follow(self.api, data, path) else {
            let what = format!("the data of {} has no `{path}`", of.title());
            let remedy = "write the names of properties as the document has them";
            return Err(self.refused(what).remedy(remedy));
        };
        let ty = resolved(self.api, &ty);
        let is_enum = matches!(
            self.api.resolve(&ty).map(|ty| &ty.shape),
            Some(Shape::Enum { .. })
        );
        let (fits, wanted) = match used {
            Use::Any => (true, ""),
            Use::Text => (
                is_enum || matches!(ty.base, BaseType::String | BaseType::Any),
                "a string",
            ),
            Use::Number => {
                let is_number = matches!(ty.base, BaseType::Integer(_) | BaseType::Number(_));
                (is_number, "a number")
            }
        };
        if fits {
            return Ok(());
        }
        Err(self.refused(format!("`{path}` of {} is not {wanted}", of.title())))
    }

    /// The operation with the states of many, and the type of its items.
    fn statuses(&self, hint: &Statuses) -> Result<(&'a Operation, TypeRef), Error> {
        let operation = self.operation(&hint.operation)?;
        let query = operation.parameters_in(Location::Query);
        let takes_ids = query
            .iter()
            .any(|p| p.name == hint.query && p.ty.base == BaseType::String);
        if operation.method != "GET" || !takes_ids {
            let (title, name) = (operation.title(), &hint.query);
            return Err(self.refused(format!("{title} takes no ids as `{name}`")));
        }
        let data = resolved(self.api, &self.data(operation)?);
        let BaseType::List(item) = data.base else {
            return Err(self.refused(format!("the data of {} is not a list", operation.title())));
        };
        for path in [&hint.id, &hint.state] {
            self.path(operation, &item, path, Use::Text)?;
        }
        Ok((operation, *item))
    }

    /// Each word stands in one list, and is one of those that the document has.
    fn words(&self, hint: &Hint, data: &TypeRef, item: Option<&TypeRef>) -> Result<(), Error> {
        let missing = hint.statuses.iter().flat_map(|statuses| &statuses.missing);
        let lists = [
            &hint.success,
            &hint.failure,
            &hint.cancelled,
            &hint.deleted,
            &hint.attention,
        ];
        let words: Vec<&String> = lists.into_iter().flatten().collect();
        let has_state = hint.state.is_some() || hint.statuses.is_some();
        let has_ready = !hint.ready.set.is_empty() || !hint.ready.positive.is_empty();
        if !has_state && !words.is_empty() {
            return Err(self
                .refused("it has words, and no path of a state")
                .remedy("write `state`"));
        }
        if words.is_empty() && !has_ready || has_state && hint.success.is_empty() {
            let remedy = "write the words of `success`, or which fields make it `ready`";
            return Err(self
                .refused("nothing says that the job succeeded")
                .remedy(remedy));
        }
        let known = match (&hint.state, &hint.statuses, item) {
            (Some(path), _, _) => self.values(data, path),
            (None, Some(statuses), Some(item)) => self.values(item, &statuses.state),
            _ => None,
        };
        let mut seen = Vec::new();
        for word in words.iter().copied().chain(missing) {
            if seen.contains(&word) {
                return Err(self.refused(format!("`{word}` is listed twice")));
            }
            seen.push(word);
        }
        let unknown = |word: &&&String| known.as_ref().is_some_and(|known| !known.contains(word));
        if let Some(word) = words.iter().find(unknown) {
            let known = known.unwrap_or_default().join("`, `");
            return Err(self
                .refused(format!("`{word}` is not a state"))
                .remedy(format!(
                    "the document has `{known}`; correct the word, or the enum"
                )));
        }
        Ok(())
    }

    /// The values of an enum.
    fn values(&self, data: &TypeRef, path: &str) -> Option<Vec<String>> {
        let ty = resolved(self.api, &follow(self.api, data, path)?);
        match &self.api.resolve(&ty)?.shape {
            Shape::Enum { values, .. } => Some(values.iter().map(|v| v.value.clone()).collect()),
            _ => None,
        }
    }

    /// The operation that starts jobs, and where their ids are.
    fn created(&self, id: &str, path: &str) -> Result<Created<'a>, Error> {
        let operation = self.operation(id)?;
        let data = self.data(operation)?;
        let several = path.ends_with(LIST);
        let path = path.trim_end_matches(LIST);
        if several {
            let ids = follow(self.api, &data, path).map(|ty| resolved(self.api, &ty).base);
            if !matches!(ids, Some(BaseType::List(item)) if item.base == BaseType::String) {
                let title = operation.title();
                return Err(self.refused(format!("`{path}` of {title} is not a list of ids")));
            }
        } else {
            self.path(operation, &data, path, Use::Text)?;
        }
        let BaseType::Named(response) = data.base else {
            let what = format!("the data of {} is not an object", operation.title());
            return Err(self.refused(what));
        };
        Ok(Created {
            operation,
            response,
            id: path.to_owned(),
            several,
        })
    }
}
