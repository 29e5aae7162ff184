//! Alerts of a person, and what their devices report back: delivered, shown, acknowledged. Repeating changes nothing.

use std::collections::{BTreeMap, HashMap};

use chayan_api::alerts::{Alert, AlertList, AlertReceipt, AlertReceipts, ReceiptKind};
use chayan_api::error::ErrorCode;
use chayan_domain::case::{Actor, AlertKind, Case, Command};
use chayan_domain::ids::{AlertId, CaseId};
use chayan_domain::visibility::may_see;
use chayan_store::{AlertRow, CommitKey, Decision, ReceiptAct, ReceiptRow, Snapshot};

use super::cases;
use super::change::{Act, Change};
use crate::auth::Caller;
use crate::centre::Centre;
use crate::past::Past;
use crate::problem::ApiResult;

/// What an alert asks for, and at which level.
type Notice = (AlertKind, u8);

/// Most receipts in one batch.
const MOST_RECEIPTS: usize = 500;

/// Open alerts, most urgent first: those with a clock by its end, then the others by age.
pub(crate) async fn open(centre: &Centre, caller: &Caller) -> ApiResult<AlertList> {
    let rows = centre.store.open_alerts(caller.id()).await?;
    let found = cases_of(centre, &rows).await?;
    let past = Past::of(centre, &caller.organisation, cases::moments(found.values())).await?;
    let mut alerts: Vec<Alert> = rows.iter().filter_map(|row| shown(caller, row, &found, &past)).collect();
    alerts.sort_by_key(|alert| (alert.due_at.is_none(), alert.due_at, alert.raised_at));
    Ok(AlertList { alerts, server_time: centre.clock.now() })
}

/// The alert as its recipient sees it; none when it is another's or its case may not be seen any more.
pub(crate) fn shown(
    caller: &Caller,
    row: &AlertRow,
    found: &HashMap<CaseId, Case>,
    past: &Past,
) -> Option<Alert> {
    let case = found.get(&row.case_id).filter(|_| row.person_id == *caller.id())?;
    // Heads and departments are told of an overdue callback whatever else they may see.
    let told = matches!(row.kind, AlertKind::CallbackOverdue) || may_see(case, caller.id(), past.today());
    told.then(|| cases::viewer(caller, past).alert(row, case))
}

/// The cases of some alerts, by id.
pub(crate) async fn cases_of(centre: &Centre, rows: &[AlertRow]) -> ApiResult<HashMap<CaseId, Case>> {
    let mut ids: Vec<CaseId> = rows.iter().map(|row| row.case_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = centre.store.cases_by_id(&ids).await?;
    Ok(found.into_iter().map(|listed| (listed.case.case_id, listed.case)).collect())
}

/// Takes a batch, case by case. Receipts for alerts of others or of nobody are passed over: a device may report late.
pub(crate) async fn take_receipts(centre: &Centre, caller: &Caller, batch: AlertReceipts) -> ApiResult<()> {
    if batch.receipts.len() > MOST_RECEIPTS {
        return Err(ErrorCode::BadRequest.into());
    }
    let mut ids: Vec<AlertId> = batch.receipts.iter().map(|receipt| receipt.alert_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = centre.store.alerts(&ids).await?;
    let own: HashMap<AlertId, AlertRow> =
        rows.into_iter().filter(|row| row.person_id == *caller.id()).map(|row| (row.alert_id, row)).collect();
    let mut by_case: BTreeMap<CaseId, Vec<(AlertReceipt, Notice)>> = BTreeMap::new();
    for receipt in batch.receipts {
        if let Some(row) = own.get(&receipt.alert_id) {
            by_case.entry(row.case_id).or_default().push((receipt, (row.kind, row.level)));
        }
    }
    for (case_id, receipts) in by_case {
        store(centre, caller, case_id, receipts).await?;
    }
    Ok(())
}

async fn store(
    centre: &Centre,
    caller: &Caller,
    case_id: CaseId,
    receipts: Vec<(AlertReceipt, Notice)>,
) -> ApiResult<()> {
    let now = centre.clock.now();
    let key = CommitKey { case_id, command_id: None };
    let (centre_of_commit, caller) = (centre.clone(), caller.clone());
    let decide = move |snapshot: &Snapshot| {
        let mut change = Change::new(&centre_of_commit, &caller.organisation, snapshot);
        for (receipt, notice) in &receipts {
            let act = Act {
                actor: Actor::Person { person_id: caller.id().clone() },
                device_id: Some(caller.session.device_id),
                device_time: Some(receipt.device_time),
                now,
            };
            if let Some(command) = command(receipt.kind, *notice, &caller) {
                // A case that has gone on refuses the news; the receipt itself is kept all the same.
                let _gone_on = change.advance(&command, &caller.person.unit_id, &act).is_err();
            }
            if receipt.kind == ReceiptKind::Acknowledged {
                change.acknowledge(receipt.alert_id, now);
            }
        }
        let mut write = change.finish(now);
        write.alert_receipts = receipts
            .iter()
            .map(|(receipt, _)| ReceiptRow {
                alert_id: receipt.alert_id,
                device_id: caller.session.device_id,
                act: act_of(receipt.kind),
                device_time: receipt.device_time,
                received_at: now,
            })
            .collect();
        Decision::write(write, ())
    };
    Ok(centre.store.commit(key, decide).await?)
}

/// What a device tells the case: the first delivery to a leader starts T2, and who was urged has seen it.
fn command(kind: ReceiptKind, (alert, level): Notice, caller: &Caller) -> Option<Command> {
    let person_id = caller.id().clone();
    match (alert, kind) {
        (AlertKind::LeaderNotice, ReceiptKind::Delivered) => Some(Command::NoteDelivery { person_id, level }),
        (AlertKind::LeaderNotice, ReceiptKind::Shown) => Some(Command::NoteShown { person_id, level }),
        (AlertKind::LeaderNotice, ReceiptKind::Acknowledged) => {
            Some(Command::NoteAcknowledged { person_id, level })
        }
        (AlertKind::Urged | AlertKind::Escalated, ReceiptKind::Shown | ReceiptKind::Acknowledged) => {
            Some(Command::NoteUrgeSeen { person_id })
        }
        _ => None,
    }
}

const fn act_of(kind: ReceiptKind) -> ReceiptAct {
    match kind {
        ReceiptKind::Delivered => ReceiptAct::Delivered,
        ReceiptKind::Shown => ReceiptAct::Shown,
        ReceiptKind::Acknowledged => ReceiptAct::Acknowledged,
    }
}
