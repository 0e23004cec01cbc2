//! Taxes, and what is let off of them to who pays early.

use app::setup;
use kernel::Currency;
use serde_json::{Value as Json, json};

use super::{case, drafted, micros, same, service, tax, turnover};
use crate::common::{World, merge, on_both_over_http as on_both, raw, text};

/// A tax as a case writes it, or a group of several.
fn tax_of(world: &World, asked: &Json) -> String {
    let known = world.number("select count(*) from tax", &[]);
    let mut body = json!({ "code": format!("T{known}"), "name": format!("Tax {known}") });
    match asked.as_array() {
        Some(parts) => {
            let parts: Vec<Json> = parts.iter().map(|part| json!({ "tax": tax_of(world, part) })).collect();
            merge(
                &mut body,
                json!({ "code": format!("G{known}"), "name": format!("Group {known}"), "kind": "group", "parts": parts }),
            );
        }
        None => merge(&mut body, asked.clone()),
    }
    world.desk.create("tax", body).unwrap()
}

/// The figures of an invoice of one line, posted, and its taxes: (base, amount) in their order.
fn posted_with(world: &World, taxes: &Json, price: &str, qty: &str) -> (Json, Vec<(String, String)>) {
    let known = setup::find(&world.engine, world.company, "party", "code", "TAXED").unwrap();
    let customer = known.unwrap_or_else(|| world.customer("TAXED", "EUR"));
    let product = setup::first(&world.engine, world.company, "product").unwrap().unwrap_or_else(|| service(world));
    let lines = json!([{ "product": product, "qty": qty, "price": price, "tax": tax_of(world, taxes) }]);
    let invoice = drafted(world, json!({ "customer": customer, "lines": lines }));
    let id = text(&invoice["id"]);
    world.act("invoice", &id, "post");
    let raw = raw(&world.engine, "invoice", &id);
    let sql = "select base, tax_amount from tax_entry where doc_entity = 'invoice' and doc_id = ?1 order by id";
    let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &[raw.into()])?)).unwrap();
    let amount = |raw: i64| kernel::Amount::new(raw.abs()).text(Currency::EUR);
    (invoice, rows.iter().map(|row| (amount(row.int(0)), amount(row.int(1)))).collect())
}

#[test]
fn a_073_a_tax_may_be_a_part_of_the_gross() {
    let Some(case) = case("A-073") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"], &case["expected"]);
        let (invoice, _) = posted_with(world, &asked["a"]["tax"], asked["a"]["gross"].as_str().unwrap(), "1");
        same("net", &text(&invoice["net"]), &wanted["a"]["net"]);
        same("tax", &text(&invoice["tax_amount"]), &wanted["a"]["tax"]);
        let (invoice, _) = posted_with(world, &asked["b"]["tax"], asked["b"]["net"].as_str().unwrap(), "1");
        same("tax", &text(&invoice["tax_amount"]), &wanted["b"]["tax"]);
        same("gross", &text(&invoice["total"]), &wanted["b"]["gross"]);
        let (invoice, taxes) = posted_with(world, &asked["c"]["taxes"], asked["c"]["net"].as_str().unwrap(), "1");
        same("gross", &text(&invoice["total"]), &wanted["c"]["gross"]);
        for ((_, is), wanted) in taxes.iter().zip(wanted["c"]["taxes"].as_array().unwrap()) {
            same("tax", is, wanted);
        }
        world.verified("A-073");
    });
}

#[test]
fn a_080_a_tax_may_raise_the_base_of_others() {
    let Some(case) = case("A-080") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"], &case["expected"]);
        let (invoice, taxes) = posted_with(world, &asked["taxes"], asked["base"].as_str().unwrap(), "1");
        same("gross", &text(&invoice["total"]), &wanted["gross"]);
        let wanted = wanted["lines"].as_array().unwrap();
        assert_eq!(taxes.len(), wanted.len());
        for ((base, amount), wanted) in taxes.iter().zip(wanted) {
            same("base", base, &wanted[0]);
            same("tax", amount, &wanted[1]);
        }
        world.verified("A-080");
    });
}

