//! Places: where goods can be, and where they go when they are no longer ours.
#![allow(missing_docs, reason = "a field without a comment is explained by its label")]

use books::{CompanyId, PlaceId};
use kernel::{Id, Refusal};
use meta::{Choice, Document, Effects, Entity, Reader, Trouble, Want};

/// A shelf, a warehouse, or a place outside: customers, suppliers and loss are places too,
/// so that what leaves one place always arrives in another.
/// 货架、仓库或外部位置：客户、供应商、损耗也是库位，因此货物总是从一处到另一处。
#[derive(Entity)]
#[entity(
    prefix = "wp",
    kind = "master",
    steady,
    zh = "库位",
    title = "name",
    list = "code,name,kind,warehouse,pick_order,active",
    sort = "code",
    index = "unique:company,code"
)]
pub struct Place {
    pub id: Id<Place>,
    #[field(zh = "公司")]
    pub company: CompanyId,
    /// A short code, as printed on labels.
    /// 简短编码，用于标签。
    #[field(zh = "编码", search, max = 40)]
    pub code: String,
    #[field(zh = "名称", search)]
    pub name: String,
    /// What it is called on papers in English; empty: its name.
    /// 英文单据上的名称；留空则用名称。
    #[field(zh = "英文名称", label = "Name in English", optional, max = 80)]
    pub name_en: String,
    /// What it is called on papers in Chinese; empty: its name.
    /// 中文单据上的名称；留空则用名称。
    #[field(zh = "中文名称", label = "Name in Chinese", optional, max = 80)]
    pub name_zh: String,
    /// What it is for: goods we own are in stock places and in transit.
    /// 用途：我们自己的货物在库存库位或在途。
    #[field(zh = "类型", group)]
    pub kind: PlaceKind,
    /// The place it is a part of.
    /// 所属的上级库位。
    #[field(zh = "上级")]
    pub parent: Option<PlaceId>,
    /// The warehouse it stands in.
    /// 所在仓库。
    #[field(zh = "仓库", group, only = r#"["kind","=","warehouse"]"#)]
    pub warehouse: Option<PlaceId>,
    /// Where goods are fetched and brought to, if not at the address of the company.
    /// 提货和送货的地址；留空则为公司地址。
    #[field(zh = "地址", long, optional, max = 400, section(en = "Where it is", zh = "位置"))]
    pub address: String,
    /// The aisle of the warehouse it is in.
    /// 所在通道。
    #[field(zh = "通道", optional, search, max = 20)]
    pub aisle: String,
    /// The rack of the aisle.
    /// 通道中的货架。
    #[field(zh = "货架", optional, max = 20)]
    pub rack: String,
    /// The level of the rack, counted from the floor.
    /// 货架的层，自地面起数。
    #[field(zh = "层", optional, max = 20)]
    pub level: String,
    /// When one walks through the warehouse it comes in this order, the smallest first; reports of
    /// what is there follow it. 0: after those that have one, by code.
    /// 在仓库中行走拣货的先后，小者在前；0 表示排在有序号的之后，按编码排列。
    #[field(label = "Picking order", zh = "拣货顺序", optional)]
    pub pick_order: i64,
    /// Places out of use are not offered any more.
    /// 停用的库位不再供选择。
    #[field(zh = "启用", default = "true")]
    pub active: bool,
    #[field(zh = "备注", long, optional)]
    pub note: String,
}

/// What a place is for.
#[derive(Choice, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// Goods we own and can promise.
    #[choice(zh = "库存", tone = "good")]
    Stock,
    /// A building; its shelves are stock places.
    #[choice(zh = "仓库", tone = "info")]
    Warehouse,
    /// What customers have.
    #[choice(zh = "客户")]
    Customer,
    /// What suppliers have.
    #[choice(zh = "供应商")]
    Supplier,
    /// What is gone.
    #[choice(zh = "损耗", tone = "bad")]
    Loss,
    /// What is being made.
    #[choice(zh = "生产")]
    Production,
    /// On the way between two of our places.
    #[choice(zh = "在途", tone = "warn")]
    Transit,
}

