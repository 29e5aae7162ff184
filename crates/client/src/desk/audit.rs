//! 审计, the papers of a case, and what imports changed.

use chayan_api::audit::{AuditState, RemovalList, RemovalQuery};
use chayan_api::directory::{CalendarVersions, DirectoryChanges, VersionRef};
use chayan_api::search::{AccessList, AccessQuery};

use super::Desk;
use crate::ipc::{DeskFault, FetchedFile, Nothing, PaperArgs};

impl Desk {
    /// 报告回执 or 督办单 of a case as a page, to be saved where the person wants it.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn export_paper(&self, args: PaperArgs) -> Result<FetchedFile, DeskFault> {
        self.core.export_paper(args).await
    }

    /// What the last walk over all chains found.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn audit_state(&self, _args: Nothing) -> Result<AuditState, DeskFault> {
        self.core.audit_state().await
    }

    /// Begins a walk over all chains.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn begin_audit(&self, _args: Nothing) -> Result<AuditState, DeskFault> {
        self.core.begin_audit().await
    }

    /// Who saw what.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn accesses(&self, args: AccessQuery) -> Result<AccessList, DeskFault> {
        self.core.accesses(args).await
    }

    /// Customer data that was removed because its time was over.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn removals(&self, args: RemovalQuery) -> Result<RemovalList, DeskFault> {
        self.core.removals(args).await
    }

    /// What a version of the directory changed.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn directory_changes(&self, args: VersionRef) -> Result<DirectoryChanges, DeskFault> {
        self.core.directory_changes(args).await
    }

    /// Who brought which version of the calendar.
    ///
    /// # Errors
    /// See [`crate::ipc::DeskFaultCode`].
    pub async fn calendar_versions(&self, _args: Nothing) -> Result<CalendarVersions, DeskFault> {
        self.core.calendar_versions().await
    }
}
