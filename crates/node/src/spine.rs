//! How a spine lies in the store: a JSON object of its fields, in the order the leaf names them.

use domain::record::{Spine, Value};
use domain::time::Instant;
use serde_json::{Map, Value as Json, json};

/// Bytes in the store that are not a spine.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a stored spine cannot be read: {0}")]
pub struct NotASpine(String);

fn to_json(value: &Value) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Int(number) => json!(number),
        Value::Bool(truth) => json!(truth),
        Value::Time(at) => json!({ "t": at.micros() }),
        Value::List(items) => json!(items),
    }
}

fn from_json(json: Json) -> Option<Value> {
    Some(match json {
        Json::String(text) => Value::Text(text),
        Json::Number(number) => Value::Int(number.as_i64()?),
        Json::Bool(truth) => Value::Bool(truth),
        Json::Object(object) => Value::Time(Instant(object.get("t")?.as_i64()?)),
        Json::Array(items) => Value::List(
            items
                .into_iter()
                .map(|i| i.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
        ),
        Json::Null => return None,
    })
}

/// The bytes kept in the store.
pub(crate) fn encode(spine: &Spine) -> Vec<u8> {
    let object: Map<String, Json> = spine
        .fields()
        .iter()
        .map(|(n, v)| (n.clone(), to_json(v)))
        .collect();
    Json::Object(object).to_string().into_bytes()
}

/// Reads a spine back.
///
/// # Errors
/// When the bytes are not a spine's.
pub(crate) fn decode(bytes: &[u8]) -> Result<Spine, NotASpine> {
    let object: Map<String, Json> = serde_json::from_slice(bytes).map_err(|e| NotASpine(e.to_string()))?;
    let fields: Option<Vec<(String, Value)>> = object
        .into_iter()
        .map(|(name, json)| Some((name, from_json(json)?)))
        .collect();
    let fields = fields.ok_or_else(|| NotASpine("a value has no known shape".into()))?;
    Spine::from_fields(&fields).map_err(|e| NotASpine(e.to_string()))
}

/// A domain value as the ledger writes it.
pub(crate) fn to_leaf(value: &Value) -> ledger::leaf::Value {
    match value {
        Value::Text(text) => ledger::leaf::Value::Text(text.clone()),
        Value::Int(number) => ledger::leaf::Value::Int(*number),
        Value::Bool(truth) => ledger::leaf::Value::Bool(*truth),
        Value::Time(at) => ledger::leaf::Value::Time(at.micros()),
        Value::List(items) => ledger::leaf::Value::List(items.clone()),
    }
}

/// A value as the ledger read it.
pub(crate) fn from_leaf(value: &ledger::leaf::Value) -> Value {
    match value {
        ledger::leaf::Value::Text(text) => Value::Text(text.clone()),
        ledger::leaf::Value::Int(number) => Value::Int(*number),
        ledger::leaf::Value::Bool(truth) => Value::Bool(*truth),
        ledger::leaf::Value::Time(at) => Value::Time(Instant(*at)),
        ledger::leaf::Value::List(items) => Value::List(items.clone()),
    }
}
