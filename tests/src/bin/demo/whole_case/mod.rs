//! The whole case, by the programs of six roles: the counter, its leader, 95518, the department that caused it with its
//! head, and the customer-service department. Back once, ruled on, urged, worked on twice, archived; and a second case
//! that becomes a complaint.

mod cast;
mod counter;
mod department;
mod hands;
mod hotline;
mod record;

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
    cast.close().await
}

async fn every_step(steps: &mut Steps, cast: &mut Cast) -> Result<(), Failed> {
    steps.run("six-people-sign-in", "csd", cast, counter::everybody_signs_in).await?;
    steps.run("clerk-reports-to-the-leader", "clerk", cast, counter::clerk_reports).await?;
    steps.run("leader-starts-the-flow", "leader1", cast, counter::leader_starts_the_flow).await?;
    steps.run("customer-is-not-content", "agent1", cast, hotline::first_callback).await?;
    steps.run("dispatched-as-proposed", "agent1", cast, hotline::dispatches).await?;
    steps.run("department-returns-it", "handler", cast, department::returns).await?;
    steps.run("dispatched-once-more", "agent1", cast, hotline::dispatches_again).await?;
    steps.run("department-disputes-again", "handler", cast, department::disputes).await?;
    steps.run("customer-service-rules", "csd", cast, department::is_ruled_on).await?;
    steps.run("department-signs", "handler", cast, department::signs).await?;
    steps.run("agent-urges", "agent1", cast, hotline::urges).await?;
    steps.run("department-calls-the-customer", "handler", cast, department::contacts).await?;
    steps.run("department-writes-the-result", "handler", cast, department::writes_result).await?;
    steps.run("head-approves", "leader2", cast, department::approves).await?;
    steps.run("second-callback-is-not-content", "agent1", cast, hotline::recall_dissatisfied).await?;
    steps.run("department-works-on-it-again", "handler", cast, department::reworks).await?;
    steps.run("head-approves-again", "leader2", cast, department::approves).await?;
    steps.run("second-callback-archives", "agent1", cast, hotline::recall_satisfied).await?;
    steps.run("clerk-sees-the-outcome", "clerk", cast, counter::clerk_sees_the_outcome).await?;
    steps.run("another-customer", "clerk", cast, counter::clerk_starts_a_flow).await?;
    steps.run("becomes-a-complaint", "agent1", cast, hotline::converts).await?;
    steps.run("record-verifies", "agent1", cast, record::verifies).await
}
