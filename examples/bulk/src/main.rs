//! A CSV of names and texts to finished files: at most ten videos at once,
//! resumable after a kill, and no video billed twice.
//!
//! `bulk people.csv FOLDER LOOK VOICE` reads the columns `name` and `text`, and
//! leaves `FOLDER/NAME-1a2b3c4d.mp4` for each row. The digits are of a hash of the
//! name, the text, the look and the voice: equal rows are one video, and a row with
//! another text, or a run with another look, is a video and a file of its own. The
//! queue is in `FOLDER/jobs.sqlite`. Run it again to take up what is left: videos
//! that are done are skipped, those that failed for good stay failed, and new ones
//! are added.

use std::error::Error;
use std::hash::{BuildHasher, RandomState};
use std::path::{Path, PathBuf};
use std::time::Duration;

use apalis::prelude::*;
use apalis_sqlite::{Config, SqlitePool, SqliteStorage};
use heygen::v3::CreateVideoFromAvatar;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Videos in progress at once, in this process.
const AT_ONCE: usize = 10;

/// How often a row is tried, where its failure may pass.
const ATTEMPTS: usize = 5;

/// A process that was silent for two of these is dead, and its rows are free.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// How long a video that was just created may be unknown to the API.
const VISIBLE_WITHIN: Duration = Duration::from_mins(1);

/// The queue. Postgres: see README.md.
type Queue = SqliteStorage<Video>;

/// A row of the CSV with all that makes up its video, which is the task in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Video {
    name: String,
    text: String,
    #[serde(default)] // not in the CSV
    look: String,
    #[serde(default)]
    voice: String,
}

impl Video {
    /// A hash of all that makes up the video.
    fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.name, &self.text, &self.look, &self.voice] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let bytes = hash.finalize();
        bytes
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
    }

    /// The key in the queue, and of the create: equal rows are one video.
    fn key(&self) -> String {
        format!("bulk-{}", self.hash())
    }

    /// The name of the file: no letter of it can lead out of the folder.
    fn file_name(&self) -> String {
        let safe = |c: char| {
            if c.is_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        let name: String = self.name.chars().take(50).map(safe).collect();
        format!("{name}-{}.mp4", &self.hash()[..8])
    }
}

/// What every video needs.
#[derive(Clone)]
struct App {
    client: heygen::Client,
    pool: SqlitePool,
    folder: PathBuf,
}

/// Makes one video, from wherever an earlier run has left it.
async fn make(video: Video, app: Data<App>) -> Result<(), BoxDynError> {
    let path = app.folder.join(video.file_name());
    match app.video(&video, &path).await {
        Ok(()) => {
            println!("{}", path.display());
            Ok(())
        }
        Err(error) => {
            eprintln!("{}: {error}", video.name);
            let may_pass = error
                .downcast_ref::<heygen::Error>()
                .is_none_or(|error| error.is_retryable() || error.is_timeout());
            // A failure that is final is not tried again: it could bill again.
            Err(if may_pass {
                error
            } else {
                AbortError::new(error).into()
            })
        }
    }
}

impl App {
    async fn video(&self, video: &Video, path: &Path) -> Result<(), BoxDynError> {
        if path.exists() {
            return Ok(());
        }
        let client = self.client.v3();
        let id = if let Some(id) = self.stored(video).await? {
            id
        } else {
            let body = CreateVideoFromAvatar::new(&video.look)
                .script(&video.text)
                .voice_id(&video.voice)
                .title(&video.name);
            // A process that is killed between this call and the next line sends
            // the same key again, and gets the same video: for a day, after which
            // the server forgets the key.
            let created = client.videos().create(body).idempotency_key(video.key());
            let id = created.await?.video_id;
            self.store(video, &id).await?;
            id
        };
        let wait = client.videos().wait(&id).expect_soon(VISIBLE_WITHIN);
        wait.await?;
        client.videos().download(&id, path).await?;
        Ok(())
    }

