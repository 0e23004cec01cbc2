//! `insert … values (?1, ?2), (?3, ?4)` becomes the insert of one row, run for every row.
//!
//! PostgreSQL wants many rows in one statement, because each costs a round trip. In SQLite a
//! statement costs its preparation: one text for any number of rows is prepared once.

/// The insert of one row and how many values it takes; `None` for anything but an insert of
/// several rows of the same shape.
pub(crate) fn one_row(sql: &str, args: usize) -> Option<(String, usize)> {
    let head = sql.find(" values (")? + " values ".len();
    if !sql.trim_start().starts_with("insert into ") {
        return None;
    }
    let first = &sql[head..head + sql[head..].find(')')? + 1];
    let columns = first.matches('?').count();
    if columns == 0 || args <= columns || !args.is_multiple_of(columns) {
        return None;
    }
    // Every row is a tuple of nothing but numbered values, in order.
    let mut rest = &sql[head..];
    let mut next = 1;
    for row in 0..args / columns {
        if 0 < row {
            rest = rest.strip_prefix(", ")?;
        }
        rest = rest.strip_prefix('(')?;
        for column in 0..columns {
            if 0 < column {
                rest = rest.strip_prefix(", ")?;
            }
            rest = rest.strip_prefix('?')?.strip_prefix(next.to_string().as_str())?;
            next += 1;
        }
        rest = rest.strip_prefix(')')?;
    }
    (!rest.contains('?') && !rest.trim_start().starts_with(','))
        .then(|| (format!("{}{first}{rest}", &sql[..head]), columns))
}

#[cfg(test)]
mod tests {
    use super::one_row;

    #[test]
    fn rows_of_one_shape_are_one_statement() {
        let sql = "insert into a (b, c) values (?1, ?2), (?3, ?4) on conflict do nothing";
        assert_eq!(
            one_row(sql, 4),
            Some(("insert into a (b, c) values (?1, ?2) on conflict do nothing".to_owned(), 2))
        );
    }

    #[test]
    fn everything_else_stays() {
        for (sql, args) in [
            ("insert into a (b) values (?1)", 1),
            ("insert into a (b, c) values (?1, 0), (?2, 0)", 2),
            ("insert into a (b, c) values (?1, ?2), (?1, ?3)", 4),
            ("insert into a (b) values (?1), (?2) on conflict (b) do update set c = ?3", 3),
            ("update a set b = ?1 where c = ?2", 2),
            ("insert into a (b) values (?1), (?2, ?3)", 3),
        ] {
            assert_eq!(one_row(sql, args), None, "{sql}");
        }
    }
}
