//! One small town with a server: a counter, its leaders up to the province, the complaint group, the departments.

use std::sync::{Arc, Once, OnceLock};

use chayan_api::alerts::{Alert, AlertList, AlertReceipt, AlertReceipts, ReceiptKind};
use chayan_api::cases::{CaseDetail, CaseList};
use chayan_api::commands::{Accepted, Attempt, CaseAction, Envelope, Payload, Report};
use chayan_api::error::Problem;
use chayan_api::session::{SignIn, SignedIn};
use chayan_api::{paths, stream::FeedPage};
use chayan_domain::case::CaseState;
use chayan_domain::directory::{Absence, DirectoryDraft, Line, Person, Post, Role, Unit, UnitLevel};
use chayan_domain::ids::{AlertId, CaseId, CommandId, DeviceId, PersonId, UnitId};
use chayan_domain::report::{Cause, Channel, Private, ReportForm, Step, Trigger};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::{Clock as _, Entropy as _, ManualClock, SystemEntropy};
use chayan_server::config::Config;
use chayan_server::signing::Signer;
use chayan_server::{App, CentreParts};
use chayan_store::{MasterKey, ReferenceKind, ReferenceVersion, Store, StoreConfig};
use chayan_tests::postgres;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use tempfile::TempDir;

/// 2026-11-23 09:00:00 in Asia/Shanghai, a Monday.
pub(crate) const MONDAY: Timestamp = Timestamp(1_795_395_600_000);
pub(crate) const PASSWORD: &str = "right-password";

pub(crate) const CLERK: &str = "3001";
pub(crate) const LEADER_1: &str = "3002";
pub(crate) const DEPUTY_1: &str = "3003";
pub(crate) const LEADER_2: &str = "2001";
pub(crate) const LEADER_3: &str = "1001";
pub(crate) const AGENT_1: &str = "1101";
pub(crate) const AGENT_2: &str = "1102";
pub(crate) const GROUP_HEAD: &str = "1100";
pub(crate) const DEPARTMENT: &str = "2005";
pub(crate) const STRANGER: &str = "3009";
pub(crate) const IT: &str = "1009";
/// Has an account, but the directory does not know them.
pub(crate) const NOBODY: &str = "9999";

/// Which database a story runs on.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// A server with its data.
pub(crate) struct Town {
    pub(crate) clock: ManualClock,
    pub(crate) store: Store,
    app: Option<App>,
    config: Config,
    folder: TempDir,
}

/// A signed-in person on a device.
#[derive(Clone)]
pub(crate) struct Desk {
    http: reqwest::Client,
    base: String,
    pub(crate) token: String,
    pub(crate) person: PersonId,
    pub(crate) device: DeviceId,
    clock: ManualClock,
}

impl Town {
    pub(crate) async fn on(database: Database) -> Self {
        Self::with(database, |_| {}, |_| {}).await
    }

    pub(crate) async fn new() -> Self {
        Self::on(Database::Sqlite).await
    }

    /// A town with other settings and another organisation.
    pub(crate) async fn with(
        database: Database,
        settle: impl FnOnce(&mut Config),
        organise: impl FnOnce(&mut DirectoryDraft),
    ) -> Self {
        listen_to_logs();
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config { rate_burst: 1_000_000, rate_per_second: 100_000, ..Config::default() };
        config.store = match database {
            Database::Sqlite => folder.path().join("town.db").display().to_string(),
            Database::Postgres => postgres::database("server").unwrap(),
        };
        settle(&mut config);
        let clock = ManualClock::new(MONDAY);
        let store = open(&config, &folder).await;
        let mut draft = directory();
        organise(&mut draft);
        settle_people(&store, &draft, clock.now()).await;
        let mut town = Self { clock, store, app: None, config, folder };
        town.start().await;
        town
    }

