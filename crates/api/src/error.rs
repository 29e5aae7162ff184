//! problem+json (RFC 9457) with stable codes. Sentences live in the catalogues of the screens, never here.

use chayan_domain::case::Refusal;
use chayan_domain::report::FieldFault;
use chayan_domain::rules::RuleFault;
use serde::{Deserialize, Serialize};

/// `application/problem+json`
pub const PROBLEM_JSON: &str = "application/problem+json";

/// Every way in which the centre says no. Codes are never reused or renamed.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    thiserror::Error,
    ts_rs::TS,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: not the shape the contract asks for.
    #[error("bad request")]
    BadRequest,
    /// 401: staff number or password wrong (which one is not said).
    #[error("wrong credentials")]
    WrongCredentials,
    /// 401: no token, or one the centre does not know.
    #[error("not signed in")]
    NotSignedIn,
    /// 401: the token ran out.
    #[error("session expired")]
    SessionExpired,
    /// 401: the token was revoked.
    #[error("session revoked")]
    SessionRevoked,
    /// 423: too many wrong passwords; `retry_after` says how long.
    #[error("account locked")]
    AccountLocked,
    /// 403: the account exists but the directory does not know the person.
    #[error("unknown member")]
    UnknownMember,
    /// 403: not with this role.
    #[error("not allowed")]
    NotAllowed,
    /// 404: does not exist, or may not be seen.
    #[error("not found")]
    NotFound,
    /// 409: the process refuses it; `refusal` names why.
    #[error("refused")]
    Refused,
    /// 409: the same command id came before with other content.
    #[error("same id, other content")]
    IdReused,
    /// 409: somebody else changed it meanwhile; read it again and decide anew.
    #[error("outdated")]
    Outdated,
    /// 422: the rules cannot be changed so; `rules` names every reason.
    #[error("rule faults")]
    RuleFaults,
    /// 422: fields are missing, overlong or malformed; `fields` names them.
    #[error("form faults")]
    FormFaults,
    /// 422: the evidence of time does not fit the payload (hash, chain, device).
    #[error("evidence does not fit")]
    EvidenceMismatch,
    /// 422: the files of an import have faults; the preview names them.
    #[error("import has faults")]
    ImportFaults,
    /// 409: the file, its date or the directory is another than at the preview.
    #[error("not what was previewed")]
    PreviewOutdated,
    /// 422: an absence must end after it begins, after now, and within a year.
    #[error("not a span of an absence")]
    AbsenceSpan,
    /// 422: nobody knows the deputy, it is the person, or a roster names none.
    #[error("not a deputy")]
    AbsenceDeputy,
    /// 409: the absence is over.
    #[error("absence is over")]
    AbsenceOver,
    /// 413: larger than the limit.
    #[error("too large")]
    TooLarge,
    /// 429: too many requests; `retry_after` says how long.
    #[error("too many requests")]
    TooManyRequests,
    /// 503: the store does not accept writes at the moment; nothing was stored.
    #[error("temporarily unavailable")]
    Unavailable,
    /// 500: a fault of ours; the request id leads to the log.
    #[error("internal error")]
    Internal,
}

impl ErrorCode {
    /// The HTTP status that goes with the code.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::WrongCredentials | Self::NotSignedIn | Self::SessionExpired | Self::SessionRevoked => 401,
            Self::UnknownMember | Self::NotAllowed => 403,
            Self::NotFound => 404,
            Self::Refused | Self::IdReused | Self::Outdated | Self::PreviewOutdated | Self::AbsenceOver => {
                409
            }
            Self::TooLarge => 413,
            Self::FormFaults
            | Self::EvidenceMismatch
            | Self::RuleFaults
            | Self::ImportFaults
            | Self::AbsenceSpan
            | Self::AbsenceDeputy => 422,
            Self::AccountLocked => 423,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable => 503,
        }
    }

    /// Whether the same request may succeed later without anybody changing it.
    #[must_use]
    pub const fn heals_by_itself(self) -> bool {
        matches!(self, Self::TooManyRequests | Self::Unavailable | Self::Internal)
    }
}

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Problem {
    /// `urn:chayan:problem:<code>`
    #[serde(rename = "type")]
    pub kind: String,
    /// The code in English words, for people who read logs.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: ErrorCode,
    /// Leads to the log.
    pub request_id: Option<String>,
    /// Why the process refuses, for [`ErrorCode::Refused`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Which fields do not do, for [`ErrorCode::FormFaults`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldFault>,
    /// Why the rules cannot be changed so, for [`ErrorCode::RuleFaults`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleFault>,
    /// Seconds after which it may be tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}

impl Problem {
    /// A problem with nothing but its code.
    #[must_use]
    pub fn new(code: ErrorCode) -> Self {
        let word =
            serde_json::to_value(code).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        Self {
            kind: format!("urn:chayan:problem:{word}"),
            title: code.to_string(),
            status: code.status(),
            code,
            request_id: None,
            refusal: None,
            fields: Vec::new(),
            rules: Vec::new(),
            retry_after: None,
        }
    }
}
