//! Alerts of the feed, what this device did with them, and what of the feed was seen before.

use chayan_api::alerts::{Alert, AlertReceipt, ReceiptKind};
use chayan_domain::ids::{AlertId, EventId};
use chayan_domain::time::{Span, Timestamp};
use sqlx::{Row, Sqlite, Transaction};

use super::{Result, Store, StoreFault, parsed};

/// Event ids are remembered this long; the centre repeats nothing older.
const REMEMBERED: Span = Span::minutes(14 * 24 * 60);

/// One alert as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AlertRow {
    pub(crate) alert: Alert,
    /// Its window was on this screen.
    pub(crate) shown: bool,
}

/// What one feed event does to the store.
#[derive(Debug, Clone)]
pub(crate) enum Intake {
    /// An alert, new or changed.
    Alert(Box<Alert>),
    /// An alert is over.
    Ended(AlertId, chayan_api::alerts::AlertOver),
    /// Nothing that is kept here.
    Nothing,
}

const fn kind_word(kind: ReceiptKind) -> &'static str {
    match kind {
        ReceiptKind::Delivered => "delivered",
        ReceiptKind::Shown => "shown",
        ReceiptKind::Acknowledged => "acknowledged",
    }
}

fn parse_kind(word: &str) -> Result<ReceiptKind> {
    match word {
        "delivered" => Ok(ReceiptKind::Delivered),
        "shown" => Ok(ReceiptKind::Shown),
        "acknowledged" => Ok(ReceiptKind::Acknowledged),
        _ => Err(StoreFault::Damaged),
    }
}

impl Store {
    /// Takes one feed event in: alert, receipt of delivery, remembered id and cursor in one change. False when the
    /// event had been seen before.
    pub(crate) async fn take_in(
        &self,
        owner: &str,
        event_id: Option<EventId>,
        cursor: Option<&str>,
        intake: &Intake,
        now: Timestamp,
    ) -> Result<bool> {
        let mut change = self.begin().await?;
        let mut is_new = true;
        if let Some(event_id) = event_id {
            let noted = sqlx::query("INSERT OR IGNORE INTO seen_events (event_id, seen_at) VALUES ($1, $2)")
                .bind(event_id.to_string())
                .bind(now.0)
                .execute(&mut *change)
                .await?;
            is_new = noted.rows_affected() > 0;
        }
        if is_new {
            match intake {
                Intake::Alert(alert) => self.put_alert(&mut change, owner, alert, now).await?,
                Intake::Ended(alert_id, over) => self.end_alert(&mut change, *alert_id, over, now).await?,
                Intake::Nothing => {}
            }
        }
        if let Some(cursor) = cursor {
            write_cursor(&mut change, owner, cursor).await?;
        }
        change.commit().await?;
        Ok(is_new)
    }

    async fn put_alert(
        &self,
        change: &mut Transaction<'_, Sqlite>,
        owner: &str,
        alert: &Alert,
        now: Timestamp,
    ) -> Result<()> {
        let id = alert.alert_id.to_string();
        let body = self.vault.seal(&place(&id), alert)?;
        let state = if alert.ended.is_some() { "ended" } else { "open" };
        // What was acknowledged here or is over stays so: an older word about it changes only what it says.
        sqlx::query(
            "INSERT INTO alerts (alert_id, owner, state, raised_at, body) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (alert_id) DO UPDATE SET body = $5,
               state = CASE WHEN alerts.state = 'open' THEN $3 ELSE alerts.state END",
        )
        .bind(&id)
        .bind(owner)
        .bind(state)
        .bind(alert.raised_at.0)
        .bind(body)
        .execute(&mut **change)
        .await?;
        note(change, owner, alert.alert_id, ReceiptKind::Delivered, now).await
    }

    async fn end_alert(
        &self,
        change: &mut Transaction<'_, Sqlite>,
        alert_id: AlertId,
        over: &chayan_api::alerts::AlertOver,
        now: Timestamp,
    ) -> Result<()> {
        let id = alert_id.to_string();
        let row = sqlx::query("SELECT body FROM alerts WHERE alert_id = $1")
            .bind(&id)
            .fetch_optional(&mut **change)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let body: Vec<u8> = row.try_get(0)?;
        // One that another key sealed is over as well; only why is not kept.
        let body = match self.vault.open::<Alert>(&place(&id), &body) {
            Ok(alert) => self.vault.seal(&place(&id), &Alert { ended: Some(over.clone()), ..alert })?,
            Err(StoreFault::OtherKey) => body,
            Err(fault) => return Err(fault),
        };
        sqlx::query("UPDATE alerts SET state = 'ended', settled_at = $2, body = $3 WHERE alert_id = $1")
            .bind(&id)
            .bind(now.0)
            .bind(body)
            .execute(&mut **change)
            .await?;
        Ok(())
    }

    /// One alert with whether it was shown.
    pub(crate) async fn alert(&self, alert_id: AlertId) -> Result<Option<AlertRow>> {
        let row = sqlx::query(
            "SELECT alert_id, body, EXISTS (SELECT 1 FROM receipts r WHERE r.alert_id = alerts.alert_id AND r.kind = 'shown')
             FROM alerts WHERE alert_id = $1",
        )
        .bind(alert_id.to_string())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        match self.alert_of(&row) {
            Err(StoreFault::OtherKey) => Ok(None),
            other => other.map(Some),
        }
    }

