//! The pages: server-rendered, working without script, every word from [`crate::i18n`].

pub mod assets;
pub mod components;
pub mod concern;
pub mod duties;
pub mod format;
pub mod open;
pub mod report;
