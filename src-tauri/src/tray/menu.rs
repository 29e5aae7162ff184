//! The tray's menu: every action of the tray is here too, because not every panel reports a left click.

use tauri::AppHandle;
use tauri::menu::{Menu, MenuBuilder, MenuItem, PredefinedMenuItem};

use super::face::Look;
use crate::texts::{Text, counted, filled, text};

/// What a person may ask of the tray.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrayAct {
    /// 开始计时
    StartTiming,
    /// 快速报告
    QuickReport,
    /// 我的待办
    Inbox,
    /// 工作台
    Workbench,
    /// 测试提醒
    TestAlert,
    /// 在线状态
    Connection,
    /// 切换用户 / 锁定
    SwitchUser,
    /// 设置
    Settings,
    /// 退出
    Quit,
}

impl TrayAct {
    /// In the order of the menu.
    const ALL: [Self; 9] = [
        Self::StartTiming,
        Self::QuickReport,
        Self::Inbox,
        Self::Workbench,
        Self::TestAlert,
        Self::Connection,
        Self::SwitchUser,
        Self::Settings,
        Self::Quit,
    ];

    const fn id(self) -> &'static str {
        match self {
            Self::StartTiming => "start_timing",
            Self::QuickReport => "quick_report",
            Self::Inbox => "inbox",
            Self::Workbench => "workbench",
            Self::TestAlert => "test_alert",
            Self::Connection => "connection",
            Self::SwitchUser => "switch_user",
            Self::Settings => "settings",
            Self::Quit => "quit",
        }
    }

    /// The act behind a menu item.
    pub(crate) fn of_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.id() == id)
    }

    /// What stands in the menu for it.
    pub(super) fn label(self, look: &Look) -> String {
        match self {
            Self::StartTiming => text(Text::MenuStartTiming).to_owned(),
            Self::QuickReport => text(Text::MenuQuickReport).to_owned(),
            Self::Inbox if look.waiting == 0 => text(Text::MenuInbox).to_owned(),
            Self::Inbox => counted(Text::MenuInboxCount, look.waiting),
            Self::Workbench => text(Text::MenuWorkbench).to_owned(),
            Self::TestAlert => text(Text::MenuTestAlert).to_owned(),
            Self::Connection => filled(Text::MenuConnection, &[("state", &look.state)]),
            Self::SwitchUser => text(Text::MenuSwitchUser).to_owned(),
            Self::Settings => text(Text::MenuSettings).to_owned(),
            Self::Quit => text(Text::MenuQuit).to_owned(),
        }
    }
}

/// The menu with its items, whose words change.
#[derive(Clone)]
pub(super) struct TrayMenu {
    pub(super) menu: Menu<tauri::Wry>,
    items: Vec<(TrayAct, MenuItem<tauri::Wry>)>,
}

impl TrayMenu {
    pub(super) fn new(app: &AppHandle, look: &Look) -> tauri::Result<Self> {
        let items = TrayAct::ALL
            .into_iter()
            .map(|act| Ok((act, MenuItem::with_id(app, act.id(), act.label(look), true, None::<&str>)?)))
            .collect::<tauri::Result<Vec<_>>>()?;
        let mut menu = MenuBuilder::new(app);
        for (act, item) in &items {
            if matches!(act, TrayAct::TestAlert | TrayAct::SwitchUser | TrayAct::Quit) {
                menu = menu.item(&PredefinedMenuItem::separator(app)?);
            }
            menu = menu.item(item);
        }
        Ok(Self { menu: menu.build()?, items })
    }

    /// Writes the words that are other ones now: numbers, states, the language.
    pub(super) fn relabel(&self, now: &Look) {
        for (act, item) in &self.items {
            let label = act.label(now);
            if item.text().is_ok_and(|shown| shown == label) {
                continue;
            }
            if let Err(error) = item.set_text(label) {
                tracing::warn!(%error, "a menu item keeps its old words");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tray::face::Scene;

    #[test]
    fn every_item_leads_back_to_its_act_and_has_its_own_words() {
        let look = Scene::Starting.look();
        let mut labels: Vec<String> = TrayAct::ALL.into_iter().map(|act| act.label(&look)).collect();
        for act in TrayAct::ALL {
            assert_eq!(TrayAct::of_id(act.id()), Some(act));
        }
        labels.sort();
        labels.dedup();
        assert_eq!(labels.len(), TrayAct::ALL.len());
        assert_eq!(TrayAct::of_id("format_disk"), None);
    }

    #[test]
    fn the_inbox_counts_what_waits_and_the_state_stands_in_the_menu() {
        let mut look = Scene::Starting.look();
        assert_eq!(TrayAct::Inbox.label(&look), text(Text::MenuInbox));
        look.waiting = 3;
        assert_eq!(TrayAct::Inbox.label(&look), counted(Text::MenuInboxCount, 3));
        assert!(TrayAct::Connection.label(&look).contains(text(Text::StateStarting)));
    }
}
