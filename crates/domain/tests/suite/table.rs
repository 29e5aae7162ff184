//! The process table, walked through completely: every state × relation × action.

use std::fmt::Write as _;

use chayan_domain::case::{
    CallbackResult, CaseState, Command, HandlingResult, RecallResult, Refusal, ReturnReason, VoidReason,
    actions, decide,
};
use chayan_domain::evidence::{Commitment, Hash};
use chayan_domain::process::{Action, Relation, Verdict, consult, knows, leads_to, relations, verdict};
use chayan_domain::report::FieldName;
use chayan_domain::time::Span;

use crate::support::*;

fn positions() -> impl Iterator<Item = Option<CaseState>> {
    std::iter::once(None).chain(CaseState::ALL.iter().copied().map(Some))
}

#[test]
fn every_cell_of_the_table_says_allowed_or_names_a_reason() {
    let mut cells = 0;
    let mut allowed = 0;
    let mut text = String::new();
    for &action in Action::ALL {
        for &relation in Relation::ALL {
            let mut by_verdict: std::collections::BTreeMap<Verdict, Vec<String>> =
                std::collections::BTreeMap::new();
            for position in positions() {
                cells += 1;
                let verdict = verdict(position, relation, action);
                allowed += usize::from(verdict == Verdict::Allowed);
                let name = position.map_or_else(|| "NO_CASE".to_owned(), |state| wire(&state));
                by_verdict.entry(verdict).or_default().push(name);
            }
            if !knows(&[relation], action) {
                assert_eq!(by_verdict.keys().collect::<Vec<_>>(), [&Verdict::NotAllowed]);
                continue;
            }
            for (verdict, names) in by_verdict {
                writeln!(text, "{} {}: {verdict:?} {}", wire(&action), wire(&relation), names.join(" "))
                    .expect("text");
            }
        }
    }
    writeln!(text, "{cells} cells, {allowed} allowed; every relation not listed is NotAllowed")
        .expect("text");
    insta::assert_snapshot!(text);
}

fn wire(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).expect("a word").as_str().expect("a word").to_owned()
}

#[test]
fn the_wall_between_relations_holds_everywhere() {
    for position in positions() {
        for &action in Action::ALL {
            for nobody in [Relation::None, Relation::Audit, Relation::System] {
                assert_eq!(verdict(position, nobody, action), Verdict::NotAllowed);
            }
        }
    }
}

/// A world in each state that commands lead to, and the three of the desk alone by hand.
fn worlds() -> Vec<World> {
    let mut worlds: Vec<World> = Vec::new();
    let mut base = World::new();
    base.start_timing();
    let end = |world: &World, actor: &str, command: Command| {
        let mut world = world.clone();
        world.by(actor, command);
        world
    };
    let result = |world: &World, result| {
        end(world, AGENT, Command::RecordCallback { result, appointment_at: None, note: None })
    };
    let mut notified = base.clone();
    notified.notify().at(Span(2 * MINUTE)).fire_due();
    let handling = end(&notified, CITY, Command::TakeOver);
    let mut submitted = notified.clone();
    submitted.start_flow();
    let calling = end(&submitted, AGENT, Command::ClaimCallback);
    let dialled = end(&calling, AGENT, Command::LogDial);
    worlds.push(end(&base, CLERK, Command::Discard));
    worlds.push(end(&base, CLERK, Command::ResolveOnSpot(base.words(trigger_only()))));
    worlds.push(end(&handling, CITY, Command::ResolveAsLeader { note: None }));
    worlds.push(end(&submitted, CLERK, Command::Withdraw { note: None }));
    worlds.push(end(&submitted, AGENT, Command::Void { reason: VoidReason::Test, merged_into: None }));
    worlds.extend(
        [
            CallbackResult::NotDissatisfied,
            CallbackResult::Dissatisfied,
            CallbackResult::Complained,
            CallbackResult::NotReached,
        ]
        .map(|outcome| result(&dialled, outcome)),
    );
    for state in [CaseState::Draft, CaseState::Sealed, CaseState::Quarantined] {
        let mut local = base.clone();
        if let Some(case) = &mut local.case {
            case.state = state;
        }
        worlds.push(local);
    }
    worlds.extend([base, notified, handling, submitted, calling, dialled]);
    worlds.extend(handled_worlds());
    worlds
}

