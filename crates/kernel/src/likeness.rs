//! How alike two names are: for guesses and for “did you mean”, never for what is written.

/// Letters and figures only, in lower case.
fn bare(text: &str) -> Vec<char> {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A name as it is compared: letter case, blanks and signs do not count.
pub fn folded(text: &str) -> String {
    bare(text).into_iter().collect()
}

/// How many letters must be put in, taken out or replaced to make one of the other (Levenshtein).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (at, sign) in left.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (to, other) in right.iter().enumerate() {
            let next = (diagonal + usize::from(sign != other)).min(row[to] + 1).min(row[to + 1] + 1);
            diagonal = row[to + 1];
            row[to + 1] = next;
        }
    }
    row[right.len()]
}

/// How alike two names are, from 0 to 100: 95 for the same letters, less where one is a part of the other or
/// spelt otherwise.
pub fn likeness(one: &str, other: &str) -> u32 {
    if one == other {
        return 100;
    }
    let (left, right) = (bare(one), bare(other));
    if left.is_empty() || right.is_empty() {
        return 0;
    }
    if left == right {
        return 95;
    }
    let (short, long) = if left.len() < right.len() { (&left, &right) } else { (&right, &left) };
    // A Chinese word says much in two signs; a Latin one needs more to be meant.
    let enough = if short.iter().any(|sign| !sign.is_ascii()) { 2 } else { 4 };
    let part = short.len() >= enough && long.windows(short.len()).any(|window| window == short.as_slice());
    let inside = if part { 60 + 25 * short.len() / long.len() } else { 0 };
    let spelt = 85 * (long.len() - distance(&left, &right).min(long.len())) / long.len();
    inside.max(if short.len() < enough { 0 } else { spelt }) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_in_spite_of_case_signs_and_slips() {
        const ALIKE: u32 = 55;
        assert_eq!(likeness("is_customer", "is_customer"), 100);
        assert_eq!(likeness("Is customer", "is_customer"), 95);
        assert!(likeness("Telephone", "Phone") >= ALIKE);
        assert!(likeness("客户名称", "名称") >= ALIKE);
        assert!(likeness("Adress", "Address") >= ALIKE);
        assert!(likeness("Colour", "Currency") < ALIKE);
        assert_eq!(likeness("", "name"), 0);
        assert_eq!(distance(&bare("kitten"), &bare("sitting")), 3);
    }
}
