//! What a role sees and does not write, what it is sold at, and what it cost: each is the business of some and not of others.

use crate::common::rim::{Answer, PASSWORD, Rim};
use crate::common::{World, on_both};
use kernel::id_text;
use serde_json::{Value as Json, json};

/// Status, code and field of the first problem.
fn told(answer: &Answer) -> (u16, String, String) {
    let problem = &answer.json()["problems"][0];
    let word = |name: &str| problem[name].as_str().unwrap_or("").to_owned();
    (answer.status, word("code"), word("field"))
}

fn no(code: &str, field: &str) -> (u16, String, String) {
    (403, code.to_owned(), field.to_owned())
}

/// Changes a record as somebody, in its present version.
fn patch(world: &World, rim: &Rim, who: &str, entity: &str, id: &str, mut body: Json) -> Answer {
    body["version"] = world.get(entity, id)["version"].clone();
    rim.json(who, "PATCH", &format!("/api/{entity}/{id}"), &body)
}

fn of_company(world: &World, entity: &str, skip: i64) -> String {
    let sql = format!("select id from {entity} where company = ?1 and id <> ?2 order by id");
    let prefix = world.engine.registry().entity(entity).unwrap().prefix;
    id_text(prefix, world.number(&sql, &[world.company.into(), skip.into()]))
}

