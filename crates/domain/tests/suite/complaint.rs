//! 转投诉 one-way with the law's dates, 复开, 投诉已发生 (rule 11), episodes and merges.

use chayan_domain::case::Actor;
use chayan_domain::case::{
    CallbackResult, CaseState, Command, ComplaintTerm, EvidenceKind, LegalDates, RecallResult, Refusal,
    TimerName, VoidReason,
};
use chayan_domain::ids::{CaseId, ComplaintNo};
use chayan_domain::time::{Span, Timestamp};
use rstest::rstest;
use uuid::Uuid;

use crate::support::*;

const DAY: i64 = 24 * 60 * MINUTE;

fn convert(complex: bool) -> Command {
    Command::Convert { complex, complaint_no: Some(complaint_no()), note: None }
}

#[rstest]
#[case::just_after_midnight(1_772_380_800_000)]
#[case::in_the_morning(1_772_413_200_000)]
#[case::just_before_midnight(1_772_467_199_999)]
fn the_laws_dates_are_whole_days_of_china(#[case] received: i64) {
    let dates = LegalDates::of(Timestamp(received));
    // 2026-03-02 received: the 17th of March, the 1st of April and the 1st of May end at midnight in China.
    let midnight = 1_772_380_800_000;
    assert_eq!(dates.simple, Timestamp(midnight + 16 * DAY - 1));
    assert_eq!(dates.complex, Timestamp(midnight + 31 * DAY - 1));
    assert_eq!(dates.extended, Timestamp(midnight + 61 * DAY - 1));
}

#[test]
fn a_conversion_is_one_way_and_names_who_and_until_when() {
    let mut world = World::new();
    world.handling();
    assert_eq!(world.refused(HANDLER, convert(false)), Refusal::NotAllowed);
    world.by(AGENT, convert(false));
    let conversion = world.case().conversion.clone().expect("converted");
    assert_eq!((conversion.person_id, conversion.at), (id(AGENT), world.now));
    assert_eq!((conversion.term, conversion.decide_by), (ComplaintTerm::Simple, conversion.dates.simple));
    assert_eq!(conversion.complaint_no, Some(complaint_no()));
    assert!(due(&world).is_empty());
    let stuck = Refusal::WrongState { state: CaseState::ToComplaint };
    let back = Command::Dispatch { lead: claims(), assisting: Vec::new(), note: None };
    for command in [back, convert(true), Command::Reopen { complaint_no: complaint_no(), note: None }] {
        assert_eq!(world.refused(AGENT, command), stuck);
    }
    let void = Command::Void { reason: VoidReason::Test, merged_into: None };
    assert_eq!(world.refused(AGENT, void), stuck);
}

#[test]
fn the_term_grows_step_by_step_with_a_reason_and_ends() {
    let mut world = World::new();
    world.handling().by(AGENT, convert(false));
    let extend = Command::ExtendTerm { reason: note() };
    assert_eq!(world.refused(AGENT, extend.clone()), Refusal::NotAllowed);
    for term in [ComplaintTerm::Complex, ComplaintTerm::Extended] {
        world.by(CITY_SERVICE, extend.clone());
        let conversion = world.case().conversion.clone().expect("converted");
        assert_eq!((conversion.term, conversion.decide_by), (term, conversion.dates.decide_by(term)));
    }
    assert_eq!(world.refused(CITY_SERVICE, extend), Refusal::TermEnds);
}

#[test]
fn a_complaint_heard_in_either_callback_sets_the_dates_too() {
    let mut world = World::new();
    world.start_flow().claim_and_dial();
    world.record(CallbackResult::Complained);
    assert_eq!(world.case().conversion.as_ref().map(|conversion| conversion.at), Some(world.now));
    let mut world = World::new();
    world.replied().recall();
    world.record_recall(RecallResult::Complained);
    assert_eq!((world.state(), world.case().conversion.is_some()), (CaseState::ToComplaint, true));
}

