//! Texts of a scenario made safe for the place where they stand.

use serde_json::Value;

/// A text for the content of an element or for a quoted attribute.
pub(super) fn html(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// JSON for the content of a script element: neither `</script>` nor `<!--` can stand in it, since no `<` does.
pub(super) fn json(value: &Value) -> String {
    let text = serde_json::to_string(value).expect("results are plain data");
    // Outside strings JSON has none of these, and inside they mean the same.
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_gets_out(text in "[<>&\"'!/a-z\\\\ -]{0,40}") {
            prop_assert!(!html(&text).contains(['<', '>', '"', '\'']));
            let safe = json(&Value::String(text.clone()));
            prop_assert!(!safe.contains(['<', '>', '&']));
            prop_assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        }
    }
}
