//! What many operations of the API's description say alike, said once: parameters and answers that occur three times or
//! more stand under `components`, and operations point at them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// How often something must occur to be said once.
const OFTEN: usize = 3;

/// What can be said once: where an operation says it, and where it stands then.
const SORTS: [&str; 2] = ["parameters", "responses"];

/// The description with what is said alike moved to `components`.
pub(super) fn shared(mut document: Value) -> Value {
    for sort in SORTS {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for_each(&mut document, sort, &mut |name, value| {
            let at = (name.to_owned(), value.to_string());
            *counts.entry(at).or_default() += 1;
        });
        let mut names: BTreeMap<(String, String), String> = BTreeMap::new();
        for (at, _) in counts.iter().filter(|(_, count)| **count >= OFTEN) {
            let (mut name, mut number) = (at.0.clone(), 1_usize);
            while names.values().any(|taken| *taken == name) {
                number = number.saturating_add(1);
                name = format!("{}-{number}", at.0);
            }
            names.insert(at.clone(), name);
        }
        let mut moved = Map::new();
        for_each(&mut document, sort, &mut |name, value| {
            if let Some(name) = names.get(&(name.to_owned(), value.to_string())) {
                let there = json!({ "$ref": format!("#/components/{sort}/{name}") });
                moved.insert(name.clone(), std::mem::replace(value, there));
            }
        });
        if let Some(components) = document.pointer_mut("/components").and_then(Value::as_object_mut) {
            components.insert(sort.to_owned(), Value::Object(moved));
        }
    }
    document
}

/// Calls `each` with every parameter or answer of every operation: its name or status, and itself.
fn for_each(document: &mut Value, sort: &str, each: &mut impl FnMut(&str, &mut Value)) {
    let paths = document.pointer_mut("/paths").and_then(Value::as_object_mut);
    let operations = paths.into_iter().flat_map(Map::values_mut);
    let operations = operations
        .filter_map(Value::as_object_mut)
        .flat_map(Map::values_mut);
    for operation in operations {
        match operation.get_mut(sort) {
            Some(Value::Array(items)) => {
                for item in items {
                    let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
                    let name = name.to_owned();
                    each(&name, item);
                }
            }
            Some(Value::Object(items)) => {
                for (name, item) in items.iter_mut() {
                    each(name, item);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_three_times_is_said_once_and_what_differs_stays() {
        let operation = |words: &str| json!({ "parameters": [{ "name": "key", "description": words }], "responses": { "404": { "description": "no" } } });
        let document = json!({
            "components": {},
            "paths": {
                "/a": { "post": operation("x"), "get": operation("x") },
                "/b": { "post": operation("x"), "get": operation("y") },
            }
        });
        let out = shared(document);
        let at = |pointer: &str| out.pointer(pointer).cloned();
        assert_eq!(at("/components/parameters/key/description"), Some(json!("x")));
        assert_eq!(
            at("/paths/~1a/post/parameters/0/$ref"),
            Some(json!("#/components/parameters/key"))
        );
        assert_eq!(at("/paths/~1b/get/parameters/0/description"), Some(json!("y")));
        assert_eq!(
            at("/paths/~1b/get/responses/404/$ref"),
            Some(json!("#/components/responses/404"))
        );
    }
}
