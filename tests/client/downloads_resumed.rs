//! Downloads that continue after a broken connection, or what an earlier one
//! left; never with another file.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use heygen::{Client, Downloaded, Error, ErrorKind};
use heygen_tests::client::{download, file_builder, file_client};
use heygen_tests::scripted::{RecordedRequest, Reply, ScriptedServer};
use heygen_tests::store::StoredFile;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

const IDLE: Duration = Duration::from_millis(300);
const TIMEOUT: Duration = Duration::from_secs(5);

const LENGTH: usize = 100_000;

fn client() -> Client {
    file_client(IDLE, TIMEOUT)
}

/// The bytes of a file: another one for each number.
fn bytes(number: u8) -> Vec<u8> {
    (0..LENGTH)
        .map(|at| u8::try_from(at % 251).unwrap() ^ number)
        .collect()
}

fn stored(number: u8) -> StoredFile {
    StoredFile::new(bytes(number)).header("etag", format!("\"{number}\""))
}

/// A folder with the path of a download.
struct Target(TempDir);

impl Target {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("out.mp4")
    }

    fn part(&self) -> PathBuf {
        self.0.path().join("out.mp4.part")
    }

    fn files(&self) -> usize {
        fs::read_dir(self.0.path()).unwrap().count()
    }

    async fn download(&self, server: &ScriptedServer) -> Result<Downloaded, Error> {
        self.download_with(&client(), server).await
    }

    async fn download_with(
        &self,
        client: &Client,
        server: &ScriptedServer,
    ) -> Result<Downloaded, Error> {
        let url = format!("{}/a.mp4?Signature=hush", server.url());
        client.download(url).to(self.path()).await
    }

    /// Fails unless the whole file of this number is there, and nothing else.
    fn assert_is(&self, number: u8) {
        assert!(
            fs::read(self.path()).unwrap() == bytes(number),
            "of {number}"
        );
        assert_eq!(self.files(), 1);
    }
}

/// The ranges that were asked for, with their condition.
fn ranges(server: &ScriptedServer) -> Vec<Option<String>> {
    let range = |request: &RecordedRequest| {
        let range = request.header("range")?;
        Some(format!("{range} if {}", request.header("if-range")?))
    };
    server.requests().iter().map(range).collect()
}

/// A download whose first reply is cut, followed by this one and then by that of
/// the file of number 1. It ends with the file of `number`.
async fn after_a_cut(
    first: StoredFile,
    second: impl Fn(&RecordedRequest) -> Reply + Send + Sync + 'static,
    number: u8,
) -> Vec<Option<String>> {
    let server = ScriptedServer::start_with(move |at, request| match at {
        0 => first.whole().cut(40_000),
        1 => second(request),
        _ => stored(1).reply(request),
    })
    .await;
    let target = Target::new();
    target.download(&server).await.unwrap();
    target.assert_is(number);
    ranges(&server)
}

#[tokio::test]
async fn broken_connection_is_resumed() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let server = ScriptedServer::start_with(|at, request| match at {
        0 => stored(1).whole().cut(40_000),
        1 => stored(1).reply(request).cut(30_000),
        _ => stored(1).reply(request),
    })
    .await;
    let target = Target::new();
    let steps = seen.clone();
    let file = client()
        .download(server.url())
        .to(target.path())
        .on_progress(move |progress| steps.lock().unwrap().push(progress.bytes));
    let file = file.await.unwrap();
    target.assert_is(1);
    assert_eq!((file.bytes, file.resumed), (100_000, 0));
    assert_eq!(file.content_type.as_deref(), Some("video/mp4"));
    let expected = [
        None,
        Some("bytes=40000- if \"1\""),
        Some("bytes=70000- if \"1\""),
    ];
    assert_eq!(ranges(&server), expected.map(|it| it.map(str::to_owned)));
    let seen = seen.lock().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    server.assert_no_api_key();
}

