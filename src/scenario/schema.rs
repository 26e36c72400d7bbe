//! The JSON Schema of scenario files: made from the structs once, read by editors and by our own walk.

use super::format::ScenarioFile;
use schemars::JsonSchema;
use serde_json::Value as Json;

/// The JSON Schema of a scenario file, with the documentation of every key.
pub fn json_schema() -> Json {
    schema_of::<ScenarioFile>()
}

/// The JSON Schema of a part of the format by itself.
pub(super) fn schema_of<T: JsonSchema>() -> Json {
    let mut schema = schemars::schema_for!(T).to_value();
    without_null(&mut schema);
    schema
}

/// TOML has no null: an optional key is absent. Removes the null that optional keys get from the derivation.
fn without_null(schema: &mut Json) {
    if let Some(object) = schema.as_object_mut() {
        if let Some(Json::Array(types)) = object.get_mut("type") {
            types.retain(|kind| kind != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".to_owned(), only);
            }
        }
        if object.get("default").is_some_and(Json::is_null) {
            object.remove("default");
        }
        if let Some(Json::Array(branches)) = object.get_mut("anyOf") {
            branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
            if let [Json::Object(only)] = branches.as_slice() {
                let only = only.clone();
                object.remove("anyOf");
                only.into_iter().for_each(|(key, value)| {
                    object.entry(key).or_insert(value);
                });
            }
        }
        object.values_mut().for_each(without_null);
    } else if let Some(items) = schema.as_array_mut() {
        items.iter_mut().for_each(without_null);
    }
}

/// A schema whose `$ref` is followed; what stands beside the `$ref` goes before what it refers to.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    here: &'a Json,
    target: Option<&'a Json>,
}

impl<'a> View<'a> {
    pub(super) fn new(root: &'a Json, here: &'a Json) -> Self {
        let reference = here.get("$ref").and_then(Json::as_str);
        let target = reference.and_then(|path| root.pointer(path.trim_start_matches('#')));
        Self { here, target }
    }

    pub(super) fn get(self, key: &str) -> Option<&'a Json> {
        self.here.get(key).or_else(|| self.target?.get(key))
    }

    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.get(key)?.as_str()
    }

    /// The schemas of which one has to hold.
    pub(super) fn branches(self) -> Option<&'a [Json]> {
        self.get("oneOf").or_else(|| self.get("anyOf"))?.as_array().map(Vec::as_slice)
    }

    /// The words that are allowed, where a word is all that is.
    pub(super) fn choices(self) -> Option<Vec<&'a str>> {
        if let Some(words) = self.get("enum") {
            return words.as_array()?.iter().map(Json::as_str).collect();
        }
        self.branches()?.iter().map(|branch| branch.get("const")?.as_str()).collect()
    }

    /// The description of a key, for a message's help.
    pub(super) fn description(self) -> Option<String> {
        self.text("description").map(|text| text.replace('\n', " "))
    }
}
