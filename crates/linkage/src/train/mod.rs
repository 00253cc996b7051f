//! Learning a model without labels.
//!
//! 1. `u`: how often each level arises between different people, exactly from value counts where the level is an
//!    equality, from random pairs otherwise ([`random`]).
//! 2. Expectation–maximisation of a Fellegi–Sunter model of matches, strangers and different people with a reason to
//!    agree ([`em`]).
//! 3. A guard that leaves the last of these out where pairs held out do not speak for them ([`guard`]).

pub mod em;
pub mod guard;
mod personal;
pub mod random;
pub mod sample;
