//! A passkey in software: ES256, no attestation, user verified. What a browser and a device do between them
//! (WebAuthn Level 3 §6 and §7), for one key.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// One key on one device.
pub struct Authenticator {
    key: EcdsaKeyPair,
    id: [u8; 32],
    uses: u32,
    origin: String,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    /// A new key, in a browser that is at `origin`.
    pub fn new(origin: &str) -> Self {
        let mut id = [0; 32];
        aws_lc_rs::rand::fill(&mut id).unwrap();
        Self {
            key: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            id,
            uses: 0,
            origin: origin.to_owned(),
        }
    }

    fn client(&self, kind: &str, asked: &Value) -> Vec<u8> {
        let said = json!({ "type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }

    fn head(&mut self, party: &str, flags: u8) -> Vec<u8> {
        self.uses += 1;
        let mut out = digest(&SHA256, party.as_bytes()).as_ref().to_vec();
        out.push(flags);
        out.extend(self.uses.to_be_bytes());
        out
    }

    fn answer(&self, response: Value) -> String {
        json!({ "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "response": response, "extensions": {} })
            .to_string()
    }

    /// What `navigator.credentials.create` answers.
    pub fn create(&mut self, ask: &str) -> String {
        let asked = serde_json::from_str::<Value>(ask).unwrap()["publicKey"].clone();
        let mut data = self.head(asked["rp"]["id"].as_str().unwrap(), 0x45);
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(self.id);
        let point = self.key.public_key().as_ref().to_vec();
        data.extend([0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 32]);
        data.extend(&point[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(&data);
        self.answer(json!({
            "clientDataJSON": text(&self.client("webauthn.create", &asked)),
            "attestationObject": text(&object),
        }))
    }

    /// What `navigator.credentials.get` answers.
    pub fn get(&mut self, ask: &str) -> String {
        let asked = serde_json::from_str::<Value>(ask).unwrap()["publicKey"].clone();
        let data = self.head(asked["rpId"].as_str().unwrap(), 0x05);
        let client = self.client("webauthn.get", &asked);
        let signed = [data.as_slice(), digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        self.answer(json!({
            "clientDataJSON": text(&client),
            "authenticatorData": text(&data),
            "signature": text(signature.as_ref()),
        }))
    }
}
