//! What documents say of themselves, compared with what was done.

use std::collections::{BTreeMap, BTreeSet};

use engine::Engine;
use meta::{Cell, Row, Trouble, Value};
use store::Conn;

use crate::auditor::{Books, Finding, big, read};

type Found<'a> = &'a mut Vec<Finding>;

/// Compares all documents with the books.
pub(crate) fn check(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    control_accounts(conn, books, found)?;
    stock_accounts(conn, books, found)?;
    invoices(conn, books, found)?;
    payments(conn, books, found)?;
    lines(conn, books, found)?;
    orders(conn, books, found)?;
    allowances(conn, found)?;
    discounts(conn, found)?;
    units(conn, found)?;
    undone(conn, books, found)?;
    debtors(conn, books, found)?;
    numbers(conn, books, found)
}

fn control_accounts(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let rows = conn.query(
        "select id, company from account where used_for in ('receivable', 'payable', 'advance_received', 'advance_paid')",
        &[],
    )?;
    for row in rows {
        let key = (row.int(1), row.int(0));
        let open: i128 =
            books.items.values().filter(|item| (item.company, item.account) == key).map(|item| item.open).sum();
        let balance = books.accounts.get(&key).copied().unwrap_or(0);
        if open != balance {
            found.push(format!("account {} of company {}: balance {balance}, open items {open}", key.1, key.0));
        }
    }
    Ok(())
}

/// Stock accounts are moved by stock only here, so their balance is the value of the goods.
fn stock_accounts(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let mut sums: BTreeMap<i64, i128> = BTreeMap::new();
    for row in conn.query("select id, company from account where used_for = 'stock'", &[])? {
        let balance = books.accounts.get(&(row.int(1), row.int(0))).copied().unwrap_or(0);
        *sums.entry(row.int(1)).or_default() += balance;
    }
    for (company, balance) in sums {
        let worth = books.stock_posted.get(&company).copied().unwrap_or(0);
        if worth != balance {
            found.push(format!("stock of company {company} is worth {worth}, its account says {balance}"));
        }
    }
    Ok(())
}

fn open_of(books: &Books, entity: &str) -> BTreeMap<i64, i128> {
    let mut open: BTreeMap<i64, i128> = BTreeMap::new();
    for item in books.items.values().filter(|item| item.doc.0 == entity) {
        *open.entry(item.doc.1).or_default() += item.open_currency;
    }
    open
}

fn state(whole: i128, open: i128) -> &'static str {
    match open {
        0 => "full",
        _ if open == whole => "none",
        _ => "partial",
    }
}

fn invoices(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let open = open_of(books, "invoice");
    let rows = conn.query(
        "select i.id, i.kind, i.stage, i.total, i.open_amount, i.payment_state, i.net, i.tax_amount,
                coalesce(i.rounding_amount, 0), (select sum(l.total) from invoice_line l where l.parent = i.id), r.coin, coalesce(r.strategy, '')
         from invoice i left join cash_rounding r on r.id = i.cash_rounding order by i.id",
        &[],
    )?;
    for row in rows {
        let id = row.int(0);
        let total = if row.text(1) == "credit_note" { -big(&row, 3) } else { big(&row, 3) };
        let (left, kept) = (open.get(&id).copied().unwrap_or(0), big(&row, 4));
        let expected = if row.text(2) == "posted" { state(total, left) } else { "none" };
        if left != kept || row.text(5) != expected {
            found.push(format!(
                "invoice {id} ({} {}) of {total}: says {kept} open, {}; items leave {left}, {expected}",
                row.text(1),
                row.text(2),
                row.text(5)
            ));
        }
        if big(&row, 6) + big(&row, 7) + big(&row, 8) != big(&row, 3) {
            found.push(format!("invoice {id}: net, tax and rounding are not its total"));
        }
        if big(&row, 9) + big(&row, 8) != big(&row, 3) {
            found.push(format!("invoice {id}: its lines and its rounding are not its total"));
        }
        let coin = row.maybe_int(10).map_or(1, i128::from);
        if big(&row, 3) % coin != 0 || coin <= big(&row, 8).abs() {
            found.push(format!("invoice {id}: {} is not paid with coins of {coin}, or rounded too far", big(&row, 3)));
        }
        let carried = row.text(11) == "biggest_tax" && big(&row, 7) != 0;
        if big(&row, 8) != 0 && carried {
            found.push(format!("invoice {id} has a line for what its tax was to carry"));
        }
        let taxed = books.taxes.get(&("invoice".to_owned(), id)).copied().unwrap_or_default();
        if row.text(2) != "posted" && taxed != (0, 0) {
            found.push(format!("invoice {id} is {} and has taxes of {taxed:?}", row.text(2)));
        }
    }
    Ok(())
}

