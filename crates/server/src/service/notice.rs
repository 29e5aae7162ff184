//! 督办单 of one case as a page to print: for those who supervise it and those who handle it, masked as on their screen, and
//! recorded first.

use chayan_api::error::ErrorCode;
use chayan_api::search::AccessKind;
use chayan_domain::case::{Actor, Case, Clock, Urge};
use chayan_domain::directory::Directory;
use chayan_domain::ids::{CaseId, PersonId};

use super::export::Exported;
use super::{accesses, cases};
use crate::auth::Caller;
use crate::centre::Centre;
use crate::page::{self, NoticeUrge};
use crate::problem::ApiResult;
use crate::words::text;

/// Records the access, then answers with the page.
pub(crate) async fn export(centre: &Centre, caller: &Caller, case_id: CaseId) -> ApiResult<Exported> {
    let detail = cases::detail(centre, caller, case_id).await?;
    let case = cases::visible(centre, caller, case_id).await?;
    let (Some(round), Some(view), true) = (case.round(), detail.rounds.last(), detail.may_print_notice)
    else {
        return Err(ErrorCode::NotAllowed.into());
    };
    let of_round = |clock: &&Clock| (clock.round, clock.rework) == round.numbers();
    let clocks: Vec<Clock> = case.clocks.iter().filter(of_round).cloned().collect();
    let directory = &caller.organisation.directory;
    let urges: Vec<NoticeUrge> = case.urges.iter().map(|urge| named(urge, &case, directory)).collect();
    let by = (caller.person.name.as_str(), centre.clock.now());
    let page = page::of_notice(&detail, (view, &clocks, &urges), by);
    accesses::note(centre, accesses::of_case(centre, caller, AccessKind::Notice, case_id)).await?;
    Ok(Exported { bytes: page.into_bytes(), rows: 1, complete: true })
}

/// Who reported is named nowhere: the page goes through many hands. Who has left since has a staff number still.
fn named(urge: &Urge, case: &Case, directory: &Directory) -> NoticeUrge {
    let name = |person: &PersonId| match directory.person(person) {
        _ if *person == case.reporter => text("common.hidden"),
        Some(person) => person.name.clone(),
        None => person.to_string(),
    };
    NoticeUrge {
        kind: urge.kind,
        at: urge.at,
        by: match &urge.by {
            Actor::Person { person_id } => name(person_id),
            Actor::System => text("common.system"),
        },
        to: urge.to.iter().map(name).collect(),
    }
}
