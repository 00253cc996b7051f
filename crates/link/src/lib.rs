//! The command `daylight link`, usable on its own as `daylight-link`.
//!
//! It reads files, calls the pure crate `linkage`, and writes results; no decision about records is taken here.

mod args;
mod run;

pub use args::LinkArgs;
pub use run::execute;
