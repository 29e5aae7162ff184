//! The numbers that bind a unit: the rule set with every overlay on the way from the root down to the unit.

use crate::case::Case;
use crate::directory::Directory;
use crate::ids::{RuleVersion, UnitId};
use crate::time::Span;

use super::{
    CaseLimits, EffectiveRules, HandlingLimits, Limit, LimitName, Number, NumberName, Origin, Overlay,
    RuleSet, Switch, SwitchName,
};

/// Up to this length of T1 the warning comes at half of it; a minute before the end would be too early.
const SHORT_T1: Span = Span::seconds(120);

/// The rule of 2018 with our defaults, as data: its numbers and its document's words are not program text.
const STANDARD: &str = include_str!("../../data/rules-2018-1.json");

impl RuleSet {
    /// The rule in force since 2018-06-01, without overlays.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
    pub fn standard() -> Self {
        serde_json::from_str(STANDARD).expect("the embedded rule set is well formed")
    }

    /// The numbers that bind `unit`: every overlay from the root down to it, the strictest number winning.
    ///
    /// The steps after T3 keep their share of T3, and the one warning stays inside T1, whatever an overlay shortens.
    #[must_use]
    pub fn effective(&self, unit: &UnitId, directory: &Directory) -> EffectiveRules {
        let mut version = self.version.as_str().to_owned();
        let (mut limits, numbers, switches) = self.completed();
        for ancestor in directory.unit_chain(unit).into_iter().rev() {
            for overlay in self.overlays.iter().filter(|overlay| overlay.unit_id == ancestor.unit_id) {
                version = match overlay.edition {
                    0 => format!("{version}+{}", overlay.unit_id),
                    edition => format!("{version}+{}@{edition}", overlay.unit_id),
                };
                lay_over(&mut limits, overlay);
            }
        }
        self.scale_callback_steps(&mut limits);
        bound_warning(&mut limits);
        EffectiveRules { version: RuleVersion(version), limits, numbers, switches }
    }

    /// The unit whose overlay a limit of `unit` comes from; `None` where none shortened it.
    #[must_use]
    pub fn source(&self, unit: &UnitId, name: LimitName, directory: &Directory) -> Option<UnitId> {
        // The steps after T3 are shortened with it.
        let also = match name {
            LimitName::T3Head | LimitName::T3Department => Some(LimitName::T3),
            _ => None,
        };
        let from = |name: LimitName| {
            let chain = directory.unit_chain(unit).into_iter().rev();
            let of = |above: &UnitId| {
                let overlay = self.overlays.iter().find(|overlay| overlay.unit_id == *above)?;
                let limit = overlay.limits.iter().find(|limit| limit.name == name)?;
                Some((limit.span, above.clone()))
            };
            let found = chain.filter_map(|above| of(&above.unit_id));
            let strictest =
                found.reduce(|best, one| if name.is_stricter(one.0, best.0) { one } else { best });
            strictest.map(|(_, unit)| unit)
        };
        from(name).or_else(|| from(also?))
    }

    /// How long the customer data of a case is kept: by its unit of today, and by every overlay on the way to where it
    /// began, so that a reorganisation shortens nothing.
    #[must_use]
    pub fn retention(&self, case: &Case, directory: &Directory) -> Span {
        let today = self.effective(&case.unit_id, directory).span(LimitName::Retention);
        let path: Vec<&str> = case.unit_path.iter().flat_map(|path| path.split('/')).collect();
        let then = self.overlays.iter().filter(|overlay| path.contains(&overlay.unit_id.as_str()));
        let limits = then.flat_map(|overlay| &overlay.limits);
        let spans = limits.filter(|limit| limit.name == LimitName::Retention).map(|limit| limit.span);
        spans.fold(today, Span::max)
    }

    /// Whether a setting is on. What an older set does not name is off, as it is in the standard one.
    #[must_use]
    pub fn is_on(&self, name: SwitchName) -> bool {
        self.switches.iter().any(|switch| switch.name == name && switch.on)
    }

    /// The numbers where no overlay is.
    #[must_use]
    pub fn without_overlays(&self) -> EffectiveRules {
        let (limits, numbers, switches) = self.completed();
        EffectiveRules { version: self.version.clone(), limits, numbers, switches }
    }

