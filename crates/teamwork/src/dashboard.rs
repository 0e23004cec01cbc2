//! Dashboards: cards somebody arranged.

use kernel::{Id, Refusal};
use meta::{Document, Effects, Entity, Reader, Trouble, Want};
use org::{NoAction, User};
use serde_json::Value as Json;

/// Cards with lists, charts and figures, as somebody arranged them.
/// 仪表板：由列表、图表和数字卡片组成。
#[derive(Entity, Clone, Debug)]
#[entity(
    prefix = "dd",
    kind = "setting",
    personal,
    zh = "仪表板",
    title = "name",
    title_zh = "name_zh",
    list = "name,owner,for_role,shared",
    sort = "name",
    index = "owner"
)]
pub struct Dashboard {
    pub id: Id<Dashboard>,
    #[field(zh = "名称", search, max = 80)]
    pub name: String,
    /// What those who work in Chinese read; empty: the name.
    /// 中文界面显示的名称；为空则显示名称。
    #[field(label = "Chinese name", zh = "中文名称", search, optional, max = 80)]
    pub name_zh: String,
    #[field(zh = "所有者", readonly, optional, group)]
    pub owner: Id<User>,
    /// The code of the role whose people see it first; such a one is shared.
    /// 默认显示给该角色（代码）的用户；设置后自动共享。
    #[field(label = "For role", zh = "适用角色", max = 40)]
    pub for_role: Option<String>,
    /// Whether colleagues see it, too.
    /// 是否与同事共享。
    #[field(zh = "共享")]
    pub shared: bool,
    /// The cards, with their places on a grid of twelve columns.
    /// 卡片及其在十二列网格中的位置。
    #[field(zh = "布局", json, max = 60000)]
    pub layout: String,
}

/// The most cards.
const CARDS_MAX: usize = 60;
/// Columns of the grid.
const COLUMNS: i64 = 12;
/// The most rows of the grid.
const ROWS_MAX: i64 = 500;
/// Sorts of charts.
const CHARTS: [&str; 7] = ["bar", "line", "area", "pie", "funnel", "waterfall", "heat"];

/// Why a dashboard is not saved.
#[derive(meta::Refusal)]
pub enum NotADashboard {
    /// A layout is a list of at most {most} cards under “cards”. Take some away.
    ///
    /// 布局须在“cards”中包含至多 {most} 张卡片。
    #[refusal(kind = "Invalid", field = "layout")]
    NotCards {
        /// The most.
        most: i64,
    },
    /// Card {card} lies outside the grid of 12 columns, or has no id of its own. Move it.
    ///
    /// 第 {card} 张卡片超出十二列网格或缺少唯一标识，请调整。
    #[refusal(kind = "Invalid", field = "layout")]
    OutsideTheGrid {
        /// Which, from 1.
        card: i64,
    },
    /// Card {card} is not understood. A card is a list, a chart, a figure, one of the home page, or a text.
    ///
    /// 无法识别第 {card} 张卡片；类型须为列表、图表、数字、首页项目或文本。
    #[refusal(kind = "Invalid", field = "layout")]
    NoSuchCard {
        /// Which, from 1.
        card: i64,
    },
    /// There is no role “{role}”. Choose one of the roles.
    ///
    /// 没有代码为“{role}”的角色，请选择已有角色。
    #[refusal(kind = "Invalid", field = "for_role")]
    NoSuchRole {
        /// What was asked for.
        role: String,
    },
    /// What a role sees first is set by who may see the roles. Ask an administrator.
    ///
    /// 只有可查看角色的用户才能设置角色的首页仪表板，请联系管理员。
    #[refusal(kind = "NotAllowed", field = "for_role")]
    NotForRoles {},
}

/// What is known of the role a dashboard is to be for.
pub struct RoleFacts {
    /// Whether this save gives it to another role than before.
    pub is_new: bool,
    /// Whether there is such a role.
    pub exists: bool,
    /// Whether who saves may see the roles.
    pub allowed: bool,
}

fn name(json: &Json) -> bool {
    json.as_str().is_some_and(|text| {
        !text.is_empty()
            && text.len() <= 120
            && text.chars().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "_.:".contains(sign))
    })
}

fn or_nothing(json: &Json, fits: fn(&Json) -> bool) -> bool {
    json.is_null() || fits(json)
}

/// Whether a title is there for readers of either language.
fn is_label(json: &Json) -> bool {
    let fits = |lang: &str| json[lang].as_str().is_some_and(|text| !text.is_empty() && text.chars().count() <= 120);
    fits("en") && fits("zh")
}

/// Whether a card shows something there is a way to show.
fn is_understood(card: &Json) -> bool {
    let filter = or_nothing(&card["filter"], |filter| meta::Filter::parse(filter).is_ok());
    let title = or_nothing(&card["title"], |title| title.as_str().is_some_and(|text| text.chars().count() <= 120));
    let shown = match card["kind"].as_str().unwrap_or("") {
        "list" => {
            let view = card["view"].as_str().is_some_and(|id| kernel::id_parse("sv", id).is_some());
            view != (name(&card["entity"]) && card["query"].is_object())
        }
        "chart" => {
            name(&card["entity"])
                && card["chart"].as_str().is_some_and(|chart| CHARTS.contains(&chart))
                && name(&card["group"])
                && or_nothing(&card["sum"], name)
        }
        "figure" => name(&card["entity"]) && or_nothing(&card["sum"], name),
        "home" => name(&card["name"]),
        "text" => card["text"].as_str().is_some_and(|text| text.chars().count() <= 5_000),
        _ => false,
    };
    filter && title && or_nothing(&card["label"], is_label) && shown
}

