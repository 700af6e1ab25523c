//! A CSV of names and texts to finished files: at most ten videos at once,
//! resumable after a kill, and no video billed twice.
//!
//! `bulk people.csv FOLDER LOOK VOICE` reads the columns `name` and `text`, and
//! leaves `FOLDER/NAME.mp4` for each row. The queue is in `FOLDER/jobs.sqlite`.
//! Run it again to take up what is left: rows that are done are skipped, rows
//! that failed for good stay failed, and new rows are added.

use std::error::Error;
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

/// Rows of the queue that are not at their end.
const OPEN: &str = "SELECT COUNT(*) FROM Jobs WHERE job_type = 'bulk' AND \
    (status IN ('Pending', 'Queued', 'Running') OR (status = 'Failed' AND attempts < max_attempts))";

/// Rows at their end without a file.
const FAILED: &str = "SELECT CAST(job AS TEXT), last_result FROM Jobs \
    WHERE job_type = 'bulk' AND status IN ('Failed', 'Killed')";

/// A row of the CSV, which is also the task in the queue.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Row {
    name: String,
    text: String,
}

impl Row {
    /// The idempotency key of the row: equal rows are one video.
    fn key(&self) -> String {
        let mut hash = Sha256::new();
        for part in [&self.name, &self.text] {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let bytes = hash.finalize();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("bulk-{hex}")
    }

    /// The name of the file: no letter of it can lead out of the folder.
    fn file_name(&self) -> String {
        let safe = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
        format!("{}.mp4", self.name.chars().map(safe).collect::<String>())
    }
}

/// What every row needs.
#[derive(Clone)]
struct App {
    client: heygen::Client,
    pool: SqlitePool,
    folder: PathBuf,
    look: String,
    voice: String,
}

/// Makes the video of one row, from wherever an earlier run has left it.
async fn make(row: Row, app: Data<App>) -> Result<(), BoxDynError> {
    let path = app.folder.join(row.file_name());
    match app.video(&row, &path).await {
        Ok(()) => {
            println!("{}", path.display());
            Ok(())
        }
        Err(error) => {
            eprintln!("{}: {error}", row.name);
            let may_pass = error
                .downcast_ref::<heygen::Error>()
                .is_none_or(|error| error.is_retryable() || error.is_timeout());
            // A failure that is final is not tried again: it could bill again.
            Err(if may_pass { error } else { AbortError::new(error).into() })
        }
    }
}

impl App {
    async fn video(&self, row: &Row, path: &Path) -> Result<(), BoxDynError> {
        if path.exists() {
            return Ok(());
        }
        let client = self.client.v3();
        let id = match self.stored(row).await? {
            Some(id) => id,
            None => {
                let body = CreateVideoFromAvatar::new(&self.look)
                    .script(&row.text)
                    .voice_id(&self.voice)
                    .title(&row.name);
                // A process that is killed between this call and the next line
                // sends the same key again, and gets the same video: for a day,
                // after which the server forgets the key.
                let created = client.videos().create(body).idempotency_key(row.key());
                let id = created.await?.video_id;
                self.store(row, &id).await?;
                id
            }
        };
        client.videos().wait(&id).await?;
        client.videos().download(&id, path).await?;
        Ok(())
    }

    async fn stored(&self, row: &Row) -> Result<Option<String>, sqlx::Error> {
        let query = sqlx::query_scalar("SELECT video_id FROM Videos WHERE row = ?");
        query.bind(row.key()).fetch_optional(&self.pool).await
    }

    async fn store(&self, row: &Row, id: &str) -> Result<(), sqlx::Error> {
        let query = sqlx::query("INSERT OR IGNORE INTO Videos (row, video_id) VALUES (?, ?)");
        query.bind(row.key()).bind(id).execute(&self.pool).await?;
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
    sqlx::query("CREATE TABLE IF NOT EXISTS Videos (row TEXT PRIMARY KEY, video_id TEXT NOT NULL)")
        .execute(&pool)
        .await?;
    let config = Config::default()
        .queue("bulk")
        .batch_size(AT_ONCE)
        .heartbeat_interval(HEARTBEAT);
    let mut queue = SqliteStorage::<Row>::new(&pool).with_config(config);
    for row in csv::Reader::from_path(csv)?.into_deserialize() {
        let row: Row = row?;
        let key = row.key();
        let task = TaskBuilder::new(row).idempotency_key(key).max_attempts(ATTEMPTS);
        queue.push_task(task.build()).await?;
    }

    let app = App {
        client: heygen::Client::from_env()?,
        pool: pool.clone(),
        folder: folder.into(),
        look: look.clone(),
        voice: voice.clone(),
    };
    let worker = WorkerBuilder::new(format!("bulk-{}", std::process::id()))
        .backend(queue)
        .data(app)
        .concurrency(AT_ONCE)
        .build(make);
    tokio::select! {
        ended = worker.run() => ended?,
        done = all_done(&pool) => done?,
    }
    let failed: Vec<(String, Option<String>)> = sqlx::query_as(FAILED).fetch_all(&pool).await?;
    for (row, why) in &failed {
        eprintln!("failed: {row}: {}", why.as_deref().unwrap_or("no reason given"));
    }
    std::process::exit(i32::from(!failed.is_empty()))
}

/// Returns once every row of the queue is at its end.
async fn all_done(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let open: i64 = sqlx::query_scalar(OPEN).fetch_one(pool).await?;
        if open == 0 {
            return Ok(());
        }
    }
}
