//! The facade: one method per command of [`crate::ipc::command_list`], plus the event subscription.

mod audit;

use std::path::PathBuf;
use std::sync::Arc;

use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, Revealed, Wallboard};
use chayan_api::directory::{
    AbsenceList, AbsenceView, DirectoryFile, DirectoryPreview, DirectoryQuery, DirectoryVersion,
    DirectoryVersions, DirectoryView, TakeDirectory,
};
use chayan_api::rules::{AmendOutcome, RuleBook};
use chayan_api::search::{PersonChoices, UnitChoices};
use chayan_api::session::Me;
use chayan_domain::ids::DeviceId;
use chayan_runtime::{Clock, Entropy};
use tokio::sync::broadcast;

use crate::core::{Core, CoreParts};
use crate::ipc::*;
use crate::key_file::KeyFile;
use crate::outbox::ChainFault;
use crate::secrets::Secrets;
use crate::session::device_of;
use crate::store::Store;

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
    core: Arc<Core>,
}

impl Desk {
    /// Opens the local store and starts the background work. Answers at once: the keyring is asked afterwards, in the
    /// background, and the network is not waited for. To be called inside a Tokio runtime.
    ///
    /// # Errors
    /// [`DeskFaultCode::StoreNewer`], [`DeskFaultCode::StoreFailed`], [`DeskFaultCode::DiskFull`].
    pub async fn open(parts: DeskParts) -> Result<Self, DeskFault> {
        Self::opened(parts, None).await
    }

    /// The desk of a training: these settings hold from the first moment to the last.
    pub(crate) async fn open_for_training(parts: DeskParts, settings: Settings) -> Result<Self, DeskFault> {
        Self::opened(parts, Some(settings)).await
    }

    async fn opened(parts: DeskParts, training: Option<Settings>) -> Result<Self, DeskFault> {
        let now = parts.clock.now();
        let (store, was_damaged) = Store::open(&parts.data_dir, parts.entropy.clone(), now).await?;
        let device_id = device_of(&store, DeviceId(parts.entropy.uuid(now))).await?;
        let in_training = training.is_some();
        let settings = match training {
            Some(settings) => settings,
            None => store.settings().await?,
        };
        let core = Arc::new(Core::new(CoreParts {
            clock: parts.clock,
            entropy: parts.entropy,
            secrets: parts.secrets,
            key_file: KeyFile::in_folder(&parts.data_dir),
            client_version: parts.client_version,
            in_training,
            store,
            settings,
            device_id,
            ended: was_damaged.then_some(DeskFaultCode::StoreDamaged),
        }));
        let tasks = &core.tasks;
        tasks.spawn_finishing("start-up", until_stopped(core.clone(), core.clone().start_up()));
        tasks.spawn("timers", core.clone().run_timers());
        tasks.spawn("outbox", core.clone().run_outbox());
        tasks.spawn("feed", core.clone().follow_feed());
        tasks.spawn("alert receipts", core.clone().send_receipts());
        tasks.spawn("ended alerts", core.clone().clear_ended());
        tasks.spawn("reference data", core.clone().follow_reference());
        tasks.spawn("time anchors", core.clone().follow_anchors());
        tasks.spawn("resume", core.clone().watch_resume());
        Ok(Self { core })
    }

    /// Everything the core tells the windows, from now on. A receiver that lags should ask for [`Self::boot_view`].
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<DeskEvent> {
        self.core.subscribe()
    }

    /// Everything a window needs for its first picture, from memory; `report`, `page`, `realm` and `training` are the
    /// shell's to fill in.
    #[must_use]
    pub fn boot_view(&self) -> Boot {
        let core = &self.core;
        let connection = core.connection_view();
        let pictures = core.pictures();
        Boot {
            version: core.client_version.clone(),
            device_id: Some(core.device_id()),
            session: core.session.borrow().view(),
            connection,
            settings: core.settings.borrow().clone(),
            timers: pictures.timers.clone(),
            alerts: pictures.board.clone(),
            reference: pictures.reference.clone(),
            report: OpenReport::default(),
            page: OpenWorkbench::default(),
            realm: 0,
            training: None,
        }
    }

