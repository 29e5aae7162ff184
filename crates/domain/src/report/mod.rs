//! 报告表: the form, its lists and its validation; and customer data that cannot be printed or logged.
//!
//! What is known of the matter ([`ReportFacts`]) and who the customer is ([`CustomerFields`]) are kept apart from the
//! first moment: only the former may stand in an event, in a log or in a list.

mod form;
mod keys;
mod lists;
mod mask;
mod private;
mod recording;
mod validate;

pub use form::{CustomerFields, FieldFault, FieldFaultKind, Purpose, ReportFacts, ReportForm};
pub use keys::{AbsentWords, normalise_key, normalise_key_unless};
pub use lists::{
    Cause, CauseDetail, Channel, CustomerKind, FieldName, Measure, Mood, Product, RiskTag, Step, Trigger,
};
pub use mask::mask;
pub use private::Private;
pub use recording::recording_fault;
