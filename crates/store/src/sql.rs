//! One small way to speak SQL to both databases: parameters, rows, connections, and statements with many rows.
//!
//! Everything above writes a statement once, with `$1` placeholders. PostgreSQL takes many rows or keys as one array per
//! column, so a statement is planned once whatever the size; SQLite takes them one by one, in few sizes, so that each
//! size is prepared once.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgArguments, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Connection as _, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite};

use crate::error::StoreError;

/// A value to be bound. The kind is known also when there is no value: PostgreSQL asks for it.
#[derive(Debug, Clone)]
pub(crate) enum Param {
    Text(Option<String>),
    Int(Option<i64>),
    Blob(Option<Vec<u8>>),
    /// Many values at once: PostgreSQL only.
    Column(Column),
}

/// The values of one column, in the order of their rows.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    Texts(Vec<Option<String>>),
    Ints(Vec<Option<i64>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

/// Shows a value as text.
pub(crate) fn text(value: impl std::fmt::Display) -> Param {
    Param::Text(Some(value.to_string()))
}

/// A text that may be missing.
pub(crate) fn opt_text(value: Option<impl std::fmt::Display>) -> Param {
    Param::Text(value.map(|value| value.to_string()))
}

/// A whole number.
pub(crate) const fn int(value: i64) -> Param {
    Param::Int(Some(value))
}

/// A whole number that may be missing.
pub(crate) const fn opt_int(value: Option<i64>) -> Param {
    Param::Int(value)
}

/// Bytes.
pub(crate) fn blob(value: &[u8]) -> Param {
    Param::Blob(Some(value.to_vec()))
}

/// A row of either database.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! getter {
    ($name:ident, $kind:ty) => {
        pub(crate) fn $name(&self, index: usize) -> Result<$kind, StoreError> {
            let value = match self {
                Self::Sqlite(row) => row.try_get(index),
                Self::Postgres(row) => row.try_get(index),
            };
            value.map_err(StoreError::Backend)
        }
    };
}

impl Row {
    getter!(text, String);
    getter!(opt_text, Option<String>);
    getter!(int, i64);
    getter!(opt_int, Option<i64>);
    getter!(blob, Vec<u8>);
    getter!(opt_blob, Option<Vec<u8>>);

    /// A text that is something else's written form.
    pub(crate) fn parse<T: std::str::FromStr>(
        &self,
        index: usize,
        what: &'static str,
    ) -> Result<T, StoreError> {
        self.text(index)?.parse().map_err(|_| StoreError::Corrupt { what })
    }

    /// The same, where it may be missing.
    pub(crate) fn opt_parse<T: std::str::FromStr>(
        &self,
        index: usize,
        what: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let read = |text: String| text.parse().map_err(|_| StoreError::Corrupt { what });
        self.opt_text(index)?.map(read).transpose()
    }
}

/// Which database it is, for the few places where they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// A connection to either database.
pub(crate) enum Link {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
    PooledSqlite(PoolConnection<Sqlite>),
    PooledPostgres(PoolConnection<Postgres>),
}

impl Link {
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) | Self::PooledSqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) | Self::PooledPostgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement; returns how many rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<u64, sqlx::Error> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(link) => execute_sqlite(link, sql, params).await,
            Self::PooledSqlite(link) => execute_sqlite(link, sql, params).await,
            Self::Postgres(link) => execute_postgres(link, sql, params).await,
            Self::PooledPostgres(link) => execute_postgres(link, sql, params).await,
        }
    }

    /// Runs a query.
    pub(crate) async fn fetch(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<Vec<Row>, sqlx::Error> {
        let sql = sql.into_sql_str();
        match self {
            Self::Sqlite(link) => fetch_sqlite(link, sql, params).await,
            Self::PooledSqlite(link) => fetch_sqlite(link, sql, params).await,
            Self::Postgres(link) => fetch_postgres(link, sql, params).await,
            Self::PooledPostgres(link) => fetch_postgres(link, sql, params).await,
        }
    }

    /// Closes it in order, where it is not the pool's.
    pub(crate) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(link) => link.close().await,
            Self::Postgres(link) => link.close().await,
            Self::PooledSqlite(_) | Self::PooledPostgres(_) => Ok(()),
        }
    }
}

