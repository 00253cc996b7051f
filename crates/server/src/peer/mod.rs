//! Every socket to a peer: witnesses, other agencies' nodes, the mail gateway.

pub mod cosign;
pub mod mail;
pub mod witness;
