//! The feed: nothing is skipped between streams, and nothing keeps the server from stopping.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_api::error::ErrorCode;
use chayan_api::paths;
use chayan_api::reference::Reference;
use chayan_api::stream::{FeedBody, FeedEvent, FeedPage, Ping};
use chayan_domain::ids::CaseId;
use chayan_domain::time::Span;
use chayan_runtime::Clock as _;
use futures_util::StreamExt as _;
use reqwest::{Method, StatusCode};
use rstest::rstest;

use super::town::{CLERK, Database, Desk, LEADER_1, MONDAY, Town, new_case, short_report, until};

/// A stream as a desk reads it.
pub(crate) struct Listening {
    bytes: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
    cursor: Option<String>,
}

enum Heard {
    Ping(Ping),
    Feed(Box<FeedEvent>),
    Over,
}

impl Listening {
    pub(crate) async fn to(desk: &Desk, cursor: Option<&str>) -> Self {
        let mut request = desk.request(Method::GET, paths::STREAM);
        if let Some(cursor) = cursor {
            request = request.header("last-event-id", cursor);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers().get("content-type").unwrap(), "text/event-stream");
        assert_eq!(answer.headers().get("x-accel-buffering").unwrap(), "no");
        let bytes = answer.bytes_stream().map(|part| part.map(|bytes| bytes.to_vec()));
        Self { bytes: Box::pin(bytes), text: String::new(), cursor: None }
    }

    async fn next(&mut self) -> Heard {
        let heard = async {
            loop {
                if let Some((event, rest)) = self.text.clone().split_once("\n\n") {
                    self.text = rest.to_owned();
                    return self.read(event);
                }
                match self.bytes.next().await {
                    Some(Ok(part)) => self.text.push_str(std::str::from_utf8(&part).unwrap()),
                    _ => return Heard::Over,
                }
            }
        };
        tokio::time::timeout(chayan_tests::wait::PATIENCE, heard).await.expect("the stream is silent")
    }

    fn read(&mut self, event: &str) -> Heard {
        let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let data = field("data:").unwrap();
        match field("event:") {
            Some("ping") => Heard::Ping(serde_json::from_str(data).unwrap()),
            _ => {
                let event: FeedEvent = serde_json::from_str(data).unwrap();
                assert_eq!(field("id:"), Some(event.cursor.as_str()), "the id is the cursor");
                self.cursor = Some(event.cursor.clone());
                Heard::Feed(Box::new(event))
            }
        }
    }

    /// Reads on until something that fits.
    pub(crate) async fn feed_until(&mut self, fits: impl Fn(&FeedBody) -> bool) {
        while !fits(&self.next_event().await.body) {}
    }

    /// The next event that is no ping.
    async fn next_event(&mut self) -> FeedEvent {
        loop {
            match self.next().await {
                Heard::Feed(event) => return *event,
                Heard::Ping(_) => {}
                Heard::Over => panic!("the stream ended"),
            }
        }
    }
}

async fn notify(clerk: &Desk) -> CaseId {
    let case_id = new_case();
    clerk.act(case_id, CaseAction::NotifyLeader { report: short_report(MONDAY) }).await;
    case_id
}

const fn raised(event: &FeedEvent) -> Option<CaseId> {
    match &event.body {
        FeedBody::AlertRaised { alert } => Some(alert.case_id),
        _ => None,
    }
}

