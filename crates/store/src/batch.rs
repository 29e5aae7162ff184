//! Several decisions in one transaction: load what they look at, decide one after the other in memory, write the
//! outcome with few statements.
//!
//! Decisions are pure, so a batch that fails while it is written is simply rolled back and decided again, each job
//! alone; one bad job cannot fail the others. Two jobs for one case in a batch see each other.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chayan_domain::case::{Case, Timer};
use chayan_domain::ids::{AlertId, CaseId, CommandId};

use crate::alerts;
use crate::cases;
use crate::commands;
use crate::customers::{self, Bearer};
use crate::error::StoreError;
use crate::feed::{FeedDraft, Topic};
use crate::flush::{Pending, flush};
use crate::job::{Job, Work};
use crate::sql::{Link, Param, blob, text};
use crate::timers::{self, TimerChange};
use crate::vault::{CaseKey, Vault};
use crate::ways::CaseWay;
use crate::write::{
    AlertRow, CaseRecord, CaseWrite, CommitKey, CustomerLook, Look, SIMILAR, Snapshot, StoredCommand,
};

/// What others should hear after the commit.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Topics with new rows.
    pub(crate) topics: BTreeSet<Topic>,
    /// Cases whose timers changed.
    pub(crate) timers: Vec<TimerChange>,
    /// The transaction of the feed rows; 0 on SQLite.
    pub(crate) transaction: i64,
}

/// A case while a batch works on it.
#[derive(Default)]
pub(crate) struct Working {
    /// What the next decision sees.
    pub(crate) snapshot: Snapshot,
    /// The timers that the database has.
    pub(crate) stored_timers: Vec<Timer>,
    /// The last record written in this batch.
    pub(crate) record: Option<CaseRecord>,
    /// Alerts written in this batch.
    pub(crate) alerts: BTreeMap<AlertId, AlertRow>,
    /// Its key, once known.
    pub(crate) key: Option<CaseKey>,
}

/// A batch under way.
pub(crate) struct Batch<'a> {
    vault: &'a Vault,
    cases: HashMap<CaseId, Working>,
    commands: HashMap<CommandId, StoredCommand>,
    /// Cases by the digests that its jobs look for.
    bearers: HashMap<Vec<u8>, Vec<Bearer>>,
    pending: Pending,
}

/// Runs all jobs in the open transaction of `link`; returns what each came to. An error means: roll back.
pub(crate) async fn run(
    link: &mut Link,
    vault: &Vault,
    works: &mut [Work],
) -> Result<(Effects, Vec<Result<(), StoreError>>), StoreError> {
    // Statements go first, so that decisions see what they did: a case whose customer data goes has no key any more.
    for work in works.iter_mut() {
        if let Work::Statements(statements) = work {
            statements.run(link).await?;
        }
    }
    let keys: Vec<CommitKey> = works.iter().filter_map(Work::key).collect();
    let looks: Vec<&Look> = works.iter().filter_map(Work::look).collect();
    let mut batch = Batch::load(link, vault, &keys, &looks).await?;
    let mut outcomes = Vec::with_capacity(works.len());
    for work in works {
        match work {
            Work::Decide(job) => outcomes.push(batch.decide(job.as_mut())),
            Work::Statements(statements) => {
                batch.pending.feed.extend(statements.feed.iter().cloned());
                outcomes.push(Ok(()));
            }
        }
    }
    let effects = batch.write(link).await?;
    Ok((effects, outcomes))
}

impl<'a> Batch<'a> {
    async fn load(
        link: &mut Link,
        vault: &'a Vault,
        keys: &[CommitKey],
        looks: &[&Look],
    ) -> Result<Self, StoreError> {
        let beside = looks.iter().filter_map(|look| look.beside);
        let case_ids: BTreeSet<CaseId> = keys.iter().map(|key| key.case_id).chain(beside).collect();
        let command_ids: BTreeSet<CommandId> = keys.iter().filter_map(|key| key.command_id).collect();
        crate::postgres::lock_cases(link, &case_ids).await?;
        let mut cases: HashMap<CaseId, Working> =
            case_ids.iter().map(|case_id| (*case_id, Working::default())).collect();
        let ids: Vec<Param> = case_ids.iter().map(text).collect();
        for case in cases::load_bodies(link, &ids).await? {
            if let Some(working) = cases.get_mut(&case.case_id) {
                working.snapshot.case = Some(case);
            }
        }
        let known: Vec<Param> =
            cases.values().filter_map(|one| one.snapshot.case.as_ref()).map(case_param).collect();
        for alert in alerts::open_of_cases(link, &known).await? {
            if let Some(working) = cases.get_mut(&alert.case_id) {
                working.snapshot.open_alerts.push(alert);
            }
        }
        for row in timers::of_cases(link, &known).await? {
            if let Some(working) = cases.get_mut(&row.case_id) {
                working.stored_timers.push(row.timer);
                working.snapshot.timers.push(row.timer);
            }
        }
        for (case_id, wrapped) in customers::keys_of_cases(link, &known).await? {
            if let Some(working) = cases.get_mut(&case_id) {
                working.key = Some(vault.unwrap(case_id, &wrapped)?);
            }
        }
        let ids: Vec<Param> = command_ids.iter().map(text).collect();
        let stored = commands::by_ids(link, &ids).await?;
        let commands = stored.into_iter().map(|stored| (stored.command.command_id, stored)).collect();
        let customers = looks.iter().filter_map(|look| look.customer.as_ref());
        let digests: BTreeSet<[u8; 32]> =
            customers.flat_map(|customer| &customer.keys).map(|key| vault.blind(key)).collect();
        let digests: Vec<Param> = digests.iter().map(|digest| blob(digest)).collect();
        let bearers = customers::bearers(link, &digests).await?;
        Ok(Self { vault, cases, commands, bearers, pending: Pending::default() })
    }

