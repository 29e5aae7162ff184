//! Following what was merged into what, for cases and for complaints.

use std::collections::{BTreeMap, BTreeSet};

/// Who survives, for everybody in `merged_into`.
///
/// A chain leads to its last member. One that names somebody who is not there ends before; one that runs in a circle
/// ends at the smallest of the circle, so that the answer depends on nothing but the links.
pub(super) fn survivors<K: Ord + Clone>(merged_into: &BTreeMap<K, Option<K>>) -> BTreeMap<K, K> {
    merged_into.keys().map(|key| (key.clone(), survivor(key, merged_into))).collect()
}

fn survivor<K: Ord + Clone>(key: &K, merged_into: &BTreeMap<K, Option<K>>) -> K {
    let next =
        |key: &K| merged_into.get(key).cloned().flatten().filter(|next| merged_into.contains_key(next));
    let mut walked = BTreeSet::from([key.clone()]);
    let mut at = key.clone();
    while let Some(further) = next(&at) {
        if !walked.insert(further.clone()) {
            let around = std::iter::successors(next(&further), &next).take_while(|member| *member != further);
            return around.fold(further.clone(), Ord::min);
        }
        at = further;
    }
    at
}