#[test]
fn a_082_a_fixed_tax_is_included_even_in_what_is_free() {
    let Some(case) = case("A-082") else { return };
    on_both(|world| {
        let (a, b, wanted) = (&case["input"]["a"], &case["input"]["b"], &case["expected"]);
        let line = |taxes: &Json, price: &Json, qty: &str| {
            let (invoice, _) = posted_with(world, taxes, price.as_str().unwrap(), qty);
            [text(&invoice["net"]), text(&invoice["tax_amount"]), text(&invoice["total"])]
        };
        for (is, wanted) in [
            (line(&a["tax"], &a["price"], a["qty"].as_str().unwrap()), &wanted["a"]),
            (line(&b["taxes"], &b["price"], "1"), &wanted["b"]),
        ] {
            for (figure, name) in is.iter().zip(["net", "tax", "gross"]) {
                same(name, figure, &wanted[name]);
            }
        }
        // What is free owes nobody anything, but its taxes are due.
        same("tax in the books", &turnover(&world.desk, "sales_tax", &[]).1, &json!("20.30"));
        world.verified("A-082");
    });
}

/// The company rounds taxes once a document.
fn taxed_once(world: &World) {
    let company = kernel::id_text("co", world.company);
    world.desk.change("company", &company, json!({ "tax_rounding": "per_document" })).unwrap();
}

#[test]
fn a_087_five_lines_are_taxed_once() {
    let Some(case) = case("A-087") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"]["a"], &case["expected"]["a"]);
        taxed_once(world);
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let vat = tax(&world.desk, asked["rate"].as_str().unwrap(), false);
        let lines: Vec<Json> = asked["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| json!({ "product": product, "qty": line["qty"], "price": line["price"], "tax": vat }))
            .collect();
        let invoice = drafted(world, json!({ "customer": customer, "lines": lines }));
        world.act("invoice", &text(&invoice["id"]), "post");
        for (name, figure) in [("net", "net"), ("tax", "tax_amount"), ("total", "total")] {
            same(name, &text(&invoice[figure]), &wanted[name]);
        }
        same("tax in the books", &turnover(&world.desk, "sales_tax", &[]).1, &wanted["tax"]);
        world.verified("A-087");
    });
}

#[test]
fn a_087_a_discount_on_the_net_is_spread_before_tax() {
    let Some(case) = case("A-087") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"]["b"], &case["expected"]["b"]);
        taxed_once(world);
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let vat = tax(&world.desk, asked["rate"].as_str().unwrap(), false);
        let line = |price: &Json| json!({ "product": product, "qty": "1", "price": price, "tax": vat });
        let lines: Vec<Json> = asked["lines"].as_array().unwrap().iter().map(line).collect();
        let invoice = json!({ "customer": customer, "discount_amount": asked["discount_on_net"], "lines": lines });
        let invoice = drafted(world, invoice);
        world.act("invoice", &text(&invoice["id"]), "post");
        for (name, figure) in [("net", "net"), ("tax", "tax_amount"), ("total", "total")] {
            same(name, &text(&invoice[figure]), &wanted[name]);
        }
        let before = micros(&text(&invoice["net"])) + micros(&text(&invoice["discount_total"]));
        assert_eq!(before, micros(wanted["gross_lines"].as_str().unwrap()));
        same("sales in the books", &turnover(&world.desk, "sales", &[]).1, &wanted["net"]);
        world.verified("A-087");
    });
}

/// How totals are rounded.
fn coins(world: &World, coin: &Json, strategy: &str) -> String {
    let body = json!({ "name": strategy, "coin": coin, "method": "half_up", "strategy": strategy });
    world.desk.create("cash_rounding", body).unwrap()
}

