//! Which tax a sale proposes: by whom it is to, where it goes, and what somebody chose.

use crate::common::{World, map, no, no_in_row, on_both, on_both_over_http, said, text};
use app::setup;
use kernel::ProblemKind::{Invalid, NotAllowed};
use serde_json::{Value as Json, json};

/// A record of the company by what stands in one of its fields, to the letter.
fn found(world: &World, (entity, field): (&str, &str), text: &str) -> String {
    let sql = format!("select id from {entity} where company = ?1 and {field} = ?2");
    let rows = world.engine.database().read(|conn| Ok(conn.query(&sql, &[world.company.into(), text.into()])?));
    let rows = rows.unwrap();
    let row = rows.first().unwrap_or_else(|| panic!("no {entity} {text}"));
    kernel::id_text(world.engine.entity(entity).unwrap().prefix, row.int(0))
}

fn tax(world: &World, code: &str) -> String {
    found(world, ("tax", "code"), code)
}

fn position(world: &World, name: &str) -> String {
    found(world, ("tax_position", "name"), name)
}

/// A service at 100.00 with a tax, or with the tax in its price.
fn service(world: &World, code: &str, price: &str) -> String {
    let more = json!({ "kind": "service", "sales_tax": tax(world, code) });
    world.product_with(&format!("S{code}"), "average", price, more)
}

/// A customer somewhere, with a tax number or none.
fn customer(world: &World, code: &str, country: &str, number: &str) -> String {
    world.customer_with(code, json!({ "country": country, "tax_number": number }))
}

fn label(of: &Json) -> String {
    of["label"].as_str().unwrap_or_default().to_owned()
}

/// What a document says: its tax position, and of its first line the tax, the price and the tax amount.
fn told(record: &Json) -> [String; 4] {
    let line = &record["lines"][0];
    let position = label(&record["tax_position"]);
    [position, label(&line["tax"]), text(&line["price"]), text(&line["tax_amount"])]
}

fn made(world: &World, entity: &str, customer: &str, product: &str, more: Json) -> String {
    let mut body = json!({ "customer": customer, "lines": [{ "product": product, "qty": "1" }] });
    if entity == "invoice" {
        body["kind"] = json!("invoice");
    }
    crate::common::merge(&mut body, more);
    world.desk.create(entity, body).unwrap()
}

#[test]
fn every_document_proposes_the_tax_of_whom_it_is_to_and_where_it_goes() {
    on_both_over_http(|world| {
        let product = service(world, "VAT19", "100");
        let usual = ["", "VAT 19%", "100", "19.00"];
        let export = ["Export outside the EU", "VAT 0% (export or exempt)", "100", "0.00"];
        let business = ["EU business (reverse charge)", "VAT 0% (within the EU, reverse charge)", "100", "0.00"];
        let private = ["EU private (taxed as at home)", "VAT 19%", "100", "19.00"];
        for (code, country, number, expected) in [
            ("HOME", "DE", "DE123456788", usual),
            ("OAKLAND", "US", "", export),
            ("ZURICH", "CH", "CHE-1", export),
            ("LYON", "FR", "FR00000000104", business),
            ("PAUL", "FR", "", private),
            ("MONACO", "MC", "FR00000000105", business),
            ("NOBODY", "", "", usual),
        ] {
            let customer = customer(world, code, country, number);
            for entity in ["quotation", "sales_order", "invoice"] {
                let id = made(world, entity, &customer, &product, json!({}));
                assert_eq!(told(&world.get(entity, &id)), expected, "{code} {entity}");
            }
        }
        // Goods go to where their address is, whatever country the customer is of.
        let address = |kind: &str, country: &str| json!({ "kind": kind, "line": "Street 1", "country": country });
        let addresses = json!([address("invoice", "DE"), address("delivery", "US")]);
        let abroad = world.customer_with("ABROAD", json!({ "country": "DE", "addresses": addresses }));
        let id = made(world, "sales_order", &abroad, &product, json!({}));
        assert_eq!(told(&world.get("sales_order", &id)), export);
        // A branch without a number has that of its head office.
        let head = customer(world, "HEAD", "NL", "NL000000105B01");
        let branch = world.customer_with("BRANCH", json!({ "country": "FR", "parent": head }));
        let id = made(world, "sales_order", &branch, &product, json!({}));
        assert_eq!(told(&world.get("sales_order", &id)), business);
    });
}