fn payments(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let open = open_of(books, "payment");
    for row in conn.query("select id, stage, unallocated, direction from payment order by id", &[])? {
        let left = open.get(&row.int(0)).copied().unwrap_or(0);
        let sign = if row.text(3) == "in" { -1 } else { 1 };
        let expected = if row.text(1) == "posted" { sign * big(&row, 2) } else { 0 };
        if left != expected {
            found.push(format!("payment {} ({}) says {expected} is left, items {left}", row.int(0), row.text(1)));
        }
    }
    Ok(())
}

/// How far lines are done, counted from the documents that do it.
fn lines(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let done = "p.stage = 'done'";
    let invoiced = "case when p.kind = 'credit_note' then -l.qty else l.qty end";
    let let_off = "case when p.kind = 'credit_note' then -l.discount_share else l.discount_share end";
    let measures = [
        ("sales_order", "delivered_qty", "delivery", "order_line", "l.qty", done),
        ("sales_order", "invoiced_qty", "invoice", "order_line", invoiced, "p.stage = 'posted'"),
        ("sales_order", "returned_qty", "sales_return", "order_line", "l.qty", done),
        ("delivery", "returned_qty", "sales_return", "delivery_line", "l.qty", done),
        ("delivery", "invoiced_qty", "invoice", "delivery_line", invoiced, "p.stage = 'posted'"),
        ("invoice", "credited_qty", "invoice", "credited_line", "l.qty", "p.stage = 'posted'"),
        ("sales_return", "credited_qty", "invoice", "return_line", "l.qty", "p.stage = 'posted'"),
        ("sales_order", "invoiced_discount", "invoice", "order_line", let_off, "p.stage = 'posted'"),
        ("invoice", "credited_discount", "invoice", "credited_line", "l.discount_share", "p.stage = 'posted'"),
    ];
    for (entity, field, by, names, amount, when) in measures {
        let sql = format!(
            "select l.{names}, {amount} from {by}_line l join {by} p on p.id = l.parent where l.{names} is not null and {when}"
        );
        let mut own: BTreeMap<i64, i128> = BTreeMap::new();
        for row in conn.query(&sql, &[])? {
            *own.entry(row.int(0)).or_default() += big(&row, 1);
        }
        // What went out beyond the order comes back as well.
        let bound = if (entity, field) == ("sales_order", "returned_qty") { "delivered_qty" } else { "qty" };
        for row in conn.query(&format!("select id, coalesce({field}, 0), {bound}, parent from {entity}_line"), &[])? {
            let id = row.int(0);
            let expected = own.remove(&id).unwrap_or(0);
            let rows = books.progress.get(&(entity.to_owned(), id, field.to_owned())).copied().unwrap_or(0);
            if big(&row, 1) != expected || rows != expected {
                found.push(format!(
                    "{field} of {entity} {} line {id}: says {}, progress {rows}, documents {expected}",
                    row.int(3),
                    big(&row, 1)
                ));
            }
            // A discount may be below nothing, on a line that takes something off.
            if field.ends_with("_discount") {
                continue;
            }
            // How far orders may be exceeded is looked at by itself.
            let may_exceed = field == "invoiced_qty" || field == "delivered_qty";
            if expected < 0 || (!may_exceed && big(&row, 2) < expected) {
                found.push(format!("{field} of {entity} line {id} is {expected} of {}", big(&row, 2)));
            }
        }
    }
    Ok(())
}

