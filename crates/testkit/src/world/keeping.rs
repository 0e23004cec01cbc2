//! Goods that are not sold: counted, lost, found, moved, valued anew.

use serde_json::json;

use super::World;

impl World {
    pub(super) fn adjust(&mut self, at: usize) -> Result<(), ()> {
        let kind = *self.dice.pick(&["receipt", "receipt", "receipt", "receipt", "count", "loss", "found"]);
        let mut lines = Vec::new();
        for _ in 0..1 + self.dice.below(4) {
            let product = self.dice.pick(&self.firms[at].products).clone();
            let qty = if kind == "loss" { self.qty(6) } else { self.qty(60) };
            let mut line = json!({ "product": product });
            match kind {
                "count" => line["counted_qty"] = json!(format!("{}", self.dice.below(80))),
                _ => line["qty"] = json!(qty),
            }
            if kind != "loss" && self.dice.chance(85) {
                line["unit_cost"] = json!(format!("{}.{:04}", self.dice.below(90), self.dice.below(10_000)));
            }
            if let (Some(unit), true) = (self.firms[at].other_unit.clone(), self.dice.chance(15)) {
                line["unit"] = json!(unit);
            }
            lines.push(line);
        }
        let place = self.dice.pick(&self.firms[at].places).clone();
        let body = json!({ "kind": kind, "place": place, "moved_on": self.day(), "lines": lines });
        let id = self.create(at, "stock_adjustment", body)?;
        self.act(at, "stock_adjustment", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn transfer(&mut self, at: usize) -> Result<(), ()> {
        let (from, to) =
            (self.dice.pick(&self.firms[at].places).clone(), self.dice.pick(&self.firms[at].places).clone());
        let product = self.dice.pick(&self.firms[at].products).clone();
        let mut lines = json!([{ "product": product, "qty": self.qty(12) }]);
        if let (Some(unit), true) = (self.firms[at].other_unit.clone(), self.dice.chance(20)) {
            lines[0]["unit"] = json!(unit);
        }
        let body = json!({ "from_place": from, "to_place": to, "moved_on": self.day(), "lines": lines });
        let id = self.create(at, "stock_transfer", body)?;
        self.act(at, "stock_transfer", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn revalue(&mut self, at: usize) -> Result<(), ()> {
        let product = self.dice.pick(&self.firms[at].products).clone();
        let cost = format!("{}.{:03}", self.dice.below(60), self.dice.below(1000));
        let on = if self.dice.chance(80) { self.engine.today().to_string() } else { self.day() };
        let place = self.dice.pick(&self.firms[at].places).clone();
        let lines = json!([{ "product": product, "unit_cost": cost }]);
        let body = json!({ "kind": "revaluation", "place": place, "moved_on": on, "lines": lines });
        let id = self.create(at, "stock_adjustment", body)?;
        self.act(at, "stock_adjustment", &id, "post", json!({})).map(|_| ())
    }

    pub(super) fn new_standard(&mut self, at: usize) -> Result<(), ()> {
        let product = self.dice.pick(&self.firms[at].products).clone();
        let id = self.raw("product", &product);
        let cost = format!("{}.{:03}", 1 + self.dice.below(60), self.dice.below(1000));
        self.change(at, "product", id, json!({ "standard_cost": cost }))
    }
}
