//! Learning a model without labels.
//!
//! 1. `u`: how often each level arises between different people, exactly from value counts where the level is an
//!    equality, from random pairs otherwise ([`random`]).
//! 2. Expectation–maximisation of a Fellegi–Sunter model with two latent classes, and with three — the same person, a
//!    relative or neighbour, a stranger ([`em`]).
//! 3. Calibration from the agreement of the two.

pub mod em;
pub mod random;
pub mod sample;
