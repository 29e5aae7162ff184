//! The private PostgreSQL that the store's contract is tested on.

use std::process::Command;

use chayan_tests::postgres::{self, PrivatePostgres};

fn ask(url: &str, question: &str) -> String {
    let output = Command::new("psql").args(["-X", "-A", "-t", "-d", url, "-c", question]).output();
    let output = output.expect("psql is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

#[test]
fn two_callers_get_databases_of_their_own() {
    let (one, two) = (postgres::database("mine").unwrap(), postgres::database("mine").unwrap());
    assert_ne!(one, two);
    ask(&one, "CREATE TABLE report (id TEXT)");
    assert_eq!(ask(&two, "SELECT count(*) FROM pg_tables WHERE tablename = 'report'"), "0");
}

#[test]
fn an_answer_comes_after_the_fsync() {
    let url = postgres::database("durable").unwrap();
    assert_eq!(ask(&url, "SHOW fsync"), "on");
    assert_eq!(ask(&url, "SHOW synchronous_commit"), "on");
}

#[test]
fn a_cluster_ends_with_its_owner() {
    let cluster = PrivatePostgres::start().unwrap();
    let url = cluster.create_database("short").unwrap();
    assert_eq!(ask(&url, "SELECT 1"), "1");
    drop(cluster);
    let output = Command::new("psql").args(["-X", "-d", &url, "-c", "SELECT 1"]).output().unwrap();
    assert!(!output.status.success(), "the server still answers");
}
