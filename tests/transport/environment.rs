//! What the environment of a process does to a client. It can only be set
//! safely for another process, so each test starts itself again with it.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::server::{KEY, ask};

/// Set only in the second process, to the path of the test.
const ROLE: &str = "HEYGEN_TEST_ROLE";

/// Runs the test of this path again, in a process with these variables.
pub(crate) fn again(test: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(ROLE, test);
    for name in [
        "HEYGEN_API_KEY",
        "HEYGEN_BASE_URL",
        "HEYGEN_MAX_RETRIES",
        "HEYGEN_TIMEOUT_SECS",
        "NO_PROXY",
        "no_proxy",
    ] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).output().unwrap()
}

pub(crate) fn is_again(test: &str) -> bool {
    std::env::var(ROLE).is_ok_and(|role| role == test)
}

pub(crate) fn assert_good(output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    assert!(
        text(&output.stdout).contains("1 passed"),
        "no test of that name ran"
    );
}

/// A server on a thread that answers everything alike and keeps what it read.
fn listen(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&seen);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream
                .set_read_timeout(Some(Duration::from_secs(1)))
                .unwrap();
            let mut bytes = [0; 4096];
            let length = stream.read(&mut bytes).unwrap_or_default();
            kept.lock()
                .unwrap()
                .push(String::from_utf8_lossy(&bytes[..length]).into_owned());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, seen)
}

const AVATAR: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 20\r\n\r\n{\"data\":{\"id\":\"a1\"}}";
const REFUSED: &str = "HTTP/1.1 502 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

#[tokio::test]
async fn a_proxy_never_sees_plain_http_to_this_machine() {
    const NAME: &str = "environment::a_proxy_never_sees_plain_http_to_this_machine";
    if is_again(NAME) {
        let client = heygen::Client::from_env().unwrap();
        ask(&client).await.unwrap();
        return;
    }
    let (server, asked) = listen(AVATAR);
    let (proxy, passed) = listen(REFUSED);
    let proxy = format!("http://127.0.0.1:{proxy}");
    assert_good(&again(
        NAME,
        &[
            ("HEYGEN_API_KEY", KEY),
            ("HEYGEN_BASE_URL", &format!("http://127.0.0.1:{server}")),
            ("HTTP_PROXY", &proxy),
            ("http_proxy", &proxy),
            ("HTTPS_PROXY", &proxy),
            ("ALL_PROXY", &proxy),
        ],
    ));
    assert!(passed.lock().unwrap().is_empty());
    assert!(asked.lock().unwrap()[0].contains(KEY));
}

#[tokio::test]
async fn a_proxy_never_sees_plain_http_to_another_machine_either() {
    const NAME: &str = "environment::a_proxy_never_sees_plain_http_to_another_machine_either";
    if is_again(NAME) {
        let builder = heygen::Client::builder().allow_http(true);
        let client = builder.fill_from_env().unwrap().build().unwrap();
        let error = ask(&client).await.unwrap_err();
        assert_eq!(error.kind(), heygen::ErrorKind::Connect, "{error}");
        return;
    }
    let (proxy, passed) = listen(REFUSED);
    let proxy = format!("http://127.0.0.1:{proxy}");
    assert_good(&again(
        NAME,
        &[
            ("HEYGEN_API_KEY", KEY),
            ("HEYGEN_BASE_URL", "http://api.heygen.invalid"),
            ("HEYGEN_MAX_RETRIES", "0"),
            ("HTTP_PROXY", &proxy),
            ("http_proxy", &proxy),
            ("ALL_PROXY", &proxy),
        ],
    ));
    assert!(passed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_carries_https_without_reading_it() {
    const NAME: &str = "environment::a_proxy_carries_https_without_reading_it";
    if is_again(NAME) {
        let client = heygen::Client::from_env().unwrap();
        let error = ask(&client).await.unwrap_err();
        assert_eq!(error.kind(), heygen::ErrorKind::Connect, "{error}");
        return;
    }
    let (proxy, passed) = listen(REFUSED);
    assert_good(&again(
        NAME,
        &[
            ("HEYGEN_API_KEY", KEY),
            ("HEYGEN_BASE_URL", "https://api.heygen.invalid"),
            ("HEYGEN_MAX_RETRIES", "0"),
            ("HTTPS_PROXY", &format!("http://127.0.0.1:{proxy}")),
        ],
    ));
    let passed = passed.lock().unwrap();
    assert_eq!(passed.len(), 1);
    assert!(
        passed[0].starts_with("CONNECT api.heygen.invalid:443"),
        "{passed:?}"
    );
    assert!(!passed[0].contains(KEY));
}

#[tokio::test]
async fn settings_come_from_the_environment() {
    const NAME: &str = "environment::settings_come_from_the_environment";
    if is_again(NAME) {
        let client = heygen::Client::from_env().unwrap();
        let error = ask(&client).await.unwrap_err();
        assert_eq!((error.status(), error.attempts()), (Some(502), 1));
        let builder = heygen::Client::builder()
            .max_retries(1)
            .fill_from_env()
            .unwrap();
        let error = builder
            .build()
            .unwrap()
            .v2()
            .avatars()
            .details("a1")
            .await
            .unwrap_err();
        assert_eq!(error.attempts(), 2, "what is set by hand goes before");
        return;
    }
    let (server, asked) = listen(REFUSED);
    assert_good(&again(
        NAME,
        &[
            ("HEYGEN_API_KEY", KEY),
            ("HEYGEN_BASE_URL", &format!("http://127.0.0.1:{server}")),
            ("HEYGEN_MAX_RETRIES", "0"),
            ("HEYGEN_TIMEOUT_SECS", "20"),
        ],
    ));
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[test]
fn an_empty_key_counts_as_missing() {
    const NAME: &str = "environment::an_empty_key_counts_as_missing";
    if is_again(NAME) {
        let error = heygen::Client::from_env().unwrap_err();
        assert_eq!(error.kind(), heygen::ErrorKind::Config);
        assert!(
            error.is_unauthorized() && error.to_string().contains("HEYGEN_API_KEY"),
            "{error}"
        );
        return;
    }
    assert_good(&again(NAME, &[("HEYGEN_API_KEY", "")]));
    assert_good(&again(NAME, &[]));
}
