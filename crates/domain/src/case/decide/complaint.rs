//! 转投诉 (one-way, with the law's dates), 复开 by a linked complaint, 投诉已发生.

use crate::evidence::Commitment;
use crate::ids::{ComplaintNo, PersonId};
use crate::time::Timestamp;

use super::super::body::EventBody;
use super::super::command::Context;
use super::super::complaint::{ComplaintTerm, Conversion, LegalDates};
use super::super::refusal::Refusal;
use super::super::state::Case;
use super::{dispatch, verbal};

/// The most characters of a complaint's number.
const LONGEST_NUMBER: usize = 40;

/// 转投诉 by the complaint group.
pub(super) fn convert(
    case: &Case,
    person: &PersonId,
    complex: bool,
    complaint_no: Option<&ComplaintNo>,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    complaint_no.map_or(Ok(()), well_formed)?;
    Ok(vec![conversion(case, person, complex, complaint_no.cloned(), note, ctx)])
}

/// The conversion with its dates. They count from the moment that the customer complained, where that is known.
pub(super) fn conversion(
    case: &Case,
    person: &PersonId,
    complex: bool,
    complaint_no: Option<ComplaintNo>,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> EventBody {
    let received_at = case.complained_at.map_or(ctx.now, |at| at.min(ctx.now));
    let dates = LegalDates::of(received_at);
    let term = if complex { ComplaintTerm::Complex } else { ComplaintTerm::Simple };
    let decide_by = dates.decide_by(term);
    let conversion =
        Conversion { person_id: person.clone(), at: ctx.now, complaint_no, term, dates, decide_by };
    EventBody::ConvertedToComplaint { conversion, note }
}

/// The next longer term.
pub(super) fn extend(case: &Case, person: &PersonId, reason: Commitment) -> Result<Vec<EventBody>, Refusal> {
    let term = longer(case)?;
    Ok(vec![EventBody::TermExtended { person_id: person.clone(), term, reason }])
}

/// The guard of a longer term: the law knows one.
pub(super) fn longer(case: &Case) -> Result<ComplaintTerm, Refusal> {
    let conversion = case.conversion.as_ref().ok_or(Refusal::WrongState { state: case.state })?;
    conversion.term.longer().ok_or(Refusal::TermEnds)
}

/// 复开: back to the dispatch.
pub(super) fn reopen(
    case: &Case,
    person: &PersonId,
    complaint_no: &ComplaintNo,
    note: Option<Commitment>,
    ctx: &Context<'_>,
) -> Result<Vec<EventBody>, Refusal> {
    well_formed(complaint_no)?;
    let reopened =
        EventBody::Reopened { person_id: person.clone(), complaint_no: complaint_no.clone(), note };
    Ok(vec![reopened, dispatch::wait_for_dispatch(case, false, ctx)])
}

/// 投诉已发生: its time is kept; the report is due all the same.
pub(super) fn note(at: Timestamp, ctx: &Context<'_>) -> Result<Vec<EventBody>, Refusal> {
    verbal::not_ahead(at, ctx)?;
    Ok(vec![EventBody::ComplaintNoted { complained_at: at.min(ctx.now) }])
}

fn well_formed(number: &ComplaintNo) -> Result<(), Refusal> {
    let text = number.as_str();
    let usable = !text.trim().is_empty()
        && text.chars().count() <= LONGEST_NUMBER
        && !text.chars().any(char::is_control);
    if usable { Ok(()) } else { Err(Refusal::ComplaintNeeded) }
}
