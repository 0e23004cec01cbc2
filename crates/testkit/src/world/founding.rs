//! How the world begins: two companies with people, masters and rates.

use std::sync::Arc;

use app::driver::Driver;
use app::setup::{self, Plan};
use engine::Engine;
use kernel::{Currency, id_text};
use meta::{Row, Trouble, Value};
use serde_json::{Value as Json, json};

use super::{Firm, rows};

/// Millionths of company currency for one unit.
pub(super) fn rate(own: &str, other: &str) -> u64 {
    let in_yuan = |currency: &str| match currency {
        "EUR" => 7_800_000_u64,
        "USD" => 7_100_000,
        "JPY" => 48_000,
        _ => 1_000_000,
    };
    in_yuan(other) * 1_000_000 / in_yuan(own)
}

/// Sets up both companies.
pub(super) fn found(engine: &Arc<Engine>) -> Result<(), Trouble> {
    let cny = Plan {
        name: "合一 One",
        currency: Currency::CNY,
        chart: "small_business_cn",
        country: "CN",
        time_zone: "UTC",
        ..Plan::default()
    };
    let eur = Plan {
        name: "Two GmbH",
        currency: Currency::EUR,
        chart: "ifrs_generic",
        country: "DE",
        time_zone: "UTC",
        ..Plan::default()
    };
    let ids = [setup::company(engine, &cny)?, setup::company(engine, &eur)?];
    for (login, role) in [("boss", "manager"), ("rep", "sales_rep"), ("store", "warehouse"), ("books", "accountant")] {
        setup::user(engine, login, login, "a long password", &[role], "en")?;
    }
    for (number, id) in ids.into_iter().enumerate() {
        masters(engine, id, number)?;
    }
    Ok(())
}

pub(super) fn masters(engine: &Arc<Engine>, company: i64, number: usize) -> Result<(), Trouble> {
    let desk = Driver::system(engine, company)?;
    let own = if number == 0 { "CNY" } else { "EUR" };
    for other in ["CNY", "EUR", "USD", "JPY"].iter().filter(|other| **other != own) {
        let rate = rate(own, other);
        let rate = format!("{}.{:06}", rate / 1_000_000, rate % 1_000_000);
        desk.create("currency_rate", json!({ "currency": other, "valid_on": "2025-01-01", "rate": rate }))?;
    }
    // One counts by month and by day, the other as usual.
    if number == 1 {
        for (entity, pattern) in
            [("invoice", "{year}{month}-{seq:04}"), ("sales_order", "{year2}{month}{day}-{seq:02}")]
        {
            desk.create("number_series", json!({ "entity": entity, "pattern": pattern }))?;
        }
        desk.create("number_series", json!({ "entity": "payment", "kind": "out", "pattern": "OUT-{seq:03}" }))?;
    }
    if number == 1 {
        let allowed = json!({ "over_delivery": "0.15", "over_invoicing": "0.05" });
        desk.change("company", &id_text("co", company), allowed)?;
    }
    let tax = setup::default_tax(engine, company)?;
    let unit = setup::find(engine, company, "unit", "name", "件")?.or(setup::first(engine, company, "unit")?);
    // One of them sells pieces by the fraction, as a company does whose units were made before they could be whole.
    if let (0, Some(piece)) = (number, &unit) {
        desk.change("unit", piece, json!({ "whole": false }))?;
    }
    // What a dozen holds of some products is not what it holds elsewhere.
    let dozen = rows(
        engine,
        "select d.id from unit d join unit o on o.category = d.category and o.company = d.company
         where d.company = ?1 and o.name = '件' and d.id <> o.id order by d.id limit 1",
        &[company.into()],
    );
    let mut categories = Vec::new();
    for method in ["fifo", "average", "standard"] {
        let body = json!({ "name": format!("{method} {number}"), "cost_method": method, "sales_tax": tax });
        categories.push(desk.create("product_category", body)?);
    }
    for index in 0..9 {
        let own = dozen.first().filter(|_| index % 3 == 0);
        let own = own.map(|row| json!({ "unit": id_text("un", row.int(0)), "numerator": 7 + index, "denominator": 4 }));
        // Of some, more may leave or be invoiced than was ordered, of others not even what the company allows.
        let over = ["0.2", "0"].get(index % 4);
        let body = json!({
            "units": own.into_iter().collect::<Vec<_>>(), "over_delivery": over, "over_invoicing": over,
            "code": format!("P{number}{index}"), "name": format!("thing {index}"), "kind": "stocked", "category": categories[index % 3],
            "unit": unit, "sales_price": format!("{}.5", 20 + 13 * index), "sales_tax": tax,
            "standard_cost": format!("{}.123", 5 + 3 * index),
        });
        desk.create("product", body)?;
    }
    for index in 0..2 {
        let body = json!({ "code": format!("S{number}{index}"), "name": "work", "kind": "service", "category": categories[0],
            "unit": unit, "sales_price": "88", "sales_tax": tax });
        desk.create("product", body)?;
    }
    let terms: Vec<String> =
        rows(engine, "select id from payment_term where company = ?1 order by id", &[company.into()])
            .iter()
            .map(|row| id_text("pt", row.int(0)))
            .collect();
    // Some customers pay with coins; one of them by terms that let off an amount.
    for (method, strategy) in [("half_up", "extra_line"), ("half_even", "biggest_tax"), ("down", "extra_line")] {
        let body = json!({ "name": format!("coins {method}"), "currency": if method == "down" { "CNY" } else { "EUR" },
            "coin": if method == "half_even" { "1" } else { "0.05" }, "method": method, "strategy": strategy });
        desk.create("cash_rounding", body)?;
    }
    let coins = setup::find(engine, company, "cash_rounding", "name", "coins half_up")?;
    let body = json!({ "name": "coins in ten days", "cash_rounding": coins, "discount_amount": "15", "discount_currency": "EUR",
        "discount_days": 10, "discount_of": "mixed", "lines": [{ "share_rate": "1", "days": 20 }] });
    let by_coins = desk.create("payment_term", body)?;
    let mut parent = None;
    for (index, currency) in ["CNY", "EUR", "USD", "JPY", "EUR", "CNY"].iter().enumerate() {
        let mut body = json!({ "code": format!("C{number}{index}"), "name": format!("customer {index}"), "is_customer": true,
            "currency": currency, "terms": terms.get(index % (terms.len() + 1)) });
        if index == 4 {
            body["terms"] = json!(by_coins);
        }
        if index == 5 {
            body["parent"] = json!(parent);
        }
        if index == 1 {
            body["credit_limit"] = json!("90000");
        }
        let id = desk.create("party", body)?;
        parent = parent.or(Some(id));
    }
    dimensions(&desk)?;
    let place = setup::stock_place(engine, company)?;
    desk.create("place", json!({ "code": format!("B{number}"), "name": "second", "kind": "stock" }))?;
    let products =
        rows(engine, "select id from product where company = ?1 and kind = 'stocked' order by id", &[company.into()]);
    let lines: Vec<Json> = products
        .iter()
        .enumerate()
        .map(|(index, row)| json!({ "product": id_text("pr", row.int(0)), "qty": "200", "unit_cost": format!("{}.37", 4 + index) }))
        .collect();
    let body = json!({ "kind": "opening", "place": place, "moved_on": "2025-12-31", "lines": lines });
    let id = desk.create("stock_adjustment", body)?;
    desk.act("stock_adjustment", &id, "post", json!({}))?;
    Ok(())
}

