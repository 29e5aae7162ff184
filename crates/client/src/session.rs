//! Start-up with the keyring, signing in and out.
//!
//! The token lies in the keyring only. Where there is none, or it is locked, the session lives in memory, the key of the
//! store lies in a file of this login, and the person is told.

use std::sync::Arc;

use chayan_api::session::{Me, SignIn};
use chayan_domain::ids::DeviceId;
use chayan_domain::report::Private;

use crate::core::Core;
use crate::ipc::{DeskFault, DeskFaultCode, KeyringState, SignInArgs};
use crate::remote::Remote;
use crate::secrets::{Secret, SecretFault};
use crate::store::{Store, StoreFault, StoreKey};

/// Name of the mark of the key that the store's records are sealed with.
const KEY_MARK: &str = "key_mark";
const DEVICE: &str = "device_id";
const ME: &str = "me";
/// Windows keeps at most so many UTF-16 units in one entry.
const LONGEST_SECRET: usize = 1_280;

/// What the keyring had for the store.
enum KeyFound {
    /// The key, or one that was made and kept now.
    Kept(StoreKey),
    /// The store has a key, but the keyring does not have it any more.
    Lost(StoreKey),
    /// No usable keyring.
    None(SecretFault),
}

/// The id of this installation, made with its store.
pub(crate) async fn device_of(store: &Store, fresh: DeviceId) -> Result<DeviceId, StoreFault> {
    if let Some(known) = store.meta(DEVICE).await?.and_then(|text| text.parse().ok()) {
        return Ok(known);
    }
    store.set_meta(DEVICE, &fresh.to_string()).await?;
    Ok(fresh)
}

impl Core {
    /// Asks the keyring, restores the session, and opens the gates. Runs once in the background after the start.
    pub(crate) async fn start_up(self: Arc<Self>) {
        self.rebuild_remote();
        if let Err(fault) = self.open_keyring().await {
            tracing::error!(%fault, "local store could not be unlocked");
        }
        if let Ok(person) = self.person()
            && let Err(fault) = self.store.adopt(&person.0).await
        {
            tracing::error!(%fault, "what was begun before the start-up ended has no owner yet");
        }
        self.ready.send_replace(true);
        self.load_reference().await;
        self.tell_session();
        self.tell_timers().await;
        self.tell_alerts().await;
        self.tell_records().await;
        self.wake.timers.notify_one();
    }

    pub(crate) fn wake_everything(&self) {
        self.wake.timers.notify_one();
        self.wake.outbox.notify_one();
        self.wake.receipts.notify_one();
        self.wake.reconnect.notify_one();
    }

    /// `retry_keyring`
    pub(crate) async fn retry_keyring(&self) -> Result<KeyringState, DeskFault> {
        self.until_ready().await;
        let state = self.session.borrow().keyring;
        if matches!(state, KeyringState::Locked | KeyringState::Unavailable) {
            self.open_keyring().await?;
            self.tell_session();
            self.tell_timers().await;
            self.tell_alerts().await;
            self.tell_records().await;
            self.wake_everything();
        }
        Ok(self.session.borrow().keyring)
    }

    async fn open_keyring(&self) -> Result<(), StoreFault> {
        let state = match self.find_key().await? {
            KeyFound::Kept(key) => {
                self.use_keyring_key(key).await;
                KeyringState::Ready
            }
            KeyFound::Lost(key) => {
                self.use_keyring_key(key).await;
                KeyringState::KeyLost
            }
            KeyFound::None(fault) => {
                tracing::warn!(%fault, "no keyring: the key of the store lies in a file, and no session is kept");
                self.use_key_file();
                if fault == SecretFault::Locked { KeyringState::Locked } else { KeyringState::Unavailable }
            }
        };
        if let Err(fault) = self.count_lost().await {
            tracing::error!(%fault, "what is lost could not be counted");
        }
        let kept = if state == KeyringState::Ready { self.kept_session().await? } else { None };
        let began_without = self.session.borrow().token.is_some();
        // In one step: nobody sees a ready keyring and not yet who works here.
        self.session.send_modify(|session| {
            session.keyring = state;
            if let Some((me, token)) = kept.filter(|_| !began_without) {
                session.me = Some(me);
                session.token = Some(token);
            }
        });
        match state {
            KeyringState::Ready | KeyringState::KeyLost if began_without => self.keep_session().await,
            KeyringState::KeyLost => self.forget_token().await,
            _ => {}
        }
        Ok(())
    }

