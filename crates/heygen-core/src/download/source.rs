//! Where a file is: at an address, or at the link that an object of the API has
//! for it, which expires and is read anew.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::{Position, Url};

use super::open::{context, file_url};
use crate::client::Client;
use crate::error::job::JobFacts;
use crate::error::{Error, build};
use crate::operation::Operation;

/// Objects that have files, as the document describes them: static data of
/// generated code.
#[derive(Debug)]
#[non_exhaustive]
pub struct FileOwner {
    /// The noun for messages, such as `video`.
    name: &'static str,
    /// The operation that reads an object.
    operation: &'static Operation,
    /// The parameter of its path.
    id: &'static str,
    /// Dotted path of the state under `data`, if there is one.
    state: Option<&'static str>,
    /// The states in which the files are there.
    ready: &'static [&'static str],
    /// The states in which there will be none.
    failed: &'static [&'static str],
}

impl FileOwner {
    /// Objects of this noun, read by an operation with this path parameter.
    pub const fn new(name: &'static str, operation: &'static Operation, id: &'static str) -> Self {
        Self {
            name,
            operation,
            id,
            state: None,
            ready: &[],
            failed: &[],
        }
    }

    /// Sets where the state is, and in which states the files are there or will
    /// never be.
    #[must_use]
    pub const fn state(
        mut self,
        state: &'static str,
        ready: &'static [&'static str],
        failed: &'static [&'static str],
    ) -> Self {
        self.state = Some(state);
        self.ready = ready;
        self.failed = failed;
        self
    }

    /// The noun, for example `video`.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The operation that reads an object.
    pub const fn read(&self) -> &'static Operation {
        self.operation
    }

    /// Whether the files are there in this state; none where objects have no state.
    pub fn is_ready(&self, state: Option<&str>) -> bool {
        state.is_none_or(|state| self.ready.contains(&state))
    }

    /// Whether there will be no files in this state.
    pub fn is_failed(&self, state: Option<&str>) -> bool {
        state.is_some_and(|state| self.failed.contains(&state))
    }
}

/// A file of an object.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FileLink {
    /// Its name, such as `captioned`.
    name: &'static str,
    /// Dotted path of its link under `data`. `[]` is an item of a list.
    path: &'static str,
    /// Which item.
    index: usize,
    /// Its class of media, if it is known: `video`, `audio`, `image`, `text`.
    class: Option<&'static str>,
}

impl FileLink {
    /// A file whose link is at a path of the object.
    pub const fn new(name: &'static str, path: &'static str) -> Self {
        Self {
            name,
            path,
            index: 0,
            class: None,
        }
    }

    /// Sets the class of media.
    #[must_use]
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = Some(class);
        self
    }

    /// Selects an item of the list in the path, counted from zero.
    #[must_use]
    pub const fn index(mut self, index: usize) -> Self {
        self.index = index;
        self
    }

    /// The link in an object, if it is not null.
    fn find<'a>(&self, data: &'a Value) -> Option<&'a str> {
        let mut value = data;
        for part in self.path.split('.') {
            value = match part.strip_suffix("[]") {
                Some(list) => value.get(list)?.get(self.index)?,
                None => value.get(part)?,
            };
        }
        value.as_str().filter(|link| !link.is_empty())
    }

    /// Its path, with the index of the item.
    fn field(&self) -> String {
        self.path.replace("[]", &format!("[{}]", self.index))
    }
}

/// Which file of an object: an enum of generated code.
pub trait ObjectFile: Default + Into<FileLink> + Send + 'static {
    /// The objects that have these files.
    const OWNER: &'static FileOwner;
}

/// Where a file is.
#[derive(Debug)]
pub(super) enum Source {
    Address(String),
    Object {
        owner: &'static FileOwner,
        id: String,
        file: FileLink,
    },
}

impl Source {
    /// A file of an object.
    pub(super) const fn object(owner: &'static FileOwner, id: String, file: FileLink) -> Self {
        Self::Object { owner, id, file }
    }

    /// Selects another file of the object.
    pub(super) fn select(&mut self, selected: FileLink) {
        if let Self::Object { file, .. } = self {
            *file = selected;
        }
    }

