//! From hits to a match (D3): hits between one subject of ours and one handle of theirs are folded, and the match is
//! graded by the fields that agree, never by the number of keys. A person judges; a grade decides only whom to ask.

use crate::matchkey::{KeySet, KeyType};

/// A field on which two subjects can agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// NHS number.
    Nhs,
    /// Forename, by sound or spelling.
    Forename,
    /// Surname, by sound or spelling.
    Surname,
    /// The whole date of birth.
    Date,
    /// Part of the date of birth.
    PartOfDate,
    /// The postcode.
    Postcode,
    /// The postcode district.
    District,
    /// A telephone number.
    Phone,
    /// A registration mark.
    Vehicle,
    /// An account name.
    Handle,
    /// A device.
    Device,
    /// A property.
    Property,
}

/// The fields a key type proves equal.
pub fn fields(kind: KeyType) -> &'static [Field] {
    use Field::{Date, District, Forename, PartOfDate, Postcode, Surname};
    match kind {
        KeyType::Nhs => &[Field::Nhs],
        KeyType::NamesDate | KeyType::LettersDate | KeyType::UnorderedDate => &[Forename, Surname, Date],
        KeyType::ForenameDatePostcode => &[Forename, Date, Postcode],
        KeyType::SurnameDatePostcode => &[Surname, Date, Postcode],
        KeyType::NamesPostcode => &[Forename, Surname, Postcode],
        KeyType::NamesDistrictDayMonth | KeyType::NamesDistrictYearMonth => {
            &[Forename, Surname, District, PartOfDate]
        }
        KeyType::Phone => &[Field::Phone],
        KeyType::Vehicle => &[Field::Vehicle],
        KeyType::Handle => &[Field::Handle],
        KeyType::Device => &[Field::Device],
        KeyType::PropertySurname => &[Field::Property, Surname],
    }
}

/// How strongly two subjects appear to be one. Orders from weakest to strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// No forename among the agreeing fields: the same home or the same thing, not the same person.
    Household,
    /// Anything between, where both hold an NHS number and it did not hit: hardly ever one person, and shown with that
    /// first.
    Contradicted,
    /// Anything between, with nothing against it.
    Possible,
    /// NHS number; or both names and the date with a postcode, district or telephone number.
    Probable,
}

/// A graded match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Graded {
    /// The grade.
    pub grade: Grade,
    /// Both hold an NHS number and it did not hit. Shown first, never hidden; a match with it is never more than
    /// contradicted.
    pub evidence_against: bool,
}

/// Grades the key types that hit, given the key types each side holds.
pub fn grade(hit: KeySet, ours: KeySet, theirs: KeySet) -> Graded {
    let agree = |field: Field| hit.iter().any(|kind| fields(kind).contains(&field));
    let nhs = hit.has(KeyType::Nhs);
    let evidence_against = !nhs && ours.has(KeyType::Nhs) && theirs.has(KeyType::Nhs);
    let parts = hit.has(KeyType::NamesDistrictDayMonth) && hit.has(KeyType::NamesDistrictYearMonth);
    let person = agree(Field::Forename) && agree(Field::Surname) && (agree(Field::Date) || parts);
    let place = agree(Field::Postcode) || agree(Field::District) || agree(Field::Phone);
    let grade = if nhs || (person && place && !evidence_against) {
        Grade::Probable
    } else if agree(Field::Forename) && evidence_against {
        Grade::Contradicted
    } else if agree(Field::Forename) {
        Grade::Possible
    } else {
        Grade::Household
    };
    Graded {
        grade,
        evidence_against,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use KeyType::*;

    fn of(hit: &[KeyType]) -> Grade {
        grade(
            hit.iter().copied().collect(),
            KeySet::default(),
            KeySet::default(),
        )
        .grade
    }

    #[test]
    fn the_fields_decide_not_the_number_of_keys() {
        assert_eq!(of(&[Nhs]), Grade::Probable);
        assert_eq!(of(&[NamesDate, LettersDate, UnorderedDate]), Grade::Possible);
        assert_eq!(of(&[NamesDate, Phone]), Grade::Probable);
        assert_eq!(of(&[ForenameDatePostcode, SurnameDatePostcode]), Grade::Probable);
        assert_eq!(of(&[NamesDistrictDayMonth]), Grade::Possible);
        assert_eq!(
            of(&[NamesDistrictDayMonth, NamesDistrictYearMonth]),
            Grade::Probable
        );
        assert_eq!(
            of(&[SurnameDatePostcode, Phone, PropertySurname]),
            Grade::Household
        );
        assert_eq!(of(&[Phone, Vehicle, Handle, Device]), Grade::Household);
    }

    #[test]
    fn two_nhs_numbers_that_did_not_meet_are_evidence_against() {
        let nhs = KeySet::default().with(Nhs);
        let hit: KeySet = [NamesDate, NamesPostcode].into_iter().collect();
        assert_eq!(
            grade(hit, nhs, nhs),
            Graded {
                grade: Grade::Contradicted,
                evidence_against: true
            }
        );
        let household: KeySet = [SurnameDatePostcode].into_iter().collect();
        assert_eq!(grade(household, nhs, nhs).grade, Grade::Household);
        assert_eq!(grade(hit, nhs, KeySet::default()).grade, Grade::Probable);
        assert_eq!(
            grade(hit.with(Nhs), nhs, nhs),
            Graded {
                grade: Grade::Probable,
                evidence_against: false
            }
        );
    }
}