#[tokio::test]
async fn a_ping_comes_at_once_and_then_every_ten_seconds() {
    let town = Town::new().await;
    let leader = town.sign_in(LEADER_1).await;
    let mut stream = Listening::to(&leader, None).await;
    for after in [0, 10, 20] {
        town.clock.set(MONDAY.plus(Span::seconds(after)));
        let Heard::Ping(ping) = stream.next().await else { panic!("not a ping") };
        assert_eq!(ping.server_time, MONDAY.plus(Span::seconds(after)));
    }
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_stream_resumes_by_cursor_and_loses_nothing(#[case] database: Database) {
    let town = Town::on(database).await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let mut stream = Listening::to(&leader, None).await;
    let mut sent = vec![notify(&clerk).await];
    let mut heard = Vec::new();
    while heard.len() < sent.len() {
        heard.extend(raised(&stream.next_event().await));
    }
    let cursor = stream.cursor.clone().unwrap();
    drop(stream);
    for _ in 0..12 {
        sent.push(notify(&clerk).await);
    }
    let mut stream = Listening::to(&leader, Some(&cursor)).await;
    sent.push(notify(&clerk).await);
    while heard.len() < sent.len() {
        heard.extend(raised(&stream.next_event().await));
    }
    assert_eq!(heard, sent, "in order, each once");
}

#[tokio::test]
async fn a_delivery_on_one_device_tells_the_others_the_due_time() {
    let town = Town::new().await;
    let (clerk, office, phone) =
        (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await, town.sign_in(LEADER_1).await);
    let mut stream = Listening::to(&phone, None).await;
    notify(&clerk).await;
    let alert = office.alert(|alert| alert.level == 1).await;
    office.report_back(alert.alert_id, ReceiptKind::Delivered).await;
    let due_at = loop {
        if let FeedBody::AlertChanged { alert } = stream.next_event().await.body {
            break alert.due_at;
        }
    };
    assert_eq!(due_at, Some(MONDAY.plus(Span::minutes(10))));
}

#[tokio::test]
async fn a_long_poll_answers_when_something_comes_and_when_the_wait_is_over() {
    let town = Town::new().await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let cursor = leader.events("0-0").await.cursor;
    let waiting = tokio::spawn({
        let (leader, path) = (leader.clone(), format!("{}?cursor={cursor}&wait=25", paths::EVENTS));
        async move { leader.get::<FeedPage>(&path).await }
    });
    until("the leader to be reachable", async || {
        let reference: Reference = clerk.get(paths::REFERENCE).await;
        reference.leaders.first().unwrap().reachable.then_some(())
    })
    .await;
    let case_id = notify(&clerk).await;
    let page = waiting.await.unwrap();
    assert!(page.events.iter().any(|event| raised(event) == Some(case_id)));

    let path = format!("{}?cursor={}&wait=25", paths::EVENTS, page.cursor);
    let waiting = tokio::spawn({
        let leader = leader.clone();
        async move { leader.get::<FeedPage>(&path).await }
    });
    until("the leader to wait again", async || {
        let reference: Reference = clerk.get(paths::REFERENCE).await;
        reference.leaders.first().unwrap().reachable.then_some(())
    })
    .await;
    town.clock.advance(Span::seconds(25));
    assert!(waiting.await.unwrap().events.is_empty());
}

#[tokio::test]
async fn a_stop_ends_streams_and_waits_for_nobody() {
    let mut town = Town::new().await;
    let leader = town.sign_in(LEADER_1).await;
    let mut stream = Listening::to(&leader, None).await;
    let Heard::Ping(_) = stream.next().await else { panic!("not a ping") };
    let patience = chayan_tests::wait::PATIENCE;
    tokio::time::timeout(patience, town.stop()).await.expect("the stop waits for the stream");
    assert!(matches!(stream.next().await, Heard::Over));
}

#[tokio::test]
async fn a_revoked_session_hears_of_its_end_and_no_more() {
    let town = Town::new().await;
    let leader = town.sign_in(LEADER_1).await;
    let mut stream = Listening::to(&leader, None).await;
    let _answer = leader.request(Method::DELETE, paths::SESSION).send().await.unwrap();
    assert!(matches!(stream.next_event().await.body, FeedBody::SessionEnded));
    assert!(matches!(stream.next().await, Heard::Over));
}

#[tokio::test]
async fn the_reference_has_a_tag_that_holds_until_something_changes() {
    let town = Town::new().await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let answer = clerk.request(Method::GET, paths::REFERENCE).send().await.unwrap();
    let tag = answer.headers().get("etag").unwrap().clone();
    town.clock.advance(Span::seconds(1));
    let again = async |desk: &Desk| {
        desk.request(Method::GET, paths::REFERENCE)
            .header("if-none-match", tag.clone())
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(again(&clerk).await, StatusCode::NOT_MODIFIED);
    let _stream = Listening::to(&leader, None).await;
    assert_eq!(again(&clerk).await, StatusCode::OK, "the leader is reachable now");
    assert_eq!(town.clock.now(), MONDAY.plus(Span::seconds(1)));
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn a_desk_that_was_away_longer_than_the_feed_is_kept_is_told_to_begin_anew(#[case] database: Database) {
    let town = Town::on(database).await;
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    let long_ago = leader.events("0-0").await.cursor;
    let missed = notify(&clerk).await;
    // Thirty days are kept, and the broom comes every hour.
    town.clock.advance(Span::minutes(30 * 24 * 60 + 61));
    let (clerk, leader) = (town.sign_in(CLERK).await, town.sign_in(LEADER_1).await);
    until("the broom", async || {
        town.clock.advance(Span::minutes(60));
        (town.store.feed_floor().await.unwrap().to_string() != "0-0").then_some(())
    })
    .await;
    for path in [paths::EVENTS, paths::STREAM] {
        let told = leader.refused_get(&format!("{path}?cursor={long_ago}")).await;
        assert_eq!(told.code, ErrorCode::NotFound, "{path}: silence would lose the notice");
    }
    let anew: FeedPage = leader.get(paths::EVENTS).await;
    assert!(
        leader.alerts().await.iter().any(|alert| alert.case_id == missed),
        "the open alerts are all there"
    );
    let next = notify(&clerk).await;
    let page = leader.events(&anew.cursor).await;
    assert!(page.events.iter().any(|event| raised(event) == Some(next)), "and the feed goes on");
}
