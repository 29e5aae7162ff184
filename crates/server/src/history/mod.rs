//! A province's history, made up: thousands of cases through all states, with the mistakes that people make.
//!
//! Nothing is written past the process: everybody acts through the same commands as at a desk, every clock is fired by
//! the same code as the engine's, on a clock that is moved. So receipts verify, chains hold, and what the process
//! refuses does not happen here either. One seed always writes the same history.
//!
//! Who does what next is looked up case by case: [`counter`] up to the flow, [`hotline`] at 95518, [`department`] at
//! the unit that caused it. Each change of a case makes its people think again.

mod agenda;
mod chance;
mod counter;
mod department;
mod hands;
mod hotline;
mod scene;
mod script;

use std::collections::HashMap;

use anyhow::Context as _;
use chayan_domain::calendar::Day;
use chayan_domain::case::{Case, CaseState, Timer};
use chayan_domain::directory::{Person, Post};
use chayan_domain::ids::CaseId;
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock as _, ManualClock};
use chayan_store::{AlertRow, CommitKey, Decision, Snapshot, TimerRow};

use crate::centre::Centre;
use crate::demo_directory::Names;
use crate::service::fire;
use agenda::{Agenda, Due};
use chance::Chance;
use hands::Hands;
use scene::{Intent, Scene};
use script::Script;

const DAY: Span = Span::minutes(24 * 60);

/// How much history, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Decides everything.
    pub seed: u64,
    /// Days, counted back from `until`.
    pub days: u32,
    /// The moment at which the history stops; what is under way then stays so.
    pub until: Timestamp,
    /// Cases that begin on a working day; a third of them on a free one.
    pub per_day: u32,
}

impl Plan {
    /// When it begins: the first moment of a day.
    #[must_use]
    pub fn from(&self) -> Timestamp {
        Day::of(self.until.minus(Span(DAY.0.saturating_mul(self.days.into())))).start()
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases.
    pub cases: u64,
    /// Commands, device reports and timers.
    pub steps: u64,
    /// Acts that the process refused, as their codes: there should be none.
    pub refused: Vec<String>,
}

/// Lives through the plan. The centre must stand on `clock`.
///
/// # Errors
/// When the directory has no counters, or the store fails.
pub async fn live(centre: &Centre, clock: &ManualClock, plan: &Plan) -> anyhow::Result<Tally> {
    let (script, names) = (Script::built_in()?, Names::built_in()?);
    let mut history = History {
        centre,
        clock,
        script,
        names,
        hands: Hands::new(centre),
        agenda: Agenda::default(),
        cases: HashMap::new(),
        tally: Tally::default(),
    };
    history.beginnings(plan)?;
    while let Some((at, due)) = history.agenda.next(plan.until) {
        clock.set(at.max(clock.now()));
        history.step(due).await?;
    }
    clock.set(plan.until.max(clock.now()));
    Ok(history.tally)
}

struct History<'a> {
    centre: &'a Centre,
    clock: &'a ManualClock,
    script: Script,
    names: Names,
    hands: Hands<'a>,
    agenda: Agenda,
    /// The chance of each case, until nothing more happens to it.
    cases: HashMap<CaseId, Box<Chance>>,
    tally: Tally,
}

/// A case as its people find it.
struct Found {
    case: Case,
    alerts: Vec<AlertRow>,
    timers: Vec<Timer>,
}