    async fn start(&mut self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let signer = Signer::open(&self.folder.path().join("signing.key"), &SystemEntropy).unwrap();
        let parts = CentreParts {
            store: self.store.clone(),
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SystemEntropy),
            signer,
            config: self.config.clone(),
        };
        self.app = Some(App::start(parts, listener).await.unwrap());
    }

    /// Stops the server as SIGTERM does.
    pub(crate) async fn stop(&mut self) {
        if let Some(app) = self.app.take() {
            app.stop().await.unwrap();
        }
    }

    /// Starts it again on the same data.
    pub(crate) async fn start_again(&mut self) {
        self.stop().await;
        self.store = open(&self.config, &self.folder).await;
        self.start().await;
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.app.as_ref().unwrap().address())
    }

    /// Where its database is: a path, or a URL.
    pub(crate) fn database(&self) -> &str {
        &self.config.store
    }

    /// Every file of the server.
    pub(crate) fn files(&self) -> Vec<std::path::PathBuf> {
        std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    pub(crate) async fn sign_in(&self, person: &str) -> Desk {
        let device = DeviceId(SystemEntropy.uuid(self.clock.now()));
        self.sign_in_on(person, device).await
    }

    pub(crate) async fn sign_in_on(&self, person: &str, device: DeviceId) -> Desk {
        let response = self.try_sign_in(person, PASSWORD, device).await;
        assert_eq!(response.status(), StatusCode::OK, "{person} signs in");
        self.desk(person, device, response.json().await.unwrap())
    }

    fn desk(&self, person: &str, device: DeviceId, signed_in: SignedIn) -> Desk {
        Desk {
            http: client(),
            base: self.base(),
            token: signed_in.token.reveal().to_owned(),
            person: PersonId::from(person),
            device,
            clock: self.clock.clone(),
        }
    }

    /// Signed in, once the directory knows the person.
    pub(crate) async fn try_desk(&self, person: &str) -> Option<Desk> {
        let device = DeviceId(SystemEntropy.uuid(self.clock.now()));
        let response = self.try_sign_in(person, PASSWORD, device).await;
        if response.status() != StatusCode::OK {
            return None;
        }
        Some(self.desk(person, device, response.json().await.unwrap()))
    }

    /// Somebody whom the directory will know only later.
    pub(crate) async fn with_account(&self, person: &str) {
        let hash = chayan_server::hash_password(&Private::new(PASSWORD), &SystemEntropy).unwrap();
        self.store.put_account(&PersonId::from(person), &hash, self.clock.now()).await.unwrap();
    }

    pub(crate) async fn try_sign_in(
        &self,
        person: &str,
        password: &str,
        device: DeviceId,
    ) -> reqwest::Response {
        let body = SignIn {
            person_id: PersonId::from(person),
            password: Private::new(password),
            device_id: device,
            client_version: "test".to_owned(),
        };
        client().post(format!("{}{}", self.base(), paths::SESSION)).json(&body).send().await.unwrap()
    }
}

