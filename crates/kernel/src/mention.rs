//! Mentions in plain text: `@[Li Wei](us_4)`.

use crate::id_parse;

/// How many people one text mentions at most; the rest are words.
const MENTIONS_MAX: usize = 50;

/// The raw users a text mentions, each once, in order.
pub fn mentions(text: &str) -> Vec<i64> {
    let mut found = Vec::new();
    for part in text.split("@[").skip(1) {
        let inner = part.split_once("](").and_then(|(name, rest)| Some((name, rest.split_once(')')?.0)));
        let Some((name, id)) = inner else { continue };
        if name.contains('\n') || found.len() == MENTIONS_MAX {
            continue;
        }
        if let Some(user) = id_parse("us", id)
            && !found.contains(&user)
        {
            found.push(user);
        }
    }
    found
}

/// A text as it is read: mentions as `@name`.
pub fn without_mentions(text: &str) -> String {
    let mut parts = text.split("@[");
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        plain.push('@');
        match part.split_once("](").and_then(|(name, rest)| Some((name, rest.split_once(')')?))) {
            Some((name, (id, rest))) if id_parse("us", id).is_some() => {
                plain += name;
                plain += rest;
            }
            _ => {
                plain.push('[');
                plain += part;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_found_once_and_words_are_left_alone() {
        let text = "@[Li Wei](us_4) and @[Sam](us_5), not @[x](pa_4) nor @[y] (us_6) — @[Li](us_4) again";
        assert_eq!(mentions(text), [4, 5]);
        assert_eq!(mentions("no @ at [all](us_4)"), Vec::<i64>::new());
        assert_eq!(mentions("@[cut](us_"), Vec::<i64>::new());
    }

    #[test]
    fn a_mention_reads_as_a_name() {
        assert_eq!(without_mentions("Hi @[Li Wei](us_4), call @[x](pa_1) @[z"), "Hi @Li Wei, call @[x](pa_1) @[z");
    }
}