impl History<'_> {
    /// Puts the beginning of every case on the agenda: through the day, mostly in office hours.
    fn beginnings(&mut self, plan: &Plan) -> anyhow::Result<()> {
        let organisation = self.centre.organisation();
        let counters: Vec<Person> =
            organisation.directory.people().iter().filter(|person| is_counter(person)).cloned().collect();
        if counters.is_empty() {
            anyhow::bail!("the directory has no counters");
        }
        let mut number = 0;
        for day in 0..plan.days {
            let midnight = plan.from().plus(Span(DAY.0.saturating_mul(i64::from(day))));
            let noon = midnight.plus(Span::minutes(11 * 60));
            let works = organisation.calendars.province().is_open(noon);
            let count = if works { plan.per_day } else { plan.per_day / 3 };
            for _ in 0..count {
                let chance = Chance::new(plan.seed, number);
                number += 1;
                let at = midnight.plus(chance.span(Span::minutes(8 * 60 + 20), Span::minutes(18 * 60)));
                let clerk = chance.pick(&counters).context("nobody at the counters")?.clone();
                self.agenda.add(at, Due::Begin { clerk: Box::new(clerk), chance: Box::new(chance) });
            }
        }
        Ok(())
    }

    async fn step(&mut self, due: Due) -> anyhow::Result<()> {
        self.tally.steps += 1;
        let now = self.clock.now();
        let case_id = match due {
            Due::Begin { clerk, chance } => {
                let case_id = CaseId(self.centre.entropy.uuid(now));
                let act = counter::beginning(&chance, (&self.script, &self.names), &clerk, now);
                self.cases.insert(case_id, chance);
                self.tally.cases += 1;
                let intent = Intent::act(clerk.person_id.clone(), now, act);
                self.carry_out(case_id, intent).await?;
                case_id
            }
            Due::Act { case_id, version, intent } => {
                if self.look(case_id).await?.is_none_or(|found| found.case.version != version) {
                    return Ok(());
                }
                self.carry_out(case_id, *intent).await?;
                case_id
            }
            Due::Timer(row) => {
                if !fire::fire(self.centre, row).await? {
                    return Ok(());
                }
                row.case_id
            }
        };
        self.go_on(case_id).await
    }

    async fn carry_out(&mut self, case_id: CaseId, intent: Intent) -> anyhow::Result<()> {
        if let Some(code) = self.hands.carry_out(case_id, intent).await? {
            self.tally.refused.push(code);
        }
        Ok(())
    }

    /// Arms the clocks of a case and asks its people what they do next.
    async fn go_on(&mut self, case_id: CaseId) -> anyhow::Result<()> {
        let Some(found) = self.look(case_id).await? else { return Ok(()) };
        for timer in &found.timers {
            self.agenda
                .add(timer.due_at.max(self.clock.now()), Due::Timer(TimerRow { case_id, timer: *timer }));
        }
        let Some(chance) = self.cases.get(&case_id) else { return Ok(()) };
        let organisation = self.centre.organisation();
        let scene = Scene {
            case: &found.case,
            alerts: &found.alerts,
            now: self.clock.now(),
            directory: &organisation.directory,
            calendars: &organisation.calendars,
            chance,
            script: &self.script,
            names: &self.names,
        };
        let next =
            counter::next(&scene).or_else(|| hotline::next(&scene)).or_else(|| department::next(&scene));
        if let Some(intent) = next {
            let version = found.case.version;
            self.agenda.add(intent.at, Due::Act { case_id, version, intent: Box::new(intent) });
        } else if found.timers.is_empty() && is_over(found.case.state) {
            self.cases.remove(&case_id);
        }
        Ok(())
    }

    async fn look(&self, case_id: CaseId) -> anyhow::Result<Option<Found>> {
        let key = CommitKey { case_id, command_id: None };
        let read = |snapshot: &Snapshot| {
            let found = snapshot.case.clone().map(|case| Found {
                case,
                alerts: snapshot.open_alerts.clone(),
                timers: snapshot.timers.clone(),
            });
            Decision::keep(found)
        };
        Ok(self.centre.store.commit(key, read).await?)
    }
}

/// Clerks serve customers; who handles, leads or calls back does not.
fn is_counter(person: &Person) -> bool {
    person.roles.is_empty() && person.direct_leader.is_some() && person.post != Post::Management
}

const fn is_over(state: CaseState) -> bool {
    matches!(
        state,
        CaseState::Discarded
            | CaseState::SpotResolved
            | CaseState::LeaderResolved
            | CaseState::Withdrawn
            | CaseState::Void
            | CaseState::ArchivedUnresolved
    )
}