#[test]
fn a_084_coins_are_met_by_the_biggest_tax_or_by_a_line() {
    let Some(case) = case("A-084") else { return };
    on_both(|world| {
        let (asked, expected) = (&case["input"], &case["expected"]);
        assert_eq!(asked["method"], "half-up");
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let line = |line: &Json| {
            let rate = line["rate"].as_str().unwrap();
            json!({ "product": product, "qty": "1", "price": line["amount"], "tax": tax(&world.desk, rate, false) })
        };
        let lines: Vec<Json> = asked["lines"].as_array().unwrap().iter().map(line).collect();
        let exact = drafted(world, json!({ "customer": customer, "lines": lines }));
        same("exact", &text(&exact["total"]), &expected["exact_total"]);
        let (mut gains, mut taxes) = (0, 0);
        for strategy in ["biggest_tax", "extra_line"] {
            let wanted = &expected[strategy];
            let rounding = coins(world, &asked["rounding"], strategy);
            let body = json!({ "customer": customer, "cash_rounding": rounding, "lines": lines });
            let invoice = drafted(world, body);
            same("total", &text(&invoice["total"]), &wanted["total"]);
            for (line, name) in invoice["lines"].as_array().unwrap().iter().zip(["tax_15", "tax_10"]) {
                same(name, &text(&line["tax_amount"]), &wanted[name]);
            }
            let line = wanted["rounding_line"].as_str().unwrap_or("0");
            same("rounding", &text(&invoice["rounding_amount"]), &json!(line));
            world.act("invoice", &text(&invoice["id"]), "post");
            gains += micros(line);
            taxes += micros(wanted["tax_15"].as_str().unwrap()) + micros(wanted["tax_10"].as_str().unwrap());
            assert_eq!(micros(&turnover(&world.desk, "rounding", &[]).1), gains, "{strategy}");
            assert_eq!(micros(&turnover(&world.desk, "sales_tax", &[]).1), taxes, "{strategy}");
            world.verified("A-084");
        }
    });
}

#[test]
fn a_089_a_total_is_rounded_after_its_discount() {
    let Some(case) = case("A-089") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"], &case["expected"]);
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let line =
            json!({ "product": product, "qty": "1", "price": asked["gross"], "tax": tax(&world.desk, "0", false) });
        let rounding = coins(world, &asked["round_total_to"], "extra_line");
        let invoice = drafted(
            world,
            json!({
                "customer": customer, "discount_amount": asked["cash_discount_on_total"], "cash_rounding": rounding, "lines": [line],
            }),
        );
        same("total", &text(&invoice["net"]), &wanted["total"]);
        same("rounded", &text(&invoice["total"]), &wanted["rounded_total"]);
        same("adjustment", &text(&invoice["rounding_amount"]), &wanted["rounding_adjustment"]);
        world.act("invoice", &text(&invoice["id"]), "post");
        same("owed", &turnover(&world.desk, "receivable", &[]).0, &wanted["rounded_total"]);
        same("posted", &turnover(&world.desk, "rounding", &[]).1, &wanted["rounding_adjustment"]);
        world.verified("A-089");
    });
}

/// A customer who is let off a part of what they owe within ten days.
fn early_payer(world: &World, code: &str, rate: &str, of: &str) -> String {
    early_payer_of(world, code, json!({ "discount_rate": rate, "discount_of": of }))
}

fn early_payer_of(world: &World, code: &str, discount: Json) -> String {
    let mut term = json!({ "name": code, "discount_days": 10, "lines": [{ "share_rate": "1", "days": 30 }] });
    merge(&mut term, discount);
    let term = world.desk.create("payment_term", term).unwrap();
    world.customer_with(code, json!({ "currency": "EUR", "terms": term }))
}

/// A posted invoice of one line.
fn invoice_over(world: &World, customer: &str, net: &Json, tax_rate: &str) -> String {
    let product = setup::first(&world.engine, world.company, "product").unwrap().unwrap_or_else(|| service(world));
    let lines = json!([{ "product": product, "qty": "1", "price": net, "tax": tax(&world.desk, tax_rate, false) }]);
    let invoice = text(&drafted(world, json!({ "customer": customer, "lines": lines }))["id"]);
    world.act("invoice", &invoice, "post");
    invoice
}

