//! 保存期限: once a day the customer data of settled cases goes whose time is over, each with its record in a chain.
//!
//! It must not touch events, commands or receipts: what happened stays, and still verifies.

use chayan_domain::case::Case;
use chayan_domain::retention::{SETTLED, is_over};
use chayan_domain::rules::LimitName;
use chayan_domain::time::Timestamp;
use chayan_store::{CaseWithCustomer, RemovalPlan, StoreError};
use tracing::{info, warn};

use crate::centre::{Centre, Organisation};
use crate::day::DAY;

/// So many cases are looked at in one go.
const PORTION: u32 = 200;

/// Runs until it is dropped.
pub(crate) async fn run(centre: Centre) {
    loop {
        let began = centre.clock.now();
        if let Err(error) = remove_due(&centre).await {
            warn!(cause = ?error, "customer data whose time is over could not be removed; tomorrow will do");
        }
        centre.clock.sleep_until(began.plus(DAY)).await;
    }
}

/// One case that cannot be looked at or removed must not keep the others.
async fn remove_due(centre: &Centre) -> Result<(), StoreError> {
    let (now, organisation) = (centre.clock.now(), centre.organisation());
    // Nobody keeps for less than the law says, so what came later is not even read.
    let least = LimitName::Retention.least().unwrap_or_default();
    let (mut place, mut removed) = (None, 0_u32);
    loop {
        let found = centre.store.cases_with_customer(SETTLED, now.minus(least), place, PORTION).await?;
        let Some(last) = found.last() else { break };
        place = Some(last.place());
        for CaseWithCustomer { case_id, readable, .. } in found {
            let Some(case) = readable else {
                warn!(%case_id, "a case cannot be read, so its customer data stays: run verify-audit");
                continue;
            };
            match remove(centre, &organisation, case, now).await {
                Ok(gone) => removed += u32::from(gone),
                Err(error @ (StoreError::Full | StoreError::Unavailable)) => return Err(error),
                Err(error) => {
                    warn!(%case_id, cause = ?error, "the customer data of a case could not be removed")
                }
            }
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
    // A merged case is evidence of the one that survives it, which may have been merged again.
    let mut next = case.merged_into;
    while let Some(survivor) = next {
        let Some(survivor) = centre.store.case(survivor).await? else { break };
        let keep = organisation.rules.retention(&survivor.case, &organisation.directory);
        if !is_over(&survivor.case, keep, now) {
            return Ok(false);
        }
        next = survivor.case.merged_into;
    }
    let rule_version = organisation.rules.effective(&case.unit_id, &organisation.directory).version;
    let plan = RemovalPlan { case, keep, rule_version, at: now };
    Ok(centre.store.remove_customer(&plan).await?.is_some())
}
