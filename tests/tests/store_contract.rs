//! The store's contract: every sentence holds on SQLite and on PostgreSQL alike.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test, and names the line")]

#[path = "store_contract/home.rs"]
mod home;

#[path = "store_contract/amendments.rs"]
mod amendments;
#[path = "store_contract/commits.rs"]
mod commits;
#[path = "store_contract/faults.rs"]
mod faults;
#[path = "store_contract/feed.rs"]
mod feed;
#[path = "store_contract/people.rs"]
mod people;
#[path = "store_contract/reads.rs"]
mod reads;
#[path = "store_contract/removals.rs"]
mod removals;
#[path = "store_contract/sweep.rs"]
mod sweep;
#[path = "store_contract/vault.rs"]
mod vault;
