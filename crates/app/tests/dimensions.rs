//! What entries are about besides their accounts: said, needed, forbidden, usual, split to the cent, and summed up.

use crate::common::{self, World, id_of, no_in_row, on_both, said};
use kernel::ProblemKind::{Conflict, Invalid, NotNow};
use serde_json::{Value as Json, json};

/// A company with cost centres and projects.
struct Shop<'a> {
    world: &'a World,
    axis: String,
    workshop: String,
    office: String,
    spring: String,
    rent: String,
}

impl Shop<'_> {
    fn of(world: &World) -> Shop<'_> {
        let made = |entity: &str, body: Json| id_of(&world.create(&world.desk.actor, entity, body).unwrap());
        let axis = made("dimension", json!({ "code": "CC", "name": "Cost centre" }));
        let projects = made("dimension", json!({ "code": "PR", "name": "Project" }));
        let value = |axis: &str, code: &str, parent: Option<&str>| {
            made(
                "dimension_value",
                json!({ "dimension": axis, "code": code, "name": code.to_lowercase(), "parent": parent }),
            )
        };
        let house = value(&axis, "HOUSE", None);
        let workshop = value(&axis, "WORK", Some(&house));
        let office = value(&axis, "OFFICE", Some(&house));
        let spring = value(&projects, "SPRING", None);
        let rent =
            made("account", json!({ "code": "66020001", "name": "Rent", "kind": "expense", "used_for": "none" }));
        Shop { world, axis, workshop, office, spring, rent }
    }

    fn set(&self, parts: &[(&str, &str)]) -> Result<Json, meta::Trouble> {
        let parts = parts.iter().map(|(value, share)| json!({ "value": value, "share": share }));
        self.world.create(&self.world.desk.actor, "dimension_set", json!({ "parts": parts.collect::<Vec<_>>() }))
    }

    fn entry(&self, on: &str, amount: &str, set: Option<&str>) -> Result<Json, meta::Trouble> {
        let lines = json!([
            { "account": self.rent, "debit": amount, "dimensions": set }, { "account": self.world.bank, "credit": amount },
        ]);
        let body = json!({ "posted_on": on, "journal": "general", "lines": lines });
        self.world.create(&self.world.desk.actor, "journal_entry", body)
    }

    fn posted(&self, on: &str, amount: &str, set: Option<&str>) -> String {
        let id = id_of(&self.entry(on, amount, set).unwrap());
        self.world.act("journal_entry", &id, "post");
        id
    }

    /// The report of the cost centres: what stands in each row, and its closing.
    fn told(&self, params: &[(&str, &str)]) -> Vec<(String, String)> {
        let all = [&[("dimension", self.axis.as_str())], params].concat();
        let report = self.world.report("dimension_balances", &all);
        let rows = report["rows"].as_array().unwrap().iter().map(|row| {
            let what = &row["cells"]["what"];
            let label = what["label"].as_str().or(what.as_str()).unwrap_or_default().to_owned();
            (label, common::text(&row["cells"]["closing"]))
        });
        rows.collect()
    }
}

fn rows(told: &[(&str, &str)]) -> Vec<(String, String)> {
    told.iter().map(|(what, closing)| ((*what).to_owned(), (*closing).to_owned())).collect()
}

#[test]
fn a_line_is_split_to_the_cent_summed_up_and_mirrored() {
    on_both(|world| {
        let shop = Shop::of(world);
        let both = id_of(&shop.set(&[(&shop.workshop, "0.5"), (&shop.office, "0.5"), (&shop.spring, "1")]).unwrap());
        assert_eq!(world.get("dimension_set", &both)["name"], "OFFICE 50% + WORK 50%, SPRING");
        let today = world.day(0);
        let entry = shop.posted(&today, "10.01", Some(&both));
        shop.posted(&today, "3.00", None);
        let seen = || shop.told(&[("as_of", &today)]);
        let told = rows(&[
            ("HOUSE house", "10.01"),
            ("OFFICE office", "5.00"),
            ("66020001 Rent", "5.00"),
            ("WORK work", "5.01"),
            ("66020001 Rent", "5.01"),
            ("Without a value", "3.00"),
            ("66020001 Rent", "3.00"),
        ]);
        assert_eq!(seen(), told);
        world.verified("a line was split");

        let then = world.moment();
        world.days_pass(1);
        world.act("journal_entry", &entry, "cancel");
        let tomorrow = world.day(0);
        let left = shop.told(&[("as_of", &tomorrow)]);
        assert!(
            left.iter()
                .filter(|(what, _)| what != "66020001 Rent")
                .all(|(what, sum)| what == "Without a value" || sum == "0.00"),
            "{left:?}"
        );
        assert_eq!(shop.told(&[("as_of", &tomorrow), ("known_at", &then)]), told, "as it was known");
        world.verified("it was mirrored");
    });
}