/// A world in each state from the verbal report and the dispatch on.
fn handled_worlds() -> Vec<World> {
    let begun = |steps: &dyn Fn(&mut World)| {
        let mut world = World::new();
        steps(&mut world);
        world
    };
    let told = begun(&|world| {
        let submission = world.words(full_sheet());
        world.by(CLERK, Command::ReportVerbally { submission, leader: id(LEADER), told_at: START });
    });
    let unreached = begun(&|world| {
        for _ in 0..3 {
            if world.case.is_none() {
                world.start_flow();
            }
            world.claim_and_dial();
            world.record(CallbackResult::NotReached);
        }
    });
    let dispatched = begun(&|world| {
        world.dissatisfied().dispatch_to(claims(), &[sales()]);
    });
    let mut returned = dispatched.clone();
    returned.give_back(HEAD);
    let mut ruling = returned.clone();
    ruling.dispatch_to(sales(), &[]).give_back(SALES);
    let mut ruled = ruling.clone();
    ruled.by(CITY_SERVICE, Command::Rule { lead: claims(), assisting: vec![sales()], reason: note() });
    let mut signed = dispatched.clone();
    signed.by(HANDLER, Command::Sign);
    let mut written = signed.clone();
    written.contact_and_write();
    let mut late = written.clone();
    late.wait(Span(14 * 24 * 60 * MINUTE)).fire_due();
    let mut replied = written.clone();
    replied.by(HEAD, Command::ApproveResult);
    let mut recalling = replied.clone();
    recalling.recall();
    let mut asked = recalling.clone();
    asked.record_recall(RecallResult::Unresolved);
    let mut rework = recalling.clone();
    rework.record_recall(RecallResult::Dissatisfied);
    let mut resolved = recalling.clone();
    resolved.record_recall(RecallResult::Satisfied);
    let mut unresolved = asked.clone();
    unresolved.by(CITY_SERVICE, Command::ArchiveUnresolved { reason: note() });
    vec![
        told, unreached, dispatched, returned, ruling, ruled, signed, written, late, replied, recalling,
        asked, rework, resolved, unresolved,
    ]
}

fn sample(world: &World, action: Action) -> Command {
    match action {
        Action::StartTiming => Command::StartTiming(world.words(full_sheet())),
        Action::Discard => Command::Discard,
        Action::NotifyLeader => Command::NotifyLeader(world.words(full_sheet())),
        Action::StartFlow => Command::StartFlow(world.words(full_sheet())),
        Action::RegisterAsAgent => world.call(world.now),
        Action::ResolveOnSpot => Command::ResolveOnSpot(world.words(full_sheet())),
        Action::Supplement => Command::Supplement { sheet: phone_only() },
        Action::TakeOver => Command::TakeOver,
        Action::ResolveAsLeader => Command::ResolveAsLeader { note: None },
        Action::Escalate => Command::Escalate,
        Action::StartFlowAsLeader => Command::StartFlowAsLeader,
        Action::Withdraw => Command::Withdraw { note: None },
        Action::ClaimCallback => Command::ClaimCallback,
        Action::ReleaseCallback => Command::ReleaseCallback,
        Action::LogDial => Command::LogDial,
        Action::RecordCallback => {
            Command::RecordCallback { result: CallbackResult::NotReached, appointment_at: None, note: None }
        }
        Action::Void => Command::Void { reason: VoidReason::Test, merged_into: None },
        Action::RevealField => {
            Command::RevealField { field: FieldName::Phone, reason: Commitment(Hash([2; 32])) }
        }
        Action::ReportVerbally => Command::ReportVerbally {
            submission: world.words(full_sheet()),
            leader: id(LEADER),
            told_at: START,
        },
        Action::Countersign => Command::Countersign { told_at: START },
        Action::RefuseCountersign => Command::RefuseCountersign { note: None },
        Action::NoteComplaint => Command::NoteComplaint { at: START },
        Action::NameInvolved => Command::NameInvolved { people: vec![id(STRANGER)] },
        Action::SendToDispatch => Command::SendToDispatch { note: None },
        _ => handled_sample(action),
    }
}

