//! Use cases. Handlers call one each; the engine calls [`fire`] like any caller.

pub(crate) mod absences;
pub(crate) mod accesses;
pub(crate) mod alerts;
pub(crate) mod amend;
pub(crate) mod audit;
pub(crate) mod cases;
pub(crate) mod change;
pub(crate) mod directory;
pub(crate) mod export;
pub(crate) mod figures;
pub(crate) mod fire;
pub(crate) mod imports;
pub(crate) mod kept;
pub(crate) mod lists;
pub(crate) mod notice;
pub(crate) mod pack;
pub(crate) mod receipts;
pub(crate) mod reference;
pub(crate) mod reveal;
mod rounds;
pub(crate) mod rules;
pub(crate) mod session;
pub(crate) mod submit;
pub(crate) mod translate;
pub(crate) mod views;
