//! A small province and one case in it, moved by a clock that the test turns.

mod onward;

use chayan_domain::calendar::Calendars;
use chayan_domain::case::{
    Actor, AlertChange, Case, CaseState, Command, Context, EventBody, Refusal, ReportSheet, SealedEvent,
    Step, Submission, TimerName, advance,
};
use chayan_domain::directory::{
    Absence, Department, Directory, DirectoryDraft, Line, LineLeader, Person, Post, Role, Unit, UnitLevel,
};
use chayan_domain::evidence::{Commitment, Hash, ReportTime, TimeProof};
use chayan_domain::ids::{CaseId, ComplaintNo, EventId, PersonId, UnitId};
use chayan_domain::report::{Cause, Channel, FieldName, ReportFacts, Step as BusinessStep, Trigger};
use chayan_domain::rules::{EffectiveRules, RuleSet};
use chayan_domain::time::{Span, Timestamp};
use uuid::Uuid;

/// 2026-03-02 09:00 in Jiangsu.
pub(crate) const START: Timestamp = Timestamp(1_772_413_200_000);

pub(crate) const CLERK: &str = "C1";
pub(crate) const LEADER: &str = "L1";
pub(crate) const DEPUTY: &str = "D1";
pub(crate) const CITY: &str = "L2";
pub(crate) const PROVINCE: &str = "L3";
pub(crate) const AGENT: &str = "A1";
pub(crate) const OTHER_AGENT: &str = "A2";
pub(crate) const GROUP_HEAD: &str = "H1";
pub(crate) const HOTLINE: &str = "T1";
pub(crate) const COUNTY_SERVICE: &str = "S1";
pub(crate) const CITY_SERVICE: &str = "S2";
pub(crate) const AUDITOR: &str = "U1";
pub(crate) const ADMIN: &str = "I1";
pub(crate) const STRANGER: &str = "X1";
/// 县支公司·理赔: its head and two handlers.
pub(crate) const HEAD: &str = "B0";
pub(crate) const HANDLER: &str = "B1";
pub(crate) const COLLEAGUE: &str = "B2";
/// 市分公司·销售: its head and a handler.
pub(crate) const SALES_HEAD: &str = "V0";
pub(crate) const SALES: &str = "V1";
/// 省分公司·客服: a handler.
pub(crate) const SERVICE: &str = "W1";
/// 分管领导 of 市分公司·理赔 and everything below, and of 省分公司·客服.
pub(crate) const LINE_LEADER: &str = "E1";
pub(crate) const SERVICE_LEADER: &str = "E2";

/// Everybody of the province.
pub(crate) const PEOPLE: [&str; 22] = [
    CLERK,
    LEADER,
    DEPUTY,
    CITY,
    PROVINCE,
    GROUP_HEAD,
    AGENT,
    OTHER_AGENT,
    HOTLINE,
    COUNTY_SERVICE,
    CITY_SERVICE,
    AUDITOR,
    ADMIN,
    STRANGER,
    HEAD,
    HANDLER,
    COLLEAGUE,
    SALES_HEAD,
    SALES,
    SERVICE,
    LINE_LEADER,
    SERVICE_LEADER,
];

pub(crate) fn id(code: &str) -> PersonId {
    PersonId::from(code)
}

pub(crate) fn person(actor: &str) -> Actor {
    Actor::Person { person_id: id(actor) }
}

pub(crate) fn unit(code: &str, parent: Option<&str>, level: UnitLevel) -> Unit {
    Unit {
        unit_id: UnitId::from(code),
        parent: parent.map(UnitId::from),
        level,
        name: code.to_owned(),
        active_from: Timestamp(0),
        active_to: None,
        successor: None,
    }
}

pub(crate) fn member(code: &str, unit: &str, leader: Option<&str>, roles: &[Role]) -> Person {
    Person {
        person_id: id(code),
        name: format!("name of {code}"),
        unit_id: UnitId::from(unit),
        line: Line::Claims,
        post: Post::GeneralCounter,
        direct_leader: leader.map(id),
        deputies: Vec::new(),
        roles: roles.to_vec(),
        phone: None,
    }
}

