//! Keeps a private PostgreSQL for a whole test run: prints its address, stays until its input ends.
#![expect(clippy::print_stdout, reason = "the address is what it is asked for")]

use std::io::{Read as _, Write as _};

use anyhow::Result;
use chayan_tests::postgres::PrivatePostgres;

fn main() -> Result<()> {
    let cluster = PrivatePostgres::start()?;
    println!("{}", cluster.url());
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
