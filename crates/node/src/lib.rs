//! One agency's node: storage, keys and use cases. The only place that writes.
//!
//! A node is a value: no statics and no globals. Directory or schema, ports and clock are passed in, so that one
//! process can run three.

pub mod clock;
pub mod keys;
mod random;
pub mod rules;
pub mod signin;
mod store;
mod vault;
