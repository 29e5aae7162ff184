//! The contract between the core and its windows: every command, every view, every event, declared once.
//!
//! Commands go down, events come up: a screen changes because an event arrived, not because a call returned. The
//! TypeScript of the windows is generated from here. Every command takes one argument object and answers with its
//! result or a [`DeskFault`]; there is one event channel, [`EVENT_CHANNEL`], with [`DeskEvent`] as payload.
//!
//! Times are UTC milliseconds of the *centre's* clock as far as the desk knows it: a window adds
//! [`ConnectionView::clock_offset`] to its own clock to draw a countdown.

use chayan_api::alerts::Alert;
use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, CaseSummary, CaseView, Revealed};
use chayan_api::commands::CaseAction;
use chayan_api::error::Problem;
use chayan_api::reference::Reference;
use chayan_api::session::Me;
use chayan_domain::evidence::{Receipt, SealKind};
use chayan_domain::ids::{AlertId, CaseId, DeviceId, PersonId, RecordId};
use chayan_domain::report::{FieldFault, FieldName, Private, ReportForm};
use chayan_domain::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The one event channel from core to windows.
pub const EVENT_CHANNEL: &str = "desk";

/// Declares a command list: name, argument type, result type. The shell registers exactly these.
macro_rules! command_list {
    ($($(#[$doc:meta])* $name:ident($args:ty) -> $result:ty;)+) => {
        /// Every command name, in the order of the list.
        pub const COMMANDS: &[&str] = &[$(stringify!($name)),+];

        /// The TypeScript interface that maps each command to its argument and result.
        #[must_use]
        pub fn commands_typescript(config: &ts_rs::Config) -> String {
            use ts_rs::TS;
            let mut text = String::from("export interface Commands {\n");
            $(
                text.push_str(&format!(
                    "  {}: {{ args: {}; result: {} }};\n",
                    stringify!($name),
                    <$args as TS>::name(config),
                    <$result as TS>::name(config),
                ));
            )+
            text.push_str("}\n");
            text
        }

        /// Writes the TypeScript of every argument and result, and of what they are made of.
        ///
        /// # Errors
        /// When a file cannot be written.
        pub fn export_command_types(config: &ts_rs::Config) -> Result<(), ts_rs::ExportError> {
            use ts_rs::TS;
            $(
                <$args as TS>::export_all(config)?;
                <$result as TS>::export_all(config)?;
            )+
            Ok(())
        }
    };
}

command_list! {
    /// Everything a window needs to draw its first picture.
    boot(Nothing) -> Boot;
    /// A window has painted; only then it is ever shown.
    painted(WindowArgs) -> Nothing;
    /// Hides the calling window (Esc, close); a draft stays.
    hide_window(WindowArgs) -> Nothing;
    /// Opens the workbench at a page.
    open_workbench(OpenWorkbench) -> Nothing;
    /// Opens the quick report, for a case or empty.
    open_report(OpenReport) -> Nothing;

    /// 登录
    sign_in(SignInArgs) -> Me;
    /// 退出登录
    sign_out(Nothing) -> Nothing;
    /// Tries the keyring again after it was locked or missing.
    retry_keyring(Nothing) -> KeyringState;
    /// 设置
    settings(Nothing) -> Settings;
    /// Saves settings; the server address is tried first by `check_server`.
    save_settings(Settings) -> Settings;
    /// Tries an address without saving it.
    check_server(CheckServer) -> ServerCheck;

    /// 开始计时
    start_timing(StartTiming) -> TimerView;
    /// 误触, within 30 s
    discard_timing(CaseRef) -> Nothing;
    /// Names a timer (柜台 3 号客户): local only, never sent.
    name_timer(NameTimer) -> TimerView;

    /// The draft of a case, or a new empty one.
    open_draft(OpenReport) -> DraftView;
    /// Saves while typing; answers after the fsync.
    save_draft(SaveDraft) -> DraftSaved;
    /// 删除草稿 (kept as discarded, counted nowhere)
    discard_draft(CaseRef) -> Nothing;
    /// Seals what the exits ask for and sends it, or keeps it sealed until the centre is reached.
    submit(Submit) -> Submitted;
    /// Opens a refused record as a new draft that names it; its evidence of time stays.
    correct_record(RecordRef) -> DraftView;

    /// The open alerts.
    alerts(Nothing) -> AlertBoard;
    /// The window showed these alerts; with none: the summary of what was missed was read.
    alerts_shown(AlertRefs) -> Nothing;
    /// 知道了: acknowledges an alert that asks for no act.
    acknowledge_alert(AlertRef) -> Nothing;
    /// 测试提醒: raises an alert whose kind is the word `test`, the whole way from the core to window, sound and toast.
    test_alert(Nothing) -> Nothing;

    /// A list of cases from the centre.
    cases(CaseListArgs) -> CaseList;
    /// My drafts, sealed and refused records on this desk.
    local_records(Nothing) -> LocalRecords;
    /// One case from the centre.
    case_detail(CaseRef) -> CaseDetail;
    /// An act on a case; those of a report go through `submit`.
    act(ActArgs) -> ActOutcome;
    /// Shows one customer field, with a reason.
    reveal(RevealArgs) -> Revealed;
    /// Figures over the callback queue.
    callback_figures(Nothing) -> CallbackFigures;
}

/// No argument, no result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Nothing {}

/// The program's windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WindowName {
    /// 快速报告
    QuickReport,
    /// 计时
    Timer,
    /// 升级提醒
    Alert,
    /// 工作台
    Workbench,
}

/// Names a window.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct WindowArgs {
    /// Which.
    pub window: WindowName,
}

