//! The commands that store a file of an object: `heygen video download ID`.

use std::path::{Path, PathBuf};

use clap::ArgMatches;
use heygen::{Downloaded, ErrorKind};
use serde_json::json;

use crate::error::{Call, CliError, Exit, PARSE_ERROR};
use crate::globals::Globals;
use crate::input::ask;
use crate::progress::Progress;
use crate::session::Session;
use crate::table::{DownloadCommand, FileChoice};
use crate::{ids, interrupt, output, wait};

/// Stores a file of an object.
pub(crate) async fn run(
    command: &'static DownloadCommand,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    let session = Session::open(globals).await?;
    let ended = store(command, matches, &session, globals).await;
    session.close().await;
    ended
}

async fn store(
    command: &'static DownloadCommand,
    matches: &ArgMatches,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let id = ids::text(matches, ids::ID).unwrap_or_default();
    let asset = ids::text(matches, ids::ASSET);
    let mut files = command.files.iter();
    let Some(choice) = files.find(|file| asset.is_none_or(|asset| asset == file.name)) else {
        return Err(CliError::usage(
            "there is no such file",
            "leave --asset out",
        ));
    };
    let index: Option<&usize> = matches.try_get_one(ids::INDEX).ok().flatten();
    if index.is_some() && !choice.several {
        let message = format!(
            "--index selects of several files, and {} is one",
            choice.name
        );
        return Err(CliError::usage(message, "leave --index out"));
    }
    let index = index.copied().unwrap_or_default();
    let path = match matches.get_one::<PathBuf>(ids::OUTPUT_PATH) {
        Some(path) => path.clone(),
        None => default_name(id, index, choice.extension).into(),
    };
    let overwrite = may_replace(&path, ids::is_on(matches, ids::FORCE))?;
    let owner = command.owner;
    let call = Call::by_hand(session.source().refused());
    if ids::is_on(matches, ids::WAIT)
        && let Some(job) = wait::job_read_by(owner.read())
    {
        wait::until_final(job, id, &call, session, globals).await?;
    }
    let progress = Progress::new();
    progress.set(path.file_name().unwrap_or_default().to_string_lossy());
    let bar = progress.clone();
    let download = heygen::raw::core(session.client())
        .download_file(owner, id, choice.link.index(index))
        .on_progress(move |now| bar.bytes(now.bytes, now.total, now.resumed))
        .to(&path)
        .overwrite(overwrite);
    let ended = interrupt::within(globals.timeout, download).await;
    progress.clear();
    match ended {
        Ok(Ok(stored)) => print(choice, &stored, globals),
        Ok(Err(error)) => Err(with_rest(failure(command, id, &call, error), &path)),
        Err(stopped) => Err(with_rest(stopped.error("the download"), &path)),
    }
}

/// The error of a download. An object without the file has a code for why.
fn failure(command: &DownloadCommand, id: &str, call: &Call<'_>, error: heygen::Error) -> CliError {
    let owner = command.owner;
    let state = error.job_state();
    let code = match error.kind() {
        ErrorKind::InvalidInput if error.param() == Some("url") => PARSE_ERROR.to_owned(),
        ErrorKind::File if error.is_file_missing() => {
            let noun = owner.name().replace(' ', "_");
            match state {
                state if owner.is_failed(state) => format!("{noun}_failed"),
                state if !owner.is_ready(state) => format!("{noun}_not_ready"),
                _ => "asset_not_available".to_owned(),
            }
        }
        _ if error.operation() == Some("download") => return error.into(),
        _ => return call.explain(error),
    };
    let read = wait::command_of(owner.read(), id);
    let mut error = CliError::from(error).with_more_hint(&format!("to look at it, run: {read}"));
    (error.exit, error.body.code) = (Exit::Failed, code);
    error
}

fn print(choice: &FileChoice, stored: &Downloaded, globals: &Globals) -> Result<(), CliError> {
    let path = stored.path.display();
    let mut body = json!({
        "asset": choice.name,
        "message": format!("stored in {path}"),
        "path": path.to_string(),
        "bytes": stored.bytes,
    });
    if stored.resumed > 0 {
        body["resumed"] = stored.resumed.into();
    }
    output::body(body.to_string().as_bytes(), globals.human)
}

/// Adds what is left of a download, which the next one goes on with.
fn with_rest(error: CliError, target: &Path) -> CliError {
    let beside = |suffix: &str| {
        let mut name = target.file_name().unwrap_or_default().to_owned();
        name.push(suffix);
        target.with_file_name(name)
    };
    let part = beside(".part");
    // Without the other file, what is left cannot be resumed.
    if error.body.code == "file_exists" || !part.exists() || !beside(".part.json").exists() {
        return error;
    }
    let part = part.display();
    error.with_more_hint(&format!(
        "what was received is in {part}: the same command goes on from there"
    ))
}

/// The name of a file whose path is not set: the last part of the id, so that an id
/// cannot choose another folder.
fn default_name(id: &str, index: usize, extension: &str) -> String {
    let last = id.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_refused = |letter: char| {
        letter.is_control()
            || cfg!(windows) && matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*')
    };
    let name = last.replace(is_refused, "_");
    let name = match name.as_str() {
        "" | "." | ".." => "file",
        name => name,
    };
    let index = if index > 0 {
        format!("-{index}")
    } else {
        String::new()
    };
    let dot = if extension.is_empty() { "" } else { "." };
    format!("{name}{index}{dot}{extension}")
}

/// Whether a file at this path is replaced: asked for by `--force`, or on a terminal.
fn may_replace(path: &Path, is_forced: bool) -> Result<bool, CliError> {
    // What else is wrong with the path is found by the download.
    if is_forced || path.symlink_metadata().is_err() {
        return Ok(is_forced);
    }
    let path = path.display();
    let (code, message) = match ask(&format!("Replace {path}")) {
        Some(true) => return Ok(true),
        Some(false) => ("canceled", format!("{path} was kept")),
        None => ("file_exists", format!("{path} exists")),
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
            ("a\\b", "b.mp4"),
            ("..", "file.mp4"),
            ("a/", "file.mp4"),
            ("a\n\u{1b}b", "a__b.mp4"),
            (".hidden", ".hidden.mp4"),
        ] {
            assert_eq!(default_name(id, 0, "mp4"), name, "{id}");
        }
        assert_eq!(default_name("job", 2, "jpg"), "job-2.jpg");
        assert_eq!(default_name("asset", 0, ""), "asset");
    }
}
