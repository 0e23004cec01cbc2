//! Published cases of comparable products, followed through the public API.
//!
//! Which are followed, and what we do instead where we are not, is in `docs/conformance.md`.

mod assets;
mod bank_files;
mod statements;
mod taxes;

use std::path::Path;

use crate::common::{Desk, World, merge, on_both_over_http as on_both, raw, text};
use app::setup::{self, Plan};
use kernel::Currency;
use serde_json::{Value as Json, json};

/// A case, or nothing where the cases are not at hand.
fn case(id: &str) -> Option<Json> {
    let area = if id.starts_with('F') { "F-migration" } else { "A-finance" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance").join(area);
    match std::fs::read_to_string(folder.join(format!("{id}.json"))) {
        Ok(text) => Some(serde_json::from_str(&text).unwrap()),
        Err(_) => {
            eprintln!("skipped by name: {id} (the cases are not at hand)");
            None
        }
    }
}

/// Numbers are compared as decimals: `100.0` is `100.00`.
fn micros(text: &str) -> i64 {
    kernel::parse_decimal(text, 6).unwrap_or_else(|why| panic!("{text}: {why:?}"))
}

fn same(what: &str, is: &str, wanted: &Json) {
    assert_eq!(micros(is), micros(wanted.as_str().unwrap()), "{what}: {is}, wanted {wanted}");
}

/// A tax, made when it is not there.
fn tax(desk: &Desk, rate: &str, included: bool) -> String {
    let code = format!("T{rate}{included}");
    let known = setup::find(&desk.engine, desk.actor.company, "tax", "code", &code).unwrap();
    let account = setup::account(&desk.engine, desk.actor.company, "sales_tax").unwrap();
    let body = json!({ "code": code, "name": code, "kind": "percent", "rate": rate, "included": included, "account": account });
    known.unwrap_or_else(|| desk.create("tax", body).unwrap())
}

fn service(world: &World) -> String {
    world.product_with("SERVICE", "average", "10", json!({ "kind": "service" }))
}

/// A draft invoice as the server completes it.
fn drafted(world: &World, body: Json) -> Json {
    let mut all = json!({ "kind": "invoice", "issued_on": world.day(0) });
    merge(&mut all, body);
    world.create(&world.desk.actor, "invoice", all).unwrap_or_else(|why| panic!("{why:?}"))["record"].clone()
}

/// What came and went on an account: (debit, credit).
fn turnover(desk: &Desk, used_for: &str, params: &[(&str, &str)]) -> (String, String) {
    let id = setup::account(&desk.engine, desk.actor.company, used_for).unwrap();
    let report = desk.report("trial_balance", params);
    let row = report["rows"].as_array().unwrap().iter().find(|row| row["cells"]["account"]["id"] == id).cloned();
    row.map_or(("0".to_owned(), "0".to_owned()), |row| (text(&row["cells"]["debit"]), text(&row["cells"]["credit"])))
}

/// What is held of a product and what it is worth.
fn held(world: &World, product: &str) -> (String, String) {
    let report = world.report("stock_valuation", &[("as_of", &world.day(300))]);
    let rows = report["rows"].as_array().unwrap();
    match rows.iter().find(|row| row["cells"]["product"]["id"] == product) {
        Some(row) => (text(&row["cells"]["qty"]), text(&row["cells"]["value"])),
        None => ("0".to_owned(), "0".to_owned()),
    }
}

/// Goods in (with a cost) or out, day after day.
fn moved(world: &World, product: &str, day: i32, qty: &str, unit_cost: Option<&str>) -> String {
    let mut line = json!({ "product": product, "qty": qty });
    if let Some(cost) = unit_cost {
        line["unit_cost"] = json!(cost);
    }
    let kind = if unit_cost.is_some() { "receipt" } else { "loss" };
    let body = json!({ "kind": kind, "moved_on": world.day(day), "place": world.place, "lines": [line] });
    let id = world.desk.create("stock_adjustment", body).unwrap();
    world.act("stock_adjustment", &id, "post");
    id
}

#[test]
fn a_002_a_full_credit_note_reverses_revenue_tax_and_tax_report() {
    let Some(case) = case("A-002") else { return };
    on_both(|world| {
        let (asked, wanted) = (&case["input"]["invoice"], &case["expected"]);
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let ten = tax(&world.desk, "0.1", false);
        let lines = json!([
            { "product": product, "qty": "1", "price": asked["taxed_base"], "tax": ten },
            { "product": product, "qty": "1", "price": "20", "tax": tax(&world.desk, "0", false) },
        ]);
        let invoice = drafted(world, json!({ "customer": customer, "lines": lines }));
        same("net", &text(&invoice["net"]), &asked["untaxed"]);
        same("total", &text(&invoice["total"]), &asked["total"]);
        let invoice = text(&invoice["id"]);
        world.act("invoice", &invoice, "post");
        let note = world.made_of("invoice", ("invoice", &invoice), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &note, "post");
        for (used_for, name) in [("receivable", "receivable"), ("sales", "revenue"), ("sales_tax", "tax")] {
            let (debit, credit) = turnover(&world.desk, used_for, &[]);
            same(name, &debit, &wanted["ledger"][name]["debit"]);
            same(name, &credit, &wanted["ledger"][name]["credit"]);
        }
        let tax_id = raw(&world.engine, "tax", &ten);
        let sum = |column: &str, sign: &str| {
            let sql = format!("select abs(sum({column})) from tax_entry where tax = ?1 and {column} {sign} 0");
            kernel::Amount::new(world.number(&sql, &[tax_id.into()])).text(Currency::EUR)
        };
        let report = &wanted["tax_report"];
        for (sign, name) in [("<", 0), (">", 1)] {
            let names = [("invoice_base", "invoice_tax"), ("credit_note_base", "credit_note_tax")][name];
            same(names.0, &sum("base", sign), &report[names.0]);
            same(names.1, &sum("tax_amount", sign), &report[names.1]);
        }
        for id in [&invoice, &note] {
            assert_eq!(world.get("invoice", id)["open_amount"], "0.00", "settled with each other");
        }
        world.verified("A-002");
    });
}

#[test]
fn a_003_a_short_payment_is_written_off_and_an_exact_one_taken_back() {
    let Some(case) = case("A-003") else { return };
    on_both(|world| {
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let none = tax(&world.desk, "0", false);
        let owed = |amount: &Json| {
            let lines = json!([{ "product": product, "qty": "1", "price": amount, "tax": none }]);
            let invoice = text(&drafted(world, json!({ "customer": customer, "lines": lines }))["id"]);
            world.act("invoice", &invoice, "post");
            invoice
        };
        let exact = &case["input"]["exact_pair"];
        let invoice = owed(&exact["receivable_debit"]);
        let payment = world.paid(&invoice, json!({ "amount": exact["cash_receipt"] }));
        assert_eq!(world.get("invoice", &invoice)["open_amount"], "0.00");
        world.act("payment", &payment, "cancel");
        assert_eq!(world.get("invoice", &invoice)["open_amount"], "42.00", "open again");
        world.paid(&invoice, json!({ "amount": exact["cash_receipt"] }));
        let short = &case["input"]["short_pair"];
        let invoice = owed(&short["receivable_debit"]);
        let before = turnover(&world.desk, "write_off", &[]).0;
        let line = json!({ "invoice": invoice, "amount": short["cash_receipt"], "invoice_amount": short["cash_receipt"], "write_off": "3" });
        world.paid(&invoice, json!({ "amount": short["cash_receipt"], "lines": [line] }));
        let wanted = &case["expected"]["short_pair"];
        let written_off = micros(&turnover(&world.desk, "write_off", &[]).0) - micros(&before);
        assert_eq!(written_off, micros(wanted["write_off_entry"][0]["debit"].as_str().unwrap()));
        same("residual", &text(&world.get("invoice", &invoice)["open_amount"]), &wanted["residual"]);
        world.verified("A-003");
    });
}

#[test]
fn a_008_tiny_lines_make_no_phantom_cent() {
    let Some(case) = case("A-008") else { return };
    on_both(|world| {
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let lines = case["input"]["lines"].as_array().unwrap().iter().map(|line| {
            let tax = tax(&world.desk, line["tax_rate"].as_str().unwrap(), false);
            json!({ "product": product, "qty": line["qty"], "price": line["unit_price"], "tax": tax })
        });
        let invoice = drafted(world, json!({ "customer": customer, "lines": lines.collect::<Vec<_>>() }));
        let wanted = &case["expected"];
        for (row, amount) in wanted["line_amounts"].as_array().unwrap().iter().enumerate() {
            same("line", &text(&invoice["lines"][row]["net"]), amount);
        }
        same("untaxed", &text(&invoice["net"]), &wanted["untaxed"]);
        same("total", &text(&invoice["total"]), &wanted["total"]);
    });
}

#[test]
fn a_031_kilograms_and_grams_give_the_same_layers() {
    let Some(case) = case("A-031") else { return };
    on_both(|world| {
        let sql = "select id from unit where company = ?1 and name_en = ?2";
        let find = |name: &str| kernel::id_text("un", world.number(sql, &[world.company.into(), name.into()]));
        let (kilogram, gram) = (find("kg"), find("g"));
        let flour = world.product_with("FLOUR", "fifo", "50", json!({ "unit": kilogram }));
        let customer = world.customer("BLUE", "EUR");
        // Receipts are in the product's own unit: 2000 g at 0.025 are 2 kg at 25.
        moved(world, &flour, -9, "4", Some("10"));
        let mut after = vec![per_unit(world, &flour)];
        moved(world, &flour, -8, "2", Some("25"));
        after.push(per_unit(world, &flour));
        let mut issued = Vec::new();
        for (row, issue) in case["input"]["moves"].as_array().unwrap().iter().skip(2).enumerate() {
            let unit = if issue["uom"] == "g" { &gram } else { &kilogram };
            let before = held(world, &flour);
            let lines = json!([{ "product": flour, "qty": issue["qty"], "unit": unit }]);
            let body = json!({ "customer": customer, "shipped_on": world.day(-7 + row as i32), "place": world.place, "lines": lines });
            let delivery = world.desk.create("delivery", body).unwrap();
            world.act("delivery", &delivery, "ship");
            let now = held(world, &flour);
            let (qty, value) = (micros(&before.0) - micros(&now.0), micros(&before.1) - micros(&now.1));
            issued.push(value * 1_000_000 / qty);
            if now.0 != "0" {
                after.push(per_unit(world, &flour));
            }
        }
        let wanted = &case["expected"];
        let costs = wanted["issue_unit_costs_per_kg"].as_array().unwrap();
        assert_eq!(issued, costs.iter().map(|cost| micros(cost.as_str().unwrap())).collect::<Vec<_>>());
        let names = ["receipt_1", "receipt_2", "issue_1", "last_issue"];
        let told = names.map(|name| micros(wanted["unit_cost_per_kg_after"][name].as_str().unwrap()));
        // After the second issue one of the case's layers is left: that is its last figure.
        assert_eq!((after[0], after[1], after[2], *after.last().unwrap()), told.into());
        world.verified("A-031");
    });
}

fn per_unit(world: &World, product: &str) -> i64 {
    let (qty, value) = held(world, product);
    (i128::from(micros(&value)) * 1_000_000 / i128::from(micros(&qty))) as i64
}

#[test]
fn a_032_a_moving_average_over_four_receipts() {
    let Some(case) = case("A-032") else { return };
    on_both(|world| {
        let product = world.product("P", "average", "300");
        let wanted = case["expected"]["unit_cost_after"].as_array().unwrap();
        for (row, receipt) in case["input"]["moves"].as_array().unwrap().iter().enumerate() {
            let cost = receipt["unit_cost"].as_str().unwrap();
            moved(world, &product, row as i32 - 9, receipt["qty"].as_str().unwrap(), Some(cost));
            let off = (per_unit(world, &product) - micros(wanted[row].as_str().unwrap())).abs();
            assert!(off <= 50, "to four decimals: {off}");
        }
        let wanted = case["expected"]["after_revaluations"].as_array().unwrap();
        for (factor, wanted) in ["0.8", "1.1"].into_iter().zip(wanted) {
            let asked = case["input"]["revalue"].as_array().unwrap().iter();
            assert!(asked.clone().any(|asked| asked.as_str().unwrap().ends_with(factor)), "{asked:?}");
            let cost = per_unit(world, &product) / 10 * micros(factor) / 100_000;
            revalued(world, &product, &kernel::format_decimal(cost, 6, true));
            assert_eq!(per_unit(world, &product), micros(wanted.as_str().unwrap()));
        }
        same("value", &held(world, &product).1, &case["expected"]["stock_value_end"]);
        world.verified("A-032");
    });
}

/// One unit of what is there is worth this much from now on.
fn revalued(world: &World, product: &str, unit_cost: &str) -> String {
    let body = json!({
        "kind": "revaluation", "moved_on": world.day(0), "place": world.place,
        "lines": [{ "product": product, "unit_cost": unit_cost }],
    });
    let id = world.desk.create("stock_adjustment", body).unwrap();
    world.act("stock_adjustment", &id, "post");
    id
}

#[test]
fn a_046_goods_leave_from_the_oldest_layer() {
    let Some(case) = case("A-046") else { return };
    on_both(|world| {
        for index in [0, 1] {
            let product = world.product(&format!("P{index}"), "fifo", "30");
            for (row, step) in case["input"]["cases"][index]["ops"].as_array().unwrap().iter().enumerate() {
                moved(world, &product, row as i32 - 20, step[1].as_str().unwrap(), step[2].as_str());
            }
            let wanted = &case["expected"]["results"][index];
            let (qty, value) = held(world, &product);
            same("qty", &qty, &wanted["qty"]);
            same("value", &value, &wanted["value"]);
        }
        world.verified("A-046");
    });
}

#[test]
fn a_047_standard_cost_and_later_corrections() {
    let Some(case) = case("A-047") else { return };
    on_both(|world| {
        for (index, later) in ["none", "raise", "lower", "standard"].into_iter().enumerate() {
            let more = json!({ "standard_cost": case["input"]["standard_cost"] });
            let product = world.product_with(&format!("P{index}"), "standard", "30", more);
            for (row, step) in case["input"]["base_moves"].as_array().unwrap().iter().enumerate() {
                let cost = (step["kind"] == "receipt").then_some("10");
                moved(world, &product, row as i32 - 20, step["qty"].as_str().unwrap(), cost);
            }
            // A posted receipt stays; what was wrong with it is posted.
            match later {
                "raise" => drop(moved(world, &product, -1, "5", Some("10"))),
                "lower" => drop(moved(world, &product, -1, "5", None)),
                "standard" => {
                    revalued(world, &product, "15");
                    assert_eq!(world.get("product", &product)["standard_cost"], "15");
                }
                _ => {}
            }
            let wanted = &case["expected"]["results"][index];
            let (qty, value) = held(world, &product);
            same(later, &qty, &wanted["qty"]);
            same(later, &value, &wanted["value"]);
        }
        world.verified("A-047");
    });
}

#[test]
fn a_052_what_comes_back_comes_at_what_it_left_with() {
    let Some(case) = case("A-052") else { return };
    on_both(|world| {
        let wanted = &case["expected"]["results"];
        let check = |index: usize, product: &str| {
            let (qty, value) = held(world, product);
            same("qty", &qty, &wanted[index]["qty"]);
            same("value", &value, &wanted[index]["value"]);
        };
        let customer = world.customer("BLUE", "EUR");
        let one = world.product("P0", "fifo", "30");
        moved(world, &one, -9, "10", Some("10"));
        let order = world.confirmed(&customer, &one, "10");
        let delivery = world.shipped(&order, None);
        world.days_pass(1);
        moved(world, &one, 0, "10", Some("20"));
        world.days_pass(1);
        let back = world.made_of("sales_return", ("delivery", &delivery), None, json!({ "received_on": world.day(0) }));
        world.act("sales_return", &back, "receive");
        check(0, &one);
        let two = world.product("P1", "fifo", "30");
        moved(world, &two, -9, "10", Some("10"));
        moved(world, &two, -8, "10", Some("20"));
        moved(world, &two, -7, "2", None);
        check(1, &two);
        let three = world.product("P2", "fifo", "30");
        moved(world, &three, -9, "1", Some("10"));
        moved(world, &three, -8, "1", Some("20"));
        moved(world, &three, -7, "1", None);
        let given_back = moved(world, &three, -6, "1", None);
        world.act("stock_adjustment", &given_back, "cancel");
        check(2, &three);
        world.verified("A-052");
    });
}

/// Net and tax of a line whose price contains the tax.
fn taken_apart(world: &World, currency: &str, price: &str, qty: &str, rate: &str) -> (String, String) {
    let customer = setup::find(&world.engine, world.company, "party", "code", "BUYER").unwrap();
    let customer = customer.unwrap_or_else(|| world.customer("BUYER", "EUR"));
    let product = setup::first(&world.engine, world.company, "product").unwrap().unwrap_or_else(|| service(world));
    let lines = json!([{ "product": product, "qty": qty, "price": price, "tax": tax(&world.desk, rate, true) }]);
    let invoice = drafted(world, json!({ "customer": customer, "currency": currency, "lines": lines }));
    (text(&invoice["net"]), text(&invoice["tax_amount"]))
}

#[test]
fn a_071_and_a_131_a_price_with_its_tax_is_taken_apart_to_the_cent() {
    let (Some(one), Some(two)) = (case("A-071"), case("A-131")) else { return };
    on_both(|world| {
        let cases =
            one["input"]["cases"].as_array().unwrap().iter().zip(one["expected"]["net_tax"].as_array().unwrap());
        // Those with six decimals are of a currency that does not exist.
        for (asked, wanted) in cases.filter(|(asked, _)| asked["decimals"].is_null()) {
            let price = asked["unit_price"].as_str().or(asked["gross"].as_str()).unwrap();
            let qty = asked["qty"].as_str().unwrap_or("1");
            let (net, tax) = taken_apart(world, "EUR", price, qty, asked["rate"].as_str().unwrap());
            same("net", &net, &wanted[0]);
            same("tax", &tax, &wanted[1]);
        }
        let cases =
            two["input"]["gross"].as_array().unwrap().iter().zip(two["expected"]["net_tax"].as_array().unwrap());
        for (asked, wanted) in cases {
            let (net, tax) = taken_apart(world, "EUR", asked[0].as_str().unwrap(), "1", asked[1].as_str().unwrap());
            same("net", &net, &wanted[0]);
            same("tax", &tax, &wanted[1]);
        }
    });
}

#[test]
fn a_078_a_currency_without_decimals_has_none() {
    let Some(case) = case("A-078") else { return };
    on_both(|world| {
        let lines = case["input"]["lines"].as_array().unwrap().iter();
        for (price, wanted) in lines.zip(case["expected"]["net_tax"].as_array().unwrap()) {
            let (net, tax) = taken_apart(world, "JPY", price.as_str().unwrap(), "1", "0.19");
            assert_eq!((json!(net), json!(tax)), (wanted[0].clone(), wanted[1].clone()));
        }
    });
}

#[test]
fn a_062_the_average_knows_no_lots() {
    let Some(case) = case("A-062") else { return };
    on_both(|world| {
        let left = |name: &str, lots: &Json, out: &Json| {
            let product = world.product(name, "average", "10");
            for (day, lot) in (-9..).zip(lots.as_array().unwrap()) {
                moved(world, &product, day, lot[0].as_str().unwrap(), Some(lot[1].as_str().unwrap()));
            }
            moved(world, &product, 0, out.as_str().unwrap(), None);
            let (qty, value) = held(world, &product);
            json!([qty, micros(&value) / (micros(&qty) / 1_000_000)])
        };
        let wanted = |lot: &Json| json!([lot[0], micros(lot[1].as_str().unwrap())]);
        let (asked, expected) = (&case["input"], &case["expected"]);
        assert_eq!(left("A", &asked["a"]["lots"], &asked["a"]["reduce"]), wanted(&expected["a"]["remaining"]));
        for at in 0..2 {
            let out = &asked["b"]["reduce"][at];
            assert_eq!(left(&format!("B{at}"), &asked["b"]["lots"], out), wanted(&expected["b"]["remaining"][at]));
        }
        world.verified("A-062");
    });
}

#[test]
fn a_101_a_foreign_invoice_paid_at_another_rate_gains_the_difference() {
    let Some(case) = case("A-101") else { return };
    on_both(|world| {
        let plan = Plan {
            name: "Dollar Inc.",
            currency: Currency::USD,
            chart: "ifrs_generic",
            country: "US",
            ..Plan::default()
        };
        let company = setup::company(&world.engine, &plan).unwrap();
        let desk = world.desk.of(company);
        // The case quotes EUR for one USD; ours is the company's currency for one of the other.
        for (on, rate) in [(world.day(0), "0.833333"), (world.day(1), "0.909091")] {
            desk.create("currency_rate", json!({ "currency": "EUR", "valid_on": on, "rate": rate })).unwrap();
        }
        let customer =
            desk.create("party", json!({ "code": "C", "name": "C", "is_customer": true, "currency": "EUR" })).unwrap();
        let unit = setup::first(&world.engine, company, "unit").unwrap();
        let category = desk.create("product_category", json!({ "name": "S", "cost_method": "average" })).unwrap();
        let product = json!({ "code": "S", "name": "S", "kind": "service", "category": category, "unit": unit, "sales_price": "1" });
        let product = desk.create("product", product).unwrap();
        let lines = json!([{ "product": product, "qty": "1", "price": case["input"]["invoice_eur"], "tax": tax(&desk, "0", false) }]);
        let invoice = json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(0), "lines": lines });
        let invoice = desk.create("invoice", invoice).unwrap();
        desk.act("invoice", &invoice, "post", json!({})).unwrap();
        let wanted = &case["expected"];
        same("receivable", &turnover(&desk, "receivable", &[]).0, &wanted["receivable_usd"]);
        world.days_pass(1);
        let mut body = Json::Object(desk.prefilled("payment", ("invoice", &invoice)).unwrap());
        body.as_object_mut().unwrap().remove("rate");
        merge(&mut body, json!({ "paid_on": world.day(0) }));
        let payment = desk.create("payment", body).unwrap();
        desk.act("payment", &payment, "post", json!({})).unwrap();
        same("cash", &turnover(&desk, "bank", &[]).0, &wanted["cash_usd"]);
        same("gain", &turnover(&desk, "exchange_gain", &[]).1, &wanted["exchange_gain"]);
        let (debit, credit) = turnover(&desk, "receivable", &[]);
        assert_eq!(debit, credit);
        world.verified("A-101");
    });
}

