//! Variables of the environment, and what options do to them.

use crate::support::{KEY, NO_HOME, Run, Server, heygen, hint, message};

#[test]
fn key_and_base_url_are_read_from_the_environment() {
    let server = Server::start();
    server.run(&["video", "get", "vid_1"]).json();
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(
        (requests[0].method(), requests[0].path()),
        ("GET", "/v3/videos/vid_1")
    );
    assert_eq!(requests[0].query(), None);
    assert_eq!(requests[0].header("x-api-key"), Some(KEY));
    assert_eq!(requests[0].header("content-type"), None);
    let agent = requests[0].header("user-agent").unwrap();
    assert!(agent.to_lowercase().contains("heygen"), "{agent}");
}

#[test]
fn base_url_is_of_the_option_then_ours_then_the_vendors_variable() {
    let (option, ours, vendors) = (Server::start(), Server::start(), Server::start());
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = heygen(arguments);
        let run = Run::of(
            command
                .env("HEYGEN_API_KEY", KEY)
                .envs(variables.iter().copied()),
        );
        run.json();
        [&option, &ours, &vendors].map(|server| server.requests().len())
    };
    let (ours_url, vendors_url) = (ours.url(), vendors.url());
    let api_base = ("HEYGEN_API_BASE", &*vendors_url);
    let base_url = ("HEYGEN_BASE_URL", &*ours_url);
    assert_eq!(run(&["video", "list"], &[api_base]), [0, 0, 1]);
    assert_eq!(run(&["video", "list"], &[api_base, base_url]), [0, 1, 1]);
    let with_option = ["video", "list", "--base-url", &option.url()];
    assert_eq!(run(&with_option, &[api_base, base_url]), [1, 1, 1]);
    // An invalid address that is not used is not looked at.
    assert_eq!(
        run(&with_option, &[("HEYGEN_BASE_URL", "not a url")]),
        [2, 1, 1]
    );
}

#[test]
fn vendors_base_with_a_slash_at_its_end_works() {
    let server = Server::start();
    let mut command = heygen(&["video", "get", "a"]);
    let url = format!("{}/", server.url());
    Run::of(
        command
            .env("HEYGEN_API_KEY", KEY)
            .env("HEYGEN_API_BASE", url),
    )
    .json();
    assert_eq!(server.requests()[0].path(), "/v3/videos/a");
}

#[test]
fn invalid_base_urls_are_usage_errors() {
    for url in [
        "nonsense",
        "ftp://x",
        "https://me:secret@x",
        "http://api.heygen.com",
    ] {
        for variable in ["HEYGEN_BASE_URL", "HEYGEN_API_BASE"] {
            let mut command = heygen(&["video", "list"]);
            let run = Run::of(command.env("HEYGEN_API_KEY", KEY).env(variable, url));
            assert_eq!(run.failure(), (2, "usage_error".into()), "{url}");
            assert!(!run.stderr.contains("secret"));
        }
        let mut command = heygen(&["video", "list", "--base-url", url]);
        let run = Run::of(command.env("HEYGEN_API_KEY", KEY));
        assert_eq!(run.failure(), (2, "usage_error".into()), "{url}");
        assert!(!run.stderr.contains("secret"));
    }
}

#[test]
fn plain_http_needs_permission_save_to_loopback() {
    // 2: HEYGEN_ALLOW_HTTP
    let arguments = ["video", "list", "--base-url", "http://api.invalid"];
    let run = Run::of(heygen(&arguments).env("HEYGEN_API_KEY", KEY));
    let error = run.error();
    let whole = format!("{} {}", message(&error), hint(&error));
    assert!(whole.contains("HEYGEN_ALLOW_HTTP"), "{whole}");

    let mut allowed = heygen(&arguments);
    let allowed = allowed
        .env("HEYGEN_API_KEY", KEY)
        .env("HEYGEN_ALLOW_HTTP", "1");
    let run = Run::of(allowed.env("HEYGEN_MAX_RETRIES", "0"));
    assert_eq!(run.failure(), (1, "network_error".into()));
}

#[test]
fn bad_number_of_retries_in_the_environment_is_a_usage_error() {
    // 2: the vendor's ignores it
    let server = Server::start();
    for bad in ["x", "-1", "1.5"] {
        let mut command = server.command(&["video", "list"]);
        let run = Run::of(command.env("HEYGEN_MAX_RETRIES", bad));
        assert_eq!(run.failure(), (2, "usage_error".into()), "{bad}");
    }
    server.assert_unused();
}

