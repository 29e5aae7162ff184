//! Reading and matching customer data.

use chayan_domain::ids::{CaseId, CommandId};
use chayan_domain::time::Timestamp;
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Link, Param, blob, fetch_by_keys, int, text};
use crate::vault::CustomerFields;
use crate::write::BlindDraft;

impl Store {
    /// Customer data of a case, oldest first, decrypted.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row does not open under the case's key; [`StoreError::Backend`].
    pub async fn customer_fields(&self, case_id: CaseId) -> Result<Vec<CustomerFields>, StoreError> {
        let mut link = self.reader().await?;
        let sql = "SELECT command_id, at, sealed FROM customer_rows WHERE case_id = $1 ORDER BY number";
        let rows = link.fetch(sql, vec![text(case_id)]).await?;
        let keys = keys_of_cases(&mut link, &[text(case_id)]).await?;
        let Some((_, wrapped)) = keys.first() else { return Ok(Vec::new()) };
        let key = self.vault().unwrap(case_id, wrapped)?;
        let mut fields = Vec::with_capacity(rows.len());
        for row in rows {
            let command_id: CommandId = row.parse(0, "customer row")?;
            let (plaintext, salt) = self.vault().open_customer(case_id, &key, command_id, &row.blob(2)?)?;
            fields.push(CustomerFields { command_id, plaintext, salt, at: Timestamp(row.int(1)?) });
        }
        Ok(fields)
    }

    /// The last twenty cases that carry any of these customer keys and were received at or after `since`, newest first,
    /// without what was discarded or voided: a merged case has handed its keys on.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn cases_by_blind_keys(
        &self,
        keys: &[BlindDraft],
        since: Timestamp,
    ) -> Result<Vec<CaseId>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let mut params = vec![int(since.0)];
        params.extend(keys.iter().map(|key| blob(&self.vault().blind(key))));
        let any: Vec<String> = (2..=params.len()).map(|place| format!("${place}")).collect();
        let sql = format!(
            "SELECT cases.case_id, cases.received_at FROM blind_keys \
             JOIN cases ON cases.case_id = blind_keys.case_id \
             WHERE blind_keys.digest IN ({}) AND cases.received_at >= $1 \
             AND cases.state NOT IN ('DISCARDED', 'VOID') \
             GROUP BY cases.case_id, cases.received_at \
             ORDER BY cases.received_at DESC, cases.case_id DESC LIMIT 20",
            any.join(", ")
        );
        let rows = self.fetch(AssertSqlSafe(sql).into_sql_str(), params).await?;
        rows.iter().map(|row| row.parse(0, "case id")).collect()
    }
}

/// Wrapped keys of those cases that have one.
pub(crate) async fn keys_of_cases(
    link: &mut Link,
    ids: &[Param],
) -> Result<Vec<(CaseId, Vec<u8>)>, StoreError> {
    let sql = "SELECT case_id, wrapped FROM case_keys WHERE case_id {in keys}";
    let rows = fetch_by_keys(link, sql, ids).await?;
    rows.iter().map(|row| Ok((row.parse(0, "case key")?, row.blob(1)?))).collect()
}
