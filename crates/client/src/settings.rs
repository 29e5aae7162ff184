//! Settings of one desk: in the clear, because nothing in them is secret, and needed before the keyring is there.

use crate::core::Core;
use crate::ipc::{CheckServer, DeskEvent, DeskFault, ServerCheck, Settings};
use crate::remote::{Remote, checked_address};
use crate::store::{Store, StoreFault};
use chayan_domain::time::Span;

const SETTINGS: &str = "settings";
/// How often an alert's sound may repeat, in seconds.
const REPEAT_SECONDS: std::ops::RangeInclusive<u32> = 10..=300;

impl Store {
    /// The settings as they were saved; the defaults where none or unreadable ones are.
    pub(crate) async fn settings(&self) -> Result<Settings, StoreFault> {
        let text = self.meta(SETTINGS).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    pub(crate) async fn set_settings(&self, settings: &Settings) -> Result<(), StoreFault> {
        let text = serde_json::to_string(settings).map_err(|fault| StoreFault::Failed(fault.to_string()))?;
        self.set_meta(SETTINGS, &text).await
    }
}

impl Core {
    /// `save_settings`
    pub(crate) async fn save_settings(&self, settings: Settings) -> Result<Settings, DeskFault> {
        self.real_only()?;
        let settings = tidied(settings);
        if !settings.server.is_empty() {
            // Also reads the CA file and checks the proxy, so that nothing unusable is saved.
            Remote::new(&settings, self.device_id(), &self.client_version, self.clock.clone())?;
        }
        let other_centre = self.settings.borrow().server != settings.server;
        if other_centre && self.session.borrow().token.is_some() {
            // A token is for the centre that gave it, never for another address.
            self.sign_out().await?;
        }
        self.store.set_settings(&settings).await?;
        self.settings.send_replace(settings.clone());
        self.rebuild_remote();
        self.tell(DeskEvent::Settings { settings: settings.clone() });
        self.tell_connection();
        self.wake_everything();
        Ok(settings)
    }

    /// `check_server`
    pub(crate) async fn check_server(&self, args: CheckServer) -> ServerCheck {
        let began = self.now();
        let settings = tidied(args.settings);
        let remote = self.real_only().and_then(|()| {
            Remote::new(&settings, self.device_id(), &self.client_version, self.clock.clone())
        });
        let answer = match remote {
            Ok(remote) => remote.health().await,
            Err(fault) => Err(fault),
        };
        let now = self.now();
        match answer {
            Ok(health) => {
                let round_trip = now.since(began);
                let middle = began.plus(Span(round_trip.0 / 2));
                ServerCheck {
                    reachable: true,
                    version: Some(health.version),
                    round_trip: Some(round_trip),
                    clock_offset: Some(health.server_time.since(middle)),
                    fault: None,
                }
            }
            Err(fault) => ServerCheck {
                reachable: false,
                version: None,
                round_trip: None,
                clock_offset: None,
                fault: Some(fault),
            },
        }
    }
}

/// The same settings as they are kept: the address as an origin, the numbers inside their range.
fn tidied(mut settings: Settings) -> Settings {
    settings.server = match checked_address(&settings.server) {
        Ok(url) => url.as_str().trim_end_matches('/').to_owned(),
        Err(_) => settings.server.trim().to_owned(),
    };
    settings.proxy = settings.proxy.trim().to_owned();
    settings.ca_file = settings.ca_file.filter(|file| !file.trim().is_empty());
    settings.repeat_seconds = settings.repeat_seconds.clamp(*REPEAT_SECONDS.start(), *REPEAT_SECONDS.end());
    settings
}
