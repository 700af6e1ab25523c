//! Commands that destroy ask for confirmation.

use crate::support::{Server, hint};

#[test]
fn without_a_terminal_deleting_needs_force() {
    // 7.18
    let server = Server::start();
    for arguments in [
        &["video", "delete", "vid_1"][..],
        &["webhook", "endpoints", "delete", "e"],
        &["avatar", "looks", "delete", "l"],
        &["video", "delete", "vid_1", "--force=false"],
    ] {
        let run = server.run(arguments);
        assert_eq!(
            run.failure(),
            (1, "confirmation_required".into()),
            "{arguments:?}"
        );
        assert!(hint(&run.error()).contains("--force"), "{}", run.stderr);
    }
    server.assert_unused();
}

#[test]
fn force_deletes_without_a_word() {
    let server = Server::start();
    let run = server.run(&["video", "delete", "vid_1", "--force"]);
    run.json();
    assert_eq!(run.stderr, "");
    let request = server.requests().remove(0);
    assert_eq!(
        (request.method(), request.path()),
        ("DELETE", "/v3/videos/vid_1")
    );
    assert_eq!(request.body(), b"");
}

#[test]
fn piped_yes_is_no_confirmation() {
    let server = Server::start();
    let mut command = server.command(&["video", "delete", "vid_1"]);
    let run = crate::support::Run::with_stdin(&mut command, b"y\n");
    assert_eq!(run.failure(), (1, "confirmation_required".into()));
    server.assert_unused();
}

#[test]
fn only_destructive_commands_have_force() {
    let server = Server::start();
    let run = server.run(&["video", "get", "a", "--force"]);
    assert_eq!(run.failure(), (2, "usage_error".into()));
}

/// Runs a command line of a shell on a terminal of its own, and types this.
#[cfg(target_os = "linux")]
fn on_a_terminal(server: &Server, command_line: &str, typed: &[u8]) -> Option<(i32, String)> {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let line = format!("{} {command_line}", env!("CARGO_BIN_EXE_heygen"));
    let mut command = Command::new("script");
    command.args(["-qec", &line, "/dev/null"]);
    command.env("HEYGEN_API_KEY", crate::support::KEY);
    command.env("HEYGEN_BASE_URL", server.url());
    command.env("HEYGEN_CONFIG_DIR", crate::support::NO_HOME);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // Not every system has the program that makes terminals.
    let mut child = command.spawn().ok()?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed).unwrap();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let text = String::from_utf8(output.stdout).unwrap();
    Some((output.status.code().unwrap(), text))
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_terminal_only_yes_deletes() {
    // 7.18
    let server = Server::start();
    for (typed, deletes) in [
        ("n\n", false),
        ("\n", false),
        ("yess\n", false),
        ("y\n", true),
        ("Yes\n", true),
    ] {
        server.reset();
        let line = "video delete vid_1";
        let Some((code, text)) = on_a_terminal(&server, line, typed.as_bytes()) else {
            return;
        };
        assert!(text.contains("[y/N]"), "{text}");
        assert_eq!(code, i32::from(!deletes), "{typed:?}: {text}");
        assert_eq!(server.requests().len(), usize::from(deletes), "{typed:?}");
        assert_eq!(text.contains("\"canceled\""), !deletes, "{text}");
    }
}
