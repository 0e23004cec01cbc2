//! Money: payments and what they pay, journal entries, closed periods, rates.

use serde_json::{Value as Json, json};

use super::{World, money, rate, rows};

impl World {
    /// Open invoices: id, customer, currency, open amount.
    pub(super) fn open_invoices(&mut self, at: usize) -> Result<Vec<(i64, i64, String, i64)>, ()> {
        let sql = "select id, customer, currency, open_amount from invoice
            where company = ?1 and stage = 'posted' and open_amount <> 0 order by id desc limit 60";
        let found = rows(&self.engine, sql, &[self.firms[at].id.into()]);
        let first = self.dice.below(found.len().max(1) as u64) as usize;
        let Some(chosen) = found.get(first) else { return Err(()) };
        let customer = chosen.int(1);
        let others = found.iter().enumerate().filter(|(at, row)| *at != first && row.int(1) == customer);
        let all = std::iter::once(chosen).chain(others.map(|(_, row)| row));
        Ok(all.map(|row| (row.int(0), row.int(1), row.text(2).to_owned(), row.int(3))).collect())
    }

    pub(super) fn pay(&mut self, at: usize) -> Result<(), ()> {
        let invoices = self.open_invoices(at)?;
        let (first, customer, currency, open) = invoices[0].clone();
        let firm = &self.firms[at];
        let (bank, own) = (firm.bank.clone(), firm.currency.clone());
        let direction = if open < 0 { "out" } else { "in" };
        let party = self.outer("party", customer);
        let named = |world: &World, id: i64| world.outer("invoice", id);
        let on = self.day();
        let body = match self.dice.below(10) {
            0..3 => {
                let mut body = self.prefilled(at, "payment", "invoice", first)?;
                body.insert("paid_on".into(), json!(on));
                body.remove("rate");
                Json::Object(body)
            }
            3 | 4 => {
                let part = 1 + self.dice.below(open.unsigned_abs()) as i64;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": currency,
                    "amount": money(part, &currency), "lines": [{ "invoice": named(self, first) }] })
            }
            5 => {
                let off = 1 + self.dice.below((open.unsigned_abs() / 20).max(1)) as i64;
                let sign = open.signum();
                let paid = open.abs() - off;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": currency,
                    "amount": money(paid, &currency), "lines": [{ "invoice": named(self, first),
                    "amount": money(paid, &currency), "invoice_amount": money(paid, &currency),
                    "write_off": money(off * if self.dice.chance(90) { 1 } else { sign }, &currency) }] })
            }
            6 | 7 => {
                let most = 1 + self.dice.below(4) as usize;
                let lines: Vec<Json> =
                    invoices.iter().take(most).map(|(id, ..)| json!({ "invoice": named(self, *id) })).collect();
                let same: i64 = invoices.iter().take(most).filter(|one| one.2 == currency).map(|one| one.3.abs()).sum();
                let amount = same + self.dice.below(20_000) as i64 - 5000;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": currency,
                    "amount": money(amount, &currency), "lines": lines })
            }
            8 => {
                let amount = 1 + self.dice.below(500_000) as i64;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": own,
                    "amount": money(amount, &own), "lines": [{ "invoice": named(self, first) }] })
            }
            _ => {
                let other = *self.dice.pick(&["EUR", "USD", "CNY", "JPY"]);
                let amount = 1 + self.dice.below(300_000) as i64;
                json!({ "direction": direction, "party": party, "paid_on": on, "account": bank, "currency": other,
                    "amount": money(amount, other), "lines": [{ "invoice": named(self, first) }] })
            }
        };
        let id = self.create(at, "payment", body)?;
        self.act(at, "payment", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn pay_ahead(&mut self, at: usize) -> Result<(), ()> {
        let (party, currency) = self.dice.pick(&self.firms[at].parties).clone();
        let amount = 1 + self.dice.below(200_000) as i64;
        let direction = if self.dice.chance(90) { "in" } else { "out" };
        let body = json!({ "direction": direction, "party": party, "paid_on": self.day(),
            "account": self.firms[at].bank, "currency": currency, "amount": money(amount, &currency) });
        let id = self.create(at, "payment", body)?;
        self.act(at, "payment", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn allocate(&mut self, at: usize) -> Result<(), ()> {
        let sql = "select p.id, i.id, p.unallocated, p.currency from payment p
            join invoice i on i.customer = p.party and i.company = p.company and i.stage = 'posted'
            where p.company = ?1 and p.stage = 'posted' and p.unallocated > 0 and i.open_amount <> 0
            order by p.id desc, i.id desc limit 40";
        let found = rows(&self.engine, sql, &[self.firms[at].id.into()]);
        if found.is_empty() {
            return Err(());
        }
        let row = self.dice.pick(&found);
        let (payment, invoice, left, currency) = (row.int(0), row.int(1), row.int(2), row.text(3).to_owned());
        let mut args = json!({ "invoice": self.outer("invoice", invoice) });
        if self.dice.chance(40) {
            args["amount"] = json!(money(1 + self.dice.below(left as u64) as i64, &currency));
        }
        let id = self.outer("payment", payment);
        self.act(at, "payment", &id, "allocate", args).map(|_| ())
    }

    pub(super) fn journal(&mut self, at: usize) -> Result<(), ()> {
        let firm = &self.firms[at];
        let (bank, expense, receivable, own) =
            (firm.bank.clone(), firm.expense.clone(), firm.receivable.clone(), firm.currency.clone());
        let party = self.dice.pick(&self.firms[at].parties).0.clone();
        let amount = 1 + self.dice.below(90_000) as i64;
        let off = i64::from(self.dice.chance(8));
        let (debit, credit) = (money(amount, &own), money(amount + off, &own));
        let mut lines = match self.dice.below(3) {
            0 => {
                json!([{ "account": receivable, "party": party, "debit": debit }, { "account": expense, "credit": credit }])
            }
            1 => json!([{ "account": bank, "debit": debit }, { "account": expense, "credit": credit }]),
            _ => json!([{ "account": expense, "debit": debit }, { "account": bank, "credit": credit }]),
        };
        for side in 0..2 {
            if self.dice.chance(40) {
                lines[side]["dimensions"] = json!(self.dice.pick(&self.firms[at].sets));
            }
        }
        let body = json!({ "posted_on": self.day(), "journal": "general", "lines": lines });
        let id = self.create(at, "journal_entry", body)?;
        self.act(at, "journal_entry", &id, "post", json!({})).map(|_| ())
    }

    /// An open item: id, party, currency, open in it, open in company currency.
    fn open_item(&mut self, at: usize, of: &str) -> Result<(i64, i64, String, i64, i64), ()> {
        let sql = format!(
            "select id, party, currency, open_currency_amount, open_amount from open_item
             where company = ?1 and doc_entity in ({of}) and open_currency_amount <> 0 and party is not null
             order by id desc limit 40"
        );
        let found = rows(&self.engine, &sql, &[self.firms[at].id.into()]);
        if found.is_empty() {
            return Err(());
        }
        let row = self.dice.pick(&found);
        Ok((row.int(0), row.int(1), row.text(2).to_owned(), row.int(3), row.int(4)))
    }

    /// Pays, pays back or sets off what entries and advances left open, sometimes with an invoice.
    pub(super) fn pay_item(&mut self, at: usize) -> Result<(), ()> {
        let (item, party, currency, open, _) = self.open_item(at, "'journal_entry','payment'")?;
        let item = self.outer("open_item", item);
        let party = self.outer("party", party);
        let body = if self.dice.chance(30) {
            let payment = self.find(at, "payment", "'posted'")?;
            let id = self.outer("payment", payment);
            return self.act(at, "payment", &id, "allocate", json!({ "item": item })).map(|_| ());
        } else {
            let own = self.firms[at].currency.clone();
            let currency = if self.dice.chance(80) { currency } else { own };
            let amount = 1 + self.dice.below(open.unsigned_abs() + open.unsigned_abs() / 4) as i64;
            let way = if (open < 0) == self.dice.chance(95) { "out" } else { "in" };
            let mut lines = vec![json!({ "item": item })];
            if let (true, Ok(invoices)) = (self.dice.chance(30), self.open_invoices(at)) {
                lines.push(json!({ "invoice": self.outer("invoice", invoices[0].0) }));
            }
            json!({ "direction": way, "party": party, "paid_on": self.day(), "account": self.firms[at].bank,
                "currency": currency, "amount": money(amount, &currency), "lines": lines })
        };
        let id = self.create(at, "payment", body)?;
        self.act(at, "payment", &id, "post", json!({})).map(|_| ())
    }

    /// Gives up, or books as paid elsewhere, what is open of anything.
    pub(super) fn write_down(&mut self, at: usize) -> Result<(), ()> {
        let (item, _, currency, open, base) = self.open_item(at, "'journal_entry','payment','invoice'")?;
        let own = self.firms[at].currency.clone();
        let base = if currency == own && self.dice.chance(60) {
            open.signum() * (1 + self.dice.below(open.unsigned_abs() + 3) as i64)
        } else {
            base
        };
        let (ours, theirs) = if base < 0 { ("debit", "credit") } else { ("credit", "debit") };
        let amount = money(base.abs(), &own);
        let mut line = json!({ "settles": self.outer("open_item", item) });
        if currency == own {
            line[ours] = json!(amount);
        }
        let lines = json!([line, { "account": self.firms[at].expense, theirs: amount }]);
        let body = json!({ "posted_on": self.day(), "journal": "general", "lines": lines });
        let id = self.create(at, "journal_entry", body)?;
        self.act(at, "journal_entry", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn close_period(&mut self, at: usize) -> Result<(), ()> {
        let until = self.engine.today().add_days(-(15 + self.dice.below(60) as i32));
        let field = *self.dice.pick(&["books_locked_until", "sales_locked_until", "books_locked_until"]);
        let value = if self.dice.chance(30) { Json::Null } else { json!(until.to_string()) };
        let id = self.firms[at].id;
        self.change(at, "company", id, json!({ field: value }))
    }

    pub(super) fn new_rate(&mut self, at: usize) -> Result<(), ()> {
        let currency = *self.dice.pick(&["EUR", "USD", "CNY", "JPY"]);
        let cents = rate(&self.firms[at].currency, currency) * (90 + self.dice.below(20)) / 100;
        let body = json!({ "currency": currency, "valid_on": self.day(), "rate": format!("{}.{:06}", cents / 1_000_000, cents % 1_000_000) });
        self.create(at, "currency_rate", body).map(|_| ())
    }

    pub(super) fn release(&mut self, at: usize) -> Result<(), ()> {
        let payment = self.find(at, "payment", "'posted'")?;
        let id = self.outer("payment", payment);
        self.act(at, "payment", &id, "release", json!({})).map(|_| ())
    }
}