impl Desk {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.token)
    }

    /// A request without the token.
    pub(crate) fn bare_request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        let response = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn refused_get(&self, path: &str) -> Problem {
        problem(self.request(Method::GET, path).send().await.unwrap()).await
    }

    /// A command as the program sends it, made at the desk's browser (without a seal).
    pub(crate) fn envelope(&self, case_id: CaseId, command_id: CommandId, action: CaseAction) -> Envelope {
        let now = self.clock.now();
        let payload = Payload {
            command_id,
            case_id,
            device_id: self.device,
            person_id: self.person.clone(),
            device_time: now,
            action,
        };
        let payload = serde_json::value::to_raw_value(&payload).unwrap();
        Envelope { payload, seal: None, attempt: Attempt { number: 1, began_at: now, began_elapsed: None } }
    }

    pub(crate) async fn send(
        &self,
        case_id: CaseId,
        command_id: CommandId,
        envelope: &Envelope,
    ) -> reqwest::Response {
        let path = paths::command(case_id, command_id);
        self.request(Method::PUT, &path).json(envelope).send().await.unwrap()
    }

    /// Sends a command on a line of its own and reads nothing of the answer.
    pub(crate) async fn send_unheard(
        &self,
        case_id: CaseId,
        command_id: CommandId,
        envelope: &Envelope,
    ) -> tokio::net::TcpStream {
        let host = self.base.trim_start_matches("http://");
        let body = serde_json::to_string(envelope).unwrap();
        let request = format!(
            "PUT {} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            paths::command(case_id, command_id),
            self.token,
            body.len()
        );
        let mut line = tokio::net::TcpStream::connect(host).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut line, request.as_bytes()).await.unwrap();
        line
    }

    pub(crate) async fn act(&self, case_id: CaseId, action: CaseAction) -> Accepted {
        let command_id = new_command();
        let response = self.send(case_id, command_id, &self.envelope(case_id, command_id, action)).await;
        let status = response.status();
        let body = response.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    pub(crate) async fn refused(&self, case_id: CaseId, action: CaseAction) -> Problem {
        let command_id = new_command();
        problem(self.send(case_id, command_id, &self.envelope(case_id, command_id, action)).await).await
    }

    pub(crate) async fn detail(&self, case_id: CaseId) -> CaseDetail {
        self.get(&paths::case(case_id)).await
    }

    /// Waits until the case is in this state.
    pub(crate) async fn in_state(&self, case_id: CaseId, state: CaseState) -> CaseDetail {
        until("the case to change its state", async || {
            let detail = self.detail(case_id).await;
            (detail.summary.state.word() == Some(&state)).then_some(detail)
        })
        .await
    }

    pub(crate) async fn alerts(&self) -> Vec<Alert> {
        let list: AlertList = self.get(paths::ALERTS).await;
        list.alerts
    }

    /// Waits for an open alert that fits.
    pub(crate) async fn alert(&self, fits: impl Fn(&Alert) -> bool) -> Alert {
        until("an alert", async || self.alerts().await.into_iter().find(&fits)).await
    }

    pub(crate) async fn report_back(&self, alert_id: AlertId, kind: ReceiptKind) {
        let receipts = vec![AlertReceipt { alert_id, kind, device_time: self.clock.now() }];
        let response = self
            .request(Method::POST, paths::ALERT_RECEIPTS)
            .json(&AlertReceipts { receipts })
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }

    pub(crate) async fn list(&self, view: &str) -> CaseList {
        self.get(&format!("{}?view={view}", paths::CASES)).await
    }

    pub(crate) async fn events(&self, cursor: &str) -> FeedPage {
        self.get(&format!("{}?cursor={cursor}&wait=0", paths::EVENTS)).await
    }
}

/// A report with the six inputs of a flow.
pub(crate) fn full_report(found_at: Timestamp, phone: &str) -> Report {
    let mut report = short_report(found_at);
    report.form.facts.step = Some(Step::ClaimPayment);
    report.form.facts.cause = Some(Cause::Timeliness);
    report.form.facts.complaint_demanded = Some(false);
    report.form.customer.phone = Private::new(phone);
    report.form.customer.narrative = Private::new("等待赔款超过十天");
    report
}

/// A report with the trigger alone.
pub(crate) fn short_report(found_at: Timestamp) -> Report {
    let mut form = ReportForm::default();
    form.facts.trigger = Some(Trigger::Grumbling);
    Report { found_at, timing_started_at: None, channel: Channel::Desktop, form }
}

pub(crate) fn new_case() -> CaseId {
    CaseId(SystemEntropy.uuid(MONDAY))
}

pub(crate) fn new_command() -> CommandId {
    CommandId(SystemEntropy.uuid(MONDAY))
}

pub(crate) fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    reqwest::Client::builder().no_proxy().build().unwrap()
}

pub(crate) async fn problem(response: reqwest::Response) -> Problem {
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok().map(str::to_owned));
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{status} {body}");
    let problem: Problem = serde_json::from_str(&body).unwrap();
    assert_eq!(problem.status, status, "body and status line agree");
    assert!(problem.request_id.is_some(), "every problem leads to the log");
    problem
}

/// Looks again until there is something; the limit only matters when the test fails.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let look = async || look().await.ok_or_else(|| "not yet".to_owned());
    chayan_tests::wait::until(what, chayan_tests::wait::PATIENCE, look).await.unwrap()
}

/// Everything that was logged in this process so far.
pub(crate) fn logs() -> String {
    String::from_utf8_lossy(&LOGS.lock().unwrap()).into_owned()
}

