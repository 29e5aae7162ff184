//! A customer field in the clear: only with a reason, and only after the showing is a stored event.

use chayan_api::cases::{RevealRequest, Revealed};
use chayan_api::error::ErrorCode;
use chayan_domain::case::{Actor, Command, Refusal};
use chayan_domain::evidence::{Hash, sha256};
use chayan_domain::ids::CaseId;
use chayan_domain::report::{FieldFault, FieldFaultKind, FieldName, Private};
use chayan_domain::visibility::{FieldAccess, field_access};
use chayan_store::{CommandRow, CommitKey, Decision, Snapshot};

use super::cases;
use super::change::{Act, Change};
use super::kept::{self, Kept};
use crate::auth::Caller;
use crate::centre::Centre;
use crate::problem::{ApiError, ApiResult};

/// Lengths of a reason, in characters.
const REASON: std::ops::RangeInclusive<usize> = 2..=200;

enum Outcome {
    Stored,
    IdReused,
    Refused(Refusal),
}

/// Stores the showing, then answers with the field.
pub(crate) async fn reveal(
    centre: &Centre,
    caller: &Caller,
    case_id: CaseId,
    asked: RevealRequest,
) -> ApiResult<Revealed> {
    check_reason(&asked.reason)?;
    let case = cases::visible(centre, caller, case_id).await?;
    let directory = &caller.organisation.directory;
    if field_access(&case, caller.id(), directory, asked.field) == FieldAccess::Hidden {
        return Err(ErrorCode::NotAllowed.into());
    }
    let known = kept::known(&centre.store.customer_fields(case_id).await?)?;
    let text =
        known.texts().into_iter().find(|(field, _)| *field == asked.field).map(|(_, text)| text.clone());
    let text = text.filter(|text| !text.is_blank()).ok_or(ErrorCode::NotFound)?;
    let field = asked.field;
    match store(centre, caller, case_id, asked).await? {
        Outcome::Stored => Ok(Revealed { field, text }),
        Outcome::IdReused => Err(ErrorCode::IdReused.into()),
        Outcome::Refused(refusal) => Err(ApiError::refused(refusal)),
    }
}

async fn store(
    centre: &Centre,
    caller: &Caller,
    case_id: CaseId,
    asked: RevealRequest,
) -> ApiResult<Outcome> {
    let now = centre.clock.now();
    let content_hash = content_hash(&asked)?;
    let reason = Kept { note: Some(Private::new(asked.reason)), ..Kept::default() };
    let reason = reason.seal(asked.command_id, centre.entropy.bytes32(), now)?;
    let key = CommitKey { case_id, command_id: Some(asked.command_id) };
    let (centre_of_commit, caller, field) = (centre.clone(), caller.clone(), asked.field);
    let decide = move |snapshot: &Snapshot| {
        if let Some(stored) = &snapshot.replay {
            let same = stored.case_id == case_id
                && stored.command.content_hash == content_hash
                && stored.command.person_id.as_ref() == Some(caller.id());
            return Decision::keep(if same { Outcome::Stored } else { Outcome::IdReused });
        }
        let act = Act {
            actor: Actor::Person { person_id: caller.id().clone() },
            device_id: Some(caller.session.device_id),
            device_time: None,
            now,
        };
        let mut change = Change::new(&centre_of_commit, &caller.organisation, snapshot);
        let command = Command::RevealField { field, reason: reason.commitment };
        if let Err(refusal) = change.advance(&command, &caller.person.unit_id, &act) {
            return Decision::keep(Outcome::Refused(refusal));
        }
        let mut write = change.finish(now);
        write.command = Some(CommandRow {
            command_id: reason.draft.command_id,
            content_hash,
            person_id: Some(caller.id().clone()),
            device_id: Some(caller.session.device_id),
            device_hash: None,
            received_at: now,
            receipt: Vec::new(),
        });
        write.customer = vec![reason.draft.clone()];
        Decision::write(write, Outcome::Stored)
    };
    Ok(centre.store.commit(key, decide).await?)
}

fn content_hash(asked: &RevealRequest) -> ApiResult<Hash> {
    let words = serde_json::to_vec(&(asked.field, &asked.reason)).map_err(ApiError::internal)?;
    Ok(sha256(&words))
}

fn check_reason(reason: &str) -> ApiResult<()> {
    let length = reason.trim().chars().count();
    if REASON.contains(&length) {
        return Ok(());
    }
    let (kind, limit) = if length < *REASON.start() {
        (FieldFaultKind::TooShort, *REASON.start())
    } else {
        (FieldFaultKind::TooLong, *REASON.end())
    };
    Err(ApiError::form(vec![FieldFault { field: FieldName::Remark, kind, limit: u32::try_from(limit).ok() }]))
}
