//! What agencies' nodes, key-holders and the exchange say to one another, byte for byte, and how each message is
//! verified. The protocol is specified in `docs/spec/exchange.md`; this crate is its reference implementation.
//!
//! Pure: no sockets, disk, clock or randomness. Time and random bytes are arguments ([`draw::Draw`]); state machines
//! take verified messages and return messages and a new state. Verification changes nothing and is a separate step
//! from acceptance: a [`envelope::Verified`] can be made only by `verify`.

pub mod ask;
pub mod canary;
pub mod centre;
pub mod ceremony;
pub mod custodian;
pub mod draw;
pub mod envelope;
pub mod epoch;
pub mod fishing;
pub mod grade;
pub mod handoff;
pub mod holdings;
pub mod ids;
pub mod index;
pub mod keygen;
pub mod keyholder;
pub mod mac;
pub mod matchkey;
pub mod matchstate;
pub mod member;
pub mod message;
pub mod oprf;
pub mod pointer;
pub mod recall;
pub mod refusal;
pub mod seal;
pub mod threshold;
pub mod ticket;
pub mod token;
pub mod view;
pub mod wire;
pub mod witnessing;
