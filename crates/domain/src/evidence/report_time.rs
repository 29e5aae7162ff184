//! The time that counts as a report's: an interval, as narrow as what is known proves and no narrower.

use crate::time::{Span, Timestamp};

use super::{Anchor, Elapsed, ReportTime, SealEvidence, TimeProof};

/// A clock that counts sleep is trusted to this, however short the time.
const DRIFT_BASE: Span = Span::seconds(1);
/// And to this much more for each hour, in proportion.
const DRIFT_PER_HOUR: Span = Span::seconds(2);
const HOUR: Span = Span::minutes(60);

/// What the centre knows about when a report was made.
#[derive(Debug, Clone, Copy)]
pub struct TimeClaim<'a> {
    /// The centre's clock when the report was received.
    pub received_at: Timestamp,
    /// 电话代登记: the start of the call as the agent logged it.
    pub call_started_at: Option<Timestamp>,
    /// The device's account; `None` for a report made at the centre itself (browser).
    pub seal: Option<&'a SealEvidence>,
    /// How long after sealing the attempt began that the receipt answers; `None` where the device cannot say.
    pub attempt_after: Option<Span>,
    /// How soon such an attempt counts as online.
    pub online_within: Span,
    /// The record contradicts no record of the device's chain that the centre has.
    pub chain_verifies: bool,
    /// The anchor is signed by the centre and was given to this device.
    pub anchor_trusted: bool,
}

/// The interval of the report's time. A wall clock takes no part in it; a supplement has none.
#[must_use]
pub fn report_time(claim: &TimeClaim<'_>) -> ReportTime {
    let received = claim.received_at;
    if let Some(call) = claim.call_started_at {
        let at = call.min(received);
        return ReportTime { earliest: Some(at), latest: at, proof: TimeProof::Telephone };
    }
    let Some(seal) = claim.seal else { return ReportTime::online(received) };
    if claim.chain_verifies
        && claim.attempt_after.is_some_and(|after| (Span(0)..=claim.online_within).contains(&after))
    {
        return ReportTime::online(received);
    }
    let trusted = seal
        .anchor
        .as_ref()
        .filter(|anchor| claim.chain_verifies && claim.anchor_trusted && anchor.server_time <= received);
    let Some(anchor) = trusted else {
        return ReportTime { earliest: None, latest: received, proof: TimeProof::Doubtful };
    };
    proven(anchor, seal.elapsed.as_ref(), received).unwrap_or(ReportTime {
        earliest: Some(anchor.server_time),
        latest: received,
        proof: TimeProof::Doubtful,
    })
}

impl ReportTime {
    /// 在线实报: exactly when the centre received it.
    #[must_use]
    pub const fn online(received: Timestamp) -> Self {
        Self { earliest: Some(received), latest: received, proof: TimeProof::Online }
    }
}

/// Anchor plus elapsed time; `None` where the elapsed clock proves nothing: rebooted, reset, or so far ahead that the
/// record would have been sealed after it arrived.
fn proven(anchor: &Anchor, sealed: Option<&Elapsed>, received: Timestamp) -> Option<ReportTime> {
    let elapsed = sealed?.since(anchor.elapsed.as_ref()?)?;
    let middle = anchor.server_time.plus(elapsed);
    let drift = drift(elapsed);
    let earliest = middle.minus(drift).max(anchor.server_time);
    if earliest > received {
        return None;
    }
    let latest = middle.plus(drift).min(received);
    Some(ReportTime { earliest: Some(earliest), latest, proof: TimeProof::OfflineProven })
}

impl Elapsed {
    /// The time from `earlier` to here on one clock; `None` after a reboot or a reset, where the two cannot be compared.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Option<Span> {
        let span = self.since_boot.0.checked_sub(earlier.since_boot.0)?;
        (self.boot_id == earlier.boot_id && span >= 0).then_some(Span(span))
    }
}

fn drift(elapsed: Span) -> Span {
    let grown = i128::from(elapsed.0) * i128::from(DRIFT_PER_HOUR.0) / i128::from(HOUR.0);
    Span(DRIFT_BASE.0.saturating_add(i64::try_from(grown).unwrap_or(i64::MAX)))
}
