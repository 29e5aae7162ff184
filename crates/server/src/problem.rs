//! The one error of the server: a stable code and data for the caller, the cause for the log only.
//!
//! Handlers and services return it; [`crate::http::finish`] writes the body, because only there the request id is known.

use axum::response::{IntoResponse, Response};
use chayan_api::error::{ErrorCode, Problem};
use chayan_domain::case::Refusal;
use chayan_domain::report::FieldFault;
use chayan_domain::rules::RuleFault;
use chayan_store::StoreError;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
#[error("{}", problem.code)]
pub(crate) struct ApiError {
    /// What the caller is told.
    pub(crate) problem: Box<Problem>,
    /// What the log is told. Holds no customer data: errors of ours never do.
    #[source]
    pub(crate) cause: Option<Cause>,
}

/// A cause as logged.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// What services return.
pub(crate) type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// Nothing but the code.
    #[must_use]
    pub(crate) fn new(code: ErrorCode) -> Self {
        Self { problem: Box::new(Problem::new(code)), cause: None }
    }

    /// The process refuses.
    #[must_use]
    pub(crate) fn refused(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotAllowed => Self::new(ErrorCode::NotAllowed),
            Refusal::Form { faults } => Self::form(faults),
            other => {
                let mut error = Self::new(ErrorCode::Refused);
                error.problem.refusal = Some(other);
                error
            }
        }
    }

    /// Fields of the form do not do.
    #[must_use]
    pub(crate) fn form(faults: Vec<FieldFault>) -> Self {
        let mut error = Self::new(ErrorCode::FormFaults);
        error.problem.fields = faults;
        error
    }

    /// The rules cannot be changed so.
    #[must_use]
    pub(crate) fn rules(faults: Vec<RuleFault>) -> Self {
        let mut error = Self::new(ErrorCode::RuleFaults);
        error.problem.rules = faults;
        error
    }

    /// A fault of ours.
    pub(crate) fn internal(cause: impl Into<Cause>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(ErrorCode::Internal) }
    }

    /// The organisation in force cannot be read.
    pub(crate) fn unreadable(cause: anyhow::Error) -> Self {
        Self::internal(cause.into_boxed_dyn_error())
    }

    /// The same with the seconds after which it may be tried again.
    #[must_use]
    pub(crate) fn retry_after(mut self, seconds: i64) -> Self {
        self.problem.retry_after = Some(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX));
        self
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self::new(code)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let code = if error.is_transient() { ErrorCode::Unavailable } else { ErrorCode::Internal };
        let full = matches!(error, StoreError::Full);
        let told = Self { cause: Some(Box::new(error)), ..Self::new(code) };
        match (code, full) {
            // Nobody clears a disk within a second.
            (_, true) => told.retry_after(30),
            (ErrorCode::Unavailable, _) => told.retry_after(1),
            _ => told,
        }
    }
}

/// What a response carries until its body is written.
#[derive(Debug, Clone)]
pub(crate) struct Carried(pub(crate) std::sync::Arc<ApiError>);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = axum::http::StatusCode::from_u16(self.problem.status)
            .unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Carried(std::sync::Arc::new(self)));
        response
    }
}
