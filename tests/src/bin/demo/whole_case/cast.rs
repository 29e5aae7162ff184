//! Who plays: one person of each role at a workplace of their own, and the same people at the HTTP contract.

use std::path::Path;

use anyhow::{Context, Result};
use chayan_api::cases::CaseDetail;
use chayan_domain::case::CaseState;
use chayan_domain::ids::CaseId;
use chayan_tests::wait::PATIENCE;
use chayan_tests::world::{SignedIn, Tempo, Workplace, World};

use crate::steps::Players;

/// Counter, direct leader, complaint group, department, its head, customer-service department.
const ROLES: [&str; 6] = ["clerk", "leader1", "agent1", "handler", "leader2", "csd"];

/// Somebody with a desk, and what the centre tells them.
struct Player {
    key: &'static str,
    place: Workplace,
    at_centre: SignedIn,
}

/// The world with its people.
pub(crate) struct Cast {
    pub(crate) world: World,
    players: Vec<Player>,
    case: Option<CaseId>,
}

impl Cast {
    /// Seeds the province, starts the server and sets up six desktops.
    pub(crate) async fn assemble(folder: &Path) -> Result<Self> {
        let world = World::found(folder, Tempo::STANDARD).await?;
        let mut players = Vec::with_capacity(ROLES.len());
        for key in ROLES {
            let place = Workplace::set_up(&world, key).await?;
            players.push(Player { key, place, at_centre: world.sign_in(key).await? });
        }
        Ok(Self { world, players, case: None })
    }

    /// Everybody's program starts and they sign in, one after the other.
    pub(crate) async fn sign_in(&mut self) -> Result<()> {
        for player in &mut self.players {
            player.place.start_readable().await?;
            player.place.sign_in().await.with_context(|| player.key)?;
        }
        Ok(())
    }

    /// Ends the programs in good order.
    pub(crate) async fn close(&mut self) -> Result<()> {
        for player in &mut self.players {
            player.place.close_pages().await?;
        }
        Ok(())
    }

    /// Somebody's desk, for what changes the desk itself.
    pub(crate) fn workplace_mut(&mut self, key: &str) -> Result<&mut Workplace> {
        let found = self.players.iter_mut().find(|player| player.key == key);
        found.map(|player| &mut player.place).with_context(|| format!("`{key}` does not play"))
    }

    /// What the centre tells somebody.
    pub(crate) fn at_centre(&self, key: &str) -> Result<&SignedIn> {
        self.player(key).map(|player| &player.at_centre)
    }

    /// The case that is played now.
    pub(crate) fn case(&self) -> Result<CaseId> {
        self.case.context("nothing was reported yet")
    }

    /// From here on this case is played.
    pub(crate) fn case_is(&mut self, case_id: CaseId) {
        self.case = Some(case_id);
    }

    /// The case as somebody sees it once it is in this state.
    pub(crate) async fn case_in(&self, state: CaseState, seen_by: &str) -> Result<CaseDetail> {
        self.at_centre(seen_by)?.state_of(self.case()?, state, PATIENCE).await
    }

    fn player(&self, key: &str) -> Result<&Player> {
        self.players.iter().find(|player| player.key == key).with_context(|| format!("`{key}` does not play"))
    }
}

impl Players for Cast {
    fn workplace(&self, key: &str) -> Result<&Workplace> {
        self.player(key).map(|player| &player.place)
    }

    fn workplaces(&self) -> Vec<&Workplace> {
        self.players.iter().map(|player| &player.place).collect()
    }
}
