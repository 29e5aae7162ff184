//! The made-up history of the province: lived through the real process, so it must hold what real ones hold.

use std::collections::BTreeSet;
use std::sync::Arc;

use chayan_domain::case::{Case, CaseState};
use chayan_domain::time::Timestamp;
use chayan_domain::visibility::Scope;
use chayan_runtime::{ManualClock, SeededEntropy, SystemEntropy};
use chayan_server::config::Config;
use chayan_server::demo_directory::{self, Names};
use chayan_server::history::{self, Plan, Tally};
use chayan_server::signing::Signer;
use chayan_server::{Centre, CentreParts};
use chayan_store::{CaseFilter, CaseOrder, CaseQuery, ReferenceKind, ReferenceVersion, Store};
use tempfile::TempDir;

use super::town::open;

/// 2026-11-01 00:00:00 in Asia/Shanghai.
const UNTIL: Timestamp = Timestamp(1_793_462_400_000);

/// A store with the history of a plan.
struct Province {
    store: Store,
    tally: Tally,
    _folder: TempDir,
}

async fn live(plan: &Plan) -> Province {
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { store: folder.path().join("province.db").display().to_string(), ..Config::default() };
    let store = open(&config, &folder).await;
    let divisions = include_str!("../../../data/jiangsu-divisions.csv");
    let draft = demo_directory::draft(divisions, &Names::built_in().unwrap()).unwrap();
    let version = ReferenceVersion {
        version: "province".to_owned(),
        effective_from: plan.from(),
        added_at: plan.from(),
        json: serde_json::to_string(&draft).unwrap(),
    };
    store.add_reference(ReferenceKind::Directory, &version).await.unwrap();
    let clock = ManualClock::new(plan.from());
    let parts = CentreParts {
        store: store.clone(),
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(SeededEntropy::new(plan.seed)),
        signer: Signer::open(&folder.path().join("signing.key"), &SystemEntropy).unwrap(),
        config,
    };
    let centre = Centre::new(parts).await.unwrap();
    let tally = history::live(&centre, &clock, plan).await.unwrap();
    Province { store, tally, _folder: folder }
}

async fn cases(store: &Store) -> Vec<Case> {
    let mut query = CaseQuery {
        scopes: vec![Scope::All],
        states: Vec::new(),
        filter: CaseFilter::default(),
        order: CaseOrder::NewestFirst,
        after: None,
        limit: 200,
    };
    let mut all = Vec::new();
    loop {
        let page = store.cases(&query).await.unwrap();
        all.extend(page.cases.into_iter().map(|listed| listed.case));
        let Some(next) = page.next else { return all };
        query.after = Some(next);
    }
}

#[tokio::test]
async fn a_made_up_history_is_whole_and_its_audit_finds_nothing() {
    let plan = Plan { seed: 7, days: 20, until: UNTIL, per_day: 30 };
    let province = live(&plan).await;
    assert_eq!(province.tally.refused, Vec::<String>::new(), "people only do what they may");
    let report = province.store.audit().await.unwrap();
    assert_eq!((report.cases, report.faults), (province.tally.cases, Vec::new()));
    let cases = cases(&province.store).await;
    assert_eq!(u64::try_from(cases.len()).unwrap(), province.tally.cases);
    let states: BTreeSet<CaseState> = cases.iter().map(|case| case.state).collect();
    let wanted = [
        CaseState::SpotResolved,
        CaseState::LeaderResolved,
        CaseState::ArchivedNoDissatisfaction,
        CaseState::Handling,
        CaseState::ArchivedResolved,
        CaseState::ToComplaint,
    ];
    for state in wanted {
        assert!(states.contains(&state), "no case is {state:?}: {states:?}");
    }
    let some = |what: &str, holds: &dyn Fn(&Case) -> bool| assert!(cases.iter().any(holds), "none {what}");
    some("was late at the counter", &|case| case.timing.overdue);
    some("climbed", &|case| case.ladder.len() > 1);
    some("was returned", &|case| case.disputes() > 0);
    some("was handled again", &|case| case.reworks() > 0);
    some("was urged", &|case| !case.urges.is_empty());
    some("was not reached at first", &|case| case.callback.dials.len() > 1);
    some("was told by word of mouth", &|case| case.ladder.iter().any(|level| level.verbal.is_some()));
}

#[tokio::test]
async fn the_same_seed_writes_the_same_history_and_another_seed_another() {
    let plan = Plan { seed: 7, days: 2, until: UNTIL, per_day: 12 };
    let chains = async |plan: &Plan| -> BTreeSet<String> {
        let province = live(plan).await;
        cases(&province.store).await.iter().map(|case| format!("{} {}", case.case_id, case.hash)).collect()
    };
    let first = chains(&plan).await;
    assert!(!first.is_empty());
    assert_eq!(first, chains(&plan).await);
    assert!(first.is_disjoint(&chains(&Plan { seed: 8, ..plan }).await));
}
