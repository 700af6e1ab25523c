//! Translates a video into three languages and saves each one. The languages
//! are done at different times, and one that fails leaves the others as they
//! are.
//!
//! `cargo run --bin translate_three_languages -- https://example.com/talk.mp4 FOLDER`

use heygen::v3::{AssetUrl, CreateVideoTranslation};

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next();
    let url = url.as_deref().unwrap_or("https://example.com/talk.mp4");
    let folder = arguments.next().unwrap_or_else(|| ".".to_owned());

    let client = heygen::Client::from_env()?;
    let translations = client.v3().video_translations();
    let body = CreateVideoTranslation::new(AssetUrl::new(url), ["German", "French", "Japanese"]);
    let results = translations
        .create(body)
        .and_wait()
        .on_progress(|progress| eprintln!("{progress}"))
        .await?;
    for translation in results {
        match translation.result {
            Ok(done) => {
                let path = format!("{folder}/{}.mp4", done.id);
                let file = translations.download(&done.id, path).await?;
                println!("{}", file.path.display());
            }
            Err(error) => eprintln!("{}: {error}", translation.id),
        }
    }
    Ok(())
}
