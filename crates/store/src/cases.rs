//! Lists of cases by what the viewer may see.

use chayan_domain::case::{Case, CaseState};
use chayan_domain::ids::{CaseId, PersonId};
use chayan_domain::time::Timestamp;

/// One way in which a viewer comes to see cases; several are joined by or.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Cases that this person reported.
    Reporter(PersonId),
    /// Cases in which this person had a part (leader, deputy, agent).
    Involved(PersonId),
    /// Cases of this person's direct subordinates.
    Team(PersonId),
    /// Cases with a flow jsk.22, in this subtree of units.
    Flow {
        /// `/HQ/JS/`
        unit_path: String,
    },
    /// Every case of this subtree of units.
    Subtree {
        /// `/HQ/JS/NJ/`
        unit_path: String,
    },
    /// Every case.
    All,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseOrder {
    /// By the moment the centre first heard of it, newest first.
    NewestFirst,
    /// By the most urgent clock; cases without one last.
    DueFirst,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageMark {
    /// The sort value of the last case.
    pub(crate) key: i64,
    /// The last case.
    pub(crate) case_id: CaseId,
}

/// What to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseQuery {
    /// Joined by or; none means nothing.
    pub scopes: Vec<Scope>,
    /// Only these states; empty means every state.
    pub states: Vec<CaseState>,
    /// In this order.
    pub order: CaseOrder,
    /// Continue after this mark.
    pub after: Option<PageMark>,
    /// At most so many.
    pub limit: u32,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePage {
    /// In order.
    pub cases: Vec<ListedCase>,
    /// Mark of the next page; `None` at the end.
    pub next: Option<PageMark>,
}

/// A case in a list, with its index columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCase {
    /// The case.
    pub case: Case,
    /// `/HQ/JS/NJ/`
    pub unit_path: String,
    /// 直接领导 of the reporter when the case began.
    pub direct_leader: Option<PersonId>,
    /// When the centre first heard of it.
    pub received_at: Timestamp,
    /// When its most urgent clock runs out.
    pub next_due: Option<Timestamp>,
    /// Everybody who had a part; filled by [`crate::Store::case`] only.
    pub involved: Vec<PersonId>,
}

impl std::fmt::Display for PageMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.key, self.case_id)
    }
}

impl std::str::FromStr for PageMark {
    type Err = BadPageMark;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (key, case_id) = text.split_once('_').ok_or(BadPageMark)?;
        Ok(Self {
            key: key.parse().map_err(|_| BadPageMark)?,
            case_id: case_id.parse().map_err(|_| BadPageMark)?,
        })
    }
}

/// A text that is no page mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a page mark")]
pub struct BadPageMark;