fn handled_sample(action: Action) -> Command {
    match action {
        Action::Dispatch => Command::Dispatch { lead: claims(), assisting: Vec::new(), note: None },
        Action::Rule => Command::Rule { lead: claims(), assisting: Vec::new(), reason: note() },
        Action::Sign => Command::Sign,
        Action::Return => Command::Return { reason: ReturnReason::NotOurLine, note: None },
        Action::AssignHandler => Command::AssignHandler { handler: id(COLLEAGUE) },
        Action::LogContact => Command::LogContact { reached: false, note: None },
        Action::AskAssistance => Command::AskAssistance { department: service(), note: None },
        Action::Assist => Command::Assist { note: note() },
        Action::WriteResult => Command::WriteResult { result: HandlingResult::PartlyResolved, note: None },
        Action::ApproveResult => Command::ApproveResult,
        Action::RejectResult => Command::RejectResult { note: note() },
        Action::ClaimRecall => Command::ClaimRecall,
        Action::ReleaseRecall => Command::ReleaseRecall,
        Action::LogRecallDial => Command::LogRecallDial,
        Action::RecordRecall => {
            Command::RecordRecall { result: RecallResult::Refused, appointment_at: None, note: None }
        }
        Action::OrderRework => Command::OrderRework { note: note() },
        Action::ArchiveUnresolved => Command::ArchiveUnresolved { reason: note() },
        Action::Urge => Command::Urge { note: None },
        Action::Supervise => Command::Supervise { note: note() },
        Action::AcknowledgeEscalation => Command::AcknowledgeEscalation,
        Action::Comment => Command::Comment { note: note() },
        Action::Convert => Command::Convert { complex: false, complaint_no: None, note: None },
        Action::ExtendTerm => Command::ExtendTerm { reason: note() },
        Action::Reopen => Command::Reopen { complaint_no: complaint_no(), note: None },
        other => panic!("no sample for {other:?}"),
    }
}

#[test]
fn every_state_is_walked() {
    let mut walked: Vec<CaseState> = worlds().iter().map(World::state).collect();
    walked.sort_unstable();
    walked.dedup();
    let mut all = CaseState::ALL.to_vec();
    all.sort_unstable();
    assert_eq!(walked, all);
}

#[test]
fn a_decision_never_allows_what_the_table_refuses_and_names_the_same_reason() {
    let mut walked = 0;
    for world in worlds() {
        for someone in PEOPLE {
            let stands = relations(world.case(), &id(someone), &world.directory);
            for &action in Action::ALL {
                walked += 1;
                let actor = person(someone);
                let decided = decide(world.case.as_ref(), &sample(&world, action), &world.context(&actor));
                let told = format!("{someone} {action:?} in {:?}: {decided:?}", world.state());
                match consult(Some(world.state()), &stands, action) {
                    Err(refusal) => assert_eq!(decided, Err(refusal), "{told}"),
                    Ok(()) => assert_ne!(decided, Err(Refusal::UnknownCase), "{told}"),
                }
            }
        }
    }
    assert_eq!(walked, worlds().len() * PEOPLE.len() * Action::ALL.len());
}

#[test]
fn an_allowed_action_leads_only_where_the_table_says() {
    let mut led = 0;
    for world in worlds() {
        for someone in PEOPLE {
            let stands = relations(world.case(), &id(someone), &world.directory);
            for &action in Action::ALL {
                let mut tried = world.clone();
                let Ok(step) = tried.attempt(&person(someone), &sample(&world, action)) else { continue };
                led += 1;
                let after = step.case.state;
                let says = stands
                    .iter()
                    .any(|relation| leads_to(Some(world.state()), *relation, action).contains(&after));
                assert!(says, "{someone} {action:?}: {:?} → {after:?}", world.state());
            }
        }
    }
    assert!(led > 300, "{led}");
}

#[test]
fn nothing_leads_out_of_a_complaint_a_withdrawal_or_a_void() {
    for state in [CaseState::ToComplaint, CaseState::Withdrawn, CaseState::Void, CaseState::Discarded] {
        for &action in Action::ALL {
            for &relation in Relation::ALL {
                let next = leads_to(Some(state), relation, action);
                assert!(next.is_empty() || next == [state], "{action:?} leads from {state:?} to {next:?}");
            }
        }
    }
}

#[test]
fn what_is_offered_is_possible_and_what_is_not_names_its_reason() {
    for world in worlds() {
        for someone in PEOPLE {
            let actor = person(someone);
            for offer in actions(world.case(), &id(someone), &world.context(&actor)) {
                let command = sample(&world, offer.action);
                let decided = decide(world.case.as_ref(), &command, &world.context(&actor));
                let told = format!("{someone} {:?} in {:?}: {decided:?}", offer.action, world.state());
                match (offer.refusal, decided) {
                    (None, decided) => assert!(decided.is_ok_and(|events| !events.is_empty()), "{told}"),
                    (Some(_), Ok(events)) => {
                        assert!(events.is_empty(), "{told}: only a retry may do nothing")
                    }
                    (Some(offered), Err(refusal)) => assert_eq!(offered, refusal, "{told}"),
                }
            }
        }
    }
}

#[test]
fn offers_travel_as_words() {
    let mut world = World::new();
    world.start_timing();
    let actor = person(CLERK);
    insta::assert_json_snapshot!(actions(world.case(), &id(CLERK), &world.context(&actor)));
}
