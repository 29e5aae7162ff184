//! Reading and matching customer data.

use std::collections::HashMap;

use chayan_domain::ids::{CaseId, CommandId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Link, Param, fetch_by_keys, text};
use crate::vault::CustomerFields;

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
}

/// A case under one of its customer's keys.
pub(crate) struct Bearer {
    pub(crate) case_id: CaseId,
    pub(crate) received_at: Timestamp,
}

/// The cases under each of these keys, without what was discarded or voided: a merged case has handed its keys on. Of a
/// key that very many carry, those that were born last.
pub(crate) async fn bearers(
    link: &mut Link,
    digests: &[Param],
) -> Result<HashMap<Vec<u8>, Vec<Bearer>>, StoreError> {
    let sql = "SELECT newest.digest, cases.case_id, cases.received_at FROM (\
                 SELECT digest, case_id, ROW_NUMBER() OVER (PARTITION BY digest ORDER BY case_id DESC) AS place \
                 FROM blind_keys WHERE digest {in keys}\
               ) AS newest JOIN cases ON cases.case_id = newest.case_id \
               WHERE newest.place <= 60 AND cases.state NOT IN ('DISCARDED', 'VOID')";
    let mut bearers: HashMap<Vec<u8>, Vec<Bearer>> = HashMap::new();
    for row in fetch_by_keys(link, sql, digests).await? {
        let bearer = Bearer { case_id: row.parse(1, "case id")?, received_at: Timestamp(row.int(2)?) };
        bearers.entry(row.blob(0)?).or_default().push(bearer);
    }
    Ok(bearers)
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
