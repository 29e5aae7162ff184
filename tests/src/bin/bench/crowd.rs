//! Sixty-four clerks of sixty-four sub-branches, signed in and ready to send.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use chayan_api::commands::Report;
use chayan_domain::report::{Cause, Channel, Private, ReportForm, Step, Trigger};
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::process::Undertaker;
use chayan_tests::world::{Account, CentreProcess, Database, SignedIn};

/// Concurrent senders.
pub(crate) const SENDERS: usize = 64;

/// A server with its crowd.
pub(crate) struct Crowd {
    pub(crate) centre: CentreProcess,
    pub(crate) clerks: Vec<SignedIn>,
    // The server ends with this value at the latest.
    _undertaker: Undertaker,
}

impl Crowd {
    /// Seeds, starts, and signs everybody in; the server logs what the filter lets through, as JSON.
    pub(crate) async fn gather(folder: &Path, database: &Database, log_filter: &str) -> Result<Self> {
        let undertaker = Undertaker::start()?;
        let mut centre = CentreProcess::seed(folder, database, &undertaker)?;
        // A bench is no abuse: the limit per device would measure the limit.
        for key in ["rate_per_second", "rate_burst"] {
            centre.set(key, "1000000");
        }
        centre.set("log_format", "json");
        centre.set("log_filter", log_filter);
        let accounts: Vec<Account> = counters(folder)?.into_iter().take(SENDERS).collect();
        centre.create_accounts(&accounts)?;
        centre.start().await?;
        let mut clerks = Vec::new();
        for account in &accounts {
            clerks.push(SignedIn::sign_in(&centre.address(), account).await?);
        }
        Ok(Self { centre, clerks, _undertaker: undertaker })
    }
}

/// The claims counters of the province, one of each sub-branch, as the seeded files list them.
fn counters(folder: &Path) -> Result<Vec<Account>> {
    let people = std::fs::read_to_string(folder.join("province/people.csv")).context("the seeded people")?;
    let numbers = people.lines().filter_map(|line| line.trim_start_matches('\u{feff}').split(',').next());
    let counter = |number: &&str| number.len() == 8 && number.ends_with("03") && !number[..6].ends_with("00");
    Ok(numbers
        .filter(counter)
        .map(|number| Account {
            key: number.to_owned(),
            person_id: number.to_owned(),
            password: "chayan-bench-1".to_owned(),
            what: String::new(),
        })
        .collect())
}

/// A whole report, as a clerk writes one; each of another customer.
pub(crate) fn report() -> Report {
    static CUSTOMERS: AtomicU32 = AtomicU32::new(0);
    let customer = CUSTOMERS.fetch_add(1, Ordering::Relaxed);
    let mut form = ReportForm::default();
    form.facts.trigger = Some(Trigger::Grumbling);
    form.facts.step = Some(Step::LossAssessment);
    form.facts.cause = Some(Cause::Timeliness);
    form.facts.complaint_demanded = Some(false);
    form.customer.phone = Private::new(format!("138{customer:08}"));
    form.customer.narrative = Private::new("客户已等定损两天,第三次来柜台催办,认为无人负责。");
    Report { found_at: SystemClock.now(), timing_started_at: None, channel: Channel::Desktop, form }
}
