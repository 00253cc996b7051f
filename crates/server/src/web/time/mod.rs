//! The clock is held: what that means, and a person who says that the time is right.

pub mod handlers;
pub mod page;