#[test]
fn a_116_an_invoice_is_due_when_its_terms_say() {
    let Some(case) = case("A-116") else { return };
    on_both(|world| {
        let (customer, product) = (world.customer("BLUE", "EUR"), service(world));
        let invoices = case["input"]["invoices"].as_array().unwrap().iter();
        for (asked, wanted) in invoices.zip(case["expected"]["due_dates"].as_array().unwrap()) {
            let name = asked["term"].as_str().unwrap();
            let mut line = case["input"]["terms"][name].clone();
            line["share_rate"] = json!("1");
            let term = world.desk.create("payment_term", json!({ "name": name, "lines": [line] })).unwrap();
            let lines = json!([{ "product": product, "qty": "1", "price": "10" }]);
            let body =
                json!({ "customer": customer, "issued_on": asked["invoice_date"], "terms": term, "lines": lines });
            assert_eq!(drafted(world, body)["due_on"], *wanted, "{name}");
        }
    });
}

#[test]
fn a_121_income_and_cash_of_one_year_and_of_two() {
    let Some(case) = case("A-121") else { return };
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let find = |code: &str| setup::find(&world.engine, world.company, "account", "code", code).unwrap().unwrap();
        let account = |name: &str| match name {
            "assets:receivables" => find("1200"),
            "assets:checking" => world.bank.clone(),
            "revenue:clients:A" => find("4000"),
            "revenue:clients:B" => find("4100"),
            _ => find("6390"),
        };
        for entry in case["input"]["entries"].as_array().unwrap() {
            let lines = entry["lines"].as_array().unwrap().iter().map(|line| {
                let name = line["account"].as_str().unwrap();
                let mut ours = line.clone();
                ours["account"] = json!(account(name));
                if name == "assets:receivables" {
                    ours["party"] = json!(customer);
                }
                ours
            });
            let body = json!({ "posted_on": entry["date"], "journal": "general", "lines": lines.collect::<Vec<_>>() });
            let id = world.desk.create("journal_entry", body).unwrap();
            world.act("journal_entry", &id, "post");
        }
        let wanted = &case["expected"];
        for (from, income, cash) in
            [("2016-01-01", "income_2016", "cash_flow_2016"), ("2015-01-01", "income_2015_2016", "cash_flow_2015_2016")]
        {
            let days = [("from", from), ("as_of", "2016-12-31")];
            let report = world.report("income_statement", &days);
            let rows = report["rows"].as_array().unwrap();
            let amount = |name: &str| {
                let row = rows.iter().find(|row| row["cells"]["account"] == name).unwrap();
                text(&row["cells"]["amount"])
            };
            same("revenue", &amount("Revenue"), &wanted[income]["revenue"]);
            same("expenses", &amount("Other operating expenses"), &wanted[income]["expenses"]);
            same("net", &text(&rows.last().unwrap()["cells"]["amount"]), &wanted[income]["net"]);
            let (debit, credit) = turnover(&world.desk, "bank", &days);
            assert_eq!(micros(&debit) - micros(&credit), micros(wanted[cash].as_str().unwrap()));
        }
        world.verified("A-121");
    });
}