/// Everything a window needs to draw its first picture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Boot {
    /// The program's version.
    pub version: String,
    /// This installation.
    pub device_id: Option<DeviceId>,
    /// Who is signed in.
    pub session: SessionView,
    /// How the desk stands with the centre.
    pub connection: ConnectionView,
    /// Settings that change the look.
    pub settings: Settings,
    /// Running timers.
    pub timers: Vec<TimerView>,
    /// Open alerts.
    pub alerts: AlertBoard,
    /// Cached reference data; `None` before the first contact.
    pub reference: Option<Reference>,
    /// What the quick report should open with.
    pub report: OpenReport,
    /// The page the workbench should open at.
    pub page: OpenWorkbench,
}

/// The OS keyring as the person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringState {
    /// Not looked at yet.
    Opening,
    /// Read and written.
    Ready,
    /// There, but locked.
    Locked,
    /// Not there. Nothing secret is kept then; sign-in lasts until the program ends.
    Unavailable,
    /// The key of the local store is gone: the store was set aside and a new one begun; the queue counts as lost.
    KeyLost,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SessionView {
    /// Nobody when `None`.
    pub me: Option<Me>,
    /// Why the last session ended, when it was not by the person. `session_over`: `me` stays known, so that work goes
    /// on and can be sealed, but the person must sign in again before anything is sent. `store_damaged`: the local
    /// store was set aside.
    pub ended: Option<DeskFaultCode>,
    /// The OS keyring.
    pub keyring: KeyringState,
}

/// 在线 / 重连中 / 离线.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// No server set, or nobody signed in.
    Idle,
    /// Connected, heard from within 25 s.
    Online,
    /// Lost a moment ago, trying again.
    Reconnecting,
    /// Not reached for longer.
    Offline,
}

/// How the desk stands with the centre. Green only if the centre confirmed everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ConnectionView {
    /// The link.
    pub link: LinkState,
    /// Long polling instead of a stream (a proxy buffers).
    pub polling: bool,
    /// The centre's address without path; empty when not set.
    pub server: String,
    /// Last word from the centre.
    pub last_contact_at: Option<Timestamp>,
    /// Sealed records that the centre has not confirmed.
    pub pending: u32,
    /// Records that the centre refused.
    pub quarantined: u32,
    /// Centre's clock minus desk's clock, in milliseconds.
    pub clock_offset: Span,
    /// What the last failed attempt said.
    pub fault: Option<DeskFaultCode>,
}

/// 设置 of one desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Settings {
    /// `https://…`; plain `http://` only for this machine.
    pub server: String,
    /// An extra CA file (PEM) beside the machine's trust store.
    pub ca_file: Option<String>,
    /// A proxy address; empty: the system's.
    pub proxy: String,
    /// 大字模式
    pub large_text: bool,
    /// 安静模式: no sound, except for level 2 and above.
    pub quiet: bool,
    /// Repeat the sound of an open alert every so many seconds; 10 to 300.
    pub repeat_seconds: u32,
    /// Start with the session.
    pub autostart: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            server: String::new(),
            ca_file: None,
            proxy: String::new(),
            large_text: false,
            quiet: false,
            repeat_seconds: 30,
            autostart: true,
        }
    }
}

/// Arguments of `check_server`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct CheckServer {
    /// Settings to try.
    pub settings: Settings,
}

/// What an address answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ServerCheck {
    /// Reached, and it is ours.
    pub reachable: bool,
    /// The server's version.
    pub version: Option<String>,
    /// Round trip in milliseconds.
    pub round_trip: Option<Span>,
    /// Centre's clock minus desk's clock.
    pub clock_offset: Option<Span>,
    /// Why not.
    pub fault: Option<DeskFault>,
}

