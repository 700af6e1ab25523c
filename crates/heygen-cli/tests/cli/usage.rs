//! Wrong usage: exit code 2 with one error object, and nothing is sent.

use crate::support::{Run, Server, heygen, hint, message};

#[test]
fn wrong_usage_is_exit_code_2() {
    let server = Server::start();
    for (arguments, named) in [
        // 7.2
        (&["--bogus"][..], "--bogus"),
        (&["video", "list", "--bogus"], "--bogus"),
        (&["nonsense"], "nonsense"),
        // 3: an unknown word of a group
        (&["video", "destroy", "a"], "destroy"),
        (&["video", "get"], "video-id"),
        (&["video", "get", "a", "b"], "b"),
        (&["video", "batches", "get", "a", "b"], "b"),
        // 2: no abbreviations
        (&["video", "list", "--lim", "3"], "--lim"),
        (&["video", "list", "--limit"], "--limit"),
        (&["video", "list", "--limit", "many"], "many"),
        (&["video", "list", "--limit", ""], "limit"),
        (&["video", "list", "--human=perhaps"], "human"),
        (&["video", "list", "--timeout", "0"], "timeout"),
        (&["video", "list", "--timeout", "-1s"], "timeout"),
        (&["video", "list", "--timeout", "soon"], "timeout"),
        (&["video", "list", "--max-retries", "-1"], "max-retries"),
        (&["completion"], "bash"),
        (&["completion", "tcl"], "tcl"),
    ] {
        let run = server.run(arguments);
        assert_eq!(run.failure(), (2, "usage_error".into()), "{arguments:?}");
        let error = run.error();
        let whole = format!("{} {}", message(&error), hint(&error));
        assert!(
            whole.to_lowercase().replace('_', "-").contains(named),
            "{arguments:?}: {error}"
        );
        assert!(!hint(&error).is_empty(), "{arguments:?}: {error}");
    }
    server.assert_unused();
}

#[test]
fn choices_are_in_the_error_of_an_unknown_word() {
    // 3
    let run = heygen(&["video", "destroy"]).output().unwrap();
    let text = String::from_utf8(run.stderr).unwrap();
    for choice in ["create", "get", "list", "delete"] {
        assert!(text.contains(choice), "{text}");
    }
}

#[test]
fn similar_words_are_suggested() {
    let server = Server::start();
    let error = server.run(&["video", "lst"]).error();
    assert!(error.to_string().contains("list"), "{error}");
    let error = server.run(&["video", "list", "--limt", "3"]).error();
    assert!(error.to_string().contains("--limit"), "{error}");
}

#[test]
fn groups_print_their_help_without_a_key() {
    // 3, but the vendor's needs a credential here.
    for (arguments, words) in [
        (&[][..], &["video", "avatar", "webhook", "auth"][..]),
        (&["video"], &["create", "list", "download"]),
        // Nested groups too, as `endpoints create` is found there.
        (&["webhook"], &["endpoints", "events"]),
        (&["webhook", "endpoints"], &["create", "rotate-secret"]),
        (&["auth"], &["login", "status", "logout"]),
        (&["mock"], &["serve"]),
        (&["v2"], &["avatar"]),
        (&["help", "video", "get"], &["video-id"]),
    ] {
        let run = Run::of(&mut heygen(arguments));
        assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}");
        assert!(run.stdout.contains("Usage: heygen"), "{}", run.stdout);
        for word in words {
            assert!(
                run.stdout.to_lowercase().replace('_', "-").contains(word),
                "{arguments:?}: {}",
                run.stdout
            );
        }
    }
}

#[test]
fn hidden_commands_work() {
    // 1: `asset search`, which is shown here, `brand-kit list`, `completion`
    let server = Server::start();
    let searched = server.run(&["asset", "search", "--query", "cat", "--type", "image"]);
    searched.assert_success();
    let root = Run::of(&mut heygen(&["--help"])).stdout;
    assert!(!root.contains("brand-kit"), "{root}");

    let old = server.run(&["brand-kit", "list"]);
    let new = server.run(&["brand", "kits", "list"]);
    assert_eq!((old.data(), &*new.stderr), (new.data(), ""));
    assert!(old.stderr.contains("brand kits list"), "{}", old.stderr);
}

#[cfg(unix)]
#[test]
fn non_utf8_argument_is_a_usage_error() {
    use std::os::unix::ffi::OsStrExt;
    let server = Server::start();
    let bytes = std::ffi::OsStr::from_bytes(b"\xff");
    for words in [&["video", "get"][..], &["video", "list", "--title"], &[]] {
        let run = Run::of(server.command(words).arg(bytes));
        assert_eq!(run.failure(), (2, "usage_error".into()), "{words:?}");
    }
    server.assert_unused();
}

#[test]
fn invalid_ids_are_refused_before_sending() {
    let server = Server::start();
    for id in ["", ".", "..", "a\nb", "a\u{7f}"] {
        let run = server.run(&["video", "get", id]);
        assert_eq!(run.code, 2, "{id:?}: {run:?}");
        assert!(!hint(&run.error()).is_empty(), "{id:?}");
    }
    server.assert_unused();
}

#[test]
fn id_is_sent_as_one_segment() {
    // 6: arguments of the path are escaped
    let server = Server::start();
    for (arguments, path) in [
        (
            &["avatar", "details", "--", "-a/b%é"][..],
            "/v2/avatar/-a%2Fb%25%C3%A9/details",
        ),
        (&["video", "get", "a/../b"], "/v3/videos/a%2F..%2Fb"),
        (&["video", "get", "a?b#c"], "/v3/videos/a%3Fb%23c"),
    ] {
        server.reset();
        server.run(arguments).json();
        assert_eq!(server.requests()[0].path(), path);
    }
}
