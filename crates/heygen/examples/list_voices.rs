//! Prints all voices of a language, as a stream over all pages of the list.
//!
//! Run it with `HEYGEN_API_KEY=... cargo run -p heygen --example list_voices --
//! English`. The mock has two pages of every list, with the same items.

use heygen::v3::ListVoices;

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let mut query = ListVoices::new().limit(100);
    if let Some(language) = std::env::args().nth(1) {
        query = query.language(language);
    }
    let client = heygen::Client::from_env()?;
    // A page is requested when the one before it is used up. A voice that does not
    // fit its model is skipped, with a warning of `tracing`.
    let mut voices = client.v3().voices().list(query).lenient().items();
    while let Some(voice) = voices.next().await {
        let voice = voice?;
        println!(
            "{}  {} ({})",
            voice.voice_id,
            voice.name.as_deref().unwrap_or("no name"),
            voice.language.as_deref().unwrap_or("any language")
        );
    }
    Ok(())
}
