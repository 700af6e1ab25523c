//! Prints the details of one avatar.
//!
//! Run it with `HEYGEN_API_KEY=... cargo run -p heygen --example
//! avatar_details -- Abigail_standing_office_front`.

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let id = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "Abigail_standing_office_front".to_owned());
    let client = heygen::Client::from_env()?;
    let response = client.v2().avatars().details(id).with_response().await?;
    let avatar = response.data();

    println!(
        "{} ({})",
        avatar.name.as_deref().unwrap_or("no name"),
        avatar.id
    );
    println!(
        "  voice    {}",
        avatar.default_voice_id.as_deref().unwrap_or("none")
    );
    println!(
        "  preview  {}",
        avatar.preview_video_url.as_deref().unwrap_or("none")
    );
    println!(
        "  tags     {}",
        avatar.tags.as_deref().unwrap_or_default().join(", ")
    );
    if let Some(deprecation) = response.deprecation() {
        eprintln!("note: {deprecation}");
    }
    Ok(())
}
