//! What a desk caches so that it works offline, and the evidence services.

use chayan_domain::evidence::Elapsed;
use chayan_domain::ids::{DeviceId, PersonId};
use chayan_domain::rules::EffectiveRules;
use chayan_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::session::Me;

/// `GET /v1/reference`: reference data with version and age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Reference {
    /// Changes when anything below does; also the `ETag`.
    pub version: String,
    /// 数据截至: the centre's clock when it was read.
    pub as_of: Timestamp,
    /// Who I am.
    pub me: Me,
    /// My direct leader first, upward.
    pub leaders: Vec<LeaderRef>,
    /// The numbers that bind a case of mine, each with its origin.
    #[serde(deserialize_with = "crate::readable::rules")]
    pub rules: EffectiveRules,
    /// The telephone way (article 10-3), for the card that is shown offline: `95518-6`.
    pub hotline: String,
}

/// One leader of my chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct LeaderRef {
    /// 工号
    pub person_id: PersonId,
    /// 姓名
    pub name: String,
    /// Away at the moment.
    pub absent: bool,
    /// Who stands in at the moment.
    pub deputy: Option<String>,
    /// A report would be received at the moment: the leader is here with a desk connected, or a deputy on duty is.
    pub reachable: bool,
}

impl Reference {
    /// Nobody of the chain could receive a report at the moment. Who has no leader is told nothing.
    #[must_use]
    pub fn nobody_receives(&self) -> bool {
        !self.leaders.is_empty() && self.leaders.iter().all(|leader| !leader.reachable)
    }
}

/// `POST /v1/anchors`
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AnchorRequest {
    /// The asking device.
    pub device_id: DeviceId,
    /// Random challenge, 32 to 64 hexadecimal digits.
    pub nonce: String,
    /// The device's elapsed clock at the moment of asking.
    pub elapsed: Option<Elapsed>,
}

/// `GET /v1/signing-key`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct SigningKey {
    /// First 16 hexadecimal digits of SHA-256 of the public key.
    pub key_id: String,
    /// Ed25519 public key, 64 hexadecimal digits.
    pub public_key: String,
}

/// `GET /v1/health`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
pub struct Health {
    /// `ok`, `full` when the disk of the store is full, or `degraded` when the store does not accept writes.
    pub status: String,
    /// The server's version.
    pub version: String,
    /// `sqlite` or `postgres`.
    pub store: String,
    /// The centre's clock.
    pub server_time: Timestamp,
}