#[test]
fn headers_option_sets_the_one_header_it_may() {
    // 2: repeatable, the last wins
    let server = Server::start();
    let given = [
        "x-heygen-client-source:a",
        "X-HeyGen-Client-Source: b_1.2-c",
    ];
    server
        .run(&[
            "video",
            "list",
            "--headers",
            given[0],
            "--headers",
            given[1],
        ])
        .json();
    assert_eq!(
        server.requests()[0].header("x-heygen-client-source"),
        Some("b_1.2-c")
    );
    server.reset();
    for bad in [
        "x-api-key:a",
        "x-heygen-client-source:",
        "x-heygen-client-source:a b",
        "a",
        "cookie:x",
    ] {
        let run = server.run(&["video", "list", "--headers", bad]);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{bad}");
    }
    server.assert_unused();
}

#[test]
fn output_variable_selects_the_format() {
    let server = Server::start();
    let with = |arguments: &[&str], value: &str| {
        let mut command = server.command(arguments);
        Run::of(command.env("HEYGEN_OUTPUT", value))
    };
    let human = with(&["video", "list"], "human");
    human.assert_success();
    assert!(!human.stdout.starts_with('{'), "{}", human.stdout);
    // 7.28: the option wins
    with(&["video", "list", "--human=false"], "human").json();
    // 2: anything else is JSON
    for value in ["json", "", "yaml", "HUMAN"] {
        with(&["video", "list"], value).json();
    }
    // Errors follow it, also those of the arguments.
    with(&["video", "list", "--bogus"], "human").human_error();
    with(&["video", "list", "--bogus", "--human=false"], "human").error();
    let on = with(&["video", "list", "--human=true"], "json");
    assert!(!on.stdout.starts_with('{'), "{}", on.stdout);
}

#[test]
fn settings_file_is_below_the_environment() {
    // 2: option, environment, file, default; what is broken there is ignored
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let run = |settings: &str, output: Option<&str>, arguments: &[&str]| {
        std::fs::write(folder.path().join("config.toml"), settings).unwrap();
        let mut command = server.command(arguments);
        command.env("HEYGEN_CONFIG_DIR", folder.path());
        command.envs(output.map(|value| ("HEYGEN_OUTPUT", value)));
        let run = Run::of(&mut command);
        run.assert_success();
        !run.stdout.starts_with('{')
    };
    let human = "output = \"human\"\nother = [1]\n";
    let list = ["video", "list"];
    assert!(run(human, None, &list));
    assert!(!run(human, Some("json"), &list));
    assert!(!run(human, None, &["video", "list", "--human=false"]));
    assert!(run("output = \"json\"", Some("human"), &list));
    assert!(!run("output = \"json\"", None, &list));
    assert!(!run("output = [broken", None, &list));
    assert!(!run("output = 3", None, &list));
    assert!(!run("", None, &list));
}

#[test]
fn commands_that_store_nothing_make_no_directory() {
    // 3: the vendor's leaves the marker of a notice about telemetry.
    let server = Server::start();
    let run = server.run(&["video", "list"]);
    run.json();
    assert_eq!(run.stderr, "");
    Run::of(&mut heygen(&["--help"])).assert_success();
    assert!(!std::path::Path::new(NO_HOME).exists());
}

#[test]
fn proxy_of_the_environment_does_not_get_calls_to_loopback() {
    let server = Server::start();
    let mut command = server.command(&["video", "list"]);
    let run = Run::of(
        command
            .env("NO_PROXY", "127.0.0.1")
            .env("HTTP_PROXY", "http://127.0.0.1:1"),
    );
    run.json();
}

#[test]
fn traces_are_opt_in_and_redacted() {
    let server = Server::start();
    let mut command = server.command(&["video", "get", "a"]);
    assert_eq!(Run::of(&mut command).stderr, "");

    let run = Run::of(command.env("RUST_LOG", "trace"));
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("getVideo"), "{}", run.stderr);
    crate::support::one_line(&run.stdout);

    Run::of(command.env("RUST_LOG", "")).json();

    // An invalid value adds nothing, above all not beside an error object.
    let run = Run::of(command.env("RUST_LOG", "info,?\n\u{1b}[1m?="));
    assert_eq!((run.code, &*run.stderr), (0, ""));
    server.fail_next(1, heygen_mock::Fault::status(404));
    assert_eq!(Run::of(&mut command).error()["status"], 404);
}

#[test]
fn documents_have_every_variable_that_is_read() {
    let page = include_str!("../../../../docs/command-line.md");
    for name in [
        "HEYGEN_API_KEY",
        "HEYGEN_BASE_URL",
        "HEYGEN_API_BASE",
        "HEYGEN_ALLOW_HTTP",
        "HEYGEN_OUTPUT",
        "HEYGEN_MAX_RETRIES",
        "HEYGEN_TIMEOUT_SECS",
        "HEYGEN_CONFIG_DIR",
        "HEYGEN_WEBHOOK_SECRET",
    ] {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
}
