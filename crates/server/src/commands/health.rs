//! Asks a running server how it is: one plain request, so that the server needs no HTTP client.

use std::time::Duration;

use chayan_api::paths;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::Failed;
use crate::texts::{Text, say};

const PATIENCE: Duration = Duration::from_secs(5);
/// The answer is a few hundred bytes.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Whether the server at `url` (`http://host:port`, with TLS through its loopback listener or a proxy) is well.
///
/// # Errors
/// When it does not answer, or says that it is not well.
pub async fn healthcheck(url: &str) -> Result<String, Failed> {
    let bad = |reason: String| Failed::new(say(Text::HealthBad, &[("url", url), ("reason", &reason)]));
    match tokio::time::timeout(PATIENCE, status(url)).await {
        Ok(Ok(200)) => Ok(say(Text::HealthOk, &[("url", url)])),
        Ok(Ok(status)) => Err(bad(status.to_string())),
        Ok(Err(error)) => Err(bad(error.to_string())),
        Err(_) => Err(bad("timeout".to_owned())),
    }
}

async fn status(url: &str) -> anyhow::Result<u16> {
    let host = url
        .strip_prefix("http://")
        .ok_or_else(|| anyhow::anyhow!("not http://host:port"))?
        .split('/')
        .next()
        .unwrap_or_default();
    let mut stream = TcpStream::connect(host).await?;
    let request = format!("GET {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", paths::HEALTH);
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await?;
    let head = String::from_utf8_lossy(&answer);
    let status = head.split_whitespace().nth(1).and_then(|word| word.parse().ok());
    status.ok_or_else(|| anyhow::anyhow!("not an HTTP answer"))
}
