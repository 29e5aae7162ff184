//! Drafts and what becomes of them: saved while typing, sealed by an exit, corrected after a refusal.

use chayan_api::commands::{CaseAction, Report};
use chayan_domain::evidence::SealKind;
use chayan_domain::ids::{CaseId, RecordId};
use chayan_domain::report::{Channel, FieldFault, Purpose, ReportForm};
use chayan_domain::time::{Span, Timestamp};

use crate::core::Core;
use crate::ipc::{
    CaseRef, DeskEvent, DeskFault, DeskFaultCode, DraftSaved, DraftView, Exit, LocalRecords, RecordRef,
    RecordState, RecordView, SaveDraft, Submit, Submitted,
};
use crate::moment::Moment;
use crate::seal::{Hand, SealStamp, payload_text};
use crate::store::{DraftRow, DraftState, NewRecord, RecordKind, RecordRow, TimerRow};

/// Delivered and lost records are listed this long.
const LISTED: Span = Span::minutes(7 * 24 * 60);

impl Exit {
    const fn purpose(self) -> Purpose {
        match self {
            Self::Leader => Purpose::Notice,
            Self::Flow => Purpose::Flow,
            Self::Spot => Purpose::SpotTrace,
        }
    }

    const fn seal_kind(self) -> SealKind {
        match self {
            Self::Leader => SealKind::Notice,
            Self::Flow => SealKind::Flow,
            Self::Spot => SealKind::Spot,
        }
    }

    const fn action(self, report: Report) -> CaseAction {
        match self {
            Self::Leader => CaseAction::NotifyLeader { report },
            Self::Flow => CaseAction::StartFlow { report },
            Self::Spot => CaseAction::ResolveOnSpot { report },
        }
    }
}

impl Core {
    /// `save_draft`
    pub(crate) async fn save_draft(&self, args: SaveDraft) -> Result<DraftSaved, DeskFault> {
        self.until_ready().await;
        let known = self.own_draft(args.case_id).await?;
        let is_new = known.is_none();
        let draft = match known {
            Some(draft) if draft.state == DraftState::Sealed => {
                return Err(DeskFaultCode::SealedRecord.into());
            }
            Some(draft) => draft,
            None => self.begun(args.case_id).await?,
        };
        let saved_at = self.now();
        let draft = DraftRow { state: DraftState::Open, saved_at, form: args.form, ..draft };
        self.store.save_draft(&draft, false).await?;
        self.pictures().fresh.remove(&args.case_id);
        if is_new {
            self.tell_records().await;
        }
        Ok(DraftSaved { saved_at })
    }

    /// `discard_draft`
    pub(crate) async fn discard_draft(&self, args: CaseRef) -> Result<(), DeskFault> {
        self.until_ready().await;
        if self.pictures().fresh.remove(&args.case_id).is_some() {
            return Ok(());
        }
        let draft = self.own_draft(args.case_id).await?.ok_or(DeskFaultCode::UnknownId)?;
        if draft.state == DraftState::Sealed {
            return Err(DeskFaultCode::SealedRecord.into());
        }
        let state = if self.store.records_of_case(args.case_id).await?.is_empty() {
            DraftState::Discarded
        } else {
            // A form opened again for the flow goes back to what was sealed.
            DraftState::Sealed
        };
        self.store.save_draft(&DraftRow { state, corrects: None, ..draft }, true).await?;
        self.tell_records().await;
        Ok(())
    }