/// A store may send less than is asked for.
#[tokio::test]
async fn file_is_complete_only_at_its_length() {
    let server = ScriptedServer::start_with(|at, request| match at {
        0 => stored(1).whole().cut(40_000),
        1 => stored(1).part(40_000, 60_000),
        _ => stored(1).reply(request),
    })
    .await;
    let target = Target::new();
    target.download(&server).await.unwrap();
    target.assert_is(1);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn stalled_connection_is_resumed() {
    let server = ScriptedServer::start_with(|at, request| match at {
        0 => stored(1).whole().stall(40_000),
        _ => stored(1).reply(request),
    })
    .await;
    let target = Target::new();
    target.download(&server).await.unwrap();
    target.assert_is(1);
}

#[tokio::test]
async fn last_modified_is_a_validator_if_it_is_older_than_the_response() {
    let dated = |date: &str| {
        StoredFile::new(bytes(1))
            .header("last-modified", "Sat, 28 Nov 2026 10:00:00 GMT")
            .header("date", date)
    };
    let strong = dated("Sat, 28 Nov 2026 12:00:00 GMT");
    let weak = dated("Sat, 28 Nov 2026 10:00:00 GMT");
    for (file, is_resumed) in [(strong, true), (weak, false)] {
        let second = file.clone();
        let ranges = after_a_cut(file, move |request| second.reply(request), 1).await;
        assert_eq!(ranges[1].is_some(), is_resumed, "{ranges:?}");
    }
}

#[tokio::test]
async fn file_without_a_validator_begins_again() {
    let plain = || StoredFile::new(bytes(1));
    for file in [plain(), plain().header("etag", "W/\"1\"")] {
        let second = file.clone();
        let ranges = after_a_cut(file, move |request| second.reply(request), 1).await;
        assert_eq!(ranges, [None, None]);
    }
}

#[tokio::test]
async fn changed_file_begins_again() {
    // The store heeds `If-Range`.
    after_a_cut(stored(1), |request| stored(2).reply(request), 2).await;
    // It ignores the range.
    after_a_cut(stored(1), |_| stored(1).whole(), 1).await;
    // It ignores the condition: the part is of another file, and is not used.
    after_a_cut(stored(2), |_| stored(3).part(40_000, LENGTH), 1).await;
    // The part is of a file of another length.
    let longer = StoredFile::new([bytes(3), bytes(3)].concat());
    after_a_cut(stored(2), move |_| longer.part(40_000, LENGTH), 1).await;
    // It is of another place.
    let plain = StoredFile::new(bytes(3));
    after_a_cut(stored(2), move |_| plain.part(50_000, LENGTH), 1).await;
    // The store has no such range, as the file is shorter.
    after_a_cut(
        stored(2),
        |_| Reply::response(416, &[("content-range", "bytes */9")], ""),
        1,
    )
    .await;
}

#[tokio::test]
async fn file_that_became_shorter_has_its_new_length() {
    let server = ScriptedServer::start_with(|at, _| match at {
        0 => stored(1).whole().cut(40_000),
        _ => StoredFile::new("short").whole(),
    })
    .await;
    let target = Target::new();
    assert_eq!(target.download(&server).await.unwrap().bytes, 5);
    assert_eq!(fs::read(target.path()).unwrap(), b"short");
}

#[tokio::test]
async fn progress_is_bounded_by_attempts_without_any() {
    // Each connection ends at the same place.
    let server = ScriptedServer::start([StoredFile::new(bytes(1)).whole().cut(40_000)]).await;
    let target = Target::new();
    let builder = file_builder(IDLE, TIMEOUT).max_retries(2);
    let error = target
        .download_with(&builder.build().unwrap(), &server)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert_eq!(server.requests().len(), 3);
    assert_eq!(target.files(), 0, "nothing that can be resumed");

    let server = ScriptedServer::start([stored(1).whole().cut(40_000)]).await;
    let builder = file_builder(IDLE, TIMEOUT).max_retries(0);
    target
        .download_with(&builder.build().unwrap(), &server)
        .await
        .unwrap_err();
    assert_eq!(server.requests().len(), 1);
}

/// More breaks than retries, each after some progress.
#[tokio::test]
async fn download_with_progress_goes_on() {
    let server = ScriptedServer::start_with(|_, request| {
        let left = request.header("range").map_or(0, |range| {
            range["bytes=".len()..]
                .trim_end_matches('-')
                .parse()
                .unwrap()
        });
        stored(1).reply(request).cut(20_000.min(LENGTH - left))
    })
    .await;
    let target = Target::new();
    target.download(&server).await.unwrap();
    target.assert_is(1);
    assert_eq!(server.requests().len(), 5);
}

#[tokio::test]
async fn what_an_earlier_download_left_is_resumed() {
    let server = ScriptedServer::start_with(|at, request| match at {
        // Stalls: the download is dropped.
        0 => stored(1).whole().stall(40_000),
        _ => stored(1).reply(request),
    })
    .await;
    let target = Target::new();
    let dropped = timeout(IDLE / 2, target.download(&server)).await;
    assert!(dropped.is_err());
    // The last write ends in the background.
    sleep(IDLE).await;
    assert_eq!(fs::metadata(target.part()).unwrap().len(), 40_000);
    let kept = fs::read_to_string(target.0.path().join("out.mp4.part.json")).unwrap();
    assert!(!kept.contains("hush") && !kept.contains("http"), "{kept}");
    let file = target.download(&server).await.unwrap();
    target.assert_is(1);
    assert_eq!((file.bytes, file.resumed), (100_000, 40_000));
    assert_eq!(ranges(&server)[1].as_deref(), Some("bytes=40000- if \"1\""));
}

/// A target after a download that failed after 40,000 bytes of the file of
/// number 1.
async fn interrupted() -> Target {
    let server =
        ScriptedServer::start([stored(1).whole().cut(40_000), Reply::response(403, &[], "")]).await;
    let target = Target::new();
    let error = target.download(&server).await.unwrap_err();
    assert_eq!(error.status(), Some(403), "{error}");
    assert_eq!(fs::metadata(target.part()).unwrap().len(), 40_000);
    target
}

/// Of another address, or of one whose query differs, as a query may name the
/// file.
#[tokio::test]
async fn what_was_left_of_another_file_is_not_resumed() {
    let target = interrupted().await;
    let server = ScriptedServer::start_with(|_, request| stored(1).reply(request)).await;
    let file = target.download(&server).await.unwrap();
    assert_eq!((file.resumed, ranges(&server)), (0, vec![None]));
    target.assert_is(1);
}

#[tokio::test]
async fn part_file_without_its_content_is_not_resumed() {
    let server = ScriptedServer::start_with(|_, request| stored(1).reply(request)).await;
    for content in [
        None,
        Some("{}"),
        Some("{\"resource\":\"\",\"validator\":\"\\n\",\"length\":9}"),
    ] {
        let target = Target::new();
        fs::write(target.part(), "something else").unwrap();
        if let Some(content) = content {
            fs::write(target.0.path().join("out.mp4.part.json"), content).unwrap();
        }
        target.download(&server).await.unwrap();
        target.assert_is(1);
    }
    assert_eq!(ranges(&server), [None, None, None]);
}

/// The file was complete, and could not be renamed.
#[tokio::test]
async fn complete_part_file_is_renamed() {
    let server = ScriptedServer::start_with(|at, request| match at {
        0 => stored(1).whole().delay(IDLE),
        _ => stored(1).reply(request),
    })
    .await;
    let target = Target::new();
    let url = format!("{}/a.mp4", server.url());
    let first = tokio::spawn(client().download(&url).to(target.path()));
    sleep(IDLE / 2).await;
    fs::write(target.path(), "in the way").unwrap();
    first.await.unwrap().unwrap_err();
    fs::remove_file(target.path()).unwrap();
    let file = client().download(&url).to(target.path()).await.unwrap();
    assert_eq!((file.bytes, file.resumed), (100_000, 100_000));
    assert_eq!(
        ranges(&server)[1].as_deref(),
        Some("bytes=100000- if \"1\"")
    );
    target.assert_is(1);
}

async fn read_all(client: &Client, server: &ScriptedServer) -> Result<Vec<u8>, Error> {
    let mut stream = download(client, &server.url()).await?;
    let mut read = Vec::new();
    while let Some(chunk) = stream.chunk().await? {
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

#[tokio::test]
async fn stream_is_resumed_or_skips_what_it_returned() {
    for is_range_ignored in [false, true] {
        let server = ScriptedServer::start_with(move |at, request| match at {
            0 => stored(1).whole().cut(40_000),
            _ if is_range_ignored => stored(1).whole(),
            _ => stored(1).reply(request),
        })
        .await;
        assert!(read_all(&client(), &server).await.unwrap() == bytes(1));
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn stream_of_a_changed_file_is_an_error() {
    let server = ScriptedServer::start_with(|at, request| match at {
        0 => stored(1).whole().cut(40_000),
        _ => stored(2).reply(request),
    })
    .await;
    let error = read_all(&client(), &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("changed"), "{error}");

    let server = ScriptedServer::start([StoredFile::new(bytes(1)).whole().cut(40_000)]).await;
    let error = read_all(&client(), &server).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport, "{error}");
    assert_eq!(server.requests().len(), 1);
}
