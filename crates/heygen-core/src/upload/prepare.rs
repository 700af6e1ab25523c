//! What is checked and read before anything is sent: that there is a file, its
//! size, its type, and the way it is uploaded.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::HeaderValue;

use super::media_type;
use super::source::Upload;
use super::spec::UploadSpec;
use crate::content::{Content, Stamp};
use crate::error::{Error, build};
use crate::text::OneLine;

/// The ways of a file to the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The form of one call.
    Form,
    /// The address that the API issues for the file.
    Direct,
}

/// A file that can be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) name: String,
    pub(super) content: Content,
    pub(super) length: u64,
    pub(super) content_type: String,
    pub(super) way: Way,
}

/// Checks a file. What the caller sets goes before what the file shows.
///
/// # Errors
/// `InvalidInput` for what the API would refuse.
pub(super) async fn prepare(
    spec: &'static UploadSpec,
    upload: Upload,
    content_type: Option<&str>,
    way: Option<Way>,
) -> Result<Prepared, Error> {
    let Upload { name, content } = upload;
    let refuse = |why: String| {
        build::input(format!("the file {} {why}", OneLine(&name, 100))).with_param(spec.part)
    };
    if name.is_empty() {
        return Err(build::input("the file has no name").with_param(spec.part));
    }
    let (content, length, first) = read_start(content).await.map_err(|why| {
        build::input(format!("the file cannot be uploaded: {why}")).with_param(spec.part)
    })?;
    if length == 0 {
        return Err(refuse("is empty".to_owned()));
    }
    let content_type = match content_type {
        Some(set) => match HeaderValue::from_str(set) {
            Ok(_) => set.to_owned(),
            Err(_) => return Err(refuse("has a content type that cannot be sent".to_owned())),
        },
        None => type_of(spec, &first, &name).map_err(refuse)?.to_owned(),
    };
    let known = spec.types.iter().find(|known| known.name == content_type);
    let most = known.and_then(|known| known.max_bytes);
    if let Some(most) = most.filter(|most| length > *most) {
        let why = format!("has {length} bytes, and {content_type} may have {most}");
        return Err(refuse(why));
    }
    let form_takes_type = known.is_none_or(|known| known.form);
    let fits_form = form_takes_type && length <= spec.max_bytes;
    let way = match way {
        Some(Way::Form) if !form_takes_type => {
            let why = format!("is {content_type}, which the form does not take");
            return Err(refuse(why).with_hint("leave .multipart() out"));
        }
        Some(Way::Form) if !fits_form => {
            let why = format!("has {length} bytes, and the form takes {}", spec.max_bytes);
            return Err(refuse(why).with_hint("leave .multipart() out"));
        }
        Some(way) => way,
        None if fits_form => Way::Form,
        None => Way::Direct,
    };
    Ok(Prepared {
        name,
        content,
        length,
        content_type,
        way,
    })
}

/// The content with its length and its first bytes.
async fn read_start(content: Content) -> Result<(Content, u64, Bytes), String> {
    match content {
        Content::Bytes(bytes) => {
            let first = bytes.slice(..bytes.len().min(media_type::MAGIC_BYTES));
            let length = bytes.len() as u64;
            Ok((Content::Bytes(bytes), length, first))
        }
        Content::Stream(stream) => {
            let first = stream.peek(media_type::MAGIC_BYTES).await?;
            let length = stream.length();
            Ok((Content::Stream(stream), length, first.into()))
        }
        Content::Path(path, _) => {
            let task = tokio::task::spawn_blocking(move || read_file(path));
            task.await.map_err(|error| error.to_string())?
        }
    }
}

fn read_file(path: PathBuf) -> Result<(Content, u64, Bytes), String> {
    let (stamp, first) =
        start_of(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Ok((Content::Path(path, Some(stamp)), stamp.length, first.into()))
}

fn start_of(path: &Path) -> io::Result<(Stamp, Vec<u8>)> {
    // Before it is opened, as opening a pipe waits for its other end.
    let about = std::fs::metadata(path)?;
    if !about.is_file() {
        let what = if about.is_dir() {
            "it is a directory"
        } else {
            "it is not a regular file"
        };
        return Err(io::Error::other(what));
    }
    let file = File::open(path)?;
    let stamp = Stamp::of(&file.metadata()?);
    let mut first = Vec::new();
    file.take(media_type::MAGIC_BYTES as u64)
        .read_to_end(&mut first)?;
    Ok((stamp, first))
}

/// The type of a file, or why there is none that is accepted.
fn type_of(spec: &'static UploadSpec, first: &[u8], name: &str) -> Result<&'static str, String> {
    let accepted = || {
        let extensions = spec
            .types
            .iter()
            .filter_map(|known| known.extensions.first());
        let extensions: Vec<&str> = extensions.copied().collect();
        format!("accepted are {}", extensions.join(", "))
    };
    match media_type::of_bytes(first) {
        Some(shown) if spec.types.iter().any(|known| known.name == shown) => Ok(shown),
        Some(shown) => Err(format!("is {shown} by its bytes: {}", accepted())),
        None => media_type::of_name(name, spec.types)
            .ok_or_else(|| format!("is of no known type: {}", accepted())),
    }
}
