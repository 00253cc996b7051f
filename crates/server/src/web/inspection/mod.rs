//! Letting an inspection in: by two posts, under a named power, with a scope and an end.

pub mod handlers;
pub mod page;
