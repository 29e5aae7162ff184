//! The tray menu as `com.canonical.dbusmenu` tells it.

use std::collections::HashMap;

use anyhow::{Context, Result};
use zbus::Proxy;
use zbus::zvariant::{OwnedValue, Value};

pub(super) const INTERFACE: &str = "com.canonical.dbusmenu";

/// An entry of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuEntry {
    /// The number that a click names.
    pub id: i32,
    /// The words, without the mark of the access key; empty for a separator.
    pub label: String,
    /// Whether it can be chosen.
    pub enabled: bool,
    /// Whether it is shown.
    pub visible: bool,
    /// Whether it is ticked, where it can be.
    pub checked: Option<bool>,
    /// The entries of its own menu.
    pub children: Vec<MenuEntry>,
}

/// A node as it is on the wire: number, properties, children in variants.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

pub(super) async fn read(proxy: &Proxy<'_>) -> Result<Vec<MenuEntry>> {
    // Some programs fill the menu only when it is about to be shown.
    let _: Result<bool, _> = proxy.call("AboutToShow", &(0_i32,)).await;
    let (_, top): (u32, Node) =
        proxy.call("GetLayout", &(0_i32, -1_i32, Vec::<String>::new())).await.context("menu: GetLayout")?;
    Ok(entry(top)?.children)
}

pub(super) async fn click(proxy: &Proxy<'_>, id: i32) -> Result<()> {
    proxy.call::<_, _, ()>("Event", &(id, "clicked", Value::from(0_i32), 0_u32)).await.context("menu: Event")
}

/// The first entry, at any depth, whose label begins with these words.
pub fn find<'a>(entries: &'a [MenuEntry], label: &str) -> Option<&'a MenuEntry> {
    entries.iter().find_map(|entry| {
        if entry.visible && entry.label.starts_with(label) {
            Some(entry)
        } else {
            find(&entry.children, label)
        }
    })
}

pub(super) fn labels(entries: &[MenuEntry]) -> Vec<String> {
    let shown = |entry: &MenuEntry| {
        let mut labels = vec![if entry.enabled { entry.label.clone() } else { format!("({})", entry.label) }];
        labels.extend(self::labels(&entry.children));
        labels
    };
    entries.iter().flat_map(shown).collect()
}

fn entry((id, properties, children): Node) -> Result<MenuEntry> {
    let text = |name: &str| properties.get(name).and_then(|value| <&str>::try_from(value).ok());
    let flag = |name: &str| properties.get(name).and_then(|value| bool::try_from(value).ok()).unwrap_or(true);
    let checked = properties
        .get("toggle-type")
        .and_then(|_| properties.get("toggle-state"))
        .and_then(|state| i32::try_from(state).ok())
        .map(|state| state == 1);
    Ok(MenuEntry {
        id,
        label: words(text("label").unwrap_or_default()),
        enabled: flag("enabled"),
        visible: flag("visible"),
        checked,
        children: children
            .into_iter()
            .map(|child| entry(Node::try_from(child).context("menu: a child of an unknown shape")?))
            .collect::<Result<_>>()?,
    })
}

/// A single underscore marks the access key; a doubled one is an underscore.
fn words(label: &str) -> String {
    label.replace("__", "\u{0}").replace('_', "").replace('\u{0}', "_")
}

#[cfg(test)]
mod tests {
    use super::{MenuEntry, find, words};

    fn item(id: i32, label: &str, children: Vec<MenuEntry>) -> MenuEntry {
        MenuEntry { id, label: label.to_owned(), enabled: true, visible: true, checked: None, children }
    }

    #[test]
    fn an_entry_is_found_by_its_first_words_at_any_depth() {
        let entries = [item(1, "开始计时", vec![]), item(2, "更多", vec![item(3, "我的待办 (2)", vec![])])];
        assert_eq!(find(&entries, "我的待办").map(|entry| entry.id), Some(3));
        assert_eq!(find(&entries, "退出"), None);
    }

    #[test]
    fn the_mark_of_the_access_key_is_no_part_of_the_words() {
        assert_eq!(words("_Report a__b"), "Report a_b");
    }
}
