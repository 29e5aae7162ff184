//! The way from the shell to the offline core, which may still be opening.
//!
//! Tray and windows stand before the store is open, so a command may come first: it waits here and then gets the core,
//! or the fault that kept it from opening.
//!
//! While a training runs there are two. A page names the realm that it was loaded in with each command and gets the
//! core of that realm or a refusal, never another: what a page wrote cannot end up on the other side, however late its
//! command comes.

use std::sync::{Mutex, MutexGuard, PoisonError};

use chayan_client::Desk;
use chayan_client::ipc::{DeskFault, DeskFaultCode};
use tokio::sync::watch;

/// The real work. Each training has a number of its own.
pub(crate) const REAL: u32 = 0;

/// The core, once it is there.
#[derive(Debug)]
pub(crate) struct Door {
    state: watch::Sender<Opened>,
    trainings: Mutex<Trainings>,
}

#[derive(Default)]
struct Trainings {
    /// How many there have been.
    begun: u32,
    /// The core of the one that runs.
    desk: Option<Desk>,
}

impl std::fmt::Debug for Trainings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trainings").field("begun", &self.begun).finish_non_exhaustive()
    }
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
        Self { state: watch::Sender::new(Opened::NotYet), trainings: Mutex::default() }
    }

    /// Lets everybody in who waits, or tells them why not.
    pub(crate) fn settle(&self, opened: Result<Desk, DeskFault>) {
        self.state.send_replace(match opened {
            Ok(desk) => Opened::Ready(desk),
            Err(fault) => Opened::Failed(fault),
        });
    }

    /// From now on pages that are loaded belong to this training.
    pub(crate) fn enter(&self, desk: Desk) -> u32 {
        let mut trainings = self.trainings();
        trainings.begun += 1;
        trainings.desk = Some(desk);
        trainings.begun
    }

    /// From now on pages that are loaded belong to the real work.
    pub(crate) fn leave(&self) {
        self.trainings().desk = None;
    }

    /// To what a page belongs that is loaded now.
    pub(crate) fn realm(&self) -> u32 {
        let trainings = self.trainings();
        if trainings.desk.is_some() { trainings.begun } else { REAL }
    }

    /// The core of a realm; waits until it is open.
    ///
    /// # Errors
    /// The fault that kept it from opening, or that the training is over.
    pub(crate) async fn desk_of(&self, realm: u32) -> Result<Desk, DeskFault> {
        if realm == REAL {
            return self.real().await;
        }
        let trainings = self.trainings();
        let desk = trainings.desk.clone().filter(|_| trainings.begun == realm);
        desk.ok_or_else(|| DeskFault::new(DeskFaultCode::TrainingOver))
    }

    /// The core that a person sees now; waits until it is open.
    ///
    /// # Errors
    /// The fault that kept it from opening.
    pub(crate) async fn desk(&self) -> Result<Desk, DeskFault> {
        self.desk_of(self.realm()).await
    }

    /// The core of the real work; waits until it is open.
    ///
    /// # Errors
    /// The fault that kept it from opening.
    pub(crate) async fn real(&self) -> Result<Desk, DeskFault> {
        let mut state = self.state.subscribe();
        let settled = state.wait_for(|state| !matches!(state, Opened::NotYet)).await;
        match settled.as_deref() {
            Ok(Opened::Ready(desk)) => Ok(desk.clone()),
            Ok(Opened::Failed(fault)) => Err(fault.clone()),
            Ok(Opened::NotYet) | Err(_) => Err(DeskFault::new(DeskFaultCode::Internal)),
        }
    }

    /// The core of the real work if it is open by now.
    pub(crate) fn desk_now(&self) -> Option<Desk> {
        match &*self.state.borrow() {
            Opened::Ready(desk) => Some(desk.clone()),
            Opened::NotYet | Opened::Failed(_) => None,
        }
    }

    fn trainings(&self) -> MutexGuard<'_, Trainings> {
        self.trainings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_client::{DeskParts, InMemorySecrets};
    use chayan_runtime::{SystemClock, SystemEntropy};
    use std::sync::Arc;

    async fn core(folder: &tempfile::TempDir) -> Desk {
        let parts = DeskParts {
            data_dir: folder.path().to_owned(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            secrets: Arc::new(InMemorySecrets::new()),
            client_version: "test".to_owned(),
        };
        Desk::open(parts).await.unwrap()
    }

    #[tokio::test]
    async fn a_page_gets_the_core_of_its_own_realm_or_a_refusal_however_late_it_asks() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let (real, second) = (core(&folders[0]).await, core(&folders[1]).await);
        let id = |desk: &Desk| desk.boot_view().device_id;
        let door = Door::closed();
        door.settle(Ok(real.clone()));
        assert_eq!(door.realm(), REAL);
        let first = door.enter(second.clone());
        assert_eq!(id(&door.desk().await.unwrap()), id(&second));
        let late = door.desk_of(REAL).await.unwrap();
        assert_eq!(id(&late), id(&real), "a page of the real work keeps writing to the real store");
        door.leave();
        assert_eq!(id(&door.desk().await.unwrap()), id(&real));
        let refused = door.desk_of(first).await.err().map(|fault| fault.code);
        assert_eq!(refused, Some(DeskFaultCode::TrainingOver), "and one of a training never does");
        let next = door.enter(second.clone());
        assert_ne!(first, next);
        let refused = door.desk_of(first).await.err().map(|fault| fault.code);
        assert_eq!(refused, Some(DeskFaultCode::TrainingOver), "nor to the next training");
        for desk in [real, second] {
            desk.shutdown().await;
        }
    }

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
