//! The tray host: the `org.kde.StatusNotifierWatcher` of a private desktop.
//!
//! It draws nothing. It records which programs show a tray icon and lets a test click and read them.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::{Connection, Proxy, interface};

use super::menu::{self, MenuEntry};
use crate::wait::{self, PATIENCE};

const WATCHER_NAME: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const ITEM_INTERFACE: &str = "org.kde.StatusNotifierItem";

/// A picture of a tray icon: width and height in pixels, and ARGB in network byte order.
pub type Pixmap = (i32, i32, Vec<u8>);

/// Icon name, pictures, title and text, as the item's `ToolTip` gives them.
type Tooltip = (String, Vec<Pixmap>, String, String);

/// Records tray icons as long as it lives; then the name on the bus is free again.
pub struct TrayHost {
    connection: Connection,
    registered: Registered,
}

type Registered = Arc<Mutex<Vec<Address>>>;

/// Where a tray icon answers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    service: String,
    path: String,
}

impl Address {
    /// A program registers a bus name, or only the path of its object on the connection that it calls from.
    fn parse(argument: &str, sender: &str) -> Self {
        if argument.starts_with('/') {
            return Self { service: sender.to_owned(), path: argument.to_owned() };
        }
        match argument.split_once('/') {
            Some((service, path)) => Self { service: service.to_owned(), path: format!("/{path}") },
            None => Self { service: argument.to_owned(), path: "/StatusNotifierItem".to_owned() },
        }
    }

    fn shown(&self) -> String {
        format!("{}{}", self.service, self.path)
    }
}

struct Watcher {
    registered: Registered,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    async fn register_status_notifier_item(
        &self,
        service: &str,
        #[zbus(header)] header: Header<'_>,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        let address = Address::parse(service, &sender);
        let shown = address.shown();
        {
            let mut registered = self.registered.lock().unwrap_or_else(PoisonError::into_inner);
            registered.retain(|known| *known != address);
            registered.push(address);
        }
        Self::status_notifier_item_registered(&emitter, &shown).await?;
        Ok(())
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        let registered = self.registered.lock().unwrap_or_else(PoisonError::into_inner);
        registered.iter().map(Address::shown).collect()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(signal)]
    async fn status_notifier_item_registered(emitter: &SignalEmitter<'_>, service: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_item_unregistered(
        emitter: &SignalEmitter<'_>,
        service: &str,
    ) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}

impl TrayHost {
    /// Appears on the bus at this address.
    ///
    /// # Errors
    /// When the bus does not answer or another host has the name.
    pub async fn start(bus: &str) -> Result<Self> {
        let registered = Registered::default();
        let watcher = Watcher { registered: registered.clone() };
        let connection = zbus::connection::Builder::address(bus)?
            .serve_at(WATCHER_PATH, watcher)?
            .name(WATCHER_NAME)?
            .build()
            .await
            .context("cannot become the tray host")?;
        let emitter = SignalEmitter::new(&connection, WATCHER_PATH)?;
        Watcher::status_notifier_host_registered(&emitter).await?;
        Ok(Self { connection, registered })
    }

    /// The icons shown now; those whose program is gone are left out.
    ///
    /// # Errors
    /// When the bus does not answer.
    pub async fn items(&self) -> Result<Vec<TrayItem>> {
        let known = self.registered.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let bus = zbus::fdo::DBusProxy::new(&self.connection).await?;
        let mut items = Vec::new();
        for address in known {
            if bus.name_has_owner(address.service.as_str().try_into()?).await? {
                items.push(TrayItem { connection: self.connection.clone(), address });
            }
        }
        Ok(items)
    }

    /// Waits for the one icon of a desktop that runs one program.
    ///
    /// # Errors
    /// After 30 seconds without an icon.
    pub async fn item(&self) -> Result<TrayItem> {
        wait::until("a tray icon", PATIENCE, async || match self.items().await {
            Ok(mut items) => items.pop().ok_or_else(|| "no icon".to_owned()),
            Err(error) => Err(error.to_string()),
        })
        .await
    }
}

/// One tray icon.
#[derive(Debug, Clone)]
pub struct TrayItem {
    connection: Connection,
    address: Address,
}

