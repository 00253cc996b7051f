//! What the words mean: people, concerns, records, duties, judgements, policy.
//!
//! Pure: no storage, no HTTP, no JSON, no clock, no randomness. Time and ids are arguments.
//! Everything shown is folded from [`record::Spine`]s, which hold nothing personal.

pub mod agreement;
pub mod calendar;
pub mod clock;
pub mod hours;
pub mod id;
pub mod ladder;
pub mod outcome;
pub mod pack;
pub mod person;
pub mod policy;
pub mod record;
pub mod reference;
pub mod time;
pub mod view;