/// County clerk → county leader (deputy D1) → city leader → province leader, and the 95518 side.
pub(crate) fn province() -> DirectoryDraft {
    let mut leader = member(LEADER, "320583", Some(CITY), &[]);
    leader.deputies = vec![id(DEPUTY)];
    DirectoryDraft {
        units: vec![
            unit("JS", None, UnitLevel::Province),
            unit("320500", Some("JS"), UnitLevel::City),
            unit("320583", Some("320500"), UnitLevel::County),
            unit("320600", Some("JS"), UnitLevel::City),
        ],
        people: vec![
            member(CLERK, "320583", Some(LEADER), &[]),
            leader,
            member(DEPUTY, "320583", Some(LEADER), &[]),
            member(CITY, "320500", Some(PROVINCE), &[]),
            member(PROVINCE, "JS", None, &[]),
            member(GROUP_HEAD, "JS", Some(PROVINCE), &[]),
            member(AGENT, "JS", Some(GROUP_HEAD), &[Role::Cmp]),
            member(OTHER_AGENT, "JS", Some(GROUP_HEAD), &[Role::Cmp]),
            member(HOTLINE, "JS", Some(GROUP_HEAD), &[Role::Agt]),
            member(COUNTY_SERVICE, "320583", Some(LEADER), &[Role::Csd]),
            member(CITY_SERVICE, "320500", Some(CITY), &[Role::Csd]),
            member(AUDITOR, "JS", Some(PROVINCE), &[Role::Aud]),
            member(ADMIN, "JS", Some(PROVINCE), &[Role::Adm]),
            member(STRANGER, "320600", Some(PROVINCE), &[Role::Csd]),
            member(HEAD, "320583", Some(LEADER), &[Role::Dpt]),
            member(HANDLER, "320583", Some(HEAD), &[Role::Hdl]),
            member(COLLEAGUE, "320583", Some(HEAD), &[Role::Hdl]),
            in_line(member(SALES_HEAD, "320500", Some(CITY), &[Role::Dpt]), Line::Sales),
            in_line(member(SALES, "320500", Some(SALES_HEAD), &[Role::Hdl]), Line::Sales),
            in_line(member(SERVICE, "JS", Some(GROUP_HEAD), &[Role::Hdl]), Line::CustomerService),
            member(LINE_LEADER, "320500", Some(PROVINCE), &[Role::Exe]),
            member(SERVICE_LEADER, "JS", Some(PROVINCE), &[Role::Exe]),
        ],
        absences: Vec::new(),
        line_leaders: vec![
            line_leader("320500", Line::Claims, LINE_LEADER),
            line_leader("JS", Line::CustomerService, SERVICE_LEADER),
        ],
    }
}

fn in_line(person: Person, line: Line) -> Person {
    Person { line, ..person }
}

fn line_leader(unit: &str, line: Line, code: &str) -> LineLeader {
    LineLeader { unit_id: UnitId::from(unit), line, person_id: id(code) }
}

pub(crate) fn department(unit: &str, line: Line) -> Department {
    Department { unit_id: UnitId::from(unit), line }
}

/// The department that surveyed the clerk's customer.
pub(crate) fn claims() -> Department {
    department("320583", Line::Claims)
}

pub(crate) fn sales() -> Department {
    department("320500", Line::Sales)
}

pub(crate) fn service() -> Department {
    department("JS", Line::CustomerService)
}

pub(crate) fn note() -> Commitment {
    Commitment(Hash([9; 32]))
}

pub(crate) fn complaint_no() -> ComplaintNo {
    ComplaintNo::from("TS-2026-1")
}

pub(crate) fn away(code: &str, from: Timestamp, to: Timestamp) -> Absence {
    Absence { person_id: id(code), from, to, deputy: None }
}

/// A form with all six inputs.
pub(crate) fn full_sheet() -> ReportSheet {
    ReportSheet {
        facts: ReportFacts {
            trigger: Some(Trigger::Grumbling),
            step: Some(BusinessStep::Survey),
            cause: Some(Cause::Timeliness),
            complaint_demanded: Some(false),
            ..ReportFacts::default()
        },
        given: vec![FieldName::Phone, FieldName::Narrative],
        missing: Vec::new(),
        commitment: Some(Commitment(Hash([7; 32]))),
    }
}

/// A form with the trigger alone.
pub(crate) fn trigger_only() -> ReportSheet {
    ReportSheet {
        facts: ReportFacts { trigger: Some(Trigger::DemandUnmet), ..ReportFacts::default() },
        given: Vec::new(),
        missing: vec![
            FieldName::Step,
            FieldName::Cause,
            FieldName::ComplaintDemanded,
            FieldName::Phone,
            FieldName::Narrative,
        ],
        commitment: None,
    }
}