#[test]
fn who_sells_does_not_write_what_restrains_them() {
    on_both(|world| {
        let rim = Rim::of(world);
        let company = id_text("co", world.company);
        let limit = |amount: Json| {
            world.change(&world.desk.actor, "company", &company, json!({ "default_credit_limit": amount }))
        };
        assert_eq!(crate::common::said(limit(json!("-1.00"))).code, "negative_limit");
        limit(json!("5000.00")).unwrap();
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let owner = id_text("us", world.user("sam", "sales_rep"));
        let terms = of_company(world, "payment_term", 0);
        let blue = json!({ "credit_limit": "100.00", "terms": terms, "owner": owner });
        let blue = world.customer_with("BLUE", blue);
        let change = |who: &str, body: Json| patch(world, &rim, who, "party", &blue, body);
        let all = [
            json!({ "credit_limit": "99999999.00" }),
            json!({ "credit_limit": null }),
            json!({ "terms": null }),
            json!({ "terms": of_company(world, "payment_term", kernel::id_parse("pt", &terms).unwrap_or(0)) }),
        ];
        for body in all {
            let field = body.as_object().unwrap().keys().next().unwrap().clone();
            assert_eq!(told(&change(&sam, body)), no("field_read_only", &field));
        }
        // What is sent as it was is no change; the rest is theirs.
        let body =
            json!({ "credit_limit": "100.00", "terms": terms, "phone": "+49 30 1", "tax_number": "DE123456789" });
        let answer = change(&sam, body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(world.get("party", &blue)["credit_limit"], "100.00");
        // A new customer has the limit of the company, whatever the salesperson wishes.
        let new = |more: Json| {
            let mut body = json!({ "code": "RED", "name": "Red Ltd", "is_customer": true });
            crate::common::merge(&mut body, more);
            body
        };
        let made = rim.json(&sam, "POST", "/api/party", &new(json!({ "credit_limit": "99999999.00" })));
        assert_eq!(told(&made), no("field_read_only", "credit_limit"));
        let shown = rim.json(&sam, "POST", "/api/party/preview", &new(json!({ "credit_limit": "7.00" }))).json();
        assert_eq!(shown["problems"][0]["field"], "credit_limit", "{shown}");
        let made = rim.json(&sam, "POST", "/api/party", &new(json!({}))).json();
        assert_eq!(made["record"]["credit_limit"], "5000.00", "{made}");
        // Nor is a supplier made a customer without one.
        let body = json!({ "code": "OAK", "name": "Oak", "is_supplier": true, "is_customer": false });
        let oak = rim.json(&sam, "POST", "/api/party", &body).json();
        assert_eq!(oak["record"]["credit_limit"], json!(null), "{oak}");
        let oak = oak["record"]["id"].as_str().unwrap().to_owned();
        let answer = patch(world, &rim, &sam, "party", &oak, json!({ "is_customer": true }));
        assert_eq!(answer.json()["record"]["credit_limit"], "5000.00", "{}", answer.text());
        // Forms show it and let nobody type.
        let described = rim.get(&sam, "/api/meta").json();
        let fields = described["entities"]["party"]["fields"].as_array().unwrap();
        let is_readonly =
            |name: &str| fields.iter().find(|field| field["name"] == name).unwrap()["readonly"] == json!(true);
        assert_eq!(["credit_limit", "terms", "tax_number", "phone"].map(is_readonly), [true, true, false, false]);
        // Those who answer for it write it; and nobody is the poorer for a second role.
        for (login, role) in [("ann", "accountant"), ("max", "manager")] {
            let who = rim.signed_in(world, login, role);
            let answer = change(&who, json!({ "credit_limit": "250.00", "terms": null }));
            assert_eq!(answer.status, 200, "{}", answer.text());
            change(&who, json!({ "credit_limit": "100.00", "terms": terms }));
        }
        let role = id_text("ro", world.number("select id from role where code = 'accountant'", &[]));
        world.desk.create("user_role", json!({ "user": owner, "role": role })).unwrap();
        assert_eq!(change(&sam, json!({ "credit_limit": "300.00" })).status, 200);
        // A role names fields there are, and users write.
        let grants =
            |field: &str| json!([{ "subject": "party", "verbs": "see edit", "row_rule": "all", "read_only": field }]);
        for field in ["nothing", "active", "contacts.nothing"] {
            let body = json!({ "code": "clerk", "name": "Clerk", "grants": grants(field) });
            assert_eq!(crate::common::said(world.create(&world.desk.actor, "role", body)).code, "no_written_field");
        }
    });
}

#[test]
fn who_ships_sells_at_no_other_price_than_the_order() {
    on_both(|world| {
        let rim = Rim::of(world);
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let lines = json!([{ "product": lamp, "qty": "4", "discount": "0.1" }]);
        let order = json!({ "customer": blue, "ordered_on": world.day(0), "wanted_on": world.day(7), "lines": lines });
        let order = world.desk.create("sales_order", order).unwrap();
        world.act("sales_order", &order, "confirm");
        let ordered = world.get("sales_order", &order)["lines"][0].clone();
        let wanda = rim.signed_in(world, "wanda", "warehouse");
        let prefix = world.engine.registry().entity("tax").unwrap().prefix;
        let own = ordered["tax"]["id"].as_str().and_then(|id| kernel::id_parse(prefix, id)).unwrap_or(0);
        let other = of_company(world, "tax", own);
        let body = |order_line: bool, name: &str, value: Json| {
            let mut line = json!({ "product": lamp, "qty": "2" });
            if order_line {
                line["order_line"] = ordered["id"].clone();
            }
            line[name] = value;
            json!({ "customer": blue, "sales_order": order, "shipped_on": world.day(0), "lines": [line] })
        };
        let make = |body: &Json| rim.json(&wanda, "POST", "/api/delivery", body);
        for named in [true, false] {
            for (name, value) in [("price", json!("1")), ("discount", json!("0.5")), ("tax", json!(other))] {
                let answer = make(&body(named, name, value));
                assert_eq!(told(&answer), no(&format!("other_{name}"), &format!("lines.{name}")));
            }
        }
        let mut foreign = body(true, "price", ordered["price"].clone());
        foreign["currency"] = json!("USD");
        assert_eq!(told(&make(&foreign)), no("other_currency", "currency"));
        let made = make(&body(true, "qty", json!("2")));
        assert_eq!(made.status, 201, "{}", made.text());
        let made = made.json()["record"].clone();
        let id = made["id"].as_str().unwrap().to_owned();
        let sold = |line: &Json| ["price", "discount", "tax"].map(|name| line[name].clone());
        assert_eq!(sold(&made["lines"][0]), sold(&ordered));
        let line = made["lines"][0]["id"].clone();
        let answer = patch(world, &rim, &wanda, "delivery", &id, json!({ "lines": [{ "id": line, "price": "1" }] }));
        assert_eq!(told(&answer), no("other_price", "lines.price"));
        assert_eq!(sold(&world.get("delivery", &id)["lines"][0]), sold(&ordered));
        world.act("delivery", &id, "ship");
        // A delivery of before this rule says what somebody typed; the invoice says what was agreed.
        let raw = crate::common::raw(&world.engine, "delivery", &id);
        let typed = move |conn: &dyn store::Conn| {
            let sql = "update delivery_line set price = 1000000, discount = 0 where parent = ?1";
            Ok(conn.execute(sql, &[raw.into()])?)
        };
        assert_eq!(world.engine.database().write_for(Some(world.company), typed).unwrap(), 1);
        let invoice = world.desk.prefilled("invoice", ("delivery", &id)).unwrap();
        assert_eq!(sold(&invoice["lines"][0]), sold(&ordered));
        // What goods sell for is not kept by who moves them.
        let answer = patch(world, &rim, &wanda, "product", &lamp, json!({ "sales_price": "1" }));
        assert_eq!(told(&answer), no("field_read_only", "sales_price"));
        let answer = patch(world, &rim, &wanda, "product", &lamp, json!({ "name": "Lamp, brass" }));
        assert_eq!(answer.status, 200, "{}", answer.text());
    });
}

#[test]
fn what_goods_cost_is_told_to_the_warehouse_nowhere() {
    on_both(|world| {
        let rim = Rim::of(world);
        let lamp = world.product("L1", "average", "100");
        let receipt = world.receive(&world.day(-5), &lamp, "10", "40");
        world.change(&world.desk.actor, "product", &lamp, json!({ "standard_cost": "41" })).unwrap();
        let (order, delivery, _) = world.sale(&world.customer("BLUE", "EUR"), &lamp, "2");
        let wanda = rim.signed_in(world, "wanda", "warehouse");
        let secret = ["margin", "unit_cost", "value", "costed_at", "standard_cost"];
        let places =
            [("sales_order", &order), ("delivery", &delivery), ("stock_adjustment", &receipt), ("product", &lamp)];
        for (entity, id) in places {
            let answer = rim.get(&wanda, &format!("/api/{entity}/{id}"));
            assert_eq!(answer.status, 200, "{}", answer.text());
            let record = answer.json()["record"].clone();
            for name in secret {
                assert!(
                    record.get(name).is_none() && record["lines"][0].get(name).is_none(),
                    "{entity}.{name}: {record}"
                );
            }
        }
        for query in ["fields=margin", "sort=margin", "group=stage&sum=margin", "fields=lines.margin"] {
            let answer = rim.get(&wanda, &format!("/api/sales_order?{query}"));
            assert_eq!(answer.status, 422, "{query}: {}", answer.text());
        }
        let filter = rim.get(&wanda, "/api/delivery?filter=%5B%22lines.margin%22%2C%22%3E%22%2C%220%22%5D");
        assert_eq!(filter.status, 422, "{}", filter.text());
        // The card tells how much and not what it is worth; who keeps the books is told both.
        let ann = rim.signed_in(world, "ann", "accountant");
        let columns = |who: &str| -> Vec<String> {
            let card = rim.get(who, &format!("/api/report/stock_card?product={lamp}")).json();
            let columns = card["columns"].as_array().unwrap_or_else(|| panic!("{card}")).iter();
            let last = card["rows"].as_array().unwrap().last().unwrap();
            assert!(
                last["cells"]["qty_after"] == "8" && last["cells"].get("value_after").is_some() == (who == ann),
                "{card}"
            );
            columns.map(|column| column["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(columns(&wanda), ["moved_on", "what", "qty", "qty_after"]);
        assert!(columns(&ann).contains(&"unit_cost".to_owned()));
        // What comes in takes the present cost; to say another is not the warehouse's.
        let receive = |line: Json| {
            let body = json!({ "kind": "receipt", "moved_on": world.day(0), "place": world.place, "lines": [line] });
            rim.json(&wanda, "POST", "/api/stock_adjustment", &body)
        };
        let made = receive(json!({ "product": lamp, "qty": "3" }));
        assert_eq!(made.status, 201, "{}", made.text());
        let made = made.json()["record"]["id"].as_str().unwrap().to_owned();
        assert_eq!(world.get("stock_adjustment", &made)["lines"][0]["unit_cost"], "40");
        let typed = receive(json!({ "product": lamp, "qty": "3", "unit_cost": "1" }));
        assert_eq!((typed.status, told(&typed).1), (422, "unknown_field".to_owned()));
        let new = world.product("N1", "average", "100");
        assert_eq!(told(&receive(json!({ "product": new, "qty": "1" }))), no("cost_kept_back", "lines.product"));
    });
}

#[test]
fn a_refusal_names_what_was_wanted_in_the_language_of_the_reader() {
    on_both(|world| {
        let rim = Rim::of(world);
        let lamp = world.product("L1", "average", "100");
        let blue = world.customer("BLUE", "EUR");
        let order = world.order(&blue, &lamp, "1");
        let user = world.desk.create("user", json!({ "login": "zhao", "name": "赵刚", "language": "zh" })).unwrap();
        let role = id_text("ro", world.number("select id from role where code = 'warehouse'", &[]));
        world.desk.create("user_role", json!({ "user": user, "role": role })).unwrap();
        world.engine.set_password(kernel::id_parse("us", &user).unwrap(), PASSWORD).unwrap();
        let zhao = rim.try_in("zhao", PASSWORD).cookie();
        let asked = [
            ("DELETE", format!("/api/party/{blue}"), "您没有对“往来单位”执行“删除”的权限，请联系管理员。"),
            ("POST", "/api/party".to_owned(), "您没有对“往来单位”执行“新增”的权限，请联系管理员。"),
            ("POST", format!("/api/sales_order/{order}/confirm"), "您没有对“销售订单”执行“确认”的权限，请联系管理员。"),
            ("GET", "/api/report/stock_valuation".to_owned(), "执行“查看”的权限"),
        ];
        for (method, path, words) in asked {
            let answer = match method {
                "GET" => rim.get(&zhao, &path),
                _ => rim.json(&zhao, method, &path, &json!({})),
            };
            let message = answer.json()["problems"][0]["message"].as_str().unwrap_or("").to_owned();
            assert!(answer.status == 403 && message.contains(words), "{method} {path}: {}", answer.text());
            assert!(!message.chars().any(|letter| letter.is_ascii_alphabetic()), "{message}");
        }
    });
}

/// A new term of the company, all of it due after some days.
fn term(world: &World, name: &str, days: i64) -> String {
    let lines = json!([{ "share_rate": "1", "days": days }]);
    world.desk.create("payment_term", json!({ "name": name, "lines": lines })).unwrap()
}

#[test]
fn who_sells_moves_no_customer_under_another_limit_and_agrees_on_no_longer_terms() {
    on_both(|world| {
        let rim = Rim::of(world);
        let sam = rim.signed_in(world, "sam", "sales_rep");
        let max = rim.signed_in(world, "max", "manager");
        let owner = id_text("us", world.user("sam", "sales_rep"));
        let [week, month, quarter] =
            [("7 d", 7), ("30 d", 30), ("90 d", 90)].map(|(name, days)| term(world, name, days));
        let head = world.customer_with("HEAD", json!({ "credit_limit": "9000.00" }));
        let blue = world.customer_with("BLUE", json!({ "terms": month, "owner": owner }));
        // A new branch stands under its head office; one that is there is moved by who answers for limits.
        let branch = json!({ "code": "RED", "name": "Red", "is_customer": true, "parent": head });
        let made = rim.json(&sam, "POST", "/api/party", &branch);
        assert_eq!(made.status, 201, "{}", made.text());
        let red = made.json()["record"]["id"].as_str().unwrap().to_owned();
        for (who, parent) in [(&blue, json!(head)), (&red, json!(null))] {
            let answer = patch(world, &rim, &sam, "party", who, json!({ "parent": parent }));
            assert_eq!(told(&answer), no("field_read_only", "parent"));
        }
        let answer = patch(world, &rim, &max, "party", &red, json!({ "parent": blue }));
        assert_eq!(answer.status, 200, "{}", answer.text());
        // Terms are the customer's, or shorter ones.
        let lamp = world.product("L1", "average", "100");
        let make = |who: &str, entity: &str, terms: &Json| {
            let lines = json!([{ "product": lamp, "qty": "1" }]);
            let mut body = json!({ "customer": blue, "lines": lines, "terms": terms });
            if entity == "sales_order" {
                body["wanted_on"] = json!(world.day(5));
            }
            rim.json(who, "POST", &format!("/api/{entity}"), &body)
        };
        for entity in ["quotation", "sales_order", "delivery"] {
            assert_eq!(told(&make(&sam, entity, &json!(quarter))), no("longer_terms", "terms"), "{entity}");
            for terms in [json!(month), json!(week)] {
                let made = make(&sam, entity, &terms);
                assert_eq!((made.status, &made.json()["record"]["terms"]["id"]), (201, &terms), "{}", made.text());
            }
        }
        // What a manager agreed on stays where the salesperson goes on with it, and is no more than that.
        let made = make(&max, "sales_order", &json!(quarter));
        assert_eq!(made.status, 201, "{}", made.text());
        let order = made.json()["record"]["id"].as_str().unwrap().to_owned();
        world.change(&world.desk.actor, "sales_order", &order, json!({ "owner": owner })).unwrap();
        let change = |body: Json| patch(world, &rim, &sam, "sales_order", &order, body);
        assert_eq!(change(json!({ "note": "call first", "terms": quarter })).status, 200);
        assert_eq!(told(&change(json!({ "terms": term(world, "120 d", 120) }))), no("longer_terms", "terms"));
        assert_eq!(change(json!({ "terms": month })).status, 200);
        assert_eq!(told(&change(json!({ "terms": quarter }))), no("longer_terms", "terms"));
        let quoted = make(&max, "quotation", &json!(quarter)).json()["record"]["id"].as_str().unwrap().to_owned();
        world.change(&world.desk.actor, "quotation", &quoted, json!({ "owner": owner })).unwrap();
        let accepted = rim.json(&sam, "POST", &format!("/api/quotation/{quoted}/accept"), &json!({}));
        assert_eq!(accepted.status, 200, "{}", accepted.text());
        let terms = world.number("select terms from sales_order order by id desc limit 1", &[]);
        assert_eq!(id_text(kernel::id_prefix(&quarter).unwrap(), terms), quarter);
    });
}

#[test]
fn who_ships_goods_nobody_ordered_sells_them_at_the_listed_price() {
    on_both(|world| {
        let rim = Rim::of(world);
        let lamp = world.product("L1", "average", "100");
        world.receive(&world.day(-5), &lamp, "10", "40");
        let blue = world.customer("BLUE", "EUR");
        let (wanda, sam) = (rim.signed_in(world, "wanda", "warehouse"), rim.signed_in(world, "sam", "sales_rep"));
        let make = |who: &str, name: &str, value: Json| {
            let mut line = json!({ "product": lamp, "qty": "2" });
            line[name] = value;
            let body = json!({ "customer": blue, "shipped_on": world.day(0), "lines": [line] });
            rim.json(who, "POST", "/api/delivery", &body)
        };
        assert_eq!(told(&make(&wanda, "price", json!("1"))), no("not_listed_price", "lines.price"));
        assert_eq!(told(&make(&wanda, "discount", json!("0.5"))), no("discount_of_sales", "lines.discount"));
        let other = of_company(world, "tax", 0);
        assert_eq!(told(&make(&wanda, "tax", json!(other))), no("tax_of_sales", "lines.tax"));
        for made in [make(&wanda, "price", json!(null)), make(&wanda, "price", json!("100"))] {
            assert_eq!(
                (made.status, &made.json()["record"]["lines"][0]["price"]),
                (201, &json!("100")),
                "{}",
                made.text()
            );
        }
        // What who sells agreed on is shipped as it is.
        let made = make(&sam, "price", json!("80")).json()["record"].clone();
        let (id, line) = (made["id"].as_str().unwrap(), made["lines"][0]["id"].clone());
        let change = |price: &str| {
            let body = json!({ "tracking": "T1", "lines": [{ "id": line, "price": price }] });
            patch(world, &rim, &wanda, "delivery", id, body)
        };
        assert_eq!(told(&change("79")), no("not_listed_price", "lines.price"));
        let kept = change("80");
        assert_eq!((kept.status, &kept.json()["record"]["lines"][0]["price"]), (200, &json!("80")), "{}", kept.text());
        let shipped = rim.json(&wanda, "POST", &format!("/api/delivery/{id}/ship"), &json!({}));
        assert_eq!(shipped.status, 200, "{}", shipped.text());
    });
}
