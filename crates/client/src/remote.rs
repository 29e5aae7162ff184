//! The centre over HTTP: the only HTTP client of a desk.
//!
//! `https` only, except to this machine; no redirect is followed; bodies are never logged. What comes back is either
//! the contract's type or a [`DeskFault`]; an answer that is not the centre's own (a portal's page, a proxy's error) is
//! told apart from a refusal, because only a refusal may put a record aside.

mod audit;
mod directory;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use chayan_api::alerts::AlertReceipts;
use chayan_api::cases::{
    CallbackFigures, CaseDetail, CaseList, CaseListQuery, RevealRequest, Revealed, Wallboard,
};
use chayan_api::commands::{Accepted, Envelope};
use chayan_api::error::{ErrorCode, PROBLEM_JSON, Problem};
use chayan_api::paths;
use chayan_api::reference::{AnchorRequest, Health, Reference, SigningKey};
use chayan_api::rules::{AmendOutcome, AmendRequest, RuleBook, RuleQuery};
use chayan_api::search::{CaseExport, CaseSearch};
use chayan_api::session::{SignIn, SignedIn};
use chayan_domain::evidence::Anchor;
use chayan_domain::ids::{CaseId, CommandId, DeviceId};
use chayan_domain::report::Private;
use chayan_domain::time::Span;
use chayan_runtime::Clock;
use eventsource_stream::Eventsource;
use futures_util::{Stream, StreamExt};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use url::{Host, Url};

use crate::ipc::{DeskFault, DeskFaultCode, FetchedFile, Settings};
use crate::loose::{LooseAlerts, LoosePage};

/// A request that takes longer failed, as far as the desk is concerned; a repetition is harmless.
const ANSWER_WITHIN: Span = Span::seconds(10);
/// A file is made before it is sent; a province's people take longer to travel and to be compared.
const FILE_WITHIN: Span = Span::seconds(60);
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// One event of the stream, undecoded.
pub(crate) struct StreamEvent {
    pub(crate) kind: String,
    pub(crate) data: String,
}

/// The centre at one address.
pub(crate) struct Remote {
    client: reqwest::Client,
    base: Url,
    clock: Arc<dyn Clock>,
}

/// The address as it may be used: an origin, nothing behind it.
pub(crate) fn checked_address(server: &str) -> Result<Url, DeskFault> {
    if server.trim().is_empty() {
        return Err(DeskFaultCode::NoServer.into());
    }
    let url = Url::parse(server.trim()).map_err(|_| DeskFault::new(DeskFaultCode::BadAddress))?;
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    };
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let may_be_used = url.has_host()
        && (url.scheme() == "https" || url.scheme() == "http" && is_local)
        && url.username().is_empty()
        && url.password().is_none()
        && is_bare;
    if may_be_used { Ok(url) } else { Err(DeskFaultCode::BadAddress.into()) }
}

impl Remote {
    /// A client for the address, CA file and proxy of these settings.
    pub(crate) fn new(
        settings: &Settings,
        device_id: DeviceId,
        version: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DeskFault> {
        let base = checked_address(&settings.server)?;
        // A second install is refused and changes nothing: the provider is the same.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        headers.insert(paths::DEVICE_ID, header(&device_id.to_string())?);
        headers.insert(paths::CLIENT_VERSION, header(version)?);
        let mut builder = reqwest::Client::builder()
            .default_headers(headers)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_WITHIN)
            .tcp_nodelay(true)
            .https_only(base.scheme() == "https");
        if let Some(file) = &settings.ca_file {
            let pem = std::fs::read(file).map_err(|_| DeskFault::new(DeskFaultCode::Certificate))?;
            let certificates = reqwest::Certificate::from_pem_bundle(&pem)
                .map_err(|_| DeskFault::new(DeskFaultCode::Certificate))?;
            builder = builder.tls_certs_merge(certificates);
        }
        if base.scheme() == "http" {
            builder = builder.no_proxy();
        } else if !settings.proxy.trim().is_empty() {
            builder = builder.proxy(checked_proxy(&settings.proxy)?);
        }
        let client = builder.build().map_err(|fault| {
            tracing::error!(%fault, "HTTP client");
            DeskFault::new(DeskFaultCode::Internal)
        })?;
        Ok(Self { client, base, clock })
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    fn get(&self, token: &Private, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).bearer_auth(token.reveal())
    }

