//! Alerts and what devices did with them.

use chayan_domain::ids::{AlertId, PersonId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Link, Param, Row, fetch_by_keys, text};
use crate::words::from_word;
use crate::write::{AlertEnding, AlertRow, ReceiptRow};

macro_rules! columns {
    () => {
        "SELECT alert_id, case_id, person_id, kind, level, raised_at, due_at, end_reason, ended_at FROM alerts WHERE "
    };
}

impl Store {
    /// One alert.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn alert(&self, alert_id: AlertId) -> Result<Option<AlertRow>, StoreError> {
        Ok(self.alerts(&[alert_id]).await?.pop())
    }

    /// Alerts by id, in no particular order; unknown ones are left out.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn alerts(&self, alert_ids: &[AlertId]) -> Result<Vec<AlertRow>, StoreError> {
        let ids: Vec<Param> = alert_ids.iter().map(text).collect();
        let sql = concat!(columns!(), "alert_id {in keys}");
        let rows = fetch_by_keys(&mut self.reader().await?, sql, &ids).await?;
        rows.iter().map(read).collect()
    }

    /// Alerts of a person that are not over, oldest first.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn open_alerts(&self, person_id: &PersonId) -> Result<Vec<AlertRow>, StoreError> {
        let sql = concat!(columns!(), "person_id = $1 AND ended_at IS NULL ORDER BY raised_at, alert_id");
        let rows = self.fetch(sql, vec![text(person_id)]).await?;
        rows.iter().map(read).collect()
    }

    /// What devices did with an alert, in the order in which the centre heard of it.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn alert_receipts(&self, alert_id: AlertId) -> Result<Vec<ReceiptRow>, StoreError> {
        let sql = "SELECT device_id, act, device_time, received_at FROM alert_receipts WHERE alert_id = $1 \
                   ORDER BY number";
        let rows = self.fetch(sql, vec![text(alert_id)]).await?;
        let read = |row: &Row| {
            Ok(ReceiptRow {
                alert_id,
                device_id: row.parse(0, "alert receipt")?,
                act: from_word(row.text(1)?, "alert receipt")?,
                device_time: Timestamp(row.int(2)?),
                received_at: Timestamp(row.int(3)?),
            })
        };
        rows.iter().map(read).collect()
    }
}

/// Alerts of these cases that are not over, oldest first.
pub(crate) async fn open_of_cases(link: &mut Link, ids: &[Param]) -> Result<Vec<AlertRow>, StoreError> {
    let sql = concat!(columns!(), "case_id {in keys} AND ended_at IS NULL ORDER BY raised_at, alert_id");
    let rows = fetch_by_keys(link, sql, ids).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<AlertRow, StoreError> {
    const WHAT: &str = "alert";
    let corrupt = || StoreError::Corrupt { what: WHAT };
    let ended = match (row.opt_text(7)?, row.opt_int(8)?) {
        (Some(reason), Some(at)) => Some(AlertEnding { reason: from_word(reason, WHAT)?, at: Timestamp(at) }),
        (None, None) => None,
        _ => return Err(corrupt()),
    };
    Ok(AlertRow {
        alert_id: row.parse(0, WHAT)?,
        case_id: row.parse(1, WHAT)?,
        person_id: row.text(2)?.as_str().into(),
        kind: from_word(row.text(3)?, WHAT)?,
        level: u8::try_from(row.int(4)?).map_err(|_| corrupt())?,
        raised_at: Timestamp(row.int(5)?),
        due_at: row.opt_int(6)?.map(Timestamp),
        ended,
    })
}
