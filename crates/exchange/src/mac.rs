//! HMAC with a 32-byte key, without a fallible constructor: a short key is the block it is padded to.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Sha256, Sha512};
use zeroize::Zeroize as _;

fn block<const N: usize>(key: &[u8; 32]) -> [u8; N] {
    let mut out = [0; N];
    for (to, from) in out.iter_mut().zip(key) {
        *to = *from;
    }
    out
}

/// HMAC-SHA-256 of the parts, one after another.
pub fn sha256(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block: [u8; 64] = block(key);
    let mut mac = Hmac::<Sha256>::new((&block).into());
    block.zeroize();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA-512 of the parts, one after another.
pub fn sha512(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 64] {
    let mut block: [u8; 128] = block(key);
    let mut mac = Hmac::<Sha512>::new((&block).into());
    block.zeroize();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}
