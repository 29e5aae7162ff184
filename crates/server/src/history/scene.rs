//! One case as the people around it find it, and what one of them does next.

use chayan_api::alerts::ReceiptKind;
use chayan_api::commands::CaseAction;
use chayan_domain::calendar::Calendars;
use chayan_domain::case::{AlertKind, Case};
use chayan_domain::directory::{Directory, Role};
use chayan_domain::ids::{AlertId, PersonId, UnitId};
use chayan_domain::report::Private;
use chayan_domain::time::{Span, Timestamp};
use chayan_store::AlertRow;

use super::chance::Chance;
use super::script::{self, Notes, Script};
use crate::demo_directory::Names;

/// A case at one moment, with everything by which its people decide.
pub(super) struct Scene<'a> {
    pub(super) case: &'a Case,
    pub(super) alerts: &'a [AlertRow],
    pub(super) now: Timestamp,
    pub(super) directory: &'a Directory,
    pub(super) calendars: &'a Calendars,
    pub(super) chance: &'a Chance,
    pub(super) script: &'a Script,
    pub(super) names: &'a Names,
}

/// What somebody is going to do.
pub(super) struct Intent {
    pub(super) person: PersonId,
    pub(super) at: Timestamp,
    pub(super) deed: Deed,
}

/// How.
pub(super) enum Deed {
    /// By a command.
    Act(Box<CaseAction>),
    /// Their device reports of an alert.
    Report(AlertId, ReceiptKind),
}

impl Intent {
    /// A command.
    pub(super) fn act(person: PersonId, at: Timestamp, action: CaseAction) -> Self {
        Self { person, at, deed: Deed::Act(Box::new(action)) }
    }
}

impl Scene<'_> {
    /// This person acts within a span, at any hour.
    pub(super) fn soon(
        &self,
        person: &PersonId,
        (low, high): (i64, i64),
        action: CaseAction,
    ) -> Option<Intent> {
        let at = self.now.plus(self.chance.span(Span::seconds(low), Span::seconds(high)));
        Some(Intent::act(person.clone(), at, action))
    }

    /// This person acts after so many minutes of the unit's working time.
    pub(super) fn at_work(
        &self,
        person: &PersonId,
        unit: &UnitId,
        (low, high): (i64, i64),
        action: CaseAction,
    ) -> Option<Intent> {
        let work = self.chance.span(Span::minutes(low), Span::minutes(high)).max(Span::seconds(1));
        let at = self.calendars.of(self.directory, unit).due(self.now, work);
        Some(Intent::act(person.clone(), at, action))
    }

    /// Their device says that an alert arrived, or was seen.
    pub(super) fn reported(&self, alert: &AlertRow, (low, high): (i64, i64), kind: ReceiptKind) -> Intent {
        let at = self.now.plus(self.chance.span(Span::seconds(low), Span::seconds(high)));
        Intent { person: alert.person_id.clone(), at, deed: Deed::Report(alert.alert_id, kind) }
    }

    /// Somebody of the complaint group.
    pub(super) fn agent(&self) -> Option<PersonId> {
        let group = self.directory.with_role(Role::Cmp);
        self.chance.pick(&group).map(|person| person.person_id.clone())
    }

    /// Who is asked for this now.
    pub(super) fn asked(&self, kind: AlertKind) -> Option<PersonId> {
        let asked: Vec<&AlertRow> = self.alerts.iter().filter(|alert| alert.kind == kind).collect();
        self.chance.pick(&asked).map(|alert| alert.person_id.clone())
    }

    /// The number by which a recording system knows the call.
    pub(super) fn recording(&self) -> Private {
        let Timestamp(moment) = self.now;
        Private::new(format!("REC-{}", moment / 1_000))
    }

    /// Words for what they do.
    pub(super) fn words(&self, of: impl Fn(&Notes) -> &Vec<String>) -> Private {
        script::words(self.chance, of(self.script.notes()))
    }
}
