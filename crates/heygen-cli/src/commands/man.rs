//! `heygen man`: man pages of all commands.
#![allow(clippy::unused_async, reason = "commands have one type")]

use std::fs;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};

use crate::args::tree;
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn definition() -> Command {
    Command::new("man")
        .about("Print the man page, or store those of all commands in a folder")
        .arg(
            Arg::new("dir")
                .value_name("DIR")
                .value_parser(value_parser!(PathBuf))
                .help("The folder for heygen.1, heygen-video.1 and so on; made if it is missing"),
        )
}

pub(crate) async fn run(matches: &ArgMatches, _: &Globals) -> Result<(), CliError> {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else {
        let mut page = Vec::new();
        let written = clap_mangen::Man::new(tree::whole()).render(&mut page);
        written.map_err(|error| CliError::system("the man page cannot be made", &error))?;
        return output::text(&String::from_utf8_lossy(&page));
    };
    let stored =
        fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(tree::whole(), dir));
    stored.map_err(|error| {
        let what = format!("the man pages cannot be stored in {}", dir.display());
        CliError::system(&what, &error)
    })
}
