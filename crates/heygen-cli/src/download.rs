//! The commands that store a file of an object: `heygen video download ID`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ArgMatches;
use heygen::raw::heygen_core::FileOwner;
use heygen::{Error, ErrorKind};
use serde_json::json;

use crate::error::{Call, CliError, Exit, PARSE_ERROR};
use crate::globals::Globals;
use crate::input::ask;
use crate::session::Session;
use crate::table::DownloadCommand;
use crate::{ids, interrupt, output, progress, wait};

/// Stores a file of an object.
pub(crate) async fn run(
    command: &'static DownloadCommand,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    let session = Session::of_call(matches, globals).await?;
    let owner = command.owner;
    let id = ids::text(matches, ids::ID).unwrap_or_default();
    let asset = ids::text(matches, ids::ASSET);
    // Parsed by the list of files; without the option there is one.
    let mut files = command.files.iter();
    let choice = files.find(|file| asset == Some(file.name));
    let choice = choice.unwrap_or(&command.files[0]);
    let index = matches.try_get_one(ids::INDEX).ok().flatten();
    let index = index.copied().unwrap_or_default();
    let path = matches.get_one::<PathBuf>(ids::OUTPUT_PATH).cloned();
    let path = path.unwrap_or_else(|| default_name(id, index, choice.extension).into());
    let overwrite = may_replace(&path, ids::is_on(matches, ids::FORCE))?;
    let mut call = Call::by_hand(session.source.refused());
    let nth = nth(" --index ", index);
    let to = wait::quoted(&path.to_string_lossy());
    let options = format!(" --wait --asset {}{nth} --output-path {to}", choice.name);
    let line = format!("heygen {}", command.words.join(" "));
    let job = wait::job_read_by(owner.read());
    call.resume = job.map(|_| wait::with_id(&line, &options, id));
    if let Some(job) = job.filter(|_| globals.wait) {
        let jobs = vec![wait::by_id(job, id, &session)];
        wait::until_final(job, jobs, Instant::now(), &call, globals).await?;
    }
    let line = progress::line(progress::BYTES, path.display().to_string());
    let bar = line.clone();
    let download = heygen::raw::core(&session.client)
        .download_file(owner, id, choice.link.index(index))
        .on_progress(move |now| progress::show_bytes(&bar, now.bytes, now.total, now.resumed))
        .to(&path)
        .overwrite(overwrite);
    let ended = interrupt::within(globals.timeout, "the download", download).await;
    line.finish_and_clear();
    let stored = ended.and_then(|ended| ended.map_err(|error| failure(owner, id, &call, error)));
    let stored = stored.map_err(|error| with_part(error, &path))?;
    let path = stored.path.display();
    let body = json!({
        "asset": choice.name,
        "message": format!("stored in {path}"),
        "path": path.to_string(),
        "bytes": stored.bytes,
        "resumed": stored.resumed,
    });
    output::body(body.to_string().as_bytes(), globals.human)
}

/// The error of a download. An object without the file has a code for why.
fn failure(owner: &FileOwner, id: &str, call: &Call<'_>, error: Error) -> CliError {
    let noun = owner.name().replace(' ', "_");
    let state = error.job_state();
    let code = match error.kind() {
        ErrorKind::InvalidInput if error.param() == Some("url") => PARSE_ERROR.to_owned(),
        ErrorKind::File if !error.is_file_missing() => return call.explain(error),
        ErrorKind::File if owner.is_failed(state) => format!("{noun}_failed"),
        ErrorKind::File if owner.is_ready(state) => "asset_not_available".to_owned(),
        ErrorKind::File => format!("{noun}_not_ready"),
        _ => return call.explain(error),
    };
    let is_early = code.ends_with("_not_ready");
    let mut error = CliError::from(error);
    (error.exit, error.body.code) = (Exit::Failed, code);
    let read = wait::command_of(owner.read(), "", id);
    let error = error.with_more_hint(&format!("to look at it, run: {read}"));
    let again = call.resume.iter().filter(|_| is_early);
    let again = again.map(|again| format!("to wait for it, run: {again}"));
    again.fold(error, |error, again| error.with_more_hint(&again))
}

/// Adds what is left of a download, which the next one goes on with.
fn with_part(error: CliError, target: &Path) -> CliError {
    let mut part = target.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    if !part.exists() {
        return error;
    }
    let part = part.display();
    error.with_more_hint(&format!("the same command goes on from {part}"))
}

/// The name of a file whose path is not set: the last part of the id, so that an id
/// cannot choose another folder.
fn default_name(id: &str, index: usize, extension: &str) -> String {
    let name = Path::new(id).file_name().and_then(OsStr::to_str);
    let name = name.unwrap_or("file");
    let index = nth("-", index);
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{name}{index}{dot}{extension}")
}

/// An index after a text, unless it is that of the first.
fn nth(before: &str, index: usize) -> String {
    match index {
        0 => String::new(),
        index => format!("{before}{index}"),
    }
}

/// Whether a file at this path is replaced: asked for by `--force`, or on a terminal.
fn may_replace(path: &Path, is_forced: bool) -> Result<bool, CliError> {
    let name = path.display();
    if path.is_dir() {
        return Err(CliError::file(&name.to_string(), &"it is a folder"));
    }
    // What else is wrong with the path is found by the download.
    if is_forced || path.symlink_metadata().is_err() {
        return Ok(is_forced);
    }
    let (code, message) = match ask(&format!("Replace {name}")) {
        Some(true) => return Ok(true),
        Some(false) => ("canceled", format!("{name} was kept")),
        None => ("file_exists", format!("{name} exists")),
    };
    let hint = "add --force to replace it, or pass another --output-path";
    Err(CliError::new(Exit::Failed, code, message).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_does_not_choose_a_folder() {
        for (id, name) in [
            ("vid_1", "vid_1.mp4"),
            ("../../etc/x", "x.mp4"),
            ("..", "file.mp4"),
            ("a/", "a.mp4"),
            ("", "file.mp4"),
            (".hidden", ".hidden.mp4"),
        ] {
            assert_eq!(default_name(id, 0, "mp4"), name, "{id}");
        }
        assert_eq!(default_name("job", 2, "jpg"), "job-2.jpg");
        assert_eq!(default_name("asset", 0, ""), "asset");
    }
}
