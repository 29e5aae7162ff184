//! Asks a running server how it is: one plain request, so that the server needs no HTTP client.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use chayan_api::paths;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::Failed;
use crate::config::Config;
use crate::texts::{Text, say};
use crate::tls;

const PATIENCE: Duration = Duration::from_secs(5);
/// The answer is a few hundred bytes.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Where to ask, and whom to believe.
#[derive(Debug, Clone, Default)]
pub struct HealthTarget {
    /// `http://host:port` or `https://host:port`; the server of the settings if absent.
    pub url: Option<String>,
    /// PEM file with the authority, or with the server's own certificate; that of the settings if absent.
    pub ca: Option<PathBuf>,
}

/// Whether the server is well.
///
/// # Errors
/// When it does not answer, shows a certificate that is not believed, or says that it is not well.
pub async fn healthcheck(target: &HealthTarget, config: &Config) -> Result<String, Failed> {
    let url = target.url.clone().unwrap_or_else(|| own_url(config));
    let ca = target.ca.clone().or_else(|| config.tls_cert.clone());
    let bad = |reason: String| Failed::new(say(Text::HealthBad, &[("url", &url), ("reason", &reason)]));
    match tokio::time::timeout(PATIENCE, status(&url, ca.as_deref())).await {
        Ok(Ok(200)) => Ok(say(Text::HealthOk, &[("url", &url)])),
        Ok(Ok(status)) => Err(bad(status.to_string())),
        Ok(Err(error)) => Err(bad(format!("{error:#}"))),
        Err(_) => Err(bad("timeout".to_owned())),
    }
}

/// The server that runs with these settings, asked on this machine.
fn own_url(config: &Config) -> String {
    let scheme = if config.tls_cert.is_some() { "https" } else { "http" };
    let mut address = config.listen;
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("{scheme}://{address}")
}

async fn status(url: &str, ca: Option<&Path>) -> anyhow::Result<u16> {
    let (scheme, rest) = url.split_once("://").context("not http://host:port or https://host:port")?;
    let host = rest.split('/').next().unwrap_or_default();
    match scheme {
        "http" => ask(TcpStream::connect(host).await?, host).await,
        "https" => {
            let ca = ca.context("https needs --ca, or tls_cert in the settings")?;
            let connector = TlsConnector::from(Arc::new(tls::client_config(ca)?));
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            let name = ServerName::try_from(name.trim_matches(['[', ']']).to_owned())?;
            ask(connector.connect(name, TcpStream::connect(host).await?).await?, host).await
        }
        _ => bail!("not http://host:port or https://host:port"),
    }
}

async fn ask(mut stream: impl AsyncRead + AsyncWrite + Unpin, host: &str) -> anyhow::Result<u16> {
    let request = format!("GET {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n", paths::HEALTH);
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    // A server that ends the connection without a farewell has answered all the same.
    let ended = stream.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    let head = String::from_utf8_lossy(&answer);
    match head.split_whitespace().nth(1).and_then(|word| word.parse().ok()) {
        Some(status) => Ok(status),
        None => Err(ended.err().map_or_else(|| anyhow::anyhow!("not an HTTP answer"), Into::into)),
    }
}
