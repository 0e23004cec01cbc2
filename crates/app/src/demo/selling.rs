//! Deals, from the quotation to the money, and what sellers do beside them.

use kernel::Date;
use meta::Trouble;
use serde_json::{Value as Json, json};

use super::firm::Firm;
use super::{Step, World};

const WHY_LOST: [&str; 4] = ["价格 Price", "交期 Delivery time", "竞争对手 Competitor", "取消采购 No budget"];

const TOLD: [&str; 4] = [
    "下周答复 Will answer next week",
    "要求更快交货 Wants it sooner",
    "满意 Content",
    "想了解新车型 Asks about the new models",
];

/// A deal, as far as it has come.
pub(super) struct Deal {
    seller: &'static str,
    quotation: String,
    order: String,
    /// Whether it is delivered in parts.
    in_parts: bool,
}

impl Firm {
    /// Offers something to somebody.
    pub(super) fn quote(&self, at: usize, on: Date, world: &mut World) -> Result<(), Trouble> {
        let customer = world.dice.pick(&self.customers).clone();
        let seller = *world.dice.pick(self.business.sellers);
        let body = json!({
            "customer": customer.id, "quoted_on": on.to_string(), "valid_until": on.add_days(30).to_string(),
            "currency": customer.currency, "lines": self.lines(world),
        });
        let quotation = self.who(seller).create("quotation", body)?;
        let deal = Deal { seller, quotation, order: String::new(), in_parts: world.dice.chance(12) };
        let sent = on.add_days(world.dice.days(1, 3));
        world.at_work(at, sent, Step::Send(deal));
        Ok(())
    }

    fn lines(&self, world: &mut World) -> Vec<Json> {
        let [bikes, services, others] = self.business.most;
        let dice = &mut world.dice;
        let mut used = Vec::new();
        let mut lines = Vec::new();
        for _ in 0..1 + dice.below(4) {
            let index = dice.below(self.products.len() as u64) as usize;
            if used.contains(&index) {
                continue;
            }
            used.push(index);
            let qty = match self.products[index].category {
                "bikes" => 1 + dice.below(bikes),
                "services" => 1 + dice.below(services),
                _ => 2 + dice.below(others),
            };
            let mut line = json!({ "product": self.products[index].id, "qty": qty.to_string() });
            if dice.chance(25) {
                line["discount"] = json!("0.05");
            }
            lines.push(line);
        }
        lines
    }

    /// The quotation goes out; somebody is to ask what became of it.
    pub(super) fn send(&self, at: usize, on: Date, deal: Deal, world: &mut World) -> Result<(), Trouble> {
        self.who(deal.seller).act("quotation", &deal.quotation, "send", json!({}))?;
        if world.dice.chance(75) {
            let due = super::working(on.add_days(world.dice.days(2, 3)));
            self.remember(at, due, "call", deal.seller, &deal.quotation, "跟进报价 Follow up the quotation", world)?;
        }
        // Some never answer.
        if !world.dice.chance(8) {
            let answered = on.add_days(world.dice.days(2, 9));
            world.at_work(at, answered, Step::Answer(deal));
        }
        Ok(())
    }

    /// Yes or no.
    pub(super) fn answer(&self, at: usize, on: Date, mut deal: Deal, world: &mut World) -> Result<(), Trouble> {
        let seller = self.who(deal.seller);
        if world.dice.chance(20) {
            let reason = *world.dice.pick(&WHY_LOST);
            seller.act("quotation", &deal.quotation, "lose", json!({ "reason": reason }))?;
            return Ok(());
        }
        let accepted = seller.act("quotation", &deal.quotation, "accept", json!({}))?;
        deal.order = accepted["posted"]["created"][0]["id"].as_str().unwrap_or("").to_owned();
        let wanted = on.add_days(world.dice.days(5, 10));
        let dates = json!({ "ordered_on": on.to_string(), "wanted_on": wanted.to_string() });
        seller.change("sales_order", &deal.order, dates)?;
        let confirmed = on.add_days(world.dice.days(1, 2));
        world.at_work(at, confirmed, Step::Confirm(deal));
        Ok(())
    }