    fn post(&self, token: &Private, path: &str) -> RequestBuilder {
        self.client.post(self.url(path)).bearer_auth(token.reveal())
    }

    pub(crate) async fn health(&self) -> Result<Health, DeskFault> {
        self.ask(self.client.get(self.url(paths::HEALTH))).await
    }

    pub(crate) async fn signing_key(&self) -> Result<SigningKey, DeskFault> {
        self.ask(self.client.get(self.url(paths::SIGNING_KEY))).await
    }

    pub(crate) async fn sign_in(&self, body: &SignIn) -> Result<SignedIn, DeskFault> {
        self.ask(self.client.post(self.url(paths::SESSION)).json(body)).await
    }

    pub(crate) async fn sign_out(&self, token: &Private) -> Result<(), DeskFault> {
        self.tell(self.client.delete(self.url(paths::SESSION)).bearer_auth(token.reveal())).await
    }

    pub(crate) async fn command(
        &self,
        token: &Private,
        case_id: CaseId,
        command_id: CommandId,
        envelope: &Envelope,
    ) -> Result<Accepted, DeskFault> {
        let request = self.client.put(self.url(&paths::command(case_id, command_id)));
        self.ask(request.bearer_auth(token.reveal()).json(envelope)).await
    }

    pub(crate) async fn cases(&self, token: &Private, query: &CaseListQuery) -> Result<CaseList, DeskFault> {
        self.ask(self.get(token, paths::CASES).query(query)).await
    }

    pub(crate) async fn search(&self, token: &Private, body: &CaseSearch) -> Result<CaseList, DeskFault> {
        self.ask(self.post(token, paths::CASE_SEARCH).json(body)).await
    }

    pub(crate) async fn export(&self, token: &Private, body: &CaseExport) -> Result<FetchedFile, DeskFault> {
        self.fetch(self.post(token, paths::CASE_EXPORT).json(body)).await
    }

    pub(crate) async fn pack(&self, token: &Private, case_id: CaseId) -> Result<FetchedFile, DeskFault> {
        self.fetch(self.post(token, &paths::pack(case_id))).await
    }

    pub(crate) async fn case(&self, token: &Private, case_id: CaseId) -> Result<CaseDetail, DeskFault> {
        self.ask(self.get(token, &paths::case(case_id))).await
    }

    pub(crate) async fn reveal(
        &self,
        token: &Private,
        case_id: CaseId,
        body: &RevealRequest,
    ) -> Result<Revealed, DeskFault> {
        let request = self.client.post(self.url(&paths::reveal(case_id)));
        self.ask(request.bearer_auth(token.reveal()).json(body)).await
    }

    pub(crate) async fn callback_figures(&self, token: &Private) -> Result<CallbackFigures, DeskFault> {
        self.ask(self.get(token, paths::CALLBACK_FIGURES)).await
    }

    pub(crate) async fn rules(&self, token: &Private, query: &RuleQuery) -> Result<RuleBook, DeskFault> {
        self.ask(self.get(token, paths::RULES).query(query)).await
    }

    pub(crate) async fn amend(
        &self,
        token: &Private,
        body: &AmendRequest,
    ) -> Result<AmendOutcome, DeskFault> {
        let request = self.client.post(self.url(paths::AMENDMENTS));
        self.ask(request.bearer_auth(token.reveal()).json(body)).await
    }

    pub(crate) async fn wallboard(&self, token: &Private) -> Result<Wallboard, DeskFault> {
        self.ask(self.get(token, paths::WALLBOARD)).await
    }

    pub(crate) async fn alerts(&self, token: &Private) -> Result<LooseAlerts, DeskFault> {
        self.ask(self.get(token, paths::ALERTS)).await
    }

    pub(crate) async fn alert_receipts(
        &self,
        token: &Private,
        body: &AlertReceipts,
    ) -> Result<(), DeskFault> {
        self.tell(self.post(token, paths::ALERT_RECEIPTS).json(body)).await
    }

    pub(crate) async fn reference(&self, token: &Private) -> Result<Reference, DeskFault> {
        self.ask(self.get(token, paths::REFERENCE)).await
    }

