//! Random sequences of commands with a moving clock: no timer is lost, none fires twice, the chain verifies, what is
//! decided can always be applied, and reading the chain back gives the same case.

use std::collections::HashSet;

use chayan_domain::case::{
    Actor, CallbackResult, CaseState, Command, EventBody, HandlingResult, RecallResult, ReturnReason, Step,
    Timer, TimerName, VoidReason, replay, timers,
};
use chayan_domain::time::Span;
use proptest::prelude::*;

use crate::support::*;

const ACTORS: [&str; 15] = [
    CLERK,
    LEADER,
    DEPUTY,
    CITY,
    PROVINCE,
    AGENT,
    OTHER_AGENT,
    HOTLINE,
    CITY_SERVICE,
    HEAD,
    HANDLER,
    COLLEAGUE,
    SALES,
    SALES_HEAD,
    LINE_LEADER,
];

#[derive(Debug, Clone)]
enum Move {
    Act {
        person: usize,
        command: usize,
    },
    Wait(i64),
    /// The engine runs: everything that is due fires, in order.
    Engine,
    /// Somebody (or a node that lagged) fires some timer, armed or not, due or not.
    Stray {
        name: usize,
        level: u8,
    },
}

const NAMES: &[TimerName] = TimerName::ALL;

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => (0..ACTORS.len(), 0..COMMANDS).prop_map(|(person, command)| Move::Act { person, command }),
        2 => (0_i64..200_000).prop_map(Move::Wait),
        1 => (0_i64..2_000_000).prop_map(Move::Wait),
        1 => (0_i64..200_000_000).prop_map(Move::Wait),
        2 => Just(Move::Engine),
        1 => (0..NAMES.len(), 0_u8..5).prop_map(|(name, level)| Move::Stray { name, level }),
    ];
    proptest::collection::vec(one, 1..60)
}

const COMMANDS: usize = 60;

fn command(world: &World, person: usize, number: usize) -> Command {
    let record = |result| Command::RecordCallback { result, appointment_at: None, note: None };
    let someone = id(ACTORS[person]);
    match number {
        0 | 1 => Command::StartTiming(world.words(trigger_only())),
        2 | 3 => Command::NotifyLeader(world.words(trigger_only())),
        4 => Command::StartFlow(world.words(full_sheet())),
        5 => world.call(world.now),
        6 => Command::ResolveOnSpot(world.words(trigger_only())),
        7 => Command::Discard,
        8 => Command::Supplement { sheet: phone_only() },
        9 | 10 => Command::NoteDelivery { level: world.told_at(&someone), person_id: someone },
        11 => Command::NoteShown { level: world.told_at(&someone), person_id: someone },
        12 => Command::TakeOver,
        13 => Command::ResolveAsLeader { note: None },
        14 => Command::Escalate,
        15 => Command::StartFlowAsLeader,
        16 => Command::Withdraw { note: None },
        17 => Command::ClaimCallback,
        18 => Command::LogDial,
        19 => Command::ReleaseCallback,
        20 => record(CallbackResult::NotReached),
        21 => record(CallbackResult::WrongNumber),
        22 => Command::RecordCallback {
            result: CallbackResult::Appointment,
            appointment_at: Some(world.now.plus(Span(90_000))),
            note: None,
        },
        23 => Command::Void { reason: VoidReason::Test, merged_into: None },
        24 => Command::ReportVerbally {
            submission: world.words(trigger_only()),
            leader: id(LEADER),
            told_at: START,
        },
        25 => Command::Countersign { told_at: world.now },
        26 => Command::RefuseCountersign { note: None },
        27 => Command::NameInvolved { people: vec![someone] },
        28 => Command::NoteComplaint { at: START },
        _ => handled(world, number),
    }
}

