//! `heygen asset upload`: files of any size, by the way that fits each.

use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use heygen::raw::generated::v3::jobs;
use heygen::v3::resources::Assets;
use heygen::wait::{Created, Job, JobBody};
use heygen::{Bytes, Error, ErrorKind, Upload, UploadProgress, UploadedFile};
use serde_json::json;
use serde_json::value::RawValue;

use crate::error::{Call, CliError, Exit};
use crate::globals::Globals;
use crate::progress::Progress;
use crate::session::Session;
use crate::{globals, ids, interrupt, output, wait};

const PATHS: &str = "paths";
const NAME: &str = "name";

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
            Arg::new(PATHS)
                .value_name("PATH")
                .action(ArgAction::Append)
                .num_args(0..)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help("The files; - is standard input, which needs --name"),
            Arg::new(NAME)
                .long(NAME)
                .value_name("NAME")
                .help("The name of the file in the account [default: that of the path]"),
            globals::boolean(ids::WAIT).help("Wait until the files can be used"),
        ])
}

pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let paths: Vec<&PathBuf> = matches.get_many(PATHS).unwrap_or_default().collect();
    let name = ids::text(matches, NAME);
    if paths.is_empty() || (paths.len() > 1 && name.is_some()) {
        let message = "--name is for one file, and there has to be at least one";
        return Err(CliError::usage(
            message,
            "usage: heygen asset upload PATH...",
        ));
    }
    let session = Session::open(globals).await?;
    let what = match (name, &paths[..]) {
        (Some(name), _) => name.to_owned(),
        (None, [path]) => path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into(),
        (None, paths) => format!("{} files", paths.len()),
    };
    let files: Result<Vec<_>, _> = paths.into_iter().map(|path| file(path, name)).collect();
    let ended = match files {
        Ok(files) => upload(files, what, &session, globals).await,
        Err(error) => Err(error),
    };
    session.close().await;
    ended
}

/// A file of the command line.
fn file(path: &PathBuf, name: Option<&str>) -> Result<Upload, CliError> {
    let failed =
        |error: io::Error| CliError::file(&format!("{} cannot be read", path.display()), &error);
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
        let message = format!("standard input is longer than {} MiB", MAX_STDIN >> 20);
        return Err(CliError::usage(
            message,
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

/// Uploads the files and prints what became of them.
async fn upload(
    files: Vec<Upload>,
    what: String,
    session: &Session,
    globals: &Globals,
) -> Result<(), CliError> {
    let line = Progress::new();
    line.set(what);
    let sent = Sent::default();
    let work = send(files, session.client().v3().assets(), globals, &line, &sent);
    let limit = globals.timeout.or(globals.wait.then_some(wait::WINDOW));
    let ended = interrupt::within(limit, work).await;
    line.clear();
    match ended {
        Ok(Ok(Ended::One(body))) => output::body(&body, globals.human),
        Ok(Ok(Ended::Several(uploaded))) => print_all(uploaded, globals.human),
        Ok(Err(error)) => {
            if error.kind() == ErrorKind::Job {
                output::body(error.body(), globals.human)?;
            }
            let call = Call::by_hand(session.source().refused());
            let id = error.job_id().map(str::to_owned);
            Err(about_assets(call.explain(error), id.into_iter().collect()))
        }
        Err(stopped) => {
            let sent = lock(&sent);
            let ids = sent.values().filter_map(UploadProgress::id);
            let ids = ids.map(str::to_owned).collect();
            Err(about_assets(stopped.error("the upload"), ids))
        }
    }
}

async fn send(
    mut files: Vec<Upload>,
    assets: Assets<'_>,
    globals: &Globals,
    line: &Progress,
    sent: &Sent,
) -> Result<Ended, Error> {
    let (bar, all) = (line.clone(), Arc::clone(sent));
    let show = move |progress: &UploadProgress| {
        let mut sent = lock(&all);
        let key = progress.id().unwrap_or(progress.name()).to_owned();
        sent.insert(key, progress.clone());
        let bytes = sent.values().map(UploadProgress::sent).sum();
        let total = sent.values().map(UploadProgress::total).sum();
        bar.bytes(bytes, Some(total), 0);
    };
    if files.len() != 1 {
        let request = assets.upload_batch(files).on_progress(show);
        let request = if globals.wait {
            request.and_wait()
        } else {
            request
        };
        return Ok(Ended::Several(request.await));
    }
    let request = assets.upload(files.remove(0)).on_progress(show);
    if globals.wait {
        let line = line.clone();
        let request = request.typed::<RawAsset>().and_wait();
        let request = request.on_state(move |state| line.set(format!("{state:#}")));
        // The whole is bounded.
        let asset = request
            .deadline(globals.timeout.unwrap_or(wait::WINDOW))
            .await?;
        return Ok(Ended::One(asset.body));
    }
    let asset = request.typed::<Box<RawValue>>().await?;
    Ok(Ended::One(format!("{{\"data\":{asset}}}").into()))
}

/// What was sent of each file, by the id of its asset, or its name in a form.
type Sent = Arc<Mutex<BTreeMap<String, UploadProgress>>>;

fn lock(sent: &Sent) -> MutexGuard<'_, BTreeMap<String, UploadProgress>> {
    sent.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Adds to the error the assets that the upload has begun.
fn about_assets(error: CliError, ids: Vec<String>) -> CliError {
    let command = |id: &String| wait::command_of(jobs::ASSET.read(), id);
    let commands = ids.iter().map(command).collect::<Vec<_>>().join("; ");
    let Some(id) = ids.into_iter().next() else {
        return error;
    };
    let mut error = error.with_more_hint(&format!("to look at what is there, run: {commands}"));
    error.body.job_id = Some(id);
    error
}

/// Prints what became of each file. The error is that of the first which failed.
fn print_all(uploaded: Vec<UploadedFile>, human: bool) -> Result<(), CliError> {
    let count = uploaded.len();
    let (mut data, mut messages, mut first) = (Vec::new(), Vec::new(), None);
    for file in uploaded {
        let error = file.result.err().map(CliError::from);
        data.push(json!({
            "name": file.name,
            "asset_id": file.asset_id,
            "batch_id": file.batch_id,
            "uploaded": error.is_none(),
            "error": error.as_ref().map(|error| &error.body),
        }));
        if let Some(error) = error {
            messages.push(format!("{}: {}", file.name, error.body.message));
            first.get_or_insert(error);
        }
    }
    let body = json!({ "data": data }).to_string();
    output::body(body.as_bytes(), human)?;
    let Some(mut first) = first else {
        return Ok(());
    };
    if first.exit == Exit::Usage {
        // Other files were sent.
        (first.exit, first.body.code) = (Exit::Failed, "error".to_owned());
    }
    let (failed, messages) = (messages.len(), messages.join("; "));
    first.body.message = format!("{failed} of {count} files were not uploaded: {messages}");
    Err(first)
}
