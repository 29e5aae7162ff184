//! The whole directory as of a moment, for those who keep it (系统管理员) and those who check it (审计).

use chayan_api::error::ErrorCode;
use chayan_api::reference::{DirectoryQuery, DirectoryView};
use chayan_domain::directory::{Directory, Role};
use chayan_domain::time::Timestamp;

use crate::auth::Caller;
use crate::centre::Centre;
use crate::day;
use crate::past::Past;
use crate::problem::ApiResult;

/// Units and people as they stood.
pub(crate) async fn as_of(
    centre: &Centre,
    caller: &Caller,
    asked: &DirectoryQuery,
) -> ApiResult<DirectoryView> {
    if !caller.has(Role::Adm) && !caller.has(Role::Aud) {
        return Err(ErrorCode::NotAllowed.into());
    }
    let at = match &asked.on {
        Some(day) => day::last_moment(day).ok_or(ErrorCode::BadRequest)?,
        None => centre.clock.now(),
    };
    // Read anew: an import of a moment ago counts too, also one for a past date.
    centre.refresh_organisation().await.map_err(crate::problem::ApiError::unreadable)?;
    let organisation = centre.organisation();
    let past = Past::of(centre, &organisation, vec![at]).await?;
    let stamp = organisation.directories.at(at);
    // Before the first version there was nothing, not what there is today.
    let nothing = Directory::default();
    let directory = if stamp.is_some() { past.at(at) } else { &nothing };
    if asked.unit.as_ref().is_some_and(|unit| directory.unit(unit).is_none()) {
        return Err(ErrorCode::NotFound.into());
    }
    Ok(view(directory, asked, at, stamp))
}

fn view(
    directory: &Directory,
    asked: &DirectoryQuery,
    at: Timestamp,
    stamp: Option<(Timestamp, &str)>,
) -> DirectoryView {
    let within = |unit: &_| asked.unit.as_ref().is_none_or(|above| directory.is_within(unit, above));
    let units: Vec<_> = directory.units_at(at).filter(|unit| within(&unit.unit_id)).cloned().collect();
    let people = directory.people().iter().filter(|person| within(&person.unit_id)).cloned().collect();
    DirectoryView {
        at,
        version: stamp.map(|(_, version)| version.to_owned()),
        effective_from: stamp.map(|(from, _)| from),
        units,
        people,
    }
}
