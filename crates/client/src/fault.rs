//! Faults as values: a stable code with its data. The sentence for a person is in the catalogue of the screens.

use chayan_api::error::Problem;
use chayan_domain::report::FieldFault;

use crate::ipc::{DeskFault, DeskFaultCode};

impl DeskFault {
    /// A fault with nothing but its code.
    #[must_use]
    pub const fn new(code: DeskFaultCode) -> Self {
        let retryable = matches!(
            code,
            DeskFaultCode::Unreachable
                | DeskFaultCode::Timeout
                | DeskFaultCode::DiskFull
                | DeskFaultCode::KeyringLocked
        );
        Self { code, problem: None, fields: Vec::new(), retryable }
    }

    /// The centre said no.
    #[must_use]
    pub fn of_problem(problem: Problem) -> Self {
        Self {
            retryable: problem.code.heals_by_itself(),
            problem: Some(Box::new(problem)),
            ..Self::new(DeskFaultCode::Problem)
        }
    }

    /// The form does not do.
    #[must_use]
    pub fn of_fields(fields: Vec<FieldFault>) -> Self {
        Self { fields, ..Self::new(DeskFaultCode::FormFaults) }
    }
}

impl From<DeskFaultCode> for DeskFault {
    fn from(code: DeskFaultCode) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for DeskFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.problem {
            Some(problem) => write!(f, "{:?}: {}", self.code, problem.title),
            None => write!(f, "{:?}", self.code),
        }
    }
}

impl std::error::Error for DeskFault {}
