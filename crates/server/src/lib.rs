//! HTTP: pages, JSON API and peer endpoints. A handler parses, calls one use case, renders.

pub mod i18n;
pub mod web;
