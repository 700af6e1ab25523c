//! `heygen man`: man pages of all commands.
#![allow(clippy::unused_async, reason = "commands have one type")]

use std::fs;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};

use crate::args::tree::{self, For};
use crate::error::CliError;
use crate::globals::Globals;
use crate::output;

pub(crate) fn definition() -> Command {
    let help = "The folder for heygen.1, heygen-video.1 and so on; made if it is missing";
    let dir = Arg::new("dir").value_name("DIR").help(help);
    Command::new("man")
        .about("Print the man page, or store those of all commands in a folder")
        .arg(dir.value_parser(value_parser!(PathBuf)))
}

pub(crate) async fn run(matches: &ArgMatches, _: &Globals) -> Result<(), CliError> {
    let (root, mut page) = (tree::whole(For::Display), Vec::new());
    let made = match matches.get_one::<PathBuf>("dir") {
        Some(dir) => fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(root, dir)),
        None => clap_mangen::Man::new(root).render(&mut page),
    };
    made.map_err(|error| CliError::file("the man pages cannot be written", &error))?;
    output::text(&String::from_utf8_lossy(&page))
}
