//! The main job of one report, from a tray click to 归档·无不满, and a second one without the server.

mod agent;
mod cast;
mod ladder;
mod offline;
mod report;

use std::path::Path;

use anyhow::{Context, Result};

use crate::steps::{Failed, Steps};
use cast::Cast;

/// Sets the stage and plays every step. A step that fails ends it, and is told by the steps.
///
/// # Errors
/// When the stage could not be set.
pub(crate) async fn play(steps: &mut Steps, out: &Path) -> Result<()> {
    let mut cast = Cast::assemble(&out.join("world")).await.context("the stage could not be set")?;
    if let Err(failed) = every_step(steps, &mut cast).await {
        failed.tell(&cast, out);
    }
    cast.agent.close_pages().await
}

async fn every_step(steps: &mut Steps, cast: &mut Cast) -> Result<(), Failed> {
    steps.run("programs-in-the-tray", "clerk", cast, report::start_programs).await?;
    steps.run("clerk-signs-in", "clerk", cast, report::clerk_signs_in).await?;
    steps.run("leader-signs-in", "leader1", cast, report::others_sign_in).await?;
    steps.run("timer-from-the-tray-menu", "clerk", cast, report::start_timer).await?;
    steps.run("report-typed", "clerk", cast, report::type_report).await?;
    steps.run("report-sent-to-the-leader", "clerk", cast, report::send_to_leader).await?;
    steps.run("leader-1-is-alerted", "leader1", cast, ladder::leader_is_alerted).await?;
    steps.run("leader-1-killed-and-back", "leader1", cast, ladder::leader_is_killed).await?;
    steps.run("climbs-to-leader-2", "leader2", cast, ladder::climbs_to_second).await?;
    steps.run("clerk-is-told-of-the-climb", "clerk", cast, ladder::lower_levels_are_told).await?;
    steps.run("flow-starts-by-itself", "clerk", cast, ladder::flow_starts).await?;
    steps.run("agent-is-alerted", "agent1", cast, agent::is_alerted).await?;
    steps.run("agent-claims", "agent1", cast, agent::claims).await?;
    steps.run("agent-reveals-the-number", "agent1", cast, agent::reveals).await?;
    steps.run("agent-logs-the-dial", "agent1", cast, agent::dials).await?;
    steps.run("agent-archives", "agent1", cast, agent::archives).await?;
    steps.run("clerk-sees-the-outcome", "clerk", cast, agent::clerk_sees_outcome).await?;
    steps.run("server-stops", "clerk", cast, offline::server_stops).await?;
    steps.run("report-sealed-without-server", "clerk", cast, offline::report_is_sealed).await?;
    steps.run("server-returns-and-has-it-once", "clerk", cast, offline::server_returns).await?;
    steps.run("agent-sees-the-second", "agent1", cast, offline::agent_sees_it).await?;
    steps.run("no-customer-data-outside", "clerk", cast, offline::nothing_in_the_clear).await
}
