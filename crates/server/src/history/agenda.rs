//! What is going to happen, in the order of time; at the same moment in the order in which it was put down.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use chayan_domain::directory::Person;
use chayan_domain::ids::CaseId;
use chayan_domain::time::Timestamp;
use chayan_store::TimerRow;

use super::chance::Chance;
use super::scene::Intent;

/// One thing that is going to happen.
pub(super) enum Due {
    /// A customer is dissatisfied.
    Begin {
        /// Who sees it.
        clerk: Box<Person>,
        /// What is left to chance in this case.
        chance: Box<Chance>,
    },
    /// Somebody does what they meant to do, if the case is still as it was.
    Act {
        /// The case.
        case_id: CaseId,
        /// As it was.
        version: u32,
        /// What they mean to do.
        intent: Box<Intent>,
    },
    /// A clock runs out, if it is still armed.
    Timer(TimerRow),
}

#[derive(Default)]
pub(super) struct Agenda {
    order: BinaryHeap<Reverse<(Timestamp, u64)>>,
    entries: BTreeMap<u64, Due>,
    added: u64,
}

impl Agenda {
    pub(super) fn add(&mut self, at: Timestamp, due: Due) {
        self.order.push(Reverse((at, self.added)));
        self.entries.insert(self.added, due);
        self.added += 1;
    }

    /// Takes the next entry that is due before `end`.
    pub(super) fn next(&mut self, end: Timestamp) -> Option<(Timestamp, Due)> {
        let Reverse((at, number)) = *self.order.peek().filter(|Reverse((at, _))| *at < end)?;
        self.order.pop();
        Some((at, self.entries.remove(&number)?))
    }
}
