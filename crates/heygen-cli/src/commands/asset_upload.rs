//! `heygen asset upload`: files of any size, one after the other, by the way that fits
//! each.

use std::path::PathBuf;
use std::sync::mpsc;

use clap::{Arg, ArgMatches, Command, ValueHint, value_parser};
use heygen::raw::generated::v3::jobs;
use heygen::wait::{Created, Job};
use heygen::{Upload, UploadProgress};
use serde_json::value::RawValue;

use crate::error::{Call, CliError};
use crate::globals::Globals;
use crate::session::Session;
use crate::{globals, ids, interrupt, output, progress, wait};

const PATHS: &str = "paths";

pub(crate) fn definition() -> Command {
    Command::new("upload")
        .about("Upload files of any size as assets")
        .after_help(
            "A file is sent as a form where it fits one, else to an address that is issued \
             for it.",
        )
        .args([
            Arg::new(PATHS)
                .value_name("PATH")
                .num_args(1..)
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::FilePath)
                .help("The files"),
            globals::boolean(ids::WAIT).help("Wait until each file can be used"),
        ])
}

/// An asset as it came, also after a wait.
struct Asset;

impl Created for Asset {
    type Job = Box<RawValue>;
    type Output = Box<RawValue>;
    const JOB: &'static Job = &jobs::ASSET;
    const ID: &'static str = "asset_id";
}

/// Uploads the files and prints their assets, also where one fails: then those before it.
pub(crate) async fn run(matches: &ArgMatches, globals: &Globals) -> Result<(), CliError> {
    let session = Session::of_call(matches, globals).await?;
    let paths: Vec<&PathBuf> = matches.get_many(PATHS).unwrap_or_default().collect();
    for path in &paths {
        // Before anything is sent; the upload checks the rest.
        let file = path.metadata();
        file.map_err(|error| CliError::file(&path.display().to_string(), &error))?;
    }
    let window = wait::window(globals);
    let line = progress::line(progress::BYTES, String::new());
    let (sender, ids) = mpsc::channel();
    let mut assets: Vec<String> = Vec::new();
    let work = async {
        for path in &paths {
            line.set_message(path.display().to_string());
            let (line, sender) = (line.clone(), sender.clone());
            let show = move |now: &UploadProgress| {
                progress::show_bytes(&line, now.sent(), Some(now.total()), 0);
                // Received at the end, also after an interrupt.
                let _ = sender.send(now.id().map(str::to_owned));
            };
            let files = session.client.v3().assets();
            let request = files.upload(Upload::path(path)).on_progress(show);
            let asset: Box<RawValue> = if globals.wait {
                let wait = request.typed::<Asset>().and_wait();
                wait.deadline(window).await?
            } else {
                request.typed().await?
            };
            assets.push(asset.to_string());
        }
        Ok(())
    };
    let limit = globals.wait.then_some(window).or(globals.timeout);
    let ended = interrupt::within(limit, "the upload", work).await;
    line.finish_and_clear();
    let call = Call::by_hand(session.source.refused());
    let ended = ended.and_then(|sent| sent.map_err(|error| call.explain(error)));
    let data = assets.join(",");
    if paths.len() == 1 && ended.is_ok() {
        output::body(format!("{{\"data\":{data}}}").as_bytes(), globals.human)?;
    } else if !assets.is_empty() {
        output::body(format!("{{\"data\":[{data}]}}").as_bytes(), globals.human)?;
    }
    ended.map_err(|mut error| {
        if let Some(path) = paths.get(assets.len()) {
            error.body.message = format!("{}: {}", path.display(), error.body.message);
        }
        let known = error.body.job_id.take();
        let Some(id) = known.or_else(|| ids.try_iter().last().flatten()) else {
            return error;
        };
        let read = wait::command_of(jobs::ASSET.read(), "", &id);
        error.body.job_id = Some(id);
        error.with_more_hint(&format!("to look at what is there, run: {read}"))
    })
}