    pub(crate) async fn anchor(&self, token: &Private, body: &AnchorRequest) -> Result<Anchor, DeskFault> {
        self.ask(self.client.post(self.url(paths::ANCHORS)).bearer_auth(token.reveal()).json(body)).await
    }

    /// One page of the feed; waits at most `wait` at the centre when there is nothing.
    pub(crate) async fn events(
        &self,
        token: &Private,
        cursor: Option<&str>,
        wait: Span,
    ) -> Result<LoosePage, DeskFault> {
        let mut request = self.get(token, paths::EVENTS).query(&[("wait", wait.0 / 1_000)]);
        if let Some(cursor) = cursor {
            request = request.query(&[("cursor", cursor)]);
        }
        self.ask_within(request, Span(ANSWER_WITHIN.0 + wait.0)).await
    }

    /// Opens the stream. Its events come without a limit of time: the caller watches for silence.
    pub(crate) async fn stream(
        &self,
        token: &Private,
        cursor: &str,
    ) -> Result<impl Stream<Item = Result<StreamEvent, DeskFault>> + Send + Unpin + use<>, DeskFault> {
        let request = self
            .get(token, paths::STREAM)
            .query(&[("cursor", cursor)])
            .header("last-event-id", header(cursor)?)
            .header(ACCEPT, "text/event-stream");
        let response = self.answer(request, ANSWER_WITHIN).await?;
        if !content_type(&response).starts_with("text/event-stream") {
            return Err(DeskFaultCode::NotOurs.into());
        }
        Ok(Box::pin(response.bytes_stream().eventsource().map(|event| match event {
            Ok(event) => Ok(StreamEvent { kind: event.event, data: event.data }),
            Err(_) => Err(DeskFault::new(DeskFaultCode::Unreachable)),
        })))
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, DeskFault> {
        self.ask_within(request, ANSWER_WITHIN).await
    }

    async fn ask_within<T: DeserializeOwned>(
        &self,
        request: RequestBuilder,
        limit: Span,
    ) -> Result<T, DeskFault> {
        self.within(limit, async {
            let response = successful(request.send().await.map_err(|fault| fault_of(&fault))?).await?;
            if !content_type(&response).starts_with("application/json") {
                return Err(DeskFaultCode::NotOurs.into());
            }
            let bytes = response.bytes().await.map_err(|fault| fault_of(&fault))?;
            serde_json::from_slice(&bytes).map_err(|_| DeskFaultCode::NotOurs.into())
        })
        .await
    }

    /// A file. Whatever does not say that it is one of ours is a portal's page.
    async fn fetch(&self, request: RequestBuilder) -> Result<FetchedFile, DeskFault> {
        self.within(FILE_WITHIN, async {
            let response = successful(request.send().await.map_err(|fault| fault_of(&fault))?).await?;
            let said = |name: &str| {
                response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
            };
            let rows = said(paths::ROWS).and_then(|rows| rows.parse().ok()).ok_or(DeskFaultCode::NotOurs)?;
            let complete = said(paths::COMPLETE).as_deref() != Some("false");
            let bytes = response.bytes().await.map_err(|fault| fault_of(&fault))?.to_vec();
            Ok(FetchedFile { bytes, rows, complete })
        })
        .await
    }

    async fn tell(&self, request: RequestBuilder) -> Result<(), DeskFault> {
        self.answer(request, ANSWER_WITHIN).await.map(drop)
    }

    async fn answer(&self, request: RequestBuilder, limit: Span) -> Result<Response, DeskFault> {
        self.within(limit, async {
            successful(request.send().await.map_err(|fault| fault_of(&fault))?).await
        })
        .await
    }

    async fn within<T>(
        &self,
        limit: Span,
        work: impl Future<Output = Result<T, DeskFault>>,
    ) -> Result<T, DeskFault> {
        tokio::select! {
            result = work => result,
            () = self.clock.sleep(limit) => Err(DeskFaultCode::Timeout.into()),
        }
    }
}

fn header(text: &str) -> Result<HeaderValue, DeskFault> {
    HeaderValue::from_str(text).map_err(|_| DeskFaultCode::BadArgument.into())
}

/// A proxy without a password in its address: settings are not a place for secrets.
fn checked_proxy(text: &str) -> Result<reqwest::Proxy, DeskFault> {
    let bad = || DeskFault::new(DeskFaultCode::BadAddress);
    let url = Url::parse(text.trim()).map_err(|_| bad())?;
    if !matches!(url.scheme(), "http" | "https") || !url.username().is_empty() || url.password().is_some() {
        return Err(bad());
    }
    reqwest::Proxy::all(url).map_err(|_| bad())
}

fn content_type(response: &Response) -> String {
    let value = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_ascii_lowercase()
}

/// The response if it is a success; otherwise what it says.
async fn successful(response: Response) -> Result<Response, DeskFault> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let is_ours = content_type(&response).starts_with(PROBLEM_JSON);
    let body = if is_ours { response.bytes().await.ok() } else { None };
    let problem = body.and_then(|body| serde_json::from_slice::<Problem>(&body).ok());
    Err(refusal(status, is_ours, problem, retry_after))
}

