//! The offline core of a desk.

pub mod ipc;
