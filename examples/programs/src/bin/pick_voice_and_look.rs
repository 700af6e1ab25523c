//! Finds a voice of a language, and looks that can be used now, through all
//! pages of both lists.
//!
//! `cargo run --bin pick_voice_and_look -- English`

use heygen::v3::{ListAvatarLooks, ListVoices};

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let language = std::env::args().nth(1);
    let language = language.as_deref().unwrap_or("English");
    let client = heygen::Client::from_env()?;
    let v3 = client.v3();

    // A page is requested when the one before it is used up. A voice that does
    // not fit its model is skipped, with a warning of `tracing`.
    let query = ListVoices::new().language(language).limit(100);
    let mut voices = v3.voices().list(query).lenient().items();
    let Some(voice) = voices.next().await.transpose()? else {
        println!("there is no voice for {language}");
        return Ok(());
    };
    let name = voice.name.as_deref().unwrap_or("no name");
    println!("voice {} ({name})", voice.voice_id);

    let mut looks = v3.avatars().looks().list(ListAvatarLooks::new().limit(50)).items();
    while let Some(look) = looks.next().await {
        let look = look?;
        // A new look has no picture until its training is done.
        if look.preview_image_url.is_some() {
            let name = look.name.as_deref().unwrap_or("no name");
            println!("look  {} ({name})", look.id);
        }
    }
    Ok(())
}
