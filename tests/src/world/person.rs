//! A person at the HTTP contract: for looking at what the centre tells them, beside their desktop program.

use std::sync::Once;

use anyhow::{Context, Result, bail};
use chayan_api::alerts::AlertList;
use chayan_api::cases::{CaseDetail, CaseList, CaseSummary, CaseView};
use chayan_api::commands::{Accepted, Attempt, CaseAction, Envelope, Payload};
use chayan_api::error::Problem;
use chayan_api::reference::Reference;
use chayan_api::search::CaseSearch;
use chayan_api::session::{Me, SignIn, SignedIn as Answer};
use chayan_api::{paths, session};
use chayan_domain::case::CaseState;
use chayan_domain::ids::{CaseId, CommandId, DeviceId, PersonId};
use chayan_domain::report::Private;
use chayan_runtime::{Clock, Entropy, SystemClock, SystemEntropy};
use serde::de::DeserializeOwned;

use super::Account;
use crate::wait::{self, PATIENCE};

/// A signed-in person.
#[derive(Clone)]
pub struct SignedIn {
    http: reqwest::Client,
    server: String,
    token: Private,
    device_id: DeviceId,
    me: Me,
}

/// A client that speaks to servers of this machine only, past every proxy.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http_client() -> Result<reqwest::Client> {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Another part of the same process may have been first; then that one serves as well.
        let _installed_before = rustls::crypto::ring::default_provider().install_default();
    });
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

impl SignedIn {
    /// Signs in on a new device.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn sign_in(server: &str, account: &Account) -> Result<Self> {
        let http = http_client()?;
        let device_id = DeviceId(SystemEntropy.uuid(SystemClock.now()));
        let body = SignIn {
            person_id: PersonId(account.person_id.clone()),
            password: Private::new(&account.password),
            device_id,
            client_version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        let answer = http.post(format!("{server}{}", paths::SESSION)).json(&body).send().await?;
        let session::SignedIn { token, me, .. } = read::<Answer>("sign in", answer).await?;
        Ok(Self { http, server: server.to_owned(), token, device_id, me })
    }

    /// Who it is.
    pub const fn me(&self) -> &Me {
        &self.me
    }

    /// The device that this session is on.
    pub const fn device_id(&self) -> DeviceId {
        self.device_id
    }

    /// A list, its first 200.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn cases(&self, view: CaseView) -> Result<Vec<CaseSummary>> {
        let view = serde_json::to_value(view)?;
        let view = view.as_str().context("a view is a word")?;
        let list: CaseList = self.get(&format!("{}?view={view}&limit=200", paths::CASES)).await?;
        Ok(list.cases)
    }

    /// One case.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn case(&self, case_id: CaseId) -> Result<CaseDetail> {
        self.get(&paths::case(case_id)).await
    }

    /// The open alerts.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn alerts(&self) -> Result<AlertList> {
        self.get(paths::ALERTS).await
    }

    /// What a desk of this person caches.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn reference(&self) -> Result<Reference> {
        self.get(paths::REFERENCE).await
    }

    /// Waits until a case of a list satisfies a condition.
    ///
    /// # Errors
    /// After 30 seconds; the message shows the states that were seen.
    pub async fn case_when(
        &self,
        what: &str,
        view: CaseView,
        holds: impl Fn(&CaseSummary) -> bool,
    ) -> Result<CaseSummary> {
        wait::until(what, PATIENCE, async || {
            let cases = self.cases(view).await.map_err(|error| error.to_string())?;
            let seen: Vec<String> =
                cases.iter().map(|case| format!("{:?} level {}", case.state, case.level)).collect();
            cases.into_iter().find(|case| holds(case)).ok_or_else(|| seen.join(", "))
        })
        .await
    }

    /// Waits until a case is in a state.
    ///
    /// # Errors
    /// After the limit; the message shows the last state.
    pub async fn state_of(
        &self,
        case_id: CaseId,
        state: CaseState,
        limit: std::time::Duration,
    ) -> Result<CaseDetail> {
        wait::until(&format!("the case to be {state:?}"), limit, async || match self.case(case_id).await {
            Ok(case) if case.summary.state.word() == Some(&state) => Ok(case),
            Ok(case) => Err(format!("{:?}", case.summary.state)),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// Sends a command, first attempt, without evidence of an earlier sealing.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn act(&self, case_id: CaseId, action: CaseAction) -> Result<Accepted> {
        let now = SystemClock.now();
        let command_id = CommandId(SystemEntropy.uuid(now));
        let payload = Payload {
            command_id,
            case_id,
            device_id: self.device_id,
            person_id: self.me.person_id.clone(),
            device_time: now,
            action,
        };
        let envelope = Envelope {
            payload: serde_json::value::to_raw_value(&payload)?,
            seal: None,
            attempt: Attempt { number: 1, began_at: now, began_elapsed: SystemClock.elapsed() },
        };
        let path = format!("{}{}", self.server, paths::command(case_id, command_id));
        let request = self.http.put(path).bearer_auth(self.token.reveal());
        let request = request.header(paths::DEVICE_ID, self.device_id.to_string());
        read("command", request.json(&envelope).send().await?).await
    }

    /// A new case id, made where a case is born.
    pub fn new_case() -> CaseId {
        CaseId(SystemEntropy.uuid(SystemClock.now()))
    }

    /// An answer as it is, read to its end.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn fetch(&self, path: &str) -> Result<Vec<u8>> {
        Ok(self.ask(path).await?.error_for_status()?.bytes().await?.into())
    }

    /// A narrowed list as it is, read to its end.
    ///
    /// # Errors
    /// When the centre refuses.
    pub async fn search(&self, asked: &CaseSearch) -> Result<Vec<u8>> {
        let request = self.http.post(format!("{}{}", self.server, paths::CASE_SEARCH));
        let request = request.bearer_auth(self.token.reveal()).json(asked);
        let request = request.header(paths::DEVICE_ID, self.device_id.to_string());
        Ok(request.send().await?.error_for_status()?.bytes().await?.into())
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        read(path, self.ask(path).await?).await
    }

    async fn ask(&self, path: &str) -> Result<reqwest::Response> {
        let request = self.http.get(format!("{}{path}", self.server)).bearer_auth(self.token.reveal());
        Ok(request.header(paths::DEVICE_ID, self.device_id.to_string()).send().await?)
    }
}

async fn read<T: DeserializeOwned>(what: &str, answer: reqwest::Response) -> Result<T> {
    let status = answer.status();
    let text = answer.text().await?;
    if status.is_success() {
        return serde_json::from_str(&text).with_context(|| format!("{what}: an answer of another shape"));
    }
    match serde_json::from_str::<Problem>(&text) {
        Ok(problem) => {
            bail!("{what}: {status} {:?} {:?} {:?}", problem.code, problem.refusal, problem.fields)
        }
        Err(_) => bail!("{what}: {status}"),
    }
}
