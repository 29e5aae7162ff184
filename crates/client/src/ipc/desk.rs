//! The desk itself: windows, session, link, settings.

use chayan_api::reference::Reference;
use chayan_api::session::Me;
use chayan_domain::ids::{CaseId, DeviceId, PersonId};
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

use super::fault::{DeskFault, DeskFaultCode};
use super::reporting::{OpenReport, TimerView};
use super::training::TrainingView;
use super::work::AlertBoard;

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
    /// Which life of the program the page belongs to: 0 is the real one, each training has a number of its own. The
    /// page says it with each command and hears nothing of another.
    pub realm: u32,
    /// The training that runs.
    pub training: Option<TrainingView>,
}

/// The OS keyring as the person sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringState {
    /// Not looked at yet.
    Opening,
    /// Read and written.
    Ready,
    /// There, but locked. Until it opens the key of the store lies in a file beside it, and sign-in lasts until the
    /// program ends.
    Locked,
    /// Not there. As with [`Self::Locked`]; the person is warned.
    Unavailable,
    /// The keyring has not the key of the store any more: what it sealed and was not sent counts as lost.
    KeyLost,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SessionView {
    /// Nobody when `None`.
    pub me: Option<Me>,
    /// Why the last session ended, when it was not by the person. `session_over`, `unknown_member`: `me` stays known, so
    /// that work goes on and can be sealed, but nothing is sent before the person signs in again. `store_damaged`: the
    /// local store was set aside.
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
    /// Sealed records and drafts of the last days whose key is gone: they have to be reported again.
    pub lost: u32,
    /// Nobody of the person's leaders or their deputies could receive a report, as far as the centre said last. Only
    /// said while the centre is reached.
    pub nobody_receives: bool,
    /// Centre's clock minus desk's clock, in milliseconds.
    pub clock_offset: Span,
    /// What the last failed attempt said.
    pub fault: Option<DeskFault>,
    /// Why the local store does not take what the centre says at the moment; alerts are kept in memory until it does.
    pub store_fault: Option<DeskFaultCode>,
}

/// The language of windows, tray and toasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
pub enum Language {
    /// 简体中文
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English
    #[serde(rename = "en")]
    English,
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
    /// Of windows, tray and toasts; all of them change at once.
    pub language: Language,
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
            language: Language::Chinese,
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
    /// 回访大屏
    Wallboard,
    /// 待转办
    ToDispatch,
    /// 复访
    Recall,
    /// 电话登记
    Register,
    /// 复开案件
    Reopened,
    /// 归口认定
    Rulings,
    /// 承办
    Handling,
    /// 督办
    Escalated,
    /// 我的待办
    Inbox,
    /// 制度要点
    Articles,
    /// 规则与参数
    Rules,
    /// 查找
    Find,
    /// 请假与代理
    Absences,
    /// 机构与人员
    Directory,
    /// 审计
    Audit,
    /// 连接
    Connection,
    /// 设置
    Settings,
    /// 登录
    SignIn,
    /// 练习
    Training,
}