fn refusal(
    status: StatusCode,
    is_ours: bool,
    problem: Option<Problem>,
    retry_after: Option<u32>,
) -> DeskFault {
    let mut problem = match (problem, is_ours) {
        (Some(problem), _) => problem,
        // A code that this program does not know yet: the status still says what kind it is.
        (None, true) => Problem { status: status.as_u16(), ..Problem::new(code_of(status)) },
        (None, false) if status == StatusCode::TOO_MANY_REQUESTS => Problem::new(ErrorCode::TooManyRequests),
        (None, false) if status.is_server_error() => Problem::new(ErrorCode::Unavailable),
        (None, false) => return DeskFaultCode::NotOurs.into(),
    };
    problem.retry_after = problem.retry_after.or(retry_after);
    DeskFault::of_problem(problem)
}

fn code_of(status: StatusCode) -> ErrorCode {
    match status.as_u16() {
        401 => ErrorCode::NotSignedIn,
        403 => ErrorCode::NotAllowed,
        404 => ErrorCode::NotFound,
        409 => ErrorCode::Refused,
        413 => ErrorCode::TooLarge,
        422 => ErrorCode::FormFaults,
        423 => ErrorCode::AccountLocked,
        429 => ErrorCode::TooManyRequests,
        500 => ErrorCode::Internal,
        501.. => ErrorCode::Unavailable,
        _ => ErrorCode::BadRequest,
    }
}

fn fault_of(fault: &reqwest::Error) -> DeskFault {
    let code = if is_tls(fault) {
        DeskFaultCode::Certificate
    } else if fault.is_timeout() {
        DeskFaultCode::Timeout
    } else {
        DeskFaultCode::Unreachable
    };
    // The address is in the message, never a body.
    tracing::debug!(%fault, ?code, "request failed");
    code.into()
}

/// Whether TLS itself is somewhere among the causes. An `io::Error` hides what it wraps from its own source chain.
fn is_tls(fault: &(dyn std::error::Error + 'static)) -> bool {
    let wrapped = fault.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    fault.is::<rustls::Error>()
        || wrapped.is_some_and(|wrapped| is_tls(wrapped))
        || fault.source().is_some_and(is_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_only_for_this_machine() {
        for good in ["https://centre.example", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:9/"]
        {
            assert!(checked_address(good).is_ok(), "{good}");
        }
        for bad in [
            "http://centre.example",
            "ftp://127.0.0.1",
            "centre.example",
            "https://user:word@centre.example",
            "https://centre.example/path",
            "http://127.0.0.1.example",
        ] {
            assert_eq!(checked_address(bad).unwrap_err().code, DeskFaultCode::BadAddress, "{bad}");
        }
        assert_eq!(checked_address(" ").unwrap_err().code, DeskFaultCode::NoServer);
    }

    #[test]
    fn only_the_centres_own_words_are_a_refusal() {
        let portal = refusal(StatusCode::FORBIDDEN, false, None, None);
        assert_eq!(portal.code, DeskFaultCode::NotOurs);
        let proxy = refusal(StatusCode::BAD_GATEWAY, false, None, Some(7));
        assert!(proxy.retryable);
        assert_eq!(proxy.problem.unwrap().retry_after, Some(7));
        let newer = refusal(StatusCode::CONFLICT, true, None, None);
        assert_eq!(newer.problem.unwrap().code, ErrorCode::Refused);
    }
}