#[test]
fn what_is_typed_on_the_customer_or_the_document_wins() {
    on_both_over_http(|world| {
        let product = service(world, "VAT19", "100");
        let home = position(world, "Taxed as at home");
        let collects = world.customer_with("COLLECTS", json!({ "country": "US", "tax_position": home }));
        let order = made(world, "sales_order", &collects, &product, json!({}));
        assert_eq!(told(&world.get("sales_order", &order)), ["Taxed as at home", "VAT 19%", "100", "19.00"]);
        // One that is out of use is nobody's.
        world.desk.change("tax_position", &home, json!({ "active": false })).unwrap();
        let order = made(world, "sales_order", &collects, &product, json!({}));
        assert_eq!(told(&world.get("sales_order", &order))[0], "Export outside the EU");
        // Chosen on the document, and taken away again; a tax somebody chose stays as it is.
        let german = customer(world, "HOME", "DE", "");
        let seven = tax(world, "VAT7");
        let lines = json!([{ "product": product, "qty": "1" }, { "product": product, "qty": "1", "tax": seven }]);
        let order = world.desk.create("sales_order", json!({ "customer": german, "lines": lines })).unwrap();
        let taxes = || {
            let record = world.get("sales_order", &order);
            [0, 1].map(|row| text(&record["lines"][row]["tax_amount"]))
        };
        assert_eq!(taxes(), ["19.00", "7.00"]);
        let export = position(world, "Export outside the EU");
        world.desk.change("sales_order", &order, json!({ "tax_position": export })).unwrap();
        assert_eq!(taxes(), ["0.00", "7.00"], "who chose 7 % meant it");
        world.desk.change("sales_order", &order, json!({ "tax_position": null })).unwrap();
        assert_eq!(taxes(), ["19.00", "7.00"]);
        let order = made(world, "sales_order", &german, &product, json!({ "tax_position": export }));
        assert_eq!(told(&world.get("sales_order", &order))[3], "0.00");
    });
}

#[test]
fn another_customer_brings_another_position_and_its_taxes() {
    on_both_over_http(|world| {
        let product = service(world, "VAT19", "100");
        let (german, american) = (customer(world, "HOME", "DE", ""), customer(world, "OAKLAND", "US", ""));
        for entity in ["quotation", "sales_order", "invoice"] {
            let id = made(world, entity, &german, &product, json!({}));
            world.desk.change(entity, &id, json!({ "customer": american })).unwrap();
            assert_eq!(told(&world.get(entity, &id))[3], "0.00", "{entity}");
            world.desk.change(entity, &id, json!({ "customer": german })).unwrap();
            assert_eq!(told(&world.get(entity, &id)), ["", "VAT 19%", "100", "19.00"], "{entity}");
        }
    });
}

#[test]
fn nobody_pays_a_tax_in_the_price_that_is_not_charged() {
    on_both_over_http(|world| {
        let product = service(world, "VAT19I", "119");
        let (german, american) = (customer(world, "HOME", "DE", ""), customer(world, "OAKLAND", "US", ""));
        let at_home = made(world, "sales_order", &german, &product, json!({}));
        assert_eq!(told(&world.get("sales_order", &at_home)), ["", "VAT 19% included", "119", "19.00"]);
        let abroad = made(world, "sales_order", &american, &product, json!({}));
        assert_eq!(told(&world.get("sales_order", &abroad))[2..], ["100", "0.00"]);
        world.desk.change("sales_order", &at_home, json!({ "customer": american })).unwrap();
        assert_eq!(told(&world.get("sales_order", &at_home))[2..], ["100", "0.00"]);
        // A price list with tax in its prices means that of the product.
        let lines = json!([{ "product": product, "price": "238" }]);
        let list = json!({ "name": "with tax", "currency": "EUR", "tax_included": true, "lines": lines });
        let list = world.desk.create("price_list", list).unwrap();
        let order = made(world, "sales_order", &american, &product, json!({ "price_list": list }));
        assert_eq!(told(&world.get("sales_order", &order))[2..], ["200", "0.00"]);
    });
}

