//! What makes a rule set unusable. An overlay may only be stricter: 5 → 4 minutes yes, 5 → 6 no; of a keeping the longer
//! is the stricter.

use serde::{Deserialize, Serialize};

use crate::directory::Directory;
use crate::ids::UnitId;
use crate::time::{Span, Timestamp};

use super::{LimitName, NumberName, Overlay, RuleSet};

/// One reason why a rule set is refused. Stable codes with their data.
#[derive(
    Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ts_rs::TS, utoipa::ToSchema,
)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum RuleFault {
    /// A number is not there.
    #[error("{name:?} is missing")]
    MissingLimit {
        /// Which.
        name: LimitName,
    },
    /// A number is there more than once (in an overlay where `unit_id` is given).
    #[error("{name:?} is named twice")]
    DuplicateLimit {
        /// Which.
        name: LimitName,
        /// The overlay's unit; `None` for the rule set itself.
        unit_id: Option<UnitId>,
    },
    /// A number that is no span is named twice, is zero, or turns the ladder of supervision round.
    #[error("{name:?} is unusable")]
    UnusableNumber {
        /// Which.
        name: NumberName,
    },
    /// A span is zero or negative.
    #[error("{name:?} is not positive")]
    NotPositive {
        /// Which.
        name: LimitName,
        /// The overlay's unit; `None` for the rule set itself.
        unit_id: Option<UnitId>,
    },
    /// An overlay is for a unit that the directory does not know.
    #[error("unit {unit_id} is unknown")]
    UnknownUnit {
        /// Which.
        unit_id: UnitId,
    },
    /// Two overlays for one unit.
    #[error("unit {unit_id} has two overlays")]
    DuplicateOverlay {
        /// Which.
        unit_id: UnitId,
    },
    /// Undelivered notices would climb before the deputy is alerted (in an overlay where `unit_id` is given).
    #[error("delivery climbs after {climb:?}, before the deputy's {deputy:?}")]
    ClimbBeforeDeputy {
        /// The overlay's unit; `None` for the rule set itself.
        unit_id: Option<UnitId>,
        /// When the deputy is alerted.
        deputy: Span,
        /// When it climbs.
        climb: Span,
    },
    /// An overlay is not stricter than what holds without it.
    #[error("{name:?} of {unit_id} is not stricter")]
    NotStricter {
        /// The overlay's unit.
        unit_id: UnitId,
        /// Which number.
        name: LimitName,
        /// What holds without the overlay.
        holds: Span,
        /// What the overlay says.
        overlay: Span,
    },
    /// A change that would hold before the moment from which it may.
    #[error("not before {}", .earliest.0)]
    TooEarly {
        /// The first moment that would do.
        earliest: Timestamp,
    },
    /// The rule's own number: only a new rule version changes it.
    #[error("{name:?} is the rule's own")]
    Locked {
        /// Which.
        name: LimitName,
    },
    /// A span that no clock needs.
    #[error("{name:?} is longer than {longest:?}")]
    TooLong {
        /// Which.
        name: LimitName,
        /// The longest that would do.
        longest: Span,
    },
    /// Shorter than the law allows (in an overlay where `unit_id` is given).
    #[error("{name:?} is shorter than {shortest:?}")]
    TooShort {
        /// Which.
        name: LimitName,
        /// The overlay's unit; `None` for the rule set itself.
        unit_id: Option<UnitId>,
        /// The shortest that would do.
        shortest: Span,
    },
    /// A change without a reason, or with one that is too long.
    #[error("the reason needs {least} to {most} characters")]
    ReasonLength {
        /// Characters at least.
        least: u32,
        /// Characters at most.
        most: u32,
    },
    /// A text of 实施细则 without title or words, or with too many.
    #[error("the text needs a title and at most {most} characters")]
    TextLength {
        /// Characters at most.
        most: u32,
    },
    /// Everything is as it was.
    #[error("nothing would change")]
    NothingChanged,
}

