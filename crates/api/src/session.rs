//! Signing in and out.

use chayan_domain::directory::{Line, Role};
use chayan_domain::ids::{DeviceId, PersonId, UnitId};
use chayan_domain::report::Private;
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Known;

/// `POST /v1/session`
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignIn {
    /// 工号
    pub person_id: PersonId,
    /// Password; 1 to 200 characters.
    pub password: Private,
    /// The device signed in from.
    pub device_id: DeviceId,
    /// The program's version.
    pub client_version: String,
}

/// Answer to a successful sign-in.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SignedIn {
    /// Opaque bearer token; kept only in the keyring of the desk and as a hash at the centre.
    pub token: Private,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// Who is signed in.
    pub me: Me,
    /// The centre's clock.
    pub server_time: Timestamp,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Me {
    /// 工号
    pub person_id: PersonId,
    /// 姓名
    pub name: String,
    /// 机构
    pub unit_id: UnitId,
    /// Its name.
    pub unit_name: String,
    /// 条线
    pub line: Known<Line>,
    /// Every role, REP and LDR included.
    #[serde(deserialize_with = "crate::readable::items")]
    pub roles: Vec<Role>,
}
