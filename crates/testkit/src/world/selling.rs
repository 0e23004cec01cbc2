//! Selling: from the quotation to the credit note, and goods that come back.

use app::driver::sendable;
use serde_json::{Map, Value as Json, json};

use super::World;

impl World {
    pub(super) fn sales_lines(&mut self, at: usize) -> Vec<Json> {
        let mut lines = Vec::new();
        for _ in 0..1 + self.dice.below(3) {
            let is_service = self.dice.chance(15);
            let firm = &self.firms[at];
            let product = self.dice.pick(if is_service { &firm.services } else { &firm.products }).clone();
            let mut line = json!({ "product": product, "qty": self.qty(9) });
            if self.dice.chance(70) {
                line["price"] = json!(format!("{}.{:02}", self.dice.below(300), self.dice.below(100)));
            }
            if self.dice.chance(25) {
                line["discount"] = json!(format!("0.{:02}", self.dice.below(60)));
            }
            if self.dice.chance(50) {
                line["tax"] = match self.dice.chance(70) {
                    true => json!(self.dice.pick(&self.firms[at].taxes)),
                    false => Json::Null,
                };
            }
            if let (Some(unit), true) = (self.firms[at].other_unit.clone(), self.dice.chance(12) && !is_service) {
                line["unit"] = json!(unit);
            }
            lines.push(line);
        }
        lines
    }

    pub(super) fn sale(&mut self, at: usize, day: &str) -> Json {
        let (party, currency) = self.dice.pick(&self.firms[at].parties).clone();
        let mut body = json!({ "customer": party, "lines": self.sales_lines(at) });
        body[day] = json!(self.day());
        if day != "shipped_on" && self.dice.chance(30) {
            body["discount_rate"] = json!(format!("0.{:03}", self.dice.below(400)));
        }
        if day != "shipped_on" && self.dice.chance(20) {
            body["discount_amount"] = json!(self.dice.below(40).to_string());
        }
        if self.dice.chance(20) {
            body["currency"] = json!(*self.dice.pick(&["EUR", "USD", "CNY", "JPY"]));
        } else if self.dice.chance(50) {
            body["currency"] = json!(currency);
        }
        body
    }

    pub(super) fn quote(&mut self, at: usize) -> Result<(), ()> {
        let mut body = self.sale(at, "quoted_on");
        body["valid_until"] = json!(self.engine.today().add_days(30).to_string());
        let id = self.create(at, "quotation", body)?;
        self.act(at, "quotation", &id, "send", json!({})).map(|_| ())
    }

    pub(super) fn quoted(&mut self, at: usize) -> Result<(), ()> {
        let id = self.find(at, "quotation", "'draft','sent','lost','cancelled','accepted'")?;
        let id = self.outer("quotation", id);
        let action = *self.dice.pick(&["accept", "accept", "accept", "accept", "lose", "cancel", "reopen", "send"]);
        let args = if action == "lose" { json!({ "reason": "price" }) } else { json!({}) };
        let done = self.act(at, "quotation", &id, action, args)?;
        if let (Some(order), true) = (done["posted"]["created"][0]["id"].as_str(), self.dice.chance(80)) {
            self.act(at, "sales_order", order, "confirm", json!({}))?;
        }
        Ok(())
    }

    pub(super) fn order(&mut self, at: usize) -> Result<(), ()> {
        let mut body = self.sale(at, "ordered_on");
        if self.dice.chance(25) {
            body["place"] = json!(self.dice.pick(&self.firms[at].places));
        }
        let id = self.create(at, "sales_order", body)?;
        if self.dice.chance(85) {
            self.act(at, "sales_order", &id, "confirm", json!({}))?;
        }
        Ok(())
    }

    pub(super) fn ordered(&mut self, at: usize) -> Result<(), ()> {
        let id = self.find(at, "sales_order", "'draft','confirmed','done','cancelled'")?;
        let id = self.outer("sales_order", id);
        let action = *self
            .dice
            .pick(&["confirm", "reserve", "reserve", "release", "close", "reopen", "reopen", "cancel", "cancel"]);
        let args = match self.dice.chance(20) && matches!(action, "confirm" | "reopen") {
            true => json!({ "override_reason": "an old friend" }),
            false => json!({}),
        };
        self.act(at, "sales_order", &id, action, args).map(|_| ())
    }

