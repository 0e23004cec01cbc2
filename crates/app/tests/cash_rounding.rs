//! Totals that coins can pay, an amount let off for paying early, and one that is due before the rest.

use crate::common::{self, World, no, on_both, raw, said, text};
use kernel::ProblemKind::Invalid;
use kernel::{Amount, Currency};
use serde_json::{Value as Json, json};

fn coins(world: &World, coin: &str, more: Json) -> String {
    let mut body = json!({ "name": format!("coins of {coin}"), "coin": coin });
    common::merge(&mut body, more);
    world.desk.create("cash_rounding", body).unwrap()
}

fn service(world: &World) -> String {
    world.product_with("S", "average", "10", json!({ "kind": "service" }))
}

fn figures(record: &Json) -> [String; 4] {
    ["net", "tax_amount", "rounding_amount", "total"].map(|field| text(&record[field]))
}

#[test]
fn terms_round_the_invoice_which_is_paid_and_given_back_to_the_coin() {
    on_both(|world| {
        let rounding = coins(world, "0.05", json!({}));
        assert_eq!(world.get("cash_rounding", &rounding)["currency"], "EUR");
        let term = json!({ "name": "by coins", "cash_rounding": rounding, "lines": [{ "share_rate": "0.5" }, { "days": 30 }] });
        let term = world.desk.create("payment_term", term).unwrap();
        let customer = world.customer_with("COIN", json!({ "terms": term }));
        let product = service(world);
        let lines = json!([{ "product": product, "qty": "1", "price": "10.03" }]);
        let body = json!({ "customer": customer, "ordered_on": world.day(0), "lines": lines });
        let order = world.desk.create("sales_order", body).unwrap();
        world.act("sales_order", &order, "confirm");
        // What is typed is shown rounded before it is saved.
        let prefilled = world.desk.prefilled("invoice", ("sales_order", &order)).unwrap();
        let preview = world.engine.preview(&world.desk.actor, "invoice", &prefilled).unwrap();
        assert_eq!(figures(&preview["record"]), ["10.03", "2.01", "0.01", "12.05"]);

        let invoice = world.invoiced(&order, json!({}));
        let record = world.get("invoice", &invoice);
        assert_eq!((figures(&record)[3].as_str(), &record["open_amount"]), ("12.05", &json!("12.05")));
        assert_eq!(record["cash_rounding"]["id"], rounding);
        let owed = world.number("select sum(open_amount) from open_item where doc_entity = 'invoice'", &[]);
        assert_eq!(owed, 1205);
        world.verified("a rounded invoice");
        let payment = world.paid(&invoice, json!({}));
        assert_eq!(world.get("payment", &payment)["amount"], "12.05");
        assert_eq!(world.get("invoice", &invoice)["payment_state"], "full");
        let paid = &world.get("sales_order", &order)["lines"][0]["paid_amount"];
        assert_eq!(paid, "12.04", "the line is paid, the rounding is nobody's");
        world.verified("its payment");

        let note = world.made_of("invoice", ("invoice", &invoice), None, json!({ "issued_on": world.day(0) }));
        world.act("invoice", &note, "post");
        assert_eq!(world.get("invoice", &note)["open_amount"], "-12.05");
        for account in ["7150", "4000", "2200"] {
            assert!(!world.balances_at(&[]).contains_key(account), "{account} is even again");
        }
        world.verified("its credit note");
        world.act("invoice", &note, "cancel");
        world.verified("the credit note taken back");
    });
}

#[test]
fn gains_and_losses_go_to_the_accounts_of_the_rounding_in_any_currency() {
    on_both(|world| {
        let account = |code: &str, kind: &str| {
            world
                .desk
                .create("account", json!({ "code": code, "name": code, "kind": kind, "used_for": "none" }))
                .unwrap()
        };
        let (gain, loss) = (account("4990", "income"), account("6990", "expense"));
        let accounts = json!({ "currency": "USD", "gain_account": gain, "loss_account": loss });
        let rounding = coins(world, "1", accounts);
        let customer = world.customer("BLUE", "USD");
        let product = world.product_with("S", "average", "10", json!({ "kind": "service", "sales_tax": null }));
        for (price, account, closing) in [("99.7", "4990", "-0.27"), ("100.4", "6990", "0.36")] {
            let line = json!([{ "product": product, "qty": "1", "price": price }]);
            let body = json!({
                "kind": "invoice", "customer": customer, "issued_on": world.day(0), "cash_rounding": rounding, "lines": line,
            });
            let invoice = world.desk.create("invoice", body).unwrap();
            world.act("invoice", &invoice, "post");
            assert_eq!(world.get("invoice", &invoice)["total"], "100.00");
            assert_eq!(world.balances_at(&[]).get(account).map(String::as_str), Some(closing));
            world.verified(account);
        }
    });
}

#[test]
fn what_cannot_be_rounded_is_told_with_what_helps() {
    on_both(|world| {
        let (customer, product) = (world.customer("BLUE", "USD"), service(world));
        let made = |body: Json| said(world.create(&world.desk.actor, "cash_rounding", body));
        assert_eq!(made(json!({ "name": "none", "coin": "0" })), no(Invalid, "no_coin", "coin"));
        let group = json!({ "code": "69", "name": "all", "kind": "expense", "used_for": "none", "is_group": true });
        let group = world.desk.create("account", group).unwrap();
        let body = json!({ "name": "group", "coin": "0.05", "loss_account": group });
        assert_eq!(made(body), no(Invalid, "group_account", "loss_account"));
        let euros = coins(world, "0.05", json!({}));
        let body = json!({
            "kind": "invoice", "customer": customer, "cash_rounding": euros, "lines": [{ "product": product, "qty": "1" }],
        });
        let told = said(world.create(&world.desk.actor, "invoice", body));
        assert_eq!(told, no(Invalid, "other_coins", "cash_rounding"));
        let term = |more: Json| {
            let mut body = json!({ "name": "early", "discount_days": 10, "lines": [{ "days": 30 }] });
            common::merge(&mut body, more);
            said(world.create(&world.desk.actor, "payment_term", body))
        };
        let both = json!({ "discount_rate": "0.1", "discount_amount": "50" });
        assert_eq!(term(both), no(Invalid, "part_and_amount", "discount_amount"));
        assert_eq!(term(json!({ "discount_amount": "-1" })), no(Invalid, "below_zero", "discount_amount"));
    });
}

