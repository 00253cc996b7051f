//! Normalisation of what people typed (D2). Every function is total: what cannot be used becomes nothing.

use super::tables;

/// A date of birth that may make keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// `YYYYMMDD`.
    pub fn whole(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }
    /// Day and month without regard to their order: the smaller first, so a swapped pair still meets.
    pub fn day_month(self) -> String {
        format!("{:02}{:02}", self.month.min(self.day), self.month.max(self.day))
    }
    /// `YYYYMM`.
    pub fn year_month(self) -> String {
        format!("{:04}{:02}", self.year, self.month)
    }
}

/// A date as `YYYY-MM-DD`. None for an impossible date, and for 1 January, which stands for "not known".
pub fn date(text: &str) -> Option<Date> {
    let mut parts = text.trim().splitn(3, '-');
    let mut number = |width: usize| -> Option<u16> {
        let part = parts.next()?;
        let digits = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        if digits { part.parse().ok() } else { None }
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    let possible = (1880..=2200).contains(&year) && (1..=days).contains(&day) && (month, day) != (1, 1);
    if !possible {
        return None;
    }
    Some(Date {
        year,
        month: u8::try_from(month).ok()?,
        day: u8::try_from(day).ok()?,
    })
}

/// A postcode that may make keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Postcode {
    /// Outward and inward code without a space.
    pub unit: String,
    /// The outward code.
    pub district: String,
}

/// A full postcode. None for a partial one and for the pseudo-postcodes that stand for "no fixed address",
/// "overseas" or "not known" (those beginning ZZ, and a few by table).
pub fn postcode(text: &str) -> Option<Postcode> {
    let unit: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if !unit.is_ascii() || !(5..=7).contains(&unit.len()) {
        return None;
    }
    let (outward, inward) = unit.split_at_checked(unit.len().checked_sub(3)?)?;
    let [a, b, c] = <[u8; 3]>::try_from(inward.as_bytes()).ok()?;
    let inward_fits = a.is_ascii_digit() && b.is_ascii_uppercase() && c.is_ascii_uppercase();
    let letters = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest = outward.get(letters..)?.as_bytes();
    let outward_fits = (1..=2).contains(&letters)
        && match rest {
            [d] => d.is_ascii_digit(),
            [d, e] => d.is_ascii_digit() && e.is_ascii_alphanumeric(),
            _ => false,
        };
    let pseudo = outward.starts_with("ZZ") || tables::PSEUDO_POSTCODES.contains(&unit.as_str());
    if !inward_fits || !outward_fits || pseudo {
        return None;
    }
    Some(Postcode {
        district: outward.to_owned(),
        unit: unit.clone(),
    })
}

/// An NHS number: ten digits whose check digit holds (modulus 11).
pub fn nhs(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() != 10 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let values: Vec<u32> = digits.bytes().map(|b| u32::from(b - b'0')).collect();
    let sum: u32 = values
        .iter()
        .take(9)
        .zip((2..=10u32).rev())
        .map(|(value, weight)| value * weight)
        .sum();
    let check = (11 - sum % 11) % 11;
    let same = values.iter().all(|v| Some(v) == values.first());
    (check != 10 && values.get(9) == Some(&check) && !same).then_some(digits)
}

/// A telephone number in E.164, United Kingdom where no country is given.
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim().replace("(0)", "");
    let international = text.starts_with('+') || text.starts_with("00");
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    if text.chars().any(|c| c.is_alphabetic()) {
        return None;
    }
    let number = if international {
        digits
            .strip_prefix("00")
            .filter(|_| text.starts_with("00"))
            .unwrap_or(&digits)
            .to_owned()
    } else if let Some(national) = digits.strip_prefix('0') {
        format!("44{national}")
    } else if digits.starts_with("44") && digits.len() >= 11 {
        digits
    } else {
        return None;
    };
    let length = if number.starts_with("44") { 11..=12 } else { 8..=15 };
    let repeated = number
        .bytes()
        .skip(2)
        .all(|b| Some(&b) == number.as_bytes().get(2));
    (length.contains(&number.len()) && !number.starts_with('0') && !repeated).then(|| format!("+{number}"))
}

/// A registration mark: letters and digits only, upper case, 2 to 8.
pub fn vehicle(text: &str) -> Option<String> {
    let mark: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let mixed = mark.bytes().any(|b| b.is_ascii_digit()) && mark.bytes().any(|b| b.is_ascii_alphabetic());
    ((2..=8).contains(&mark.len()) && mixed).then_some(mark)
}

