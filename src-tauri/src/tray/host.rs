//! Waiting for a tray host: at log-in the program may be there before the panel is.

use futures_util::StreamExt;
use zbus::fdo::DBusProxy;

/// The name that a tray host owns on the session bus.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// Returns once a tray host is there.
///
/// # Errors
/// There is no session bus, so there will be no tray.
pub(super) async fn appeared() -> zbus::Result<()> {
    let connection = zbus::Connection::session().await?;
    let bus = DBusProxy::new(&connection).await?;
    // Listen first, ask second: a host that comes in between is not missed.
    let mut owners = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
    if bus.name_has_owner(WATCHER.try_into()?).await? {
        return Ok(());
    }
    while let Some(change) = owners.next().await {
        if change.args()?.new_owner().is_some() {
            return Ok(());
        }
    }
    Err(zbus::Error::Failure("the session bus is gone".to_owned()))
}