/// Whether a card has its place.
fn is_placed(card: &Json) -> bool {
    let place = |part: &str| card[part].as_i64();
    match (place("x"), place("y"), place("w"), place("h")) {
        (Some(x), Some(y), Some(w), Some(h)) => {
            0 <= x && 1 <= w && x.saturating_add(w) <= COLUMNS && 0 <= y && 1 <= h && y.saturating_add(h) <= ROWS_MAX
        }
        _ => false,
    }
}

/// Checks a layout.
pub fn check(layout: &Json) -> Result<(), NotADashboard> {
    let cards = layout["cards"].as_array().filter(|cards| cards.len() <= CARDS_MAX);
    let cards = cards.ok_or(NotADashboard::NotCards { most: CARDS_MAX as i64 })?;
    let mut known: Vec<&str> = Vec::new();
    for (at, card) in cards.iter().enumerate() {
        let number = at as i64 + 1;
        let id = card["id"].as_str().filter(|id| !id.is_empty() && id.len() <= 40 && !known.contains(id));
        let Some(id) = id.filter(|_| is_placed(card)) else {
            return Err(NotADashboard::OutsideTheGrid { card: number });
        };
        known.push(id);
        if !is_understood(card) {
            return Err(NotADashboard::NoSuchCard { card: number });
        }
    }
    Ok(())
}

impl Document for Dashboard {
    type Facts = RoleFacts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<RoleFacts, Trouble> {
        let before = meta::load(reader, doc.id)?.and_then(|before: Dashboard| before.for_role);
        let Some(role) = doc.for_role.as_deref().filter(|role| before.as_deref() != Some(*role)) else {
            return Ok(RoleFacts { is_new: false, exists: true, allowed: true });
        };
        let exists = !reader.rows("select 1 from role where code = ?1 limit 1", &[role.into()])?.is_empty();
        Ok(RoleFacts { is_new: true, exists, allowed: reader.may("role", "see") })
    }

    fn complete(doc: &mut Self, facts: &RoleFacts) -> Result<(), Refusal> {
        if facts.is_new && !facts.allowed {
            return Err(NotADashboard::NotForRoles {}.into());
        }
        if !facts.exists {
            let role = doc.for_role.clone().unwrap_or_default();
            return Err(NotADashboard::NoSuchRole { role }.into());
        }
        doc.shared |= doc.for_role.is_some();
        if doc.layout.trim().is_empty() {
            doc.layout = r#"{"cards":[]}"#.to_owned();
        }
        let layout: Json = serde_json::from_str(&doc.layout).unwrap_or_default();
        check(&layout).map_err(Refusal::from)
    }

    fn decide(_: &Self, action: &NoAction, _: &RoleFacts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(card: Json) -> &'static str {
        let mut whole = json!({ "id": "c1", "x": 0, "y": 0, "w": 6, "h": 4 });
        for (name, value) in card.as_object().unwrap() {
            whole[name] = value.clone();
        }
        check(&json!({ "cards": [whole] })).map_or_else(|why| Refusal::from(why).problems[0].code, |()| "saved")
    }

    #[test]
    fn a_card_is_something_there_is_and_has_its_place() {
        let figure =
            json!({ "kind": "figure", "entity": "invoice", "sum": "total_base", "filter": ["stage", "=", "posted"] });
        assert_eq!(told(figure), "saved");
        assert_eq!(told(json!({ "kind": "list", "view": "sv_1" })), "saved");
        let named = json!({ "kind": "home", "name": "sales", "label": { "en": "Sales", "zh": "销售" } });
        assert_eq!(told(named), "saved");
        assert_eq!(told(json!({ "kind": "list", "entity": "invoice", "query": {} })), "saved");
        let chart =
            json!({ "kind": "chart", "entity": "invoice", "chart": "bar", "group": "issued_on:month", "sum": null });
        assert_eq!(told(chart.clone()), "saved");
        for kind in CHARTS {
            let mut other = chart.clone();
            other["chart"] = json!(kind);
            assert_eq!(told(other), "saved", "{kind}");
        }
        assert_eq!(told(json!({ "kind": "text", "text": "Hello", "w": 12 })), "saved");
        for outside in [json!({"x": 7}), json!({"w": 0}), json!({"y": -1}), json!({"x": i64::MAX}), json!({"id": ""})] {
            let mut card = json!({ "kind": "home", "name": "sales" });
            card.as_object_mut().unwrap().extend(outside.as_object().unwrap().clone());
            assert_eq!(told(card), "outside_the_grid", "{outside}");
        }
        for wrong in [
            json!({ "kind": "frame", "url": "https://evil.example" }),
            json!({ "kind": "chart", "entity": "invoice", "chart": "3d", "group": "a" }),
            json!({ "kind": "figure", "entity": "invoice; drop table" }),
            json!({ "kind": "figure", "entity": "invoice", "filter": ["stage", "like", "x"] }),
            json!({ "kind": "list" }),
            json!({ "kind": "home", "name": "sales", "label": { "en": "Sales" } }),
        ] {
            assert_eq!(told(wrong.clone()), "no_such_card", "{wrong}");
        }
        assert!(check(&json!([])).is_err());
        assert!(check(&json!({ "cards": vec![json!({}); CARDS_MAX + 1] })).is_err());
    }
}
