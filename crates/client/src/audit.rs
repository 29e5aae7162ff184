//! 审计, the papers of a case, and what imports changed: asked of the centre, kept nowhere on the desk.

use chayan_api::audit::{AuditState, RemovalList, RemovalQuery};
use chayan_api::directory::{CalendarVersions, DirectoryChanges, VersionRef};
use chayan_api::search::{AccessList, AccessQuery};

use crate::core::Core;
use crate::ipc::{DeskFault, FetchedFile, PaperArgs};

impl Core {
    /// `export_paper`
    pub(crate) async fn export_paper(&self, args: PaperArgs) -> Result<FetchedFile, DeskFault> {
        self.real_only()?;
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.paper(&token, args.case_id, args.paper).await).await
    }

    /// `audit_state`
    pub(crate) async fn audit_state(&self) -> Result<AuditState, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.audit(&token).await).await
    }

    /// `begin_audit`. Where one is under way already, the centre begins no other.
    pub(crate) async fn begin_audit(&self) -> Result<AuditState, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.begin_audit(&token).await).await
    }

    /// `accesses`
    pub(crate) async fn accesses(&self, args: AccessQuery) -> Result<AccessList, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.accesses(&token, &args).await).await
    }

    /// `removals`
    pub(crate) async fn removals(&self, args: RemovalQuery) -> Result<RemovalList, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.removals(&token, &args).await).await
    }

    /// `directory_changes`
    pub(crate) async fn directory_changes(&self, args: VersionRef) -> Result<DirectoryChanges, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.directory_changes(&token, &args.version).await).await
    }

    /// `calendar_versions`
    pub(crate) async fn calendar_versions(&self) -> Result<CalendarVersions, DeskFault> {
        let (remote, token) = (self.remote()?, self.token()?);
        self.heard(remote.calendars(&token).await).await
    }
}
