//! Amounts in company currency are those of the books, however they are grouped, and in data of an earlier version as well.

use crate::common::{World, on_both, text};
use meta::{Aggregate, FieldKind, Group, ListQuery};
use serde_json::{Value as Json, json};

fn cents(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

/// Three invoices in dollars at a rate that rounds, one cancelled, one given back in part; revenue on two accounts.
fn sales_in_dollars(world: &World) -> Vec<String> {
    let account = json!({ "code": "4090", "name": "Sale of cables", "kind": "income" });
    let account = world.desk.create("account", account).unwrap();
    let category = json!({ "name": "Cables", "cost_method": "average", "sales_account": account });
    let category = world.desk.create("product_category", category).unwrap();
    let product = |code: &str, more: Json| {
        let mut body = json!({ "kind": "service" });
        crate::common::merge(&mut body, more);
        world.product_with(code, "average", "10", body)
    };
    let products = [product("S1", json!({})), product("S2", json!({})), product("S3", json!({ "category": category }))];
    let customers = ["BLUE", "RED", "GREEN"].map(|code| world.customer(code, "USD"));
    let invoice = |customer: &str, more: Json| {
        let lines = products.iter().zip(["10.01", "3.33", "7.77"]);
        let lines: Vec<Json> =
            lines.map(|(product, price)| json!({ "product": product, "qty": "1", "price": price })).collect();
        let mut body = json!({ "customer": customer, "issued_on": world.day(0), "rate": "0.92448", "lines": lines });
        crate::common::merge(&mut body, more);
        let id = world.desk.create("invoice", body).unwrap();
        world.act("invoice", &id, "post");
        id
    };
    let mut made: Vec<String> = customers.iter().map(|customer| invoice(customer, json!({}))).collect();
    made.push(invoice(&customers[0], json!({ "issued_on": world.day(-1) })));
    world.act("invoice", &made[3], "cancel");
    made.push(world.made_of("invoice", ("invoice", &made[0]), None, json!({ "kind": "credit_note" })));
    let mut lines = world.get("invoice", &made[4])["lines"].clone();
    lines.as_array_mut().unwrap().truncate(2);
    let only = lines.as_array().unwrap().iter().map(|line| json!({ "id": line["id"] })).collect::<Vec<_>>();
    world.desk.change("invoice", &made[4], json!({ "lines": only })).unwrap();
    world.act("invoice", &made[4], "post");
    made
}

fn revenue(world: &World) -> i64 {
    let told = world.report("income_statement", &[("from", "2020-01-01"), ("as_of", &world.day(0))]);
    cents(&text(&told["rows"][0]["cells"]["amount"]))
}

/// The total of sales by each of its dimensions, and by two of them.
fn by_all(world: &World) -> Vec<(String, i64)> {
    let report = world.engine.registry().reports().find(|report| report.name == "sales_by").unwrap();
    let FieldKind::Choice(choice) = report.params[0].kind else { panic!("{:?}", report.params[0].kind) };
    let total = |params: &[(&str, &str)]| {
        let told = world.report("sales_by", params);
        cents(&text(&told["rows"].as_array().unwrap().last().unwrap()["cells"]["net"]))
    };
    let groups = choice.values.iter().map(|value| value.code);
    let mut found: Vec<(String, i64)> =
        groups.clone().map(|group| (group.to_owned(), total(&[("group", group)]))).collect();
    found.extend(groups.map(|then| (format!("month, {then}"), total(&[("group", "month"), ("then", then)]))));
    found
}

fn sum(world: &World, entity: &str, group: &[&str], field: &str) -> i64 {
    let query = ListQuery {
        group: group.iter().map(|field| Group { field: (*field).to_owned(), part: None }).collect(),
        aggregates: vec![Aggregate::Sum(field.to_owned())],
        ..ListQuery::default()
    };
    let told = world.engine.list(&world.desk.actor, entity, &query).unwrap()["groups"].clone();
    told.as_array().unwrap().iter().map(|group| cents(&text(&group["sum"][field]))).sum()
}

#[test]
fn sales_by_anything_come_to_the_revenue_of_the_income_statement() {
    on_both(|world| {
        let made = sales_in_dollars(world);
        // What each invoice posted is 19.51 or 19.52, never the 58.55 that their sum in dollars would be.
        let all = revenue(world);
        let compare = |when: &str| {
            for (group, total) in by_all(world) {
                assert_eq!(total, all, "{when}: by {group}");
            }
        };
        compare("as posted");
        // Lists and pivots of lines add up the same amounts, less what was cancelled.
        let lines = |ids: &[usize]| -> i64 {
            let told = |id: &usize| world.get("invoice", &made[*id])["lines"].clone();
            let nets = ids.iter().flat_map(|id| told(id).as_array().unwrap().clone());
            nets.map(|line| cents(&text(&line["net_base"]))).sum()
        };
        assert_eq!(lines(&[0, 1, 2]) - lines(&[4]), all);
        assert_eq!(sum(world, "invoice_line", &["product"], "net_base") - lines(&[3]), all);
        // Services cost nothing: all of it is earned.
        let told = world.report("sales_by", &[])["rows"].as_array().unwrap().last().unwrap()["cells"].clone();
        assert_eq!((cents(&text(&told["margin"])), text(&told["margin_rate"])), (all, "1".to_owned()));
        // Who sees their own sales only reads the same on the home page.
        let rep = world.actor("rita", "sales_rep");
        let user = rep.user;
        let owners =
            world.engine.database().read(|conn| Ok(conn.query("select id, owner from invoice", &[])?)).unwrap();
        let hand = |id: meta::Value, to: meta::Value| {
            let write = move |conn: &dyn store::Conn| {
                Ok(conn.execute("update invoice set owner = ?2 where id = ?1", &[id.clone(), to.clone()])?)
            };
            world.engine.database().write(write).unwrap();
        };
        owners.iter().for_each(|row| hand(row.0[0].clone(), user.into()));
        let home = world.engine.home(&rep).unwrap();
        let figure = home["figures"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == "sales_this_month")
            .unwrap_or_else(|| panic!("{home}"));
        assert_eq!(cents(&text(&figure["value"])), all);
        owners.iter().for_each(|row| hand(row.0[0].clone(), row.0[1].clone()));
        world.verified("sales in dollars");
        // An earlier version kept none of it, nor a hash of what it wrote: the next start fills it from what was posted.
        let kept = |sql: &'static str| world.engine.database().read(|conn| Ok(conn.query(sql, &[])?)).unwrap();
        let told = |rows: Vec<meta::Row>| rows.iter().map(|row| row.int(0)).collect::<Vec<_>>();
        let nets = "select sum(net_base) from invoice_line group by parent order by parent";
        let before = told(kept(nets));
        world
            .engine
            .database()
            .write(|conn| {
                conn.execute("update invoice_line set net_base = null", &[])?;
                conn.execute("delete from seeds where id = 2", &[])?;
                Ok(())
            })
            .unwrap();
        app::fills::run(world.engine.database()).unwrap();
        assert_eq!(told(kept(nets)), before);
        compare("filled");
    });
}

#[test]
fn payments_of_any_currency_have_a_sum_in_company_currency() {
    on_both(|world| {
        let sql = "select id from account where used_for = 'bank' and company = ?1";
        let account = world.number(sql, &[world.company.into()]);
        let pay = |code: &str, currency: &str, direction: &str, amount: &str| {
            let party = world.customer(code, currency);
            let body = json!({
                "party": party, "direction": direction, "currency": currency, "amount": amount, "paid_on": world.day(0),
                "account": kernel::id_text("ac", account),
            });
            let id = world.desk.create("payment", body).unwrap();
            world.act("payment", &id, "post");
            id
        };
        let dollars = pay("BLUE", "USD", "in", "33.33");
        pay("RED", "EUR", "in", "10.00");
        pay("GREEN", "GBP", "out", "5.00");
        assert_eq!(text(&world.get("payment", &dollars)["amount_base"]), "30.00", "33.33 at 0.9");
        // 30.00 + 10.00 - 6.00, as on the account.
        let bank = "select sum(l.amount) from entry_line l join account a on a.id = l.account
            where a.used_for = 'bank' and l.company = ?1";
        let bank = world.number(bank, &[world.company.into()]);
        for group in [&[][..], &["currency"], &["direction"], &["party"]] {
            assert_eq!((sum(world, "payment", group, "amount_base"), bank), (3400, 3400), "{group:?}");
        }
        world
            .engine
            .database()
            .write(|conn| {
                conn.execute("update payment set amount_base = null", &[])?;
                conn.execute("delete from seeds where id = 2", &[])?;
                Ok(())
            })
            .unwrap();
        app::fills::run(world.engine.database()).unwrap();
        assert_eq!(sum(world, "payment", &["party"], "amount_base"), 3400, "and filled");
    });
}