#[test]
fn a_110_who_pays_early_is_let_off_income_and_tax() {
    let Some(case) = case("A-110") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"], &case["expected"]);
        let customer = early_payer(world, "EARLY", "0.1", "total");
        let rate = asked["tax_rate"].as_str().unwrap();
        let (early, late) =
            (invoice_over(world, &customer, &asked["net"], rate), invoice_over(world, &customer, &asked["net"], rate));
        same("total", &text(&world.get("invoice", &early)["total"]), &wanted["invoice_total"]);
        world.days_pass(10);
        let paid = world.get("payment", &world.paid(&early, json!({})));
        same("paid", &text(&paid["amount"]), &wanted["ten_percent"]["pay"]);
        same("let off", &text(&paid["lines"][0]["discount"]), &wanted["ten_percent"]["discount"]);
        same("open", &text(&world.get("invoice", &early)["open_amount"]), &wanted["ten_percent"]["outstanding_after"]);
        same("income", &turnover(&world.desk, "early_discount", &[]).0, &wanted["ten_percent"]["split"]["income"]);
        same("tax", &turnover(&world.desk, "sales_tax", &[]).0, &wanted["ten_percent"]["split"]["tax"]);
        world.days_pass(1);
        let paid = world.get("payment", &world.paid(&late, json!({})));
        same("paid late", &text(&paid["amount"]), &wanted["late"]["pay"]);
        world.verified("A-110");
    });
}

#[test]
fn a_110_an_amount_is_let_off_income_and_tax() {
    let Some(case) = case("A-110") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"], &case["expected"]["fixed_50"]);
        let amount = &asked["discounts"][1]["amount"];
        let customer = early_payer_of(world, "EARLY", json!({ "discount_amount": amount, "discount_of": "total" }));
        let invoice = invoice_over(world, &customer, &asked["net"], asked["tax_rate"].as_str().unwrap());
        world.days_pass(10);
        let paid = world.get("payment", &world.paid(&invoice, json!({})));
        same("paid", &text(&paid["amount"]), &wanted["pay"]);
        same("let off", &text(&paid["lines"][0]["discount"]), amount);
        assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");
        same("income", &turnover(&world.desk, "early_discount", &[]).0, &wanted["split"]["income"]);
        same("tax", &turnover(&world.desk, "sales_tax", &[]).0, &wanted["split"]["tax"]);
        world.verified("A-110");
    });
}

#[test]
fn a_113_one_payment_of_two_invoices_is_let_off_by_each_policy() {
    let Some(case) = case("A-113") else { return };
    on_both(|world| {
        let asked = case["input"]["invoices"].as_array().unwrap();
        for (policy, of) in [("included_untaxed", "total"), ("excluded", "net"), ("mixed", "mixed")] {
            let wanted = &case["expected"][policy];
            let customer = early_payer(world, policy, "0.1", of);
            let mut lines = Vec::new();
            let mut gross = 0;
            for invoice in asked {
                let rate = invoice["tax"].as_str().filter(|_| of != "total").unwrap_or("0");
                let id = invoice_over(world, &customer, &invoice["net"], rate);
                gross += micros(&text(&world.get("invoice", &id)["total"]));
                let prefilled = Json::Object(world.desk.prefilled("payment", ("invoice", &id)).unwrap());
                lines.push(prefilled["lines"][0].clone());
            }
            assert_eq!(gross, micros(wanted["gross"].as_str().unwrap()), "{policy}");
            let body = json!({
                "direction": "in", "party": customer, "paid_on": world.day(0), "account": world.bank, "amount": wanted["pay"],
                "lines": lines,
            });
            let payment = world.desk.create("payment", body).unwrap();
            world.act("payment", &payment, "post");
            let paid = world.get("payment", &payment);
            let let_off =
                paid["lines"].as_array().unwrap().iter().map(|line| micros(&text(&line["discount"]))).sum::<i64>();
            assert_eq!(let_off, micros(wanted["discount"].as_str().unwrap()), "{policy}");
            for line in paid["lines"].as_array().unwrap() {
                let invoice = world.get("invoice", &text(&line["invoice"]["id"]));
                assert_eq!(invoice["payment_state"], "full", "{policy}");
            }
        }
        world.verified("A-113");
    });
}
