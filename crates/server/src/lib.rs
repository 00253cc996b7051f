//! HTTP: pages, JSON API and peer endpoints. A handler parses, calls one use case, renders.

pub mod api;
pub mod app;
mod cookie;
pub mod error;
pub mod guard;
pub mod i18n;
pub mod operator;
pub mod peer;
pub mod serve;
pub mod session;
pub mod settings;
pub mod visit;
pub mod web;
