//! What all parts of a desk share: store, session, settings, link, and the pictures that windows were last shown.
//!
//! The parts change the store first and tell the windows afterwards; nothing is told that is not durable.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chayan_api::alerts::Alert;
use chayan_api::reference::Reference;
use chayan_api::session::Me;
use chayan_domain::ids::{CaseId, DeviceId, PersonId};
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock, Entropy, Tasks};
use tokio::sync::{Notify, broadcast, watch};

use crate::cases::Act;
use crate::ipc::{
    AlertBoard, ConnectionView, DeskEvent, DeskFault, DeskFaultCode, KeyringState, LinkState, SessionView,
    Settings, TimerView,
};
use crate::key_file::KeyFile;
use crate::moment::Moment;
use crate::remote::Remote;
use crate::secrets::Secrets;
use crate::store::{Counts, Store};
use crate::unkept::Unkept;

/// Who works here, and with which token.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) me: Option<Me>,
    /// `None` while nobody is signed in, or when the session ended and the person must sign in again.
    pub(crate) token: Option<Private>,
    pub(crate) ended: Option<DeskFaultCode>,
    pub(crate) keyring: KeyringState,
}

impl Session {
    pub(crate) fn view(&self) -> SessionView {
        SessionView { me: self.me.clone(), ended: self.ended, keyring: self.keyring }
    }
}

/// How the desk stands with the centre.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub(crate) state: LinkState,
    pub(crate) polling: bool,
    pub(crate) last_contact: Option<Moment>,
    /// Centre's clock minus desk's clock, at that contact.
    pub(crate) offset: Span,
    pub(crate) fault: Option<DeskFault>,
}

/// Calls to the background tasks: there is something to do.
#[derive(Default)]
pub(crate) struct Wakes {
    pub(crate) timers: Notify,
    pub(crate) outbox: Notify,
    pub(crate) receipts: Notify,
    pub(crate) reconnect: Notify,
    pub(crate) anchor: Notify,
    pub(crate) reference: Notify,
    pub(crate) ended: Notify,
}

/// What windows were last shown; also their first picture.
#[derive(Default)]
pub(crate) struct Pictures {
    pub(crate) timers: Vec<TimerView>,
    pub(crate) board: AlertBoard,
    pub(crate) reference: Option<Reference>,
    pub(crate) connection: Option<ConnectionView>,
    /// What lies here that the centre has not; `None` before it was first counted.
    pub(crate) counts: Option<Counts>,
    /// Why the store did not take the last word of the centre.
    pub(crate) store_fault: Option<DeskFaultCode>,
    /// Alerts that exist only here (测试提醒).
    pub(crate) local_alerts: Vec<Alert>,
    /// Alerts that ended while they were shown, and until when they are explained.
    pub(crate) ended_until: Vec<(Alert, Timestamp)>,
    /// Reports that were opened and not yet saved: when they were begun.
    pub(crate) fresh: HashMap<CaseId, Moment>,
    /// Acts whose answer did not come.
    pub(crate) doubtful: Vec<Act>,
    /// What the disk could not take.
    pub(crate) unkept: Unkept,
    /// Cases that were reported at another desk and are opened here to start their flow.
    pub(crate) from_elsewhere: HashSet<CaseId>,
}

impl Pictures {
    /// Somebody else works here from now on, or nobody.
    pub(crate) fn forget_person(&mut self) {
        self.reference = None;
        self.board.missed = 0;
        self.local_alerts.clear();
        self.ended_until.clear();
        self.doubtful.clear();
    }
}

pub(crate) struct Core {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) key_file: KeyFile,
    pub(crate) client_version: String,
    /// A desk of a training: it knows one centre, and nothing leaves the program.
    pub(crate) in_training: bool,
    pub(crate) store: Store,
    pub(crate) tasks: Tasks,
    pub(crate) wake: Wakes,
    /// True once the keyring was looked at: records can be read and written, or it is known that they cannot.
    pub(crate) ready: watch::Sender<bool>,
    pub(crate) session: watch::Sender<Session>,
    pub(crate) settings: watch::Sender<Settings>,
    pub(crate) link: watch::Sender<Link>,
    events: broadcast::Sender<DeskEvent>,
    /// Held while what waits for the disk is written: each of it once.
    pub(crate) keeping: tokio::sync::Mutex<()>,
    device_id: DeviceId,
    remote: Mutex<Result<Arc<Remote>, DeskFault>>,
    pictures: Mutex<Pictures>,
}

/// Windows that lag by more than this are told to read everything again.
const EVENTS_KEPT: usize = 1_024;

pub(crate) struct CoreParts {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) secrets: Arc<dyn Secrets>,
    pub(crate) key_file: KeyFile,
    pub(crate) client_version: String,
    pub(crate) in_training: bool,
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) device_id: DeviceId,
    pub(crate) ended: Option<DeskFaultCode>,
}