    /// The order is promised.
    pub(super) fn confirm(&self, at: usize, on: Date, mut deal: Deal, world: &mut World) -> Result<(), Trouble> {
        let seller = self.who(deal.seller);
        if seller.act("sales_order", &deal.order, "confirm", json!({})).is_err() {
            // Over the credit limit: the order waits as a draft, as in life.
            let what = "超出信用额度，请决定 Beyond the credit limit: decide";
            return self.remember(at, on.add_days(1), "todo", "sales.lead", &deal.order, what, world);
        }
        // One is delivered in parts, whatever the dice say.
        deal.in_parts |= !self.had_part && 5 < self.invoices;
        let shipped = on.add_days(world.dice.days(2, 8));
        world.at_work(at, shipped, Step::Ship { deal, delivery: None, tries: 0 });
        Ok(())
    }

    pub(super) fn ship(
        &mut self,
        at: usize,
        on: Date,
        mut deal: Deal,
        delivery: Option<String>,
        tries: u32,
        world: &mut World,
    ) -> Result<(), Trouble> {
        let day = json!({ "shipped_on": on.to_string() });
        let mut is_part = false;
        let delivery = match delivery {
            Some(delivery) => {
                self.who("warehouse").change("delivery", &delivery, day)?;
                delivery
            }
            None => {
                if self.who("warehouse").get("sales_order", &deal.order)?["delivery_state"] == "nothing" {
                    // Services alone need no delivery.
                    let delivery = String::new();
                    world.at_work(at, on.add_days(1), Step::Invoice { deal, delivery });
                    return Ok(());
                }
                let mut body = self.who("warehouse").prefilled("delivery", ("sales_order", &deal.order))?;
                body.insert("shipped_on".into(), day["shipped_on"].clone());
                let lines = &mut body["lines"];
                let first = lines[0]["qty"].as_str().and_then(|qty| qty.parse::<u64>().ok()).unwrap_or(1);
                if deal.in_parts && 1 < first {
                    // A part now, the rest later.
                    lines[0]["qty"] = json!((first / 2).to_string());
                    is_part = true;
                }
                self.who("warehouse").create("delivery", Json::Object(body))?
            }
        };
        if self.who("warehouse").act("delivery", &delivery, "ship", json!({})).is_err() {
            // Not enough on the shelf: it waits until goods come.
            if tries < 6 {
                world.at_work(at, on.add_days(2), Step::Ship { deal, delivery: Some(delivery), tries: tries + 1 });
            }
            return Ok(());
        }
        let after = on.add_days(world.dice.days(0, 3));
        let rest = Deal { quotation: deal.quotation.clone(), order: deal.order.clone(), in_parts: false, ..deal };
        deal.in_parts = is_part;
        let invoice = Step::Invoice { deal, delivery };
        match after == on {
            // After the goods have left, on the same day.
            true => world.plan(at, on, 1050, invoice),
            false => world.at_work(at, after, invoice),
        }
        if is_part {
            self.had_part = true;
            let later = on.add_days(world.dice.days(6, 5));
            world.at_work(at, later, Step::Ship { deal: rest, delivery: None, tries: 0 });
        }
        Ok(())
    }

    pub(super) fn invoice(
        &mut self,
        at: usize,
        on: Date,
        deal: Deal,
        delivery: String,
        world: &mut World,
    ) -> Result<(), Trouble> {
        let accountant = self.who("accountant");
        let mut body = accountant.prefilled("invoice", ("sales_order", &deal.order))?;
        body.insert("issued_on".into(), json!(on.to_string()));
        let invoice = accountant.create("invoice", Json::Object(body))?;
        accountant.act("invoice", &invoice, "post", json!({}))?;
        self.invoices += 1;
        let is_back = world.dice.chance(4) || (!self.had_return && 8 < self.invoices);
        if is_back && !delivery.is_empty() && !deal.in_parts {
            self.had_return = true;
            let back = on.add_days(world.dice.days(3, 5));
            world.at_work(at, back, Step::GiveBack { delivery });
        }
        let paid = on.add_days(world.dice.days(8, 40));
        match world.dice.chance(93) {
            true => world.at_work(at, paid, Step::Pay { invoice }),
            false => world.at_work(at, on.add_days(36), Step::Remind { invoice }),
        }
        Ok(())
    }

