//! 请假与代理: absences as people enter them for themselves, and leaders for those whom they lead.

use std::collections::HashSet;

use chayan_api::cases::PersonRef;
use chayan_api::directory::{AbsenceList, AbsenceView, EnterAbsence};
use chayan_api::error::ErrorCode;
use chayan_domain::directory::{Absence, AbsenceFault, Directory, Person};
use chayan_domain::ids::{AbsenceId, PersonId};
use chayan_domain::time::Timestamp;
use chayan_domain::visibility;
use chayan_store::{AbsenceRow, FeedDraft, Topic};
use tracing::info;

use super::reference::reference_changed;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};

/// So many people are listed to choose from.
const LISTED: usize = 500;
/// Whose chain is longer than this many people below is told through everybody's topic.
const TOLD_BY_NAME: usize = 500;

/// Those that are not over, of the caller and of everybody whom the caller leads.
pub(crate) async fn list(centre: &Centre, caller: &Caller) -> ApiResult<AbsenceList> {
    let directory = &caller.organisation.directory;
    let now = centre.clock.now();
    let keeps = |of: &PersonId| visibility::may_keep_absences(caller.id(), of, directory);
    let entered = centre.store.absences_after(now).await?;
    let mut absences: Vec<AbsenceView> = entered
        .iter()
        .filter(|row| keeps(&row.absence.person_id))
        .map(|row| view(&row.absence, Some(row), directory))
        .collect();
    let imported = directory.draft().absences.iter();
    let imported = imported.filter(|absence| absence.to > now && keeps(&absence.person_id));
    absences.extend(imported.map(|absence| view(absence, None, directory)));
    absences.sort_by_key(|absence| absence.from);
    let team = directory.people().iter().filter(|person| directory.leads(caller.id(), &person.person_id));
    let people = std::iter::once(&caller.person).chain(team).take(LISTED).map(reference).collect();
    Ok(AbsenceList { absences, people, deputies: deputies(caller, directory), server_time: now })
}

/// Enters one. Entering the same again changes nothing.
pub(crate) async fn enter(centre: &Centre, caller: &Caller, asked: EnterAbsence) -> ApiResult<AbsenceView> {
    let directory = &caller.organisation.directory;
    if !visibility::may_keep_absences(caller.id(), &asked.person_id, directory) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let EnterAbsence { absence_id, person_id, kind, from, to, deputy } = asked;
    let now = centre.clock.now();
    let absence = Absence { person_id, from, to, deputy };
    let row = AbsenceRow { absence_id, kind, absence, entered_by: caller.id().clone(), entered_at: now };
    if let Some(known) = centre.store.absence(absence_id).await? {
        let same = known.kind == row.kind && known.absence == row.absence;
        return if same {
            Ok(view(&known.absence, Some(&known), directory))
        } else {
            Err(ErrorCode::IdReused.into())
        };
    }
    row.absence.check(kind, directory, now).map_err(|fault| match fault {
        AbsenceFault::Span => ErrorCode::AbsenceSpan,
        AbsenceFault::Deputy => ErrorCode::AbsenceDeputy,
    })?;
    put(centre, directory, &row).await?;
    Ok(view(&row.absence, Some(&row), directory))
}

/// Ends one now; one that has not begun will not.
pub(crate) async fn end(centre: &Centre, caller: &Caller, absence_id: AbsenceId) -> ApiResult<()> {
    let directory = &caller.organisation.directory;
    let known = centre.store.absence(absence_id).await?.ok_or(ErrorCode::NotFound)?;
    // Whose absence it is, is nobody else's business: not even that it is there.
    if !visibility::may_keep_absences(caller.id(), &known.absence.person_id, directory) {
        return Err(ErrorCode::NotFound.into());
    }
    let now = centre.clock.now();
    if known.absence.to <= now {
        return Err(ErrorCode::AbsenceOver.into());
    }
    let absence = Absence { to: now, ..known.absence };
    let row = AbsenceRow { absence, entered_by: caller.id().clone(), entered_at: now, ..known };
    put(centre, directory, &row).await
}

/// Stores a row, puts it to use, and tells the desks of those whose reports go another way now.
async fn put(centre: &Centre, directory: &Directory, row: &AbsenceRow) -> ApiResult<()> {
    let told = told(centre, directory, &row.absence.person_id, row.entered_at);
    centre.store.put_absence(row, told).await?;
    info!(person_id = %row.absence.person_id, entered_by = %row.entered_by, "an absence was entered");
    centre.refresh_organisation().await.map(drop).map_err(ApiError::unreadable)
}

fn told(centre: &Centre, directory: &Directory, person: &PersonId, at: Timestamp) -> Vec<FeedDraft> {
    let below = directory.people().iter().filter(|one| directory.leads(person, &one.person_id));
    let below: Vec<&PersonId> = below.map(|one| &one.person_id).take(TOLD_BY_NAME + 1).collect();
    let topics: Vec<Topic> = if below.len() > TOLD_BY_NAME {
        vec![Topic::all()]
    } else {
        let people = below.into_iter().chain([person]).map(Topic::person);
        people.chain([Topic::nodes()]).collect()
    };
    let row = reference_changed(Topic::all(), &*centre.entropy, at);
    topics.into_iter().map(|topic| FeedDraft { topic, ..row.clone() }).collect()
}

/// Whom a person would ask first: listed deputies, leaders, colleagues of the unit.
fn deputies(caller: &Caller, directory: &Directory) -> Vec<PersonRef> {
    let listed = caller.person.deputies.iter().filter_map(|deputy| directory.person(deputy));
    let leaders = directory.leader_chain(caller.id()).into_iter();
    let team = directory.subordinates(caller.id()).into_iter();
    let unit = &caller.person.unit_id;
    let colleagues = directory.people().iter().filter(|person| person.unit_id == *unit);
    let mut seen = HashSet::from([caller.id()]);
    let all = listed.chain(leaders).chain(team).chain(colleagues);
    all.filter(|person| seen.insert(&person.person_id)).take(LISTED).map(reference).collect()
}

fn view(absence: &Absence, row: Option<&AbsenceRow>, directory: &Directory) -> AbsenceView {
    let named = |person_id: &PersonId| match directory.person(person_id) {
        Some(person) => reference(person),
        None => PersonRef { person_id: person_id.clone(), name: String::new() },
    };
    AbsenceView {
        absence_id: row.map(|row| row.absence_id),
        kind: row.map(|row| row.kind.into()),
        person: named(&absence.person_id),
        from: absence.from,
        to: absence.to,
        deputy: absence.deputy.as_ref().map(named),
        entered_by: row.map(|row| named(&row.entered_by)),
        entered_at: row.map(|row| row.entered_at),
    }
}

fn reference(person: &Person) -> PersonRef {
    PersonRef { person_id: person.person_id.clone(), name: person.name.clone() }
}
