//! A timer that came due: the system's own command, through the same commit as everybody's.

use chayan_domain::case::Command;
use chayan_store::{CommitKey, Decision, Snapshot, StoreError, TimerRow};

use super::change::{Act, Change};
use crate::centre::Centre;

/// Fires one timer if it is still armed and due. Returns whether anything followed from it.
pub(crate) async fn fire(centre: &Centre, row: TimerRow) -> Result<bool, StoreError> {
    let now = centre.clock.now();
    let organisation = centre.organisation();
    let key = CommitKey { case_id: row.case_id, command_id: None };
    let centre_of_commit = centre.clone();
    let decide = move |snapshot: &Snapshot| {
        let armed = snapshot.timers.contains(&row.timer) && row.timer.due_at <= now;
        let Some(case) = snapshot.case.as_ref().filter(|_| armed) else { return Decision::keep(false) };
        let unit = case.unit_id.clone();
        let mut change = Change::new(&centre_of_commit, &organisation, snapshot);
        let command = Command::FireTimer { name: row.timer.name, level: row.timer.level };
        match change.advance(&command, &unit, &Act::system(now)) {
            Ok(()) => Decision::write(change.finish(now), true),
            Err(_) => Decision::keep(false),
        }
    };
    centre.store.commit(key, decide).await
}
