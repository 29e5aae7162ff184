//! What the quick report opens with: the newest thing begun, a timer, a draft, or a report that the leader has already
//! and whose flow is to be started.
//!
//! Nothing is written here except that a sealed form may be opened once more; typing and sealing are in
//! [`crate::draft`].

use chayan_domain::evidence::SealKind;
use chayan_domain::ids::CaseId;
use chayan_domain::process::Action;

use crate::core::Core;
use crate::draft::new_draft;
use crate::ipc::{CaseRef, DeskFault, DeskFaultCode, DraftView, OpenReport, RecordState};
use crate::moment::Moment;
use crate::store::{DraftRow, DraftState, RecordKind, TimerRow};

/// So many forms that were opened and not saved are remembered; a person has one open.
const REMEMBERED_FORMS: usize = 64;

impl Core {
    /// `open_draft`
    pub(crate) async fn open_draft(&self, args: OpenReport) -> Result<DraftView, DeskFault> {
        self.until_ready().await;
        match args.case_id {
            Some(case_id) => self.open_case(case_id).await,
            None => self.open_newest().await,
        }
    }

    /// The newest thing begun and not ended: a draft or a running timer; else something new. A report that the leader
    /// has already is opened by its own case only: the next customer's words must not end up in it.
    async fn open_newest(&self) -> Result<DraftView, DeskFault> {
        let owner = self.owner();
        let mut newest_draft = None;
        for draft in self.store.open_drafts(&owner).await? {
            if !self.is_noticed(&draft).await? {
                newest_draft = Some((draft.saved_at, draft.case_id));
                break;
            }
        }
        let timers = self.store.running_timers().await?;
        let mine = timers.iter().filter(|timer| timer.owner.is_empty() || timer.owner == owner);
        let newest_timer = mine.map(|timer| (timer.found.at, timer.case_id)).max();
        if let Some((_, case_id)) = newest_draft.max(newest_timer) {
            return self.open_case(case_id).await;
        }
        let found = self.moment_now();
        let case_id = CaseId(self.entropy.uuid(found.at));
        {
            let mut pictures = self.pictures();
            // An empty form that was opened and closed again leaves nothing behind but this moment.
            if pictures.fresh.len() >= REMEMBERED_FORMS {
                pictures.fresh.clear();
            }
            pictures.fresh.insert(case_id, found.clone());
        }
        Ok(self.unsaved(new_draft(case_id, &owner, found), None))
    }

    async fn open_case(&self, case_id: CaseId) -> Result<DraftView, DeskFault> {
        let timer = self.timer(case_id).await.ok();
        if let Some(draft) = self.own_draft(case_id).await? {
            return match draft.state {
                DraftState::Open => self.opened(draft, timer).await,
                DraftState::Sealed => self.reopen(draft).await,
                DraftState::Discarded | DraftState::Lost => {
                    let anew = new_draft(case_id, &draft.owner, draft.found);
                    Ok(self.unsaved(anew, timer))
                }
            };
        }
        let fresh = self.pictures().fresh.get(&case_id).cloned();
        let found = timer.as_ref().map(|timer| timer.found.clone()).or(fresh);
        match found {
            Some(found) if !self.pictures().from_elsewhere.contains(&case_id) => {
                Ok(self.unsaved(new_draft(case_id, &self.owner(), found), timer))
            }
            _ => self.open_from_elsewhere(case_id).await,
        }
    }

    /// A form in which nothing has been written yet.
    fn unsaved(&self, draft: DraftRow, timer: Option<TimerRow>) -> DraftView {
        self.draft_view(draft, timer, None, None, false)
    }

    /// A case that this person reported at another desk: what the centre shows of it, to start its flow from here. The
    /// customer's data stays at the centre and is asked for again.
    async fn open_from_elsewhere(&self, case_id: CaseId) -> Result<DraftView, DeskFault> {
        let detail = self.case_detail(CaseRef { case_id }).await?;
        let offer = detail.actions.iter().find(|offer| offer.action == Action::StartFlow);
        match offer {
            None => return Err(DeskFaultCode::UnknownId.into()),
            Some(offer) if offer.refusal.is_some() => return Err(DeskFaultCode::SealedRecord.into()),
            Some(_) => {}
        }
        let found = Moment { at: detail.summary.found_at.minus(self.offset()), elapsed: None };
        {
            let mut pictures = self.pictures();
            pictures.fresh.insert(case_id, found.clone());
            pictures.from_elsewhere.insert(case_id);
        }
        let mut draft = new_draft(case_id, &self.owner(), found);
        draft.form.facts = detail.summary.facts.known();
        Ok(self.draft_view(draft, None, None, None, true))
    }

    /// The notice of this draft's report is sealed, and it is not this notice that is being corrected.
    async fn is_noticed(&self, draft: &DraftRow) -> Result<bool, DeskFault> {
        if self.pictures().from_elsewhere.contains(&draft.case_id) {
            return Ok(true);
        }
        let sealed = self.store.records_of_case(draft.case_id).await?;
        Ok(sealed.iter().any(|record| {
            record.kind == RecordKind::Sealed(SealKind::Notice)
                && record.state != RecordState::Superseded
                && draft.corrects != Some(record.record_id)
        }))
    }

    pub(crate) async fn opened(
        &self,
        draft: DraftRow,
        timer: Option<TimerRow>,
    ) -> Result<DraftView, DeskFault> {
        let refused = match draft.corrects {
            Some(record_id) => self.store.record(record_id).await?.and_then(|record| record.refused),
            None => None,
        };
        let saved_at = Some(draft.saved_at);
        let noticed = self.is_noticed(&draft).await?;
        Ok(self.draft_view(draft, timer, saved_at, refused, noticed))
    }

    /// After a notice the same case may still be given to 95518; after a flow or a spot trace nothing is left to edit.
    async fn reopen(&self, draft: DraftRow) -> Result<DraftView, DeskFault> {
        let sealed = self.store.records_of_case(draft.case_id).await?;
        let closed = sealed.iter().any(|record| {
            record.state != RecordState::Superseded && record.kind != RecordKind::Sealed(SealKind::Notice)
        });
        if closed {
            return Err(DeskFaultCode::SealedRecord.into());
        }
        let draft = DraftRow { state: DraftState::Open, saved_at: self.now(), ..draft };
        self.store.save_draft(&draft, true).await?;
        self.tell_records().await;
        self.opened(draft, None).await
    }
}
