//! A fake centre over real sockets, with every fault that a network or a server can have.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use chayan_domain::evidence::key_id;
use chayan_domain::ids::CommandId;
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock, ManualClock};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use uuid::Uuid;

use super::http::{Answer, Request, give, read_request};
use super::words::me;

/// What the fake does with the next command instead of taking it.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// An answer with this status and code.
    Problem(u16, &'static str),
    /// 429 with this many seconds.
    Busy(u32),
    /// A page that is not the centre's.
    Portal,
    /// The connection ends before the answer.
    Close,
    /// Stored, but the answer is lost.
    LoseReply,
    /// No answer at all.
    Hang,
    /// The connection ends in the middle of the answer.
    Cut,
}

/// How the stream behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamMode {
    Talks,
    /// Open, but something holds everything back.
    Mute,
    /// Talked once, and says nothing more without closing.
    Silent,
}

#[derive(Default)]
pub(crate) struct Seen {
    /// Every command in the order in which it was stored: id, case, payload, attempt, seal.
    pub(crate) stored: Vec<Stored>,
    /// Every arrival of a command, stored or not.
    pub(crate) arrivals: Vec<(CommandId, String)>,
    /// When each of them came, by the clock.
    pub(crate) arrived_at: Vec<Timestamp>,
    pub(crate) receipts: Vec<Value>,
    pub(crate) sign_ins: Vec<Value>,
    pub(crate) paths: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) command_id: CommandId,
    pub(crate) payload: String,
    pub(crate) attempt: Value,
    pub(crate) seal: Value,
}

