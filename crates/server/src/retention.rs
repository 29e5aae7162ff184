//! 保存期限: once a day the customer data of settled cases goes whose time is over, each with its record in a chain.
//!
//! It must not touch events, commands or receipts: what happened stays, and still verifies.

use chayan_domain::case::Case;
use chayan_domain::retention::{SETTLED, is_over};
use chayan_domain::rules::LimitName;
use chayan_domain::time::Timestamp;
use chayan_store::{RemovalPlan, StoreError};
use tracing::{info, warn};

use crate::centre::{Centre, Organisation};
use crate::day::DAY;

/// So many cases are looked at in one go.
const PORTION: u32 = 200;

/// Runs until it is dropped.
pub(crate) async fn run(centre: Centre) {
    loop {
        if let Err(error) = remove_due(&centre).await {
            warn!(cause = ?error, "customer data whose time is over could not be removed; tomorrow will do");
        }
        centre.clock.sleep(DAY).await;
    }
}

async fn remove_due(centre: &Centre) -> Result<(), StoreError> {
    let (now, organisation) = (centre.clock.now(), centre.organisation());
    // Nobody keeps for less than the law says, so what came later is not even read.
    let least = LimitName::Retention.least().unwrap_or_default();
    let (mut place, mut removed) = (None, 0_u32);
    loop {
        let found = centre.store.cases_with_customer(SETTLED, now.minus(least), place, PORTION).await?;
        let Some((at, last)) = found.last() else { break };
        place = Some((*at, last.case_id));
        for (_, case) in found {
            removed += u32::from(remove(centre, &organisation, case, now).await?);
        }
    }
    if removed > 0 {
        info!(cases = removed, "customer data whose time is over was removed");
    }
    Ok(())
}

async fn remove(
    centre: &Centre,
    organisation: &Organisation,
    case: Case,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let keep = organisation.rules.retention(&case, &organisation.directory);
    if !is_over(&case, keep, now) {
        return Ok(false);
    }
    // A merged case is evidence of the one that survives it.
    if let Some(survivor) = case.merged_into
        && centre.store.has_customer(survivor).await?
    {
        return Ok(false);
    }
    let rule_version = organisation.rules.effective(&case.unit_id, &organisation.directory).version;
    let plan = RemovalPlan { case, keep, rule_version, at: now };
    Ok(centre.store.remove_customer(&plan).await?.is_some())
}
