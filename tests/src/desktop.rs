//! A desktop of its own for each program under test: nothing that one does is seen by another.
//!
//! A [`Stage`] is a private X display with a window manager, a private D-Bus session, a home and runtime folder,
//! a keyring, a tray host and a notification service. The last three can be left out or started later, because
//! the program must work without them. Everything ends when the stage is dropped.

mod keyboard;
mod menu;
mod screen;
mod stage;
mod toasts;
mod tray;
mod webdriver;

pub use menu::{MenuEntry, find as find_entry};
pub use screen::{Screen, Window};
pub use stage::{Equipment, Stage};
pub use toasts::{Toast, ToastService, Urgency};
pub use tray::{Pixmap, TrayHost, TrayItem};
pub use webdriver::{DrivenProgram, free_port};
