//! TLS on our own listener: handshakes run beside each other, so a slow or silent client keeps nobody waiting.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::serve::Listener;
use chayan_runtime::Tasks;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tracing::debug;

/// Handshakes under way at the same time.
const HANDSHAKES: usize = 256;
/// Whoever takes longer is cut off.
const LONGEST_HANDSHAKE: Duration = Duration::from_secs(10);

/// Accepts connections whose handshake is done.
pub(crate) struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Reads certificate and key and begins to accept.
    ///
    /// # Errors
    /// When a file cannot be read or they do not belong together.
    pub(crate) fn new(listener: TcpListener, cert: &Path, key: &Path, tasks: &Tasks) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let acceptor = TlsAcceptor::from(Arc::new(server_config(cert, key)?));
        let (sender, ready) = mpsc::channel(HANDSHAKES);
        tasks.spawn("tls", accept(listener, acceptor, sender));
        Ok(Self { address, ready })
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task has ended because the server stops: nothing comes any more.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn accept(
    mut listener: TcpListener,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let turns = Arc::new(Semaphore::new(HANDSHAKES));
    loop {
        let (stream, peer) = Listener::accept(&mut listener).await;
        let Ok(turn) = Arc::clone(&turns).acquire_owned().await else { return };
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        tokio::spawn(async move {
            let _turn = turn;
            let _slower = stream.set_nodelay(true).is_err();
            match tokio::time::timeout(LONGEST_HANDSHAKE, acceptor.accept(stream)).await {
                // Nobody receives only while the server stops.
                Ok(Ok(secured)) => drop(sender.send((secured, peer)).await),
                Ok(Err(error)) => debug!(cause = %error, "handshake failed"),
                Err(_) => debug!("handshake took too long"),
            }
        });
    }
}

fn server_config(cert: &Path, key: &Path) -> anyhow::Result<ServerConfig> {
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("{}: no certificates", cert.display()))?;
    let key_of =
        PrivateKeyDer::from_pem_file(key).with_context(|| format!("{}: no private key", key.display()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key_of)
        .with_context(|| format!("{} does not belong to {}", key.display(), cert.display()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}