#[test]
fn a_complaint_while_the_clock_runs_keeps_its_time_and_the_report_is_due_all_the_same() {
    let mut world = World::new();
    world.start_timing().at(Span(2 * MINUTE));
    let ahead = Command::NoteComplaint { at: START.plus(Span(60 * MINUTE)) };
    assert_eq!(world.refused(CLERK, ahead), Refusal::TimeAhead);
    let armed = due(&world);
    world.by(CLERK, Command::NoteComplaint { at: START.plus(Span(MINUTE)) });
    assert_eq!((world.state(), due(&world)), (CaseState::Timing, armed));
    assert_eq!(world.case().complained_at, Some(START.plus(Span(MINUTE))));
    world.start_flow().claim_and_dial();
    world.wait(Span(2 * DAY));
    world.record(CallbackResult::Complained);
    let dates = world.case().conversion.clone().expect("converted").dates;
    assert_eq!(dates.received_at, START.plus(Span(MINUTE)), "the law counts from the complaint");
}

#[rstest]
#[case::no_dissatisfaction(CaseState::ArchivedNoDissatisfaction)]
#[case::resolved(CaseState::ArchivedResolved)]
#[case::unresolved(CaseState::ArchivedUnresolved)]
fn a_linked_complaint_opens_an_archived_case_again(#[case] archived: CaseState) {
    let mut world = World::new();
    match archived {
        CaseState::ArchivedNoDissatisfaction => {
            world.start_flow().claim_and_dial();
            world.record(CallbackResult::NotDissatisfied);
        }
        CaseState::ArchivedResolved => {
            world.replied().recall();
            world.record_recall(RecallResult::Satisfied);
        }
        _ => {
            world.replied().recall();
            world.record_recall(RecallResult::Unresolved);
            world.by(CITY_SERVICE, Command::ArchiveUnresolved { reason: note() });
        }
    }
    assert_eq!(world.state(), archived);
    let nameless = Command::Reopen { complaint_no: ComplaintNo::from("  "), note: None };
    assert_eq!(world.refused(AGENT, nameless), Refusal::ComplaintNeeded);
    let rounds = world.case().rounds.len();
    world.by(AGENT, Command::Reopen { complaint_no: complaint_no(), note: None });
    assert_eq!((world.state(), world.case().reopenings.len()), (CaseState::ToDispatch, 1));
    assert!(due(&world).iter().all(|(name, ..)| *name == TimerName::T4));
    world.dispatch_to(claims(), &[]);
    assert_eq!(world.case().rounds.len(), rounds + 1, "the next round goes on counting");
}

#[test]
fn a_flare_up_is_a_new_case_linked_to_the_settled_one() {
    let mut world = World::new();
    let mut words = world.words(full_sheet());
    words.episode_of = Some(World::case_id());
    let refusal = world.refused_before(CLERK, Command::StartFlow(words.clone()));
    assert_eq!(refusal, Refusal::EpisodeTarget);
    words.episode_of = Some(CaseId(Uuid::from_u128(77)));
    world.by(CLERK, Command::StartFlow(words));
    assert_eq!(world.case().episode_of, Some(CaseId(Uuid::from_u128(77))));
}

#[test]
fn a_merge_gives_every_piece_of_evidence_with_its_kind_and_time_to_the_surviving_case() {
    let mut merged = World::new();
    merged.notify().at(Span(20_000)).deliver(LEADER).at(Span(MINUTE)).start_flow();
    let mut gives = merged.case().as_merged();
    gives.case_id = CaseId(Uuid::from_u128(2));
    let kinds: Vec<_> = gives.pieces.iter().map(|piece| (piece.kind, piece.time.latest)).collect();
    let (notice, flow) = (EvidenceKind::Notice, EvidenceKind::Flow);
    assert_eq!(kinds, [(notice, START), (flow, START.plus(Span(MINUTE)))]);
    assert_eq!(gives.pieces[0].proven_at, Some(START.plus(Span(20_000))));
    let mut world = World::new();
    world.start_flow();
    let absorb = Command::Absorb { merged: gives.clone() };
    assert_eq!(world.refused(AGENT, absorb.clone()), Refusal::NotAllowed, "the system does it with the void");
    world.attempt(&Actor::System, &absorb).expect("the surviving case takes it in");
    assert!(world.attempt(&Actor::System, &absorb).expect("again").events.is_empty());
    world.by(AGENT, Command::Void { reason: VoidReason::Test, merged_into: None });
    assert_eq!(world.case().merged, [gives], "voiding the surviving case voids no other's evidence");
    let own = Command::Absorb { merged: World::clone(&merged).case().as_merged() };
    assert_eq!(world.attempt(&Actor::System, &own).unwrap_err(), Refusal::MergeTarget);
}