    /// Every number: a set that was put in force before a name existed has the standard one's for it, so that no clock
    /// of an older centre is of length zero.
    pub(super) fn completed(&self) -> (Vec<Limit>, Vec<Number>, Vec<Switch>) {
        let (mut limits, mut numbers) = (self.limits.clone(), self.numbers.clone());
        let mut switches = self.switches.clone();
        let misses_limit = |name: &LimitName| !self.limits.iter().any(|limit| limit.name == *name);
        let misses_number = |name: &NumberName| !self.numbers.iter().any(|number| number.name == *name);
        let misses_switch = |name: &SwitchName| !self.switches.iter().any(|switch| switch.name == *name);
        if LimitName::ALL.iter().any(misses_limit)
            || NumberName::ALL.iter().any(misses_number)
            || SwitchName::ALL.iter().any(misses_switch)
        {
            let standard = Self::standard();
            switches.extend(standard.switches.into_iter().filter(|switch| misses_switch(&switch.name)));
            limits.extend(standard.limits.into_iter().filter(|limit| misses_limit(&limit.name)));
            numbers.extend(standard.numbers.into_iter().filter(|number| misses_number(&number.name)));
        }
        (limits, numbers, switches)
    }

    /// T3Head and T3Department are shares of T3 (150 % and 200 %): a shorter T3 shortens them alike.
    fn scale_callback_steps(&self, limits: &mut [Limit]) {
        let (base, now) = (span_of(&self.limits, LimitName::T3), span_of(limits, LimitName::T3));
        if base.0 <= 0 || now >= base {
            return;
        }
        for name in [LimitName::T3Head, LimitName::T3Department] {
            let step = span_of(&self.limits, name);
            let scaled = i128::from(step.0) * i128::from(now.0) / i128::from(base.0);
            tighten(limits, name, Span(i64::try_from(scaled).unwrap_or(i64::MAX)));
        }
    }
}

impl EffectiveRules {
    /// The length of a limit; zero for a name that a broken rule set leaves out, so that nothing waits for ever.
    #[must_use]
    pub fn span(&self, name: LimitName) -> Span {
        span_of(&self.limits, name)
    }

    /// The spans that a case keeps from its first event on.
    #[must_use]
    pub fn case_limits(&self) -> CaseLimits {
        CaseLimits {
            t1: self.span(LimitName::T1),
            t1_warning: self.span(LimitName::T1Warning),
            t2: self.span(LimitName::T2),
            delivery_deputy: self.span(LimitName::DeliveryDeputy),
            delivery_climb: self.span(LimitName::DeliveryClimb),
            t3: self.span(LimitName::T3),
            t3_head: self.span(LimitName::T3Head),
            t3_department: self.span(LimitName::T3Department),
            discard_within: self.span(LimitName::DiscardWithin),
            handling: self.handling_limits(),
        }
    }

    /// A number that is no span; zero for a name that a broken rule set leaves out.
    #[must_use]
    pub fn number(&self, name: NumberName) -> u32 {
        self.numbers.iter().find(|number| number.name == name).map_or(0, |number| number.value)
    }

    /// Whether a setting is on; off for a name that a broken rule set leaves out.
    #[must_use]
    pub fn is_on(&self, name: SwitchName) -> bool {
        self.switches.iter().any(|switch| switch.name == name && switch.on)
    }

    fn handling_limits(&self) -> HandlingLimits {
        HandlingLimits {
            t4: self.span(LimitName::T4),
            t5: self.span(LimitName::T5),
            t6: self.span(LimitName::T6),
            t7: self.span(LimitName::T7),
            t9: self.span(LimitName::T9),
            urge_gap: self.span(LimitName::UrgeGap),
            countersign: self.span(LimitName::Countersign),
            callback_retry: self.span(LimitName::CallbackRetry),
            warn_percent: self.number(NumberName::WarnPercent),
            head_percent: self.number(NumberName::HeadPercent),
            leader_percent: self.number(NumberName::LeaderPercent),
            callback_attempts: self.number(NumberName::CallbackAttempts),
        }
    }
}

impl Default for HandlingLimits {
    fn default() -> Self {
        RuleSet::standard().without_overlays().handling_limits()
    }
}

fn span_of(limits: &[Limit], name: LimitName) -> Span {
    limits.iter().find(|limit| limit.name == name).map_or(Span(0), |limit| limit.span)
}

fn lay_over(limits: &mut [Limit], overlay: &Overlay) {
    for stricter in &overlay.limits {
        tighten(limits, stricter.name, stricter.span);
    }
}

fn tighten(limits: &mut [Limit], name: LimitName, span: Span) {
    for limit in limits.iter_mut().filter(|limit| limit.name == name && name.is_stricter(span, limit.span)) {
        limit.span = span;
        limit.origin = Origin::Overlay;
    }
}

/// The one warning lies inside T1. A half of a short T1 is ours (系统默认) as much as the minute is.
fn bound_warning(limits: &mut [Limit]) {
    let t1 = span_of(limits, LimitName::T1);
    if t1 <= SHORT_T1 || span_of(limits, LimitName::T1Warning) >= t1 {
        for limit in limits.iter_mut().filter(|limit| limit.name == LimitName::T1Warning) {
            limit.span = limit.span.min(t1.percent(50));
        }
    }
}