/// Two axes, and three sets of their values: one of them split in parts that do not divide evenly.
fn dimensions(desk: &Driver) -> Result<(), Trouble> {
    let mut values = Vec::new();
    for (axis, codes) in [("CC", ["A", "B", "C"]), ("PR", ["X", "Y", "Z"])] {
        let dimension = desk.create("dimension", json!({ "code": axis, "name": axis }))?;
        for code in codes {
            values.push(desk.create("dimension_value", json!({ "dimension": dimension, "code": code, "name": code }))?);
        }
    }
    let part = |at: usize, share: &str| json!({ "value": values[at], "share": share });
    for parts in [
        vec![part(0, "1")],
        vec![part(0, "0.333333"), part(1, "0.333333"), part(2, "0.333334"), part(3, "1")],
        vec![part(2, "1"), part(4, "0.07"), part(5, "0.93")],
    ] {
        desk.create("dimension_set", json!({ "parts": parts }))?;
    }
    Ok(())
}

pub(super) fn firm(engine: &Arc<Engine>, company: i64) -> Result<Firm, Trouble> {
    // A line that is cut meanwhile is no firm without customers: who reads tries again.
    let asked = |sql: &str, args: &[Value]| -> Result<Vec<Row>, Trouble> {
        engine.database().read(|conn| Ok(conn.query(sql, args)?))
    };
    let read = |sql: &str| asked(sql, &[company.into()]);
    let ids = |prefix: &str, sql: &str| -> Result<Vec<String>, Trouble> {
        Ok(read(sql)?.iter().map(|row| id_text(prefix, row.int(0))).collect())
    };
    let mut people = vec![engine.system(company)?];
    for row in asked("select id from \"user\" order by id", &[])? {
        people.push(engine.actor(row.int(0), Some(company), None)?);
    }
    let parties = read("select id, currency from party where company = ?1 order by id")?;
    let units = ids(
        "un",
        "select u.id from unit u join unit b on b.category = u.category and b.company = u.company
         where u.company = ?1 and u.id <> b.id and b.id = (select min(unit) from product where company = ?1) order by u.id",
    )?;
    Ok(Firm {
        id: company,
        currency: people[0].currency.code().to_owned(),
        products: ids("pr", "select id from product where company = ?1 and kind = 'stocked' order by id")?,
        services: ids("pr", "select id from product where company = ?1 and kind = 'service' order by id")?,
        parties: parties.iter().map(|row| (id_text("pa", row.int(0)), row.text(1).to_owned())).collect(),
        places: ids("wp", "select id from place where company = ?1 and kind = 'stock' order by id")?,
        bank: setup::account(engine, company, "bank")?,
        expense: setup::expense_account(engine, company)?.unwrap_or_default(),
        receivable: setup::account(engine, company, "receivable")?,
        taxes: ids("tx", "select id from tax where company = ?1 order by id")?,
        roundings: ids("cr", "select id from cash_rounding where company = ?1 order by id")?,
        other_unit: units.first().cloned(),
        sets: ids("ds", "select id from dimension_set where company = ?1 order by id")?,
        people,
    })
}
