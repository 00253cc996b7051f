//! What stands between the network and the handlers.
//!
//! | file | against what |
//! |---|---|
//! | [`headers`] | script that is not ours, framing, sniffing, caching, referrers |
//! | [`csrf`] | posts that another site made a browser send |
//! | [`input`] | bytes and characters that are not what they seem |
//! | [`upload`] | the same, in a form with a file |
//! | [`limit`] | too many, too slow |
//! | [`compress`] | secrets guessed from the size of compressed pages |
//! | [`trace`] | personal data in logs and metrics |

pub mod compress;
pub mod csrf;
pub mod headers;
pub mod input;
pub mod limit;
pub mod trace;
pub mod upload;
