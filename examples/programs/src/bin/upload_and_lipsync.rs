//! Uploads a video and an audio file, of any size, and makes the person in the
//! video speak what is in the audio file.
//!
//! `cargo run --bin upload_and_lipsync -- person.mp4 speech.mp3 result.mp4`

use heygen::v3::{AssetId, CreateLipsync, Upload};

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [video, audio, result] = &paths[..] else {
        eprintln!("usage: upload_and_lipsync VIDEO AUDIO RESULT");
        std::process::exit(2);
    };
    let client = heygen::Client::from_env()?;
    let v3 = client.v3();

    let upload = |path: &String| {
        let upload = v3.assets().upload(Upload::path(path));
        upload.on_progress(|progress| eprintln!("{progress}"))
    };
    let (video, audio) = tokio::try_join!(upload(video), upload(audio))?;
    let body = CreateLipsync::new(AssetId::new(video.asset_id), AssetId::new(audio.asset_id));
    let done = v3.lipsyncs().create(body).and_wait().await?;
    let file = v3.lipsyncs().download(&done.id, result).await?;
    println!("{} ({} bytes)", file.path.display(), file.bytes);
    Ok(())
}