    /// A confirmed order is changed: other quantities, another price, one line more or fewer.
    pub(super) fn reorder(&mut self, at: usize) -> Result<(), ()> {
        let id = self.find(at, "sales_order", "'draft','confirmed'")?;
        let actor = self.firms[at].people[0].clone();
        let answer = self.engine.get(&actor, "sales_order", id);
        let json = self.judge(format!("get sales_order {id}"), &[], answer)?;
        let mut lines: Vec<Json> = json["record"]["lines"].as_array().into_iter().flatten().cloned().collect();
        let meta = self.engine.entity("sales_order_line").map_err(|_| ())?;
        lines = lines
            .iter()
            .map(|line| {
                let mut body = sendable(meta, line);
                body.insert("id".into(), line["id"].clone());
                Json::Object(body)
            })
            .collect();
        let which = self.dice.below(lines.len() as u64) as usize;
        if self.dice.chance(15) {
            let discount = json!({ "discount_amount": self.dice.below(60).to_string() });
            return self.change(at, "sales_order", id, discount);
        }
        match self.dice.below(4) {
            0 => lines.extend(self.sales_lines(at)),
            1 if lines.len() > 1 => drop(lines.remove(which)),
            2 => lines[which]["price"] = json!(format!("{}.5", self.dice.below(200))),
            _ => lines[which]["qty"] = json!(self.qty(12)),
        }
        self.change(at, "sales_order", id, json!({ "lines": lines }))
    }

    /// Fewer lines, or less of one.
    pub(super) fn part(&mut self, body: &mut Map<String, Json>) {
        let Some(lines) = body.get_mut("lines").and_then(Json::as_array_mut) else { return };
        if lines.is_empty() || !self.dice.chance(50) {
            return;
        }
        let which = self.dice.below(lines.len() as u64) as usize;
        match self.dice.below(3) {
            0 if lines.len() > 1 => drop(lines.remove(which)),
            0 | 1 => lines[which]["qty"] = json!("1"),
            _ => {
                let whole: f64 = lines[which]["qty"].as_str().and_then(|text| text.parse().ok()).unwrap_or(1.0);
                let thousandths = (whole * self.dice.below(1100) as f64) as u64;
                // Pieces are not divided everywhere; a little more than was ordered is allowed somewhere.
                lines[which]["qty"] = match self.dice.chance(40) {
                    true => json!(format!("{}", 1 + thousandths / 1000)),
                    false => json!(format!("{}.{:03}", thousandths / 1000, thousandths % 1000)),
                };
            }
        }
    }

    pub(super) fn deliver(&mut self, at: usize) -> Result<(), ()> {
        let order = match self.dice.chance(10) {
            true => self.find(at, "sales_order", "'draft','done'")?,
            false => self.find(at, "sales_order", "'confirmed'")?,
        };
        let mut body = self.prefilled(at, "delivery", "sales_order", order)?;
        body.insert("shipped_on".into(), json!(self.day()));
        if self.dice.chance(15) {
            body.insert("place".into(), json!(self.dice.pick(&self.firms[at].places)));
        }
        self.part(&mut body);
        let id = self.create(at, "delivery", Json::Object(body))?;
        self.act(at, "delivery", &id, "ship", json!({})).map(|_| ())
    }

    pub(super) fn deliver_freely(&mut self, at: usize) -> Result<(), ()> {
        let body = self.sale(at, "shipped_on");
        let id = self.create(at, "delivery", body)?;
        self.act(at, "delivery", &id, "ship", json!({}))?;
        let id = self.raw("delivery", &id);
        let body = self.prefilled(at, "invoice", "delivery", id)?;
        let id = self.create(at, "invoice", Json::Object(body))?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn invoice(&mut self, at: usize) -> Result<(), ()> {
        let mut body = match self.dice.chance(25) {
            true => {
                let delivery = self.find(at, "delivery", "'done'")?;
                self.prefilled(at, "invoice", "delivery", delivery)?
            }
            false => {
                let order = self.find(at, "sales_order", "'confirmed','done'")?;
                self.prefilled(at, "invoice", "sales_order", order)?
            }
        };
        body.insert("issued_on".into(), json!(self.day()));
        self.part(&mut body);
        let id = self.create(at, "invoice", Json::Object(body))?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn sell_over_the_counter(&mut self, at: usize) -> Result<(), ()> {
        let mut body = self.sale(at, "issued_on");
        if self.dice.chance(75) {
            body["ship_from"] = json!(self.dice.pick(&self.firms[at].places));
        }
        if self.dice.chance(8) {
            body["kind"] = json!("credit_note");
        }
        if self.dice.chance(30) {
            body["cash_rounding"] = json!(self.dice.pick(&self.firms[at].roundings));
        }
        let id = self.create(at, "invoice", body)?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn credit(&mut self, at: usize) -> Result<(), ()> {
        let invoice = self.find(at, "invoice", "'posted'")?;
        let mut body = self.prefilled(at, "invoice", "invoice", invoice)?;
        body.insert("issued_on".into(), json!(self.day()));
        self.part(&mut body);
        let id = self.create(at, "invoice", Json::Object(body))?;
        self.act(at, "invoice", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn give_back(&mut self, at: usize) -> Result<(), ()> {
        let delivery = self.find(at, "delivery", "'done'")?;
        let mut body = self.prefilled(at, "sales_return", "delivery", delivery)?;
        body.insert("received_on".into(), json!(self.day()));
        self.part(&mut body);
        let id = self.create(at, "sales_return", Json::Object(body))?;
        self.act(at, "sales_return", &id, "receive", json!({})).map(|_| ())
    }
}
