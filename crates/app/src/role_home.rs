//! What each role finds at home on its first day: a dashboard with the numbers it is judged by.
//!
//! A role gets its dashboard when it is made. From then on it belongs to the company: administrators change it or
//! put another one in its place, and each person may arrange a copy.

use std::sync::Arc;

use engine::Engine;
use kernel::{Label, id_text};
use meta::Trouble;
use serde_json::{Value as Json, json};

use crate::driver::Driver;

/// Columns of the grid, and how large cards are on it.
const COLUMNS: i64 = 12;
const FIGURE: (i64, i64) = (3, 2);
const PICTURE: (i64, i64) = (6, 6);

/// A card and how wide and high it is.
type Sized = (Json, (i64, i64));

/// One of the figures of [`crate::home`].
fn figure(name: &str) -> Sized {
    (json!({ "kind": "home", "name": name }), FIGURE)
}

/// One of the charts of [`crate::home`].
fn picture(name: &str) -> Sized {
    (json!({ "kind": "home", "name": name }), PICTURE)
}

fn said(label: Label) -> Json {
    json!({ "en": label.en, "zh": label.zh })
}

/// How many there are, or what a field of them comes to.
fn count(label: Label, entity: &str, filter: Json) -> Sized {
    (json!({ "kind": "figure", "label": said(label), "entity": entity, "sum": null, "filter": filter }), FIGURE)
}

fn chart(label: Label, entity: &str, kind: &str, group: &str, sum: Option<&str>, filter: Json) -> Sized {
    let card = json!({
        "kind": "chart", "label": said(label), "entity": entity, "chart": kind, "group": group, "sum": sum, "filter": filter,
    });
    (card, PICTURE)
}

/// Rows to work through, in the order one takes them up.
fn rows(label: Label, entity: &str, filter: &Json, sort: &str, columns: &str) -> Sized {
    let mut query = json!({ "sort": sort, "columns": columns });
    if !filter.is_null() {
        query["filter"] = json!(filter.to_string());
    }
    (json!({ "kind": "list", "label": said(label), "entity": entity, "query": query }), PICTURE)
}

/// Orders that were delivered and not yet invoiced.
fn to_invoice() -> Sized {
    let delivered = json!([
        "and",
        ["stage", "=", "confirmed"],
        ["delivery_state", "in", ["partial", "full"]],
        ["invoice_state", "=", "none"]
    ]);
    count(l("Delivered, not invoiced", "已发货待开票"), "sales_order", delivered)
}

const fn l(en: &'static str, zh: &'static str) -> Label {
    Label::new(en, zh)
}