fn handled(world: &World, number: usize) -> Command {
    let recall = |result| Command::RecordRecall { result, appointment_at: None, note: None };
    let record = |result| Command::RecordCallback { result, appointment_at: None, note: None };
    match number {
        29 => Command::SendToDispatch { note: None },
        30..=33 => record(CallbackResult::Dissatisfied),
        34..=36 => Command::Dispatch { lead: claims(), assisting: vec![sales()], note: None },
        37 => Command::Dispatch { lead: sales(), assisting: Vec::new(), note: None },
        38 => Command::Rule { lead: claims(), assisting: Vec::new(), reason: note() },
        39 | 40 => Command::Sign,
        41 => Command::Return { reason: ReturnReason::NotOurUnit, note: None },
        42 => Command::AssignHandler { handler: id(COLLEAGUE) },
        43 | 44 => Command::LogContact { reached: true, note: None },
        45 => Command::Assist { note: note() },
        46 | 47 => Command::WriteResult { result: HandlingResult::ResolvedRemedied, note: None },
        48 => Command::ApproveResult,
        49 => Command::RejectResult { note: note() },
        50 => Command::ClaimRecall,
        51 => Command::LogRecallDial,
        52 => recall(RecallResult::NotReached),
        53 => recall(RecallResult::Dissatisfied),
        54 => recall(RecallResult::Satisfied),
        55 => Command::ArchiveUnresolved { reason: note() },
        56 => Command::Urge { note: None },
        57 => Command::Reopen { complaint_no: complaint_no(), note: None },
        58 => Command::AcknowledgeEscalation,
        _ => Command::RecordRecall {
            result: RecallResult::Appointment,
            appointment_at: Some(world.now.plus(Span(90_000))),
            note: None,
        },
    }
}

/// Whether the events of a step answer a timer that was armed before it, told from what happened alone.
fn answered(timer: &Timer, bodies: &[EventBody]) -> bool {
    let ended = |body: &EventBody| {
        matches!(
            body,
            EventBody::Voided { .. }
                | EventBody::LeaderResolved { .. }
                | EventBody::FlowStarted { .. }
                | EventBody::Withdrawn { .. }
        )
    };
    bodies.iter().any(|body| match (timer.name, body) {
        (TimerName::T1Warning, EventBody::TimingWarned { .. }) => true,
        (TimerName::T1Warning | TimerName::T1, body) => matches!(
            body,
            EventBody::TimingOverdue { .. }
                | EventBody::Reported { .. }
                | EventBody::Discarded
                | EventBody::Voided { .. }
        ),
        (TimerName::DeliveryDeputy, EventBody::NoticeUndelivered { level, .. }) => *level == timer.level,
        (TimerName::DeliveryDeputy | TimerName::DeliveryClimb, EventBody::NoticeDelivered { level, .. })
        | (
            TimerName::DeliveryDeputy | TimerName::DeliveryClimb | TimerName::T2,
            EventBody::LevelEnded { level, .. },
        ) => *level == timer.level,
        (TimerName::DeliveryDeputy | TimerName::DeliveryClimb | TimerName::T2, body) => ended(body),
        (
            TimerName::T3 | TimerName::T3Head | TimerName::T3Department,
            EventBody::CallbackOverdue { step, .. },
        ) => *step == timer.name,
        (TimerName::T3 | TimerName::T3Head | TimerName::T3Department, body) => {
            matches!(body, EventBody::Dialled { .. } | EventBody::Withdrawn { .. } | EventBody::Voided { .. })
        }
        (TimerName::Countersign, body) => {
            ended(body)
                || matches!(body, EventBody::Countersigned { .. } | EventBody::CountersignRefused { .. })
                || matches!(body, EventBody::LeaderTookOver { .. } | EventBody::LevelEnded { .. })
        }
        (TimerName::RecallAppointment, body) => matches!(
            body,
            EventBody::RecallDue { .. }
                | EventBody::RecallDialled { .. }
                | EventBody::ArchivedUnresolved { .. }
                | EventBody::ReworkOrdered { .. }
                | EventBody::Voided { .. }
        ),
        (name, body) if name.is_working_time() => supervised(timer, body),
        (TimerName::Appointment, body) => matches!(
            body,
            EventBody::AppointmentDue { .. }
                | EventBody::CallbackClaimed { .. }
                | EventBody::SentToDispatch { .. }
                | EventBody::Voided { .. }
        ),
        _ => false,
    })
}

/// Whether an event answers a step of supervision: it is that step, or what the clock waited for.
fn supervised(timer: &Timer, body: &EventBody) -> bool {
    match body {
        EventBody::Urged { urge, clock, .. } => {
            *clock == Some(timer.name) && (urge.step() == timer.level || (timer.level, urge.step()) == (1, 2))
        }
        EventBody::Voided { .. } => true,
        body => match timer.name {
            TimerName::T4 => matches!(body, EventBody::Dispatched { .. }),
            TimerName::T5 => {
                matches!(body, EventBody::Signed { .. } | EventBody::DispatchReturned { .. })
            }
            TimerName::T6 => {
                matches!(body, EventBody::ContactLogged { .. } | EventBody::ResultApproved { .. })
            }
            TimerName::T7 => matches!(body, EventBody::ResultApproved { .. }),
            _ => matches!(body, EventBody::RecallRecorded { .. }),
        },
    }
}

struct Watch {
    fired: HashSet<Timer>,
}

