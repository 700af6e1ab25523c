//! Lists voices, picks a look of an avatar, and makes a video in which it speaks.
//!
//! Run it with `HEYGEN_API_KEY=... cargo run -p heygen --example create_video`. The
//! video is billed; against the mock (`cargo run -- mock serve --port 8080`, then
//! `HEYGEN_BASE_URL=http://127.0.0.1:8080 HEYGEN_API_KEY=any`) nothing is.

use heygen::v3::{CreateVideoFromAvatar, ListVoices};

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let client = heygen::Client::from_env()?;
    let v3 = client.v3();

    let english = ListVoices::new().language("English").limit(100);
    let voices = v3.voices().list(english).await?;
    let looks = v3.avatars().looks().list(None).await?;
    let (Some(voice), Some(look)) = (voices.items.first(), looks.items.first()) else {
        println!("there is no English voice, or no look");
        return Ok(());
    };

    let hello = CreateVideoFromAvatar::new(&look.id)
        .script("Hello!")
        .voice_id(&voice.voice_id);
    let made = v3.videos().create(hello).await?;
    let video = v3.videos().get(&made.video_id).await?;
    println!("{} is {}", video.id, video.status);
    Ok(())
}