    pub(super) fn class(&self) -> Option<&'static str> {
        match self {
            Self::Address(_) => None,
            Self::Object { file, .. } => file.class,
        }
    }

    /// Whether there may be a new address of the same file.
    pub(super) fn is_renewable(&self) -> bool {
        matches!(self, Self::Object { .. })
    }

    /// The address of the file, read from the object.
    pub(super) async fn address(&self, client: &Client) -> Result<Url, Error> {
        let checked =
            |url: &str| file_url(client, url).map_err(|error| error.with_context(&context()));
        let (owner, id, file) = match self {
            Self::Address(url) => return checked(url),
            Self::Object { owner, id, file } => (owner, id, file),
        };
        let request = client.operation(owner.operation, &[(owner.id, id)], &[]);
        let response = request.with_response().await?;
        let body: Value = serde_json::from_slice(response.raw_body()).unwrap_or_default();
        let data = &body["data"];
        match file.find(data) {
            Some(link) => checked(link),
            None => Err(missing(owner, id, *file, data).with_context(&context())),
        }
    }

    /// Identifies the file on its server, so that what was received of it is not
    /// continued by another file. A hash, since an address may be a secret. The
    /// query of an object's link is a signature, which is another one each time.
    pub(super) fn resource(&self, url: &Url) -> String {
        let mut hash = Sha256::new();
        match self {
            Self::Address(_) => hash.update(url.as_str()),
            Self::Object { owner, id, file } => {
                for part in [owner.name, id, &file.field(), &url[..Position::AfterPath]] {
                    hash.update(part);
                    hash.update([0]);
                }
            }
        }
        hash.finalize()
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }
}

/// The error of an object whose link is null: which state it has, and what to do.
fn missing(owner: &FileOwner, id: &str, file: FileLink, data: &Value) -> Error {
    let name = owner.name;
    let state = owner.state.and_then(|path| {
        let mut parts = path.split('.');
        parts
            .try_fold(data, |value, part| value.get(part))?
            .as_str()
    });
    let (field, file) = (file.field(), file.name);
    let message = format!("it has no file '{file}', as its `{field}` is null");
    let hint = match state {
        state if owner.is_failed(state) => {
            format!("the {name} will have no files: create it again")
        }
        state if !owner.is_ready(state) => {
            format!("wait until the {name} is finished, then download it")
        }
        _ => format!(
            "the {name} was made without this file, or its link appears some seconds later: try \
             again in half a minute, or select another file"
        ),
    };
    build::missing_file(message, hint).with_job(JobFacts {
        name,
        id: id.to_owned(),
        next: None,
        state: state.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    static GET: Operation = Operation::new("getVideo", "GET", "/v3/videos/{video_id}");
    static VIDEO: FileOwner =
        FileOwner::new("video", &GET, "video_id").state("status", &["completed"], &["failed"]);

    #[test]
    fn link_is_found_by_path_and_index() {
        let data = json!({"video_url": "https://a", "gif_url": null, "srt": "",
            "layers": {"mask": "https://m"}, "clips": [{"url": "https://0"}, {"url": "https://1"}]});
        for (path, index, found) in [
            ("video_url", 0, Some("https://a")),
            ("gif_url", 0, None),
            ("srt", 0, None),
            ("layers.mask", 0, Some("https://m")),
            ("layers.other", 0, None),
            ("clips[].url", 1, Some("https://1")),
            ("clips[].url", 2, None),
        ] {
            assert_eq!(
                FileLink::new("file", path).index(index).find(&data),
                found,
                "{path}"
            );
        }
    }

    #[test]
    fn null_link_is_an_error_with_the_state() {
        let captioned = FileLink::new("captioned", "captioned_video_url");
        for (state, hint) in [
            (json!("processing"), "wait until the video is finished"),
            (json!("failed"), "will have no files"),
            (json!("completed"), "made without this file"),
            (json!(null), "made without this file"),
        ] {
            let error = missing(&VIDEO, "vid_1", captioned, &json!({"status": state}));
            assert!(error.is_file_missing());
            assert_eq!(
                (error.job_id(), error.job_state()),
                (Some("vid_1"), state.as_str())
            );
            assert!(error.hint().unwrap().contains(hint), "{state} {error}");
            for part in [
                "video vid_1",
                "captioned_video_url",
                state.as_str().unwrap_or("null"),
            ] {
                assert!(error.to_string().contains(part), "{error}");
            }
        }
    }

    #[test]
    fn resource_is_one_file_of_one_object() {
        let object = |id: &str| Source::Object {
            owner: &VIDEO,
            id: id.to_owned(),
            file: FileLink::new("video", "video_url"),
        };
        let url = |text: &str| Url::parse(text).unwrap();
        let signed = url("https://files.example/a.mp4?Signature=hush");
        let resource = object("vid_1").resource(&signed);
        assert_eq!(
            resource,
            object("vid_1").resource(&url("https://files.example/a.mp4?Signature=x"))
        );
        assert_ne!(
            resource,
            object("vid_1").resource(&url("https://files.example/b.mp4?Signature=hush"))
        );
        assert_ne!(resource, object("vid_2").resource(&signed));
        let address = Source::Address(String::new());
        assert_ne!(
            address.resource(&url("https://x/?file=a")),
            address.resource(&url("https://x/?file=b"))
        );
    }
}
