//! 审计: a walk over every chain, begun by a person and left to run, and the list of what was removed.
//!
//! The walk reads everything, so there is one at a time and nobody waits for it: whoever asks is told how far it is.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chayan_api::audit::{
    AuditChain, AuditFaultView, AuditRunning, AuditState, AuditView, RemovalList, RemovalQuery, RemovalView,
};
use chayan_api::cases::UnitRef;
use chayan_api::error::ErrorCode;
use chayan_domain::directory::Directory;
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::may_audit;
use chayan_store::{AuditReport, SealedRemoval};
use tracing::{info, warn};

use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::ApiResult;

/// So many places that do not hold are told; who has more begins with these.
const TOLD: usize = 200;
/// So many removals are read at a time.
const PAGE: u32 = 100;

/// The walk under way and what the last one found. Of this program's own life: a walk is begun again, not remembered.
#[derive(Default)]
pub(crate) struct Auditing {
    walk: Mutex<Walk>,
    events: Arc<AtomicU64>,
}

#[derive(Default)]
struct Walk {
    since: Option<Timestamp>,
    last: Option<AuditView>,
    failed: bool,
}

impl Auditing {
    fn walk(&self) -> MutexGuard<'_, Walk> {
        self.walk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Only audit asks any of this.
pub(super) fn check(caller: &Caller) -> ApiResult<()> {
    if may_audit(caller.id(), &caller.organisation.directory) {
        Ok(())
    } else {
        Err(ErrorCode::NotAllowed.into())
    }
}

/// How it stands.
pub(crate) fn state(centre: &Centre, caller: &Caller) -> ApiResult<AuditState> {
    check(caller)?;
    let walk = centre.auditing.walk();
    let events = small(centre.auditing.events.load(Ordering::Relaxed));
    Ok(AuditState {
        running: walk.since.map(|since| AuditRunning { since, events }),
        last: walk.last.clone(),
        failed: walk.failed,
        server_time: centre.clock.now(),
    })
}

/// Begins a walk, if none is under way.
pub(crate) fn begin(centre: &Centre, caller: &Caller) -> ApiResult<AuditState> {
    check(caller)?;
    let begun = {
        let mut walk = centre.auditing.walk();
        let free = walk.since.is_none();
        if free {
            walk.since = Some(centre.clock.now());
            centre.auditing.events.store(0, Ordering::Relaxed);
        }
        free
    };
    if begun {
        info!(person_id = %caller.id(), "a walk over all chains was begun");
        let tasks = centre.tasks.clone();
        let (stop, centre) = (tasks.stop_token().clone(), centre.clone());
        tasks.spawn_finishing("audit", async move {
            // A stop waits for nobody's walk.
            stop.run_until_cancelled(run(centre)).await;
        });
    }
    state(centre, caller)
}

/// Ends a walk however it ends: one that panics has failed, and the next may begin.
struct UnderWay<'a>(&'a Auditing);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut walk = self.0.walk();
        walk.failed |= walk.since.take().is_some();
    }
}

async fn run(centre: Centre) {
    let _under_way = UnderWay(&centre.auditing);
    let events = Arc::clone(&centre.auditing.events);
    let found = centre.store.audit_telling(&events).await;
    let now = centre.clock.now();
    let mut walk = centre.auditing.walk();
    let at = walk.since.take().unwrap_or(now);
    walk.failed = found.is_err();
    match found {
        Ok(report) => {
            if !report.is_sound() {
                warn!(faults = report.count(), "a chain does not hold");
            }
            walk.last = Some(view(&report, at, now));
        }
        Err(error) => warn!(cause = ?error, "the chains could not be read"),
    }
}

fn view(report: &AuditReport, at: Timestamp, now: Timestamp) -> AuditView {
    let of_cases = report.faults.iter().map(|fault| AuditFaultView {
        chain: AuditChain::Case.into(),
        case_no: Some(fault.case_id.clone()),
        place: fault.event,
        code: fault.kind.code(),
    });
    let of_amendments = report.broken_amendments.iter().map(|(number, kind)| AuditFaultView {
        chain: AuditChain::Amendment.into(),
        case_no: None,
        place: Some(*number),
        code: kind.code(),
    });
    let broken = |chain: AuditChain, number: Option<i64>| {
        number.map(|number| AuditFaultView {
            chain: chain.into(),
            case_no: None,
            place: u32::try_from(number).ok(),
            code: "broken".to_owned(),
        })
    };
    let chains = [
        broken(AuditChain::Access, report.broken_access),
        broken(AuditChain::Removal, report.broken_removal),
    ];
    AuditView {
        at,
        took: now.since(at),
        cases: small(report.cases),
        events: small(report.events),
        amendments: small(report.amendments),
        accesses: small(report.accesses),
        removals: small(report.removals),
        faults: chains.into_iter().flatten().chain(of_amendments).chain(of_cases).take(TOLD).collect(),
        fault_count: u32::try_from(report.count()).unwrap_or(u32::MAX),
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What was removed, newest first.
pub(crate) async fn removals(
    centre: &Centre,
    caller: &Caller,
    asked: &RemovalQuery,
) -> ApiResult<RemovalList> {
    check(caller)?;
    let found = centre.store.removals(asked.before, PAGE).await?;
    let directory = &caller.organisation.directory;
    Ok(RemovalList { removals: found.into_iter().map(|one| removal(one, directory)).collect() })
}

fn removal(sealed: SealedRemoval, directory: &Directory) -> RemovalView {
    let SealedRemoval { removal, hash } = sealed;
    let name = directory
        .unit(&removal.unit_id)
        .map_or_else(|| removal.unit_id.to_string(), |unit| unit.name.clone());
    RemovalView {
        number: removal.number,
        at: removal.at,
        case_id: removal.case_id,
        unit: UnitRef { unit_id: removal.unit_id, name },
        over_at: removal.over_at,
        keep: removal.keep,
        rule_version: removal.rule_version,
        rows: removal.rows,
        content: removal.content,
        hash,
    }
}
