//! Why invoices and credit notes are refused.

use kernel::{Amount, Currency, Date, Qty};

/// Why an invoice is not accepted.
#[derive(meta::Refusal)]
pub enum NotInvoiced {
    /// Only {left} of {product} may still be invoiced on {number}, where {ordered} are ordered and {delivered} delivered. Reduce the quantity, or allow more under “Over-invoicing allowed” of the product or the company.
    ///
    /// {number} 的 {product} 订购 {ordered}、已交 {delivered}，仅可再开票 {left}。请减少数量，或在产品或公司的“允许超开票”中放宽。
    #[refusal(kind = "TooMuch", field = "lines.qty")]
    MoreThanOrdered {
        /// What.
        product: (&'static str, i64),
        /// How much is ordered.
        ordered: Qty,
        /// How much is delivered and was kept.
        delivered: Qty,
        /// How much may still be invoiced.
        left: Qty,
        /// The order.
        number: String,
    },
    /// The invoice is of {issued_on}, and nothing of it is given back before. Choose that day or a later one.
    ///
    /// 该发票的开票日期为 {issued_on}，红字发票不能早于该日，请选择该日或之后的日期。
    #[refusal(kind = "Invalid", field = "issued_on")]
    BeforeInvoice {
        /// Its day.
        issued_on: Date,
    },
    /// Only {left} of {product} are left to credit. Reduce the quantity.
    ///
    /// {product} 仅剩 {left} 可冲减，请减少数量。
    #[refusal(kind = "TooMuch", field = "lines.qty")]
    MoreThanInvoiced {
        /// What.
        product: (&'static str, i64),
        /// How much is left.
        left: Qty,
    },
    /// This line does not belong to the order or invoice it names. Take the lines from there.
    ///
    /// 该行不属于所指的订单或发票，请从原单带入明细。
    #[refusal(kind = "Invalid", field = "lines.order_line")]
    OtherDocument,
    /// {number} is of another customer. Choose that customer, one of the same legal entity, or a document of this one.
    ///
    /// {number} 属于其他客户。请选择该客户或同一法人单位的客户，或改选本客户的单据。
    #[refusal(kind = "Invalid", field = "customer")]
    OtherCustomer {
        /// The document.
        number: String,
    },
    /// {product} is not on {number}, or all of it is invoiced. Leave the order away for what was not ordered, or add it to the order; services such as freight may stand beside.
    ///
    /// {number} 没有 {product}，或已全部开票。未订购的货物请不要填写订单，或先加入订单；运费等服务可以直接填写。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NotOnOrder {
        /// What.
        product: (&'static str, i64),
        /// The order.
        number: String,
    },
    /// {product} is not on the invoice, or all of it is credited. Choose a line of the invoice, or make a credit note without an invoice for an allowance.
    ///
    /// 发票上没有 {product}，或已全部冲减。请选择发票的明细；如为折让，请开具不对应发票的红字发票。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NotOnInvoice {
        /// What.
        product: (&'static str, i64),
    },
    /// {product} was invoiced at {most}, less its discount, and no more is given back. Lower the price.
    ///
    /// {product} 的开票单价为 {most}（另扣折扣），冲减不能超过，请降低单价。
    #[refusal(kind = "TooMuch", field = "lines.price")]
    AbovePrice {
        /// What.
        product: (&'static str, i64),
        /// The price of the invoice.
        most: String,
    },
    /// {product} was invoiced with another tax. Give it back with the tax of the invoice.
    ///
    /// {product} 开票时的税不同，请按原发票的税冲减。
    #[refusal(kind = "Invalid", field = "lines.tax")]
    OtherTax {
        /// What.
        product: (&'static str, i64),
    },
    /// Only {left} of the invoice, before tax, are not given back yet, and this gives back {net}. Take lines out, or lower their prices.
    ///
    /// 发票仅剩未税 {left} 可冲减，本单为 {net}。请减少明细或降低单价。
    #[refusal(kind = "TooMuch", field = "lines.price")]
    MoreThanLeft {
        /// What is left.
        left: (Amount, Currency),
        /// What was to be given back.
        net: (Amount, Currency),
    },
    /// The invoice is in {currency}, and so is what gives it back. Choose that currency.
    ///
    /// 原发票币种为 {currency}，红字发票须使用相同币种。
    #[refusal(kind = "Invalid", field = "currency")]
    OtherCurrency {
        /// The currency of the invoice.
        currency: String,
    },
    /// {number} has been paid or credited in part. Cancel the payment, or make a credit note.
    ///
    /// {number} 已部分收款或冲减，请先取消收款，或开具红字发票。
    #[refusal(kind = "NotNow")]
    Settled {
        /// Its number.
        number: String,
    },
    /// {number} is not in the books, so there is nothing to give back. Choose a posted invoice.
    ///
    /// {number} 未过账或已取消，无可冲减，请选择已过账的发票。
    #[refusal(kind = "NotNow", field = "credits")]
    NotPosted {
        /// Its number.
        number: String,
    },
    /// {number} is not received, or not any more, so nothing came back. Receive it first, or clear the return.
    ///
    /// {number} 未收货或已取消，货物并未退回。请先收货，或清除销售退货。
    #[refusal(kind = "NotNow", field = "sales_return")]
    NotReceived {
        /// Its number.
        number: String,
    },
    /// Only a credit note is made of a return. Choose the kind “credit note”, or clear the return.
    ///
    /// 只有红字发票可以对应销售退货，请更改类型或清除销售退货。
    #[refusal(kind = "Invalid", field = "sales_return")]
    NoNoteOfReturn,
    /// Only {left} of the {product} that came back are left to credit. Reduce the quantity.
    ///
    /// 退回的 {product} 仅剩 {left} 可冲减，请减少数量。
    #[refusal(kind = "TooMuch", field = "lines.qty")]
    MoreThanReturned {
        /// What.
        product: (&'static str, i64),
        /// How much is left.
        left: Qty,
    },
    /// With what this gave back, more of {product} would be invoiced on {number} than was ordered or delivered. Cancel the later invoice first, or deliver it again.
    ///
    /// 撤销后，{number} 的 {product} 开票将超过订购和已交数量。请先取消之后的发票，或重新交货。
    #[refusal(kind = "NotNow", field = "lines.qty")]
    InvoicedAgain {
        /// What.
        product: (&'static str, i64),
        /// The order.
        number: String,
    },
    /// What is left of the discount agreed on the order or invoice has changed since this was saved. Save it again, then post it.
    ///
    /// 保存后，原单可分摊的折扣已变化，请重新保存后再过账。
    #[refusal(kind = "NotNow", field = "lines.discount_share")]
    OtherDiscount,
    /// The rounding or a tax has changed since this was saved, and with it the total. Save it again, then post it.
    ///
    /// 保存后，现金舍入或税种已变化，合计随之不同，请重新保存后再过账。
    #[refusal(kind = "NotNow", field = "total")]
    OtherTotal,
    /// {rounding} rounds amounts in {coins}, this document is in {currency}. Choose another rounding, or none.
    ///
    /// {rounding} 用于 {coins}，本单据币种为 {currency}，请另选或清空。
    #[refusal(kind = "Invalid", field = "cash_rounding")]
    OtherCoins {
        /// Which.
        rounding: (&'static str, i64),
        /// Its currency.
        coins: String,
        /// The document's.
        currency: String,
    },
    /// An amount is too large. Check quantities, prices and the exchange rate.
    ///
    /// 金额过大，请检查数量、单价和汇率。
    #[refusal(kind = "TooMuch", field = "lines.price")]
    TooLarge,
    /// Only a credit note gives back an invoice. Choose the kind “credit note”, or remove the invoice.
    ///
    /// 只有红字发票可以冲减发票，请更改类型或移除所冲减的发票。
    #[refusal(kind = "Invalid", field = "credits")]
    NotACreditNote,
    /// Nothing says what the {product} that comes back is worth: none is in stock. Enter a unit cost, or credit the invoice it left with.
    ///
    /// 无法确定退回的 {product} 的成本：目前没有库存。请填写单位成本，或冲减原发票。
    #[refusal(kind = "Invalid", field = "lines.unit_cost")]
    CostUnknown {
        /// What.
        product: (&'static str, i64),
    },
    /// A unit cost is zero or more. Correct it.
    ///
    /// 单位成本不能为负，请更正。
    #[refusal(kind = "Invalid", field = "lines.unit_cost")]
    CostBelowZero,
    /// What was ordered leaves with a delivery, or it would leave twice. Clear “goods leave from”, and ship the order.
    ///
    /// 已下订单的货物须通过发货单出库，否则会重复出库；请清除“随票出库”，并对订单发货。
    #[refusal(kind = "Invalid", field = "ship_from")]
    LeavesWithDelivery,
    /// What left with a delivery comes back with a return of it, or it could come back twice. Clear “goods leave from”, and make a return of the delivery.
    ///
    /// 随发货单出库的货物须通过该发货单的退货单入库，否则可能重复入库；请清除“随票出库”，并从发货单生成退货单。
    #[refusal(kind = "Invalid", field = "ship_from")]
    ComesWithReturn,
    /// The lines come to nothing. Enter a price, or remove the document.
    ///
    /// 单据金额为零，请填写单价或删除单据。
    #[refusal(kind = "Invalid", field = "lines.price")]
    Nothing,
}
