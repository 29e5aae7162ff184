//! The chains of devices, as far as the centre has seen them: also records that it refused are links.

use chayan_domain::evidence::ChainRecord;
use chayan_domain::ids::DeviceId;

use crate::Store;
use crate::error::StoreError;
use crate::sql::{Param, Row, blob, int, text};
use crate::words;

/// One sealed record of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainRow {
    /// Whose chain.
    pub device_id: DeviceId,
    /// The link.
    pub record: ChainRecord,
}

impl Store {
    /// The known links of a device at this place and next to it.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn chain_around(
        &self,
        device_id: DeviceId,
        sequence: u64,
    ) -> Result<Vec<ChainRecord>, StoreError> {
        let place = stored(sequence);
        let sql = "SELECT sequence, hash, prev_hash FROM device_chain WHERE device_id = $1 \
                   AND sequence >= $2 AND sequence <= $3 ORDER BY sequence";
        let params = vec![text(device_id), int(place.saturating_sub(1)), int(place.saturating_add(1))];
        let read = |row: &Row| {
            Ok(ChainRecord {
                sequence: row.int(0)?.unsigned_abs(),
                hash: words::hash(&row.blob(1)?, "device chain")?,
                prev_hash: words::hash(&row.blob(2)?, "device chain")?,
            })
        };
        self.fetch(sql, params).await?.iter().map(read).collect()
    }
}

/// A link as the row that a batch writes.
pub(crate) fn row(link: ChainRow) -> [Param; 4] {
    let ChainRow { device_id, record } = link;
    [text(device_id), int(stored(record.sequence)), blob(&record.hash.0), blob(&record.prev_hash.0)]
}

fn stored(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}