/// An account name with its platform: lower case, without a leading `@`.
pub fn handle(platform: &str, account: &str) -> Option<String> {
    let clean = |text: &str| -> String {
        text.trim()
            .trim_start_matches('@')
            .chars()
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (platform, account) = (clean(platform), clean(account));
    let fits = |text: &str| !text.is_empty() && text.len() <= 64 && !text.contains(['|', ' ', '\u{1f}']);
    (fits(&platform) && fits(&account) && account.chars().count() >= 3)
        .then(|| format!("{platform}|{account}"))
}

/// A device identifier: an IMEI of 15 digits with its check digit (Luhn), or 16 with a software version, which is
/// dropped. The first 14 digits identify the device.
pub fn device(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let body = digits.get(..14)?.to_owned();
    let sum: u32 = body
        .bytes()
        .enumerate()
        .map(|(i, b)| {
            let value = u32::from(b - b'0');
            if i % 2 == 0 {
                value
            } else {
                value * 2 / 10 + value * 2 % 10
            }
        })
        .sum();
    let check = char::from_digit((10 - sum % 10) % 10, 10);
    let zero = body.bytes().all(|b| b == b'0');
    let fits = match digits.len() {
        15 => digits.chars().nth(14) == check,
        16 => true,
        _ => false,
    };
    (fits && !zero).then_some(body)
}

/// A unique property reference number: up to 12 digits, leading zeros removed.
pub fn property(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.trim_start_matches('0');
    ((1..=12).contains(&digits.len()) && text.bytes().all(|b| b.is_ascii_digit())).then(|| digits.to_owned())
}

/// Words of a name in plain lower-case letters. Apostrophes vanish; hyphens, dots and spaces part words.
fn words(text: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    for c in text.chars().take(200) {
        match c {
            '\'' | '’' | '‘' | '`' | 'ʼ' | 'ʻ' => {}
            c if c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '.' | ',' | '/') => {
                out.push(String::new())
            }
            c => {
                if let Some(word) = out.last_mut() {
                    plain(c, word);
                }
            }
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// Appends a letter in plain a–z: decomposed, or by the table of letters that have no decomposition.
fn plain(c: char, out: &mut String) {
    if c.is_ascii_alphabetic() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let c = c.to_lowercase().next().unwrap_or(c);
    if c.is_ascii_alphabetic() {
        out.push(c);
        return;
    }
    if let Ok(found) = tables::LETTERS.binary_search_by_key(&c, |(letter, _)| *letter) {
        out.push_str(tables::LETTERS.get(found).map_or("", |(_, plain)| plain));
    }
}

/// The first forename, with titles removed and `abdul` and its like joined to what follows.
pub fn forename(text: &str) -> Option<String> {
    let mut words = words(text)
        .into_iter()
        .filter(|word| !tables::TITLES.contains(&word.as_str()));
    let mut name = words.next()?;
    while tables::JOINED_FORENAMES.contains(&name.as_str()) {
        name.push_str(&words.next()?);
    }
    Some(name)
}

/// The surname's parts: one for a simple surname, each barrel for a double-barrelled one. Particles (`de`, `van`,
/// `o`, `mac`, `al`) are joined to what follows, and `mc` is written `mac`.
pub fn surnames(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut prefix = String::new();
    for word in words(text)
        .into_iter()
        .filter(|word| !tables::TITLES.contains(&word.as_str()))
    {
        if tables::PARTICLES.contains(&word.as_str()) {
            prefix.push_str(&word);
            continue;
        }
        prefix.push_str(&word);
        out.push(canonical_surname(&core::mem::take(&mut prefix)));
    }
    if out.is_empty() && !prefix.is_empty() {
        out.push(canonical_surname(&prefix));
    }
    out.dedup();
    // the first and the last barrel; what lies between is rarely kept
    if out.len() > 2 {
        out = out
            .first()
            .cloned()
            .into_iter()
            .chain(out.last().cloned())
            .collect();
    }
    out
}

fn canonical_surname(name: &str) -> String {
    match name.strip_prefix("mc") {
        Some(rest) if rest.len() >= 2 => format!("mac{rest}"),
        _ => name.to_owned(),
    }
}