#[test]
fn what_an_account_needs_is_asked_for_and_what_it_may_not_have_refused() {
    on_both(|world| {
        let shop = Shop::of(world);
        let made = |entity: &str, body: Json| id_of(&world.create(&world.desk.actor, entity, body).unwrap());
        let today = world.day(0);
        let work = id_of(&shop.set(&[(&shop.workshop, "1")]).unwrap());
        let rule = made("dimension_rule", json!({ "dimension": shop.axis, "accounts": "6602", "need": "required" }));
        assert_eq!(said(shop.entry(&today, "5.00", None)), no_in_row(Invalid, "needed", "lines.dimensions", 0));
        shop.posted(&today, "5.00", Some(&work));
        world.change(&world.desk.actor, "dimension_rule", &rule, json!({ "value": shop.office })).unwrap();
        shop.posted(&today, "2.00", None);
        let told = rows(&[
            ("HOUSE house", "7.00"),
            ("OFFICE office", "2.00"),
            ("66020001 Rent", "2.00"),
            ("WORK work", "5.00"),
            ("66020001 Rent", "5.00"),
        ]);
        assert_eq!(shop.told(&[("as_of", &today)]), told);
        world
            .change(&world.desk.actor, "dimension_rule", &rule, json!({ "value": null, "need": "forbidden" }))
            .unwrap();
        assert_eq!(
            said(shop.entry(&today, "5.00", Some(&work))),
            no_in_row(Invalid, "forbidden", "lines.dimensions", 0)
        );
        world.change(&world.desk.actor, "dimension_rule", &rule, json!({ "active": false })).unwrap();
        world
            .change(&world.desk.actor, "dimension_value", &shop.workshop, json!({ "valid_until": world.day(-1) }))
            .unwrap();
        assert_eq!(
            said(shop.entry(&today, "5.00", Some(&work))),
            no_in_row(Invalid, "out_of_use", "lines.dimensions", 0)
        );
        shop.posted(&world.day(-1), "1.00", Some(&work));
        world.verified("rules were kept");
    });
}

#[test]
fn the_same_values_are_one_set_whole_and_never_changed() {
    on_both(|world| {
        let shop = Shop::of(world);
        let set = id_of(&shop.set(&[(&shop.workshop, "0.3"), (&shop.office, "0.7")]).unwrap());
        assert_eq!(said(shop.set(&[(&shop.office, "0.7"), (&shop.workshop, "0.3")])).code, "is_there");
        assert_eq!(said(shop.set(&[(&shop.office, "0.7"), (&shop.workshop, "0.2")])).code, "not_whole");
        assert_eq!(said(shop.set(&[(&shop.office, "1.7"), (&shop.workshop, "-0.7")])).code, "strange_share");
        assert_eq!(said(shop.set(&[(&shop.office, "0.5"), (&shop.office, "0.5")])).code, "twice");
        let other = json!({ "parts": [{ "value": shop.workshop, "share": "1" }] });
        let refused = said(world.change(&world.desk.actor, "dimension_set", &set, other));
        assert_eq!((refused.kind, refused.code), (NotNow, "stays"));
        let refused = said(world.change(&world.desk.actor, "dimension_value", &shop.office, json!({ "code": "O" })));
        assert_eq!((refused.kind, refused.code), (NotNow, "in_use"));
        let twin = json!({ "dimension": shop.axis, "code": "WORK", "name": "twin" });
        let refused = said(world.create(&world.desk.actor, "dimension_value", twin));
        assert_eq!((refused.kind, refused.code), (Conflict, "code_taken"));
        // What another company's values are about is nothing here.
        let theirs = json!({ "parts": [{ "value": shop.workshop, "share": "1" }] });
        assert_eq!(said(world.create(&world.elsewhere().actor, "dimension_set", theirs)).field, "parts.value");
    });
}
