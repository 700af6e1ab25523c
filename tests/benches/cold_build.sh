#!/usr/bin/env bash
# What heygen costs a program that depends on it with its default features and
# calls three operations, beside one that makes the same calls by hand with reqwest:
# crates compiled, wall time and processor time of a cold build and of a build
# after a change in main.rs, and the size of the stripped release binary. Both with
# the same TLS (rustls on ring), and then by hand as reqwest has it by default
# (rustls on aws-lc). SIZES= leaves the release builds out.
#
#   bash tests/benches/cold_build.sh [DIRECTORY]
#
# Builds are from nothing, into directories of their own below DIRECTORY (a
# temporary one unless given), by turns. Crates are downloaded beforehand.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${1:-$(mktemp -d)}
rounds=${ROUNDS:-1}
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0
unset CARGO_TARGET_DIR

program() {
  local name=$1 dependencies=$2 main=$3
  mkdir -p "$work/$name/src"
  printf '[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\n%s\n' \
    "$name" "$dependencies" >"$work/$name/Cargo.toml"
  printf '%s\n' "$main" >"$work/$name/src/main.rs"
  cp "$root/Cargo.lock" "$work/$name/Cargo.lock"
  (cd "$work/$name" && cargo fetch --quiet)
}

tokio='tokio = { version = "1", features = ["macros", "rt-multi-thread"] }'
by_hand='use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
struct Data<T> { data: T }

#[derive(Debug, Deserialize)]
struct Voices { data: Vec<Voice>, next_token: Option<String>, has_more: bool }

#[derive(Debug, Deserialize)]
struct Voice { voice_id: String, name: Option<String>, language: Option<String>, gender: Option<String>, preview_audio_url: Option<String> }

#[derive(Debug, Deserialize)]
struct Look { id: String, name: Option<String>, group_id: Option<String>, preview_image_url: Option<String>, status: Option<String>, tags: Option<Vec<String>> }

#[derive(Debug, Serialize)]
struct CreateVideo { r#type: String, avatar_id: String, script: Option<String>, voice_id: Option<String>, title: Option<String> }

#[derive(Debug, Deserialize)]
struct Created { video_id: String, status: Option<String> }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = CLIENT;
    let key = std::env::var("HEYGEN_API_KEY")?;
    let base = "https://api.heygen.com/v3";
    let voices: Voices = client.get(format!("{base}/voices")).query(&[("language", "English"), ("limit", "10")])
        .header("x-api-key", &key).send().await?.error_for_status()?.json().await?;
    let look: Data<Look> = client.get(format!("{base}/avatars/looks/look_1"))
        .header("x-api-key", &key).send().await?.error_for_status()?.json().await?;
    let body = CreateVideo { r#type: "avatar".into(), avatar_id: look.data.id, script: Some("Hello".into()), voice_id: Some(voices.data[0].voice_id.clone()), title: None };
    let made: Data<Created> = client.post(format!("{base}/videos")).json(&body)
        .header("x-api-key", &key).send().await?.error_for_status()?.json().await?;
    println!("{:?} {:?}", voices, made);
    Ok(())
}'
ring='{
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        use rustls_platform_verifier::BuilderVerifierExt as _;
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?.with_platform_verifier()?.with_no_client_auth();
        reqwest::Client::builder().tls_backend_preconfigured(tls).build()?
    }'
serde='serde = { version = "1", features = ["derive"] }
serde_json = "1"'

program ours "heygen = { path = \"$root/crates/heygen\" }
$tokio" 'use heygen::v3::{CreateVideoFromAvatar, ListVoices};

#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let client = heygen::Client::from_env()?;
    let v3 = client.v3();
    let voices = v3.voices().list(ListVoices::new().language("English").limit(10)).await?;
    let look = v3.avatars().looks().get("look_1").await?;
    let body = CreateVideoFromAvatar::new(look.id).script("Hello").voice_id(&voices.items[0].voice_id);
    let made = v3.videos().create(body).await?;
    println!("{:?} {:?}", voices, made);
    Ok(())
}'
program by-hand-ring "reqwest = { version = \"0.13.4\", default-features = false, features = [\"brotli\", \"gzip\", \"http2\", \"json\", \"query\", \"rustls-no-provider\", \"system-proxy\"] }
rustls = { version = \"0.23\", default-features = false, features = [\"ring\", \"std\", \"tls12\"] }
rustls-platform-verifier = \"0.7\"
$serde
$tokio" "${by_hand/CLIENT/$ring}"
program by-hand-default "reqwest = { version = \"0.13.4\", features = [\"brotli\", \"gzip\", \"json\", \"query\"] }
$serde
$tokio" "${by_hand/CLIENT/reqwest::Client::new()}"

build() {
  TIMEFORMAT='%R %U %S'
  { time cargo build --offline "$@" >build.log 2>&1; } 2>time.log || { cat build.log; exit 1; }
  read -r wall user system <time.log
  cpu=$(awk "BEGIN { print $user + $system }")
}

printf '%-16s %7s %9s %9s %12s %12s\n' program crates wall/s cpu/s changed/s changed-cpu/s
for _ in $(seq "$rounds"); do
  for name in by-hand-ring ours by-hand-default; do
    cd "$work/$name"
    rm -rf target
    build
    row=$(printf '%-16s %7s %9s %9s' "$name" "$(grep -c '^ *Compiling' build.log)" "$wall" "$cpu")
    # A program is changed where it is written: incrementally.
    export CARGO_INCREMENTAL=1
    build
    echo "// changed" >>src/main.rs
    sed -i 's/println!("/println!("changed /' src/main.rs
    build
    export CARGO_INCREMENTAL=0
    printf '%s %12s %12s\n' "$row" "$wall" "$cpu"
  done
done
if [[ ${SIZES-yes} ]]; then
  for name in by-hand-ring ours by-hand-default; do
    cd "$work/$name"
    CARGO_PROFILE_RELEASE_STRIP=true build --release
    printf '%-16s %s bytes\n' "$name" "$(stat -c %s "target/release/$name")"
  done
fi
