//! What audit asks of the centre, and the papers of a case.

use chayan_api::audit::{AuditState, RemovalList, RemovalQuery};
use chayan_api::directory::{CalendarVersions, DirectoryChanges};
use chayan_api::paths;
use chayan_api::search::{AccessList, AccessQuery};
use chayan_domain::ids::CaseId;
use chayan_domain::report::Private;

use super::{FILE_WITHIN, Remote};
use crate::ipc::{CasePaper, DeskFault, FetchedFile};

impl Remote {
    pub(crate) async fn audit(&self, token: &Private) -> Result<AuditState, DeskFault> {
        self.ask(self.get(token, paths::AUDIT)).await
    }

    pub(crate) async fn begin_audit(&self, token: &Private) -> Result<AuditState, DeskFault> {
        self.ask(self.post(token, paths::AUDIT)).await
    }

    pub(crate) async fn accesses(
        &self,
        token: &Private,
        query: &AccessQuery,
    ) -> Result<AccessList, DeskFault> {
        self.ask(self.get(token, paths::ACCESSES).query(query)).await
    }

    pub(crate) async fn removals(
        &self,
        token: &Private,
        query: &RemovalQuery,
    ) -> Result<RemovalList, DeskFault> {
        self.ask(self.get(token, paths::REMOVALS).query(query)).await
    }

    pub(crate) async fn paper(
        &self,
        token: &Private,
        case_id: CaseId,
        paper: CasePaper,
    ) -> Result<FetchedFile, DeskFault> {
        let path = match paper {
            CasePaper::Receipts => paths::receipts(case_id),
            CasePaper::Notice => paths::notice(case_id),
        };
        self.fetch(self.post(token, &path)).await
    }

    pub(crate) async fn directory_changes(
        &self,
        token: &Private,
        version: &str,
    ) -> Result<DirectoryChanges, DeskFault> {
        self.ask_within(self.get(token, &paths::directory_changes(version)), FILE_WITHIN).await
    }

    pub(crate) async fn calendars(&self, token: &Private) -> Result<CalendarVersions, DeskFault> {
        self.ask(self.get(token, paths::CALENDARS)).await
    }
}
