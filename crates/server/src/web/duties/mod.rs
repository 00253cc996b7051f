//! Duties: the lists, one duty and its answer, why it is due when it is, and what climbed.

pub mod climbed;
pub mod duty;
pub mod handlers;
pub mod lines;
pub mod list;
pub mod trail;
pub mod waiting;
pub mod why;
pub mod why_page;
