//! Prints the details of one avatar, by version 2 of the API.
//!
//! `cargo run --bin avatar_details -- Abigail_standing_office_front`

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let id = std::env::args().nth(1);
    let id = id.as_deref().unwrap_or("Abigail_standing_office_front");
    let client = heygen::Client::from_env()?;
    let response = client.v2().avatars().details(id).with_response().await?;
    let avatar = response.data();

    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    println!("{} ({})", or_none(&avatar.name), avatar.id);
    println!("  voice    {}", or_none(&avatar.default_voice_id));
    println!("  preview  {}", or_none(&avatar.preview_video_url));
    let tags = avatar.tags.as_deref().unwrap_or_default();
    println!("  tags     {}", tags.join(", "));
    if let Some(deprecation) = response.deprecation() {
        eprintln!("note: {deprecation}");
    }
    Ok(())
}
