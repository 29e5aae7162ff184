//! Drafts: editable until sealed, kept when discarded.

use chayan_domain::ids::{CaseId, RecordId};
use chayan_domain::report::ReportForm;
use chayan_domain::time::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, Sqlite, Transaction};

use super::{Result, Store, StoreFault, moment_of, parsed};
use crate::moment::Moment;

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DraftState {
    Open,
    Sealed,
    Discarded,
    /// Its key is gone.
    Lost,
}

impl DraftState {
    const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Sealed => "sealed",
            Self::Discarded => "discarded",
            Self::Lost => "lost",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        match word {
            "open" => Ok(Self::Open),
            "sealed" => Ok(Self::Sealed),
            "discarded" => Ok(Self::Discarded),
            "lost" => Ok(Self::Lost),
            _ => Err(StoreFault::Damaged),
        }
    }
}

/// One draft.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DraftRow {
    pub(crate) case_id: CaseId,
    pub(crate) owner: String,
    pub(crate) state: DraftState,
    pub(crate) found: Moment,
    pub(crate) saved_at: Timestamp,
    pub(crate) corrects: Option<RecordId>,
    pub(crate) form: ReportForm,
}

macro_rules! select_draft {
    () => {
        "SELECT case_id, owner, state, found_at, saved_at, corrects, body, boot_id, since_boot FROM drafts"
    };
}

impl Store {
    /// Writes a draft. One that is sealed meanwhile stays as it is, unless it is opened again on purpose.
    pub(crate) async fn save_draft(&self, draft: &DraftRow, reopen: bool) -> Result<()> {
        let mut change = self.begin().await?;
        let sealed = sqlx::query("SELECT 1 FROM drafts WHERE case_id = $1 AND state = 'sealed'")
            .bind(draft.case_id.to_string())
            .fetch_optional(&mut *change)
            .await?;
        if sealed.is_some() && !reopen {
            return Err(StoreFault::SealedRecord);
        }
        self.write_draft(&mut change, draft).await?;
        Ok(change.commit().await?)
    }

    pub(super) async fn write_draft(
        &self,
        change: &mut Transaction<'_, Sqlite>,
        draft: &DraftRow,
    ) -> Result<()> {
        let case_id = draft.case_id.to_string();
        let body = self.vault.seal(&place(&case_id), &draft.form)?;
        self.put_aside_draft(change, &case_id, draft.saved_at).await?;
        sqlx::query(
            "INSERT INTO drafts (case_id, owner, state, found_at, saved_at, corrects, body, boot_id, since_boot)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (case_id) DO UPDATE SET owner = $2, state = $3, saved_at = $5, corrects = $6, body = $7",
        )
        .bind(&case_id)
        .bind(&draft.owner)
        .bind(draft.state.word())
        .bind(draft.found.at.0)
        .bind(draft.saved_at.0)
        .bind(draft.corrects.map(|id| id.to_string()))
        .bind(body)
        .bind(draft.found.elapsed.as_ref().map(|elapsed| elapsed.boot_id.clone()))
        .bind(draft.found.elapsed.as_ref().map(|elapsed| elapsed.since_boot.0))
        .execute(&mut **change)
        .await?;
        Ok(())
    }

    /// The draft of a case. One that another key sealed is not there; what is typed now begins anew.
    pub(crate) async fn draft(&self, case_id: CaseId) -> Result<Option<DraftRow>> {
        let row = sqlx::query(concat!(select_draft!(), " WHERE case_id = $1"))
            .bind(case_id.to_string())
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let state = DraftState::parse(row.try_get(2)?)?;
        match self.draft_of(&row) {
            Err(StoreFault::OtherKey) if matches!(state, DraftState::Open | DraftState::Lost) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Open drafts of a person, newest first. One that cannot be opened with the present key is left out.
    pub(crate) async fn open_drafts(&self, owner: &str) -> Result<Vec<DraftRow>> {
        let rows = sqlx::query(concat!(
            select_draft!(),
            " WHERE state = 'open' AND (owner = $1 OR owner = '') ORDER BY saved_at DESC, case_id DESC"
        ))
        .bind(owner)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().filter_map(|row| self.draft_of(row).ok()).collect())
    }

    fn draft_of(&self, row: &SqliteRow) -> Result<DraftRow> {
        let case_id: String = row.try_get(0)?;
        let corrects: Option<String> = row.try_get(5)?;
        let body: Vec<u8> = row.try_get(6)?;
        Ok(DraftRow {
            form: self.vault.open(&place(&case_id), &body)?,
            case_id: parsed(&case_id)?,
            owner: row.try_get(1)?,
            state: DraftState::parse(row.try_get(2)?)?,
            found: moment_of(row.try_get(3)?, row.try_get(7)?, row.try_get(8)?),
            saved_at: Timestamp(row.try_get(4)?),
            corrects: corrects.as_deref().map(parsed).transpose()?,
        })
    }
}

fn place(case_id: &str) -> String {
    format!("drafts.body/{case_id}")
}