fn fulfilment(parts: &[(i128, i128)]) -> &'static str {
    let begun = parts.iter().any(|(done, _)| *done != 0);
    match begun && parts.iter().all(|(done, whole)| whole <= done) {
        true => "full",
        false if begun => "partial",
        false => "none",
    }
}

/// What a line takes of credit is what is open of it: to come of what was ordered, and kept without an invoice. What
/// another currency is worth follows its rate, so there only nothing is looked at.
fn credit(books: &Books, line: &Row, stage: &str, is_own_currency: bool, found: Found) {
    let (qty, delivered, invoiced, returned) = (big(line, 2), big(line, 3), big(line, 4), big(line, 5));
    let mut open = 0;
    if stage == "confirmed" {
        open += (qty - delivered.max(invoiced)).max(0);
    }
    if stage == "confirmed" || stage == "done" {
        open += (delivered - returned - invoiced).max(0);
    }
    let taken = books.committed_line.get(&line.int(1)).copied().unwrap_or(0);
    let far = (taken * qty - big(line, 9) * open).abs();
    if (open == 0 && taken != 0) || (is_own_currency && qty < far) {
        found.push(format!("order line {} ({stage}) takes {taken} of credit: {open} of {qty} are open", line.int(1)));
    }
}

fn orders(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let mut of: BTreeMap<i64, Vec<Row>> = BTreeMap::new();
    let rows = conn.query(
        "select parent, id, qty, coalesce(delivered_qty, 0), coalesce(invoiced_qty, 0), coalesce(returned_qty, 0),
                coalesce(paid_amount, 0), stocked, product_qty, total_base from sales_order_line order by id",
        &[],
    )?;
    for row in rows {
        of.entry(row.int(0)).or_default().push(row);
    }
    let orders = conn.query(
        "select o.id, o.stage, o.total, o.delivery_state, o.invoice_state, o.payment_state,
                case when o.currency = c.currency then 1 else 0 end
         from sales_order o join company c on c.id = o.company order by o.id",
        &[],
    )?;
    for order in orders {
        let (id, stage) = (order.int(0), order.text(1));
        let lines = of.remove(&id).unwrap_or_default();
        let pairs = |pair: &dyn Fn(&Row) -> (i128, i128)| lines.iter().map(pair).collect::<Vec<_>>();
        let goods =
            lines.iter().filter(|row| row.int(7) == 1).map(|row| (big(row, 3), big(row, 2))).collect::<Vec<_>>();
        let due = pairs(&|row| (big(row, 4), (big(row, 2).max(big(row, 3)) - big(row, 5)).max(0)));
        let paid: i128 = lines.iter().map(|row| big(row, 6)).sum();
        // Services are not delivered.
        let delivered = if goods.is_empty() && !lines.is_empty() { "nothing" } else { fulfilment(&goods) };
        // What came back before it was invoiced is invoiced by nobody.
        let idle = |row: &Row| big(row, 5) > 0 && big(row, 4) == 0 && big(row, 2).max(big(row, 3)) <= big(row, 5);
        let invoiced = if !lines.is_empty() && lines.iter().all(idle) { "nothing" } else { fulfilment(&due) };
        let own = [delivered, invoiced, fulfilment(&[(paid, big(&order, 2))])];
        let says = [order.text(3), order.text(4), order.text(5)];
        if own != says {
            found.push(format!("order {id} ({stage}) says {says:?}, its lines {own:?}"));
        }
        for line in &lines {
            let (line_id, qty) = (line.int(1), big(line, 2));
            credit(books, line, stage, order.int(6) == 1, found);
            let left = (qty - big(line, 3)).max(0);
            let promised = books.promised_line.get(&line_id).copied().unwrap_or(0);
            let expected = match stage == "confirmed" && line.int(7) == 1 && left > 0 {
                true => crate::replay::rounded(big(line, 8) * left, qty),
                false => 0,
            };
            // Parts of another unit are rounded, the last takes the rest.
            let allowed = if left > 0 && left < qty { 2 } else { 0 };
            if (promised - expected).abs() > allowed {
                found
                    .push(format!("order {id} ({stage}) line {line_id}: {promised} are promised, {expected} are owed"));
            }
            let committed = books.ordered_line.get(&line_id).copied().unwrap_or(0);
            if stage != "confirmed" && committed != 0 && stage != "done" {
                found.push(format!("order {id} ({stage}) line {line_id}: {committed} are still committed"));
            }
        }
    }
    Ok(())
}