    /// `submit`: sealed and durable when this answers; sent in the background.
    pub(crate) async fn submit(&self, args: Submit) -> Result<Submitted, DeskFault> {
        self.until_ready().await;
        let exits = checked_exits(&args.exits)?;
        let person_id = self.person()?;
        check_form(&args.form, &exits)?;
        let draft = match self.own_draft(args.case_id).await? {
            Some(draft) => draft,
            None => self.begun(args.case_id).await?,
        };
        self.check_unsealed(&draft, &exits).await?;
        let timer = self.timer(args.case_id).await.ok();
        let now = self.now();
        let stamp = SealStamp {
            sealed_at: now,
            elapsed: self.clock.elapsed(),
            anchor: self.last_anchor().await,
            corrects: draft.corrects,
        };
        let report = Report {
            found_at: self.in_centre_time(&draft.found),
            timing_started_at: timer.map(|timer| self.in_centre_time(&timer.found)),
            channel: Channel::Desktop,
            form: args.form.clone(),
        };
        let owner = person_id.0.clone();
        let hand = Hand { person_id, device_id: self.device_id(), device_time: now };
        let mut records = Vec::with_capacity(exits.len());
        for exit in &exits {
            let id = self.entropy.uuid(now);
            let payload = payload_text(&hand, id, args.case_id, exit.action(report.clone()))
                .map_err(|_| DeskFaultCode::Internal)?;
            records.push(NewRecord {
                record_id: RecordId(id),
                case_id: args.case_id,
                owner: owner.clone(),
                kind: RecordKind::Sealed(exit.seal_kind()),
                payload,
                made_at: now,
                stamp: Some(stamp.clone()),
            });
        }
        let views = records.iter().map(|record| self.fresh_view(record)).collect();
        let draft = DraftRow { owner, state: DraftState::Sealed, saved_at: now, form: args.form, ..draft };
        self.store.seal(&draft, records).await?;
        self.wake.outbox.notify_one();
        {
            let mut pictures = self.pictures();
            pictures.fresh.remove(&args.case_id);
            pictures.from_elsewhere.remove(&args.case_id);
        }
        self.tell_records().await;
        self.tell_timers().await;
        Ok(Submitted { records: views })
    }

    /// `correct_record`
    pub(crate) async fn correct_record(&self, args: RecordRef) -> Result<DraftView, DeskFault> {
        self.until_ready().await;
        let record = self.store.record(args.record_id).await?.ok_or(DeskFaultCode::UnknownId)?;
        if record.owner != self.owner() {
            return Err(DeskFaultCode::UnknownId.into());
        }
        if record.state != RecordState::Quarantined {
            return Err(DeskFaultCode::SealedRecord.into());
        }
        let draft = self.own_draft(record.case_id).await?.ok_or(DeskFaultCode::UnknownId)?;
        let draft = DraftRow {
            state: DraftState::Open,
            saved_at: self.now(),
            corrects: Some(args.record_id),
            ..draft
        };
        self.store.save_draft(&draft, true).await?;
        self.tell_records().await;
        self.opened(draft, None).await
    }

    /// The draft of a case, if it is this person's or nobody's.
    pub(crate) async fn own_draft(&self, case_id: CaseId) -> Result<Option<DraftRow>, DeskFault> {
        let draft = self.store.draft(case_id).await?;
        match draft {
            Some(draft) if !draft.owner.is_empty() && draft.owner != self.owner() => {
                Err(DeskFaultCode::UnknownId.into())
            }
            other => Ok(other),
        }
    }

    /// A draft that begins with its first save: opened before, or a timer's.
    async fn begun(&self, case_id: CaseId) -> Result<DraftRow, DeskFault> {
        let fresh = self.pictures().fresh.get(&case_id).cloned();
        let found = match fresh {
            Some(found) => found,
            None => self.timer(case_id).await?.found,
        };
        Ok(new_draft(case_id, &self.owner(), found))
    }

    /// What is sealed is sealed: the same exit again needs a refusal that is being corrected.
    async fn check_unsealed(&self, draft: &DraftRow, exits: &[Exit]) -> Result<(), DeskFault> {
        let sealed = self.store.records_of_case(draft.case_id).await?;
        let in_the_way = |record: &RecordRow| {
            let superseded =
                record.state == RecordState::Superseded || draft.corrects == Some(record.record_id);
            let same = exits.iter().any(|exit| record.kind == RecordKind::Sealed(exit.seal_kind()));
            let last_word = draft.corrects.is_none() && record.kind != RecordKind::Sealed(SealKind::Notice);
            !superseded && (same || last_word)
        };
        if sealed.iter().any(in_the_way) { Err(DeskFaultCode::SealedRecord.into()) } else { Ok(()) }
    }

    pub(crate) fn draft_view(
        &self,
        draft: DraftRow,
        timer: Option<TimerRow>,
        saved_at: Option<Timestamp>,
        refused: Option<chayan_api::error::Problem>,
        noticed: bool,
    ) -> DraftView {
        let asks = if noticed { draft.form.faults(Purpose::Flow) } else { Vec::new() };
        DraftView {
            case_id: draft.case_id,
            found_at: self.in_centre_time(&draft.found),
            timer: timer.map(|timer| self.timer_view(&timer)),
            form: draft.form,
            saved_at,
            corrects: draft.corrects,
            refused,
            noticed,
            asks,
        }
    }

