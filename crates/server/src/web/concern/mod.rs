//! One concern: its summary, who knew what when, people and places, deciding, telling, proof.

pub mod decide;
pub mod head;
pub mod people;
pub mod proof;
pub mod summary;
pub mod tell;
pub mod timeline;
