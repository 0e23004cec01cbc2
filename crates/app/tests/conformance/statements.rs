//! Statements, line by line as the official forms have them.

use super::*;

/// A line of the form as the report gives it: its name, and the figures of its two columns.
type FormLine = (String, [i64; 2]);

/// `21 = 1 - 2 + 3` as the line and the signed lines it is made of; nothing for a sentence.
fn relation(text: &str) -> Option<(usize, Vec<(usize, i64)>)> {
    let (whole, parts) = text.split_once(" = ")?;
    let mut sign = 1;
    let mut made_of = Vec::new();
    for word in parts.split_whitespace() {
        match word {
            "+" => sign = 1,
            "-" => sign = -1,
            number => made_of.push((number.parse().unwrap(), sign)),
        }
    }
    Some((whole.parse().unwrap(), made_of))
}

#[test]
fn a_136_the_income_statement_of_small_enterprises_is_the_published_form() {
    let Some(case) = case("A-136") else { return };
    on_both(|world| {
        let wanted = &case["expected"];
        let desk = world.desk.of(world.other);
        let sql = "select id, kind from account
            where company = ?1 and is_group = 0 and active = 1 and kind in ('income', 'expense') order by code";
        let accounts = world.engine.database().read(|conn| Ok(conn.query(sql, &[world.other.into()])?)).unwrap();
        assert!(40 < accounts.len(), "{}", accounts.len());
        let bank = setup::account(&world.engine, world.other, "bank").unwrap();
        // Every account of income and expense holds another amount, in this month and before it.
        let (mut result, this_month) = ([0i64; 2], world.engine.today());
        for (at, day) in [(0, this_month.start_of_month().add_days(-1)), (1, this_month)] {
            let mut lines = Vec::new();
            let mut rest = 0i64;
            for (row, account) in accounts.iter().enumerate() {
                let cents = 1_000 + 137 * row as i64 + 11 * at as i64;
                let is_income = account.text(1) == "income";
                let side = if is_income { "credit" } else { "debit" };
                let sign = if is_income { 1 } else { -1 };
                rest += sign * cents;
                let amount = kernel::Amount::new(cents).text(Currency::CNY);
                lines.push(json!({ "account": kernel::id_text("ac", account.int(0)), side: amount }));
            }
            let side = if 0 < rest { "debit" } else { "credit" };
            lines.push(json!({ "account": bank, side: kernel::Amount::new(rest.abs()).text(Currency::CNY) }));
            let entry = json!({ "posted_on": day.to_string(), "journal": "general", "lines": lines });
            let id = desk.create("journal_entry", entry).unwrap();
            desk.act("journal_entry", &id, "post", json!({})).unwrap();
            result[0] += 10_000 * rest;
            result[1] = 10_000 * rest;
        }
        let year = kernel::Date::new(this_month.year(), 1, 1).unwrap();
        let (year, until) = (year.to_string(), this_month.to_string());
        let report = desk.report_in(kernel::Lang::Zh, "income_statement", &[("from", &year), ("as_of", &until)]);
        let columns: Vec<&Json> = report["columns"].as_array().unwrap().iter().map(|one| &one["label"]).collect();
        assert_eq!(json!(columns), wanted["columns"]);
        let rows = report["rows"].as_array().unwrap();
        assert_eq!(json!(rows.len()), wanted["line_count"]);
        let mut form: Vec<FormLine> = vec![(String::new(), [0; 2])];
        for (at, row) in rows.iter().enumerate() {
            let cells = &row["cells"];
            let number = at + 1;
            assert_eq!(cells["line"], number);
            assert_eq!(cells["account"], case["input"]["lines"][number.to_string()], "line {number}");
            form.push((text(&cells["account"]), ["amount", "month"].map(|column| micros(&text(&cells[column])))));
        }
        let relations: Vec<_> =
            wanted["relations"].as_array().unwrap().iter().filter_map(|one| relation(one.as_str().unwrap())).collect();
        assert_eq!(relations.len(), 3);
        for (whole, parts) in &relations {
            for column in 0..2 {
                let sum: i64 = parts.iter().map(|(part, sign)| sign * form[*part].1[column]).sum();
                assert_eq!(form[*whole].1[column], sum, "line {whole} {}", form[*whole].0);
            }
        }
        // What is not added is a part of the line above it; nothing is lost and nothing counted twice.
        let added: Vec<usize> =
            relations.iter().flat_map(|(whole, parts)| parts.iter().map(|one| one.0).chain([*whole])).collect();
        let mut above = (0, [0i64; 2]);
        for (number, (name, figures)) in form.iter().enumerate().skip(1) {
            if added.contains(&number) {
                above = (number, *figures);
                continue;
            }
            assert!(!name.starts_with(['一', '二', '三', '四', '加', '减']), "{name} is not added");
            // No account is made for business tax, which is not levied any more.
            assert_eq!(figures[0] == 0, number == 5, "{name} has an account of its own");
            for (rest, figure) in above.1.iter_mut().zip(figures) {
                *rest -= figure;
                assert!(0 <= *rest, "{name} is part of line {}", above.0);
            }
        }
        assert_eq!(form[32].1, result, "the profit is all income less all expense");
        world.verified("A-136");
    });
}