/// A supplement that gives another telephone number and nothing else.
pub(crate) fn phone_only() -> ReportSheet {
    ReportSheet {
        facts: ReportFacts::default(),
        given: vec![FieldName::Phone],
        missing: vec![
            FieldName::Trigger,
            FieldName::Step,
            FieldName::Cause,
            FieldName::ComplaintDemanded,
            FieldName::Narrative,
        ],
        commitment: Some(Commitment(Hash([8; 32]))),
    }
}

pub(crate) fn online(at: Timestamp) -> ReportTime {
    ReportTime { earliest: Some(at), latest: at, proof: TimeProof::Online }
}

/// One case in a province, and everything that has followed so far.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) directory: Directory,
    pub(crate) rules: EffectiveRules,
    pub(crate) calendars: Calendars,
    pub(crate) now: Timestamp,
    pub(crate) case: Option<Case>,
    pub(crate) events: Vec<SealedEvent>,
    pub(crate) alerts: Vec<AlertChange>,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(province())
    }

    pub(crate) fn with(draft: DirectoryDraft) -> Self {
        let directory = Directory::build(draft).expect("the province is valid");
        let rules = RuleSet::standard().effective(&UnitId::from("320583"), &directory);
        let calendars = Calendars::standard();
        Self { directory, rules, calendars, now: START, case: None, events: Vec::new(), alerts: Vec::new() }
    }

    pub(crate) fn case(&self) -> &Case {
        self.case.as_ref().expect("the case has begun")
    }

    pub(crate) fn state(&self) -> CaseState {
        self.case().state
    }

    pub(crate) fn case_id() -> CaseId {
        CaseId(Uuid::from_u128(1))
    }

    /// First words of the clerk, found at the start.
    pub(crate) fn words(&self, sheet: ReportSheet) -> Submission {
        Submission {
            case_id: Self::case_id(),
            reporter: id(CLERK),
            line: Line::Claims,
            found_at: START,
            timing_started_at: Some(START),
            channel: Channel::Desktop,
            report_time: online(self.now),
            episode_of: None,
            sheet,
        }
    }

    /// What an agent registers for the clerk who rang at this moment.
    pub(crate) fn call(&self, called_at: Timestamp) -> Command {
        let report_time =
            ReportTime { earliest: Some(called_at), latest: called_at, proof: TimeProof::Telephone };
        let found_at = START.min(called_at);
        let words = Submission {
            found_at,
            timing_started_at: None,
            channel: Channel::Telephone,
            report_time,
            ..self.words(full_sheet())
        };
        Command::RegisterAsAgent { submission: words, called_at }
    }

    pub(crate) fn context<'a>(&'a self, actor: &'a Actor) -> Context<'a> {
        let World { now, rules, directory, calendars, .. } = self;
        Context { now: *now, actor, device: None, rules, directory, calendars }
    }

    pub(crate) fn at(&mut self, after_start: Span) -> &mut Self {
        self.now = START.plus(after_start);
        self
    }

    pub(crate) fn wait(&mut self, span: Span) -> &mut Self {
        self.now = self.now.plus(span);
        self
    }

    pub(crate) fn attempt(&mut self, actor: &Actor, command: &Command) -> Result<Step, Refusal> {
        let ids = u128::try_from(self.events.len()).expect("few events");
        let mut next = 1_000 + ids;
        let mut new_id = || {
            next += 1;
            EventId(Uuid::from_u128(next))
        };
        let step = advance(self.case.clone(), command, &self.context(actor), None, &mut new_id)?;
        self.case = Some(step.case.clone());
        self.events.extend(step.events.clone());
        self.alerts.clone_from(&step.alerts);
        Ok(step)
    }

    /// What a person does, which must be possible.
    pub(crate) fn by(&mut self, actor: &str, command: Command) -> Step {
        let now = self.now;
        self.attempt(&person(actor), &command)
            .unwrap_or_else(|refusal| panic!("{actor} {command:?} at {now:?}: {refusal:?}"))
    }

    /// What the centre finds by itself.
    pub(crate) fn by_system(&mut self, command: Command) -> Step {
        self.attempt(&Actor::System, &command).expect("the system is never refused")
    }

    /// What a person tries, which must be refused.
    pub(crate) fn refused(&mut self, actor: &str, command: Command) -> Refusal {
        let before = self.case.clone();
        let refusal = match self.attempt(&person(actor), &command) {
            Ok(step) => panic!("{actor} {command:?} was possible: {:?}", step.events),
            Err(refusal) => refusal,
        };
        assert_eq!(self.case, before, "a refusal changes nothing");
        refusal
    }

    pub(crate) fn fire(&mut self, name: TimerName, level: u8) -> Step {
        self.attempt(&Actor::System, &Command::FireTimer { name, level }).expect("timers are never refused")
    }

    /// Fires whatever is due by now, in order, as an engine does. Returns what fired.
    pub(crate) fn fire_due(&mut self) -> Vec<TimerName> {
        let mut fired = Vec::new();
        loop {
            let timers = chayan_domain::case::timers(self.case());
            let Some(timer) = timers.into_iter().find(|timer| timer.due_at <= self.now) else { return fired };
            let step = self.fire(timer.name, timer.level);
            assert!(!step.events.is_empty(), "a due timer that is armed leads to something: {timer:?}");
            assert!(!step.timers.contains(&timer), "a timer fires once: {timer:?}");
            fired.push(timer.name);
        }
    }

    pub(crate) fn bodies(step: &Step) -> Vec<EventBody> {
        step.events.iter().map(|sealed| sealed.event.body.clone()).collect()
    }

    pub(crate) fn start_timing(&mut self) -> &mut Self {
        let words = self.words(ReportSheet::default());
        self.by(CLERK, Command::StartTiming(words));
        self
    }

    pub(crate) fn notify(&mut self) -> &mut Self {
        let words = self.words(trigger_only());
        self.by(CLERK, Command::NotifyLeader(words));
        self
    }

    pub(crate) fn start_flow(&mut self) -> &mut Self {
        let words = self.words(full_sheet());
        self.by(CLERK, Command::StartFlow(words));
        self
    }

    pub(crate) fn deliver(&mut self, to: &str) -> &mut Self {
        let level = self.told_at(&id(to));
        self.by(to, Command::NoteDelivery { person_id: id(to), level });
        self
    }

    /// The highest level at which somebody was told; 0 where they were not.
    pub(crate) fn told_at(&self, person: &PersonId) -> u8 {
        let ladder = self.case.iter().flat_map(|case| case.ladder.iter().rev());
        ladder.into_iter().find(|level| level.alerted.contains(person)).map_or(0, |level| level.level)
    }

    pub(crate) fn claim_and_dial(&mut self) -> &mut Self {
        self.by(AGENT, Command::ClaimCallback);
        self.by(AGENT, Command::LogDial);
        self
    }
}

