//! Frames: bytes with their length and a check sum, one after the other. They see accidents, not malice.
//!
//! `length: u32, check of length and place: u32, sum: u64, bytes`, numbers with the lowest byte first.

use crate::table::{hash_bytes, mix};
use std::io::{Read, Write};

/// Bytes before a frame's contents.
pub(super) const HEAD: u64 = 16;

/// What comes next.
pub(super) enum Next {
    /// A whole frame.
    Frame(Vec<u8>),
    /// Nothing.
    End,
    /// A frame that was begun and not finished: what a crash leaves at the end of a file.
    Torn,
    /// Anything else.
    Damaged,
}

/// Reads frames, knowing where it is.
pub(super) struct Frames<R> {
    input: R,
    at: u64,
}

fn check(length: u32, at: u64) -> u32 {
    u32::try_from(mix(u64::from(length) ^ mix(at)) >> 32).unwrap_or(0)
}

fn sum(bytes: &[u8]) -> u64 {
    mix(hash_bytes(bytes) ^ 0x6c69_6e6b)
}

/// Appends a frame that begins at `at`, and returns where the next one begins.
pub(super) fn put(out: &mut impl Write, at: u64, bytes: &[u8]) -> std::io::Result<u64> {
    let length = u32::try_from(bytes.len())
        .map_err(|_| std::io::Error::new(std::io::ErrorKind::InvalidInput, "a frame of 4 GiB"))?;
    let mut head = Vec::with_capacity(bytes.len() + 16);
    head.extend_from_slice(&length.to_le_bytes());
    head.extend_from_slice(&check(length, at).to_le_bytes());
    head.extend_from_slice(&sum(bytes).to_le_bytes());
    head.extend_from_slice(bytes);
    // in one piece: as much of it arrives as can
    out.write_all(&head)?;
    Ok(at + HEAD + u64::from(length))
}

fn number<const N: usize>(head: &[u8], from: usize) -> [u8; N] {
    let mut out = [0; N];
    if let Some(part) = head.get(from..from + N) {
        out.copy_from_slice(part);
    }
    out
}

impl<R: Read> Frames<R> {
    pub(super) const fn new(input: R, at: u64) -> Self {
        Self { input, at }
    }

    /// Where the next frame begins.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    pub(super) fn next(&mut self) -> std::io::Result<Next> {
        let mut head = Vec::new();
        self.input.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.is_empty() {
            return Ok(Next::End);
        }
        if (head.len() as u64) < HEAD {
            return Ok(Next::Torn);
        }
        let length = u32::from_le_bytes(number(&head, 0));
        if u32::from_le_bytes(number(&head, 4)) != check(length, self.at) {
            return self.torn_if_nothing_follows();
        }
        let mut bytes = Vec::new();
        self.input
            .by_ref()
            .take(u64::from(length))
            .read_to_end(&mut bytes)?;
        if bytes.len() < length as usize {
            return Ok(Next::Torn);
        }
        if u64::from_le_bytes(number(&head, 8)) != sum(&bytes) {
            return self.torn_if_nothing_follows();
        }
        self.at += HEAD + u64::from(length);
        Ok(Next::Frame(bytes))
    }

    /// A file system may have made room and not filled it before the power went: zeros count as nothing.
    fn torn_if_nothing_follows(&mut self) -> std::io::Result<Next> {
        let mut some = Vec::new();
        while self.input.by_ref().take(1 << 16).read_to_end(&mut some)? > 0 {
            if some.iter().any(|b| *b != 0) {
                return Ok(Next::Damaged);
            }
            some.clear();
        }
        Ok(Next::Torn)
    }
}
