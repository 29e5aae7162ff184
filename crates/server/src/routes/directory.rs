//! 机构与人员: read by date, brought as a file, and absences.

use axum::Json as Answer;
use axum::extract::State;
use axum::http::StatusCode;
use chayan_api::directory::{
    AbsenceList, AbsenceView, CalendarVersions, DirectoryChanges, DirectoryFile, DirectoryPreview,
    DirectoryQuery, DirectoryVersion, DirectoryVersions, DirectoryView, EnterAbsence, TakeDirectory,
};
use chayan_api::paths;
use chayan_api::search::{LookUp, PeopleSearch, PersonChoices, UnitChoices};
use chayan_domain::ids::AbsenceId;

use super::Problems;
use crate::auth::Caller;
use crate::centre::Centre;
use crate::http::{Asked, At, Json};
use crate::problem::ApiResult;
use crate::service::{absences, directory, imports};

/// The whole directory as of a date, for 系统管理员 and 审计.
#[utoipa::path(get, path = paths::DIRECTORY, tag = "directory", security(("token" = [])), params(DirectoryQuery),
    responses((status = 200, body = DirectoryView), Problems))]
pub(crate) async fn whole(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<DirectoryQuery>,
) -> ApiResult<Answer<DirectoryView>> {
    directory::as_of(&centre, &caller, &asked).await.map(Answer)
}

/// What a file would change, with every fault by row, for 系统管理员. Nothing is stored.
#[utoipa::path(post, path = paths::DIRECTORY_PREVIEW, tag = "directory", security(("token" = [])),
    request_body = DirectoryFile, responses((status = 200, body = DirectoryPreview), Problems))]
pub(crate) async fn preview(
    State(centre): State<Centre>,
    caller: Caller,
    Json(file): Json<DirectoryFile>,
) -> ApiResult<Answer<DirectoryPreview>> {
    directory::preview(&centre, &caller, file).await.map(Answer)
}

/// Takes exactly what was previewed, for 系统管理员.
#[utoipa::path(post, path = paths::DIRECTORY_VERSIONS, tag = "directory", security(("token" = [])),
    request_body = TakeDirectory, responses((status = 200, body = DirectoryVersion), Problems))]
pub(crate) async fn take(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<TakeDirectory>,
) -> ApiResult<Answer<DirectoryVersion>> {
    directory::take(&centre, &caller, asked).await.map(Answer)
}

/// Who brought which version and why, for 系统管理员 and 审计.
#[utoipa::path(get, path = paths::DIRECTORY_VERSIONS, tag = "directory", security(("token" = [])),
    responses((status = 200, body = DirectoryVersions), Problems))]
pub(crate) async fn versions(
    State(centre): State<Centre>,
    caller: Caller,
) -> ApiResult<Answer<DirectoryVersions>> {
    directory::versions(&centre, &caller).await.map(Answer)
}

/// What a version changed, for 系统管理员 and 审计.
#[utoipa::path(get, path = paths::DIRECTORY_CHANGES, tag = "directory", security(("token" = [])),
    params(("version" = String, Path)), responses((status = 200, body = DirectoryChanges), Problems))]
pub(crate) async fn changes(
    State(centre): State<Centre>,
    caller: Caller,
    At(version): At<String>,
) -> ApiResult<Answer<DirectoryChanges>> {
    imports::directory_changes(&centre, &caller, &version).await.map(Answer)
}

/// Who brought which version of the 工作日历, what it changed and why, for 系统管理员 and 审计.
#[utoipa::path(get, path = paths::CALENDARS, tag = "directory", security(("token" = [])),
    responses((status = 200, body = CalendarVersions), Problems))]
pub(crate) async fn calendars(
    State(centre): State<Centre>,
    caller: Caller,
) -> ApiResult<Answer<CalendarVersions>> {
    imports::calendars(&centre, &caller).await.map(Answer)
}

/// Absences of the signed-in person and of everybody whom that person leads.
#[utoipa::path(get, path = paths::ABSENCES, tag = "directory", security(("token" = [])),
    responses((status = 200, body = AbsenceList), Problems))]
pub(crate) async fn absences(State(centre): State<Centre>, caller: Caller) -> ApiResult<Answer<AbsenceList>> {
    absences::list(&centre, &caller).await.map(Answer)
}

/// Enters an absence: a person their own, a leader those of everybody below.
#[utoipa::path(post, path = paths::ABSENCES, tag = "directory", security(("token" = [])),
    request_body = EnterAbsence, responses((status = 200, body = AbsenceView), Problems))]
pub(crate) async fn enter_absence(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<EnterAbsence>,
) -> ApiResult<Answer<AbsenceView>> {
    absences::enter(&centre, &caller, asked).await.map(Answer)
}

/// Ends an absence now; one that has not begun will not.
#[utoipa::path(post, path = paths::ABSENCE_END, tag = "directory", security(("token" = [])),
    params(("absence_id" = AbsenceId, Path)), responses((status = 204), Problems))]
pub(crate) async fn end_absence(
    State(centre): State<Centre>,
    caller: Caller,
    At(absence_id): At<AbsenceId>,
) -> ApiResult<StatusCode> {
    absences::end(&centre, &caller, absence_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Units by code or name.
#[utoipa::path(get, path = paths::UNITS, tag = "directory", security(("token" = [])), params(LookUp),
    responses((status = 200, body = UnitChoices), Problems))]
pub(crate) async fn units(
    State(centre): State<Centre>,
    caller: Caller,
    Asked(asked): Asked<LookUp>,
) -> Answer<UnitChoices> {
    Answer(directory::units(&centre, &caller, &asked))
}

/// People by staff number, name or telephone, for 95518: who is calling.
#[utoipa::path(post, path = paths::PEOPLE_SEARCH, tag = "directory", security(("token" = [])),
    request_body = PeopleSearch, responses((status = 200, body = PersonChoices), Problems))]
pub(crate) async fn people(
    State(centre): State<Centre>,
    caller: Caller,
    Json(asked): Json<PeopleSearch>,
) -> ApiResult<Answer<PersonChoices>> {
    directory::people(&centre, &caller, &asked).map(Answer)
}