/// When the armed timers are due, by name, in minutes and milliseconds since the start.
pub(crate) fn due(world: &World) -> Vec<(TimerName, u8, i64)> {
    chayan_domain::case::timers(world.case())
        .into_iter()
        .map(|timer| (timer.name, timer.level, timer.due_at.since(START).0))
        .collect()
}

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 24 * 60 * MINUTE;

impl World {
    /// What a person tries before the case exists, which must be refused.
    pub(crate) fn refused_before(&mut self, actor: &str, command: Command) -> Refusal {
        assert!(self.case.is_none());
        self.refused(actor, command)
    }

    /// Whom the last step told something of this kind, with the level.
    pub(crate) fn raised(&self, wanted: chayan_domain::case::AlertKind) -> Vec<(String, u8)> {
        self.alerts
            .iter()
            .filter_map(|change| match change {
                AlertChange::Raise { person_id, kind, level, .. } if *kind == wanted => {
                    Some((person_id.as_str().to_owned(), *level))
                }
                _ => None,
            })
            .collect()
    }

    /// What the last step closed: from whom (`*`: anybody), which kind (`None`: all), why.
    pub(crate) fn closed(
        &self,
    ) -> Vec<(String, Option<chayan_domain::case::AlertKind>, chayan_domain::case::AlertEnd)> {
        self.alerts
            .iter()
            .filter_map(|change| match change {
                AlertChange::Close { person_id, kind, reason } => {
                    Some((person_id.as_ref().map_or("*", PersonId::as_str).to_owned(), *kind, *reason))
                }
                _ => None,
            })
            .collect()
    }
}
