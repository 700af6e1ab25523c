//! `--mock`, which needs no key and reads nothing of the user's, and `mock serve`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::{KEY, Run, Server, heygen, known_id, one_line};

#[test]
fn mock_has_objects_of_any_id() {
    for (arguments, id) in [
        (&["--mock", "avatar", "details", "any_id"][..], "any_id"),
        (&["avatar", "details", known_id(), "--mock"], known_id()),
        (&["--mock=true", "video", "get", "any_id"], "any_id"),
        (&["--mock", "v2", "avatar", "get", "x"], ""),
    ] {
        if id.is_empty() {
            // Old operations are all there, whatever their words are.
            continue;
        }
        let run = Run::of(&mut heygen(arguments));
        assert_eq!(run.data()["id"], id);
    }
}

#[test]
fn mock_ignores_the_environment_and_the_stored_key() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("credentials"), "[broken").unwrap();
    let mut command = server.command(&["--mock", "video", "get", "a"]);
    command.env("HEYGEN_CONFIG_DIR", folder.path());
    assert_eq!(Run::of(&mut command).data()["id"], "a");
    server.assert_unused();
    command
        .env("HEYGEN_API_KEY", "line\nbreak")
        .env("HEYGEN_TIMEOUT_SECS", "soon");
    assert_eq!(Run::of(&mut command).data()["id"], "a");
}

#[test]
fn mock_and_a_base_url_exclude_each_other() {
    let arguments = [
        "--mock",
        "video",
        "list",
        "--base-url",
        "https://api.heygen.com",
    ];
    let run = Run::of(&mut heygen(&arguments));
    assert_eq!(run.failure(), (2, "usage_error".into()));
}

#[test]
fn mock_takes_the_options_of_calls() {
    let run = Run::of(&mut heygen(&[
        "--mock",
        "--timeout",
        "30",
        "--max-retries",
        "0",
        "video",
        "list",
        "--limit",
        "1",
    ]));
    assert_eq!(run.json()["data"].as_array().unwrap().len(), 1);
}

/// A program that runs until it is dropped.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> Self {
        let piped = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(piped.spawn().unwrap())
    }

    fn first_line(&mut self) -> String {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        line
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ignores a process that has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A served mock and the `data` of what it printed.
fn serve(options: &[&str]) -> (Running, Value) {
    let mut running = Running::start(&mut heygen(&[&["mock", "serve"], options].concat()));
    let data = one_line(&running.first_line())["data"].clone();
    (running, data)
}

/// A call of a served mock.
fn call(data: &Value, arguments: &[&str]) -> Run {
    let url = data["url"].as_str().unwrap();
    let mut command = heygen(&[arguments, &["--base-url", url]].concat());
    Run::of(
        command
            .env("HEYGEN_API_KEY", KEY)
            .env("HEYGEN_MAX_RETRIES", "0"),
    )
}

#[test]
fn mock_serve_serves_another_process() {
    let (_serving, data) = serve(&[]);
    let url = data["url"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert_eq!(call(&data, &["video", "get", "a"]).data()["id"], "a");

    let mut for_people = Running::start(&mut heygen(&["--human", "mock", "serve"]));
    let line = for_people.first_line();
    assert!(
        line.contains("http://127.0.0.1:") && !line.contains('{'),
        "{line}"
    );

    let port = url.rsplit(':').next().unwrap();
    let refused = Run::of(&mut heygen(&["mock", "serve", "--port", port]));
    assert_eq!(refused.code, 1);
    assert!(refused.error()["message"].as_str().unwrap().contains(port));
}

#[test]
fn mock_serve_listens_where_it_should() {
    let (_serving, data) = serve(&["--listen", "127.0.0.1:0"]);
    call(&data, &["video", "list"]).json();
    let (_other, data) = serve(&["--listen", "localhost:0"]);
    call(&data, &["video", "list"]).json();
    for bad in ["nowhere", "127.0.0.1:99999", ""] {
        let refused = Run::of(&mut heygen(&["mock", "serve", "--listen", bad]));
        assert_eq!(refused.code, 2, "{bad}: {refused:?}");
    }
}

#[test]
fn mock_serve_is_strict_and_as_fast_as_asked() {
    let (_serving, data) = serve(&["--speed", "60", "--strict"]);
    assert_eq!(
        call(&data, &["avatar", "details", "nobody"]).error()["status"],
        404
    );

    for speed in ["0", "-1", "NaN", "fast"] {
        let refused = Run::of(&mut heygen(&["mock", "serve", "--speed", speed]));
        assert_eq!(refused.failure(), (2, "usage_error".into()), "{speed}");
    }
}

#[cfg(unix)]
#[test]
fn mock_serve_exits_0_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let (mut serving, _) = serve(&[]);
        let id = serving.0.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &id])
                .status()
                .unwrap()
                .success()
        );
        assert_eq!(serving.0.wait().unwrap().code(), Some(0), "{signal}");
        let mut stderr = String::new();
        serving
            .0
            .stderr
            .as_mut()
            .unwrap()
            .read_to_string(&mut stderr)
            .unwrap();
        assert_eq!(stderr, "");
    }
}

#[test]
fn mock_serve_plays_faults() {
    let faults = [
        "--fault",
        "video get=503x2",
        "--fault",
        "*=429,retry-after=7,x1",
        "--fault",
        "video create=code=no_credit",
    ];
    let (_serving, data) = serve(&faults);
    let statuses: Vec<_> = (0..3)
        .map(|_| call(&data, &["video", "get", "a"]).error()["status"].clone())
        .collect();
    assert_eq!(statuses, [503, 503, 429]);
    call(&data, &["video", "get", "a"]).json();
    let body = r#"{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}"#;
    assert_eq!(
        call(&data, &["video", "create", "-d", body]).failure(),
        (1, "no_credit".into())
    );

    for bad in [
        "video get",
        "video get=",
        "no such=503",
        "video get=999999",
        "video get=503,x0",
        "=503",
    ] {
        let refused = Run::of(&mut heygen(&["mock", "serve", "--fault", bad]));
        assert_eq!(refused.failure(), (2, "usage_error".into()), "{bad}");
    }
}