static LOGS: std::sync::Mutex<Vec<u8>> = std::sync::Mutex::new(Vec::new());

fn listen_to_logs() {
    struct Kept;
    impl std::io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOGS.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false);
        lines.with_writer(|| Kept).init();
    });
}

pub(crate) async fn open(config: &Config, folder: &TempDir) -> Store {
    let entropy = Arc::new(SystemEntropy);
    let key = MasterKey::load_or_create(&folder.path().join("master.key"), &SystemEntropy).unwrap();
    Store::open(&StoreConfig::new(config.store.parse().unwrap()), entropy, key).await.unwrap()
}

async fn settle_people(store: &Store, draft: &DirectoryDraft, at: Timestamp) {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash =
        HASH.get_or_init(|| chayan_server::hash_password(&Private::new(PASSWORD), &SystemEntropy).unwrap());
    let version = ReferenceVersion {
        version: "town".to_owned(),
        effective_from: at,
        added_at: at,
        json: serde_json::to_string(draft).unwrap(),
    };
    store.add_reference(ReferenceKind::Directory, &version).await.unwrap();
    let nobody = PersonId::from(NOBODY);
    for person in draft.people.iter().map(|person| &person.person_id).chain([&nobody]) {
        store.put_account(person, hash, at).await.unwrap();
    }
}

pub(crate) fn directory() -> DirectoryDraft {
    let units = vec![
        unit("JS", None, UnitLevel::Province, "江苏分公司"),
        unit("SZ", Some("JS"), UnitLevel::City, "苏州分公司"),
        unit("KS", Some("SZ"), UnitLevel::County, "昆山支公司"),
    ];
    let people = vec![
        person(LEADER_3, "JS", Line::CustomerService, None, &[], &[]),
        person(IT, "JS", Line::CustomerService, Some(LEADER_3), &[], &[Role::Adm]),
        person(GROUP_HEAD, "JS", Line::CustomerService, Some(LEADER_3), &[], &[Role::Dpt]),
        person(AGENT_1, "JS", Line::CustomerService, Some(GROUP_HEAD), &[], &[Role::Cmp]),
        person(AGENT_2, "JS", Line::CustomerService, Some(GROUP_HEAD), &[], &[Role::Cmp]),
        person(LEADER_2, "SZ", Line::Claims, Some(LEADER_3), &[], &[]),
        person(DEPARTMENT, "SZ", Line::CustomerService, Some(LEADER_3), &[], &[Role::Csd]),
        person(LEADER_1, "KS", Line::Claims, Some(LEADER_2), &[DEPUTY_1], &[]),
        person(DEPUTY_1, "KS", Line::Sales, Some(LEADER_2), &[], &[]),
        person(CLERK, "KS", Line::Claims, Some(LEADER_1), &[], &[]),
        person(STRANGER, "KS", Line::Sales, Some(DEPUTY_1), &[], &[]),
    ];
    DirectoryDraft { units, people, ..DirectoryDraft::default() }
}

/// Away for the whole of the test.
pub(crate) fn away(person: &str) -> Absence {
    Absence {
        person_id: PersonId::from(person),
        from: MONDAY.minus(Span::minutes(60)),
        to: MONDAY.plus(Span::minutes(600)),
        deputy: None,
    }
}

pub(crate) fn unit(id: &str, parent: Option<&str>, level: UnitLevel, name: &str) -> Unit {
    Unit {
        unit_id: UnitId::from(id),
        parent: parent.map(UnitId::from),
        level,
        name: name.to_owned(),
        active_from: Timestamp(0),
        active_to: None,
        successor: None,
    }
}

pub(crate) fn person(
    id: &str,
    unit: &str,
    line: Line,
    leader: Option<&str>,
    deputies: &[&str],
    roles: &[Role],
) -> Person {
    Person {
        person_id: PersonId::from(id),
        name: format!("人员{id}"),
        unit_id: UnitId::from(unit),
        line,
        post: Post::Management,
        direct_leader: leader.map(PersonId::from),
        deputies: deputies.iter().map(|deputy| PersonId::from(*deputy)).collect(),
        roles: roles.to_vec(),
        phone: None,
    }
}
