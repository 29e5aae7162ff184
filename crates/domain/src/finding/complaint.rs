//! Complaints, and the same complaint from several sources as one matter.

use std::collections::{BTreeMap, BTreeSet};

use crate::directory::Line;
use crate::ids::{ComplaintNo, UnitId};

use super::key::Key;
use super::merge::survivors;
use super::time::ComplaintTime;

/// 投诉, as far as the matching needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// 投诉编号
    pub complaint_no: ComplaintNo,
    /// 投诉时间
    pub time: ComplaintTime,
    /// Everything by which a case may be found.
    pub keys: BTreeSet<Key>,
    /// 被诉机构
    pub blamed_unit: Option<UnitId>,
    /// 被诉条线
    pub blamed_line: Option<Line>,
    /// 有效投诉; withdrawal does not change it.
    pub valid: bool,
    /// The complaint that it is the same as.
    pub merged_into: Option<ComplaintNo>,
}

/// One matter, however many sources it came from: it counts once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// The surviving complaint: its blame and its flag hold.
    pub complaint_no: ComplaintNo,
    /// All numbers, the surviving one's among them.
    pub numbers: BTreeSet<ComplaintNo>,
    /// The earliest time with its precision.
    pub time: ComplaintTime,
    /// The keys of all.
    pub keys: BTreeSet<Key>,
    /// 被诉机构
    pub blamed_unit: Option<UnitId>,
    /// 被诉条线
    pub blamed_line: Option<Line>,
    /// 有效投诉
    pub valid: bool,
}

/// Makes one matter of each complaint with all that were merged into it, by the surviving number. A complaint listed
/// twice under one number gives its keys and time from both; the rest from the first.
///
/// Of two times that begin at one moment the more precise one is the earlier: the other may have been later.
#[must_use]
pub fn unite(complaints: &[Complaint]) -> Vec<Matter> {
    let mut links: BTreeMap<ComplaintNo, Option<ComplaintNo>> = BTreeMap::new();
    for complaint in complaints {
        links.entry(complaint.complaint_no.clone()).or_insert_with(|| complaint.merged_into.clone());
    }
    let survivor_of = survivors(&links);
    let mut matters: BTreeMap<&ComplaintNo, Matter> = BTreeMap::new();
    // The survivors come first, so that blame and flag are theirs.
    let survives =
        |complaint: &&Complaint| survivor_of.get(&complaint.complaint_no) == Some(&complaint.complaint_no);
    let (surviving, merged): (Vec<_>, Vec<_>) = complaints.iter().partition(survives);
    for complaint in surviving.into_iter().chain(merged) {
        let Some(survivor) = survivor_of.get(&complaint.complaint_no) else { continue };
        let matter = matters.entry(survivor).or_insert_with(|| Matter::of(complaint));
        matter.numbers.insert(complaint.complaint_no.clone());
        matter.keys.extend(complaint.keys.iter().cloned());
        let order = |time: &ComplaintTime| (time.earliest(), time.precision);
        if order(&complaint.time) < order(&matter.time) {
            matter.time = complaint.time;
        }
    }
    matters.into_values().collect()
}

impl Matter {
    /// A complaint that is merged with no other.
    #[must_use]
    pub fn of(complaint: &Complaint) -> Self {
        Self {
            complaint_no: complaint.complaint_no.clone(),
            numbers: BTreeSet::from([complaint.complaint_no.clone()]),
            time: complaint.time,
            keys: complaint.keys.clone(),
            blamed_unit: complaint.blamed_unit.clone(),
            blamed_line: complaint.blamed_line,
            valid: complaint.valid,
        }
    }
}
