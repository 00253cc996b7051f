//! The server's pages and doors, tested from outside.
//!
//! - `accounts`: whoever runs the node changes how others get in.
//! - `api`: what programs call, from outside, with a real node behind it.
//! - `api_acts`: each act a program can call, carried out.
//! - `authenticator`: a passkey in software, as a browser would speak for one.
//! - `bench`: a server on a new node, and how to ask it.
//! - `come_back`: what somebody reporting in their work reads with their code, and how they disagree.
//! - `keeping`: holds, erasing, and what must not be here.
//! - `mail`: mail through a gateway, in the clear and under TLS.
//! - `pages`: every page drawn from example data: written for the browser tests to read, and
//!   drawn again in a made-up language to prove that no page holds words of its own.
//! - `passkey`: adding a passkey on a page, signing in with it, taking it away.
//! - `pseudo`: the made-up language.
//! - `receipt`: anybody checks a receipt.
//! - `session`: signing in and out, and who may open what.
//! - `shell`: what every answer carries and what every refusal looks like.
//! - `time`: the held clock.
//! - `tls`: a page over https with a certificate of our own making.
//! - `unsent`: what was typed and not sent is kept for its writer alone, and for the public only when asked.
//! - `visit`: the public reporter's visit.
//! - `walk`: people at the pages, as a browser without script would be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod accounts;
mod amend;
mod api;
mod api_acts;
mod authenticator;
mod bench;
mod come_back;
mod keeping;
mod mail;
mod pages;
mod passkey;
mod pseudo;
mod receipt;
mod session;
mod shell;
mod time;
mod tls;
mod unsent;
mod visit;
mod walk;