impl RuleSet {
    /// Whether this set can be put in force with this directory.
    ///
    /// # Errors
    /// Every fault, in the order of the set.
    pub fn check(&self, directory: &Directory) -> Result<(), Vec<RuleFault>> {
        let mut faults = Vec::new();
        for &name in LimitName::ALL {
            let spans: Vec<Span> =
                self.limits.iter().filter(|limit| limit.name == name).map(|limit| limit.span).collect();
            if spans.is_empty() {
                faults.push(RuleFault::MissingLimit { name });
            }
            faults.extend(span_faults(name, &spans, None));
        }
        self.check_numbers(&mut faults);
        let span = |name| self.limits.iter().find(|limit| limit.name == name).map(|limit| limit.span);
        if let (Some(deputy), Some(climb)) = (span(LimitName::DeliveryDeputy), span(LimitName::DeliveryClimb))
        {
            faults.extend(climb_fault(deputy, climb, None));
        }
        for (index, overlay) in self.overlays.iter().enumerate() {
            if self.overlays.iter().take(index).any(|earlier| earlier.unit_id == overlay.unit_id) {
                faults.push(RuleFault::DuplicateOverlay { unit_id: overlay.unit_id.clone() });
            } else if directory.unit(&overlay.unit_id).is_none() {
                faults.push(RuleFault::UnknownUnit { unit_id: overlay.unit_id.clone() });
            } else {
                self.check_overlay(overlay, directory, &mut faults);
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// 预警 comes before the limit, the unit's head after it, the 分管领导 last.
    fn check_numbers(&self, faults: &mut Vec<RuleFault>) {
        for &name in NumberName::ALL {
            let values: Vec<u32> =
                self.numbers.iter().filter(|number| number.name == name).map(|number| number.value).collect();
            let head = self.numbers.iter().find(|number| number.name == NumberName::HeadPercent);
            let usable = |value: u32| match name {
                NumberName::WarnPercent => (1..100).contains(&value),
                NumberName::HeadPercent => value > 100,
                NumberName::LeaderPercent => value > head.map_or(100, |head| head.value),
                NumberName::CallbackAttempts => value > 0,
            };
            if values.len() > 1 || values.into_iter().any(|value| !usable(value)) {
                faults.push(RuleFault::UnusableNumber { name });
            }
        }
    }

    fn check_overlay(&self, overlay: &Overlay, directory: &Directory, faults: &mut Vec<RuleFault>) {
        let without = self.without(&overlay.unit_id).effective(&overlay.unit_id, directory);
        for &name in LimitName::ALL {
            let spans: Vec<Span> =
                overlay.limits.iter().filter(|limit| limit.name == name).map(|limit| limit.span).collect();
            faults.extend(span_faults(name, &spans, Some(&overlay.unit_id)));
            let holds = without.span(name);
            let looser = spans.iter().filter(|span| !name.is_stricter(**span, holds));
            faults.extend(looser.map(|span| RuleFault::NotStricter {
                unit_id: overlay.unit_id.clone(),
                name,
                holds,
                overlay: *span,
            }));
        }
        let with = self.effective(&overlay.unit_id, directory);
        let (deputy, climb) = (with.span(LimitName::DeliveryDeputy), with.span(LimitName::DeliveryClimb));
        faults.extend(climb_fault(deputy, climb, Some(&overlay.unit_id)));
    }

    /// The same without one unit's overlay.
    pub(super) fn without(&self, unit: &UnitId) -> Self {
        let mut rest = self.clone();
        rest.overlays.retain(|overlay| overlay.unit_id != *unit);
        rest
    }
}

/// The deputy is alerted first; at the same moment both would happen at once, and the deputy's alert mean nothing.
fn climb_fault(deputy: Span, climb: Span, unit: Option<&UnitId>) -> Option<RuleFault> {
    (climb <= deputy).then(|| RuleFault::ClimbBeforeDeputy { unit_id: unit.cloned(), deputy, climb })
}

fn span_faults(name: LimitName, spans: &[Span], unit: Option<&UnitId>) -> Vec<RuleFault> {
    let mut faults = Vec::new();
    if spans.len() > 1 {
        faults.push(RuleFault::DuplicateLimit { name, unit_id: unit.cloned() });
    }
    if spans.iter().any(|span| span.0 <= 0) {
        faults.push(RuleFault::NotPositive { name, unit_id: unit.cloned() });
    }
    if let Some(shortest) = name.least().filter(|least| spans.iter().any(|span| span < least)) {
        faults.push(RuleFault::TooShort { name, unit_id: unit.cloned(), shortest });
    }
    faults
}
