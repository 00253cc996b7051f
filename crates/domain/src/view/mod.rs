//! Folds records into what a page shows and a use case decides on.
//!
//! A fold reads spines and nothing else: no rule pack, no policy, no clock. What those said was written into the
//! record when it was made, so the same spines give the same view for ever.

mod ask;
mod concern;
mod duty;
mod fold;
mod notice;
mod people;
mod subject;

pub use ask::{Ask, Letting};
pub use concern::{Closing, Concern, Decision, Erasure, Exclusion, Hold, Owner, Restart};
pub use duty::{ASKED, Duty, Ending, Rung, State, Waiting};
pub use fold::FoldError;
pub use notice::{Notice, NoticeState};
pub use people::{Grant, Holding, Practitioner};
pub use subject::{Subject, SubjectKind};