fn sqlite_arguments(params: Vec<Param>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for param in params {
        match param {
            Param::Text(value) => arguments.add(value),
            Param::Int(value) => arguments.add(value),
            Param::Blob(value) => arguments.add(value),
            Param::Column(_) => Err("SQLite has no arrays".into()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn postgres_arguments(params: Vec<Param>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for param in params {
        match param {
            Param::Text(value) => arguments.add(value),
            Param::Int(value) => arguments.add(value),
            Param::Blob(value) => arguments.add(value),
            Param::Column(Column::Texts(values)) => arguments.add(values),
            Param::Column(Column::Ints(values)) => arguments.add(values),
            Param::Column(Column::Blobs(values)) => arguments.add(values),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

async fn execute_sqlite(
    link: &mut SqliteConnection,
    sql: SqlStr,
    params: Vec<Param>,
) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query_with(sql, sqlite_arguments(params)?).execute(link).await?.rows_affected())
}

async fn execute_postgres(
    link: &mut PgConnection,
    sql: SqlStr,
    params: Vec<Param>,
) -> Result<u64, sqlx::Error> {
    Ok(sqlx::query_with(sql, postgres_arguments(params)?).execute(link).await?.rows_affected())
}

async fn fetch_sqlite(
    link: &mut SqliteConnection,
    sql: SqlStr,
    params: Vec<Param>,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_with(sql, sqlite_arguments(params)?).fetch_all(link).await?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}

async fn fetch_postgres(
    link: &mut PgConnection,
    sql: SqlStr,
    params: Vec<Param>,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_with(sql, postgres_arguments(params)?).fetch_all(link).await?;
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

/// An insert of any number of rows.
#[derive(Debug)]
pub(crate) struct Insert {
    /// Up to and with the list of columns.
    pub(crate) head: &'static str,
    /// Values per row.
    pub(crate) columns: usize,
    /// What follows the rows: `ON CONFLICT …`, `RETURNING …`, or nothing.
    pub(crate) tail: &'static str,
}

/// On SQLite, statements are made for these numbers of rows or keys only.
const SIZES: [usize; 9] = [256, 128, 64, 32, 16, 8, 4, 2, 1];

/// What can be executed.
pub(crate) type Statement = (SqlStr, Vec<Param>);

/// Executes all of them, one after the other.
pub(crate) async fn execute_all(link: &mut Link, statements: Vec<Statement>) -> Result<(), sqlx::Error> {
    for (sql, params) in statements {
        link.execute(sql, params).await?;
    }
    Ok(())
}

/// Executes an insert that returns something; returns the rows of its last statement.
pub(crate) async fn insert_returning(
    link: &mut Link,
    insert: &'static Insert,
    values: Vec<Param>,
) -> Result<Vec<Row>, sqlx::Error> {
    let mut returned = Vec::new();
    for (sql, params) in insert_statements(link.dialect(), insert, values) {
        returned = link.fetch(sql, params).await?;
    }
    Ok(returned)
}

/// What inserts all rows (each with its values one after the other in `values`).
pub(crate) fn insert_statements(
    dialect: Dialect,
    insert: &'static Insert,
    values: Vec<Param>,
) -> Vec<Statement> {
    match dialect {
        Dialect::Postgres if values.is_empty() => Vec::new(),
        Dialect::Postgres => vec![insert_columns(insert, values)],
        Dialect::Sqlite => insert_portions(insert, values),
    }
}

/// One statement for all rows: an array for each column.
fn insert_columns(insert: &'static Insert, values: Vec<Param>) -> Statement {
    let columns = columns(insert.columns, values);
    let sql = cached((Dialect::Postgres, insert.head, 0), || {
        let arrays: Vec<String> =
            columns.iter().zip(1..).map(|(column, number)| format!("${number}::{}", column.kind())).collect();
        format!("{} SELECT * FROM UNNEST({}) {}", insert.head, arrays.join(", "), insert.tail)
    });
    (sql, columns.into_iter().map(Param::Column).collect())
}

/// As few statements as the sizes allow, each with a placeholder for every value.
fn insert_portions(insert: &'static Insert, values: Vec<Param>) -> Vec<Statement> {
    let mut left = values.into_iter();
    let mut statements = Vec::new();
    while left.len() > 0 {
        let rows = left.len() / insert.columns;
        let count = SIZES.into_iter().find(|size| *size <= rows).unwrap_or(1);
        let sql = cached((Dialect::Sqlite, insert.head, count), || {
            // Named placeholders would make SQLite search its list of names for every value.
            let row = format!("({})", vec!["?"; insert.columns].join(", "));
            format!("{} VALUES {} {}", insert.head, vec![row; count].join(", "), insert.tail)
        });
        statements.push((sql, left.by_ref().take(count * insert.columns).collect()));
    }
    statements
}

/// Turns rows into columns. The first row says of which kind each column is; it is the same in every row.
fn columns(count: usize, values: Vec<Param>) -> Vec<Column> {
    let mut columns: Vec<Column> = values.iter().take(count).map(Column::like).collect();
    for (index, value) in values.into_iter().enumerate() {
        if let Some(column) = columns.get_mut(index % count) {
            column.push(value);
        }
    }
    columns
}

impl Column {
    const fn like(param: &Param) -> Self {
        match param {
            Param::Text(_) => Self::Texts(Vec::new()),
            Param::Int(_) => Self::Ints(Vec::new()),
            Param::Blob(_) | Param::Column(_) => Self::Blobs(Vec::new()),
        }
    }

    fn push(&mut self, value: Param) {
        match (self, value) {
            (Self::Texts(values), Param::Text(value)) => values.push(value),
            (Self::Ints(values), Param::Int(value)) => values.push(value),
            (Self::Blobs(values), Param::Blob(value)) => values.push(value),
            // A shorter column: PostgreSQL fills it with NULL and refuses that for what must be there.
            (_, _) => {}
        }
    }

    const fn kind(&self) -> &'static str {
        match self {
            Self::Texts(_) => "text[]",
            Self::Ints(_) => "bigint[]",
            Self::Blobs(_) => "bytea[]",
        }
    }
}

/// Runs a query for all keys; `{in keys}` in the statement is where they are named.
pub(crate) async fn fetch_by_keys(
    link: &mut Link,
    template: &'static str,
    keys: &[Param],
) -> Result<Vec<Row>, sqlx::Error> {
    let mut rows = Vec::new();
    for portion in portions(link.dialect(), keys) {
        let (sql, params) = keyed(link.dialect(), template, portion, 0);
        rows.extend(link.fetch(sql, params).await?);
    }
    Ok(rows)
}

/// Statements for all keys, as [`fetch_by_keys`] asks them.
pub(crate) fn by_keys(dialect: Dialect, template: &'static str, keys: &[Param]) -> Vec<Statement> {
    portions(dialect, keys).map(|portion| keyed(dialect, template, portion, 0)).collect()
}

fn portions(dialect: Dialect, keys: &[Param]) -> std::slice::Chunks<'_, Param> {
    match dialect {
        Dialect::Postgres => keys.chunks(keys.len().max(1)),
        Dialect::Sqlite => keys.chunks(SIZES[0]),
    }
}

/// The statement for some keys of one kind, at most 256 of them on SQLite; the first key is the parameter after `first`
/// (placeholders before that are written as `$n` by the caller).
pub(crate) fn keyed(
    dialect: Dialect,
    template: &'static str,
    keys: &[Param],
    first: usize,
) -> (SqlStr, Vec<Param>) {
    match dialect {
        Dialect::Postgres => {
            let sql = cached((dialect, template, 0), || {
                template.replace("{in keys}", &format!("= ANY(${})", first + 1))
            });
            (sql, columns(1, keys.to_vec()).into_iter().map(Param::Column).collect())
        }
        Dialect::Sqlite => {
            let count = SIZES.into_iter().rev().find(|size| *size >= keys.len()).unwrap_or(keys.len());
            let sql = cached((dialect, template, count), || {
                let names: Vec<String> = (1..=count).map(|number| format!("${}", first + number)).collect();
                template.replace("{in keys}", &format!("IN ({})", names.join(", ")))
            });
            // Filled up to a prepared size by repeating the last.
            let filling = keys.last().cloned().into_iter().cycle().take(count - keys.len());
            (sql, keys.iter().cloned().chain(filling).collect())
        }
    }
}

type StatementKey = (Dialect, &'static str, usize);
static STATEMENTS: LazyLock<Mutex<HashMap<StatementKey, Arc<str>>>> = LazyLock::new(Mutex::default);

/// The text is built from the program's own words only, once.
fn cached(key: StatementKey, build: impl FnOnce() -> String) -> SqlStr {
    let mut statements = STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner);
    let sql = statements.entry(key).or_insert_with(|| build().into());
    AssertSqlSafe(Arc::clone(sql)).into_sql_str()
}