impl Core {
    pub(crate) fn new(parts: CoreParts) -> Self {
        let session = Session { me: None, token: None, ended: parts.ended, keyring: KeyringState::Opening };
        let link =
            Link { state: LinkState::Idle, polling: false, last_contact: None, offset: Span(0), fault: None };
        Self {
            clock: parts.clock,
            entropy: parts.entropy,
            secrets: parts.secrets,
            key_file: parts.key_file,
            client_version: parts.client_version,
            in_training: parts.in_training,
            store: parts.store,
            tasks: Tasks::new(),
            wake: Wakes::default(),
            ready: watch::Sender::new(false),
            session: watch::Sender::new(session),
            settings: watch::Sender::new(parts.settings),
            link: watch::Sender::new(link),
            events: broadcast::Sender::new(EVENTS_KEPT),
            keeping: tokio::sync::Mutex::new(()),
            device_id: parts.device_id,
            remote: Mutex::new(Err(DeskFaultCode::NoServer.into())),
            pictures: Mutex::new(Pictures::default()),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Centre's clock minus desk's clock, also when the desk's was corrected since the last contact.
    pub(crate) fn offset(&self) -> Span {
        let link = self.link.borrow();
        let moved = link
            .last_contact
            .as_ref()
            .map_or(Span(0), |contact| contact.moved(self.now(), self.clock.elapsed().as_ref()));
        Span(link.offset.0 - moved.0)
    }

    pub(crate) const fn device_id(&self) -> DeviceId {
        self.device_id
    }

    pub(crate) fn pictures(&self) -> MutexGuard<'_, Pictures> {
        lock(&self.pictures)
    }

    /// Waits until the keyring was looked at.
    pub(crate) async fn until_ready(&self) {
        let mut ready = self.ready.subscribe();
        // The sender lives as long as `self`.
        let _ready = ready.wait_for(|ready| *ready).await.is_ok();
    }

    /// Who works here; also after the session ended, because work goes on without the centre.
    pub(crate) fn person(&self) -> Result<PersonId, DeskFault> {
        let session = self.session.borrow();
        session.me.as_ref().map(|me| me.person_id.clone()).ok_or_else(|| DeskFaultCode::NotSignedIn.into())
    }

    /// The person's number, or nothing: how rows name their owner.
    pub(crate) fn owner(&self) -> String {
        let session = self.session.borrow();
        session.me.as_ref().map(|me| me.person_id.0.clone()).unwrap_or_default()
    }

    pub(crate) fn token(&self) -> Result<Private, DeskFault> {
        let session = self.session.borrow();
        session.token.clone().ok_or_else(|| {
            let over = session
                .ended
                .filter(|code| matches!(code, DeskFaultCode::SessionOver | DeskFaultCode::UnknownMember));
            over.unwrap_or(DeskFaultCode::NotSignedIn).into()
        })
    }

    /// What would carry something out of a training, or into it, is refused.
    pub(crate) fn real_only(&self) -> Result<(), DeskFault> {
        if self.in_training { Err(DeskFaultCode::InTraining.into()) } else { Ok(()) }
    }

    pub(crate) fn remote(&self) -> Result<Arc<Remote>, DeskFault> {
        lock(&self.remote).clone()
    }

    /// Makes the HTTP client anew, after settings or device changed.
    pub(crate) fn rebuild_remote(&self) {
        let settings = self.settings.borrow().clone();
        let remote = Remote::new(&settings, self.device_id(), &self.client_version, self.clock.clone());
        *lock(&self.remote) = remote.map(Arc::new);
    }

    /// Passes an answer on; one that says the session is over ends it here too.
    pub(crate) async fn heard<T>(&self, answer: Result<T, DeskFault>) -> Result<T, DeskFault> {
        match answer.as_ref().err().and_then(session_end) {
            None => answer,
            Some(code) => {
                self.end_session(code).await;
                Err(code.into())
            }
        }
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<DeskEvent> {
        self.events.subscribe()
    }

    /// Tells the windows. Nobody listening is no fault: a window that opens asks for everything.
    pub(crate) fn tell(&self, event: DeskEvent) {
        let _listeners = self.events.send(event);
    }

    pub(crate) fn connection_view(&self) -> ConnectionView {
        let link = self.link.borrow().clone();
        let offset = self.offset();
        let pictures = self.pictures();
        let counts = pictures.counts.unwrap_or_default();
        ConnectionView {
            link: link.state,
            polling: link.polling,
            server: self.settings.borrow().server.clone(),
            last_contact_at: link.last_contact.map(|contact| self.in_centre_time(&contact)),
            pending: counts.pending,
            quarantined: counts.quarantined,
            lost: counts.lost,
            nobody_receives: link.state == LinkState::Online
                && pictures.reference.as_ref().is_some_and(Reference::nobody_receives),
            clock_offset: offset,
            fault: link.fault,
            store_fault: pictures.store_fault,
        }
    }

    /// Tells the connection, if it changed.
    pub(crate) fn tell_connection(&self) {
        let connection = self.connection_view();
        {
            let mut pictures = self.pictures();
            if pictures.connection.as_ref() == Some(&connection) {
                return;
            }
            pictures.connection = Some(connection.clone());
        }
        self.tell(DeskEvent::Connection { connection });
    }

    pub(crate) fn tell_session(&self) {
        let session = self.session.borrow().view();
        self.tell(DeskEvent::Session { session });
    }
}

/// Why the session ends with this answer: the centre no longer knows it, or no longer the person.
pub(crate) fn session_end(fault: &DeskFault) -> Option<DeskFaultCode> {
    use chayan_api::error::ErrorCode::{NotSignedIn, SessionExpired, SessionRevoked, UnknownMember};
    match (fault.code, fault.problem.as_ref().map(|problem| problem.code)) {
        (code @ (DeskFaultCode::SessionOver | DeskFaultCode::UnknownMember), _) => Some(code),
        (_, Some(NotSignedIn | SessionExpired | SessionRevoked)) => Some(DeskFaultCode::SessionOver),
        (_, Some(UnknownMember)) => Some(DeskFaultCode::UnknownMember),
        _ => None,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
