//! The whole directory as of a moment, for those who keep it (系统管理员) and those who check it (审计).

use chayan_api::error::ErrorCode;
use chayan_api::reference::{DirectoryQuery, DirectoryView};
use chayan_api::search::{LookUp, UnitChoice, UnitChoices};
use chayan_domain::directory::{Directory, Role, Unit};
use chayan_domain::time::Timestamp;

use crate::auth::Caller;
use crate::centre::Centre;
use crate::day;
use crate::past::Past;
use crate::problem::ApiResult;

/// So many are offered at a time.
const OFFERED: usize = 20;

/// Units of today by the beginning of their code or a part of their name, for everybody who is signed in: the tree is
/// no secret among those who work in it.
pub(crate) fn units(centre: &Centre, caller: &Caller, asked: &LookUp) -> UnitChoices {
    let text = asked.text.trim().to_lowercase();
    if text.is_empty() {
        return UnitChoices { units: Vec::new() };
    }
    let directory = &caller.organisation.directory;
    let named = |unit: &Unit| unit.name.to_lowercase().contains(&text);
    let coded = |unit: &Unit| unit.unit_id.as_str().to_lowercase().starts_with(&text);
    let found = directory.units_at(centre.clock.now()).filter(|unit| named(unit) || coded(unit));
    let choice = |unit: &Unit| UnitChoice {
        unit_id: unit.unit_id.clone(),
        name: unit.name.clone(),
        above: unit.parent.as_ref().and_then(|above| directory.unit(above)).map(|above| above.name.clone()),
    };
    UnitChoices { units: found.take(OFFERED).map(choice).collect() }
}

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
