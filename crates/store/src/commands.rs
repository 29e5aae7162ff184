//! Stored commands: the memory that makes a repetition harmless.

use chayan_domain::ids::{CaseId, CommandId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Link, Param, Row, fetch_by_keys, text};
use crate::words;
use crate::write::{CommandRow, StoredCommand};

macro_rules! columns {
    () => {
        "SELECT command_id, case_id, content_hash, person_id, device_id, device_hash, received_at, receipt \
         FROM commands WHERE "
    };
}

impl Store {
    /// A stored command.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn command(&self, command_id: CommandId) -> Result<Option<StoredCommand>, StoreError> {
        let rows = self.fetch(concat!(columns!(), "command_id = $1"), vec![text(command_id)]).await?;
        rows.first().map(read).transpose()
    }

    /// Commands of a case with their receipts, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn commands(&self, case_id: CaseId) -> Result<Vec<CommandRow>, StoreError> {
        let sql = concat!(columns!(), "case_id = $1 ORDER BY received_at, command_id");
        let rows = self.fetch(sql, vec![text(case_id)]).await?;
        rows.iter().map(|row| read(row).map(|stored| stored.command)).collect()
    }
}

pub(crate) async fn by_ids(link: &mut Link, ids: &[Param]) -> Result<Vec<StoredCommand>, StoreError> {
    let rows = fetch_by_keys(link, concat!(columns!(), "command_id {in keys}"), ids).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<StoredCommand, StoreError> {
    const WHAT: &str = "command";
    let device_hash = row.opt_blob(5)?.map(|bytes| words::hash(&bytes, WHAT)).transpose()?;
    Ok(StoredCommand {
        case_id: row.parse(1, WHAT)?,
        command: CommandRow {
            command_id: row.parse(0, WHAT)?,
            content_hash: words::hash(&row.blob(2)?, WHAT)?,
            person_id: row.opt_text(3)?.as_deref().map(Into::into),
            device_id: row.opt_parse(4, WHAT)?,
            device_hash,
            received_at: Timestamp(row.int(6)?),
            receipt: row.blob(7)?,
        },
    })
}
