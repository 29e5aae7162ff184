//! The facade: one method per command of [`crate::ipc::command_list`], plus the event subscription.

use std::path::PathBuf;
use std::sync::Arc;

use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, Revealed};
use chayan_api::session::Me;
use chayan_runtime::{Clock, Entropy};
use tokio::sync::broadcast;

use crate::ipc::*;
use crate::secrets::Secrets;

/// What a desk is made of.
pub struct DeskParts {
    /// Where the local store lies; made when it is not there.
    pub data_dir: PathBuf,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The keyring.
    pub secrets: Arc<dyn Secrets>,
    /// The program's version, told to the centre.
    pub client_version: String,
}

/// The offline core of one installation. Clones are the same desk.
#[derive(Clone)]
pub struct Desk {
    events: broadcast::Sender<DeskEvent>,
}

impl Desk {
    /// Opens the local store and starts the background work. Answers at once: the keyring is asked afterwards, in the
    /// background, and the network is not waited for. To be called inside a Tokio runtime.
    ///
    /// # Errors
    /// [`DeskFaultCode::StoreNewer`], [`DeskFaultCode::StoreFailed`], [`DeskFaultCode::DiskFull`].
    pub async fn open(parts: DeskParts) -> Result<Self, DeskFault> {
        let _ = parts;
        std::future::ready(Ok(Self { events: broadcast::Sender::new(256) })).await
    }

    /// Everything the core tells the windows, from now on. A receiver that lags should ask for [`Self::boot_view`].
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<DeskEvent> {
        self.events.subscribe()
    }

    /// Everything a window needs for its first picture, from memory; `report` and `page` are the shell's to fill in.
    #[must_use]
    pub fn boot_view(&self) -> Boot {
        unreachable!()
    }

    /// Ends the background work and closes the store; what was begun is finished first.
    pub async fn shutdown(&self) {
        std::future::ready(()).await;
    }

    /// 登录
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn sign_in(&self, args: SignInArgs) -> Result<Me, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 退出登录
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn sign_out(&self, args: Nothing) -> Result<Nothing, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Tries the keyring again after it was locked or missing.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn retry_keyring(&self, args: Nothing) -> Result<KeyringState, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 设置
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn settings(&self, args: Nothing) -> Result<Settings, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Saves settings; the server address is tried first by `check_server`.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn save_settings(&self, args: Settings) -> Result<Settings, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Tries an address without saving it.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn check_server(&self, args: CheckServer) -> Result<ServerCheck, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 开始计时
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn start_timing(&self, args: StartTiming) -> Result<TimerView, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 误触, within 30 s
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn discard_timing(&self, args: CaseRef) -> Result<Nothing, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Names a timer (柜台 3 号客户): local only, never sent.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn name_timer(&self, args: NameTimer) -> Result<TimerView, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// The draft of a case, or a new empty one.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn open_draft(&self, args: OpenReport) -> Result<DraftView, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Saves while typing; answers after the fsync.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn save_draft(&self, args: SaveDraft) -> Result<DraftSaved, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 删除草稿 (kept as discarded, counted nowhere)
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn discard_draft(&self, args: CaseRef) -> Result<Nothing, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Seals what the exits ask for and sends it, or keeps it sealed until the centre is reached.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn submit(&self, args: Submit) -> Result<Submitted, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Opens a refused record as a new draft that names it; its evidence of time stays.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn correct_record(&self, args: RecordRef) -> Result<DraftView, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// The open alerts.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn alerts(&self, args: Nothing) -> Result<AlertBoard, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// The window showed these alerts.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn alerts_shown(&self, args: AlertRefs) -> Result<Nothing, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 知道了: acknowledges an alert that asks for no act.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn acknowledge_alert(&self, args: AlertRef) -> Result<Nothing, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// 测试提醒: the whole way from the core to window, sound and toast.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn test_alert(&self, args: Nothing) -> Result<Nothing, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// A list of cases from the centre.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn cases(&self, args: CaseListArgs) -> Result<CaseList, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// My drafts, sealed and refused records on this desk.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn local_records(&self, args: Nothing) -> Result<LocalRecords, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// One case from the centre.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn case_detail(&self, args: CaseRef) -> Result<CaseDetail, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// An act on a case; those of a report go through `submit`.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn act(&self, args: ActArgs) -> Result<ActOutcome, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Shows one customer field, with a reason.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn reveal(&self, args: RevealArgs) -> Result<Revealed, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }

    /// Figures over the callback queue.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn callback_figures(&self, args: Nothing) -> Result<CallbackFigures, DeskFault> {
        let _ = args;
        std::future::ready(Err(DeskFault::new(DeskFaultCode::Internal))).await
    }
}
