//! Downloads to a path: the file appears whole or not at all.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::{Client, Error, ErrorKind};
use heygen_tests::client::file_client;
use heygen_tests::scripted::{Reply, ScriptedServer};
use heygen_tests::store::StoredFile;
use tempfile::TempDir;
use tokio::time::sleep;

const IDLE: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_secs(5);

fn client() -> Client {
    file_client(IDLE, TIMEOUT)
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// The names of the files in a folder.
fn files(folder: &TempDir) -> Vec<String> {
    let names = fs::read_dir(folder.path()).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

fn video(length: usize) -> Vec<u8> {
    (0..length)
        .map(|at| u8::try_from(at % 251).unwrap())
        .collect()
}

/// The error of a download of this reply to a new path, which leaves no file.
async fn error_of(reply: Reply) -> Error {
    let server = ScriptedServer::start([reply]).await;
    let folder = folder();
    let download = client()
        .download(server.url())
        .to(folder.path().join("out.mp4"));
    let error = download.await.unwrap_err();
    assert_eq!(files(&folder), [""; 0], "{error}");
    error
}

#[tokio::test]
async fn file_is_stored_under_its_name_when_it_is_complete() {
    let bytes = video(300_000);
    let server = ScriptedServer::start([StoredFile::new(bytes.clone()).whole()]).await;
    let folder = folder();
    let path = folder.path().join("out.mp4");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (steps, there) = (seen.clone(), path.clone());
    let download = client()
        .download(format!("{}/a?Signature=hush", server.url()))
        .to(&path)
        .on_progress(move |progress| {
            assert!(!there.exists(), "not before it is complete");
            steps.lock().unwrap().push(*progress);
        });
    assert!(!format!("{download:?}").contains("hush"));
    let file = download.await.unwrap();
    assert_eq!((file.bytes, file.resumed), (300_000, 0));
    assert_eq!(file.content_type.as_deref(), Some("video/mp4"));
    assert_eq!(file.path, path);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(files(&folder), ["out.mp4"]);
    let seen = seen.lock().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].bytes < pair[1].bytes));
    let last = seen.last().unwrap();
    assert_eq!(
        (last.bytes, last.total, last.percent()),
        (300_000, Some(300_000), Some(100))
    );
    server.assert_no_api_key();
}

#[tokio::test]
async fn existing_file_is_an_error_before_anything_is_sent() {
    let server = ScriptedServer::start([StoredFile::new("new").whole()]).await;
    let folder = folder();
    let path = folder.path().join("out.mp4");
    fs::write(&path, "old").unwrap();
    let error = client().download(server.url()).to(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File);
    assert_eq!(error.io_kind(), Some(io::ErrorKind::AlreadyExists));
    assert_eq!(error.file_path(), Some(path.as_path()));
    assert!(error.to_string().contains("out.mp4"), "{error}");
    assert!(server.requests().is_empty());
    assert_eq!(fs::read(&path).unwrap(), b"old");
    let overwriting = client().download(server.url()).to(&path).overwrite(true);
    overwriting.await.unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(files(&folder), ["out.mp4"]);
}

/// The other file is as old as this one's transfer.
#[tokio::test]
async fn file_that_appears_meanwhile_is_not_overwritten() {
    let stored = StoredFile::new("new").header("etag", "\"a\"");
    let server = ScriptedServer::start([stored.whole().delay(IDLE), stored.whole()]).await;
    let folder = folder();
    let path = folder.path().join("out.mp4");
    let download = tokio::spawn(client().download(server.url()).to(&path));
    sleep(IDLE / 2).await;
    fs::write(&path, "other").unwrap();
    let error = download.await.unwrap().unwrap_err();
    assert_eq!(error.io_kind(), Some(io::ErrorKind::AlreadyExists));
    assert_eq!(fs::read(&path).unwrap(), b"other");
}

#[tokio::test]
async fn folder_or_device_is_not_overwritten() {
    let server = ScriptedServer::start([StoredFile::new("new").whole()]).await;
    let folder = folder();
    let path = folder.path().join("out.mp4");
    fs::create_dir(&path).unwrap();
    for path in [path.as_path(), Path::new("/dev/null")] {
        let download = client().download(server.url()).to(path).overwrite(true);
        let error = download.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{error}");
        assert_eq!(error.file_path(), Some(path));
    }
    assert!(server.requests().is_empty());
    let error = client().download(server.url()).to("..").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.param()),
        (ErrorKind::InvalidInput, Some("path"))
    );
}

#[tokio::test]
async fn path_that_cannot_be_written_is_named_before_anything_is_sent() {
    let server = ScriptedServer::start([StoredFile::new("new").whole()]).await;
    let folder = folder();
    fs::write(folder.path().join("file"), "x").unwrap();
    for (path, kind) in [
        ("none/out.mp4", io::ErrorKind::NotFound),
        ("file/out.mp4", io::ErrorKind::NotADirectory),
    ] {
        let path = folder.path().join(path);
        let error = client().download(server.url()).to(path).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.io_kind()),
            (ErrorKind::File, Some(kind))
        );
        assert!(error.to_string().contains("out.mp4"), "{error}");
        assert!(!error.is_retryable());
    }
    assert!(server.requests().is_empty());
}