    /// Ends the background work and closes the store; what was begun is finished first.
    pub async fn shutdown(&self) {
        self.core.tasks.shutdown().await;
        self.core.store.close().await;
    }

    /// Walks the chain of sealed records on this desk: `None` when each is exactly what was sealed.
    ///
    /// # Errors
    /// [`DeskFaultCode::StoreFailed`] and its kin when the store cannot be read.
    pub async fn verify_chain(&self) -> Result<Option<ChainFault>, DeskFault> {
        self.core.verify_chain().await
    }

    /// The disk takes no change any more, or takes them again.
    #[cfg(test)]
    pub(crate) fn fill_disk(&self, full: bool) {
        self.core.store.fill_disk(full);
    }

    /// 登录
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn sign_in(&self, args: SignInArgs) -> Result<Me, DeskFault> {
        self.core.sign_in(args).await
    }

    /// 退出登录
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn sign_out(&self, _args: Nothing) -> Result<Nothing, DeskFault> {
        self.core.sign_out().await.map(|()| Nothing {})
    }

    /// Tries the keyring again after it was locked or missing.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn retry_keyring(&self, _args: Nothing) -> Result<KeyringState, DeskFault> {
        self.core.retry_keyring().await
    }

    /// 设置
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    #[expect(clippy::unused_async, reason = "every command is called alike")]
    pub async fn settings(&self, _args: Nothing) -> Result<Settings, DeskFault> {
        Ok(self.core.settings.borrow().clone())
    }

    /// Saves settings; the server address is tried first by `check_server`.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn save_settings(&self, args: Settings) -> Result<Settings, DeskFault> {
        self.core.save_settings(args).await
    }

    /// Tries an address without saving it.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn check_server(&self, args: CheckServer) -> Result<ServerCheck, DeskFault> {
        Ok(self.core.check_server(args).await)
    }

    /// 开始计时
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn start_timing(&self, args: StartTiming) -> Result<TimerView, DeskFault> {
        self.core.start_timing(args).await
    }

    /// 误触, within 30 s
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn discard_timing(&self, args: CaseRef) -> Result<Nothing, DeskFault> {
        self.core.discard_timing(args).await.map(|()| Nothing {})
    }

    /// Names a timer (柜台 3 号客户): local only, never sent.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn name_timer(&self, args: NameTimer) -> Result<TimerView, DeskFault> {
        self.core.name_timer(args).await
    }

    /// The draft of a case, or a new empty one.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn open_draft(&self, args: OpenReport) -> Result<DraftView, DeskFault> {
        self.core.open_draft(args).await
    }

    /// Saves while typing; answers after the fsync.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn save_draft(&self, args: SaveDraft) -> Result<DraftSaved, DeskFault> {
        self.core.save_draft(args).await
    }

    /// 删除草稿 (kept as discarded, counted nowhere)
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn discard_draft(&self, args: CaseRef) -> Result<Nothing, DeskFault> {
        self.core.discard_draft(args).await.map(|()| Nothing {})
    }

    /// Seals what the exits ask for and sends it, or keeps it sealed until the centre is reached.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn submit(&self, args: Submit) -> Result<Submitted, DeskFault> {
        self.core.submit(args).await
    }

    /// Opens a refused record as a new draft that names it; its evidence of time stays.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn correct_record(&self, args: RecordRef) -> Result<DraftView, DeskFault> {
        self.core.correct_record(args).await
    }

    /// The open alerts.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    #[expect(clippy::unused_async, reason = "every command is called alike")]
    pub async fn alerts(&self, _args: Nothing) -> Result<AlertBoard, DeskFault> {
        Ok(self.core.alerts())
    }

    /// The window showed these alerts.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn alerts_shown(&self, args: AlertRefs) -> Result<Nothing, DeskFault> {
        self.core.alerts_shown(args).await.map(|()| Nothing {})
    }

    /// 知道了: acknowledges an alert that asks for no act.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn acknowledge_alert(&self, args: AlertRef) -> Result<Nothing, DeskFault> {
        self.core.acknowledge_alert(args).await.map(|()| Nothing {})
    }

    /// 测试提醒: the whole way from the core to window, sound and toast.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn test_alert(&self, _args: Nothing) -> Result<Nothing, DeskFault> {
        self.core.test_alert().await;
        Ok(Nothing {})
    }

    /// A list of cases from the centre.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn cases(&self, args: CaseListArgs) -> Result<CaseList, DeskFault> {
        self.core.cases(args).await
    }

    /// A whole list as a file, to be saved where the person wants it.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn export_cases(&self, args: ExportArgs) -> Result<FetchedFile, DeskFault> {
        self.core.export_cases(args).await
    }

    /// Units by code or name.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn find_units(&self, args: FindArgs) -> Result<UnitChoices, DeskFault> {
        self.core.find_units(args).await
    }

    /// People by staff number, name or telephone, for who registers a call.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn find_people(&self, args: FindPeopleArgs) -> Result<PersonChoices, DeskFault> {
        self.core.find_people(args).await
    }

    /// The number of a case that is about to be registered.
    ///
    /// # Errors
    /// None; as every command.
    #[expect(clippy::unused_async, reason = "every command is called alike")]
    pub async fn new_call(&self, _args: Nothing) -> Result<CaseRef, DeskFault> {
        Ok(self.core.new_call())
    }

    /// My drafts, sealed and refused records on this desk.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn local_records(&self, _args: Nothing) -> Result<LocalRecords, DeskFault> {
        self.core.local_records().await
    }

    /// One case from the centre.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn case_detail(&self, args: CaseRef) -> Result<CaseDetail, DeskFault> {
        self.core.case_detail(args).await
    }

    /// The evidence of a case as a file, to be saved where the person wants it.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn export_pack(&self, args: PackArgs) -> Result<FetchedFile, DeskFault> {
        self.core.export_pack(args).await
    }

    /// An act on a case; those of a report go through `submit`.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn act(&self, args: ActArgs) -> Result<ActOutcome, DeskFault> {
        self.core.act(args).await
    }

    /// Shows one customer field, with a reason.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn reveal(&self, args: RevealArgs) -> Result<Revealed, DeskFault> {
        self.core.reveal(args).await
    }

    /// Figures over the callback queue.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn callback_figures(&self, _args: Nothing) -> Result<CallbackFigures, DeskFault> {
        self.core.callback_figures().await
    }

    /// 规则与参数 of a unit, with versions and changes.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn rule_book(&self, args: RuleBookArgs) -> Result<RuleBook, DeskFault> {
        self.core.rule_book(args).await
    }

    /// A change of the rules, or a look at what it would change.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn amend_rules(&self, args: AmendArgs) -> Result<AmendOutcome, DeskFault> {
        self.core.amend_rules(args).await
    }

    /// The figures and the next calls, for the screen on the wall.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn wallboard(&self, _args: Nothing) -> Result<Wallboard, DeskFault> {
        self.core.wallboard().await
    }

    /// 机构与人员 as of a day.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn directory(&self, args: DirectoryQuery) -> Result<DirectoryView, DeskFault> {
        self.core.directory(args).await
    }

    /// What a file would change.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn preview_directory(&self, args: DirectoryFile) -> Result<DirectoryPreview, DeskFault> {
        self.core.preview_directory(args).await
    }

    /// Takes exactly what was previewed.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn take_directory(&self, args: TakeDirectory) -> Result<DirectoryVersion, DeskFault> {
        self.core.take_directory(args).await
    }

    /// Who brought which version and why.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn directory_versions(&self, _args: Nothing) -> Result<DirectoryVersions, DeskFault> {
        self.core.directory_versions().await
    }

    /// 请假与代理: mine, and of those whom I lead.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn absences(&self, _args: Nothing) -> Result<AbsenceList, DeskFault> {
        self.core.absences().await
    }

    /// Enters an absence.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn enter_absence(&self, args: EnterAbsenceArgs) -> Result<AbsenceView, DeskFault> {
        self.core.enter_absence(args).await
    }

    /// Ends an absence now.
    ///
    /// # Errors
    /// See [`DeskFaultCode`].
    pub async fn end_absence(&self, args: AbsenceRef) -> Result<Nothing, DeskFault> {
        self.core.end_absence(args).await.map(|()| Nothing {})
    }
}

/// Lets a task end when the desk does.
async fn until_stopped(core: Arc<Core>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = core.tasks.stop_token().cancelled() => {}
        () = work => {}
    }
}