/// No more is delivered or invoiced than what was ordered and the allowance of the product or, where it has
/// none, of the company; but what was delivered may be invoiced.
fn allowances(conn: &dyn Conn, found: Found) -> Result<(), Trouble> {
    let rows = conn.query(
        "select l.id, l.qty, coalesce(l.delivered_qty, 0), coalesce(l.invoiced_qty, 0),
           p.over_delivery, c.over_delivery, p.over_invoicing, c.over_invoicing
         from sales_order_line l
         join sales_order o on o.id = l.parent
         join company c on c.id = o.company
         join product p on p.id = l.product",
        &[],
    )?;
    for row in rows {
        let most = |own: usize, company: usize| {
            let rate = row.maybe_int(own).or(row.maybe_int(company)).unwrap_or(0);
            big(&row, 1) + big(&row, 1) * i128::from(rate) / 1_000_000
        };
        let (delivered, invoiced) = (big(&row, 2), big(&row, 3));
        if most(4, 5) < delivered || most(6, 7).max(delivered) < invoiced {
            let (id, qty) = (row.int(0), big(&row, 1));
            found.push(format!("order line {id} of {qty}: {delivered} are delivered and {invoiced} invoiced"));
        }
    }
    Ok(())
}

/// What a line says in the product's own unit is exactly what it says in its unit, by what the
/// product says of that unit, or else by what the units say of themselves.
fn units(conn: &dyn Conn, found: Found) -> Result<(), Trouble> {
    let documents = ["quotation", "sales_order", "delivery", "invoice", "stock_adjustment", "stock_transfer"];
    for entity in documents {
        // What a count differs by is shown as near as its unit says it; what was counted is exact.
        let exact = if entity == "stock_adjustment" { "where l.counted_qty is null" } else { "" };
        let sql = format!(
            "select l.id, l.qty, l.product_qty, l.unit, p.unit, f.numerator, f.denominator,
               u.numerator, u.denominator, o.numerator, o.denominator
             from {entity}_line l
             join product p on p.id = l.product
             join unit u on u.id = l.unit
             join unit o on o.id = p.unit
             left join product_unit f on f.parent = p.id and f.unit = l.unit {exact}"
        );
        for row in conn.query(&sql, &[])? {
            let (over, under) = match (row.int(3) == row.int(4), row.maybe_int(5)) {
                (true, _) => (1, 1),
                (false, Some(_)) => (big(&row, 5), big(&row, 6)),
                (false, None) => (big(&row, 7) * big(&row, 10), big(&row, 8) * big(&row, 9)),
            };
            if big(&row, 1) * over != big(&row, 2) * under {
                found.push(format!("{entity} line {}: {} is not {} of its unit", row.int(0), row.int(2), row.int(1)));
            }
        }
    }
    Ok(())
}

