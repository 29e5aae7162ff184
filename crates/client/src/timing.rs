//! T1 on the counter: started without a window, durable, warned once, ended once, nothing sent by itself.
//!
//! A timer runs on the clock that counts sleep, within one boot, and on the wall clock across boots: a wall clock that
//! somebody moves does not move it.

use std::collections::HashSet;
use std::sync::Arc;

use chayan_api::commands::CaseAction;
use chayan_domain::ids::{CaseId, PersonId, RecordId};
use chayan_domain::rules::LimitName;
use chayan_domain::time::Span;

use crate::core::Core;
use crate::ipc::{CaseRef, DeskEvent, DeskFault, DeskFaultCode, NameTimer, StartTiming, TimerView};
use crate::seal::{Hand, payload_text};
use crate::store::{NewRecord, RecordKind, StoreFault, TimerEnd, TimerRow};

/// A timer's name has at most so many characters.
const LONGEST_LABEL: usize = 20;
/// While a timer runs it is looked at this often at least, so that a moved clock or a suspend is noticed.
const LOOK_EVERY: Span = Span::seconds(5);

/// What a timer has to say now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Warn,
    End,
}

/// What is due; when warning and end both are, only the end.
fn due(timer: &TimerRow, ran: Span) -> Option<Step> {
    if !timer.overdue && ran >= timer.due_after {
        Some(Step::End)
    } else if !timer.warned && ran >= timer.warn_after {
        Some(Step::Warn)
    } else {
        None
    }
}

/// How long until it has something to say; `None`: it has said everything.
fn until_next(timer: &TimerRow, ran: Span) -> Option<Span> {
    let next = match (timer.warned, timer.overdue) {
        (_, true) => return None,
        (false, _) => timer.warn_after,
        (true, _) => timer.due_after,
    };
    Some(Span((next.0 - ran.0).max(0)))
}

impl Core {
    /// `start_timing`
    pub(crate) async fn start_timing(self: &Arc<Self>, args: StartTiming) -> Result<TimerView, DeskFault> {
        let label = checked_label(&args.label)?;
        if !label.is_empty() {
            self.until_ready().await;
        }
        let (found, rules) = (self.moment_now(), self.rules());
        let due_after = rules.span(LimitName::T1);
        let timer = TimerRow {
            case_id: CaseId(self.entropy.uuid(found.at)),
            owner: self.owner(),
            found,
            warn_after: Span((due_after.0 - rules.span(LimitName::T1Warning).0).max(0)),
            due_after,
            discard_within: rules.span(LimitName::DiscardWithin),
            warned: false,
            overdue: false,
            label,
        };
        self.store.put_timer(&timer).await?;
        let view = self.timer_view(&timer);
        self.tell_timers().await;
        self.wake.timers.notify_one();
        self.announce_later(timer.case_id);
        Ok(view)
    }

    /// `discard_timing`
    pub(crate) async fn discard_timing(&self, args: CaseRef) -> Result<(), DeskFault> {
        let timer = self.timer(args.case_id).await?;
        if timer.found.ago(self.now(), self.clock.elapsed().as_ref()) > timer.discard_within {
            return Err(DeskFaultCode::TooLateToDiscard.into());
        }
        self.store.end_timer(args.case_id, TimerEnd::Discarded).await?;
        self.tell_timers().await;
        self.until_ready().await;
        if self.store.retract_announcement(args.case_id).await? {
            self.announce(args.case_id, RecordKind::Discard, CaseAction::Discard).await?;
        }
        Ok(())
    }

    /// `name_timer`
    pub(crate) async fn name_timer(&self, args: NameTimer) -> Result<TimerView, DeskFault> {
        let label = checked_label(&args.label)?;
        self.until_ready().await;
        let timer = TimerRow { label, ..self.timer(args.case_id).await? };
        self.store.put_timer(&timer).await?;
        self.tell_timers().await;
        Ok(self.timer_view(&timer))
    }

    /// The running timer of a case.
    pub(crate) async fn timer(&self, case_id: CaseId) -> Result<TimerRow, DeskFault> {
        let timers = self.store.running_timers().await?;
        timers
            .into_iter()
            .find(|timer| timer.case_id == case_id)
            .ok_or_else(|| DeskFaultCode::UnknownId.into())
    }

    /// The centre learns that somebody is timing, without a word about the customer; nothing waits for it.
    fn announce_later(self: &Arc<Self>, case_id: CaseId) {
        let core = self.clone();
        self.tasks.spawn_finishing("announce timing", async move {
            let told = async {
                core.until_ready().await;
                let Ok(timer) = core.timer(case_id).await else { return };
                let action = CaseAction::StartTiming { found_at: core.in_centre_time(&timer.found) };
                if let Err(fault) = core.announce(case_id, RecordKind::StartTiming, action).await {
                    tracing::warn!(%fault, "the centre is not told of a timer");
                }
            };
            tokio::select! {
                () = core.tasks.stop_token().cancelled() => {}
                () = told => {}
            }
        });
    }

