//! Which cases may belong to a complaint. Cases that were merged are looked at as one.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{CaseId, PersonId};
use crate::time::{Span, Timestamp};

use super::key::{Key, KeyKind};
use super::merge::survivors;
use super::record::{CaseRecord, Evidence, Link, OpenSpan};
use super::{Candidate, FindingRules, KeyMatch, Matter};

/// A case with what was merged into it, as far as both count.
pub(super) struct Group<'a> {
    pub(super) cases: Vec<&'a CaseRecord>,
    matched: Vec<KeyMatch>,
    linked_by: BTreeSet<PersonId>,
    pub(super) different_matter: bool,
}

/// The groups that may belong to the matter.
pub(super) fn candidates<'a>(
    matter: &Matter,
    cases: &'a [CaseRecord],
    links: &[Link],
    rules: &FindingRules,
) -> Vec<Group<'a>> {
    grouped(cases)
        .into_values()
        .map(|cases| Group::new(cases, matter, links))
        .filter(|group| {
            !group.linked_by.is_empty() || (!group.matched.is_empty() && group.is_near(matter, rules))
        })
        .collect()
}

/// Cases that do not count still lead from one to another, but are not among them.
fn grouped(cases: &[CaseRecord]) -> BTreeMap<CaseId, Vec<&CaseRecord>> {
    let mut merged_into: BTreeMap<CaseId, Option<CaseId>> = BTreeMap::new();
    for case in cases {
        let known = merged_into.entry(case.case_id).or_default();
        *known = (*known).max(case.merged_into);
    }
    let survivor_of = survivors(&merged_into);
    let mut groups: BTreeMap<CaseId, Vec<&CaseRecord>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.standing.counts()) {
        let survivor = survivor_of.get(&case.case_id).copied().unwrap_or(case.case_id);
        groups.entry(survivor).or_default().push(case);
    }
    groups
}

impl<'a> Group<'a> {
    fn new(cases: Vec<&'a CaseRecord>, matter: &Matter, links: &[Link]) -> Self {
        let linked_by: BTreeSet<PersonId> = links
            .iter()
            .filter(|link| cases.iter().any(|case| case.case_id == link.case_id))
            .map(|link| link.by.clone())
            .collect();
        let matched = matched(&cases, matter);
        let different_matter = linked_by.is_empty() && other_claim(&cases, matter, &matched);
        Self { cases, matched, linked_by, different_matter }
    }

    /// Whether any of it happened within the window, or was open when somebody complained.
    fn is_near(&self, matter: &Matter, rules: &FindingRules) -> bool {
        let precision = matter.time.precision.max(rules.finest);
        let (first, last) = (precision.floor(matter.time.at), precision.ceiling(matter.time.at));
        let near = |evidence: &Evidence| {
            let (earliest, latest) = spread(evidence, rules.window);
            earliest <= last.plus(rules.window) && first.minus(rules.window) <= latest
        };
        let open = |span: &OpenSpan| span.from <= last && span.to.is_none_or(|end| first < end);
        self.cases.iter().any(|case| {
            // A timer or a draft that was left open is no report.
            case.evidence.iter().any(near) || (!case.evidence.is_empty() && case.open.iter().any(open))
        })
    }

    pub(super) fn listed(&self) -> impl Iterator<Item = Candidate> {
        self.cases.iter().map(|case| Candidate {
            case_id: case.case_id,
            matched: self.matched.clone(),
            linked_by: self.linked_by.iter().cloned().collect(),
            different_matter: self.different_matter,
        })
    }
}

/// The interval of a piece; one without a beginning counts from as long before its receipt as the window is.
fn spread(evidence: &Evidence, window: Span) -> (Timestamp, Timestamp) {
    let time = evidence.time();
    (time.earliest.unwrap_or(time.latest.minus(window)), time.latest)
}

fn matched(cases: &[&CaseRecord], matter: &Matter) -> Vec<KeyMatch> {
    let mut kinds: BTreeMap<KeyKind, bool> = BTreeMap::new();
    for key in cases.iter().flat_map(|case| &case.keys).filter(|key| matter.keys.contains(&key.key)) {
        let supplemented = kinds.entry(key.key.kind()).or_insert(true);
        *supplemented &= key.supplemented;
    }
    kinds.into_iter().map(|(kind, supplemented)| KeyMatch { kind, supplemented }).collect()
}

/// 不同事项: claim numbers on both sides, and none of them equal.
fn other_claim(cases: &[&CaseRecord], matter: &Matter, matched: &[KeyMatch]) -> bool {
    let is_claim = |key: &Key| key.kind() == KeyKind::Claim;
    let named = cases.iter().flat_map(|case| &case.keys).any(|key| is_claim(&key.key));
    let equal = matched.iter().any(|found| found.kind == KeyKind::Claim);
    named && !equal && matter.keys.iter().any(is_claim)
}
