//! What was typed and not sent. Of people with an account every post of a long form is kept ([`keep`]) and shown again
//! ([`begun`], [`handlers`]); of the public nothing, unless they ask for a code ([`later`]).

pub mod begun;
pub mod handlers;
pub mod keep;
pub mod later;
pub mod page;
