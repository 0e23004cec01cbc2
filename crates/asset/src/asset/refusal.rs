//! Why something is not done with an asset.

use kernel::{Amount, Currency};

/// Why an asset is not saved, or something not done with it.
#[derive(meta::Refusal)]
pub enum NotAnAsset {
    /// An asset costs something. Enter what it cost.
    /// 资产须有原值，请填写。
    #[refusal(kind = "Invalid", field = "cost")]
    NoCost,
    /// What was depreciated before lies between nothing and the cost less the residual value. Correct it.
    /// 接管前已提折旧须在 0 与原值减残值之间，请更正。
    #[refusal(kind = "Invalid", field = "already_depreciated")]
    StrangeOpening,
    /// An asset has each book once. Remove one of the lines.
    /// 每种账簿只能有一行，请删除重复行。
    #[refusal(kind = "Invalid", field = "books.book")]
    BookTwice,
    /// This method needs a life of 1 to 1200 months. Enter it here or in the category.
    /// 该方法需要 1 到 1200 个月的期限，请在此处或类别中填写。
    #[refusal(kind = "Invalid", field = "books.life_months")]
    NoLife,
    /// The residual value lies between nothing and the cost. Correct it.
    /// 残值须在 0 与原值之间，请更正。
    #[refusal(kind = "Invalid", field = "books.residual")]
    StrangeResidual,
    /// This method needs a rate between 0 and 1, or a residual value to derive it from. Enter it; 0.2 is 20 %.
    /// 该方法需要 0 到 1 之间的年折旧率，或可供推算的残值。20% 请填 0.2。
    #[refusal(kind = "Invalid", field = "books.rate")]
    NoRate,
    /// This method needs to know how many units it will make. Enter them.
    /// 工作量法须填写总工作量。
    #[refusal(kind = "Invalid", field = "books.total_units")]
    NoUnits,
    /// It is in the books: only name, serial number, place and custodian are changed here. Use revise, revalue, transfer or dispose for the rest.
    /// 资产已入账，此处仅可修改名称、序列号、地点和保管人；其余请使用调整、重估、调拨或处置。
    #[refusal(kind = "NotNow", field = "cost")]
    InTheBooks,
    /// Say what it was paid from, or name its supplier.
    /// 请指定对方科目，或填写供应商。
    #[refusal(kind = "Invalid", field = "against")]
    NoAgainst,
    /// {account} cannot stand on the other side: it sums up others, is out of use, needs a party or holds stock, or holds assets itself. Choose another.
    /// {account} 不能作为对方科目：为汇总科目、已停用、须指定往来单位、反映库存，或本身为资产科目。请另选。
    #[refusal(kind = "Invalid", field = "against")]
    WrongAccount {
        /// The account.
        account: (&'static str, i64),
    },
    /// No account is set up for payables. Name one in the chart of accounts (“used for”).
    /// 尚未设置“应付账款”科目，请在会计科目的“用途”中指定。
    #[refusal(field = "against")]
    NoPayable,
    /// It was depreciated before: take it over instead of capitalising it, or empty that field.
    /// 该资产接管前已提折旧，请使用“期初接管”，或清空该字段。
    #[refusal(kind = "NotNow", field = "already_depreciated")]
    IsTakenOver,
    /// It is not used before {from}. Choose that day or a later one.
    /// 该资产自 {from} 起使用，请选择该日或之后的日期。
    #[refusal(kind = "Invalid", field = "posted_on")]
    TooEarly {
        /// When its terms began.
        from: kernel::Date,
    },
    /// It has no such book. Choose one of its books.
    /// 该资产没有此账簿，请选择已有账簿。
    #[refusal(kind = "Invalid", field = "book")]
    NoBook,
    /// Between 1 and 1200 months remain. Correct them.
    /// 剩余月数须在 1 到 1200 之间，请更正。
    #[refusal(kind = "Invalid", field = "life_months")]
    StrangeLife,
    /// What is left lies between nothing and {net}, what it is worth. Correct the residual value.
    /// 残值须在 0 与账面净值 {net} 之间，请更正。
    #[refusal(kind = "Invalid", field = "residual")]
    MoreThanNet {
        /// Its net value.
        net: (Amount, Currency),
    },
    /// It is worth {net} already. Enter another value.
    /// 账面净值已为 {net}，请填写其他值。
    #[refusal(kind = "Invalid", field = "net")]
    SameWorth {
        /// Its net value.
        net: (Amount, Currency),
    },
    /// A thing is worth no less than nothing or its residual value. Correct the value, or revise the residual value first.
    /// 重估后净值不能小于 0 或残值，请更正，或先调整残值。
    #[refusal(kind = "Invalid", field = "net")]
    BelowResidual,
    /// Its category names no account for what assets are worth more. Name one there.
    /// 该类别未设置重估增值科目，请先在类别中指定。
    #[refusal(kind = "NotNow", field = "net")]
    NoSurplus,
    /// A share lies between 0 and 1. Write 0.5 for half; leave it empty for all.
    /// 处置比例须在 0 到 1 之间，一半填 0.5，全部则留空。
    #[refusal(kind = "Invalid", field = "share")]
    StrangeShare,
    /// What is got for it is not negative. Correct it; leave it empty when it is scrapped.
    /// 处置所得不能为负，请更正；报废请留空。
    #[refusal(kind = "Invalid", field = "proceeds")]
    NegativeProceeds,
    /// Say what changes: place, custodian or category.
    /// 请填写要变更的地点、保管人或类别。
    #[refusal(kind = "Invalid", field = "location")]
    NothingMoved,
    /// Depreciation runs have charged it. Cancel those runs first, or dispose of it.
    /// 该资产已由折旧单计提，请先冲销相关折旧单，或做处置。
    #[refusal(kind = "NotNow")]
    Charged,
}
