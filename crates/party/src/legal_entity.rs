//! The legal entity a party belongs to: the top of its parents, or itself. Credit and the
//! number a tax office knows are the legal entity's.

/// How many parents are asked; a tree of parties is not as high.
const LEVELS: usize = 20;

/// A party, given as SQL, as level 0 of `up`, and those above it.
fn up(party: &str) -> String {
    format!(
        "with recursive up (id, parent, level) as (
            select id, parent, 0 from party where id = {party}
            union all select p.id, p.parent, up.level + 1 from up join party p on p.id = up.parent
            where up.level < {LEVELS}
         )"
    )
}

/// SQL for the id of the legal entity of a party, given as SQL; null without a party.
pub fn of(party: &str) -> String {
    format!("({} select id from up order by level desc limit 1)", up(party))
}

/// A query of `columns` that reads `up`: a party, given as SQL, at level 0 and those above it, by id, parent and level.
pub fn chain(party: &str, columns: &str) -> String {
    format!("{} select {columns}", up(party))
}

/// A query of columns of `p`, a party, and of those above it, from the party to its legal entity.
pub fn above(party: &str, columns: &str) -> String {
    format!("{} select {columns} from up join party p on p.id = up.id order by up.level", up(party))
}

/// SQL for the ids of a party, given as SQL, and of all below it.
pub fn family(party: &str) -> String {
    format!(
        "(with recursive down (id, level) as (
            select id, 0 from party where id = {party}
            union all select p.id, down.level + 1 from down join party p on p.parent = down.id
            where down.level < {LEVELS}
          ) select id from down)"
    )
}