#[test]
fn what_was_agreed_goes_with_the_documents_made_of_it_and_is_told_on_paper() {
    on_both_over_http(|world| {
        let goods = world.product_with("LAMP", "average", "100", json!({ "sales_tax": tax(world, "VAT19") }));
        world.receive(&world.day(0), &goods, "9", "6");
        let french = customer(world, "LYON", "FR", "FR00000000104");
        let quotation = made(world, "quotation", &french, &goods, json!({}));
        let accepted = world.act("quotation", &quotation, "accept");
        let order = text(&accepted["posted"]["created"][0]["id"]);
        // Whatever they are from now on, what was offered stands.
        world.desk.change("party", &french, json!({ "tax_number": "" })).unwrap();
        world.act("sales_order", &order, "confirm");
        let delivery = world.shipped(&order, None);
        let invoice = world.invoiced(&order, json!({}));
        let note = world.made_of("invoice", ("invoice", &invoice), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &note, "post");
        for (entity, id) in [
            ("quotation", &quotation),
            ("sales_order", &order),
            ("delivery", &delivery),
            ("invoice", &invoice),
            ("invoice", &note),
        ] {
            let record = world.get(entity, id);
            assert_eq!(told(&record)[0], "EU business (reverse charge)", "{entity}");
            assert_eq!(told(&record)[3], "0.00", "{entity}");
        }
        // The words are those of the day it left the house.
        let eu = position(world, "EU business (reverse charge)");
        world.desk.change("tax_position", &eu, json!({ "note_en": "other words" })).unwrap();
        let said = |id: &str| world.get("invoice", id)["letterhead"]["tax_note"].clone();
        assert!(text(&said(&invoice)["en"]).contains("reverse charge"), "{}", said(&invoice));
        assert!(text(&said(&note)["zh"]).contains("反向征收"), "{}", said(&note));
        // Who gives back by hand gives back what was charged.
        let (_, _, other) = world.sale(&customer(world, "LILLE", "FR", "FR00000000106"), &goods, "2");
        let lines = json!([{ "product": goods, "qty": "1" }]);
        let customer = text(&world.get("invoice", &other)["customer"]["id"]);
        world.desk.change("party", &customer, json!({ "tax_number": "" })).unwrap();
        let body = json!({ "kind": "credit_note", "customer": customer, "credits": other, "lines": lines });
        let by_hand = world.get("invoice", &world.desk.create("invoice", body).unwrap());
        assert_eq!(told(&by_hand)[0], "EU business (reverse charge)");
        // At home nothing is said.
        let german = world.customer_with("HOME", json!({ "country": "DE" }));
        let (_, _, plain) = world.sale(&german, &goods, "1");
        assert_eq!(said(&plain), Json::Null);
        assert_eq!(told(&world.get("invoice", &plain))[3], "19.00");
        world.verified("exports");
    });
}

#[test]
fn goods_that_nobody_ordered_leave_without_the_tax_of_home() {
    on_both(|world| {
        let goods = world.product_with("LAMP", "average", "100", json!({ "sales_tax": tax(world, "VAT19") }));
        let american = customer(world, "OAKLAND", "US", "");
        let delivery = made(world, "delivery", &american, &goods, json!({}));
        assert_eq!(told(&world.get("delivery", &delivery))[3], "0.00");
    });
}

#[test]
fn a_position_that_says_nothing_sensible_is_refused() {
    on_both(|world| {
        let (vat, free, input) = (tax(world, "VAT19"), tax(world, "VAT0"), tax(world, "VAT19P"));
        let refused = |lines: Json| {
            let body = json!({ "name": "odd", "area": "abroad", "lines": lines });
            said(world.create(&world.desk.actor, "tax_position", body))
        };
        let line = |replaces: &str, charges: Option<&str>| json!({ "replaces": replaces, "charges": charges });
        let twice = json!([line(&vat, Some(&free)), line(&vat, None)]);
        assert_eq!(refused(twice), no_in_row(Invalid, "replaced_twice", "lines.replaces", 1));
        let itself = json!([line(&vat, Some(&vat))]);
        assert_eq!(refused(itself), no_in_row(Invalid, "replaced_by_itself", "lines.charges", 0));
        assert_eq!(refused(json!([line(&input, None)])), no_in_row(Invalid, "purchase_tax", "lines.replaces", 0));
        let bought = json!([line(&vat, Some(&input))]);
        assert_eq!(refused(bought), no_in_row(Invalid, "purchase_tax", "lines.charges", 0));
        let body = json!({ "name": "odd", "area": "country" });
        assert_eq!(said(world.create(&world.desk.actor, "tax_position", body)), no(Invalid, "no_country", "country"));

        // Of another company, neither its taxes nor its positions are taken.
        let theirs = |entity: &str| setup::first(&world.engine, world.other, entity).unwrap().unwrap();
        let foreign = refused(json!([line(&theirs("tax"), None)]));
        assert_eq!(foreign.field, "lines.replaces");
        let (product, german) = (service(world, "VAT19", "100"), customer(world, "HOME", "DE", ""));
        for (entity, body) in [
            ("party", json!({ "code": "X", "name": "X", "is_customer": true })),
            ("sales_order", json!({ "customer": german, "lines": [{ "product": product, "qty": "1" }] })),
        ] {
            let mut body = body;
            body["tax_position"] = json!(theirs("tax_position"));
            let told = said(world.create(&world.desk.actor, entity, body));
            assert_eq!((told.field.as_str(), told.kind), ("tax_position", Invalid), "{entity}");
        }
    });
}

