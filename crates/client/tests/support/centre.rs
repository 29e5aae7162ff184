//! A fake centre over real sockets, with every fault that a network or a server can have.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use chayan_domain::evidence::{
    Anchor, Elapsed, Hash, Receipt, ReportTime, Signed, TimeProof, key_id, sha256,
};
use chayan_domain::ids::{CaseId, CommandId, DeviceId};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock, ManualClock};
use ed25519_dalek::SigningKey;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use uuid::Uuid;

use super::http::{Answer, Request, raw_payload, read_request};
use super::words::{case_summary, me};

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
}

/// How the stream behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamMode {
    Talks,
    /// Open, but something holds everything back.
    Mute,
}

#[derive(Default)]
pub(crate) struct Seen {
    /// Every command in the order in which it was stored: id, case, payload, attempt, seal.
    pub(crate) stored: Vec<Stored>,
    /// Every arrival of a command, stored or not.
    pub(crate) arrivals: Vec<(CommandId, String)>,
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

struct State {
    seen: Seen,
    troubles: VecDeque<Trouble>,
    /// Commands of these kinds are refused with this status and code.
    refused: HashMap<String, (u16, &'static str)>,
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
    key: SigningKey,
}

impl FakeCentre {
    pub(crate) async fn start(clock: &ManualClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let centre = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            state: Arc::new(Mutex::new(State {
                seen: Seen::default(),
                troubles: VecDeque::new(),
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
            key: SigningKey::from_bytes(&[7; 32]),
        };
        let serving = centre.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serving.clone().converse(socket));
            }
        });
        centre
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
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

    fn now(&self) -> Timestamp {
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
            if request.path.starts_with("/v1/stream") {
                self.stream(socket, &request).await;
                return;
            }
            match self.answer(&request).await {
                Answer::Close => return,
                Answer::Hang => std::future::pending::<()>().await,
                Answer::Text { status, kind, extra, body } => {
                    let head = format!(
                        "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\n{extra}content-length: {}\r\n\r\n",
                        body.len()
                    );
                    if socket.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
                        return;
                    }
                }
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
            if down || !valid {
                return;
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
                let key = self.key.verifying_key();
                Answer::json(json!({ "key_id": key_id(&key), "public_key": hex::encode(key.as_bytes()) }))
            }
            ("POST", "/v1/session") => {
                let body = request.json();
                let right = body["password"] == "right";
                self.state().seen.sign_ins.push(body);
                if !right {
                    return Answer::problem(401, "wrong_credentials", "");
                }
                self.state().token_valid = true;
                Answer::json(json!({
                    "token": "secret-token-0123456789", "expires_at": self.now().0 + 3_600_000,
                    "server_time": self.now().0, "me": me(),
                }))
            }
            _ if !self.state().token_valid => Answer::problem(401, "session_expired", ""),
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

    fn command(&self, request: &Request) -> Answer {
        let command_id: CommandId = request.path.rsplit('/').next().unwrap().parse().unwrap();
        let payload = raw_payload(&request.body);
        let envelope = request.json();
        let kind = envelope["payload"]["action"]["kind"].as_str().unwrap().to_owned();
        let mut state = self.state();
        state.seen.arrivals.push((command_id, payload.clone()));
        let trouble = if kind == "start_timing" { None } else { state.troubles.pop_front() };
        match &trouble {
            Some(Trouble::Problem(status, code)) => return Answer::problem(*status, code, ""),
            Some(Trouble::Busy(seconds)) => {
                return Answer::problem(429, "too_many_requests", &format!("retry-after: {seconds}\r\n"));
            }
            Some(Trouble::Portal) => {
                return Answer::Text {
                    status: 200,
                    kind: "text/html".to_owned(),
                    extra: String::new(),
                    body: "<html>welcome to the hotel</html>".to_owned(),
                };
            }
            Some(Trouble::Close) => return Answer::Close,
            Some(Trouble::Hang) => return Answer::Hang,
            Some(Trouble::LoseReply) | None => {}
        }
        if let Some((status, code)) = state.refused.get(&kind) {
            return Answer::problem(*status, code, "");
        }
        let known = state.seen.stored.iter().find(|stored| stored.command_id == command_id).cloned();
        if let Some(known) = &known {
            if known.payload != payload {
                return Answer::problem(409, "id_reused", "");
            }
        } else {
            state.seen.stored.push(Stored {
                command_id,
                payload: payload.clone(),
                attempt: envelope["attempt"].clone(),
                seal: envelope["seal"].clone(),
            });
        }
        drop(state);
        if matches!(trouble, Some(Trouble::LoseReply)) {
            return Answer::Close;
        }
        let case_id: CaseId = serde_json::from_value(envelope["payload"]["case_id"].clone()).unwrap();
        let receipt = self.receipt(command_id, case_id, &payload);
        Answer::json(json!({
            "receipt": receipt, "case": case_summary(case_id, self.now()), "replayed": known.is_some(),
        }))
    }

    fn receipt(&self, command_id: CommandId, case_id: CaseId, payload: &str) -> Receipt {
        let now = self.now();
        Receipt {
            command_id,
            case_id,
            content_hash: sha256(payload.as_bytes()),
            received_at: now,
            report_time: ReportTime { earliest: Some(now), latest: now, proof: TimeProof::Online },
            case_hash: Hash::ZERO,
            key_id: String::new(),
            signature: String::new(),
        }
        .signed_with(&self.key)
    }

    fn anchor(&self, asked: &Value) -> Value {
        let device_id: DeviceId = serde_json::from_value(asked["device_id"].clone()).unwrap();
        let elapsed: Option<Elapsed> = serde_json::from_value(asked["elapsed"].clone()).unwrap();
        let nonce = asked["nonce"].as_str().unwrap().to_owned();
        let anchor = Anchor { server_time: self.now(), device_id, elapsed, nonce, signature: String::new() };
        serde_json::to_value(anchor.signed_with(&self.key)).unwrap()
    }

    fn reference(&self) -> Value {
        let rules = chayan_domain::rules::RuleSet::standard();
        json!({
            "version": "1", "as_of": self.now().0, "me": me(), "leaders": [], "hotline": "95518-6",
            "rules": { "version": rules.version, "limits": rules.limits },
        })
    }
}