#[test]
fn a_revaluation_taken_back_and_goods_received_late_leave_the_books_in_order() {
    on_both(|world| {
        let product = world.product("P", "fifo", "300");
        moved(world, &product, -9, "2", Some("10"));
        moved(world, &product, -8, "2", Some("20"));
        let up = revalued(world, &product, "30");
        same("value", &held(world, &product).1, &json!("120"));
        world.verified("worth more");
        // Received late, dated before: worth what it cost; the revaluation keeps its amount.
        moved(world, &product, -5, "1", Some("40"));
        same("value", &held(world, &product).1, &json!("160"));
        world.verified("received late");
        // Goods leave at what they are worth now; later the revaluation is taken back.
        moved(world, &product, 0, "2", None);
        world.act("stock_adjustment", &up, "cancel");
        same("value", &held(world, &product).1, &json!("80"));
        world.verified("taken back");
        let early = json!({
            "kind": "revaluation", "moved_on": world.day(-3), "place": world.place,
            "lines": [{ "product": product, "unit_cost": "1" }],
        });
        let early = world.desk.create("stock_adjustment", early).unwrap();
        let refused = world.refused("stock_adjustment", &early, "post");
        assert_eq!((refused.code, refused.field.as_str()), ("later_moves", "moved_on"));
    });
}