/// A link in place of the `.part` file could lead anywhere.
#[cfg(unix)]
#[tokio::test]
async fn part_file_that_is_a_link_is_not_followed() {
    let server = ScriptedServer::start([StoredFile::new("new").whole()]).await;
    let folder = folder();
    let victim = folder.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    let path = folder.path().join("out.mp4");
    std::os::unix::fs::symlink(&victim, folder.path().join("out.mp4.part")).unwrap();
    let error = client().download(server.url()).to(&path).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::File, "{error}");
    assert_eq!(fs::read(&victim).unwrap(), b"mine");
}

#[tokio::test]
async fn second_download_to_a_path_is_an_error() {
    let bytes = video(100_000);
    let stored = StoredFile::new(bytes.clone());
    let server = ScriptedServer::start([stored.whole().delay(IDLE * 5)]).await;
    let folder = folder();
    let path = folder.path().join("out.mp4");
    let first = tokio::spawn(client().download(server.url()).to(&path));
    sleep(IDLE).await;
    let error = client().download(server.url()).to(&path).await.unwrap_err();
    assert_eq!(
        error.io_kind(),
        Some(io::ErrorKind::ResourceBusy),
        "{error}"
    );
    assert!(error.to_string().contains("another download"), "{error}");
    first.await.unwrap().unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert_eq!(files(&folder), ["out.mp4"]);
}

#[tokio::test]
async fn many_downloads_to_a_path_leave_one_whole_file() {
    let server = ScriptedServer::start_with(|number, _| {
        StoredFile::new(vec![b'a' + u8::try_from(number % 20).unwrap(); 200_000]).whole()
    })
    .await;
    let folder = folder();
    let path = folder.path().join("out.mp4");
    let downloads: Vec<_> = (0..12)
        .map(|_| tokio::spawn(client().download(server.url()).to(&path).overwrite(true)))
        .collect();
    let mut stored = 0;
    for download in downloads {
        match download.await.unwrap() {
            Ok(_) => stored += 1,
            Err(error) => assert_eq!(error.io_kind(), Some(io::ErrorKind::ResourceBusy)),
        }
    }
    let bytes = fs::read(&path).unwrap();
    assert_eq!(bytes.len(), 200_000);
    assert!(
        bytes.iter().all(|byte| *byte == bytes[0]),
        "of one response"
    );
    assert!(stored > 0);
    assert_eq!(files(&folder), ["out.mp4"]);
}

#[tokio::test]
async fn page_in_place_of_the_file_is_an_error() {
    const PAGE: &str = "<!DOCTYPE html><title>Sign in</title>";
    for reply in [
        Reply::response(200, &[("content-type", "text/html; charset=utf-8")], PAGE),
        Reply::response(200, &[], PAGE),
        Reply::response(200, &[("content-type", "application/octet-stream")], PAGE),
    ] {
        let error = error_of(reply).await;
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Decode, Some(200))
        );
        assert!(error.to_string().contains("a page"), "{error}");
        assert_eq!(error.body(), PAGE.as_bytes());
        assert!(!error.is_retryable());
    }
    let error = error_of(Reply::response(204, &[], "")).await;
    assert_eq!(error.kind(), ErrorKind::Decode, "{error}");
}

#[tokio::test]
async fn empty_file_is_an_error() {
    for headers in [&[("content-type", "video/mp4"), ("etag", "\"a\"")][..], &[]] {
        let error = error_of(Reply::response(200, headers, "")).await;
        let facts = (error.kind(), error.status(), error.is_retryable());
        assert_eq!(facts, (ErrorKind::Decode, Some(200), false));
        assert!(error.to_string().contains("an empty file"), "{error}");
    }
}

#[tokio::test]
async fn file_of_another_length_is_an_error() {
    for (reply, kind) in [
        (
            StoredFile::new(video(1000)).whole().cut(999),
            ErrorKind::Transport,
        ),
        (
            Reply::bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort").close(),
            ErrorKind::Transport,
        ),
        (
            Reply::bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort").close(),
            ErrorKind::Transport,
        ),
    ] {
        let error = error_of(reply).await;
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn file_of_unknown_length_is_stored() {
    let reply = Reply::bytes(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\n",
    );
    let server = ScriptedServer::start([reply]).await;
    let folder = folder();
    let path = folder.path().join("out.srt");
    let file = client().download(server.url()).to(&path).await.unwrap();
    assert_eq!((file.bytes, file.content_type), (5, None));
    assert_eq!(fs::read(&path).unwrap(), b"whole");
}
