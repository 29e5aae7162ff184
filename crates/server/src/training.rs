//! 练习: a small centre of its own for one desk, with made-up people and a week of their cases.
//!
//! It takes no setting from file, environment or flags, so that it can never be led to a real store; it listens on this
//! machine alone, on a port that was free, and everything that it keeps lies in the folder that it was given.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chayan_api::training::{TrainingCentre, TrainingPerson, TrainingRole};
use chayan_domain::directory::DirectoryDraft;
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use chayan_runtime::{Clock, Entropy};
use chayan_store::Store;
use tokio::net::TcpListener;

use crate::app::App;
use crate::centre::CentreParts;
use crate::commands::{live_history, open_store};
use crate::config::Config;
use crate::demo_directory::{self, Names};
use crate::history::Plan;
use crate::passwords::hash;
use crate::signing::Signer;

/// The city whose counters people practise at: enough for every level of the ladder, and quick to make.
const CITY: &str = "320500";
const DIVISIONS: &str = include_str!("../../../data/jiangsu-divisions.csv");
/// A week of cases, so that every list holds something.
const DAYS: u32 = 7;
const PER_DAY: u32 = 8;
/// Who is who: one chain, so that what the clerk reports reaches the others.
const PEOPLE: [(TrainingRole, &str); 5] = [
    (TrainingRole::Clerk, "32050803"),
    (TrainingRole::Leader, "32050802"),
    (TrainingRole::Agent, "32009502"),
    (TrainingRole::Handler, "32050022"),
    (TrainingRole::Head, "32050012"),
];

/// A training that runs.
pub struct Training {
    /// Its server.
    pub app: App,
    /// What the desk has to know of it.
    pub centre: TrainingCentre,
}

/// Makes the centre of a training in an empty folder and starts it.
///
/// # Errors
/// When the folder cannot be written, or holds a centre already.
pub async fn start(
    folder: &Path,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> anyhow::Result<Training> {
    let config = config_in(folder);
    let store = open_store(&config).await?;
    let plan = Plan { seed: entropy.up_to(u64::MAX), days: DAYS, until: clock.now(), per_day: PER_DAY };
    let city = city()?;
    live_history(&store, config.clone(), &plan, &city).await?;
    let (password, people) = accounts(&store, &*clock, &*entropy, &city).await?;
    let signer = Signer::open(&config.signing_key_file, &*entropy)?;
    let listener = TcpListener::bind(config.listen).await.context("no port on this machine")?;
    let app = App::start(CentreParts { store, clock, entropy, signer, config }, listener).await?;
    let centre = TrainingCentre { address: format!("http://{}", app.address()), password, people };
    Ok(Training { app, centre })
}

fn config_in(folder: &Path) -> Config {
    Config {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        store: folder.join("centre.db").display().to_string(),
        master_key_file: folder.join("master.key"),
        signing_key_file: folder.join("signing.key"),
        log_filter: "warn".to_owned(),
        drain_seconds: 1,
        ..Config::default()
    }
}

/// The province with this one city.
fn city() -> anyhow::Result<DirectoryDraft> {
    let mut lines = DIVISIONS.lines();
    let head = lines.next().unwrap_or_default();
    let rows = lines.filter(|line| line.split(',').nth(1) == Some(CITY));
    let csv: Vec<&str> = std::iter::once(head).chain(rows).collect();
    demo_directory::draft(&csv.join("\n"), &Names::built_in()?)
}

/// Lets the five in, under one password that nobody has to know.
async fn accounts(
    store: &Store,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
    city: &DirectoryDraft,
) -> anyhow::Result<(Private, Vec<TrainingPerson>)> {
    let password = Private::new(hex::encode(entropy.bytes32()));
    let hashed = hash(&password, entropy)?;
    let mut people = Vec::new();
    for (role, person_id) in PEOPLE {
        let person_id = PersonId::from(person_id);
        let person = city.people.iter().find(|person| person.person_id == person_id);
        let person = person.with_context(|| format!("{role:?} is nobody of the city"))?;
        let unit = city.units.iter().find(|unit| unit.unit_id == person.unit_id);
        store.put_account(&person_id, &hashed, clock.now()).await?;
        people.push(TrainingPerson {
            role,
            person_id,
            name: person.name.clone(),
            unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        });
    }
    Ok((password, people))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chayan_runtime::{SystemClock, SystemEntropy};

    #[tokio::test]
    async fn everything_of_it_lies_in_its_folder_and_it_answers_this_machine_alone() {
        let folder = tempfile::tempdir().unwrap();
        let training = start(folder.path(), Arc::new(SystemClock), Arc::new(SystemEntropy)).await.unwrap();
        assert!(training.app.address().ip().is_loopback());
        assert_eq!(training.app.centre().config.store, folder.path().join("centre.db").display().to_string());
        let roles: Vec<TrainingRole> = training.centre.people.iter().map(|person| person.role).collect();
        assert_eq!(roles, TrainingRole::ALL);
        training.app.stop().await.unwrap();
    }

    #[test]
    fn the_five_are_one_chain() {
        let city = city().unwrap();
        let leader_of = |id: &str| {
            let person = city.people.iter().find(|person| person.person_id.as_str() == id).unwrap();
            person.direct_leader.clone().unwrap()
        };
        assert_eq!(leader_of("32050803").as_str(), "32050802", "the clerk reports to the leader");
        assert_eq!(leader_of("32050802").as_str(), "32050012", "and the leader to the head");
        assert_eq!(leader_of("32050022").as_str(), "32050012", "the handler works for the head");
    }
}