#[test]
fn sellers_see_positions_and_only_accountants_change_them() {
    on_both(|world| {
        let body = |name: &str| json!({ "name": name, "area": "country", "country": "JP" });
        let seller = world.as_user("seller", "sales_rep");
        assert_eq!(said(world.create(&seller.actor, "tax_position", body("Japan"))).kind, NotAllowed);
        let id = world.as_user("books", "accountant").create("tax_position", body("Japan")).unwrap();
        assert_eq!(seller.get("tax_position", &id).unwrap()["country"], "JP");
    });
}

#[test]
fn a_tax_on_purchases_is_neither_offered_nor_taken_on_sales() {
    on_both(|world| {
        let (product, input, vat) = (service(world, "VAT19", "100"), tax(world, "VAT19P"), tax(world, "VAT19"));
        let home = customer(world, "HOME", "DE", "");
        let group =
            json!({ "code": "G", "name": "Group", "kind": "group", "parts": [{ "tax": vat }, { "tax": input }] });
        let group = world.desk.create("tax", group).unwrap();
        for entity in ["quotation", "sales_order", "delivery", "invoice"] {
            let meta = world.engine.entity(entity).unwrap().within("lines.tax").unwrap().1;
            let only = meta::ListQuery { filter: meta::Filter::parse_text(meta.only).unwrap(), ..Default::default() };
            let offered = world.engine.list(&world.desk.actor, "tax", &only).unwrap();
            let offered: Vec<String> =
                offered["rows"].as_array().unwrap().iter().map(|row| text(&row["code"])).collect();
            assert!(offered.contains(&"VAT19".to_owned()), "{entity}: {offered:?}");
            assert!(!offered.contains(&"VAT19P".to_owned()), "{entity}: {offered:?}");
            for bought in [&input, &group] {
                let mut body =
                    json!({ "customer": home, "lines": [{ "product": product, "qty": "1", "tax": bought }] });
                if entity == "invoice" {
                    body["kind"] = json!("invoice");
                }
                let told = said(world.create(&world.desk.actor, entity, body));
                assert_eq!(told, no_in_row(Invalid, "purchase_tax", "lines.tax", 0), "{entity}");
            }
            // Services are not delivered.
            if entity != "delivery" {
                made(
                    world,
                    entity,
                    &home,
                    &product,
                    json!({ "lines": [{ "product": product, "qty": "1", "tax": vat }] }),
                );
            }
        }
    });
}

#[test]
fn a_line_that_says_no_tax_has_none_and_one_that_says_nothing_has_that_of_the_product() {
    on_both(|world| {
        let customer = world.customer("BLUE", "EUR");
        let lamp = world.product("L1", "average", "10");
        world.receive(&world.day(0), &lamp, "9", "6");
        for (entity, day) in [
            ("quotation", "quoted_on"),
            ("sales_order", "ordered_on"),
            ("delivery", "shipped_on"),
            ("invoice", "issued_on"),
        ] {
            let lines = json!([
                { "product": lamp, "qty": "1" }, { "product": lamp, "qty": "1", "tax": null },
                { "product": lamp, "qty": "1", "tax": world.tax },
            ]);
            let body = json!({ "customer": customer, day: world.day(0), "lines": lines });
            let taxes = |record: &Json| -> Vec<Json> {
                record["lines"].as_array().unwrap().iter().map(|line| line["tax"]["id"].clone()).collect()
            };
            let (taxed, none) = (json!(world.tax), Json::Null);
            // While it is typed, and when it is saved.
            let typed = world.engine.preview(&world.desk.actor, entity, &map(body.clone())).unwrap();
            assert_eq!(taxes(&typed["record"]), [taxed.clone(), none.clone(), taxed.clone()], "{entity}");
            // Also where nothing could be completed yet.
            let nobody = json!({ "lines": [{ "product": lamp, "qty": "1", "tax": null }] });
            let typed = world.engine.preview(&world.desk.actor, entity, &map(nobody)).unwrap();
            assert_eq!(typed["record"]["lines"][0]["tax"], Json::Null, "{entity}");
            let id = world.desk.create(entity, body).unwrap();
            let saved = world.get(entity, &id);
            assert_eq!(taxes(&saved), [taxed.clone(), none.clone(), taxed.clone()], "{entity}");
            // A changed line: not said stays, null is none; another product brings its own.
            let line = |at: usize| saved["lines"][at]["id"].clone();
            let lines = json!([{ "id": line(0), "tax": null }, { "id": line(1) }, { "id": line(2), "qty": "2" }]);
            world.desk.change(entity, &id, json!({ "lines": lines })).unwrap();
            assert_eq!(taxes(&world.get(entity, &id)), [none.clone(), none, taxed], "{entity}");
        }
    });
}