    async fn find_key(&self) -> Result<KeyFound, StoreFault> {
        let mark = self.store.meta(KEY_MARK).await?;
        let kept = match self.secrets.read(Secret::StoreKey).await {
            Err(fault) => return Ok(KeyFound::None(fault)),
            Ok(bytes) => bytes.and_then(|bytes| StoreKey::from_slice(&bytes)),
        };
        match (kept, mark) {
            (Some(key), Some(mark)) if hex::encode(key.mark()) != mark => Ok(KeyFound::Lost(key)),
            (Some(key), _) => Ok(KeyFound::Kept(key)),
            (None, mark) => {
                let key = StoreKey::new(self.entropy.bytes32());
                if let Err(fault) = self.secrets.write(Secret::StoreKey, key.bytes()).await {
                    return Ok(KeyFound::None(fault));
                }
                Ok(if mark.is_some() { KeyFound::Lost(key) } else { KeyFound::Kept(key) })
            }
        }
    }

    /// From now on the keyring's key seals; what was sealed with the key of the file meanwhile comes under it too. A
    /// disk that is too full for that is no reason to work without the session: the next start tries again.
    async fn use_keyring_key(&self, key: StoreKey) {
        let mark = hex::encode(key.mark());
        self.store.set_key(key);
        let kept = async {
            if let Some(meanwhile) = self.key_file.read()? {
                self.store.reseal_all(&meanwhile).await?;
                self.key_file.remove()?;
            }
            self.store.set_meta(KEY_MARK, &mark).await
        };
        if let Err(fault) = kept.await {
            tracing::error!(%fault, "the keyring's key could not take over everything");
        }
    }

    /// Without a key nothing is sealed and nothing is called sealed: a file that cannot be written is told with the
    /// first draft.
    fn use_key_file(&self) {
        if self.store.key().is_some() {
            return;
        }
        match self.key_file.read_or_make(self.entropy.as_ref()) {
            Ok(key) => self.store.set_key(key),
            Err(fault) => tracing::error!(%fault, "neither keyring nor file can keep the key of the store"),
        }
    }

    /// What the present key does not open waits for the keyring's own key, where that may come back; the rest is lost.
    async fn count_lost(&self) -> Result<(), StoreFault> {
        let mark = self.store.meta(KEY_MARK).await?.and_then(|mark| hex::decode(mark).ok());
        let mark = mark.and_then(|mark| <[u8; 8]>::try_from(mark).ok());
        let file = self.key_file.read().ok().flatten().map(|key| key.mark());
        let Some(present) = self.store.key() else { return Ok(()) };
        let known: Vec<[u8; 8]> = [Some(present.mark()), mark, file].into_iter().flatten().collect();
        let lost = self.store.count_lost(&known, self.now()).await?;
        if lost > 0 {
            tracing::error!(lost, "sealed records and drafts whose key is gone");
        }
        Ok(())
    }

    async fn kept_session(&self) -> Result<Option<(Me, Private)>, StoreFault> {
        let token = self.secrets.read(Secret::Token).await.ok().flatten();
        let token = token.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        let me: Option<Me> = self.store.kept(ME).await?;
        Ok(me.zip(token.map(Private::new)))
    }

