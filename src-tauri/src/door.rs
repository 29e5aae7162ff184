//! The way from the shell to the offline core, which may still be opening.
//!
//! Tray and windows stand before the store is open, so a command may come first: it waits here and then gets the core,
//! or the fault that kept it from opening.

use chayan_client::Desk;
use chayan_client::ipc::{DeskFault, DeskFaultCode};
use tokio::sync::watch;

/// The core, once it is there.
#[derive(Debug)]
pub(crate) struct Door {
    state: watch::Sender<Opened>,
}

#[derive(Clone)]
enum Opened {
    NotYet,
    Ready(Desk),
    Failed(DeskFault),
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotYet => "NotYet",
            Self::Ready(_) => "Ready",
            Self::Failed(_) => "Failed",
        })
    }
}

impl Door {
    /// Not open yet.
    pub(crate) fn closed() -> Self {
        Self { state: watch::Sender::new(Opened::NotYet) }
    }

    /// Lets everybody in who waits, or tells them why not.
    pub(crate) fn settle(&self, opened: Result<Desk, DeskFault>) {
        self.state.send_replace(match opened {
            Ok(desk) => Opened::Ready(desk),
            Err(fault) => Opened::Failed(fault),
        });
    }

    /// The core; waits until it is open.
    ///
    /// # Errors
    /// The fault that kept it from opening.
    pub(crate) async fn desk(&self) -> Result<Desk, DeskFault> {
        let mut state = self.state.subscribe();
        let settled = state.wait_for(|state| !matches!(state, Opened::NotYet)).await;
        match settled.as_deref() {
            Ok(Opened::Ready(desk)) => Ok(desk.clone()),
            Ok(Opened::Failed(fault)) => Err(fault.clone()),
            Ok(Opened::NotYet) | Err(_) => Err(DeskFault::new(DeskFaultCode::Internal)),
        }
    }

    /// The core if it is open by now.
    pub(crate) fn desk_now(&self) -> Option<Desk> {
        match &*self.state.borrow() {
            Opened::Ready(desk) => Some(desk.clone()),
            Opened::NotYet | Opened::Failed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_command_that_comes_early_waits_and_gets_the_fault_of_the_opening() {
        let door = Arc::new(Door::closed());
        let early = tokio::spawn({
            let door = Arc::clone(&door);
            async move { door.desk().await.err().map(|fault| fault.code) }
        });
        tokio::task::yield_now().await;
        assert!(!early.is_finished(), "it must wait for the store");
        door.settle(Err(DeskFault::new(DeskFaultCode::StoreNewer)));
        assert_eq!(early.await.unwrap(), Some(DeskFaultCode::StoreNewer));
        assert!(door.desk_now().is_none());
    }
}
