//! What the fake centre answers: receipts, anchors, reference data, and every trouble instead of them.

use chayan_domain::evidence::{Anchor, Elapsed, Hash, Receipt, ReportTime, Signed, TimeProof, sha256};
use chayan_domain::ids::{CaseId, CommandId, DeviceId};
use serde_json::{Value, json};

use super::centre::{FakeCentre, Stored, Trouble};
use super::http::{Answer, Request, raw_payload};
use super::words::{case_summary, me};

impl Trouble {
    /// What comes instead of an answer.
    pub(super) fn answer(&self) -> Answer {
        match self {
            Self::Problem(status, code) => Answer::problem(*status, code, ""),
            Self::Busy(seconds) => {
                Answer::problem(429, "too_many_requests", &format!("retry-after: {seconds}\r\n"))
            }
            Self::Portal => Answer::Text {
                status: 200,
                kind: "text/html".to_owned(),
                extra: String::new(),
                body: "<html>welcome to the hotel</html>".to_owned(),
            },
            Self::Close | Self::LoseReply => Answer::Close,
            Self::Hang => Answer::Hang,
            Self::Cut => Answer::Cut,
        }
    }
}

impl FakeCentre {
    pub(super) fn command(&self, request: &Request) -> Answer {
        let command_id: CommandId = request.path.rsplit('/').next().unwrap().parse().unwrap();
        let payload = raw_payload(&request.body);
        let envelope = request.json();
        let kind = envelope["payload"]["action"]["kind"].as_str().unwrap().to_owned();
        let at = self.now();
        let mut state = self.state();
        state.seen.arrivals.push((command_id, payload.clone()));
        state.seen.arrived_at.push(at);
        let trouble = if kind == "start_timing" { None } else { state.troubles.pop_front() };
        if let Some(trouble) = trouble.as_ref().filter(|trouble| !matches!(trouble, Trouble::LoseReply)) {
            return trouble.answer();
        }
        if let Some((status, code)) = state.refused.get(&kind) {
            return Answer::problem(*status, code, "");
        }
        let known = state.seen.stored.iter().find(|stored| stored.command_id == command_id).cloned();
        if let Some(known) = &known {
            if known.payload != payload {
                return Answer::problem(409, "id_reused", "");
            }
        } else {
            state.seen.stored.push(Stored {
                command_id,
                payload: payload.clone(),
                attempt: envelope["attempt"].clone(),
                seal: envelope["seal"].clone(),
            });
        }
        drop(state);
        if matches!(trouble, Some(Trouble::LoseReply)) {
            return Answer::Close;
        }
        let case_id: CaseId = serde_json::from_value(envelope["payload"]["case_id"].clone()).unwrap();
        let receipt = self.receipt(command_id, case_id, &payload);
        Answer::json(json!({
            "receipt": receipt, "case": case_summary(case_id, self.now()), "replayed": known.is_some(),
        }))
    }

    fn receipt(&self, command_id: CommandId, case_id: CaseId, payload: &str) -> Receipt {
        let now = self.now();
        Receipt {
            command_id,
            case_id,
            content_hash: sha256(payload.as_bytes()),
            received_at: now,
            report_time: ReportTime { earliest: Some(now), latest: now, proof: TimeProof::Online },
            case_hash: Hash::ZERO,
            key_id: String::new(),
            signature: String::new(),
        }
        .signed_with(&self.key())
    }

    pub(super) fn anchor(&self, asked: &Value) -> Value {
        let device_id: DeviceId = serde_json::from_value(asked["device_id"].clone()).unwrap();
        let elapsed: Option<Elapsed> = serde_json::from_value(asked["elapsed"].clone()).unwrap();
        let nonce = asked["nonce"].as_str().unwrap().to_owned();
        let anchor = Anchor { server_time: self.now(), device_id, elapsed, nonce, signature: String::new() };
        serde_json::to_value(anchor.signed_with(&self.key())).unwrap()
    }

    pub(super) fn reference(&self) -> Value {
        let (rules, newer) = (chayan_domain::rules::RuleSet::standard(), self.state().newer);
        let mut limits = serde_json::to_value(&rules.limits).unwrap();
        if newer {
            let strange = json!({ "name": "t99", "span": 1, "origin": "elsewhere" });
            limits.as_array_mut().unwrap().push(strange);
        }
        json!({
            "version": "1", "as_of": self.now().0, "me": me(newer), "leaders": [], "hotline": "95518-6",
            "rules": { "version": rules.version, "limits": limits },
        })
    }
}