/// The cards of a role; none for one we do not know.
fn cards(role: &str) -> Vec<Sized> {
    let to_deliver = json!(["and", ["stage", "=", "confirmed"], ["delivery_state", "in", ["none", "partial"]]]);
    let waiting = json!(["stage", "in", ["draft", "sent"]]);
    let unpaid = json!(["and", ["stage", "=", "posted"], ["open_amount", "!=", "0"]]);
    let offers = rows(
        l("Quotations to follow up", "待跟进报价"),
        "quotation",
        &waiting,
        "valid_until",
        "number,customer,total,valid_until",
    );
    let orders = rows(
        l("Orders to deliver, the first due first", "待发货订单（按要求日期）"),
        "sales_order",
        &to_deliver,
        "wanted_on",
        "number,customer,wanted_on,delivery_state",
    );
    match role {
        "manager" => vec![
            figure("sales_this_month"),
            figure("cash"),
            figure("receivable"),
            figure("overdue"),
            figure("quotations_won"),
            figure("orders_open"),
            figure("orders_late"),
            figure("stock_value"),
            picture("sales_by_month"),
            picture("best_customers"),
            chart(
                l("Ordered in a year, by delivery", "近一年订单额（按交货状态）"),
                "sales_order",
                "pie",
                "delivery_state",
                Some("total_base"),
                json!(["and", ["stage", "!=", "cancelled"], ["ordered_on", "within", "last_365_days"]]),
            ),
            orders,
        ],
        "sales_manager" => vec![
            figure("sales_this_month"),
            figure("quotations_won"),
            figure("quotations_open"),
            figure("orders_late"),
            chart(
                l("Invoiced this quarter by salesperson", "本季度开票额（按销售员）"),
                "invoice",
                "bar",
                "owner",
                Some("total_base"),
                json!([
                    "and",
                    ["stage", "=", "posted"],
                    ["kind", "=", "invoice"],
                    ["issued_on", "within", "this_quarter"]
                ]),
            ),
            chart(
                l("What quotations of 90 days came to", "近 90 天报价（按状态）"),
                "quotation",
                "pie",
                "stage",
                Some("total_base"),
                json!(["quoted_on", "within", "last_90_days"]),
            ),
            picture("best_customers"),
            offers,
        ],
        "sales_rep" => vec![
            figure("sales_this_month"),
            figure("quotations_open"),
            figure("quotations_won"),
            figure("orders_late"),
            figure("quotations_ending"),
            count(
                l("My activities due", "我的到期待办"),
                "activity",
                json!(["and", ["assigned_to", "is", "me"], ["due_state", "in", ["overdue", "today"]]]),
            ),
            to_invoice(),
            figure("invoices_overdue"),
            offers,
            orders,
            picture("best_customers"),
            rows(
                l("Invoices my customers owe", "客户未付发票"),
                "invoice",
                &unpaid,
                "due_on",
                "number,due_on,open_amount,customer",
            ),
        ],
        "warehouse" => vec![
            figure("orders_today"),
            figure("orders_late"),
            figure("orders_short"),
            figure("orders_open"),
            count(l("Deliveries to ship", "待出库发货单"), "delivery", json!(["stage", "=", "draft"])),
            count(l("Counts to post", "待过账库存调整"), "stock_adjustment", json!(["stage", "=", "draft"])),
            count(l("Transfers to finish", "待完成调拨"), "stock_transfer", json!(["stage", "=", "draft"])),
            count(l("Returns to receive", "待收退货"), "sales_return", json!(["stage", "=", "draft"])),
            orders,
            rows(
                l("Deliveries to ship, the oldest first", "待出库发货单（按日期）"),
                "delivery",
                &json!(["stage", "=", "draft"]),
                "shipped_on",
                "number,customer,shipped_on,place",
            ),
            chart(
                l("Deliveries by week, 90 days", "近 90 天每周发货单数"),
                "delivery",
                "bar",
                "shipped_on:week",
                None,
                json!(["and", ["stage", "=", "done"], ["shipped_on", "within", "last_90_days"]]),
            ),
            rows(
                l("Transfers to finish", "待完成调拨"),
                "stock_transfer",
                &json!(["stage", "=", "draft"]),
                "moved_on",
                "number,moved_on,from_place,to_place",
            ),
        ],
        "accountant" => vec![
            figure("cash"),
            figure("receivable"),
            figure("overdue"),
            figure("invoices_to_post"),
            figure("invoices_overdue"),
            to_invoice(),
            count(l("Payments to post", "待过账收付款"), "payment", json!(["stage", "=", "draft"])),
            count(l("Entries by hand to post", "待过账手工凭证"), "journal_entry", json!(["stage", "=", "draft"])),
            rows(
                l("Unpaid invoices, the first due first", "未付发票（按到期日）"),
                "invoice",
                &unpaid,
                "due_on",
                "number,due_on,open_amount,customer",
            ),
            rows(
                l("Invoices to post", "待过账发票"),
                "invoice",
                &json!(["stage", "=", "draft"]),
                "issued_on",
                "number,customer,total,issued_on",
            ),
            picture("sales_by_month"),
            chart(
                l("Payments received by month, a year", "近一年每月收款笔数"),
                "payment",
                "bar",
                "paid_on:month",
                None,
                json!([
                    "and",
                    ["stage", "=", "posted"],
                    ["direction", "=", "in"],
                    ["paid_on", "within", "last_365_days"]
                ]),
            ),
        ],
        "auditor" => vec![
            count(
                l("By hand this month", "本月手工凭证"),
                "journal_entry",
                json!(["and", ["stage", "=", "posted"], ["posted_on", "within", "this_month"]]),
            ),
            count(l("Invoices cancelled", "已作废发票"), "invoice", json!(["stage", "=", "cancelled"])),
            count(l("Payments cancelled", "已作废收付款"), "payment", json!(["stage", "=", "cancelled"])),
            count(l("Closed periods opened", "期间锁定例外"), "lock_exception", Json::Null),
            rows(
                l("Entries by hand, the latest first", "手工凭证（最新在前）"),
                "journal_entry",
                &json!(["stage", "=", "posted"]),
                "-posted_on",
                "number,posted_on,debit,memo",
            ),
            rows(
                l("Stock corrected by hand", "手工库存调整"),
                "stock_adjustment",
                &json!(["and", ["stage", "=", "posted"], ["kind", "!=", "receipt"]]),
                "-moved_on",
                "number,moved_on,value,kind",
            ),
            chart(
                l("Invoiced by month, a year", "近一年每月开票额"),
                "invoice",
                "bar",
                "issued_on:month",
                Some("total_base"),
                json!(["and", ["stage", "=", "posted"], ["issued_on", "within", "last_365_days"]]),
            ),
            picture("sales_by_month"),
        ],
        "administrator" => vec![
            count(l("Active users", "在用用户"), "user", json!(["active", "=", true])),
            count(l("Active keys of programs", "在用 API 密钥"), "api_key", json!(["active", "=", true])),
            count(l("Background work failed", "失败的后台任务"), "job", json!(["state", "=", "failed"])),
            count(l("Closed periods opened", "期间锁定例外"), "lock_exception", Json::Null),
            rows(
                l("Background work, the latest first", "后台任务（最新在前）"),
                "job",
                &Json::Null,
                "-asked_at",
                "kind,entity,state,asked_at",
            ),
            rows(l("Who has which role", "用户与角色"), "user_role", &Json::Null, "", "user,role,only_company"),
            picture("sales_by_month"),
            picture("best_customers"),
        ],
        _ => Vec::new(),
    }
}

