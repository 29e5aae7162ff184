//! Absences that people entered: appended, never changed. The newest row of an id is what holds.

use chayan_domain::directory::{Absence, AbsenceKind};
use chayan_domain::ids::{AbsenceId, PersonId};
use chayan_domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;
use crate::feed::FeedDraft;
use crate::sql::{Row, int, opt_text, text};
use crate::words::{from_word, word};

/// An absence as somebody entered it, or moved its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsenceRow {
    /// The same from the first entry on.
    pub absence_id: AbsenceId,
    /// Why.
    pub kind: AbsenceKind,
    /// Who, from when, until when, and who stands in.
    pub absence: Absence,
    /// Who entered this row.
    pub entered_by: PersonId,
    /// When.
    pub entered_at: Timestamp,
}

macro_rules! newest {
    ($and:literal) => {
        concat!(
            "SELECT absence_id, kind, person_id, from_at, to_at, deputy, entered_by, entered_at FROM absences \
             WHERE number = (SELECT MAX(number) FROM absences AS later WHERE later.absence_id = absences.absence_id) \
             AND ",
            $and,
            " ORDER BY from_at, number"
        )
    };
}

impl Store {
    /// Appends a row and tells those who should know, in one commit.
    ///
    /// # Errors
    /// As [`Store::commit`].
    pub async fn put_absence(&self, row: &AbsenceRow, feed: Vec<FeedDraft>) -> Result<(), StoreError> {
        let sql = "INSERT INTO absences (absence_id, kind, person_id, from_at, to_at, deputy, entered_by, entered_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let absence = &row.absence;
        let params = vec![
            text(row.absence_id),
            text(word(row.kind)),
            text(&absence.person_id),
            int(absence.from.0),
            int(absence.to.0),
            opt_text(absence.deputy.as_ref()),
            text(&row.entered_by),
            int(row.entered_at.0),
        ];
        self.execute_all(vec![(sql, params)], feed).await.map(drop)
    }

    /// What holds of an absence.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn absence(&self, absence_id: AbsenceId) -> Result<Option<AbsenceRow>, StoreError> {
        let rows = self.fetch(newest!("absence_id = $1"), vec![text(absence_id)]).await?;
        rows.first().map(read).transpose()
    }

    /// Every absence that ends after a moment, by its beginning.
    ///
    /// # Errors
    /// [`StoreError::Backend`], [`StoreError::Corrupt`].
    pub async fn absences_after(&self, moment: Timestamp) -> Result<Vec<AbsenceRow>, StoreError> {
        let rows = self.fetch(newest!("to_at > $1"), vec![int(moment.0)]).await?;
        rows.iter().map(read).collect()
    }

    /// How many rows there are: another number means that something was entered.
    ///
    /// # Errors
    /// [`StoreError::Backend`].
    pub async fn absence_rows(&self) -> Result<i64, StoreError> {
        let rows = self.fetch("SELECT COUNT(*) FROM absences", Vec::new()).await?;
        rows.first().map_or(Ok(0), |row| row.int(0))
    }
}

fn read(row: &Row) -> Result<AbsenceRow, StoreError> {
    let absence = Absence {
        person_id: PersonId(row.text(2)?),
        from: Timestamp(row.int(3)?),
        to: Timestamp(row.int(4)?),
        deputy: row.opt_text(5)?.map(PersonId),
    };
    Ok(AbsenceRow {
        absence_id: row.parse(0, "the id of an absence")?,
        kind: from_word(row.text(1)?, "the kind of an absence")?,
        absence,
        entered_by: PersonId(row.text(6)?),
        entered_at: Timestamp(row.int(7)?),
    })
}