impl Watch {
    /// Every timer that was armed is armed still, at the same moment, or was answered by what happened.
    fn step(
        &mut self,
        armed_before: &[Timer],
        step: &Step,
        fired: Option<Timer>,
    ) -> Result<(), TestCaseError> {
        let bodies = World::bodies(step);
        for timer in armed_before.iter().filter(|timer| !step.timers.contains(timer)) {
            prop_assert!(answered(timer, &bodies), "lost: {timer:?} after {bodies:?}");
        }
        if let Some(timer) = fired.filter(|_| !bodies.is_empty()) {
            prop_assert!(armed_before.contains(&timer), "fired without being armed: {timer:?}");
            prop_assert!(self.fired.insert(timer), "fired twice: {timer:?}");
        }
        Ok(())
    }
}

fn armed(world: &World) -> Vec<Timer> {
    world.case.as_ref().map(timers).unwrap_or_default()
}

fn run_engine(world: &mut World, watch: &mut Watch) -> Result<(), TestCaseError> {
    for _ in 0..100 {
        let before = armed(world);
        let Some(timer) = before.iter().copied().find(|timer| timer.due_at <= world.now) else {
            return Ok(());
        };
        let step = world.fire(timer.name, timer.level);
        prop_assert!(!step.events.is_empty(), "a due timer leads to something: {timer:?}");
        watch.step(&before, &step, Some(timer))?;
    }
    Err(TestCaseError::fail("the engine never comes to rest"))
}

fn play(world: &mut World, watch: &mut Watch, next: Move) -> Result<(), TestCaseError> {
    let before = armed(world);
    match next {
        Move::Wait(millis) => {
            world.wait(Span(millis));
        }
        Move::Engine => run_engine(world, watch)?,
        Move::Act { person: who, command: number } => {
            let (actor, command) = (person(ACTORS[who]), command(world, who, number));
            let case_before = world.case.clone();
            match world.attempt(&actor, &command) {
                Ok(step) => watch.step(&before, &step, None)?,
                Err(_) => prop_assert_eq!(&world.case, &case_before),
            }
        }
        Move::Stray { name, level } if world.case.is_some() => {
            let (name, now) = (NAMES[name], world.now);
            let step = world.attempt(&Actor::System, &Command::FireTimer { name, level });
            let step = step.map_err(|refusal| TestCaseError::fail(format!("{refusal:?}")))?;
            let fired = before.iter().copied().find(|timer| timer.name == name && timer.level == level);
            let due = fired.is_some_and(|timer| timer.due_at <= now);
            prop_assert_eq!(due, !step.events.is_empty(), "fires exactly when it is armed and due");
            watch.step(&before, &step, fired)?;
        }
        Move::Stray { .. } => {}
    }
    if let Some(case) = &world.case {
        let last = case.rounds.last();
        prop_assert!(
            last.is_none_or(|round| round.handler.as_ref().is_none_or(|h| !case.involved.contains(h)))
        );
        prop_assert_eq!(usize::try_from(case.version).expect("few"), world.events.len());
        prop_assert!(case.ladder.iter().filter(|level| level.is_open()).count() <= 1, "one level at a time");
        prop_assert!(case.flow.is_none() || case.ladder.iter().all(|level| !level.is_open()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost_nothing_fires_twice_and_the_chain_holds(
        absences in proptest::collection::vec((0_usize..5, 0_i64..900_000, 1_i64..900_000), 0..5),
        next_leader_stands_in in any::<bool>(),
        moves in moves(),
    ) {
        let mut draft = province();
        draft.absences = absences
            .into_iter()
            .map(|(who, from, length)| away(ACTORS[who], START.plus(Span(from)), START.plus(Span(from + length))))
            .collect();
        if next_leader_stands_in {
            draft.people[1].deputies = vec![id(CITY), id(DEPUTY)];
        }
        let mut world = World::with(draft);
        let mut watch = Watch { fired: HashSet::new() };
        for next in moves {
            play(&mut world, &mut watch, next)?;
        }
        let Some(case) = world.case.clone() else { return Ok(()) };
        let stored = world.events.iter().map(|sealed| (sealed.bytes.clone(), sealed.hash));
        prop_assert_eq!(replay(stored), Ok(case));

        // However long nobody does anything, the ladder comes to its end and every clock to rest.
        for step in 0..60 {
            world.wait(Span(if step < 40 { 15 * MINUTE } else { 24 * 60 * MINUTE }));
            run_engine(&mut world, &mut watch)?;
        }
        prop_assert!(armed(&world).is_empty());
        prop_assert!(!matches!(world.state(), CaseState::LeaderNotified | CaseState::LeaderHandling));
    }
}