impl TrayItem {
    /// A left click.
    ///
    /// # Errors
    /// When the program does not answer or knows no click.
    pub async fn activate(&self) -> Result<()> {
        self.item().await?.call::<_, _, ()>("Activate", &(0_i32, 0_i32)).await.context("tray: Activate")
    }

    /// The title, which a panel reads out.
    ///
    /// # Errors
    /// When the program does not answer.
    pub async fn title(&self) -> Result<String> {
        self.property("Title").await
    }

    /// The words of the tooltip: its title and, on a new line, its text where there is one.
    ///
    /// # Errors
    /// When the program does not answer.
    pub async fn tooltip(&self) -> Result<String> {
        let (_, _, title, text): Tooltip = self.property("ToolTip").await?;
        Ok(if text.is_empty() { title } else { format!("{title}\n{text}") })
    }

    /// The icon's name in the theme; empty when it is given as pictures.
    ///
    /// # Errors
    /// When the program does not answer.
    pub async fn icon_name(&self) -> Result<String> {
        self.property("IconName").await
    }

    /// The icon's pictures.
    ///
    /// # Errors
    /// When the program does not answer.
    pub async fn icon(&self) -> Result<Vec<Pixmap>> {
        self.property("IconPixmap").await
    }

    /// `Passive`, `Active` or `NeedsAttention`.
    ///
    /// # Errors
    /// When the program does not answer.
    pub async fn status(&self) -> Result<String> {
        self.property("Status").await
    }

    /// Waits until the tooltip satisfies a condition.
    ///
    /// # Errors
    /// After 30 seconds; the message shows the last tooltip.
    pub async fn tooltip_when(&self, what: &str, holds: impl Fn(&str) -> bool) -> Result<String> {
        wait::until(what, PATIENCE, async || match self.tooltip().await {
            Ok(tooltip) if holds(&tooltip) => Ok(tooltip),
            Ok(tooltip) => Err(format!("“{tooltip}”")),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// The menu as it is now.
    ///
    /// # Errors
    /// When the program does not answer or has no menu.
    pub async fn menu(&self) -> Result<Vec<MenuEntry>> {
        menu::read(&self.menu_proxy().await?).await
    }

    /// Opens the menu and clicks the entry whose label begins with these words.
    ///
    /// # Errors
    /// After 30 seconds without such an enabled entry; the message lists the entries.
    pub async fn choose(&self, label: &str) -> Result<()> {
        let proxy = self.menu_proxy().await?;
        let entry = wait::until(&format!("the menu entry “{label}”"), PATIENCE, async || {
            let entries = menu::read(&proxy).await.map_err(|error| error.to_string())?;
            menu::find(&entries, label)
                .filter(|entry| entry.enabled)
                .cloned()
                .ok_or_else(|| menu::labels(&entries).join(", "))
        })
        .await?;
        menu::click(&proxy, entry.id).await
    }

    async fn menu_proxy(&self) -> Result<Proxy<'static>> {
        let path: zbus::zvariant::OwnedObjectPath = self.property("Menu").await?;
        let service = self.address.service.clone();
        Ok(Proxy::new(&self.connection, service, path, menu::INTERFACE).await?)
    }

    async fn property<T>(&self, name: &'static str) -> Result<T>
    where
        T: TryFrom<zbus::zvariant::OwnedValue>,
        T::Error: Into<zbus::Error>,
    {
        // Never from a cache: a test reads what the program says now.
        self.item().await?.get_property(name).await.with_context(|| format!("tray: {name}"))
    }

    async fn item(&self) -> Result<Proxy<'static>> {
        let proxy: Proxy<'static> = zbus::proxy::Builder::new(&self.connection)
            .destination(self.address.service.clone())?
            .path(self.address.path.clone())?
            .interface(ITEM_INTERFACE)?
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await?;
        Ok(proxy)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_icon_may_register_a_name_a_path_or_both() {
        let parse = |argument| Address::parse(argument, ":1.7").shown();
        assert_eq!(
            parse("org.kde.StatusNotifierItem-4-1"),
            "org.kde.StatusNotifierItem-4-1/StatusNotifierItem"
        );
        assert_eq!(parse("/org/ayatana/item"), ":1.7/org/ayatana/item");
        assert_eq!(parse(":1.9/Item"), ":1.9/Item");
    }
}
