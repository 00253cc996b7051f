//! Duties: the lists, one duty and its answer, why it is due when it is, and what climbed.

pub mod climbed;
pub mod duty;
pub mod list;
pub mod why;
