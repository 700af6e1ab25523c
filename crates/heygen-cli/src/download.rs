//! The commands that store a file of an object: `heygen video download ID`.

use std::io::{self, BufRead as _, ErrorKind as IoKind, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use heygen::raw::heygen_core::FileLink;
use heygen::{Downloaded, ErrorKind};
use serde_json::json;

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::interrupt::or_stop;
use crate::output;
use crate::progress::Progress;
use crate::session::Session;
use crate::table::{DownloadCommand, FileChoice};
use crate::wait;

/// Stores a file of an object.
pub(crate) async fn run(
    command: &'static DownloadCommand,
    matches: &ArgMatches,
    globals: &Globals,
) -> Result<(), CliError> {
    let Some(id) = matches.get_one::<String>("id") else {
        let (argument, words) = (command.argument.to_uppercase(), command.words.join(" "));
        return Err(CliError::usage(
            format!("the argument {argument} is missing"),
            format!("usage: heygen {words} {argument}"),
        ));
    };
    let session = Session::open(globals).await?;
    let target = Target { command, id };
    let ended = target.store(matches, &session, globals).await;
    session.close().await;
    ended
}

/// An object whose file is stored.
struct Target<'a> {
    command: &'static DownloadCommand,
    id: &'a str,
}

impl Target<'_> {
    async fn store(
        &self,
        matches: &ArgMatches,
        session: &Session,
        globals: &Globals,
    ) -> Result<(), CliError> {
        let choice = self.choice(matches.get_one("asset"))?;
        let (link, index) = link_of(choice, matches.try_get_one("index").ok().flatten().copied())?;
        let path = match matches.get_one::<PathBuf>("output-path") {
            Some(path) => path.clone(),
            None => default_name(self.id, index, choice.extension).into(),
        };
        let is_forced = matches.get_flag("force");
        let overwrite = may_replace(&path, is_forced)?;
        let owner = self.command.owner;
        if matches
            .try_get_one("wait")
            .is_ok_and(|wait| wait == Some(&true))
            && let Some(job) = wait::job_read_by(owner.read())
        {
            wait::until_ready(job, self.id, session, globals).await?;
        }
        let progress = Progress::new();
        progress.set(path.display().to_string());
        let bar = progress.clone();
        let download = heygen::raw::core(session.client())
            .download_file(owner, self.id, link)
            .on_progress(move |now| bar.bytes(now.bytes, now.total, now.resumed))
            .to(&path)
            .overwrite(overwrite);
        let bounded = async {
            match globals.timeout {
                Some(limit) => tokio::time::timeout(limit, download)
                    .await
                    .map_err(|_| limit),
                None => Ok(download.await),
            }
        };
        let ended = or_stop(bounded).await;
        progress.clear();
        let error = match ended {
            Some(Ok(Ok(stored))) => return print(choice, &stored, globals),
            Some(Ok(Err(error))) => self.failure(choice, error),
            Some(Err(limit)) => {
                let message = format!("the download was not complete within {limit:?}");
                CliError::new(Exit::Timeout, "timeout", message)
            }
            None => {
                let message = "interrupted before the file was complete";
                CliError::new(Exit::Interrupted, "interrupted", message)
            }
        };
        Err(with_rest(error, &path))
    }

    /// The file that `--asset` selects.
    fn choice(&self, asset: Option<&String>) -> Result<&'static FileChoice, CliError> {
        let files = self.command.files;
        let found = match asset {
            Some(name) => files.iter().find(|file| file.name == name),
            None => files.first(),
        };
        found.ok_or_else(|| {
            let name = asset.map_or("", String::as_str);
            let names: Vec<_> = files.iter().map(|file| file.name).collect();
            CliError::usage(
                format!("there is no file {name:?} for --asset"),
                format!("pass one of {}", names.join(", ")),
            )
        })
    }

    /// The error of a download, with the commands that help.
    fn failure(&self, choice: &FileChoice, error: heygen::Error) -> CliError {
        let owner = self.command.owner;
        let (name, id) = (owner.name(), self.id);
        let code = |end: &str| format!("{}_{end}", name.replace(' ', "_"));
        let state = error.job_state().map(str::to_owned);
        let is_missing = error.is_file_missing();
        let is_bad_address =
            error.kind() == ErrorKind::InvalidInput && error.operation() == Some("download");
        let mut error = CliError::from(error);
        if is_bad_address {
            error.exit = Exit::Failed;
            "cli_response_parse_error".clone_into(&mut error.body.code);
        }
        if !is_missing {
            return error;
        }
        let read = wait::command_of(owner.read(), id);
        let state = state.as_deref();
        let (code, message, hint) = if owner.is_failed(state) {
            let state = state.unwrap_or_default();
            let message = format!("the {name} {id} has no files, as its state is {state}");
            (code("failed"), message, format!("to see why, run: {read}"))
        } else if !owner.is_ready(state) {
            let state = state.unwrap_or_default();
            let message = format!("the {name} {id} is not finished, its state is {state}");
            (
                code("not_ready"),
                message,
                format!("add --wait, or run: {read} --wait"),
            )
        } else {
            let message = format!("the {name} {id} has no file {}", choice.name);
            let files = self.command.files.iter().map(|file| file.name);
            let others: Vec<_> = files.filter(|name| *name != choice.name).collect();
            let hint = if others.is_empty() {
                format!("its link may appear some seconds later; to look, run: {read}")
            } else {
                format!("pass another --asset: {}", others.join(", "))
            };
            ("asset_not_available".to_owned(), message, hint)
        };
        (error.body.code, error.body.message) = (code, message);
        error.with_hint(hint)
    }
}

/// The link of a file, and which of several it is.
fn link_of(choice: &FileChoice, index: Option<usize>) -> Result<(FileLink, usize), CliError> {
    match index {
        Some(_) if !choice.several => Err(CliError::usage(
            format!(
                "there is one file {}, and --index selects of several",
                choice.name
            ),
            "leave --index out",
        )),
        index => {
            let index = index.unwrap_or_default();
            Ok((choice.link.index(index), index))
        }
    }
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
    let exists = match path.symlink_metadata() {
        Err(error) if error.kind() == IoKind::NotFound => false,
        // Any other error is that of the download, which has the words for it.
        Err(_) => return Ok(is_forced),
        Ok(_) => true,
    };
    if !exists || is_forced {
        return Ok(is_forced);
    }
    let path = path.display();
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        let error = CliError::new(Exit::Failed, "file_exists", format!("{path} exists"));
        return Err(error.with_hint("add --force to replace it, or pass another --output-path"));
    }
    let mut answer = String::new();
    let asked = write!(io::stderr(), "{path} exists. Replace it? [y/N] ");
    // Whoever cannot be asked has not agreed.
    let _ = asked.and_then(|()| stdin.lock().read_line(&mut answer));
    match answer.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        _ => Err(
            CliError::new(Exit::Failed, "canceled", format!("{path} was kept"))
                .with_hint("answer y to replace it, or pass another --output-path"),
        ),
    }
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