    /// What is open of an invoice is paid.
    pub(super) fn pay(&self, on: Date, invoice: &str) -> Result<(), Trouble> {
        let accountant = self.who("accountant");
        if accountant.get("invoice", invoice)?["payment_state"] == "full" {
            return Ok(());
        }
        let mut body = accountant.prefilled("payment", ("invoice", invoice))?;
        body.insert("paid_on".into(), json!(on.to_string()));
        // The rate of the day it is paid, not of the invoice.
        body.remove("rate");
        let payment = accountant.create("payment", Json::Object(body))?;
        accountant.act("payment", &payment, "post", json!({}))?;
        Ok(())
    }

    /// One piece comes back, and is credited.
    pub(super) fn give_back(&self, on: Date, delivery: &str) -> Result<(), Trouble> {
        let warehouse = self.who("warehouse");
        let mut body = warehouse.prefilled("sales_return", ("delivery", delivery))?;
        body.insert("received_on".into(), json!(on.to_string()));
        body.insert("reason".into(), json!("运输损坏 Damaged on the way"));
        let Some(lines) = body.get_mut("lines").and_then(Json::as_array_mut).filter(|lines| !lines.is_empty()) else {
            return Ok(());
        };
        lines.truncate(1);
        lines[0]["qty"] = json!("1");
        let back = warehouse.create("sales_return", Json::Object(body))?;
        warehouse.act("sales_return", &back, "receive", json!({}))?;
        let accountant = self.who("accountant");
        let mut body = accountant.prefilled("invoice", ("sales_return", &back))?;
        body.insert("issued_on".into(), json!(on.to_string()));
        let note = accountant.create("invoice", Json::Object(body))?;
        accountant.act("invoice", &note, "post", json!({}))?;
        Ok(())
    }

    /// Somebody does not pay.
    pub(super) fn remind(&self, at: usize, on: Date, invoice: &str, world: &mut World) -> Result<(), Trouble> {
        let what = "催收逾期款 Ask for what is overdue";
        self.remember(at, super::working(on.add_days(2)), "call", "accountant", invoice, what, world)?;
        // Half of them pay then.
        if world.dice.chance(50) {
            let invoice = invoice.to_owned();
            let paid = on.add_days(world.dice.days(6, 12));
            world.at_work(at, paid, Step::Pay { invoice });
        }
        Ok(())
    }

    /// A seller plans to see a customer this week or the next.
    pub(super) fn visit(&self, at: usize, on: Date, seller: &'static str, world: &mut World) -> Result<(), Trouble> {
        let customer = world.dice.pick(&self.customers).id.clone();
        let (kind, what) = *world.dice.pick(&[
            ("visit", "拜访客户 Visit the customer"),
            ("meeting", "商谈下季订单 Talk about next season"),
            ("mail", "发送新目录 Send the new catalogue"),
        ]);
        let due = super::working(on.add_days(world.dice.days(2, 8)));
        self.remember(at, due, kind, seller, &customer, what, world)
    }

    /// Something to be done about a record; most of it is done on its day, some later.
    #[allow(clippy::too_many_arguments)]
    fn remember(
        &self,
        at: usize,
        due: Date,
        kind: &str,
        who: &'static str,
        about: &str,
        what: &str,
        world: &mut World,
    ) -> Result<(), Trouble> {
        let body = json!({
            "about_doc": about, "activity_type": self.kinds.get(kind), "summary": what, "due_on": due.to_string(),
        });
        let activity = self.who(who).create("activity", body)?;
        let done = if world.dice.chance(80) { due } else { due.add_days(world.dice.days(3, 10)) };
        let result = *world.dice.pick(&TOLD);
        world.at_work(at, done, Step::Done { activity, who, result });
        Ok(())
    }

    pub(super) fn done(&self, activity: &str, who: &'static str, result: &str) -> Result<(), Trouble> {
        self.who(who).act("activity", activity, "done", json!({ "result": result }))?;
        Ok(())
    }
}
