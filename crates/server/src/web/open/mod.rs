//! Pages of one form, pages of words, and the pages of coming back, of checking a receipt and of errors.

pub mod demo;
pub mod form;
pub mod handlers;
pub mod progress;
pub mod receipt;
pub mod text;
