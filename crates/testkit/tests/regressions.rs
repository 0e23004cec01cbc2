//! What the simulation found once, as short as it can be told.

use std::path::PathBuf;

use app::driver::Driver;
use app::setup;
use serde_json::{Value as Json, json};
use store::Target;
use testkit::world::World;

struct Stage {
    world: World,
    desk: Driver,
    folder: PathBuf,
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Stage {
    /// The company in yuan, before anything happened.
    fn new(name: &str) -> Stage {
        let folder = std::env::temp_dir().join(format!("heyi-regression-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let world = World::new(Target::Sqlite(folder.join("heyi.db")), 1, 1000).expect("a world");
        let company = world.number("select min(id) from company");
        let desk = Driver::system(&world.engine, company).expect("a desk");
        Stage { world, desk, folder }
    }

    fn find(&self, entity: &str, code: &str) -> String {
        let company = self.desk.actor.company;
        let found = setup::find(&self.world.engine, company, entity, "code", code).expect("a search");
        found.unwrap_or_else(|| panic!("no {entity} {code}"))
    }

    fn today(&self) -> String {
        self.world.engine.today().to_string()
    }

    fn make(&self, entity: &str, body: Json, action: &str) -> String {
        let id = self.desk.create(entity, body).unwrap_or_else(|why| panic!("{why}"));
        self.desk.act(entity, &id, action, json!({})).unwrap_or_else(|why| panic!("{why}"));
        id
    }

    fn of(&self, entity: &str, from: (&str, &str), change: &[(&str, Json)]) -> Json {
        let mut body = self.desk.prefilled(entity, from).unwrap_or_else(|why| panic!("{why}"));
        for (field, value) in change {
            match value {
                Json::Null => drop(body.remove(*field)),
                value => drop(body.insert((*field).to_owned(), value.clone())),
            }
        }
        Json::Object(body)
    }

    fn audit(&mut self) {
        let engine = self.world.engine.clone();
        self.world.auditor.forget();
        self.world.auditor.whole(&engine).unwrap_or_else(|why| panic!("{why}"));
    }
}

#[test]
fn a_credit_note_at_another_rate_leaves_no_exposure() {
    let mut stage = Stage::new("credit");
    let (customer, product) = (stage.find("party", "C01"), stage.find("product", "S00"));
    let lines = json!([{ "product": product, "qty": "3", "price": "33.33" }]);
    let body =
        json!({ "customer": customer, "currency": "EUR", "rate": "7.8", "issued_on": stage.today(), "lines": lines });
    let invoice = stage.make("invoice", body, "post");
    let note = stage.of("invoice", ("invoice", &invoice), &[("rate", json!("8.1")), ("rate_of", json!("EUR"))]);
    stage.make("invoice", note, "post");
    stage.audit();
}

#[test]
fn a_new_standard_comes_before_the_move_that_brings_it() {
    let mut stage = Stage::new("standard");
    let (product, place) =
        (stage.find("product", "P02"), setup::stock_place(&stage.world.engine, stage.desk.actor.company));
    let place = place.expect("a place");
    stage.desk.change("product", &product, json!({ "standard_cost": "7.5" })).expect("a new standard");
    let lines = json!([{ "product": product, "qty": "5", "unit_cost": "6" }]);
    let body = json!({ "kind": "receipt", "place": place, "moved_on": stage.today(), "lines": lines });
    stage.make("stock_adjustment", body, "post");
    stage.audit();
}

#[test]
fn the_delivery_of_a_closed_order_is_cancelled_only_when_the_order_is_open_again() {
    let mut stage = Stage::new("closed");
    let (customer, product) = (stage.find("party", "C00"), stage.find("product", "P00"));
    let lines = json!([{ "product": product, "qty": "12", "price": "10" }]);
    let body = json!({ "customer": customer, "ordered_on": stage.today(), "lines": lines });
    let order = stage.make("sales_order", body, "confirm");
    let delivery = stage.of("delivery", ("sales_order", &order), &[]);
    let delivery = stage.make("delivery", delivery, "ship");
    stage.desk.act("sales_order", &order, "close", json!({})).expect("it is closed");
    let refused = stage.desk.act("delivery", &delivery, "cancel", json!({})).expect_err("the order is closed");
    assert!(refused.to_string().contains("reopen"), "{refused}");
    stage.audit();
    stage.desk.act("sales_order", &order, "reopen", json!({})).expect("it is open again");
    stage.desk.act("delivery", &delivery, "cancel", json!({})).expect("the goods are back");
    stage.audit();
}

#[test]
fn a_second_rate_of_the_same_day_is_refused_not_a_fault() {
    let stage = Stage::new("rate");
    let body = json!({ "currency": "EUR", "valid_on": stage.today(), "rate": "7.7" });
    stage.desk.create("currency_rate", body.clone()).expect("the first rate");
    let refused = stage.desk.create("currency_rate", body).expect_err("the second rate");
    assert!(refused.to_string().contains("already"), "{refused}");
}

#[test]
fn an_order_invoiced_credited_and_cancelled_commits_nothing() {
    let mut stage = Stage::new("cancelled");
    let (customer, product) = (stage.find("party", "C00"), stage.find("product", "P00"));
    let lines = json!([{ "product": product, "qty": "12", "price": "10" }]);
    let body = json!({ "customer": customer, "ordered_on": stage.today(), "lines": lines });
    let order = stage.make("sales_order", body, "confirm");
    let line = stage.desk.get("sales_order", &order).expect("the order")["lines"][0]["id"].clone();
    let lines = json!([{ "product": product, "order_line": line, "qty": "5", "price": "10" }]);
    let body = json!({ "customer": customer, "sales_order": order, "issued_on": stage.today(), "lines": lines });
    let invoice = stage.make("invoice", body, "post");
    let note = stage.of("invoice", ("invoice", &invoice), &[]);
    stage.make("invoice", note, "post");
    stage.desk.act("sales_order", &order, "cancel", json!({})).expect("it is cancelled");
    assert_eq!(stage.world.number("select sum(amount) from commitment where kind = 'ordered'"), 0);
    stage.audit();
}

#[test]
fn a_cancelled_invoice_is_not_credited() {
    let mut stage = Stage::new("note");
    let (customer, product) = (stage.find("party", "C00"), stage.find("product", "P00"));
    let place = setup::stock_place(&stage.world.engine, stage.desk.actor.company).expect("a place");
    let lines = json!([{ "product": product, "qty": "2", "price": "10" }]);
    let body = json!({ "customer": customer, "ship_from": place, "issued_on": stage.today(), "lines": lines });
    let invoice = stage.make("invoice", body, "post");
    let note = stage.of("invoice", ("invoice", &invoice), &[]);
    let note = stage.desk.create("invoice", note).expect("a draft");
    stage.desk.act("invoice", &invoice, "cancel", json!({})).expect("it is cancelled");
    let refused = stage.desk.act("invoice", &note, "post", json!({})).expect_err("nothing to give back");
    assert!(refused.to_string().contains("not in the books"), "{refused}");
    stage.audit();
}