    /// Asks one job; what it writes is kept for the end. An error leaves the batch as it was.
    fn decide(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        let (key, beside) = (job.key(), job.look().beside);
        let similar = job.look().customer.as_ref().map(|customer| self.similar(customer));
        let other = beside.and_then(|id| self.cases.get(&id)).map(|working| working.snapshot.clone());
        let working = self.cases.entry(key.case_id).or_default();
        working.snapshot.replay = key.command_id.and_then(|id| self.commands.get(&id).cloned());
        working.snapshot.beside = other.map(Box::new);
        working.snapshot.similar = similar.unwrap_or_default();
        let decided = job.decide(&working.snapshot);
        working.snapshot.beside = None;
        let Some(mut write) = decided? else { return Ok(()) };
        let other = write.beside.take();
        self.check(key.case_id, &write)?;
        if let Some(other) = &other {
            self.check(beside.ok_or(StoreError::Conflict)?, other)?;
        }
        self.absorb(key.case_id, *write)?;
        match (beside, other) {
            (Some(case_id), Some(other)) => self.absorb(case_id, *other),
            _ => Ok(()),
        }
    }

    fn similar(&self, customer: &CustomerLook) -> Vec<CaseId> {
        let digests = customer.keys.iter().map(|key| self.vault.blind(key));
        let bearers = digests.filter_map(|digest| self.bearers.get(digest.as_slice())).flatten();
        let recent = bearers.filter(|bearer| bearer.received_at >= customer.since);
        let found: BTreeSet<_> = recent.map(|bearer| (bearer.received_at, bearer.case_id)).collect();
        found.into_iter().rev().map(|(_, case_id)| case_id).take(SIMILAR).collect()
    }

    fn absorb(&mut self, case_id: CaseId, write: CaseWrite) -> Result<(), StoreError> {
        let working = self.cases.entry(case_id).or_default();
        if working.key.is_none() && !write.customer.is_empty() {
            let key = self.vault.new_case_key();
            self.pending.case_keys.push((case_id, self.vault.wrap(case_id, &key)?));
            working.key = Some(key);
        }
        if let Some(key) = &working.key {
            for draft in &write.customer {
                let sealed = self.vault.seal_customer(case_id, key, draft)?;
                self.pending.customer.push((case_id, draft.command_id, draft.at, sealed));
            }
        }
        self.pending.pooled.extend(write.pooled.map(|merged| (merged, case_id)));
        self.pending.events.extend(write.events.into_iter().map(|event| (case_id, event)));
        self.pending.receipts.extend(write.alert_receipts);
        self.pending.outgoing.extend(write.outgoing);
        self.pending.links.extend(write.link);
        self.pending.feed.extend(write.feed);
        if let Some(command) = write.command {
            let stored = StoredCommand { case_id, command };
            self.commands.insert(stored.command.command_id, stored.clone());
            self.pending.commands.push(stored);
        }
        working.take_alerts(write.alerts);
        if let Some(timers) = write.timers {
            working.snapshot.timers = timers;
        }
        if let Some(record) = write.case {
            self.pending.ways.extend(CaseWay::of(&record, working.snapshot.case.is_none()));
            working.snapshot.case = Some(record.case.clone());
            working.record = Some(record);
        }
        for draft in &write.blind {
            let digest = self.vault.blind(draft);
            if let Some(case) = &working.snapshot.case {
                let bearer = Bearer { case_id, received_at: case.created_at };
                self.bearers.entry(digest.to_vec()).or_default().push(bearer);
            }
            self.pending.blind.push((digest, case_id));
        }
        Ok(())
    }

    /// Contradictions that can be seen without the database, so that they do not fail the whole batch.
    fn check(&self, case_id: CaseId, write: &CaseWrite) -> Result<(), StoreError> {
        let foreign_case = write.case.as_ref().is_some_and(|record| record.case.case_id != case_id);
        let foreign_alert = write.alerts.iter().any(|alert| alert.case_id != case_id);
        let known_command =
            write.command.as_ref().is_some_and(|command| self.commands.contains_key(&command.command_id));
        if foreign_case || foreign_alert || known_command { Err(StoreError::Conflict) } else { Ok(()) }
    }

    async fn write(mut self, link: &mut Link) -> Result<Effects, StoreError> {
        let mut effects = Effects::default();
        for (case_id, working) in self.cases {
            let before: HashSet<&Timer> = working.stored_timers.iter().collect();
            let after: HashSet<&Timer> = working.snapshot.timers.iter().collect();
            if before != after {
                self.pending
                    .timers_off
                    .extend(before.difference(&after).map(|timer| timers::key(case_id, timer)));
                self.pending.timers_on.extend(after.difference(&before).map(|timer| (case_id, **timer)));
                let timers: Arc<[Timer]> = working.snapshot.timers.into();
                effects.timers.push(TimerChange::Case { case_id, timers });
            }
            self.pending.cases.extend(working.record);
            self.pending.alerts.extend(working.alerts.into_values());
        }
        effects.topics = self.pending.feed.iter().map(|row: &FeedDraft| row.topic.clone()).collect();
        effects.transaction = flush(link, self.pending).await?;
        Ok(effects)
    }
}

impl Working {
    fn take_alerts(&mut self, alerts: Vec<AlertRow>) {
        for alert in alerts {
            self.snapshot.open_alerts.retain(|open| open.alert_id != alert.alert_id);
            if alert.ended.is_none() {
                self.snapshot.open_alerts.push(alert.clone());
            }
            self.alerts.insert(alert.alert_id, alert);
        }
    }
}

fn case_param(case: &Case) -> Param {
    text(case.case_id)
}
