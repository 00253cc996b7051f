//! The store's promises, on SQLite always and on PostgreSQL where `DAYLIGHT_TEST_POSTGRES` names a server.
//!
//! `basics` is what each command comes to; `model` the same against a few lines of plain code; `faults` is the fault
//! table; `crash` kills a real process at every step; `together` is many writers at once; `full` is a full disk;
//! `lists` runs every list on every engine; `derived` is what can be made again: projections, tiles for `ledger`, the exported directory.

mod basics;
mod bed;
mod child;
mod crash;
mod derived;
mod faults;
mod full;
mod lists;
mod model;
mod together;
