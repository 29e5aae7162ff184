//! 提交 on one desk to the alert on another: two real cores, each with its own store, over HTTP to a real server.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use chayan_client::ipc::{DeskEvent, DeskFault, Exit, LinkState, OpenReport, Settings, SignInArgs, Submit};
use chayan_client::{Desk, DeskParts, InMemorySecrets};
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use chayan_runtime::{SystemClock, SystemEntropy};
use chayan_tests::stopwatch::{Sample, Stopwatch};
use chayan_tests::wait::{self, PATIENCE};
use chayan_tests::world::{Tempo, World, http_client};
use tokio::sync::broadcast::error::RecvError;

use crate::crowd::report;
use crate::figures::{Figures, Target};

const ROUNDS: usize = 200;
/// Longer means lost.
const LOST: Duration = Duration::from_secs(10);

/// Submits and waits, one report after the other.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    // The cores speak TLS where they have to; the provider is set once for the process.
    http_client()?;
    let mut world = World::found(folder, Tempo::CALM).await?;
    let clerk = desk(&world, "clerk").await?;
    let leader = desk(&world, "leader1").await?;
    let (mut alert, mut answer) = (Sample::default(), Sample::default());
    for _ in 0..ROUNDS {
        let mut events = leader.events();
        let draft = clerk.open_draft(OpenReport::default()).await.map_err(fault)?;
        let watch = Stopwatch::start();
        let submit = Submit { case_id: draft.case_id, form: report().form, exits: vec![Exit::Leader] };
        clerk.submit(submit).await.map_err(fault)?;
        answer.add(watch.millis());
        let raised = async {
            loop {
                match events.recv().await {
                    Ok(DeskEvent::AlertRaised { alert }) if alert.case_id == draft.case_id => return Ok(()),
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Err(anyhow!("the leader's core ended")),
                }
            }
        };
        tokio::time::timeout(LOST, raised).await.context("an alert was lost")??;
        alert.add(watch.millis());
    }
    clerk.shutdown().await;
    leader.shutdown().await;
    figures.add("提交 to alert on another desk, p50", alert.percentile(50), "ms", Target::AtMost(60.0));
    figures.add("提交 to alert on another desk, p99", alert.percentile(99), "ms", Target::AtMost(150.0));
    figures.add("提交 to its answer on the own desk, p50", answer.percentile(50), "ms", Target::None);
    world.centre().stop().await
}

/// A core that is signed in and online.
async fn desk(world: &World, key: &str) -> Result<Desk> {
    let account = world.account(key)?;
    let desk = Desk::open(DeskParts {
        data_dir: world.folder().join("cores").join(key),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        secrets: Arc::new(InMemorySecrets::new()),
        client_version: env!("CARGO_PKG_VERSION").to_owned(),
    })
    .await
    .map_err(fault)?;
    desk.save_settings(Settings { server: world.server(), ..Settings::default() }).await.map_err(fault)?;
    let args = SignInArgs {
        person_id: PersonId(account.person_id.clone()),
        password: Private::new(&account.password),
    };
    desk.sign_in(args).await.map_err(fault)?;
    wait::until("the desk to be online", PATIENCE, async || match desk.boot_view().connection.link {
        LinkState::Online => Ok(()),
        link => Err(format!("{link:?}")),
    })
    .await?;
    Ok(desk)
}

fn fault(fault: DeskFault) -> anyhow::Error {
    anyhow!("{:?} {:?}", fault.code, fault.problem)
}
