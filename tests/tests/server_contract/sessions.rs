//! Signing in, out, locked out.

use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::session::Me;
use chayan_domain::directory::Role;
use chayan_domain::ids::{DeviceId, PersonId};
use chayan_domain::time::Span;
use chayan_runtime::{Entropy as _, SystemEntropy};
use reqwest::{Method, StatusCode};

use super::town::{CLERK, Database, LEADER_1, MONDAY, NOBODY, PASSWORD, Town, problem};

fn device() -> DeviceId {
    DeviceId(SystemEntropy.uuid(MONDAY))
}

#[tokio::test]
async fn a_person_learns_who_they_are() {
    let town = Town::new().await;
    let me: Me = town.sign_in(LEADER_1).await.get(paths::SESSION).await;
    assert_eq!((me.person_id.as_str(), me.unit_name.as_str()), (LEADER_1, "昆山支公司"));
    assert_eq!(me.roles, [Role::Rep, Role::Ldr]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike() {
    let town = Town::new().await;
    for person in [CLERK, "no-such-account"] {
        let told = problem(town.try_sign_in(person, "wrong-password", device()).await).await;
        assert_eq!(told.code, ErrorCode::WrongCredentials);
        assert!(
            told.retry_after.is_none() && told.refusal.is_none(),
            "nothing tells which of the two it was"
        );
    }
}

#[tokio::test]
async fn five_wrong_passwords_lock_for_fifteen_minutes_also_over_a_restart_and_where_there_is_no_account() {
    let mut town = Town::new().await;
    for person in [CLERK, "no-such-account"] {
        for attempt in 0..5 {
            if attempt == 3 {
                town.start_again().await;
            }
            let told = problem(town.try_sign_in(person, "wrong-password", device()).await).await;
            assert_eq!(told.code, ErrorCode::WrongCredentials, "{person}");
        }
        let told = problem(town.try_sign_in(person, PASSWORD, device()).await).await;
        assert_eq!((told.code, told.retry_after), (ErrorCode::AccountLocked, Some(15 * 60)), "{person}");
    }
    town.clock.advance(Span::minutes(15));
    let answer = town.try_sign_in(CLERK, PASSWORD, device()).await;
    assert_eq!(answer.status(), StatusCode::OK, "the lock is over to the millisecond");
}

#[tokio::test]
async fn an_account_without_a_person_in_the_directory_is_an_unknown_member() {
    let town = Town::new().await;
    let told = problem(town.try_sign_in(NOBODY, PASSWORD, device()).await).await;
    assert_eq!(told.code, ErrorCode::UnknownMember);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_of_the_server_clock() {
    let town = Town::new().await;
    let clerk = town.sign_in(CLERK).await;
    town.clock.advance(Span(12 * 3_600_000 - 1));
    let _still: Me = clerk.get(paths::SESSION).await;
    town.clock.advance(Span(1));
    assert_eq!(clerk.refused_get(paths::SESSION).await.code, ErrorCode::SessionExpired);
}

#[tokio::test]
async fn signing_out_ends_one_session_and_an_administrator_ends_all() {
    let town = Town::new().await;
    let (first, second) = (town.sign_in(CLERK).await, town.sign_in(CLERK).await);
    let answer = first.request(Method::DELETE, paths::SESSION).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(first.refused_get(paths::SESSION).await.code, ErrorCode::SessionRevoked);
    let _still: Me = second.get(paths::SESSION).await;
    chayan_server::commands::set_allowed(&town.store, &town.clock, &PersonId::from(CLERK), false)
        .await
        .unwrap();
    assert_eq!(second.refused_get(paths::SESSION).await.code, ErrorCode::SessionRevoked);
    let told = problem(town.try_sign_in(CLERK, PASSWORD, device()).await).await;
    assert_eq!(told.code, ErrorCode::AccountLocked, "a forbidden account stays out with the right password");
}

#[tokio::test]
async fn without_a_token_or_with_a_made_up_one_nothing_is_told() {
    let town = Town::new().await;
    let mut clerk = town.sign_in(CLERK).await;
    clerk.token = "made-up".to_owned();
    for path in [paths::SESSION, paths::ALERTS, paths::REFERENCE, paths::STREAM, paths::EVENTS] {
        assert_eq!(clerk.refused_get(path).await.code, ErrorCode::NotSignedIn, "{path}");
    }
}

#[tokio::test]
async fn too_many_requests_of_one_token_are_told_when_to_come_back() {
    let slow =
        |config: &mut chayan_server::config::Config| (config.rate_per_second, config.rate_burst) = (1, 4);
    let town = Town::with(Database::Sqlite, slow, |_| {}).await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    for _ in 0..4 {
        let _me: Me = clerk.get(paths::SESSION).await;
    }
    let told = clerk.refused_get(paths::SESSION).await;
    assert_eq!((told.code, told.retry_after), (ErrorCode::TooManyRequests, Some(1)));
    let _other: Me = leader.get(paths::SESSION).await;
    town.clock.advance(Span::seconds(1));
    let _again: Me = clerk.get(paths::SESSION).await;
}