    /// The person's open alerts. One that cannot be opened with the present key is left out.
    pub(crate) async fn open_alerts(&self, owner: &str) -> Result<Vec<AlertRow>> {
        let rows = sqlx::query(
            "SELECT alert_id, body, EXISTS (SELECT 1 FROM receipts r WHERE r.alert_id = alerts.alert_id AND r.kind = 'shown')
             FROM alerts WHERE owner = $1 AND state = 'open' ORDER BY raised_at",
        )
        .bind(owner)
        .fetch_all(&self.pool)
        .await?;
        Ok(rows.iter().filter_map(|row| self.alert_of(row).ok()).collect())
    }

    fn alert_of(&self, row: &sqlx::sqlite::SqliteRow) -> Result<AlertRow> {
        let (id, body): (String, Vec<u8>) = (row.try_get(0)?, row.try_get(1)?);
        Ok(AlertRow { alert: self.vault.open(&place(&id), &body)?, shown: row.try_get(2)? })
    }

    /// Closes what the centre no longer names among the open ones.
    pub(crate) async fn keep_only_open(&self, owner: &str, open: &[AlertId], now: Timestamp) -> Result<()> {
        let open: Vec<String> = open.iter().map(AlertId::to_string).collect();
        let mut change = self.begin().await?;
        let known = sqlx::query("SELECT alert_id FROM alerts WHERE owner = $1 AND state = 'open'")
            .bind(owner)
            .fetch_all(&mut *change)
            .await?;
        for row in known {
            let alert_id: String = row.try_get(0)?;
            if open.contains(&alert_id) {
                continue;
            }
            sqlx::query("UPDATE alerts SET state = 'ended', settled_at = $2 WHERE alert_id = $1")
                .bind(alert_id)
                .bind(now.0)
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }

    /// Notes what this device did with alerts; an acknowledged one is no longer open here.
    pub(crate) async fn note_alerts(
        &self,
        owner: &str,
        alert_ids: &[AlertId],
        kind: ReceiptKind,
        now: Timestamp,
    ) -> Result<()> {
        let mut change = self.begin().await?;
        for &alert_id in alert_ids {
            let known = sqlx::query("SELECT 1 FROM alerts WHERE alert_id = $1 AND owner = $2")
                .bind(alert_id.to_string())
                .bind(owner)
                .fetch_optional(&mut *change)
                .await?;
            if known.is_none() {
                return Err(StoreFault::UnknownId);
            }
            note(&mut change, owner, alert_id, kind, now).await?;
            if kind == ReceiptKind::Acknowledged {
                sqlx::query("UPDATE alerts SET state = 'acknowledged', settled_at = $2 WHERE alert_id = $1 AND state = 'open'")
                    .bind(alert_id.to_string())
                    .bind(now.0)
                    .execute(&mut *change)
                    .await?;
            }
        }
        Ok(change.commit().await?)
    }

    /// Receipts that the centre has not taken yet, in the order in which they happened.
    pub(crate) async fn unsent_receipts(&self, owner: &str, limit: u32) -> Result<Vec<AlertReceipt>> {
        let rows = sqlx::query(
            "SELECT alert_id, kind, device_time FROM receipts WHERE owner = $1 AND sent = 0 ORDER BY position LIMIT $2",
        )
        .bind(owner)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(AlertReceipt {
                    alert_id: parsed(row.try_get(0)?)?,
                    kind: parse_kind(row.try_get(1)?)?,
                    device_time: Timestamp(row.try_get(2)?),
                })
            })
            .collect()
    }

    pub(crate) async fn receipts_sent(&self, receipts: &[AlertReceipt]) -> Result<()> {
        let mut change = self.begin().await?;
        for receipt in receipts {
            sqlx::query("UPDATE receipts SET sent = 1 WHERE alert_id = $1 AND kind = $2")
                .bind(receipt.alert_id.to_string())
                .bind(kind_word(receipt.kind))
                .execute(&mut *change)
                .await?;
        }
        Ok(change.commit().await?)
    }

    /// Forgets event ids that can no longer be repeated.
    pub(crate) async fn forget_old_events(&self, now: Timestamp) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query("DELETE FROM seen_events WHERE seen_at < $1")
            .bind(now.minus(REMEMBERED).0)
            .execute(&mut *change)
            .await?;
        Ok(change.commit().await?)
    }
}

async fn note(
    change: &mut Transaction<'_, Sqlite>,
    owner: &str,
    alert_id: AlertId,
    kind: ReceiptKind,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT OR IGNORE INTO receipts (alert_id, kind, owner, device_time) VALUES ($1, $2, $3, $4)",
    )
    .bind(alert_id.to_string())
    .bind(kind_word(kind))
    .bind(owner)
    .bind(now.0)
    .execute(&mut **change)
    .await?;
    Ok(())
}

pub(super) async fn write_cursor(
    change: &mut Transaction<'_, Sqlite>,
    owner: &str,
    cursor: &str,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO cursors (owner, cursor) VALUES ($1, $2) ON CONFLICT (owner) DO UPDATE SET cursor = $2",
    )
    .bind(owner)
    .bind(cursor)
    .execute(&mut **change)
    .await?;
    Ok(())
}

fn place(alert_id: &str) -> String {
    format!("alerts.body/{alert_id}")
}
