#!/usr/bin/env bash
# The cold build of a program that depends on heygen with its default features,
# beside one that makes the same call by hand with reqwest: crates compiled,
# wall time, processor time. Both with the same TLS (rustls on ring), and then
# by hand as reqwest has it by default (rustls on aws-lc).
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
by_hand='use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Envelope { error: Option<serde_json::Value>, data: Option<Avatar> }

#[derive(Debug, Deserialize)]
struct Avatar { id: String, name: Option<String> }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = CLIENT;
    let answer = client.get("https://api.heygen.com/v2/avatar/a1/details")
        .header("x-api-key", std::env::var("HEYGEN_API_KEY")?).send().await?.error_for_status()?;
    println!("{:?}", answer.json::<Envelope>().await?);
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
$tokio" '#[tokio::main]
async fn main() -> Result<(), heygen::Error> {
    let client = heygen::Client::from_env()?;
    println!("{:?}", client.v2().avatars().details("a1").await?);
    Ok(())
}'
program by-hand-ring "reqwest = { version = \"0.13.4\", default-features = false, features = [\"brotli\", \"gzip\", \"http2\", \"json\", \"rustls-no-provider\", \"system-proxy\"] }
rustls = { version = \"0.23\", default-features = false, features = [\"ring\", \"std\", \"tls12\"] }
rustls-platform-verifier = \"0.7\"
$serde
$tokio" "${by_hand/CLIENT/$ring}"
program by-hand-default "reqwest = { version = \"0.13.4\", features = [\"brotli\", \"gzip\", \"json\"] }
$serde
$tokio" "${by_hand/CLIENT/reqwest::Client::new()}"

printf '%-16s %7s %9s %9s\n' program crates wall/s cpu/s
for _ in $(seq "$rounds"); do
  for name in by-hand-ring ours by-hand-default; do
    cd "$work/$name"
    rm -rf target
    TIMEFORMAT='%R %U %S'
    { time cargo build --offline >build.log 2>&1; } 2>time.log || { cat build.log; exit 1; }
    read -r wall user system <time.log
    printf '%-16s %7s %9s %9s\n' "$name" "$(grep -c '^ *Compiling' build.log)" "$wall" \
      "$(awk "BEGIN { print $user + $system }")"
  done
done
