//! What the centre keeps of a customer: one encrypted row per command, bound by a salted commitment.

use std::collections::HashMap;

use chayan_domain::evidence::{Commitment, commit};
use chayan_domain::ids::CommandId;
use chayan_domain::report::{CustomerFields, FieldName, Private, ReportForm, normalise_key};
use chayan_domain::time::Timestamp;
use chayan_store::{BlindDraft, BlindKind, CustomerDraft};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::problem::{ApiError, ApiResult};

/// The bytes under a commitment.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The customer's fields of a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<CustomerFields>,
    /// A person's words: 说明, 原因, 通话摘要.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<Private>,
    /// 录音 of the call that it tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recording: Option<Private>,
}

/// Something kept, with what binds it.
#[derive(Debug, Clone)]
pub(crate) struct Sealed {
    pub(crate) draft: CustomerDraft,
    pub(crate) commitment: Commitment,
}

impl Kept {
    /// The customer's part of a form; `None` when nothing of it was given.
    pub(crate) fn of_form(form: &ReportForm) -> Option<Self> {
        (!form.given().is_empty()).then(|| Self { customer: Some(form.customer.clone()), ..Self::default() })
    }

    /// A note; `None` for a blank one.
    pub(crate) fn of_note(note: &Private) -> Option<Self> {
        (!note.is_blank()).then(|| Self { note: Some(note.clone()), ..Self::default() })
    }

    /// The same with the reference of a recording, where there is one.
    pub(crate) fn with_recording(kept: Option<Self>, recording: &Private) -> Option<Self> {
        if recording.is_blank() {
            return kept;
        }
        let recording = Some(Private::new(recording.reveal().trim()));
        Some(Self { recording, ..kept.unwrap_or_default() })
    }

    pub(crate) fn seal(&self, command_id: CommandId, salt: [u8; 32], at: Timestamp) -> ApiResult<Sealed> {
        let plaintext = Zeroizing::new(serde_json::to_vec(self).map_err(ApiError::internal)?);
        let commitment = commit(&salt, &plaintext);
        Ok(Sealed { draft: CustomerDraft { command_id, plaintext, salt, at }, commitment })
    }
}

/// The keys by which cases of one customer can be found.
pub(crate) fn blind_keys(customer: &CustomerFields) -> Vec<BlindDraft> {
    customer.texts().into_iter().flat_map(|(field, text)| blind_keys_in(field, text)).collect()
}

/// The keys in one field; none in a field that is no key, or where what was given cannot be compared.
pub(crate) fn blind_keys_in(field: FieldName, text: &Private) -> Vec<BlindDraft> {
    let kind = match field {
        FieldName::Phone => BlindKind::Phone,
        FieldName::PolicyNo => BlindKind::Policy,
        FieldName::LossReportNo => BlindKind::LossReportNo,
        FieldName::ClaimNo => BlindKind::ClaimNo,
        FieldName::Plate => BlindKind::Plate,
        _ => return Vec::new(),
    };
    let keys = normalise_key(field, text.reveal()).into_iter();
    keys.map(|key| BlindDraft { kind, text: Zeroizing::new(key) }).collect()
}

/// What is known of the customer after all commands: later words win, blanks take nothing away.
pub(crate) fn known(rows: &[chayan_store::CustomerFields]) -> ApiResult<CustomerFields> {
    let mut known = CustomerFields::default();
    for row in rows {
        // A parse error could quote the customer, so it is not kept as the cause.
        let kept: Kept = serde_json::from_slice(&row.plaintext)
            .map_err(|_| ApiError::internal("a stored customer row cannot be read"))?;
        if let Some(newer) = kept.customer {
            take_newer(&mut known, newer);
        }
    }
    Ok(known)
}

/// The recordings of a case by what its events commit to.
pub(crate) fn recordings(rows: &[chayan_store::CustomerFields]) -> ApiResult<HashMap<Commitment, Private>> {
    let mut known = HashMap::new();
    for row in rows {
        let kept: Kept = serde_json::from_slice(&row.plaintext)
            .map_err(|_| ApiError::internal("a stored customer row cannot be read"))?;
        known.extend(kept.recording.map(|recording| (commit(&row.salt, &row.plaintext), recording)));
    }
    Ok(known)
}

fn take_newer(known: &mut CustomerFields, newer: CustomerFields) {
    known.no_phone = newer.no_phone && newer.phone.is_blank();
    let pairs = [
        (&mut known.phone, newer.phone),
        (&mut known.policy_no, newer.policy_no),
        (&mut known.loss_report_no, newer.loss_report_no),
        (&mut known.claim_no, newer.claim_no),
        (&mut known.plate, newer.plate),
        (&mut known.customer_name, newer.customer_name),
        (&mut known.narrative, newer.narrative),
        (&mut known.demand, newer.demand),
        (&mut known.contact_time, newer.contact_time),
        (&mut known.remark, newer.remark),
    ];
    for (old, new) in pairs {
        if !new.is_blank() {
            *old = new;
        }
    }
}
