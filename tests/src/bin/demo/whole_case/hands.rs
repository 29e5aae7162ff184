//! What a person does again and again: open a list, open the case in it, act on it, fill in what the act asks for.

use anyhow::{Context, Result};
use chayan_client::ipc::WindowName;
use chayan_tests::wait;
use chayan_tests::words::words;
use chayan_tests::world::Workplace;

/// Opens a list by the navigation and the first case in it.
pub(crate) async fn open_first(place: &Workplace, list: &str) -> Result<()> {
    open_list(place, list).await?;
    place.click(WindowName::Workbench, "table.list .rowlink").await
}

/// Opens a list by the navigation.
pub(crate) async fn open_list(place: &Workplace, list: &str) -> Result<()> {
    come_to(place).await?;
    place.click_button(WindowName::Workbench, words(&format!("nav.{list}"))?).await
}

/// The alert that came in opens its case.
pub(crate) async fn open_from_alert(place: &Workplace) -> Result<()> {
    place.window(WindowName::Alert).await?;
    place.page_shown(WindowName::Alert).await?;
    place.click_button(WindowName::Alert, words("alert.open")?).await?;
    place.focused(WindowName::Workbench).await?;
    come_to(place).await
}

/// Does what needs no more words, once the page offers it.
pub(crate) async fn act(place: &Workplace, action: &str) -> Result<()> {
    alert_aside(place).await?;
    place.click(WindowName::Workbench, &format!("button[data-action={action}]:not([disabled])")).await
}

/// What an act asks for before it is done.
#[derive(Default)]
pub(crate) struct Answers {
    /// The line of the first list, counted from 0.
    pub(crate) choice: Option<usize>,
    /// The line of the list of departments, counted from 0, where none is proposed.
    pub(crate) department: Option<usize>,
    /// Why, or what was said.
    pub(crate) note: &'static str,
}

/// Does what asks for something first.
pub(crate) async fn act_with(place: &Workplace, action: &str, answers: Answers) -> Result<()> {
    act(place, action).await?;
    let window = WindowName::Workbench;
    for (list, line) in [("#act-choice", answers.choice), ("#act-lead", answers.department)] {
        if let Some(line) = line {
            place.focus(window, list).await?;
            // Nothing is chosen yet: the first stroke leads to the first line.
            for _ in 0..=line {
                place.stage().screen().key("Down")?;
            }
        }
    }
    if !answers.note.is_empty() {
        place.focus(window, "#act-note").await?;
        place.stage().screen().type_text(answers.note)?;
        place.holds(window, "#act-note", answers.note).await?;
    }
    place.confirm(window).await?;
    place.closed(window, "[role=dialog] form").await
}

/// The workbench in front, with no alert above it.
async fn come_to(place: &Workplace) -> Result<()> {
    place.choose("workbench").await?;
    place.focused(WindowName::Workbench).await?;
    alert_aside(place).await
}

/// An alert that ends meanwhile goes by itself.
async fn alert_aside(place: &Workplace) -> Result<()> {
    if !place.shows(WindowName::Alert)? {
        return Ok(());
    }
    tokio::select! {
        aside = place.alert_aside() => aside,
        gone = place.gone(WindowName::Alert) => gone,
    }
}

/// Waits until the timeline of a case has so many entries of a kind.
pub(crate) async fn told(
    person: &chayan_tests::world::SignedIn,
    case_id: chayan_domain::ids::CaseId,
    kind: &str,
    times: usize,
) -> Result<()> {
    wait::until(&format!("{times} × {kind}"), wait::PATIENCE, async || {
        let detail = person.case(case_id).await.map_err(|error| error.to_string())?;
        let kinds: Vec<&str> = detail.timeline.iter().map(|entry| entry.kind.as_str()).collect();
        if kinds.iter().filter(|known| **known == kind).count() == times {
            Ok(())
        } else {
            Err(kinds.join(", "))
        }
    })
    .await
    .context("the timeline")
}