    /// `sign_in`
    pub(crate) async fn sign_in(&self, args: SignInArgs) -> Result<Me, DeskFault> {
        // A keyring that came since the start is found before the session is made that it should keep.
        self.retry_keyring().await?;
        let request = SignIn {
            person_id: args.person_id,
            password: args.password,
            device_id: self.device_id(),
            client_version: self.client_version.clone(),
        };
        let signed_in = self.remote()?.sign_in(&request).await?;
        self.note_contact(signed_in.server_time);
        let me = signed_in.me.clone();
        if self.owner() != me.person_id.0 {
            self.pictures().forget_person();
        }
        self.session.send_modify(|session| {
            session.me = Some(signed_in.me);
            session.token = Some(signed_in.token);
            session.ended = None;
        });
        self.keep_session().await;
        // The session stands: a disk that is too full for this keeps nobody from the alerts.
        if let Err(fault) = self.store.adopt(&me.person_id.0).await {
            tracing::error!(%fault, "what was begun before the sign-in has no owner yet");
        }
        self.load_reference().await;
        self.tell_session();
        self.tell_timers().await;
        self.tell_alerts().await;
        self.tell_records().await;
        self.wake_everything();
        Ok(me)
    }

    /// Keeps the session for the next start, where there is a keyring. Its failure is seen in the session view.
    async fn keep_session(&self) {
        let (me, token) = {
            let session = self.session.borrow();
            (session.me.clone(), session.token.clone())
        };
        let (Some(me), Some(token)) = (me, token) else { return };
        if let Err(fault) = self.store.keep(ME, &me).await {
            tracing::error!(%fault, "the session is not kept");
            return;
        }
        let usable = matches!(self.session.borrow().keyring, KeyringState::Ready | KeyringState::KeyLost);
        if !usable {
            return;
        }
        if token.reveal().encode_utf16().count() > LONGEST_SECRET {
            tracing::error!("the token is longer than a keyring holds; the session is not kept");
            return;
        }
        if let Err(fault) = self.secrets.write(Secret::Token, token.reveal().as_bytes()).await {
            tracing::warn!(%fault, "the session is not kept");
            let state =
                if fault == SecretFault::Locked { KeyringState::Locked } else { KeyringState::Unavailable };
            self.session.send_modify(|session| session.keyring = state);
        }
    }

    async fn forget_token(&self) {
        if let Err(fault) = self.secrets.delete(Secret::Token).await {
            tracing::warn!(%fault, "the token could not be removed from the keyring");
        }
    }

    /// `sign_out`: here at once, at the centre if it can be reached.
    pub(crate) async fn sign_out(&self) -> Result<(), DeskFault> {
        self.until_ready().await;
        let token = self.session.borrow().token.clone();
        self.forget_token().await;
        if let Err(fault) = self.store.forget(ME).await {
            tracing::error!(%fault, "who was signed in stays noted; without the token it opens nothing");
        }
        self.session.send_modify(|session| {
            session.me = None;
            session.token = None;
            session.ended = None;
        });
        self.pictures().forget_person();
        self.tell_session();
        self.tell_timers().await;
        self.tell_alerts().await;
        self.tell_records().await;
        self.wake.reconnect.notify_one();
        if let (Some(token), Ok(remote)) = (token, self.remote()) {
            self.revoke_later(remote, token);
        }
        Ok(())
    }

    /// Tells the centre that the token is not used any more; nothing waits for it.
    fn revoke_later(&self, remote: Arc<Remote>, token: Private) {
        let stop = self.tasks.stop_token().clone();
        self.tasks.spawn_finishing("revoke token", async move {
            let told = tokio::select! {
                told = remote.sign_out(&token) => told,
                () = stop.cancelled() => Err(DeskFaultCode::Unreachable.into()),
            };
            if let Err(fault) = told {
                tracing::warn!(%fault, "the centre was not told of the sign-out; the token runs out by itself");
            }
        });
    }

    /// The centre ended the session, or its directory does not know the person any more: sending pauses and the person
    /// is asked to sign in again. Who it was stays known, so that nothing typed is lost and a report can still be sealed.
    pub(crate) async fn end_session(&self, why: DeskFaultCode) {
        let ended = self.session.send_if_modified(|session| {
            let had_token = session.token.take().is_some();
            if had_token {
                session.ended = Some(why);
            }
            had_token
        });
        if ended {
            self.forget_token().await;
            self.tell_session();
            self.wake.reconnect.notify_one();
        }
    }
}