/// Why a place is not kept as it is.
#[derive(meta::Refusal)]
pub enum NotAPlace {
    /// A place cannot be a part of itself. Choose another place, or none.
    ///
    /// 库位不能隶属于自身，请选择其他库位或留空。
    #[refusal(kind = "Invalid", field = "parent")]
    PartOfItself,
    /// The picking order is 0 or more. Correct it.
    ///
    /// 拣货顺序不能为负，请更正。
    #[refusal(kind = "Invalid", field = "pick_order")]
    PickedBeforeFirst,
    /// {on_hand} of goods are still in this place. Move them first.
    ///
    /// 该库位仍有 {on_hand} 件货物，请先移走。
    #[refusal(kind = "Conflict", field = "active")]
    NotEmpty {
        /// How much is in it.
        on_hand: kernel::Qty,
    },
}

/// What is known of a place.
pub struct Facts {
    /// How much of anything is in it.
    pub on_hand: kernel::Qty,
    /// The place it is to be a part of is a part of it already.
    pub is_ring: bool,
}

/// A place has no actions.
#[derive(meta::Action, Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAction {}

impl Document for Place {
    type Facts = Facts;
    type Action = NoAction;

    fn facts(doc: &Self, _: &Want<NoAction>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let sql = "select sum(on_hand) from stock_balance where place = ?1 and on_hand > 0";
        let rows = if doc.id.raw() == 0 { Vec::new() } else { reader.rows(sql, &[doc.id.raw().into()])? };
        let above = "with recursive up(id) as (
              select parent from place where id = ?1
              union select p.parent from place p join up on up.id = p.id)
            select 1 from up where id = ?2";
        let is_ring = match (doc.parent, doc.id.raw()) {
            (None, _) | (_, 0) => false,
            (Some(parent), id) => !reader.rows(above, &[parent.raw().into(), id.into()])?.is_empty(),
        };
        Ok(Facts { on_hand: kernel::Qty::new(rows.first().map_or(0, |row| row.int(0))), is_ring })
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.pick_order < 0 {
            return Err(NotAPlace::PickedBeforeFirst.into());
        }
        let is_itself = doc.parent.is_some_and(|parent| parent.raw() == doc.id.raw() && parent.raw() != 0);
        if is_itself || facts.is_ring { Err(NotAPlace::PartOfItself.into()) } else { Ok(()) }
    }

    fn check_change(old: &Self, new: &Self, facts: &Facts) -> Result<(), Refusal> {
        let leaves_use = (old.active && !new.active) || old.kind != new.kind;
        match leaves_use && !facts.on_hand.is_zero() {
            true => Err(NotAPlace::NotEmpty { on_hand: facts.on_hand }.into()),
            false => Ok(()),
        }
    }

    fn decide(_: &Self, action: &NoAction, _: &Facts) -> Result<(&'static str, Effects), Refusal> {
        match *action {}
    }

    fn ready(_: &Self, action: &NoAction) -> Result<(), Refusal> {
        match *action {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meta::Record;

    fn place() -> Place {
        let mut place = Place::from_record(&Record::empty(Place::meta())).unwrap();
        place.id = Id::new(7);
        place.active = true;
        place
    }

    #[test]
    fn a_place_is_no_part_of_itself() {
        let mut itself = place();
        itself.parent = Some(Id::new(7));
        let facts = Facts { on_hand: kernel::Qty::ZERO, is_ring: false };
        assert_eq!(
            Place::complete(&mut itself, &facts).unwrap_err().to_string(),
            "A place cannot be a part of itself. Choose another place, or none."
        );
        itself.parent = Some(Id::new(1));
        assert!(Place::complete(&mut itself, &facts).is_ok());
        assert!(Place::complete(&mut itself, &Facts { is_ring: true, ..facts }).is_err(), "nor of a part of it");
    }

    #[test]
    fn one_walks_from_the_first_place_on() {
        let mut first = place();
        let facts = Facts { on_hand: kernel::Qty::ZERO, is_ring: false };
        first.pick_order = -1;
        assert_eq!(
            Place::complete(&mut first, &facts).unwrap_err().to_string(),
            "The picking order is 0 or more. Correct it."
        );
        first.pick_order = 10;
        assert!(Place::complete(&mut first, &facts).is_ok());
    }

    #[test]
    fn a_place_with_goods_stays_in_use() {
        let mut closed = place();
        closed.active = false;
        let full = Facts { on_hand: kernel::Qty::whole(3), is_ring: false };
        assert_eq!(
            Place::check_change(&place(), &closed, &full).unwrap_err().to_string(),
            "3 of goods are still in this place. Move them first."
        );
        assert!(Place::check_change(&place(), &closed, &Facts { on_hand: kernel::Qty::ZERO, is_ring: false }).is_ok());
    }
}
