//! Lists of which a newer centre may send more than this program can use: the rest of the answer stays readable.

use chayan_domain::ids::RuleVersion;
use chayan_domain::rules::EffectiveRules;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The items that this program can read; it could do nothing with the others.
pub(crate) fn items<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(readable(Vec::deserialize(from)?))
}

/// Rules with the limits that this program knows.
pub(crate) fn rules<'de, D: Deserializer<'de>>(from: D) -> Result<EffectiveRules, D::Error> {
    #[derive(Deserialize)]
    struct Loose {
        version: RuleVersion,
        limits: Vec<Value>,
        #[serde(default)]
        numbers: Vec<Value>,
        #[serde(default)]
        switches: Vec<Value>,
    }
    let Loose { version, limits, numbers, switches } = Loose::deserialize(from)?;
    Ok(EffectiveRules {
        version,
        limits: readable(limits),
        numbers: readable(numbers),
        switches: readable(switches),
    })
}

fn readable<T: DeserializeOwned>(items: Vec<Value>) -> Vec<T> {
    items.into_iter().filter_map(|item| serde_json::from_value(item).ok()).collect()
}
