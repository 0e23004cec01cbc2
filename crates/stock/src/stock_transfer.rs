//! Transfers: goods change their place inside our stock; their value stays.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, Move, MoveKind, PlaceId, Posting, ProductId, UnitId};
use kernel::{Date, Id, Qty, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Transition, Trouble, Want, life};

use meta::stages::{not_now, only_drafts};
use product::measure::{Measures, measures};

use crate::costing::{self, Costing, Movement};

/// Goods that go from one of our places to another.
/// 货物在本公司库位之间的转移。
#[derive(Entity)]
#[entity(
    prefix = "st",
    zh = "库存调拨",
    number = "ST-{year}-{seq:05}",
    title = "number",
    list = "number,from_place,to_place,moved_on,stage",
    sort = "-moved_on",
    actions = "Action",
    stages = "Stage"
)]
pub struct StockTransfer {
    pub id: Id<StockTransfer>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    #[field(zh = "编号", readonly, search, optional)]
    pub number: String,
    #[field(zh = "来源库位", group, only = r#"["kind","in",["stock","transit"]]"#)]
    pub from_place: PlaceId,
    #[field(zh = "目标库位", group, only = r#"["kind","in",["stock","transit"]]"#)]
    pub to_place: PlaceId,
    #[field(zh = "业务日期", group)]
    pub moved_on: Date,
    #[field(zh = "明细", owned, at_least = 1)]
    pub lines: Vec<StockTransferLine>,
    #[field(zh = "备注", long, optional)]
    pub note: String,
    #[field(zh = "状态", state, group)]
    pub stage: Stage,
}

/// One product of a transfer.
/// 调拨中的一种产品。
#[derive(Entity)]
#[entity(prefix = "su", zh = "库存调拨行", parent = "stock_transfer.lines")]
pub struct StockTransferLine {
    pub id: Id<StockTransferLine>,
    #[field(zh = "产品", only = r#"["kind","=","stocked"]"#)]
    pub product: ProductId,
    /// In the unit of the line.
    /// 以本行单位计。
    #[field(zh = "数量")]
    pub qty: Qty,
    /// The product's own unit unless you choose another.
    /// 默认为产品自身的单位。
    #[field(zh = "单位")]
    pub unit: UnitId,
    /// The quantity in the product's own unit.
    /// 以产品自身单位计的数量。
    #[field(zh = "基本数量", computed, hidden)]
    pub product_qty: Qty,
    #[field(zh = "默认值来源产品", hidden)]
    pub filled_for: Option<ProductId>,
}

impl StockTransferLine {
    /// How much moves, in the product's own unit.
    pub fn moves(&self) -> Qty {
        // Lines that were saved before they had a unit say it in the product's own.
        if self.unit.raw() == 0 { self.qty } else { self.product_qty }
    }
}

/// How far a transfer is.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    #[choice(zh = "草稿")]
    Draft,
    /// In the books.
    #[choice(zh = "已过账", tone = "good")]
    Posted,
    /// Taken back.
    #[choice(zh = "已取消", tone = "bad")]
    Cancelled,
}

/// What a user may ask for.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves the goods.
    /// 移动货物。
    #[action(zh = "过账", primary, many)]
    Post,
    /// Moves them back.
    /// 撤销移动。
    #[action(zh = "取消", danger)]
    Cancel,
}

impl Stage {
    /// The whole life cycle.
    pub fn after(self, action: &Action) -> Option<Stage> {
        match (self, action) {
            (Stage::Draft, Action::Post) => Some(Stage::Posted),
            (Stage::Draft | Stage::Posted, Action::Cancel) => Some(Stage::Cancelled),
            _ => None,
        }
    }

    /// The life cycle as data.
    pub fn transitions() -> Vec<Transition> {
        life(&[Action::Post, Action::Cancel], Stage::after)
    }
}

/// Why goods are not transferred.
#[derive(meta::Refusal)]
pub enum NotTransferred {
    /// Goods go from one place to another. Choose two different places.
    ///
    /// 调拨须在两个不同库位之间进行，请重新选择。
    #[refusal(kind = "Invalid", field = "to_place")]
    SamePlace,
    /// The quantity must be more than zero. Correct it, or remove the line.
    ///
    /// 数量必须大于零，请更正或删除该行。
    #[refusal(kind = "Invalid", field = "lines.qty")]
    NothingMoves,
}

/// What deciding about a transfer needs to know.
pub struct Facts {
    /// How goods are valued.
    pub costing: Costing,
    /// What the products are measured in.
    pub measures: Measures,
    /// Today.
    pub today: Date,
    /// The place a new document takes.
    pub home_place: Option<PlaceId>,
}

impl Document for StockTransfer {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, _: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let products = || doc.lines.iter().map(|line| line.product.raw());
        Ok(Facts {
            costing: costing::read(products(), reader)?,
            measures: measures(products(), doc.lines.iter().map(|line| line.unit.raw()), reader)?,
            today: reader.context().today,
            home_place: costing::home_place(reader)?,
        })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.moved_on == Date::MIN {
            doc.moved_on = facts.today;
        }
        if let (0, Some(place)) = (doc.from_place.raw(), facts.home_place) {
            doc.from_place = place;
        }
        let mut problems = Vec::new();
        if doc.from_place == doc.to_place && doc.to_place.raw() != 0 {
            problems.push(NotTransferred::SamePlace.into());
        }
        let told = doc.lines.iter_mut().enumerate().map(|(row, line)| measure(line, facts).map_err(|why| why.row(row)));
        problems.extend(told.filter_map(Result::err));
        if problems.is_empty() { Ok(()) } else { Err(Refusal::merge(problems)) }
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Draft { Ok(()) } else { Err(only_drafts(old.stage)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| not_now(doc.stage, action))
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let effects = match action {
            Action::Post => Effects::post(Posting { moves: moves(doc, facts)?, ..Posting::default() }),
            Action::Cancel => Effects::undo(),
        };
        Ok((next.code(), effects))
    }
}