/// Arguments of `sign_in`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct SignInArgs {
    /// 工号
    pub person_id: PersonId,
    /// Password.
    pub password: Private,
}

/// Arguments of `start_timing`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct StartTiming {
    /// A name for the person at the counter; local only.
    pub label: String,
}

/// Names a case.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct CaseRef {
    /// Which.
    pub case_id: CaseId,
}

/// Arguments of `name_timer`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct NameTimer {
    /// Which.
    pub case_id: CaseId,
    /// Its name; at most 20 characters.
    pub label: String,
}

/// A running five-minute timer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct TimerView {
    /// Its case.
    pub case_id: CaseId,
    /// Its name; empty when not named.
    pub label: String,
    /// Whose it is.
    pub person_id: Option<PersonId>,
    /// 发现时间
    pub found_at: Timestamp,
    /// When the warning comes.
    pub warn_at: Timestamp,
    /// When the five minutes end.
    pub due_at: Timestamp,
    /// The warning was given.
    pub warned: bool,
    /// It ran out.
    pub overdue: bool,
    /// May still be discarded as 误触 until then.
    pub discard_until: Timestamp,
}

/// What the quick report opens with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct OpenReport {
    /// A timer's or draft's case; `None`: the newest unfinished draft or a new one.
    pub case_id: Option<CaseId>,
}

/// A page of the workbench.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct OpenWorkbench {
    /// Which page; `None`: the role's first.
    pub page: Option<WorkbenchPage>,
    /// A case to open on it.
    pub case_id: Option<CaseId>,
}

/// Pages of the workbench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WorkbenchPage {
    /// 我的报告
    MyReports,
    /// 团队看板
    TeamBoard,
    /// 首次回访
    Callback,
    /// 我的待办
    Inbox,
    /// 连接
    Connection,
    /// 设置
    Settings,
    /// 登录
    SignIn,
}

/// A draft as the quick report shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct DraftView {
    /// Its case.
    pub case_id: CaseId,
    /// 发现时间
    pub found_at: Timestamp,
    /// Its timer, where one runs.
    pub timer: Option<TimerView>,
    /// What was typed so far.
    pub form: ReportForm,
    /// When it was last durable; `None`: never.
    pub saved_at: Option<Timestamp>,
    /// The refused record it corrects.
    pub corrects: Option<RecordId>,
    /// Why that one was refused.
    pub refused: Option<Problem>,
}

/// Arguments of `save_draft`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct SaveDraft {
    /// Which case.
    pub case_id: CaseId,
    /// What was typed so far.
    pub form: ReportForm,
}

/// Saved: durable at this moment.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct DraftSaved {
    /// The desk's clock.
    pub saved_at: Timestamp,
}

/// A way out of the quick report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// 报直接领导
    Leader,
    /// 启动流程 jsk.22
    Flow,
    /// 已当场化解·留痕
    Spot,
}

/// Arguments of `submit`: one exit, or leader and flow together.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct Submit {
    /// Which case.
    pub case_id: CaseId,
    /// What was typed.
    pub form: ReportForm,
    /// The exits.
    pub exits: Vec<Exit>,
}

/// What became of a submit: sealed and durable in any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Submitted {
    /// The records, in the order of the exits.
    pub records: Vec<RecordView>,
}

/// Where a sealed record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum RecordState {
    /// 已封存待发送
    Sealed,
    /// 已送达: the centre's receipt is here.
    Delivered,
    /// 隔离待处理
    Quarantined,
    /// Corrected by a newer record, or voided.
    Superseded,
}

/// A sealed record on this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordView {
    /// Its id; also the command's.
    pub record_id: RecordId,
    /// Its case.
    pub case_id: CaseId,
    /// What it is.
    pub kind: SealKind,
    /// Where it stands.
    pub state: RecordState,
    /// When it was sealed.
    pub sealed_at: Timestamp,
    /// Attempts so far.
    pub attempts: u32,
    /// The centre's receipt.
    pub receipt: Option<Receipt>,
    /// Why the centre refused it.
    pub refused: Option<Problem>,
}

/// What lies on this desk for the signed-in person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct LocalRecords {
    /// Unfinished drafts, newest first.
    pub drafts: Vec<DraftView>,
    /// Sealed and refused records, newest first; delivered ones of the last days too.
    pub records: Vec<RecordView>,
}

/// Names a record.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct RecordRef {
    /// Which.
    pub record_id: RecordId,
}

