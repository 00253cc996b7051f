//! What is known of a person or a thing: names, partly known dates, identifiers. Each is read once and then holds.
//!
//! What was typed is kept beside its plain form. A plain form is for finding and comparing, never for showing.

mod born;
mod name;
mod number;
mod phone;
mod place;
mod vehicle;

pub use born::{AgeGiven, BornError, DateOfBirth};
pub use name::{Handle, Name, NameError, plain};
pub use number::{NhsNumber, NumberError};
pub use phone::{Phone, PhoneError};
pub use place::{Postcode, PostcodeError};
pub use vehicle::{VehicleError, VehicleMark};

/// The fewest letters by which a name can be found before it is whole.
pub const PREFIX_MIN: usize = 3;
/// The most letters of a word that count as a beginning of it.
pub const PREFIX_MAX: usize = 10;

/// Every run of three characters, each marked with what it is a piece of.
fn pieces(mark: char, text: &str, into: &mut Vec<String>) {
    let characters: Vec<char> = text.chars().collect();
    into.extend(characters.windows(3).map(|three| {
        let three: String = three.iter().collect();
        format!("{mark}:{three}")
    }));
}

fn tidy(mut terms: Vec<String>) -> Vec<String> {
    terms.sort_unstable();
    terms.dedup();
    terms
}
