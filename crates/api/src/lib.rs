//! The wire between desk and centre: paths, headers, bodies, error codes and stream events, declared once.
//!
//! Both ends import these types; the OpenAPI document and the TypeScript of the screens are generated from them.
//! Times are UTC milliseconds since 1970, spans are milliseconds. Clients ignore unknown members of an object; a word
//! they do not know they show as 其他(代码), see [`Known`].

pub mod alerts;
pub mod audit;
pub mod cases;
pub mod commands;
pub mod directory;
pub mod error;
pub mod facts;
mod known;
pub mod paths;
mod readable;
pub mod reference;
pub mod rounds;
pub mod rules;
pub mod search;
pub mod session;
pub mod stream;
pub mod training;

pub use known::Known;