#[test]
fn an_amount_let_off_is_of_one_currency_and_may_lower_the_tax_from_the_start() {
    on_both(|world| {
        let product = service(world);
        let term = json!({
            "name": "2 off", "discount_amount": "2", "discount_days": 10, "discount_of": "mixed", "lines": [{ "days": 30 }],
        });
        let term = world.desk.create("payment_term", term).unwrap();
        assert_eq!(world.get("payment_term", &term)["discount_currency"], "EUR");
        let invoice = |code: &str, currency: &str| {
            let customer = world.customer_with(code, json!({ "terms": term, "currency": currency }));
            let body = json!({
                "kind": "invoice", "customer": customer, "issued_on": world.day(0),
                "lines": [{ "product": product, "qty": "2", "price": "50" }],
            });
            let id = world.desk.create("invoice", body).unwrap();
            world.act("invoice", &id, "post");
            id
        };
        let (ours, foreign) = (invoice("OURS", "EUR"), invoice("USD", "USD"));
        // 20 % of 98; in dollars of 100.
        assert_eq!(world.get("invoice", &ours)["tax_amount"], "19.60");
        assert_eq!(world.get("invoice", &foreign)["tax_amount"], "20.00");
        // Half of it given back is half of the tax.
        let note = world.made_of("invoice", ("invoice", &ours), Some("1"), json!({ "issued_on": world.day(0) }));
        assert_eq!(world.get("invoice", &note)["tax_amount"], "9.80");
        let discount = |invoice: &str| {
            let prefilled = Json::Object(world.desk.prefilled("payment", ("invoice", invoice)).unwrap());
            (text(&prefilled["amount"]), text(&prefilled["lines"][0]["discount"]))
        };
        assert_eq!(discount(&ours), ("117.60".to_owned(), "2.00".to_owned()));
        assert_eq!(discount(&foreign).0, "120.00");
        let paid = world.paid(&ours, json!({}));
        assert_eq!(world.get("invoice", &ours)["payment_state"], "full");
        assert_ne!(raw(&world.engine, "payment", &paid), 0);
        world.verified("2 off");
    });
}

#[test]
fn a_deposit_of_a_fixed_amount_is_due_first_and_the_rest_later() {
    on_both(|world| {
        let service = world.product_with("S1", "average", "100", json!({ "kind": "service" }));
        let terms = |name: &str, lines: Json| {
            let made =
                world.create(&world.desk.actor, "payment_term", json!({ "name": name, "lines": lines })).unwrap();
            made["record"].clone()
        };
        // Of 240.00, 30.00 now, half of the whole at the end of the month, the rest in sixty days.
        let parts = json!([{ "amount": "30" }, { "share_rate": "0.5", "end_of_month": true }, { "days": 60 }]);
        let deposit = terms("30 down", parts);
        assert_eq!(deposit["lines"][0]["currency"], "EUR", "the company's, unless said");
        let small = terms("200 down", json!([{ "amount": "200" }, { "days": 60 }]));
        let dollars = terms("50 dollars down", json!([{ "amount": "50", "currency": "USD" }, { "days": 30 }]));
        let owed = |code: &str, currency: &str, terms: &Json, qty: &str| {
            let customer = world.customer_with(code, json!({ "currency": currency, "terms": terms["id"] }));
            let line = json!({ "product": service, "qty": qty, "price": "100" });
            let body = json!({ "kind": "invoice", "customer": customer, "issued_on": world.day(0), "lines": [line] });
            let id = common::id_of(&world.create(&world.desk.actor, "invoice", body)?);
            world.act("invoice", &id, "post");
            let sql = "select due_on, currency_amount from entry_line l join entry e on e.id = l.entry
                where e.doc_entity = 'invoice' and e.doc_id = ?1 and due_on is not null order by due_on";
            let args = [raw(&world.engine, "invoice", &id).into()];
            let rows = world.engine.database().read(|conn| Ok(conn.query(sql, &args)?));
            let rows: Vec<String> = rows.unwrap().iter().map(|row| format!("{} {}", row.text(0), row.int(1))).collect();
            Ok::<String, meta::Trouble>(rows.join(", "))
        };
        assert_eq!(owed("BLUE", "EUR", &deposit, "2").unwrap(), "2026-03-16 3000, 2026-03-31 12000, 2026-05-15 9000");
        assert_eq!(owed("SMALL", "EUR", &small, "1").unwrap(), "2026-03-16 12000", "no more than there is");
        let rate = kernel::Rate::parse("0.9").unwrap();
        let down = Amount::new(3000).convert_inverse(Currency::EUR, Currency::USD, rate).unwrap().raw();
        let expected = format!("2026-03-16 {down}, 2026-03-31 12000, 2026-05-15 {}", 12_000 - down);
        assert_eq!(owed("RED", "USD", &deposit, "2").unwrap(), expected);
        assert_eq!(owed("GREEN", "USD", &dollars, "1").unwrap(), "2026-03-16 5000, 2026-04-15 7000");
        assert_eq!(said(owed("GREY", "EUR", &dollars, "1")), no(Invalid, "other_currency", "terms"));
        world.verified("deposits");
    });
}