/// What is taken off a whole document is what it says of its lines, and the lines bear it. What
/// parts of a line were let off is all of it once they are all invoiced, or given back.
fn discounts(conn: &dyn Conn, found: Found) -> Result<(), Trouble> {
    for entity in ["quotation", "sales_order", "invoice"] {
        let (source, is_note) = match entity {
            "invoice" => ("coalesce(credited_line, order_line)", "kind = 'credit_note'"),
            _ => ("null", "1 = 0"),
        };
        let mut lines: BTreeMap<i64, (i128, i128, bool)> = BTreeMap::new();
        let sql = format!(
            "select l.parent, l.qty, coalesce(l.price, 0), coalesce(l.discount, 0), l.discount_share, d.currency, {source}
             from {entity}_line l join {entity} d on d.id = l.parent"
        );
        for row in conn.query(&sql, &[])? {
            let decimals = kernel::Currency::parse(row.text(5)).map_or(2, |currency| currency.decimals());
            let exact = big(&row, 1) * big(&row, 2) * (1_000_000 - big(&row, 3));
            let known = lines.entry(row.int(0)).or_default();
            known.1 += big(&row, 4);
            match row.maybe_int(6) {
                Some(_) => known.2 = true,
                None => known.0 += crate::replay::rounded(exact, 10i128.pow(18 - decimals)),
            }
        }
        let sql = format!(
            "select id, coalesce(discount_rate, 0), coalesce(discount_amount, 0), discount_total from {entity} where not ({is_note})"
        );
        for row in conn.query(&sql, &[])? {
            let (whole, borne, of_others) = lines.get(&row.int(0)).copied().unwrap_or_default();
            let own = crate::replay::rounded(whole * big(&row, 1), 1_000_000) + big(&row, 2);
            if borne != big(&row, 3) || (!of_others && own != borne) {
                let says = big(&row, 3);
                found.push(format!("{entity} {}: {says} off, its lines bear {borne}, agreed are {own}", row.int(0)));
            }
        }
    }
    let rows = conn
        .query("select id from invoice_line where credited_qty = qty and credited_discount <> discount_share", &[])?;
    found.extend(rows.iter().map(|row| format!("invoice line {} is given back but for its discount", row.int(0))));
    Ok(())
}

/// What is cancelled has left nothing; what lines of orders commit then follows from how far they are, see [`credit`].
fn undone(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let ordered: BTreeSet<i64> =
        conn.query("select id from sales_order_line", &[])?.iter().map(|row| row.int(0)).collect();
    for entity in ["invoice", "payment", "delivery", "sales_return"] {
        for row in conn.query(&format!("select id from {entity} where stage = 'cancelled'"), &[])? {
            let of_doc = books.committed_doc.get(&(entity.to_owned(), row.int(0))).into_iter().flatten();
            let left: i128 = of_doc.filter(|(line, _)| !ordered.contains(line)).map(|(_, amount)| amount).sum();
            if left != 0 {
                found.push(format!("{entity} {} is cancelled and still commits {left}", row.int(0)));
            }
        }
    }
    Ok(())
}

/// What is committed as invoiced is what customers owe by invoices and entries.
fn debtors(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let mut legal: BTreeMap<i64, i64> = BTreeMap::new();
    for row in conn.query("select id, coalesce(parent, id) from party", &[])? {
        legal.insert(row.int(0), row.int(1));
    }
    let rows = conn.query("select id from account where used_for = 'receivable'", &[])?;
    let receivable: Vec<i64> = rows.iter().map(|row| row.int(0)).collect();
    let mut open: BTreeMap<(i64, i64), i128> = BTreeMap::new();
    for item in books.items.values().filter(|item| receivable.contains(&item.account)) {
        *open.entry((item.company, legal.get(&item.party).copied().unwrap_or(0))).or_default() += item.open;
    }
    for ((company, party, kind), amount) in &books.exposure {
        if kind != "invoiced" {
            continue;
        }
        let owed = open.get(&(*company, *party)).copied().unwrap_or(0);
        if owed != *amount {
            found.push(format!("party {party} of company {company} owes {owed}, {amount} is committed"));
        }
    }
    Ok(())
}

