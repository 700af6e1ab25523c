//! `heygen asset upload`: files of any size, by the way that fits each.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use heygen::raw::generated::v3::jobs;
use heygen::v3::resources::Assets;
use heygen::wait::{Created, Job, JobBody};
use heygen::{Bytes, Error, ErrorKind, Upload, UploadProgress, UploadedFile};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::error::{CliError, Exit};
use crate::globals::Globals;
use crate::interrupt::or_stop;
use crate::output;
use crate::progress::Progress;
use crate::session::Session;
use crate::wait;

/// The path that stands for standard input.
const STDIN: &str = "-";

/// Most bytes of standard input, whose length has to be known before it is sent.
const MAX_STDIN: u64 = 64 * 1024 * 1024;

pub(crate) fn definition() -> Command {
    Command::new("upload")
        .about("Upload files of any size as assets")
        .after_help(
            "A file is sent as a form where it fits one, else to an address that is issued \
             for it. Several files are one batch.",
        )
        .args([
            Arg::new("paths")
                .value_name("PATH")
                .action(ArgAction::Append)
                .num_args(0..)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help("The files; - is standard input, which needs --name"),
            Arg::new("name")
                .long("name")
                .value_name("NAME")
                .help("The name of the file in the account [default: that of the path]"),
            Arg::new("content-type")
                .long("content-type")
                .value_name("TYPE")
                .help("Its content type [default: that of its first bytes or its name]"),
            Arg::new("wait")
                .long("wait")
                .action(ArgAction::SetTrue)
                .help("Wait until the files can be used"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let paths: Vec<&PathBuf> = matches.get_many("paths").unwrap_or_default().collect();
    if paths.is_empty() {
        let hint = "usage: heygen asset upload PATH...";
        return Err(CliError::usage("there is no file to upload", hint));
    }
    let name = matches.get_one::<String>("name");
    let content_type = matches.get_one::<String>("content-type");
    if paths.len() > 1 && (name.is_some() || content_type.is_some()) {
        return Err(CliError::usage(
            "--name and --content-type are for one file",
            "leave them out, or upload the files one by one",
        ));
    }
    let session = Session::open(globals).await?;
    let uploads: Result<Vec<_>, _> = paths.into_iter().map(|path| file(path, name)).collect();
    let ended = match uploads {
        Ok(uploads) => {
            let assets = session.client().v3().assets();
            let options = Options {
                content_type,
                wait: matches.get_flag("wait"),
                globals,
            };
            options.upload(assets, uploads).await
        }
        Err(error) => Err(error),
    };
    session.close().await;
    ended
}

/// A file of the command line.
fn file(path: &PathBuf, name: Option<&String>) -> Result<Upload, CliError> {
    let failed = |error: io::Error| {
        let message = format!("{} cannot be read: {error}", path.display());
        let error = CliError::new(Exit::Failed, "cli_file_io_error", message);
        error.with_hint("check the path and its permissions")
    };
    if path.as_os_str() != STDIN {
        // Before anything is sent; the upload checks the rest.
        path.metadata().map_err(failed)?;
        let upload = Upload::path(path);
        return Ok(match name {
            Some(name) => upload.name(name),
            None => upload,
        });
    }
    let Some(name) = name else {
        let hint = "pass --name, such as --name speech.mp3";
        return Err(CliError::usage("standard input has no name", hint));
    };
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock().take(MAX_STDIN + 1);
    input.read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_STDIN {
        return Err(CliError::usage(
            format!("standard input is longer than {} MiB", MAX_STDIN >> 20),
            "store it in a file and pass its path",
        ));
    }
    Ok(Upload::bytes(name, bytes))
}

/// An asset as it came, also after a wait.
struct RawAsset;

impl Created for RawAsset {
    type Job = JobBody;
    type Output = JobBody;
    const JOB: &'static Job = &jobs::ASSET;
    const ID: &'static str = "asset_id";
}

/// What an upload ends with.
enum Ended {
    One(Bytes),
    Several(Vec<UploadedFile>),
}

/// The options of an upload.
struct Options<'a> {
    content_type: Option<&'a String>,
    wait: bool,
    globals: &'a Globals,
}

impl Options<'_> {
    /// Uploads the files and prints what became of them.
    async fn upload(&self, assets: Assets<'_>, uploads: Vec<Upload>) -> Result<(), CliError> {
        let files = Files::default();
        let window = self.wait.then_some(wait::WINDOW);
        let limit = self.globals.timeout.or(window);
        let work = async {
            let work = self.send(assets, uploads, &files);
            match limit {
                Some(limit) => tokio::time::timeout(limit, work).await.map_err(|_| limit),
                None => Ok(work.await),
            }
        };
        let ended = or_stop(work).await;
        files.line.clear();
        match ended {
            Some(Ok(Ok(Ended::One(body)))) => output::body(&body, self.globals.human),
            Some(Ok(Ok(Ended::Several(uploaded)))) => print_all(uploaded, self.globals.human),
            Some(Ok(Err(error))) => {
                if error.kind() == ErrorKind::Job {
                    output::body(error.body(), self.globals.human)?;
                }
                Err(failure(error))
            }
            Some(Err(limit)) => {
                let message = format!("the upload was not complete within {limit:?}");
                Err(files.about_assets(CliError::new(Exit::Timeout, "timeout", message)))
            }
            None => {
                let message = "interrupted before the upload was complete";
                let error = CliError::new(Exit::Interrupted, "interrupted", message);
                Err(files.about_assets(error))
            }
        }
    }

    async fn send(
        &self,
        assets: Assets<'_>,
        mut uploads: Vec<Upload>,
        files: &Files,
    ) -> Result<Ended, Error> {
        if uploads.len() != 1 {
            let request = assets.upload_batch(uploads).on_progress(files.listener());
            let request = if self.wait {
                request.and_wait()
            } else {
                request
            };
            return Ok(Ended::Several(request.await));
        }
        let mut request = assets
            .upload(uploads.remove(0))
            .on_progress(files.listener());
        if let Some(content_type) = self.content_type {
            request = request.content_type(content_type);
        }
        if self.wait {
            let line = files.line.clone();
            let request = request.typed::<RawAsset>().and_wait();
            let request = request.on_state(move |state| line.set(format!("{state:#}")));
            let request = request.deadline(self.globals.timeout.unwrap_or(wait::WINDOW));
            return request.await.map(|asset| Ended::One(asset.body));
        }
        let asset = request.typed::<Box<RawValue>>().await?;
        Ok(Ended::One(format!("{{\"data\":{asset}}}").into()))
    }
}

/// The files of an upload while it lasts.
struct Files {
    line: Progress,
    sent: Arc<Mutex<BTreeMap<String, UploadProgress>>>,
}

impl Default for Files {
    fn default() -> Self {
        let line = Progress::new();
        line.set("preparing");
        let sent = Arc::default();
        Self { line, sent }
    }
}

impl Files {
    /// Shows the sum of what was sent of all files.
    fn listener(&self) -> impl FnMut(&UploadProgress) + Send + use<> {
        let (line, sent) = (self.line.clone(), Arc::clone(&self.sent));
        move |progress| {
            let mut sent = sent.lock().unwrap_or_else(PoisonError::into_inner);
            sent.insert(progress.name().to_owned(), progress.clone());
            let (bytes, total) = sent.values().fold((0, 0), |(bytes, total), file| {
                (bytes + file.sent(), total + file.total())
            });
            line.bytes(bytes, Some(total), 0);
        }
    }

    /// The error of an upload that was stopped, with the assets that it leaves.
    fn about_assets(&self, error: CliError) -> CliError {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let ids: Vec<&str> = sent.values().filter_map(UploadProgress::id).collect();
        match ids.first() {
            None => error.with_hint("look in heygen asset list before you upload it again"),
            Some(first) => {
                let mut error = error.with_hint(look_at(first));
                error.body.message += &format!("; it has begun {}", ids.join(", "));
                error.body.job_id = Some((*first).to_owned());
                error
            }
        }
    }
}

fn look_at(id: &str) -> String {
    let command = wait::command_of(jobs::ASSET.read(), id);
    format!("to look at what is there, run: {command}")
}

/// The error of an upload, with the asset if there is one.
fn failure(error: Error) -> CliError {
    let error = CliError::from(error);
    match error.body.job_id.as_deref().map(look_at) {
        None => error,
        Some(look) => error.with_more_hint(&look),
    }
}

/// Prints what became of each file. The error is that of the first which failed.
fn print_all(uploaded: Vec<UploadedFile>, human: bool) -> Result<(), CliError> {
    let count = uploaded.len();
    let mut errors = Vec::new();
    let data = uploaded.into_iter().map(|file| {
        let UploadedFile {
            name,
            asset_id,
            batch_id,
            result,
            ..
        } = file;
        let error = result.err().map(CliError::from);
        let is_uploaded = error.is_none();
        let entry = json!({
            "name": name,
            "asset_id": asset_id,
            "batch_id": batch_id,
            "uploaded": is_uploaded,
            "error": error.as_ref().map(|error| &error.body),
        });
        errors.extend(error.map(|error| (name, error)));
        entry
    });
    let body = json!({ "data": data.collect::<Value>() });
    output::body(body.to_string().as_bytes(), human)?;
    let failed = errors.len();
    let messages = errors
        .iter()
        .map(|(name, error)| format!("{name}: {}", error.body.message));
    let messages = messages.collect::<Vec<_>>().join("; ");
    let Some((_, mut first)) = errors.into_iter().next() else {
        return Ok(());
    };
    if first.exit == Exit::Usage {
        // Other files were sent.
        first.exit = Exit::Failed;
        "error".clone_into(&mut first.body.code);
    }
    first.body.message = format!("{failed} of {count} files were not uploaded: {messages}");
    Err(first)
}
