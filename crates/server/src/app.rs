//! A running server: listener and end come in as arguments, so a test serves on port 0 and stops when it likes.

use std::future::Future;
use std::net::SocketAddr;

use anyhow::Context as _;
use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener, ListenerExt as _};
use chayan_domain::time::Span;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tracing::{info, warn};

use crate::centre::{Centre, CentreParts};
use crate::tls::TlsListener;
use crate::{engine, feed, retention, router, sweep};

/// A server in the background.
pub struct App {
    address: SocketAddr,
    centre: Centre,
    serving: JoinHandle<anyhow::Result<()>>,
}

impl App {
    /// Starts serving on `listener`: plain HTTP, or TLS where the settings name a certificate.
    ///
    /// # Errors
    /// When the store holds an organisation that cannot be read, or the certificate does not do.
    pub async fn start(parts: CentreParts, listener: TcpListener) -> anyhow::Result<Self> {
        let address = listener.local_addr().context("the listener has no address")?;
        let centre = Centre::new(parts).await?;
        let end = centre.ending.clone().cancelled_owned();
        let serving = match (&centre.config.tls_cert, &centre.config.tls_key) {
            (Some(cert), Some(key)) => {
                // The tap does nothing here: it makes both listeners of one kind.
                let listener = TlsListener::new(listener, cert, key, &centre.tasks)?.tap_io(|_| {});
                tokio::spawn(serve(listener, centre.clone(), end))
            }
            _ => {
                let listener = listener.tap_io(send_at_once);
                tokio::spawn(serve(listener, centre.clone(), end))
            }
        };
        Ok(Self { address, centre, serving })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it shares.
    #[must_use]
    pub const fn centre(&self) -> &Centre {
        &self.centre
    }

    /// Ends streams first, lets requests under way finish, stops the engine, closes the store.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.centre.ending.cancel();
        self.serving.await?
    }

    /// Serves until `end`, then stops like [`App::stop`].
    ///
    /// # Errors
    /// When serving fails.
    pub async fn run_until(mut self, end: impl Future<Output = ()> + Send) -> anyhow::Result<()> {
        tokio::select! {
            ended = &mut self.serving => return ended?,
            () = end => info!("stop asked for"),
        }
        self.stop().await
    }
}

/// Serves on `listener` until `shutdown`, with the engine and the watchers beside it.
///
/// # Errors
/// When accepting connections fails for good.
pub async fn serve<L>(
    listener: L,
    centre: Centre,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()>
where
    L: Listener<Addr = SocketAddr>,
    SocketAddr: for<'a> Connected<IncomingStream<'a, L>>,
{
    centre.tasks.spawn("feed listeners", feed::watch_store(centre.clone()));
    centre.tasks.spawn("organisation", feed::watch_organisation(centre.clone()));
    centre.tasks.spawn("engine", engine::run(centre.clone()));
    centre.tasks.spawn("broom", sweep::run(centre.clone()));
    centre.tasks.spawn("retention", retention::run(centre.clone()));
    let ending = centre.ending.clone();
    let served = {
        let service = router::router(centre.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let graceful = axum::serve(listener, service).with_graceful_shutdown({
            let ending = ending.clone();
            async move {
                shutdown.await;
                // Streams end before requests are waited for, or a stop would wait for ever.
                ending.cancel();
            }
        });
        let drained = Span::seconds(centre.config.drain_seconds.into());
        let clock = std::sync::Arc::clone(&centre.clock);
        let too_long = async {
            ending.cancelled().await;
            clock.sleep(drained).await;
        };
        tokio::select! {
            served = graceful => served.context("serving failed"),
            () = too_long => {
                warn!("requests under way were cut off");
                Ok(())
            }
        }
    };
    centre.tasks.shutdown().await;
    centre.store.shutdown().await;
    info!("stopped");
    served
}

fn send_at_once(stream: &mut TcpStream) {
    // Without it small answers wait for an acknowledgement; a socket that cannot do it is only slower.
    let _slower = stream.set_nodelay(true).is_err();
}