/// Open alerts, most urgent first, and what a gap brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct AlertBoard {
    /// Alerts that ask for something.
    pub open: Vec<Alert>,
    /// Alerts that ended while their window was open, for a moment's explanation.
    pub ended: Vec<Alert>,
    /// One summary instead of a flood: how many things happened while the desk was away.
    pub missed: u32,
}

/// Names alerts.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct AlertRefs {
    /// Which.
    pub alert_ids: Vec<AlertId>,
}

/// Names an alert.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ts_rs::TS)]
pub struct AlertRef {
    /// Which.
    pub alert_id: AlertId,
}

/// Arguments of `cases`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct CaseListArgs {
    /// Which list.
    pub view: CaseView,
    /// Page mark.
    pub after: Option<String>,
}

/// Arguments of `act`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct ActArgs {
    /// Which case.
    pub case_id: CaseId,
    /// What to do.
    pub action: CaseAction,
}

/// What an act led to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct ActOutcome {
    /// The case now.
    pub case: CaseSummary,
}

/// Arguments of `reveal`.
#[derive(Debug, Clone, Serialize, Deserialize, ts_rs::TS)]
pub struct RevealArgs {
    /// Which case.
    pub case_id: CaseId,
    /// Which field.
    pub field: FieldName,
    /// Why, 2 to 200 characters.
    pub reason: String,
}

/// What the core tells the windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DeskEvent {
    /// Sign-in, sign-out, keyring.
    Session {
        /// Now.
        session: SessionView,
    },
    /// Link, queue, clock offset.
    Connection {
        /// Now.
        connection: ConnectionView,
    },
    /// Every running timer.
    Timers {
        /// Now.
        timers: Vec<TimerView>,
    },
    /// A timer's warning (once).
    TimerWarned {
        /// Which.
        timer: TimerView,
    },
    /// A timer ran out (once): the quick report comes up.
    TimerOverdue {
        /// Which.
        timer: TimerView,
    },
    /// The open alerts.
    Alerts {
        /// Now.
        board: AlertBoard,
    },
    /// A new alert that interrupts (window, sound, toast).
    AlertRaised {
        /// Which.
        alert: Alert,
    },
    /// A case changed at the centre.
    CaseChanged {
        /// As this person may see it.
        case: CaseSummary,
    },
    /// Drafts and records on this desk changed.
    Records {
        /// Now.
        records: LocalRecords,
    },
    /// Reference data is new.
    Reference {
        /// Now.
        reference: Reference,
    },
    /// Settings changed.
    Settings {
        /// Now.
        settings: Settings,
    },
    /// The quick report is being shown, with this.
    ShowReport {
        /// What to open.
        report: OpenReport,
    },
    /// The workbench is being shown at this page.
    ShowPage {
        /// Where.
        page: OpenWorkbench,
    },
}

/// Everything that can go wrong between window and centre. Stable codes; the sentence is in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum DeskFaultCode {
    /// No server address is set.
    NoServer,
    /// The address is not one we may use (`http://` beyond this machine, not a URL).
    BadAddress,
    /// The centre cannot be reached.
    Unreachable,
    /// Its certificate is not trusted.
    Certificate,
    /// It did not answer in time.
    Timeout,
    /// It answered something that is not ours.
    NotOurs,
    /// It answered with a problem; see `problem`.
    Problem,
    /// Nobody is signed in.
    NotSignedIn,
    /// The session ran out or was revoked.
    SessionOver,
    /// The OS keyring is locked.
    KeyringLocked,
    /// There is no OS keyring.
    KeyringUnavailable,
    /// The local store is full: nothing was saved.
    DiskFull,
    /// The local store cannot be written: nothing was saved.
    StoreFailed,
    /// The local store is from a newer version of the program.
    StoreNewer,
    /// The local store is damaged; it was set aside.
    StoreDamaged,
    /// The form does not do; see `fields`.
    FormFaults,
    /// The record is sealed and cannot be edited.
    SealedRecord,
    /// Nothing here by that id.
    UnknownId,
    /// 误触 is possible only within 30 s.
    TooLateToDiscard,
    /// The argument has the wrong shape.
    BadArgument,
    /// A fault of ours.
    Internal,
}

/// An error over IPC: a code plus data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct DeskFault {
    /// Stable code.
    pub code: DeskFaultCode,
    /// The centre's own words for [`DeskFaultCode::Problem`].
    pub problem: Option<Box<Problem>>,
    /// For [`DeskFaultCode::FormFaults`].
    pub fields: Vec<FieldFault>,
    /// Trying again later may help without anybody changing anything.
    pub retryable: bool,
}
