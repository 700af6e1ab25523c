//! Login, the credentials file, and settings that are kept.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use heygen_mock::{Fault, MockServer};
use serde_json::{Value, json};
use support::{KEY, Run, heygen};
use tempfile::TempDir;

/// A folder for the files of the program, and a mock to call.
struct Home {
    folder: TempDir,
    server: MockServer,
}

impl Home {
    async fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            server: MockServer::start().await.unwrap(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn credentials(&self) -> Value {
        serde_json::from_str(&std::fs::read_to_string(self.file("credentials")).unwrap()).unwrap()
    }

    fn store(&self, text: &str) {
        std::fs::write(self.file("credentials"), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = heygen(arguments);
        for name in ["HEYGEN_OUTPUT", "HEYGEN_API_BASE", "HEYGEN_NO_ANALYTICS"] {
            command.env_remove(name);
        }
        command
            .env("HEYGEN_CONFIG_DIR", self.folder.path())
            .env("HEYGEN_BASE_URL", self.server.url())
            .env("HEYGEN_MAX_RETRIES", "0")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    /// Logs in with this text on stdin.
    fn login(&self, entered: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(&[&["auth", "login"], arguments].concat());
        let (stdin, mut writer) = std::io::pipe().unwrap();
        writer.write_all(entered.as_bytes()).unwrap();
        drop(writer);
        Run::of(command.stdin(stdin))
    }

    /// The credential that the last request was sent with.
    fn sent(&self) -> (Option<String>, Option<String>) {
        let requests = self.server.requests();
        let request = requests.last().unwrap();
        let header = |name: &str| request.header(name).map(str::to_owned);
        (header("x-api-key"), header("authorization"))
    }
}

fn stdout(run: &Run) -> Value {
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    serde_json::from_str(&run.stdout).unwrap()
}

fn code(run: &Run) -> (i32, String) {
    (run.code, run.error()["code"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn piped_key_is_checked_stored_and_used() {
    let home = Home::new().await;
    home.store(r#"{"oauth": {"access_token": "tok"}, "other": [1]}"#);
    let run = home.login(&format!("  {KEY}\n"), &["--api-key"]);
    let printed = stdout(&run);
    assert_eq!(printed["cleared_oauth"], true);
    assert_eq!(printed["email"], "ada@example.com");
    assert_eq!(run.stderr, "Logged in as Ada Byron\n");
    let stored = home.credentials();
    assert_eq!(stored["api_key"], KEY);
    assert_eq!((&stored["other"], stored.get("oauth")), (&json!([1]), None));
    assert_eq!(stored["user"]["username"], "usr_2d9a");

    assert_eq!(home.run(&["video", "list"]).code, 0);
    assert_eq!(home.sent(), (Some(KEY.to_owned()), None));

    // Another login replaces the key; the environment is used before it.
    stdout(&home.login("sk_second", &[]));
    assert_eq!(home.credentials()["api_key"], "sk_second");
    let mut command = home.command(&["video", "list"]);
    assert_eq!(Run::of(command.env("HEYGEN_API_KEY", KEY)).code, 0);
    assert_eq!(home.sent().0.unwrap(), KEY);
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_key_is_not_stored() {
    let home = Home::new().await;
    home.store(r#"{"api_key": "sk_old"}"#);
    for status in [401, 403] {
        home.server.fail_next(1, Fault::status(status));
        let run = home.login(KEY, &[]);
        assert_eq!(
            (run.code, run.error()["status"].as_u64()),
            (3, Some(status.into()))
        );
        assert!(run.error()["hint"].as_str().unwrap().contains("not stored"));
        assert_eq!(home.credentials()["api_key"], "sk_old");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn key_that_cannot_be_checked_is_stored_with_a_notice() {
    let home = Home::new().await;
    home.store(r#"{"user": {"email": "old@example.com"}}"#);
    for fault in [
        Fault::status(500),
        Fault::close(),
        Fault::status(200).body("<html>"),
    ] {
        home.server.fail_next(1, fault);
        let run = home.login(KEY, &[]);
        assert_eq!(stdout(&run).get("email"), None);
        assert!(
            run.stderr.contains("could not be checked"),
            "{}",
            run.stderr
        );
        assert_eq!(home.credentials(), json!({"api_key": KEY, "user": {}}));
    }
    // Valid, without the scope that the check needs.
    let body = r#"{"error": {"code": "insufficient_api_key_scope", "message": "no"}}"#;
    home.server.fail_next(1, Fault::status(403).body(body));
    assert_eq!(home.login(KEY, &[]).stderr, "Logged in\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn login_needs_one_key_on_stdin() {
    let home = Home::new().await;
    for entered in ["", " \n\n"] {
        assert_eq!(home.login(entered, &[]).code, 2, "{entered:?}");
        let mut command = home.command(&["auth", "login"]);
        assert_eq!(Run::of(command.env("HEYGEN_API_KEY", KEY)).code, 2);
    }
    assert_eq!(home.login(&format!("{KEY}\n{KEY}"), &[]).code, 3);
    for arguments in [
        &["--oauth"][..],
        &["--device-code"],
        &[KEY],
        &["--api-key", "a", KEY],
    ] {
        assert_eq!(home.login(KEY, arguments).code, 2, "{arguments:?}");
    }
    assert_eq!(home.login(KEY, &[&format!("--api-key={KEY}")]).code, 2);
    assert!(home.server.requests().is_empty());
    assert!(!home.file("credentials").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_file_is_neither_used_nor_changed() {
    let home = Home::new().await;
    for text in ["", "{", &format!("{KEY}\n{KEY}"), &format!("[\"{KEY}\"]")] {
        home.store(text);
        assert_eq!(
            code(&home.run(&["video", "list"])),
            (3, "auth_error".to_owned())
        );
        assert_eq!(code(&home.login(KEY, &[])), (1, "error".to_owned()));
        assert_eq!(
            code(&home.run(&["auth", "logout"])),
            (1, "error".to_owned())
        );
        assert_eq!(
            std::fs::read_to_string(home.file("credentials")).unwrap(),
            text
        );
    }
    assert!(home.server.requests().is_empty());

    // A key of one line is used, and not rewritten.
    home.store(&format!("{KEY}\n"));
    assert_eq!(home.run(&["video", "list"]).code, 0);
    assert_eq!(
        std::fs::read_to_string(home.file("credentials")).unwrap(),
        format!("{KEY}\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth_token_is_sent_as_bearer_until_it_expires() {
    let home = Home::new().await;
    let store = |end: &str| {
        let token = json!({"access_token": KEY, "refresh_token": KEY, "expires_at": end, "scope": "openid"});
        home.store(&json!({"oauth": token}).to_string());
    };
    store("2999-01-01T00:00:00Z");
    let status = stdout(&home.run(&["auth", "status"]));
    assert_eq!(home.sent(), (None, Some(format!("Bearer {KEY}"))));
    assert_eq!(status["data"]["username"], "usr_2d9a");
    let credential = &status["credential"];
    assert_eq!(
        (&credential["type"], &credential["scope"]),
        (&json!("oauth"), &json!("openid"))
    );
    assert_eq!(
        (&credential["refreshable"], &credential["expired"]),
        (&json!(true), &json!(false))
    );

    store("2020-01-01T00:00:00Z");
    let run = home.run(&["auth", "status"]);
    assert_eq!(code(&run), (3, "auth_error".to_owned()));
    assert!(
        run.error()["message"]
            .as_str()
            .unwrap()
            .contains("does not refresh")
    );
    let logout = stdout(&home.run(&["auth", "logout"]));
    assert_eq!(
        (&logout["cleared_credential"], &logout["cleared_oauth"]),
        (&json!("oauth"), &json!(true))
    );
    assert!(!home.file("credentials").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn status_and_logout_say_where_the_credential_is() {
    let home = Home::new().await;
    stdout(&home.login(KEY, &[]));
    let credential = stdout(&home.run(&["auth", "status"]))["credential"].clone();
    assert_eq!(
        (&credential["source"], &credential["type"]),
        (&json!("file"), &json!("api_key"))
    );
    assert_eq!(credential["user"]["display_name"], "Ada Byron");
    home.server.fail_next(1, Fault::status(401));
    let refused = home.run(&["auth", "status"]);
    assert_eq!(refused.code, 3);
    let hint = refused.error()["hint"].as_str().unwrap().to_owned();
    assert!(
        hint.contains("credentials") && hint.contains("heygen auth login"),
        "{hint}"
    );
    let mut command = home.command(&["auth", "status"]);
    let status = Run::of(command.env("HEYGEN_API_KEY", KEY));
    assert_eq!(
        stdout(&status)["credential"],
        json!({"source": "env", "type": "api_key"})
    );

    let logout = home.run(&["auth", "logout"]);
    assert_eq!(stdout(&logout)["cleared_credential"], "api_key");
    assert_eq!(logout.stderr.lines().count(), 1);
    let again = stdout(&home.run(&["auth", "logout"]));
    assert_eq!(
        (&again["cleared_credential"], &again["cleared_api_key"]),
        (&json!(""), &json!(false))
    );
    assert_eq!(home.run(&["video", "list"]).code, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn mock_reads_and_writes_nothing_of_the_user() {
    let home = Home::new().await;
    home.store("{");
    for arguments in [
        &["video", "list"][..],
        &["auth", "status"],
        &["auth", "logout"],
    ] {
        let mut command = home.command(&[&["--mock"], arguments].concat());
        assert_eq!(Run::of(command.env("HEYGEN_API_KEY", "not a key")).code, 0);
    }
    assert_eq!(home.login(KEY, &["--mock"]).code, 0);
    assert_eq!(
        std::fs::read_to_string(home.file("credentials")).unwrap(),
        "{"
    );
    assert!(home.server.requests().is_empty());
    assert_eq!(
        home.run(&["--mock", "video", "list", "--base-url", "http://x"])
            .code,
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_kept_and_overridden() {
    let home = Home::new().await;
    let get = |arguments: &[&str], output: &str| {
        let mut command = home.command(arguments);
        Run::of(command.env("HEYGEN_OUTPUT", output))
    };
    assert_eq!(code(&home.run(&["config", "set", "api_base", "x"])).0, 2);
    assert_eq!(code(&home.run(&["config", "set", "output", "xml"])).0, 2);
    let human = get(&["config", "get", "output", "--human=false"], "human");
    assert_eq!(
        stdout(&human),
        json!({"key": "output", "value": "human", "source": "env"})
    );

    let set = stdout(&home.run(&["config", "set", "output", "human"]));
    assert_eq!(set, json!({"key": "output", "value": "human"}));
    assert!(
        !home
            .run(&["config", "get", "output"])
            .stdout
            .starts_with('{')
    );
    let list = stdout(&get(&["config", "list"], "json"));
    assert_eq!(
        list[1],
        json!({"key": "output", "value": "json", "source": "env"})
    );

    std::fs::write(home.file("config.toml"), "output = ").unwrap();
    assert_eq!(
        code(&home.run(&["config", "list"])),
        (1, "error".to_owned())
    );
    stdout(&home.run(&["--mock", "video", "list"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn vendors_address_is_taken_and_headers_are_checked() {
    let home = Home::new().await;
    let mut command = home.command(&["video", "list"]);
    command
        .env_remove("HEYGEN_BASE_URL")
        .env("HEYGEN_API_BASE", home.server.url())
        .env("HEYGEN_API_KEY", KEY);
    assert_eq!(Run::of(&mut command).code, 0);
    let requests = home.server.requests();
    let agent = requests[0].header("user-agent").unwrap();
    assert!(agent.starts_with("heygen-rust-cli/"), "{agent}");

    let refused = ["auth", "status", "--headers", "x-api-key:a"];
    assert_eq!(
        Run::of(home.command(&refused).env("HEYGEN_API_KEY", KEY)).code,
        2
    );
}
