//! Requests out of schemas: such as fit, and such as were spoilt in one place.

use chayan_runtime::{Entropy as _, SeededEntropy};
use serde_json::{Map, Value, json};

use super::contract::Parameter;
use super::words;
use crate::town::PASSWORD;

/// Deeper than this, what may be left out is left out.
const DEEP: u32 = 8;

/// What a request is about: without it hardly any would get beyond the first check.
pub(super) struct Place {
    pub(super) case_id: String,
    pub(super) command_id: String,
    pub(super) person_id: String,
    pub(super) device_id: String,
    pub(super) alert_id: String,
    pub(super) absence_id: String,
    pub(super) now: i64,
}

pub(super) struct Maker<'a> {
    schemas: &'a Value,
    entropy: &'a SeededEntropy,
}

impl<'a> Maker<'a> {
    pub(super) fn new(document: &'a Value, entropy: &'a SeededEntropy) -> Self {
        Self { schemas: &document["components"]["schemas"], entropy }
    }

    pub(super) fn chance(&self, percent: u64) -> bool {
        self.entropy.up_to(99) < percent
    }

    pub(super) fn one_of<'b, T>(&self, all: &'b [T]) -> &'b T {
        let last = u64::try_from(all.len() - 1).unwrap();
        &all[usize::try_from(self.entropy.up_to(last)).unwrap()]
    }

    /// A parameter as it stands in the address; `None`: it is left out.
    pub(super) fn parameter(&self, parameter: &Parameter, place: &Place) -> Option<String> {
        const ODD: [&str; 9] =
            ["not-an-id", "-1", "0", "99999999999999999999", "%00", "%E5%AE%A2", "a.b.c", "null", "1e9"];
        if !parameter.required && self.chance(60) {
            return None;
        }
        if self.chance(25) {
            return Some((*self.one_of(&ODD)).to_owned());
        }
        match parameter.name.as_str() {
            "case_id" => Some(place.case_id.clone()),
            "command_id" => Some(place.command_id.clone()),
            "absence_id" => Some(place.absence_id.clone()),
            "case" => place.case_id.get(28..).map(str::to_owned),
            // Waiting is what a long poll is for; here nobody waits.
            "wait" => Some("0".to_owned()),
            _ => match self.value(&parameter.schema, place) {
                Value::Null => None,
                Value::String(text) => Some(text),
                other => Some(other.to_string()),
            },
        }
    }

    /// A value that fits a schema.
    pub(super) fn value(&self, schema: &Value, place: &Place) -> Value {
        self.made(schema, place, "", 0)
    }

    fn made(&self, schema: &Value, place: &Place, name: &str, depth: u32) -> Value {
        if let Some(target) = schema.get("$ref") {
            let target = words(target).rsplit('/').next().unwrap_or_default();
            return match self.known(target, name, place) {
                Some(value) => value,
                None => self.made(&self.schemas[target], place, name, depth + 1),
            };
        }
        if let Some(all) = schema.get("enum").and_then(Value::as_array) {
            let phone = all.iter().find(|word| *word == "phone").filter(|_| self.chance(60));
            return phone.unwrap_or_else(|| self.one_of(all)).clone();
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(all) = schema.get(choice).and_then(Value::as_array) {
                let nothing = all.iter().find(|one| one["type"] == "null" && depth > DEEP);
                return self.made(nothing.unwrap_or_else(|| self.one_of(all)), place, name, depth + 1);
            }
        }
        if let Some(all) = schema.get("allOf").and_then(Value::as_array) {
            let parts = all.iter().map(|part| self.made(part, place, name, depth + 1));
            return parts
                .filter_map(|part| part.as_object().cloned())
                .flatten()
                .collect::<Map<_, _>>()
                .into();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => words(self.one_of(kinds)),
            kind => words(kind),
        };
        match kind {
            "object" => self.object(schema, place, depth),
            "array" => {
                let length = if depth > DEEP { 0 } else { self.entropy.up_to(3) };
                (0..length).map(|_| self.made(&schema["items"], place, name, depth + 1)).collect()
            }
            "string" => json!(self.text(name)),
            "integer" | "number" => json!(self.one_of(&[0, 1, 2, 50, 200])),
            "boolean" => json!(self.chance(50)),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, place: &Place, depth: u32) -> Value {
        let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().map(words).collect();
        let mut object = Map::new();
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || (depth <= DEEP && self.chance(75)) {
                object.insert(name.clone(), self.made(part, place, name, depth + 1));
            }
        }
        object.into()
    }

    /// Ids that are somebody's, moments of today, words of a length that a person writes.
    fn known(&self, target: &str, name: &str, place: &Place) -> Option<Value> {
        Some(match target {
            "CaseId" => json!(place.case_id),
            "CommandId" | "RecordId" | "AmendmentId" => json!(place.command_id),
            "PersonId" => json!(place.person_id),
            "DeviceId" => json!(place.device_id),
            "AlertId" => json!(place.alert_id),
            // Where one is entered, it is a new one.
            "AbsenceId" => json!(place.command_id),
            "Timestamp" if name == "to" => json!(place.now + 3_600_000),
            "Hash" => json!("0".repeat(64)),
            "Timestamp" => json!(place.now - i64::try_from(self.entropy.up_to(600_000)).unwrap()),
            "Private" => json!(self.text(name)),
            _ => return None,
        })
    }

    fn text(&self, name: &str) -> String {
        let text = match name {
            "phone" => "13800005557",
            "narrative" => "客户等待赔款超过十天,不满意。",
            "note" | "reason" => "客户来电说明",
            "password" => PASSWORD,
            "nonce" => "00112233445566778899aabbccddeeff",
            // What comes into force while the requests run would change what they ask about.
            "effective_on" => "2030-01-01",
            // 工号,姓名: nearly a list.
            "content" => "5bel5Y+3LOWnk+WQjQo=",
            _ => return (*self.one_of(&["", "A-1", "客户", "2026-06-30", "KS"])).to_owned(),
        };
        text.to_owned()
    }

    /// Spoils one place of a value.
    pub(super) fn spoil(&self, value: &mut Value) {
        let mut places = Vec::new();
        pointers(value, String::new(), &mut places);
        let place = self.one_of(&places);
        match value.pointer_mut(place) {
            Some(Value::Object(object)) if !object.is_empty() && self.chance(60) => {
                let names: Vec<String> = object.keys().cloned().collect();
                object.remove(self.one_of(&names));
            }
            Some(Value::Object(object)) => drop(object.insert("surplus".to_owned(), self.odd())),
            Some(other) => *other = self.odd(),
            None => {}
        }
    }

    fn odd(&self) -> Value {
        let mut deep = json!([]);
        for _ in 0..100 {
            deep = json!([deep]);
        }
        let odd = [
            Value::Null,
            json!(true),
            json!(-1),
            json!(0),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(1.5),
            json!(1e300),
            json!(""),
            json!("a_word_of_tomorrow"),
            json!("长".repeat(20_000)),
            json!("\u{0}"),
            json!("\u{202e}\u{feff}\u{1f9d1}\u{200d}\r\n"),
            json!("ffffffff-ffff-ffff-ffff-ffffffffffff"),
            json!([]),
            json!({}),
            json!([null, 1, "x"]),
            deep,
        ];
        self.one_of(&odd).clone()
    }
}

/// Every place in a value, the whole first.
fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, part) in object {
                pointers(part, format!("{at}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                pointers(item, format!("{at}/{number}"), found);
            }
        }
        _ => {}
    }
    found.push(at);
}