/// Every number of a year is there once, but for drafts that were removed.
fn numbers(conn: &dyn Conn, books: &Books, found: Found) -> Result<(), Trouble> {
    let entities = [
        "quotation",
        "sales_order",
        "delivery",
        "sales_return",
        "invoice",
        "payment",
        "journal_entry",
        "stock_adjustment",
        "stock_transfer",
    ];
    for entity in entities {
        let mut given: BTreeMap<(i64, String), Vec<i64>> = BTreeMap::new();
        for row in
            conn.query(&format!("select company, number from {entity} where number is not null and number <> ''"), &[])?
        {
            let number = row.text(1);
            let (series, count) = number.rsplit_once('-').unwrap_or(("", number));
            given.entry((row.int(0), series.to_owned())).or_default().push(count.parse().unwrap_or(0));
        }
        let mut missing: BTreeMap<i64, i128> = BTreeMap::new();
        for ((company, series), mut counts) in given {
            let many = counts.len();
            counts.sort_unstable();
            counts.dedup();
            if counts.len() != many {
                found.push(format!("{entity} {series} of company {company}: a number was given twice"));
            }
            let last = counts.last().copied().unwrap_or(0);
            *missing.entry(company).or_default() += i128::from(last) - many as i128;
        }
        for (company, missing) in missing {
            let removed = books.removed.get(&(company, entity.to_owned())).copied().unwrap_or(0);
            if missing > removed {
                found.push(format!(
                    "{entity} of company {company}: {missing} numbers are missing, {removed} were removed"
                ));
            }
        }
    }
    Ok(())
}

/// The trial balance of each company is the sum of its lines.
pub(crate) fn trial_balances(engine: &Engine, books: &Books, found: Found) -> Result<(), Finding> {
    let companies = read(engine, |conn| Ok(conn.query("select id from company order by id", &[])?))?;
    for company in companies.iter().map(|row| row.int(0)) {
        let actor = engine.system(company).map_err(|why| why.to_string())?;
        let params = BTreeMap::from([("as_of", "2099-12-31"), ("from", "2000-01-01")]);
        let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let (_, table) = engine.report(&actor, "trial_balance", &params).map_err(|why| why.to_string())?;
        let mut told: BTreeMap<i64, i128> = BTreeMap::new();
        for row in &table.rows {
            if let (Cell::Ref { id, .. }, Cell::Value(Value::Int(closing))) = (&row.cells[0], &row.cells[4]) {
                told.insert(*id, i128::from(*closing));
            }
        }
        for ((_, account), balance) in books.accounts.iter().filter(|((of, _), _)| *of == company) {
            let says = told.get(account).copied().unwrap_or(0);
            if says != *balance {
                found.push(format!("trial balance of company {company}: account {account} {says}, lines {balance}"));
            }
        }
    }
    Ok(())
}

/// What the report says is free of every product in every place of ours, today and on every day to come.
pub(crate) fn free_goods(engine: &Engine, books: &Books, found: Found) -> Result<(), Finding> {
    let sql = "select id, company from place where kind in ('stock', 'warehouse', 'transit')";
    let ours = read(engine, |conn| Ok(conn.query(sql, &[])?))?;
    let ours: BTreeMap<i64, i64> = ours.iter().map(|row| (row.int(0), row.int(1))).collect();
    let mut told: BTreeMap<(i64, i64), i128> = BTreeMap::new();
    let companies: BTreeSet<i64> = ours.values().copied().collect();
    for company in companies {
        let actor = engine.system(company).map_err(|why| why.to_string())?;
        let (_, table) = engine.report(&actor, "stock_on_hand", &BTreeMap::new()).map_err(|why| why.to_string())?;
        let free = table.columns.iter().position(|column| column.name == "free").ok_or("nothing is told to be free")?;
        for row in &table.rows {
            if let (Cell::Ref { id: product, .. }, Cell::Ref { id: place, .. }, Cell::Value(Value::Int(free))) =
                (&row.cells[0], &row.cells[1], &row.cells[free])
            {
                told.insert((*product, *place), i128::from(*free));
            }
        }
    }
    for key in books.kept_goods().filter(|(_, _, place)| ours.contains_key(place)) {
        let (says, own) = (told.get(&(key.1, key.2)).copied().unwrap_or(0), books.free(key));
        if says != own {
            found.push(format!("product {} at place {}: {says} is told to be free, {own} is", key.1, key.2));
        }
    }
    Ok(())
}
