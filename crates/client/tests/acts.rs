//! Acts on a case whose answer does not come: pressing again is the same act, and nothing is done twice.

#![expect(clippy::unwrap_used, reason = "what fails here ends its test")]

mod support;

use chayan_api::cases::CaseView;
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_client::Desk;
use chayan_client::ipc::{
    ActArgs, CaseListArgs, CaseRef, DeskFault, DeskFaultCode, LinkState, Settings, SignInArgs,
};
use chayan_domain::ids::{CaseId, CommandId, PersonId};
use chayan_domain::report::Private;
use chayan_domain::time::Span;
use support::{Bench, CLERK, FakeCentre, Trouble, moving, until};

const CASE: CaseId = CaseId(uuid::Uuid::from_u128(0xC0));

/// One press of a button, with the clock going on until there is an answer.
async fn press(bench: &Bench, desk: &Desk, action: &CaseAction) -> Result<(), DeskFault> {
    answered(bench, desk.act(ActArgs { case_id: CASE, action: action.clone() })).await.map(drop)
}

/// Moves the clock until the call is answered.
async fn answered<T>(bench: &Bench, call: impl Future<Output = T>) -> T {
    tokio::select! {
        answer = call => answer,
        () = moving(&bench.clock, Span::seconds(1), "an answer", || false) => unreachable!("it waits in vain or for ever"),
    }
}

fn ids(centre: &FakeCentre) -> Vec<CommandId> {
    centre.seen(|seen| seen.arrivals.iter().map(|(id, _)| *id).collect())
}

#[tokio::test]
async fn a_second_press_after_a_doubtful_answer_is_the_same_act() {
    for trouble in [
        Trouble::LoseReply,
        Trouble::Cut,
        Trouble::Hang,
        Trouble::Portal,
        Trouble::Problem(502, "unavailable"),
        Trouble::Problem(503, "unavailable"),
        Trouble::Problem(500, "internal"),
    ] {
        let bench = Bench::new();
        let centre = FakeCentre::start(&bench.clock).await;
        let desk = bench.signed_in(&centre).await;
        until("the link", || desk.boot_view().connection.link == LinkState::Online).await;
        // A lost connection is tried once more by itself.
        centre.trouble([trouble.clone(), trouble.clone()]);
        let fault = press(&bench, &desk, &CaseAction::LogDial).await.unwrap_err();
        assert_ne!(fault.code, DeskFaultCode::Internal, "{trouble:?}");
        while centre.troubles_left() > 0 {
            press(&bench, &desk, &CaseAction::LogDial).await.unwrap_err();
        }
        press(&bench, &desk, &CaseAction::LogDial).await.unwrap();
        let first = ids(&centre);
        assert!(first.len() >= 2 && first.iter().all(|id| *id == first[0]), "{trouble:?}: {first:?}");
        assert_eq!(centre.reports().len(), 1, "{trouble:?}: done once");
        press(&bench, &desk, &CaseAction::LogDial).await.unwrap();
        assert_eq!(centre.reports().len(), 2, "{trouble:?}: after an answer the next press is a new act");
        desk.shutdown().await;
    }
}

#[tokio::test]
async fn another_act_and_one_that_was_refused_have_ids_of_their_own() {
    let bench = Bench::new();
    let centre = FakeCentre::start(&bench.clock).await;
    let desk = bench.signed_in(&centre).await;
    centre.trouble([Trouble::Problem(409, "refused"), Trouble::Problem(503, "unavailable")]);
    let fault = press(&bench, &desk, &CaseAction::LogDial).await.unwrap_err();
    assert_eq!(fault.problem.unwrap().code, ErrorCode::Refused);
    press(&bench, &desk, &CaseAction::LogDial).await.unwrap_err();
    press(&bench, &desk, &CaseAction::ReleaseCallback).await.unwrap();
    let sent = ids(&centre);
    assert_eq!(sent.len(), 3);
    assert!(sent[0] != sent[1] && sent[1] != sent[2], "{sent:?}");
    bench.clock.advance(Span::minutes(5));
    press(&bench, &desk, &CaseAction::LogDial).await.unwrap();
    assert_ne!(ids(&centre)[3], sent[1], "five minutes later it is another dial");
    desk.shutdown().await;
}

#[tokio::test]
async fn every_call_says_what_the_centre_answered_or_that_it_did_not() {
    let troubles = [
        (Trouble::Problem(500, "internal"), DeskFaultCode::Problem),
        (Trouble::Problem(403, "not_allowed"), DeskFaultCode::Problem),
        (Trouble::Busy(7), DeskFaultCode::Problem),
        (Trouble::Hang, DeskFaultCode::Timeout),
        (Trouble::Close, DeskFaultCode::Unreachable),
        (Trouble::Cut, DeskFaultCode::Unreachable),
        (Trouble::Portal, DeskFaultCode::NotOurs),
    ];
    for (trouble, expected) in troubles {
        let bench = Bench::new();
        let centre = FakeCentre::start(&bench.clock).await;
        let desk = bench.open().await;
        desk.save_settings(Settings { server: centre.url.clone(), ..Settings::default() }).await.unwrap();
        centre.set_troubled(Some(("/v1/session", trouble.clone())));
        let args = SignInArgs { person_id: PersonId::from(CLERK), password: Private::new("right") };
        let fault = answered(&bench, desk.sign_in(args)).await.unwrap_err();
        assert_eq!(fault.code, expected, "sign-in, {trouble:?}");
        assert!(desk.boot_view().session.me.is_none(), "{trouble:?}");
        centre.set_troubled(None);
        support::sign_in(&desk).await;
        centre.set_troubled(Some(("/v1/cases", trouble.clone())));
        let list = CaseListArgs { view: CaseView::Mine, after: None, filter: None };
        let fault = answered(&bench, desk.cases(list)).await.unwrap_err();
        assert_eq!(fault.code, expected, "list, {trouble:?}");
        let fault = answered(&bench, desk.case_detail(CaseRef { case_id: CASE })).await.unwrap_err();
        assert_eq!(fault.code, expected, "case, {trouble:?}");
        let fault = press(&bench, &desk, &CaseAction::TakeOver).await.unwrap_err();
        assert_eq!(fault.code, expected, "act, {trouble:?}");
        assert!(desk.boot_view().session.me.is_some(), "{trouble:?}: the session goes on");
        desk.shutdown().await;
    }
}
