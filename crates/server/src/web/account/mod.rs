//! Signing in, being invited, setting up, and choosing a post.

pub mod handlers;
pub mod page;
