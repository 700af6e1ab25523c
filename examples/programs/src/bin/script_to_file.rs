//! A script in, a file on disk. Prints the id of the video as soon as it exists,
//! so that a run that is interrupted can be taken up with it.
//!
//! `cargo run --bin script_to_file -- "Hello!" hello.mp4 [LOOK [VOICE]]`

use heygen::v3::CreateVideoFromAvatar;

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let mut arguments = std::env::args().skip(1);
    let script = arguments.next().unwrap_or_else(|| "Hello!".to_owned());
    let path = arguments.next().unwrap_or_else(|| "hello.mp4".to_owned());
    let look = arguments.next().unwrap_or_else(|| "look_4d1e".to_owned());
    let voice = arguments.next().unwrap_or_else(|| "voice_51ad".to_owned());

    let videos = heygen::Client::from_env()?;
    let videos = videos.v3().videos();
    let body = CreateVideoFromAvatar::new(look).script(script).voice_id(voice);
    let video = videos
        .create(body)
        .and_wait()
        .on_progress(|progress| eprintln!("{progress}"))
        .await?;
    let file = videos.download(&video.id, path).await?;
    println!("{} ({} bytes)", file.path.display(), file.bytes);
    Ok(())
}
