//! The contract between the core and its windows: every command, every view, every event, declared once.
//!
//! Commands go down, events come up: a screen changes because an event arrived, not because a call returned. The
//! TypeScript of the windows is generated from here. Every command takes one argument object and answers with its
//! result or a [`DeskFault`]; there is one event channel, [`EVENT_CHANNEL`], with [`DeskEvent`] as payload.
//!
//! Times are UTC milliseconds of the *centre's* clock as far as the desk knows it: a window adds
//! [`ConnectionView::clock_offset`] to its own clock to draw a countdown.

mod desk;
mod event;
mod fault;
mod people;
mod reporting;
mod training;
mod work;

use chayan_api::audit::{AuditState, RemovalList, RemovalQuery};
use chayan_api::cases::{CallbackFigures, CaseDetail, CaseList, Revealed, Wallboard};
use chayan_api::directory::{
    AbsenceList, AbsenceView, CalendarVersions, DirectoryChanges, DirectoryFile, DirectoryPreview,
    DirectoryQuery, DirectoryVersion, DirectoryVersions, DirectoryView, TakeDirectory, VersionRef,
};
use chayan_api::rules::{AmendOutcome, RuleBook};
use chayan_api::search::{AccessList, AccessQuery, PersonChoices, UnitChoices};
use chayan_api::session::Me;
use serde::{Deserialize, Serialize};

pub use desk::{
    Boot, CheckServer, ConnectionView, KeyringState, Language, LinkState, OpenWorkbench, ServerCheck,
    SessionView, Settings, SignInArgs, WindowArgs, WindowName, WorkbenchPage,
};
pub use event::DeskEvent;
pub use fault::{DeskFault, DeskFaultCode};
pub use people::{AbsenceRef, EnterAbsenceArgs, FindPeopleArgs};
pub use reporting::{
    CaseRef, DraftSaved, DraftView, Exit, LocalRecords, NameTimer, OpenReport, RecordRef, RecordState,
    RecordView, SaveDraft, StartTiming, Submit, Submitted, TimerView,
};
pub use training::{StartTraining, TrainingView};
pub use work::{
    ActArgs, ActOutcome, AlertBoard, AlertRef, AlertRefs, AmendArgs, CaseListArgs, CasePaper, ExportArgs,
    FetchedFile, FileSaved, FindArgs, PackArgs, PaperArgs, RevealArgs, RuleBookArgs,
};

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

    /// 练习: begins one, or becomes somebody else in it; every page is loaded anew.
    start_training(StartTraining) -> Nothing;
    /// 结束练习: back to the real work; nothing of the training stays.
    leave_training(Nothing) -> Nothing;

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
    /// A whole list as a file: asks where to save it, then fetches it.
    export_cases(ExportArgs) -> FileSaved;
    /// Units by code or name.
    find_units(FindArgs) -> UnitChoices;
    /// People by staff number, name or telephone, for who registers a call.
    find_people(FindPeopleArgs) -> PersonChoices;
    /// 电话登记: the number of a case that is about to be registered; `act` then registers it once.
    new_call(Nothing) -> CaseRef;
    /// My drafts, sealed and refused records on this desk.
    local_records(Nothing) -> LocalRecords;
    /// One case from the centre.
    case_detail(CaseRef) -> CaseDetail;
    /// The evidence of a case as a file: asks where to save it, then fetches it.
    export_pack(PackArgs) -> FileSaved;
    /// An act on a case; those of a report go through `submit`.
    act(ActArgs) -> ActOutcome;
    /// Shows one customer field, with a reason.
    reveal(RevealArgs) -> Revealed;
    /// Figures over the callback queue.
    callback_figures(Nothing) -> CallbackFigures;

    /// 规则与参数 of a unit, with versions and changes.
    rule_book(RuleBookArgs) -> RuleBook;
    /// A change of the rules, or a look at what it would change.
    amend_rules(AmendArgs) -> AmendOutcome;
    /// The figures and the next calls, for the screen on the wall.
    wallboard(Nothing) -> Wallboard;

    /// 机构与人员 as of a day.
    directory(DirectoryQuery) -> DirectoryView;
    /// What a file would change.
    preview_directory(DirectoryFile) -> DirectoryPreview;
    /// Takes exactly what was previewed.
    take_directory(TakeDirectory) -> DirectoryVersion;
    /// Who brought which version and why.
    directory_versions(Nothing) -> DirectoryVersions;
    /// What a version changed.
    directory_changes(VersionRef) -> DirectoryChanges;
    /// Who brought which version of the calendar, and what it changed.
    calendar_versions(Nothing) -> CalendarVersions;
    /// 请假与代理: mine, and of those whom I lead.
    absences(Nothing) -> AbsenceList;
    /// Enters an absence.
    enter_absence(EnterAbsenceArgs) -> AbsenceView;
    /// Ends an absence now.
    end_absence(AbsenceRef) -> Nothing;

    /// 报告回执 or 督办单 of a case as a page: asks where to save it, then fetches it.
    export_paper(PaperArgs) -> FileSaved;
    /// What the last walk over all chains found, and whether one is under way.
    audit_state(Nothing) -> AuditState;
    /// Begins a walk over all chains.
    begin_audit(Nothing) -> AuditState;
    /// Who saw what.
    accesses(AccessQuery) -> AccessList;
    /// Customer data that was removed because its time was over.
    removals(RemovalQuery) -> RemovalList;
}

/// No argument, no result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Nothing {}