/// What a line says in its unit, in the product's own.
fn measure(line: &mut StockTransferLine, facts: &Facts) -> Result<(), Refusal> {
    if line.qty <= Qty::ZERO {
        return Err(NotTransferred::NothingMoves.into());
    }
    if let Some(measure) = facts.measures.of(line.product) {
        let is_other = line.filled_for.is_some_and(|before| before != line.product);
        line.unit = if line.unit.raw() == 0 || is_other { measure.own } else { line.unit };
        line.filled_for = Some(line.product);
        line.product_qty = measure.own_qty(line.qty, line.unit)?;
    }
    Ok(())
}

fn moves(doc: &StockTransfer, facts: &Facts) -> Result<Vec<Move>, Refusal> {
    let moved = |(row, line): (usize, &StockTransferLine)| {
        let movement = Movement {
            product: line.product,
            qty: line.moves(),
            from: doc.from_place,
            to: doc.to_place,
            moved_on: doc.moved_on,
            kind: MoveKind::Within,
            doc_line: line.id.raw(),
        };
        // Value does not change, so the other side of it is never posted to.
        let stock = facts.costing.account("stock")?;
        facts.costing.movement(movement, stock).map_err(|refusal| refusal.row(row))
    };
    doc.lines.iter().enumerate().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use books::CostMethod;
    use meta::Record;

    use super::*;
    use crate::costing::Goods;
    use product::unit_rules::UnitFactor;

    const PIECE: UnitFactor =
        UnitFactor { category: product::UnitCategory::Count, numerator: 1, denominator: 1, whole: false };

    fn facts() -> Facts {
        let mug = Goods {
            is_stocked: true,
            method: CostMethod::Average,
            standard: None,
            unit_cost: None,
            stock_account: Some(Id::new(1405)),
            cost_account: None,
        };
        Facts {
            costing: Costing {
                goods: BTreeMap::from([(7, mug)]),
                accounts: BTreeMap::from([("stock".to_owned(), Id::new(1400))]),
                places: BTreeMap::new(),
            },
            measures: Measures {
                products: BTreeMap::from([(7, (Id::new(1), vec![(Id::new(24), 24, 1)]))]),
                units: BTreeMap::from([(1, PIECE), (24, PIECE)]),
            },
            today: Date::new(2026, 11, 25).unwrap(),
            home_place: Some(Id::new(1)),
        }
    }

    fn check(stage: Stage, action: Action, to: i64, qty: &str, expected: &str) {
        check_in(0, stage, action, to, qty, expected);
    }

    fn check_in(unit: i64, stage: Stage, action: Action, to: i64, qty: &str, expected: &str) {
        let mut doc = StockTransfer::from_record(&Record::empty(StockTransfer::meta())).unwrap();
        doc.to_place = Id::new(to);
        let mut line = StockTransferLine::from_record(&Record::empty(StockTransferLine::meta())).unwrap();
        line.product = Id::new(7);
        (line.qty, line.unit) = (Qty::parse(qty).unwrap(), Id::new(unit));
        doc.lines.push(line);
        let decided = StockTransfer::complete(&mut doc, &facts()).and_then(|()| {
            doc.stage = stage;
            StockTransfer::decide(&doc, &action, &facts())
        });
        let text = match decided {
            Err(refusal) => format!("refused: {refusal}"),
            Ok((stage, effects)) => {
                let mut text = stage.to_owned();
                for m in &effects.posting.moves {
                    let (from, to) = (m.from.raw(), m.to.raw());
                    text += &format!("; {:?} {} of #{} from #{from} to #{to}", m.kind, m.qty.text(), m.product.raw());
                }
                text + if effects.undo { "; undo" } else { "" }
            }
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn goods_change_their_place_and_keep_their_value() {
        check(Stage::Draft, Action::Post, 5, "2.5", "posted; Within 2.5 of #7 from #1 to #5");
    }

    #[test]
    fn a_box_moves_with_all_that_it_holds() {
        check_in(24, Stage::Draft, Action::Post, 5, "2", "posted; Within 48 of #7 from #1 to #5");
        let other = "refused: #7 is not measured in this unit. Choose a unit of the same category.";
        check_in(99, Stage::Draft, Action::Post, 5, "2", other);
    }

    #[test]
    fn a_transfer_needs_two_places_and_a_quantity() {
        let same = "refused: Goods go from one place to another. Choose two different places.";
        check(Stage::Draft, Action::Post, 1, "2", same);
        let nothing = "refused: The quantity must be more than zero. Correct it, or remove the line.";
        check(Stage::Draft, Action::Post, 5, "0", nothing);
    }

    #[test]
    fn cancelling_moves_back() {
        check(Stage::Posted, Action::Cancel, 5, "2", "cancelled; undo");
        let late = "refused: This is in stage Cancelled, where Cancel is not possible. Load it again to see what is.";
        check(Stage::Cancelled, Action::Cancel, 5, "2", late);
    }
}
