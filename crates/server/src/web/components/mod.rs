//! The parts pages are made of, each a folder with its struct and its template. Where GOV.UK
//! or MOJ publish a component, ours gives the same markup, and a test compares the two.

pub mod alert;
pub mod button;
pub mod checkboxes;
pub mod chips;
pub mod choice;
pub mod clock_cell;
pub mod counts;
pub mod date_input;
pub mod details;
pub mod error_summary;
pub mod exit_page;
pub mod facts;
pub mod field;
#[cfg(test)]
pub mod fixtures;
pub mod identity_bar;
pub mod inset;
pub mod layout;
pub mod pagination;
pub mod panel;
pub mod radios;
pub mod select;
pub mod sub_navigation;
pub mod summary_list;
pub mod swimlane;
pub mod table;
pub mod tag;
pub mod task_list;
#[cfg(test)]
mod tests;
pub mod text_input;
pub mod textarea;
pub mod timeline;
pub mod warning;
