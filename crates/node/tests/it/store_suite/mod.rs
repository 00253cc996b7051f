//! The store's promises, on SQLite always and on PostgreSQL where `DAYLIGHT_TEST_POSTGRES` names a server.

mod basics;
mod bed;
