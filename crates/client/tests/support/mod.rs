//! Desks to try, a fake centre to try them with, and waiting for conditions.
//!
//! Time is a [`ManualClock`] that desks and centre share; tests move it.

#![expect(dead_code, reason = "each test file uses its own part of it")]
#![expect(unused_imports, reason = "each test file uses its own part of it")]

mod answers;
mod centre;
mod http;
mod words;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chayan_client::ipc::{
    DeskEvent, Exit, Nothing, SaveDraft, Settings, SignInArgs, StartTiming, Submit, Submitted,
};
use chayan_client::{Desk, DeskParts, InMemorySecrets, Secrets};
use chayan_domain::ids::PersonId;
use chayan_domain::report::{Cause, Private, ReportForm, Step, Trigger};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{ManualClock, SeededEntropy};
use tokio::sync::broadcast;

pub(crate) use centre::{FakeCentre, StreamMode, TOKEN, Trouble};
pub(crate) use words::{alert, ended, raised};

/// 2026-03-02 09:00 in Nanjing.
pub(crate) const MORNING: Timestamp = Timestamp(1_772_413_200_000);
pub(crate) const CLERK: &str = "320100001";
pub(crate) const PHONE: &str = "13812345678";

/// A desk with its clock, keyring and folder, that can be ended and opened again.
pub(crate) struct Bench {
    pub(crate) clock: ManualClock,
    pub(crate) secrets: Arc<InMemorySecrets>,
    pub(crate) folder: tempfile::TempDir,
    runs: std::sync::atomic::AtomicU64,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            clock: ManualClock::new(MORNING),
            secrets: Arc::new(InMemorySecrets::new()),
            folder: tempfile::tempdir().unwrap(),
            runs: std::sync::atomic::AtomicU64::new(1),
        }
    }

    pub(crate) async fn open(&self) -> Desk {
        let seed = self.runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        open_in(self.folder.path(), &self.clock, self.secrets.clone(), seed).await
    }

    /// A desk that is signed in at the centre and connected.
    pub(crate) async fn signed_in(&self, centre: &FakeCentre) -> Desk {
        let desk = self.open().await;
        let settings = Settings { server: centre.url.clone(), ..Settings::default() };
        desk.save_settings(settings).await.unwrap();
        sign_in(&desk).await;
        desk
    }
}

pub(crate) async fn sign_in(desk: &Desk) {
    let args = SignInArgs { person_id: PersonId::from(CLERK), password: Private::new("right") };
    desk.sign_in(args).await.unwrap();
}

pub(crate) async fn open_in(
    folder: &Path,
    clock: &ManualClock,
    secrets: Arc<dyn Secrets>,
    seed: u64,
) -> Desk {
    Desk::open(DeskParts {
        data_dir: folder.to_owned(),
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(SeededEntropy::new(seed)),
        secrets,
        client_version: "1.0.0".to_owned(),
    })
    .await
    .unwrap()
}

/// A form that every exit takes, with a marker phone.
pub(crate) fn full_form() -> ReportForm {
    let mut form = ReportForm::default();
    form.facts.trigger = Some(Trigger::Grumbling);
    form.facts.step = Some(Step::ClaimPayment);
    form.facts.cause = Some(Cause::Timeliness);
    form.facts.complaint_demanded = Some(false);
    form.customer.phone = Private::new(PHONE);
    form.customer.narrative = Private::new("客户等了三周还没有收到赔款");
    form
}

/// A whole report, from the timer to sealed.
pub(crate) async fn report(desk: &Desk, exits: &[Exit]) -> Submitted {
    let timer = desk.start_timing(StartTiming::default()).await.unwrap();
    let form = full_form();
    desk.save_draft(SaveDraft { case_id: timer.case_id, form: form.clone() }).await.unwrap();
    desk.submit(Submit { case_id: timer.case_id, form, exits: exits.to_vec() }).await.unwrap()
}

/// Looks again and again until it holds; only the failure has a limit. The one place here that polls.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let looked = tokio::time::timeout(Duration::from_secs(30), async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
    });
    assert!(looked.await.is_ok(), "waited in vain for {what}");
}

/// Moves the clock in steps until it holds.
pub(crate) async fn moving(clock: &ManualClock, step: Span, what: &str, mut holds: impl FnMut() -> bool) {
    until(what, || {
        let held = holds();
        if !held {
            clock.advance(step);
        }
        held
    })
    .await;
}

pub(crate) async fn until_pending(desk: &Desk, pending: u32) {
    until("the queue", || desk.boot_view().connection.pending == pending).await;
}

/// The next event that `pick` wants.
pub(crate) async fn next_event<T>(
    events: &mut broadcast::Receiver<DeskEvent>,
    what: &str,
    mut pick: impl FnMut(DeskEvent) -> Option<T>,
) -> T {
    let waited = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            match events.recv().await {
                Ok(event) => {
                    if let Some(found) = pick(event) {
                        return found;
                    }
                }
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => panic!("the desk ended before {what}"),
            }
        }
    });
    waited.await.unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// Everything told so far, without waiting.
pub(crate) fn drain(events: &mut broadcast::Receiver<DeskEvent>) -> Vec<DeskEvent> {
    let mut told = Vec::new();
    loop {
        match events.try_recv() {
            Ok(event) => told.push(event),
            Err(broadcast::error::TryRecvError::Lagged(_)) => {}
            Err(_) => return told,
        }
    }
}

pub(crate) const NOTHING: Nothing = Nothing {};
