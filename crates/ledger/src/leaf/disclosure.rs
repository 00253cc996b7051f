//! One field, shown: salt, name and value, in the bytes whose digest is in the leaf.

use super::{DIGEST, Field, LeafError, MAX_CONTENT, SALT, Value, is_field_name, time};
use crate::hash::Hash;
use crate::text;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A field with its salt. The encoded form is what a verifier hashes; it must be kept exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosure {
    name: String,
    value: Value,
    salt: [u8; SALT],
    encoded: String,
}

impl Disclosure {
    /// Writes a field. `json` is a scratch buffer; returns its length through it.
    pub(super) fn write(field: &Field<'_>, json: &mut String) -> Result<Disclosure, LeafError> {
        if !is_field_name(field.name) {
            return Err(LeafError::Name);
        }
        json.clear();
        write_json(&field.salt, field.name, field.value, json)?;
        Ok(Disclosure {
            name: field.name.to_owned(),
            value: field.value.clone(),
            salt: field.salt,
            encoded: text::base64url(json.as_bytes()),
        })
    }

    /// Reads the encoded form, which must be exactly what this crate would write.
    ///
    /// # Errors
    /// [`LeafError::Disclosure`].
    pub fn parse(encoded: &str) -> Result<Disclosure, LeafError> {
        Disclosure::read(encoded).ok_or(LeafError::Disclosure)
    }

    fn read(encoded: &str) -> Option<Disclosure> {
        if encoded.len() > MAX_CONTENT * 2 {
            return None;
        }
        let json = text::from_base64url(encoded)?;
        let (salt, name, value): (String, String, serde_json::Value) = serde_json::from_slice(&json).ok()?;
        let salt: [u8; SALT] = text::from_base64url(&salt)?.try_into().ok()?;
        let value = value_of(value)?;
        let mut again = String::with_capacity(json.len());
        write_json(&salt, &name, &value, &mut again).ok()?;
        if !is_field_name(&name) || again.as_bytes() != json {
            return None;
        }
        Some(Disclosure {
            name,
            value,
            salt,
            encoded: encoded.to_owned(),
        })
    }

    /// The field's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The field's value.
    pub const fn value(&self) -> &Value {
        &self.value
    }

    /// The salt: kept with the content, and destroyed with it.
    pub const fn salt(&self) -> &[u8; SALT] {
        &self.salt
    }

    /// URL-safe base64 of the JSON array of salt, name and value: what is kept, shown and hashed.
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The digest that stands in the leaf, as its 43 characters.
    pub(super) fn digest(&self) -> [u8; DIGEST] {
        digest_text(&Hash::of(self.encoded.as_bytes()))
    }
}

/// A digest in URL-safe base64.
pub(super) fn digest_text(hash: &Hash) -> [u8; DIGEST] {
    let mut out = [0u8; DIGEST];
    // 32 bytes always take 43 characters, so this cannot fail.
    let _ = URL_SAFE_NO_PAD.encode_slice(hash.as_bytes(), &mut out);
    out
}

fn write_json(salt: &[u8; SALT], name: &str, value: &Value, out: &mut String) -> Result<(), LeafError> {
    out.push_str("[\"");
    text::push_base64url(salt, out);
    out.push_str("\",\"");
    out.push_str(name);
    out.push_str("\",");
    write_value(value, out)?;
    out.push(']');
    Ok(())
}

fn write_value(value: &Value, out: &mut String) -> Result<(), LeafError> {
    match value {
        Value::Text(text) => write_string(text, out),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        Value::Time(micros) => {
            out.push_str("{\"t\":\"");
            out.push_str(&time::to_text(*micros).ok_or(LeafError::Time)?);
            out.push_str("\"}");
        }
        Value::List(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_string(item, out);
            }
            out.push(']');
        }
    }
    Ok(())
}

/// A JSON string with the fewest escapes (RFC 8785 section 3.2.2.2).
fn write_string(text: &str, out: &mut String) {
    use std::fmt::Write as _;
    out.push('"');
    let mut start = 0;
    for (place, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(text.get(start..place).unwrap_or_default());
        start = place + 1;
        if escape.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(text.get(start..).unwrap_or_default());
    out.push('"');
}

fn value_of(json: serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    match json {
        Json::String(text) => Some(Value::Text(text)),
        Json::Bool(yes) => Some(Value::Bool(yes)),
        Json::Number(number) => number.as_i64().map(Value::Int),
        Json::Array(items) => {
            let text = |item| {
                if let Json::String(text) = item {
                    Some(text)
                } else {
                    None
                }
            };
            items
                .into_iter()
                .map(text)
                .collect::<Option<Vec<_>>>()
                .map(Value::List)
        }
        Json::Object(map) => map.get("t")?.as_str().and_then(time::from_text).map(Value::Time),
        Json::Null => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn written(value: &Value) -> String {
        let field = Field {
            name: "f",
            value,
            salt: [0; 16],
        };
        let disclosure = Disclosure::write(&field, &mut String::new()).unwrap();
        assert_eq!(Disclosure::parse(disclosure.encoded()).unwrap(), disclosure);
        String::from_utf8(text::from_base64url(disclosure.encoded()).unwrap()).unwrap()
    }

    #[test]
    fn golden_json_of_each_kind_of_value() {
        let salt = "[\"AAAAAAAAAAAAAAAAAAAAAA\",\"f\",";
        assert_eq!(
            written(&Value::Text("a\"\\\u{1}\n\u{7f}é".into())),
            format!("{salt}\"a\\\"\\\\\\u0001\\n\u{7f}é\"]")
        );
        assert_eq!(
            written(&Value::Int(i64::MIN)),
            format!("{salt}-9223372036854775808]")
        );
        assert_eq!(written(&Value::Bool(true)), format!("{salt}true]"));
        assert_eq!(
            written(&Value::Time(0)),
            format!("{salt}{{\"t\":\"1970-01-01T00:00:00.000000Z\"}}]")
        );
        assert_eq!(
            written(&Value::List(vec!["x".into(), String::new()])),
            format!("{salt}[\"x\",\"\"]]")
        );
        assert_eq!(written(&Value::List(vec![])), format!("{salt}[]]"));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let salt = "\"AAAAAAAAAAAAAAAAAAAAAA\"";
        for json in [
            format!("[{salt},\"f\",1.0]"),
            format!("[{salt},\"f\",1e3]"),
            format!("[{salt},\"f\",-0]"),
            format!("[{salt},\"f\",null]"),
            format!("[{salt},\"f\", 1]"),
            format!("[{salt},\"f\",1,2]"),
            format!("[{salt},\"f\"]"),
            format!("[{salt},\"f\",[1]]"),
            format!("[{salt},\"f\",{{\"t\":0}}]"),
            format!("[{salt},\"f\",{{\"t\":\"1970-01-01T00:00:00.000000Z\",\"u\":1}}]"),
            format!("[{salt},\"f\",\"\\u0041\"]"),
            format!("[{salt},\"iss\",1]"),
            format!("[{salt},\"\",1]"),
            format!("[{salt},\"a b\",1]"),
            "[\"AAAA\",\"f\",1]".to_owned(),
        ] {
            assert_eq!(
                Disclosure::parse(&text::base64url(json.as_bytes())),
                Err(LeafError::Disclosure),
                "{json}"
            );
        }
    }
}
