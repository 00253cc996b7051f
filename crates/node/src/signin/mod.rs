//! Who comes in, and with what in their hands.
//!
//! | file | what |
//! |---|---|
//! | [`door`] | keyed tags, random tokens and sealing under the door key |

pub mod door;