pub(super) struct State {
    pub(super) seen: Seen,
    pub(super) troubles: VecDeque<Trouble>,
    /// Every request below this path ends like this.
    troubled: Option<(&'static str, Trouble)>,
    /// The directory knows the person.
    member: bool,
    /// It uses words that no desk of today knows.
    pub(super) newer: bool,
    pub(super) token: String,
    /// Commands of these kinds are refused with this status and code.
    pub(super) refused: HashMap<String, (u16, &'static str)>,
    events: Vec<Value>,
    alerts: Vec<Value>,
    stream: StreamMode,
    down: bool,
    token_valid: bool,
    offset: Span,
}

/// The fake centre.
#[derive(Clone)]
pub(crate) struct FakeCentre {
    pub(crate) url: String,
    state: Arc<Mutex<State>>,
    rung: Arc<Notify>,
    clock: ManualClock,
    key: Arc<Mutex<SigningKey>>,
    published: SigningKey,
}

/// The token of every session, unless a test wants another.
pub(crate) const TOKEN: &str = "secret-token-0123456789";

impl FakeCentre {
    pub(crate) async fn start(clock: &ManualClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let centre = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::new(Mutex::new(State {
                seen: Seen::default(),
                troubles: VecDeque::new(),
                troubled: None,
                member: true,
                newer: false,
                token: TOKEN.to_owned(),
                refused: HashMap::new(),
                events: Vec::new(),
                alerts: Vec::new(),
                stream: StreamMode::Talks,
                down: false,
                token_valid: true,
                offset: Span(0),
            })),
            rung: Arc::new(Notify::new()),
            clock: clock.clone(),
            key: Arc::new(Mutex::new(SigningKey::from_bytes(&[7; 32]))),
            published: SigningKey::from_bytes(&[7; 32]),
        };
        let serving = centre.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serving.clone().converse(socket));
            }
        });
        centre
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The key that receipts and anchors are signed with.
    pub(super) fn key(&self) -> SigningKey {
        self.key.lock().unwrap().clone()
    }

    /// From now on another key than the published one signs, or that one again.
    pub(crate) fn sign_with(&self, seed: u8) {
        *self.key.lock().unwrap() = SigningKey::from_bytes(&[seed; 32]);
    }

    /// Every request below this path ends like this; `None`: all is well again.
    pub(crate) fn set_troubled(&self, troubled: Option<(&'static str, Trouble)>) {
        self.state().troubled = troubled;
        self.rung.notify_waiters();
    }

    /// The directory knows the person, or not any more.
    pub(crate) fn set_member(&self, member: bool) {
        self.state().member = member;
        self.rung.notify_waiters();
    }

    /// From now on it uses words that no desk of today knows.
    pub(crate) fn speak_newer(&self) {
        self.state().newer = true;
    }

    /// The token that the next sign-in gets.
    pub(crate) fn set_token(&self, token: String) {
        self.state().token = token;
    }

    /// How many receipts of this kind came.
    pub(crate) fn receipts(&self, kind: &str) -> usize {
        self.seen(|seen| seen.receipts.iter().filter(|receipt| receipt["kind"] == kind).count())
    }

    pub(crate) fn seen<T>(&self, look: impl FnOnce(&Seen) -> T) -> T {
        look(&self.state().seen)
    }

    pub(crate) fn stored(&self) -> Vec<Stored> {
        self.state().seen.stored.clone()
    }

    /// Stored reports, without the announcements of timers.
    pub(crate) fn reports(&self) -> Vec<CommandId> {
        let is_report = |stored: &&Stored| !stored.payload.contains(r#""kind":"start_timing""#);
        self.state().seen.stored.iter().filter(is_report).map(|stored| stored.command_id).collect()
    }

    pub(crate) fn trouble(&self, troubles: impl IntoIterator<Item = Trouble>) {
        self.state().troubles.extend(troubles);
    }

    pub(crate) fn troubles_left(&self) -> usize {
        self.state().troubles.len()
    }

    pub(crate) fn refuse(&self, kind: &str, status: u16, code: &'static str) {
        self.state().refused.insert(kind.to_owned(), (status, code));
    }

    pub(crate) fn accept_everything(&self) {
        self.state().refused.clear();
    }

    pub(crate) fn set_stream(&self, mode: StreamMode) {
        self.state().stream = mode;
    }

    /// Down: every connection ends at once, open streams too.
    pub(crate) fn set_down(&self, down: bool) {
        self.state().down = down;
        self.rung.notify_waiters();
    }

    pub(crate) fn set_token_valid(&self, valid: bool) {
        self.state().token_valid = valid;
        self.rung.notify_waiters();
    }

    /// The centre's clock minus everybody else's.
    pub(crate) fn set_offset(&self, offset: Span) {
        self.state().offset = offset;
    }

    pub(crate) fn publish(&self, bodies: impl IntoIterator<Item = Value>) {
        let at = self.now().0;
        {
            let mut state = self.state();
            for body in bodies {
                let number = state.events.len() + 1;
                let event_id = Uuid::from_u128(0xE000_0000 + number as u128);
                state.events.push(json!({
                    "cursor": number.to_string(), "event_id": event_id, "at": at, "body": body,
                }));
            }
        }
        self.rung.notify_waiters();
    }

    /// The same event again, at a later place.
    pub(crate) fn publish_again(&self, index: usize) {
        {
            let mut state = self.state();
            let mut event = state.events[index].clone();
            event["cursor"] = json!((state.events.len() + 1).to_string());
            state.events.push(event);
        }
        self.rung.notify_waiters();
    }

    pub(crate) fn set_open_alerts(&self, alerts: Vec<Value>) {
        self.state().alerts = alerts;
    }

    pub(super) fn now(&self) -> Timestamp {
        let offset = self.state().offset;
        self.clock.now().plus(offset)
    }

    async fn converse(self, mut socket: TcpStream) {
        let mut kept = Vec::new();
        while let Some(request) = read_request(&mut socket, &mut kept).await {
            if self.state().down {
                return;
            }
            self.state().seen.paths.push(request.path.clone());
            let troubled = self.state().troubled.clone();
            if let Some((path, trouble)) = troubled
                && request.path.starts_with(path)
            {
                if !give(&mut socket, trouble.answer()).await {
                    return;
                }
                continue;
            }
            if request.path.starts_with("/v1/stream") {
                self.stream(socket, &request).await;
                return;
            }
            let answer = self.answer(&request).await;
            if !give(&mut socket, answer).await {
                return;
            }
        }
    }

    async fn stream(&self, mut socket: TcpStream, request: &Request) {
        let mut at = request.cursor();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        if socket.write_all(head.as_bytes()).await.is_err() {
            return;
        }
        if self.state().stream == StreamMode::Mute {
            self.rung.notified().await;
            std::future::pending::<()>().await;
        }
        loop {
            let rung = self.rung.notified();
            let (down, valid) = {
                let state = self.state();
                (state.down, state.token_valid)
            };
            if down || !valid || self.state().troubled.is_some() || !self.state().member {
                return;
            }
            if self.state().stream == StreamMode::Silent {
                std::future::pending::<()>().await;
            }
            let events: Vec<Value> = self.state().events.iter().skip(at).cloned().collect();
            at += events.len();
            let mut text = format!("event: ping\ndata: {}\n\n", json!({ "server_time": self.now().0 }));
            for event in events {
                let cursor = event["cursor"].as_str().unwrap();
                text.push_str(&format!("event: feed\nid: {cursor}\ndata: {event}\n\n"));
            }
            if socket.write_all(text.as_bytes()).await.is_err() {
                return;
            }
            tokio::select! {
                () = rung => {}
                () = self.clock.sleep(Span::seconds(10)) => {}
            }
        }
    }

    async fn answer(&self, request: &Request) -> Answer {
        let path = request.path.split('?').next().unwrap_or_default();
        match (request.method.as_str(), path) {
            ("GET", "/v1/health") => Answer::json(
                json!({ "status": "ok", "version": "9", "store": "sqlite", "server_time": self.now().0 }),
            ),
            ("GET", "/v1/signing-key") => {
                let key = self.published.verifying_key();
                Answer::json(json!({ "key_id": key_id(&key), "public_key": hex::encode(key.as_bytes()) }))
            }
            ("POST", "/v1/session") => {
                let body = request.json();
                let right = body["password"] == "right";
                self.state().seen.sign_ins.push(body);
                if !right {
                    return Answer::problem(401, "wrong_credentials", "");
                }
                if !self.state().member {
                    return Answer::problem(403, "unknown_member", "");
                }
                self.state().token_valid = true;
                let token = self.state().token.clone();
                Answer::json(json!({
                    "token": token, "expires_at": self.now().0 + 3_600_000,
                    "server_time": self.now().0, "me": me(self.state().newer),
                }))
            }
            _ if !self.state().token_valid => Answer::problem(401, "session_expired", ""),
            _ if !self.state().member => Answer::problem(403, "unknown_member", ""),
            ("DELETE", "/v1/session") => Answer::json(json!({})),
            ("GET", "/v1/reference") => Answer::json(self.reference()),
            ("POST", "/v1/anchors") => Answer::json(self.anchor(&request.json())),
            ("GET", "/v1/alerts") => {
                let alerts = self.state().alerts.clone();
                Answer::json(json!({ "alerts": alerts, "server_time": self.now().0 }))
            }
            ("POST", "/v1/alerts/receipts") => {
                let body = request.json();
                let receipts = body["receipts"].as_array().unwrap().clone();
                self.state().seen.receipts.extend(receipts);
                Answer::json(json!({}))
            }
            ("GET", "/v1/events") => self.events(request).await,
            ("PUT", path) if path.contains("/commands/") => self.command(request),
            _ => Answer::problem(404, "not_found", ""),
        }
    }

    async fn events(&self, request: &Request) -> Answer {
        if !request.path.contains("cursor=") {
            let cursor = self.state().events.len().to_string();
            return Answer::json(
                json!({ "events": [], "cursor": cursor, "more": false, "server_time": self.now().0 }),
            );
        }
        let at = request.cursor();
        if !request.path.contains("wait=0") && self.state().events.len() <= at {
            tokio::select! {
                () = self.rung.notified() => {}
                () = self.clock.sleep(Span::seconds(20)) => {}
            }
        }
        if self.state().down {
            return Answer::Close;
        }
        let events: Vec<Value> = self.state().events.iter().skip(at).take(20).cloned().collect();
        let cursor = at + events.len();
        let more = self.state().events.len() > cursor;
        Answer::json(
            json!({ "events": events, "cursor": cursor.to_string(), "more": more, "server_time": self.now().0 }),
        )
    }
}