    async fn stored(&self, video: &Video) -> Result<Option<String>, sqlx::Error> {
        let query = sqlx::query_scalar("SELECT video_id FROM videos WHERE video_key = $1");
        query.bind(video.key()).fetch_optional(&self.pool).await
    }

    async fn store(&self, video: &Video, id: &str) -> Result<(), sqlx::Error> {
        let query = sqlx::query(
            "INSERT INTO videos (video_key, video_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        );
        query.bind(video.key()).bind(id).execute(&self.pool).await?;
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [csv, folder, look, voice] = &arguments[..] else {
        eprintln!("usage: bulk CSV FOLDER LOOK VOICE");
        std::process::exit(2);
    };
    std::fs::create_dir_all(folder)?;
    let database = format!("sqlite:{folder}/jobs.sqlite?mode=rwc");
    // The queue turns off writes that survive a power cut, for the connection that
    // sets it up. The id of a video that was paid for must survive one.
    let setup = SqlitePool::connect(&database).await?;
    SqliteStorage::setup(&setup).await?;
    setup.close().await;
    let pool = SqlitePool::connect(&database).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS videos (video_key TEXT PRIMARY KEY, video_id TEXT NOT NULL)",
    )
    .execute(&pool)
    .await?;
    let config = Config::default()
        .queue("bulk")
        .batch_size(AT_ONCE)
        .heartbeat_interval(HEARTBEAT);
    let mut queue = Queue::new(&pool).with_config(config);
    for row in csv::Reader::from_path(csv)?.into_deserialize() {
        let mut video: Video = row?;
        video.look.clone_from(look);
        video.voice.clone_from(voice);
        let key = video.key();
        let task = TaskBuilder::new(video)
            .idempotency_key(key)
            .max_attempts(ATTEMPTS);
        queue.push_task(task.build()).await?;
    }

    let app = App {
        client: heygen::Client::from_env()?,
        pool,
        folder: folder.into(),
    };
    // No two workers may have one name, and processes in containers have one id.
    let number = RandomState::new().hash_one(std::process::id());
    let worker = WorkerBuilder::new(format!("bulk-{number:016x}"))
        .backend(queue.clone())
        .data(app)
        .concurrency(AT_ONCE)
        .build(make);
    let failed = tokio::select! {
        ended = worker.run() => {
            ended?;
            return Err("the worker has stopped".into());
        }
        failed = all_ended(&queue) => failed?,
    };
    let ids = failed.iter().filter_map(|task| task.task_id().cloned());
    let ids: Vec<TaskId> = ids.collect();
    let results: Vec<TaskResult<()>> = queue.check_status(ids).await?;
    for task in &failed {
        let result = results.iter().find(|r| Some(&r.task_id) == task.task_id());
        let why = result.and_then(|result| result.result.as_ref().err());
        let why = why.map_or("no reason given", String::as_str);
        eprintln!("failed: {}: {why}", String::from_utf8_lossy(&task.args));
    }
    std::process::exit(i32::from(!failed.is_empty()))
}

/// Returns once every task of the queue is at its end, with those that failed.
async fn all_ended(queue: &Queue) -> Result<Vec<Task<Vec<u8>>>, BoxDynError> {
    let list = async |status| {
        let filter = Filter {
            status: Some(status),
            page: 1,
            page_size: Some(i32::MAX.unsigned_abs()),
        };
        queue.list_tasks(&filter).await
    };
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let counts = queue.fetch_by_queue().await?;
        let count = |title: &str| {
            let found = counts.iter().find(|count| count.title == title);
            let found = found.ok_or_else(|| format!("the queue does not count {title}"))?;
            Ok::<usize, BoxDynError>(found.value.parse()?)
        };
        let (active, failed) = (count("ACTIVE_JOBS")?, count("FAILED_JOBS")?);
        // A task that failed is tried again until its attempts are used up.
        let mut ended = list(Status::Failed).await?;
        ended.retain(|task| Some(task.attempt()) >= task.max_attempts());
        if active == 0 && ended.len() >= failed {
            ended.extend(list(Status::Killed).await?);
            return Ok(ended);
        }
    }
}
