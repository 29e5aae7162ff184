//! 机构与人员 and absences: asked of the centre, kept nowhere on the desk.

use chayan_api::directory::{
    AbsenceList, AbsenceView, DirectoryFile, DirectoryPreview, DirectoryQuery, DirectoryVersion,
    DirectoryVersions, DirectoryView, EnterAbsence, TakeDirectory,
};
use chayan_api::search::PersonChoices;
use chayan_domain::ids::AbsenceId;

use crate::core::Core;
use crate::ipc::{AbsenceRef, DeskFault, DeskFaultCode, EnterAbsenceArgs, FindPeopleArgs};

impl Core {
    /// `directory`
    pub(crate) async fn directory(&self, args: DirectoryQuery) -> Result<DirectoryView, DeskFault> {
        let token = self.token()?;
        self.heard(self.remote()?.directory(&token, &args).await).await
    }

    /// `preview_directory`
    pub(crate) async fn preview_directory(&self, args: DirectoryFile) -> Result<DirectoryPreview, DeskFault> {
        let token = self.token()?;
        self.heard(self.remote()?.preview_directory(&token, &args).await).await
    }

    /// `take_directory`. One whose answer did not come is not sent again: a second one would no longer be what was
    /// previewed.
    pub(crate) async fn take_directory(&self, args: TakeDirectory) -> Result<DirectoryVersion, DeskFault> {
        let token = self.token()?;
        self.heard(self.remote()?.take_directory(&token, &args).await).await
    }

    /// `directory_versions`
    pub(crate) async fn directory_versions(&self) -> Result<DirectoryVersions, DeskFault> {
        let token = self.token()?;
        self.heard(self.remote()?.directory_versions(&token).await).await
    }

    /// `find_people`
    pub(crate) async fn find_people(&self, args: FindPeopleArgs) -> Result<PersonChoices, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.people(&token, args.text).await).await
    }

    /// `absences`
    pub(crate) async fn absences(&self) -> Result<AbsenceList, DeskFault> {
        let token = self.token()?;
        self.heard(self.remote()?.absences(&token).await).await
    }

    /// `enter_absence`. Sent once more under the same id when no answer came: it is entered once.
    pub(crate) async fn enter_absence(&self, args: EnterAbsenceArgs) -> Result<AbsenceView, DeskFault> {
        let (token, remote) = (self.token()?, self.remote()?);
        let EnterAbsenceArgs { person_id, kind, from, to, deputy } = args;
        let absence_id = AbsenceId(self.entropy.uuid(self.now()));
        let body = EnterAbsence { absence_id, person_id, kind, from, to, deputy };
        let first = remote.enter_absence(&token, &body).await;
        let answer = match first {
            Err(fault) if fault.code == DeskFaultCode::Unreachable => {
                remote.enter_absence(&token, &body).await
            }
            answer => answer,
        };
        self.heard(answer).await
    }

    /// `end_absence`
    pub(crate) async fn end_absence(&self, args: AbsenceRef) -> Result<(), DeskFault> {
        let token = self.token()?;
        self.heard(self.remote()?.end_absence(&token, args.absence_id).await).await
    }
}
