//! Record linkage: which records are about the same person, with a calibrated probability and an explanation
//! whose parts sum to the score.
//!
//! The crate knows nothing of who is asking or why. Only [`read`] and [`write`] touch files; everything else is
//! a function of its arguments, and gives the same answer for a seed on any number of threads.

pub mod block;
mod calibration;
pub mod caution;
pub mod cluster;
pub mod compare;
pub mod diagnose;
mod dictionary;
mod error;
pub mod evaluate;
pub mod index;
pub mod kernel;
pub mod label;
pub mod meter;
pub mod model;
pub mod name;
pub mod pipeline;
pub mod prepare;
pub mod profile;
pub mod read;
pub mod reliability;
pub mod report;
pub mod score;
pub mod settings;
pub mod source;
pub mod splink;
pub mod table;
pub mod train;
pub mod write;

pub use error::LinkError;
