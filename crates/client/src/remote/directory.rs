//! Units and people: looking them up, the directory and its imports, who is away.

use chayan_api::directory::{
    AbsenceList, AbsenceView, DirectoryFile, DirectoryPreview, DirectoryQuery, DirectoryVersion,
    DirectoryVersions, DirectoryView, EnterAbsence, TakeDirectory,
};
use chayan_api::paths;
use chayan_api::search::{LookUp, PeopleSearch, PersonChoices, UnitChoices};
use chayan_domain::ids::AbsenceId;
use chayan_domain::report::Private;

use super::{FILE_WITHIN, Remote};
use crate::ipc::DeskFault;

impl Remote {
    pub(crate) async fn units(&self, token: &Private, asked: &LookUp) -> Result<UnitChoices, DeskFault> {
        self.ask(self.get(token, paths::UNITS).query(asked)).await
    }

    pub(crate) async fn people(&self, token: &Private, text: Private) -> Result<PersonChoices, DeskFault> {
        self.ask(self.post(token, paths::PEOPLE_SEARCH).json(&PeopleSearch { text })).await
    }

    pub(crate) async fn directory(
        &self,
        token: &Private,
        query: &DirectoryQuery,
    ) -> Result<DirectoryView, DeskFault> {
        self.ask_within(self.get(token, paths::DIRECTORY).query(query), FILE_WITHIN).await
    }

    pub(crate) async fn preview_directory(
        &self,
        token: &Private,
        file: &DirectoryFile,
    ) -> Result<DirectoryPreview, DeskFault> {
        self.ask_within(self.post(token, paths::DIRECTORY_PREVIEW).json(file), FILE_WITHIN).await
    }

    pub(crate) async fn take_directory(
        &self,
        token: &Private,
        body: &TakeDirectory,
    ) -> Result<DirectoryVersion, DeskFault> {
        self.ask_within(self.post(token, paths::DIRECTORY_VERSIONS).json(body), FILE_WITHIN).await
    }

    pub(crate) async fn directory_versions(&self, token: &Private) -> Result<DirectoryVersions, DeskFault> {
        self.ask(self.get(token, paths::DIRECTORY_VERSIONS)).await
    }

    pub(crate) async fn absences(&self, token: &Private) -> Result<AbsenceList, DeskFault> {
        self.ask(self.get(token, paths::ABSENCES)).await
    }

    pub(crate) async fn enter_absence(
        &self,
        token: &Private,
        body: &EnterAbsence,
    ) -> Result<AbsenceView, DeskFault> {
        self.ask(self.post(token, paths::ABSENCES).json(body)).await
    }

    pub(crate) async fn end_absence(&self, token: &Private, absence_id: AbsenceId) -> Result<(), DeskFault> {
        self.tell(self.post(token, &paths::absence_end(absence_id))).await
    }
}
