//! The program in a shell: help, version, completion, man page.

use std::process::Command;

use crate::support::{Run, heygen};

/// What a command that needs nothing prints.
fn text(arguments: &[&str]) -> String {
    let run = Run::of(&mut heygen(arguments));
    assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
    run.stdout
}

#[test]
fn help_is_printed_on_stdout() {
    // 3
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["help"],
        &["video", "get", "--help"],
        &["help", "video"],
        &["video", "-h"],
        &["video", "batches", "--help"],
        &["auth", "login", "--help"],
    ] {
        let help = text(arguments);
        assert!(help.contains("Usage: heygen"), "{arguments:?}: {help}");
    }
    let help = text(&["--help"]);
    for word in [
        "--mock",
        "--base-url",
        "--timeout",
        "--human",
        "HEYGEN_API_KEY",
        "Exit codes",
        "video-translate",
    ] {
        assert!(help.contains(word), "{word} is missing: {help}");
    }
}

#[test]
fn help_of_a_command_has_all_that_can_be_given() {
    let help = text(&["audio", "sounds", "list", "--help"]);
    for part in [
        "GET /v3/audio/sounds",
        "--query",
        "--type",
        "music",
        "sound_effects",
        "--min-score",
        "0.7",
        "--limit",
        "--token",
        "--all",
        "required",
    ] {
        assert!(
            help.to_lowercase().contains(&part.to_lowercase()),
            "{part}: {help}"
        );
    }
    let help = text(&["lipsync", "create", "--help"]);
    for part in [
        "POST /v3/lipsyncs",
        "-d, --data",
        "--wait",
        "--request-schema",
        "audio",
        "--idempotency-key",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
    let help = text(&["video", "delete", "--help"]);
    assert!(
        help.contains("--force") && help.contains("DELETE /v3/videos/{video_id}"),
        "{help}"
    );
    assert!(!help.contains("\n      --wait"), "{help}");
}

#[test]
fn version_says_whose_program_it_is() {
    for option in ["--version", "-v"] {
        let version = text(&[option]);
        let start = concat!("heygen ", env!("CARGO_PKG_VERSION"));
        assert!(version.starts_with(start), "{option}: {version}");
        assert!(
            version.to_lowercase().contains("not"),
            "{option}: {version}"
        );
    }
}

#[test]
fn first_command_of_the_readme_succeeds() {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let line = readme
        .lines()
        .find_map(|line| line.strip_prefix("cargo run -- "));
    let arguments: Vec<&str> = line.unwrap().split_whitespace().collect();
    Run::of(&mut heygen(&arguments)).json();
}

/// Runs a program over a script; `None` if it is not installed.
fn check(program: &str, options: &[&str], script: &str) -> Option<()> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script");
    std::fs::write(&file, script).unwrap();
    let output = Command::new(program)
        .args(options)
        .arg(&file)
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(())
}

#[test]
fn completions_of_each_shell_have_options_and_enum_values() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = text(&["completion", shell]);
        assert!(script.contains("HEYGEN_COMPLETE") && script.contains("heygen"));
        if ["bash", "zsh", "fish"].contains(&shell) {
            // The shell itself parses it.
            check(shell, &["-n"], &script);
        }
        // What the script calls for the last of these words.
        let ask = |words: &[&str]| {
            let mut command = heygen(&[&["--", "heygen"], words].concat());
            let index = words.len().to_string();
            command.env("HEYGEN_COMPLETE", shell);
            command.env("_CLAP_COMPLETE_INDEX", index);
            Run::of(command.env("_CLAP_IFS", "\n")).stdout
        };
        for (words, parts) in [
            (&[""][..], &["video-translate", "auth"][..]),
            (&["video", "--base"], &["--base-url"]),
            (
                &["video", "list", "--"],
                &["--folder-id", "--response-schema"],
            ),
            (&["audio", "sounds", "list", "--mi"], &["--min-score"]),
            (
                &["audio", "sounds", "list", "--type", ""],
                &["music", "sound_effects"],
            ),
            (
                &["avatar", "looks", "list", "--avatar-type", "s"],
                &["studio_avatar"],
            ),
        ] {
            let found = ask(words);
            assert!(
                parts.iter().all(|part| found.contains(part)),
                "{shell} {words:?}: {found}"
            );
        }
    }
}

#[test]
fn bash_completes_words_and_values() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("script"), text(&["completion", "bash"])).unwrap();
    // What bash calls, with a line whose last word is to be completed.
    let ask = |words: &str, current: &str| {
        let line = format!(
            "source ./script; COMP_WORDS=(heygen {words} '{current}'); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _clap_complete_heygen heygen '{current}' \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_heygen"));
        let paths = [
            program.parent().unwrap().into(),
            "/usr/bin".into(),
            "/bin".into(),
        ];
        let paths: [std::path::PathBuf; 3] = paths;
        let mut bash = Command::new("bash");
        let output = bash
            .args(["--norc", "-c", &line])
            .env("PATH", std::env::join_paths(paths).unwrap())
            .current_dir(&folder)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    if Command::new("bash").arg("--version").output().is_err() {
        return;
    }
    let words = ask("video", "");
    assert!(
        words.contains("create") && words.contains("download"),
        "{words}"
    );
    assert_eq!(
        ask("audio sounds list --type", "so").trim(),
        "sound_effects"
    );
}

#[test]
fn man_page_is_troff() {
    let page = text(&["man"]);
    for part in [".TH heygen 1", ".SH", "HEYGEN_API_KEY"] {
        assert!(
            page.contains(part),
            "{part}: {}",
            &page[..page.len().min(500)]
        );
    }
    check("man", &["-l", "--warnings=w", "-Tutf8"], &page);
}

#[test]
fn help_and_version_do_not_wait_for_a_network() {
    // Nothing is looked up, whatever the environment says.
    let mut command = heygen(&["--help"]);
    command
        .env("HEYGEN_BASE_URL", "http://10.255.255.1")
        .env("HEYGEN_API_KEY", "x");
    assert_eq!(Run::of(&mut command).code, 0);
}

#[cfg(unix)]
#[test]
fn head_of_a_long_output_is_quiet() {
    for (words, bytes) in [
        ("completion zsh", "1"),
        ("video create --request-schema", "1"),
        ("--help", "10"),
    ] {
        let line = format!(
            "set -o pipefail; {} {words} | head -c {bytes}",
            env!("CARGO_BIN_EXE_heygen")
        );
        let output = Command::new("bash").args(["-c", &line]).output().unwrap();
        assert_eq!(output.stderr, b"", "{words}");
        assert_eq!(output.status.code(), Some(0), "{words}");
    }
}
