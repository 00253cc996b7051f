//! One concern: its summary, who knew what when, people and places, deciding, telling, proof.

pub mod amend;
pub mod amend_flow;
pub mod decide;
pub mod decide_flow;
pub mod handlers;
pub mod head;
pub mod keeping;
pub mod keeping_flow;
pub mod knowing;
pub mod lines;
pub mod list;
pub mod people;
pub mod proof;
pub mod restriction;
pub mod second_flow;
pub mod story;
pub mod summary;
pub mod tell;
pub mod tell_flow;
pub mod timeline;
pub mod titles;
