//! Files that are not UTF-8, turned into it while they are read.

use serde::{Deserialize, Serialize};
use std::io::Read;

/// How a text file is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, of which Latin-1 (ISO 8859-1) is a part in all that is printed.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// UTF-16 in either order of bytes, told by its byte order mark; without one, the lower byte first.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// Stands for what cannot be decoded: never a byte of UTF-8, so the row it is in is found faulty with its place.
const NONE: u8 = 0xff;

/// Bytes 0x80 to 0x9f of Windows-1252 (Unicode Consortium, MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT); 0 where there is
/// no character.
const HIGH: [u16; 32] = [
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
    0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
    0x0153, 0, 0x017e, 0x0178,
];

/// A file read as UTF-8 whatever it is.
pub(super) struct Reader<R> {
    inner: R,
    encoding: Encoding,
    /// UTF-16 with the upper byte first; known after the first two bytes.
    upper_first: Option<bool>,
    /// Bytes that do not make a unit yet, and the first half of a pair of units.
    rest: Vec<u8>,
    high: Option<u16>,
}

impl<R: Read> Reader<R> {
    pub(super) const fn new(inner: R, encoding: Encoding) -> Self {
        Self {
            inner,
            encoding,
            upper_first: None,
            rest: Vec::new(),
            high: None,
        }
    }

    /// Appends the text of up to `want` bytes of the file; true at its end.
    pub(super) fn fill(&mut self, into: &mut Vec<u8>, want: usize) -> std::io::Result<bool> {
        if self.encoding == Encoding::Utf8 {
            let got = (&mut self.inner).take(want as u64).read_to_end(into)?;
            return Ok(got < want);
        }
        let mut raw = std::mem::take(&mut self.rest);
        let before = raw.len();
        let got = (&mut self.inner).take(want as u64).read_to_end(&mut raw)?;
        let done = got < want;
        match self.encoding {
            Encoding::Windows1252 => raw.iter().for_each(|b| windows(*b, into)),
            _ => self.utf16(&raw, into),
        }
        debug_assert!(before <= 1);
        if done && (self.high.take().is_some() || !std::mem::take(&mut self.rest).is_empty()) {
            into.push(NONE);
        }
        Ok(done)
    }

    fn utf16(&mut self, raw: &[u8], into: &mut Vec<u8>) {
        let mut units = raw.chunks_exact(2);
        self.rest = units.remainder().to_vec();
        for pair in &mut units {
            let &[a, b] = pair else { continue };
            let upper_first = *self.upper_first.get_or_insert((a, b) == (0xfe, 0xff));
            let unit = if upper_first {
                u16::from_be_bytes([a, b])
            } else {
                u16::from_le_bytes([a, b])
            };
            self.unit(unit, into);
        }
    }

    fn unit(&mut self, unit: u16, into: &mut Vec<u8>) {
        match (self.high.take(), unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                let code = 0x1_0000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
                push(code, into);
            }
            (before, unit) => {
                if before.is_some() {
                    into.push(NONE);
                }
                match unit {
                    0xd800..=0xdbff => self.high = Some(unit),
                    0xfeff if into.is_empty() => {}
                    unit => push(u32::from(unit), into),
                }
            }
        }
    }
}

fn push(code: u32, into: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => into.push(NONE),
    }
}

fn windows(byte: u8, into: &mut Vec<u8>) {
    let code = match byte {
        0x80..=0x9f => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or(0),
        b => u16::from(b),
    };
    if code == 0 && byte != 0 {
        into.push(NONE);
    } else {
        push(u32::from(code), into);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn decode(bytes: &[u8], encoding: Encoding, step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut r = Reader::new(bytes, encoding);
        while !r.fill(&mut out, step).unwrap() {}
        out
    }

    #[test]
    fn text_comes_out_the_same_however_it_is_cut() {
        let text = "é€ “x” \u{1f9d1} Ł";
        let le: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let be: Vec<u8> = std::iter::once(0xfeff)
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect();
        for step in [1, 2, 3, 5, 100] {
            assert_eq!(decode(&le, Encoding::Utf16, step), text.as_bytes(), "step {step}");
            assert_eq!(decode(&be, Encoding::Utf16, step), text.as_bytes(), "step {step}");
            assert_eq!(
                decode(b"caf\xe9 \x80 \x93", Encoding::Windows1252, step),
                "café € “".as_bytes()
            );
        }
    }

    #[test]
    fn what_is_no_text_becomes_a_byte_that_is_never_text() {
        for (bytes, encoding) in [
            (&b"a\x81"[..], Encoding::Windows1252),
            (&[0x00, 0xd8, b'a', 0], Encoding::Utf16),
            (&[0x00, 0xdc], Encoding::Utf16),
            (&[b'a', 0, 0x00, 0xd8], Encoding::Utf16),
            (&[b'a', 0, b'b'], Encoding::Utf16),
        ] {
            assert!(
                std::str::from_utf8(&decode(bytes, encoding, 2)).is_err(),
                "{bytes:?}"
            );
        }
    }
}
