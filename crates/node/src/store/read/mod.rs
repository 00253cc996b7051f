//! Reading what is kept. No decision is made here: callers hold a permit or a scope and pass what it names.

pub(crate) mod log;
mod rows;
pub(crate) mod source;
pub(crate) mod streams;