    async fn announce(&self, case_id: CaseId, kind: RecordKind, action: CaseAction) -> Result<(), DeskFault> {
        let Ok(person_id) = self.person() else { return Ok(()) };
        let now = self.now();
        let id = self.entropy.uuid(now);
        let owner = person_id.0.clone();
        let hand = Hand { person_id, device_id: self.device_id(), device_time: now };
        let payload = payload_text(&hand, id, case_id, action).map_err(|_| DeskFaultCode::Internal)?;
        let record =
            NewRecord { record_id: RecordId(id), case_id, owner, kind, payload, made_at: now, stamp: None };
        self.store.announce(&record).await?;
        self.wake.outbox.notify_one();
        Ok(())
    }

    /// A timer in the centre's time, as windows count it down.
    pub(crate) fn timer_view(&self, timer: &TimerRow) -> TimerView {
        let found_at = self.in_centre_time(&timer.found);
        TimerView {
            case_id: timer.case_id,
            label: timer.label.clone(),
            person_id: Some(timer.owner.as_str()).filter(|owner| !owner.is_empty()).map(PersonId::from),
            found_at,
            warn_at: found_at.plus(timer.warn_after),
            due_at: found_at.plus(timer.due_after),
            warned: timer.warned,
            overdue: timer.overdue,
            discard_until: found_at.plus(timer.discard_within),
        }
    }

    /// Tells the windows every running timer of this person, and of nobody.
    pub(crate) async fn tell_timers(&self) {
        let owner = self.owner();
        let rows = match self.store.running_timers().await {
            Ok(rows) => rows,
            Err(fault) => {
                tracing::error!(%fault, "timers cannot be read");
                return;
            }
        };
        let mine = rows.iter().filter(|row| owner.is_empty() || row.owner.is_empty() || row.owner == owner);
        let timers: Vec<TimerView> = mine.map(|row| self.timer_view(row)).collect();
        self.pictures().timers.clone_from(&timers);
        self.tell(DeskEvent::Timers { timers });
    }

    /// Says warnings and ends when they are due.
    pub(crate) async fn run_timers(self: Arc<Self>) {
        let mut said = HashSet::new();
        loop {
            let next = match self.fire_timers(&mut said).await {
                Ok(next) => next,
                Err(fault) => {
                    tracing::error!(%fault, "timers cannot be read");
                    Some(LOOK_EVERY)
                }
            };
            let look_again = async {
                match next {
                    Some(span) => self.clock.sleep(span.min(LOOK_EVERY)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = look_again => {}
                () = self.wake.timers.notified() => {}
            }
        }
    }

    /// Fires what is due; answers how long until something will be. What was said in this run is not said again, even
    /// where the disk is too full to note it.
    async fn fire_timers(&self, said: &mut HashSet<(CaseId, bool)>) -> Result<Option<Span>, StoreFault> {
        let (now, elapsed) = (self.now(), self.clock.elapsed());
        let mut next: Option<Span> = None;
        for mut timer in self.store.running_timers().await? {
            timer.warned |= said.contains(&(timer.case_id, false));
            timer.overdue |= said.contains(&(timer.case_id, true));
            let ran = timer.found.ago(now, elapsed.as_ref());
            if let Some(step) = due(&timer, ran) {
                timer.warned = true;
                timer.overdue |= step == Step::End;
                said.insert((timer.case_id, step == Step::End));
                said.insert((timer.case_id, false));
                if let Err(fault) = self.store.mark_timer(timer.case_id, step == Step::End).await {
                    tracing::error!(%fault, "a timer's word could not be noted");
                }
                self.tell_timers().await;
                let timer = self.timer_view(&timer);
                self.tell(match step {
                    Step::Warn => DeskEvent::TimerWarned { timer },
                    Step::End => DeskEvent::TimerOverdue { timer },
                });
            }
            next = [next, until_next(&timer, ran)].into_iter().flatten().min();
        }
        Ok(next)
    }
}

fn checked_label(label: &str) -> Result<String, DeskFault> {
    let label = label.trim();
    if label.chars().count() > LONGEST_LABEL || label.chars().any(char::is_control) {
        return Err(DeskFaultCode::BadArgument.into());
    }
    Ok(label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;
    use chayan_domain::time::Timestamp;

    fn timer() -> TimerRow {
        TimerRow {
            case_id: CaseId(uuid::Uuid::from_u128(1)),
            owner: String::new(),
            found: Moment { at: Timestamp(1_000_000), elapsed: None },
            warn_after: Span::minutes(4),
            due_after: Span::minutes(5),
            discard_within: Span::seconds(30),
            warned: false,
            overdue: false,
            label: String::new(),
        }
    }

    #[test]
    fn warning_and_end_come_at_their_millisecond_and_the_end_swallows_the_warning() {
        let timer = timer();
        assert_eq!(due(&timer, Span(239_999)), None);
        assert_eq!(due(&timer, Span(240_000)), Some(Step::Warn));
        assert_eq!(due(&timer, Span(300_000)), Some(Step::End));
        let warned = TimerRow { warned: true, ..timer.clone() };
        assert_eq!(due(&warned, Span(299_999)), None);
        assert_eq!(due(&warned, Span(300_000)), Some(Step::End));
        assert_eq!(due(&TimerRow { warned: true, overdue: true, ..timer }, Span(900_000)), None);
    }
}
