//! Money and goods from outside: capital, goods and their bills, rent, depreciation, the tax office.

use kernel::{Date, id_text};
use meta::{Fault, Trouble};
use serde_json::{Value as Json, json};

use super::firm::Firm;
use super::{Step, World, money};
use crate::setup;

/// Cents of tax on a value.
fn tax_on(cents: i64, percent: i64) -> i64 {
    (cents * percent + 50) / 100
}

impl Firm {
    /// Writes an entry and posts it.
    fn entry(&self, on: Date, journal: &str, memo: &str, lines: Json) -> Result<String, Trouble> {
        let body = json!({ "posted_on": on.to_string(), "journal": journal, "memo": memo, "lines": lines });
        let accountant = self.who("accountant");
        let id = accountant.create("journal_entry", body)?;
        accountant.act("journal_entry", &id, "post", json!({}))?;
        Ok(id)
    }

    pub(super) fn rate(&self, currency: &str, on: Date, rate: &str) -> Result<(), Trouble> {
        let body = json!({ "currency": currency, "valid_on": on.to_string(), "rate": rate });
        self.who("accountant").create("currency_rate", body).map(|_| ())
    }

    /// The owners pay in what the company begins with.
    pub(super) fn capital(&self, on: Date) -> Result<(), Trouble> {
        let account = self.coded(self.business.capital_account)?;
        let amount = money(self.business.capital);
        let lines = json!([{ "account": self.bank, "debit": amount }, { "account": account, "credit": amount }]);
        self.entry(on, "opening", "股东投入资本 Capital paid in", lines).map(|_| ())
    }

    pub(super) fn asset(&self, index: usize, on: Date) -> Result<(), Trouble> {
        let asset = &self.business.assets[index];
        let on = on.to_string();
        let accountant = self.who("accountant");
        let body = json!({ "name": asset.name, "category": self.asset_categories[asset.category], "cost": asset.cost,
            "acquired_on": on, "in_service_on": on, "location": "余杭车间 Yuhang workshop" });
        let id = accountant.create("asset", body)?;
        accountant.act("asset", &id, "capitalise", json!({ "posted_on": on, "against": self.bank }))?;
        Ok(())
    }

    /// The depreciation of the month before, once something was there before that month.
    pub(super) fn depreciation(&self, on: Date) -> Result<(), Trouble> {
        let month = on.add_days(-1).start_of_month();
        let sql = "select count(*) from asset where company = ?1 and in_service_on < ?2";
        if self.number(sql, &[month.to_string().into()])? == 0 {
            return Ok(());
        }
        let accountant = self.who("accountant");
        let run = accountant.create("depreciation_run", json!({ "month": month.to_string() }))?;
        accountant.act("depreciation_run", &run, "post", json!({}))?;
        Ok(())
    }

    /// An account by its code.
    fn coded(&self, code: &str) -> Result<String, Trouble> {
        let found = setup::find(&self.desk.engine, self.desk.actor.company, "account", "code", code)?;
        found.ok_or_else(|| Fault::new(format!("there is no account {code}")).into())
    }

    /// Wages, rent and what else a month costs, of its first day.
    pub(super) fn expenses(&self, on: Date) -> Result<(), Trouble> {
        let shared = setup::first(&self.desk.engine, self.desk.actor.company, "dimension_set")?;
        let mut lines = Vec::new();
        for (code, cents) in self.business.expenses {
            lines.push(json!({ "account": self.coded(code)?, "debit": money(*cents), "dimensions": shared }));
        }
        let cents = self.business.expenses.iter().map(|(_, cents)| cents).sum();
        lines.push(json!({ "account": self.bank, "credit": money(cents) }));
        self.entry(on.start_of_month(), "general", "工资、房租等 Wages, rent and the like", Json::Array(lines))
            .map(|_| ())
    }

