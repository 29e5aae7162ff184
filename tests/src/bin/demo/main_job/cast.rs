//! Who plays: four people at workplaces of their own, and the same people at the HTTP contract to check what they see.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use chayan_domain::ids::CaseId;
use chayan_domain::report::{Cause, CauseDetail, Step, Trigger};
use chayan_tests::world::{SignedIn, Tempo, Told, Workplace, World};

use crate::steps::Players;

/// The customer's telephone number; it must appear nowhere in the clear but in the windows that may show it.
pub(crate) const PHONE: &str = "13800005678";
/// What happened, as the clerk types it.
pub(crate) const NARRATIVE: &str = "客户已等定损两天,第三次来柜台催办,认为无人负责。";

/// What the clerk reports: 抱怨, 定损, 服务时效.
pub(crate) const TOLD: Told = Told {
    trigger: Trigger::Grumbling,
    step: Step::LossAssessment,
    cause: Cause::Timeliness,
    detail: Some(CauseDetail::TimelinessAssessment),
    phone: PHONE,
    narrative: NARRATIVE,
};

/// The world with its people.
pub(crate) struct Cast {
    pub(crate) world: World,
    pub(crate) clerk: Workplace,
    pub(crate) leader1: Workplace,
    pub(crate) leader2: Workplace,
    pub(crate) agent: Workplace,
    pub(crate) clerk_at_centre: SignedIn,
    pub(crate) agent_at_centre: SignedIn,
    first: Option<CaseId>,
    second: Option<CaseId>,
    titles: BTreeSet<String>,
}

impl Cast {
    /// Seeds the province, starts the server and sets up four desktops.
    pub(crate) async fn assemble(folder: &Path) -> Result<Self> {
        let world = World::found(folder, Tempo::DEMO).await?;
        Ok(Self {
            clerk: Workplace::set_up(&world, "clerk").await?,
            leader1: Workplace::set_up(&world, "leader1").await?,
            leader2: Workplace::set_up(&world, "leader2").await?,
            agent: Workplace::set_up(&world, "agent1").await?,
            clerk_at_centre: world.sign_in("clerk").await?,
            agent_at_centre: world.sign_in("agent1").await?,
            first: None,
            second: None,
            titles: BTreeSet::new(),
            world,
        })
    }

    /// The case of the first report.
    pub(crate) fn first(&self) -> Result<CaseId> {
        self.first.context("the first report was not sent")
    }

    /// Remembers the case of the first report.
    pub(crate) fn first_is(&mut self, case_id: CaseId) {
        self.first = Some(case_id);
    }

    /// The case of the second report.
    pub(crate) fn second(&self) -> Result<CaseId> {
        self.second.context("the second report was not sent")
    }

    /// Remembers the case of the second report.
    pub(crate) fn second_is(&mut self, case_id: CaseId) {
        self.second = Some(case_id);
    }

    /// Every window title that was there after a step.
    pub(crate) fn titles(&self) -> &BTreeSet<String> {
        &self.titles
    }
}

impl Players for Cast {
    fn workplace(&self, key: &str) -> Result<&Workplace> {
        Ok(match key {
            "clerk" => &self.clerk,
            "leader1" => &self.leader1,
            "leader2" => &self.leader2,
            "agent1" => &self.agent,
            other => bail!("`{other}` does not play"),
        })
    }

    fn workplaces(&self) -> Vec<&Workplace> {
        vec![&self.clerk, &self.leader1, &self.leader2, &self.agent]
    }

    /// Remembers every window title that is there now.
    fn look_around(&mut self) {
        let windows = self.workplaces().into_iter().filter_map(|place| place.stage().screen().windows().ok());
        let titles: Vec<String> = windows.flatten().map(|window| window.title).collect();
        self.titles.extend(titles);
    }
}
