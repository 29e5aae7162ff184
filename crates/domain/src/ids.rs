//! Identities. What is born in the program has a UUIDv7 made where it is born; what the insurer names has its own code.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

macro_rules! code_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

uuid_id! {
    /// 案件编号. Made when the timer or the draft starts, on the desk; the same number to the archive.
    CaseId,
    /// One command to a case: its idempotency key for ever.
    CommandId,
    /// One event of a case, or of the feed.
    EventId,
    /// One alert for one person.
    AlertId,
    /// One installation of the program on one login.
    DeviceId,
    /// One change of the rules: its idempotency key for ever.
    AmendmentId,
    /// One sealed record in a device's chain; equal to the command it will be sent as.
    RecordId,
    /// One absence that somebody entered: it keeps its id when its end is moved.
    AbsenceId,
}

code_id! {
    /// 工号, the insurer's number of a person. Never reused.
    PersonId,
    /// 机构代码, the short code of a unit.
    UnitId,
    /// 投诉编号, the number of a formal complaint in the complaint system.
    ComplaintNo,
    /// The version of a rule set, for example `2018-1`; an overlay appends `+` and the unit's code.
    RuleVersion,
}