    /// What was charged less what was paid on purchases until the end of last month goes to the tax office.
    pub(super) fn tax_office(&self, on: Date) -> Result<(), Trouble> {
        let until = on.start_of_month().add_days(-1).to_string();
        let sql = "select sum(l.amount) from entry_line l join account a on a.id = l.account
            where l.company = ?1 and a.used_for = ?2 and l.posted_on <= ?3";
        let charged = -self.number(sql, &["sales_tax".into(), until.clone().into()])?;
        let paid = self.number(sql, &["purchase_tax".into(), until.into()])?;
        if charged <= paid || paid < 0 {
            // More was paid than charged: it is carried forward.
            return Ok(());
        }
        let mut lines = vec![
            json!({ "account": self.account("sales_tax")?, "debit": money(charged) }),
            json!({ "account": self.bank, "credit": money(charged - paid) }),
        ];
        if 0 < paid {
            lines.push(json!({ "account": self.account("purchase_tax")?, "credit": money(paid) }));
        }
        self.entry(on, "bank", "缴纳增值税 VAT paid", Json::Array(lines)).map(|_| ())
    }

    /// Goods come: the first stock, or what is to fill the shelves again.
    pub(super) fn goods(
        &self,
        at: usize,
        on: Date,
        came: Date,
        is_first: bool,
        world: &mut World,
    ) -> Result<(), Trouble> {
        let (mut lines, mut cents) = (Vec::new(), 0);
        let free = "select (on_hand - demand) / 1000000 from stock_balance
            where company = ?1 and product = ?2 and place = ?3";
        let place = kernel::id_parse(self.desk.engine.entity("place")?.prefix, &self.place).unwrap_or_default();
        for product in self.products.iter().filter(|product| product.usual != 0) {
            let usual = product.usual as i64;
            let there = self.number(free, &[product.raw.into(), place.into()])?;
            if !is_first && usual * 6 / 10 < there {
                continue;
            }
            // Costs move a little: up to 4 % either way.
            let cost = if is_first { product.cost } else { product.cost * (96 + world.dice.below(9) as i64) / 100 };
            let qty = usual - there.min(usual - 1);
            cents += qty * cost;
            lines.push(json!({ "product": product.id, "qty": qty.to_string(), "unit_cost": money(cost) }));
        }
        if lines.is_empty() {
            return Ok(());
        }
        let body = json!({ "moved_on": came.to_string(), "kind": "receipt", "place": self.place, "lines": lines });
        // What the goods cost is written by who sees the bill; who takes them in is not shown it.
        let id = self.who("accountant").create("stock_adjustment", body)?;
        self.who("warehouse").act("stock_adjustment", &id, "post", json!({}))?;
        let supplier = world.dice.pick(&self.suppliers).clone();
        let bill = on.add_days(world.dice.days(2, 4));
        world.at_work(at, bill, Step::Bill { cents, supplier });
        Ok(())
    }

    /// The bill for what came, due in thirty days.
    pub(super) fn bill(
        &self,
        at: usize,
        on: Date,
        cents: i64,
        supplier: String,
        world: &mut World,
    ) -> Result<(), Trouble> {
        let tax = tax_on(cents, self.business.input_tax);
        let due = on.add_days(30);
        let lines = json!([
            { "account": self.account("stock_input")?, "debit": money(cents) },
            { "account": self.account("purchase_tax")?, "debit": money(tax) },
            { "account": self.account("payable")?, "party": supplier, "credit": money(cents + tax), "due_on": due.to_string() },
        ]);
        let entry = self.entry(on, "general", "采购发票 Bill for goods", lines)?;
        world.at_work(at, due.add_days(-3), Step::PayBill { cents: cents + tax, supplier, entry });
        Ok(())
    }

    pub(super) fn pay_bill(&self, on: Date, cents: i64, supplier: &str, entry: &str) -> Result<(), Trouble> {
        let engine = &self.desk.engine;
        let raw = kernel::id_parse(engine.entity("journal_entry")?.prefix, entry).unwrap_or_default();
        let sql = "select id from open_item where company = ?1 and doc_entity = 'journal_entry' and doc_id = ?2";
        let item = id_text(engine.entity("open_item")?.prefix, self.number(sql, &[raw.into()])?);
        let lines = json!([
            { "account": self.account("payable")?, "party": supplier, "debit": money(cents), "settles": item },
            { "account": self.bank, "credit": money(cents) },
        ]);
        self.entry(on, "bank", "支付货款 Supplier paid", lines).map(|_| ())
    }
}