/// The layout of a role's dashboard, or nothing for a role without one.
pub fn layout(role: &str) -> Option<Json> {
    let mut placed = Vec::new();
    let (mut x, mut y, mut height) = (0, 0, 0);
    for (number, (mut card, (wide, high))) in cards(role).into_iter().enumerate() {
        if COLUMNS < x + wide {
            (x, y) = (0, y + height);
        }
        card["id"] = json!(format!("c{}", number + 1));
        (card["x"], card["y"], card["w"], card["h"]) = (json!(x), json!(y), json!(wide), json!(high));
        placed.push(card);
        x += wide;
        height = high;
    }
    (!placed.is_empty()).then(|| json!({ "cards": placed }))
}

/// Gives the dashboards of roles their name in each language: those that still bear both in one, as an earlier version
/// made them. Any other name is the company's. How many got theirs.
pub fn name(engine: &Arc<Engine>) -> Result<usize, Trouble> {
    let desk = Driver::system(engine, 0)?;
    let bare =
        "select id, name, for_role from dashboard where owner is null and coalesce(name_zh, '') = '' order by id";
    let mut named = 0;
    for row in engine.database().read(|conn| Ok(conn.query(bare, &[])?))? {
        let modules = crate::modules::modules();
        let role = modules.iter().flat_map(|module| module.roles).find(|role| role.code == row.text(2));
        let Some(role) = role.filter(|role| row.text(1) == format!("{} {}", role.label.zh, role.label.en)) else {
            continue;
        };
        let body = json!({ "name": role.label.en, "name_zh": role.label.zh });
        desk.change("dashboard", &id_text("dd", row.int(0)), body)?;
        named += 1;
    }
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_we_bring_finds_a_dashboard_that_fits_the_grid() {
        let modules = crate::modules::modules();
        let roles: Vec<&str> = modules.iter().flat_map(|module| module.roles).map(|role| role.code).collect();
        assert!(roles.contains(&"administrator"));
        for role in roles {
            let layout = layout(role).unwrap_or_else(|| panic!("{role} has no dashboard"));
            let cards = layout["cards"].as_array().expect("cards");
            assert!(6 <= cards.len(), "{role}");
            assert!(teamwork::dashboard::check(&layout).is_ok(), "{role}");
            for card in cards {
                let overlaps = |other: &Json| {
                    let at = |card: &Json, part: &str| card[part].as_i64().expect("a place");
                    let apart = |from: &str, size: &str| {
                        at(card, from) + at(card, size) <= at(other, from)
                            || at(other, from) + at(other, size) <= at(card, from)
                    };
                    card["id"] != other["id"] && !apart("x", "w") && !apart("y", "h")
                };
                assert!(!cards.iter().any(overlaps), "{role}: {card}");
            }
        }
        assert!(layout("astronaut").is_none());
    }
}
