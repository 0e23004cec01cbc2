//! Reads: the time within which 95 of 100 are answered, beside the SQL that gives the same figures.

use std::collections::BTreeMap;

use meta::{Filter, ListQuery, Sort, Trouble};

use super::{BEYOND, World, line, order, seconds};

/// How many parties the list is taken from.
const PARTIES: usize = 1_000_000;
/// How often a read is repeated.
const TIMES: usize = 100;

/// A page of a long list.
pub fn of_a_million(world: &World) -> Result<(), Trouble> {
    let engine = &world.engine;
    world.begin("a million parties", 1);
    parties(world)?;
    let actor = engine.system(world.company)?;
    let filter = Filter::parse_text(r#"["and",["country","=","DE"],["is_customer","=",true]]"#)?;
    let sort = vec![Sort { field: "name".to_owned(), descending: false }];
    let query = ListQuery { filter, sort, limit: 80, ..ListQuery::default() };
    let plain =
        "select id, code, name from party where company = ?1 and country = 'DE' and is_customer = 1 and active = 1
        order by name, id limit 80";
    let plain = match engine.database().dialect() {
        store::Dialect::Postgres => plain.to_owned(),
        store::Dialect::Sqlite => plain.replace("true", "1"),
    };
    told(world, "list page of 80 of 1,000,000, filtered (ms)", &[plain], || {
        engine.list(&actor, "party", &query).map(|_| ())
    })
}

/// Figures of the books, and an order that asks for them while it is typed.
pub fn of_the_books(world: &World) -> Result<(), Trouble> {
    let engine = &world.engine;
    let rows = engine.database().read(|conn| {
        let sql = "select (select count(*) from entry_line) + (select count(*) from stock_move)";
        Ok(conn.query(sql, &[])?[0].int(0))
    })?;
    world.print(&format!("after {rows} movements of money and goods:"));
    let actor = engine.system(world.company)?;
    let typed = order(world, 1);
    let typed = typed.as_object().expect("an object");
    let products: Vec<String> = typed["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| record_id(line["product"].as_str().expect("a product")).to_string())
        .collect();
    let products = products.join(", ");
    let exposure =
        format!("select sum(amount) from exposure where company = ?1 and party = {}", record_id(&world.customer));
    let plain = [
        format!("select id, code, name, sales_price, unit from product where company = ?1 and id in ({products})"),
        format!(
            "select product, sum(on_hand - reserved) from stock_balance where company = ?1 and product in ({products}) group by product"
        ),
        format!(
            "select code, name, credit_limit from party where company = ?1 and id = {}",
            record_id(&world.customer)
        ),
        exposure.clone(),
    ];
    told(world, "order of 5 lines typed: price, tax, stock, credit (ms)", &plain, || {
        engine.preview(&actor, "sales_order", typed).map(|_| ())
    })?;
    let mut customer = typed.clone();
    customer.remove("lines");
    told(world, "credit exposure of a customer, on an order (ms)", &[exposure], || {
        engine.preview(&actor, "sales_order", &customer).map(|_| ())
    })?;
    let balances =
        "select account, sum(debit), sum(credit) from balance where company = ?1 and grain = 'm' group by account";
    let goods = "select product, place, on_hand, reserved from stock_balance where company = ?1";
    for (name, work, plain) in [
        ("trial_balance", "trial balance (ms)", balances),
        ("balance_sheet", "balance sheet (ms)", balances),
        ("stock_on_hand", "stock on hand (ms)", goods),
    ] {
        told(world, work, &[plain.to_owned()], || engine.report(&actor, name, &BTreeMap::new()).map(|_| ()))?;
    }
    Ok(())
}

/// The number within the id of a record that this bench made itself.
fn record_id(text: &str) -> i64 {
    kernel::id_prefix(text).and_then(|prefix| kernel::id_parse(prefix, text)).expect("an id")
}

/// Measures both, and prints them.
fn told(
    world: &World,
    work: &str,
    plain: &[String],
    mut ours: impl FnMut() -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    ours()?;
    world.begin(work, 2 * TIMES);
    // The bar is drawn between two measures, never within one.
    let timed = |work: &mut dyn FnMut() -> Result<(), Trouble>| {
        let times = (0..TIMES).map(|_| {
            let taken = seconds(&mut *work);
            world.bar.inc(1);
            taken
        });
        times.collect::<Result<_, _>>().map(most)
    };
    let ours = timed(&mut ours)?;
    let plain = timed(&mut || {
        world.engine.database().read(|conn| {
            plain.iter().try_for_each(|sql| conn.query(sql, &[world.company.into()]).map(|_| ()))?;
            Ok(())
        })
    })?;
    line(world, work, ours, plain, plain / ours);
    Ok(())
}

/// The time within which 95 of 100 were done, in milliseconds.
fn most(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() * 95 / 100] * 1000.0
}

/// Many parties beside the customer, as copies of it with names and countries of their own.
fn parties(world: &World) -> Result<(), Trouble> {
    let table = crate::migrations::tables().into_iter().find(|table| table.name == "party");
    let columns: Vec<String> = table.into_iter().flat_map(|table| table.columns).map(|column| column.name).collect();
    let id = format!("{BEYOND} + n.i");
    let values: Vec<&str> = columns
        .iter()
        .map(|column| match column.as_str() {
            "id" => &id,
            "code" => "'B' || n.i",
            "name" => "'Party ' || (n.i * 7919 % 1000003)",
            "country" => "case when n.i % 3 = 0 then 'DE' else 'NL' end",
            "external_id" => "null",
            other => other,
        })
        .collect();
    let quoted: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let sql = format!(
        "insert into party ({}) with recursive n (i) as (select cast(1 as bigint) union all select i + 1 from n where i < {PARTIES})
         select {} from n, party where party.code = 'C1' and party.company = ?1",
        quoted.join(", "),
        values.join(", ")
    );
    let company = world.company;
    world.engine.database().write(move |conn| Ok(conn.execute(&sql, &[company.into()]).map(|_| ())?))?;
    world.engine.database().write(|conn| match conn.dialect() {
        store::Dialect::Postgres => Ok(conn.execute("analyze party", &[]).map(|_| ())?),
        store::Dialect::Sqlite => Ok(()),
    })
}
