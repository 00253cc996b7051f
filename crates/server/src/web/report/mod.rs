//! Reporting: for anyone, one question a page; for people reporting in their work, one page;
//! and for staff, what somebody told them. All three write the same record.

pub mod answers;
pub mod desk;
pub mod file;
pub mod flow;
pub mod pages;
pub mod sent;
pub mod told;
pub mod told_flow;
pub mod work;
pub mod work_flow;
