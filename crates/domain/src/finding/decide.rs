//! Deciding: what each piece of evidence alone leads to; the first place in the rule's order wins.

use crate::evidence::ReportTime;
use crate::time::Timestamp;

use super::candidates::candidates;
use super::record::{CaseRecord, Evidence, Link};
use super::time::{ComplaintTime, Precision, Timing};
use super::{Candidate, Decision, Finding, FindingChange, FindingRules, Ground, Matter, Weighed};

/// Decides about one complaint. Nothing but what is handed in counts, in whatever order it comes.
#[must_use]
pub fn find(matter: &Matter, cases: &[CaseRecord], links: &[Link], rules: &FindingRules) -> Finding {
    let groups = candidates(matter, cases, links, rules);
    let scale = Scale { complaint: &matter.time, finest: rules.finest };
    let mut weighed: Vec<Weighed> = Vec::new();
    for group in &groups {
        for case in &group.cases {
            weighed.extend(case.evidence.iter().map(|evidence| Weighed {
                ground: scale.weigh(evidence, group.different_matter),
                case_id: case.case_id,
                evidence: evidence.clone(),
            }));
        }
    }
    weighed.sort_unstable();
    let decision = weighed.iter().map(|piece| piece.ground.leads_to()).min().unwrap_or(Decision::NoRecord);
    let (evidence, others) = weighed
        .into_iter()
        .partition(|piece| decision != Decision::NoRecord && piece.ground.leads_to() == decision);
    let mut listed: Vec<Candidate> = groups.iter().flat_map(|group| group.listed()).collect();
    listed.sort_by_key(|candidate| candidate.case_id);
    Finding {
        complaint_no: matter.complaint_no.clone(),
        verdict: decision.verdict(),
        decision,
        evidence,
        others,
        candidates: listed,
    }
}

/// What a later finding of the same complaint changes; `None` where it says the same.
#[must_use]
pub fn change(before: &Finding, after: &Finding) -> Option<FindingChange> {
    let pieces = |finding: &Finding| -> Vec<Weighed> {
        finding.evidence.iter().chain(&finding.others).cloned().collect()
    };
    let (old, new) = (pieces(before), pieces(after));
    let change = FindingChange {
        from: before.verdict,
        to: after.verdict,
        gained: without(&new, &old),
        lost: without(&old, &new),
        joined: without(&after.candidates, &before.candidates),
        left: without(&before.candidates, &after.candidates),
    };
    (before != after).then_some(change)
}

fn without<T: Clone + PartialEq>(all: &[T], known: &[T]) -> Vec<T> {
    all.iter().filter(|one| !known.contains(one)).cloned().collect()
}

/// What evidence is held against.
struct Scale<'a> {
    complaint: &'a ComplaintTime,
    finest: Precision,
}

impl Scale<'_> {
    /// A claim that nobody countersigned proves nothing, of whichever matter and at whatever time. Anything else of
    /// another matter can at most be doubtful.
    fn weigh(&self, evidence: &Evidence, different_matter: bool) -> Ground {
        let ground = self.alone(evidence);
        match ground {
            Ground::NotCountersigned => ground,
            Ground::Later if different_matter => Ground::LaterDifferentMatter,
            _ if different_matter => Ground::DifferentMatter,
            _ => ground,
        }
    }

    fn alone(&self, evidence: &Evidence) -> Ground {
        match evidence {
            Evidence::Flow { time } => self.timed(time, Ground::FlowInTime),
            Evidence::Spot { time } => self.timed(time, Ground::SpotTrace),
            Evidence::Quarantined { time } => match self.interval(time) {
                Timing::Late => Ground::Later,
                Timing::InTime | Timing::Uncertain => Ground::Quarantined,
            },
            Evidence::Notice { sent, delivered_at, .. } => self.notice(sent, *delivered_at),
            Evidence::Verbal { countersign: None, .. } => Ground::NotCountersigned,
            Evidence::Verbal { countersign: Some(proof), .. } => match self.moment(proof.signed_at) {
                Timing::InTime => Ground::CountersignedInTime,
                Timing::Uncertain => Ground::TimeUncertain,
                Timing::Late if self.moment(proof.told_at) == Timing::Late => Ground::Later,
                Timing::Late => Ground::CountersignedAfter,
            },
        }
    }

    /// Delivery is what counts. Without it a notice that was sent in time is doubtful, and one sent later is late.
    fn notice(&self, sent: &ReportTime, delivered_at: Option<Timestamp>) -> Ground {
        match (delivered_at.map(|at| self.moment(at)), self.interval(sent)) {
            (Some(Timing::InTime), _) => Ground::DeliveredInTime,
            (_, Timing::Late) => Ground::Later,
            (Some(Timing::Uncertain), _) | (_, Timing::Uncertain) => Ground::TimeUncertain,
            (Some(Timing::Late) | None, Timing::InTime) => Ground::NotDelivered,
        }
    }

    fn timed(&self, time: &ReportTime, in_time: Ground) -> Ground {
        match self.interval(time) {
            Timing::InTime => in_time,
            Timing::Uncertain => Ground::TimeUncertain,
            Timing::Late => Ground::Later,
        }
    }

    fn interval(&self, time: &ReportTime) -> Timing {
        self.complaint.compare(time.earliest, time.latest, self.finest)
    }

    fn moment(&self, at: Timestamp) -> Timing {
        self.complaint.compare(Some(at), at, self.finest)
    }
}

impl Ground {
    /// The place in the rule's order to which a piece on this ground leads, were it the only one.
    #[must_use]
    pub const fn leads_to(self) -> Decision {
        match self {
            Self::FlowInTime => Decision::FlowInTime,
            Self::DeliveredInTime | Self::CountersignedInTime => Decision::LeaderInTime,
            Self::TimeUncertain
            | Self::NotDelivered
            | Self::CountersignedAfter
            | Self::Quarantined
            | Self::DifferentMatter => Decision::Doubtful,
            Self::SpotTrace => Decision::SpotTrace,
            Self::Later => Decision::OnlyLater,
            Self::NotCountersigned => Decision::Unproven,
            Self::LaterDifferentMatter => Decision::NoRecord,
        }
    }
}
