//! Signing in, being invited, setting up, choosing a post; and everybody's accounts, for whoever runs the node.

pub mod admin;
pub mod admin_page;
pub mod handlers;
pub mod letting;
pub mod letting_page;
pub mod own;
pub mod page;
pub mod passkey;
pub mod seats;
