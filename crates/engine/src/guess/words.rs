//! Words of trade for fields, as headings of files say them, and what values a field can have.

use kernel::folded;
use meta::{EntityMeta, FieldKind, FieldMeta};

use crate::import::is_fillable;

/// What else fields are called in files, in both languages: by the name of the field, of lines with that of their field.
const WORDS: [(&str, &[&str]); 22] = [
    ("name", &["全称", "单位名称", "公司名称", "客户名称", "供应商名称", "company", "company name", "full name"]),
    (
        "phone",
        &["手机", "手机号", "手机号码", "联系电话", "电话号码", "mobile", "telephone", "tel", "phone number", "cell"],
    ),
    ("email", &["邮箱", "电子邮件", "邮箱地址", "mail", "e-mail address"]),
    ("website", &["网址", "官网", "主页", "web", "homepage", "url"]),
    ("owner", &["业务员", "销售员", "跟单员", "客户经理", "salesperson", "sales rep", "account manager"]),
    ("note", &["说明", "附注", "remark", "remarks", "comment", "comments", "memo"]),
    (
        "tax_number",
        &[
            "纳税人识别号",
            "统一社会信用代码",
            "社会信用代码",
            "纳税识别号",
            "税务登记号",
            "vat",
            "vat number",
            "vat no",
            "vat id",
            "tax id",
            "tax no",
            "tin",
        ],
    ),
    ("terms", &["付款条款", "付款方式", "账期", "结算方式", "payment term", "terms of payment"]),
    ("credit_limit", &["授信额度", "信用限额", "credit"]),
    ("customer", &["客户名称", "购货单位", "买方", "client", "buyer", "customer name"]),
    ("supplier", &["供应商名称", "供货单位", "卖方", "vendor", "seller", "supplier name"]),
    ("customer_reference", &["客户单号", "采购单号", "po number", "po no", "customer po", "your reference"]),
    ("wanted_on", &["交货日期", "要货日期", "交期", "期望日期", "delivery date", "requested date", "due date"]),
    ("due_on", &["到期日", "付款期限", "due date", "payable by"]),
    ("unit", &["计量单位", "uom", "unit of measure"]),
    (
        "addresses.line",
        &[
            "地址",
            "收货地址",
            "送货地址",
            "联系地址",
            "街道地址",
            "address",
            "street address",
            "delivery address",
            "shipping address",
        ],
    ),
    ("addresses.postcode", &["邮政编码", "zip", "zip code", "postal code"]),
    ("lines.product", &["商品", "货品", "物料", "商品名称", "产品名称", "item", "sku", "article", "product name"]),
    ("lines.qty", &["订货数量", "订购数量", "quantity", "pcs"]),
    ("lines.price", &["销售单价", "采购单价", "unit price", "price each"]),
    ("lines.discount", &["折扣率", "discount rate"]),
    ("lines.description", &["摘要", "item description"]),
];

/// What the day of a document is called where no other day is meant.
const DAYS: [&str; 8] = ["date", "day", "日期", "单据日期", "订单日期", "下单日期", "document date", "order date"];

/// Whether a heading is another word for a field.
pub(super) fn is_word_for(meta: &EntityMeta, field: &str, head: &str) -> bool {
    let head = folded(head);
    let says = |words: &[&str]| words.iter().any(|word| folded(word) == head);
    if WORDS.iter().any(|(name, words)| *name == field && says(words)) {
        return true;
    }
    let day = meta.fields.iter().find(|one| matches!(one.kind, FieldKind::Date) && is_fillable(one));
    day.is_some_and(|day| day.name == field) && says(&DAYS)
}

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// There are none.
    Empty,
    /// Days, written with signs or signs of their language between their parts.
    Days,
    /// Eight figures, which may be days as well.
    Figures,
    /// Numbers.
    Numbers,
    /// Anything else.
    Texts,
}

/// Whether such values can be those of a field: a column of days is no rate.
pub(super) fn fit(values: Values, field: &FieldMeta) -> bool {
    match field.kind {
        _ if values == Values::Empty => true,
        FieldKind::Date => matches!(values, Values::Days | Values::Figures),
        FieldKind::Amount | FieldKind::Qty | FieldKind::Price | FieldKind::Rate | FieldKind::Int => {
            matches!(values, Values::Numbers | Values::Figures)
        }
        FieldKind::Bool | FieldKind::Choice(_) | FieldKind::Country | FieldKind::Currency | FieldKind::Phone => {
            values != Values::Days
        }
        FieldKind::Email | FieldKind::Url => values == Values::Texts,
        _ => true,
    }
}