    fn fresh_view(&self, record: &NewRecord) -> RecordView {
        let kind = match record.kind {
            RecordKind::Sealed(kind) => kind,
            RecordKind::StartTiming | RecordKind::Discard => SealKind::Notice,
        };
        RecordView {
            record_id: record.record_id,
            case_id: record.case_id,
            kind,
            state: RecordState::Sealed,
            sealed_at: record.made_at.plus(self.offset()),
            attempts: 0,
            receipt: None,
            refused: None,
        }
    }

    fn record_view(&self, record: RecordRow) -> Option<RecordView> {
        let RecordKind::Sealed(kind) = record.kind else { return None };
        Some(RecordView {
            record_id: record.record_id,
            case_id: record.case_id,
            kind,
            state: record.state,
            sealed_at: record.sealed_at.plus(self.offset()),
            attempts: record.attempts,
            receipt: record.receipt,
            refused: record.refused,
        })
    }

    /// `local_records`
    pub(crate) async fn local_records(&self) -> Result<LocalRecords, DeskFault> {
        self.until_ready().await;
        let owner = self.owner();
        let mut drafts = Vec::new();
        for draft in self.store.open_drafts(&owner).await? {
            let timer = self.timer(draft.case_id).await.ok();
            drafts.push(self.opened(draft, timer).await?);
        }
        let rows = self.store.records_of_person(&owner, self.now().minus(LISTED)).await?;
        Ok(LocalRecords {
            drafts,
            records: rows.into_iter().filter_map(|row| self.record_view(row)).collect(),
        })
    }

    /// Tells the windows what lies here and how much of it the centre has not confirmed.
    pub(crate) async fn tell_records(&self) {
        match self.store.counts(self.now().minus(LISTED)).await {
            Ok(counts) => self.pictures().counts = Some(counts),
            Err(fault) => tracing::error!(%fault, "records cannot be counted"),
        }
        self.tell_connection();
        if !*self.ready.borrow() {
            return;
        }
        match self.local_records().await {
            Ok(records) => self.tell(DeskEvent::Records { records }),
            Err(fault) => tracing::error!(%fault, "records cannot be read"),
        }
    }
}

pub(crate) fn new_draft(case_id: CaseId, owner: &str, found: Moment) -> DraftRow {
    DraftRow {
        case_id,
        owner: owner.to_owned(),
        state: DraftState::Open,
        saved_at: found.at,
        found,
        corrects: None,
        form: ReportForm::default(),
    }
}

/// One exit, or leader and flow together; each once.
fn checked_exits(exits: &[Exit]) -> Result<Vec<Exit>, DeskFault> {
    let mut distinct: Vec<Exit> = Vec::new();
    for exit in exits {
        if !distinct.contains(exit) {
            distinct.push(*exit);
        }
    }
    let alone = distinct.len() == 1;
    if alone || distinct.len() == 2 && !distinct.contains(&Exit::Spot) {
        Ok(distinct)
    } else {
        Err(DeskFaultCode::BadArgument.into())
    }
}

fn check_form(form: &ReportForm, exits: &[Exit]) -> Result<(), DeskFault> {
    let mut faults: Vec<FieldFault> = exits.iter().flat_map(|exit| form.faults(exit.purpose())).collect();
    faults.sort_unstable();
    faults.dedup();
    if faults.is_empty() { Ok(()) } else { Err(DeskFault::of_fields(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leader_and_flow_go_together_a_spot_trace_goes_alone() {
        assert_eq!(
            checked_exits(&[Exit::Leader, Exit::Flow, Exit::Leader]).unwrap(),
            [Exit::Leader, Exit::Flow]
        );
        assert_eq!(checked_exits(&[Exit::Spot]).unwrap(), [Exit::Spot]);
        for bad in [&[] as &[Exit], &[Exit::Spot, Exit::Flow], &[Exit::Leader, Exit::Flow, Exit::Spot]] {
            assert_eq!(checked_exits(bad).unwrap_err().code, DeskFaultCode::BadArgument);
        }
    }
}
