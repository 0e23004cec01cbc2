//! What the lines of quotations, orders and deliveries have in common. Pure.
//!
//! ```text
//! product → description, unit, price, tax     unless the user said otherwise; the tax through the tax position
//! qty × price × (1 − discount)
//!   − its part of the document's discount
//!                             → net, tax      by finance's tax rules
//! net in company currency − qty × cost        → margin
//! free stock − earlier lines                  → hint
//! ```

use std::collections::BTreeMap;

use books::{ProductId, TaxId, UnitId};
use finance::tax_rules::{LetOff, TaxRounding, TaxableAmount, TooLarge, line_amount, tax_amounts_less};
use kernel::{Amount, Currency, Date, Id, Label, Param, Price, Qty, Rate, Refusal, split};
use meta::{Hint, Tone};
use product::measure::{FurtherUnits, Measure};
use product::unit_rules::{UnitFactor, convert_price};
use stock::costing::{Balance, Goods};

use crate::discount_rules::{Bearer, Discount};
use crate::position_rules::{Positions, Taxes};
use crate::price_rules::{PriceList, Wanted, converted, list_price, with_or_without_tax};

/// How many lines one document may have.
pub const LINES_MAX: usize = 2000;

/// What is known of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFacts {
    /// What it is called.
    pub name: String,
    /// False for services.
    pub is_stocked: bool,
    /// Whether it is still sold.
    pub is_sold: bool,
    /// Its own unit.
    pub unit: UnitId,
    /// What that is called.
    pub unit_name: String,
    /// The unit sales begin with, if it is another.
    pub sales_unit: Option<UnitId>,
    /// Further units it is traded in: how many of its own unit make how many of each.
    pub units: FurtherUnits,
    /// Its category and those above, nearest first.
    pub categories: Vec<i64>,
    /// Its price in company currency, of one of its own unit.
    pub sales_price: Option<Price>,
    /// The tax on it.
    pub sales_tax: Option<TaxId>,
    /// What one of its own unit costs at present.
    pub unit_cost: Option<Price>,
}

/// What completing lines needs to know.
#[derive(Clone, Debug)]
pub struct LineFacts {
    /// Products by id.
    pub products: BTreeMap<i64, ProductFacts>,
    /// Units by id.
    pub units: BTreeMap<i64, UnitFactor>,
    /// The rules of each tax, and what tax positions charge instead.
    pub taxes: Taxes,
    /// The price list and its parents.
    pub prices: Vec<PriceList>,
    /// What one unit of each currency is worth in company currency, as far as known on the day.
    pub rates: BTreeMap<String, Rate>,
    /// Where tax is rounded.
    pub rounding: TaxRounding,
    /// What of the net is not taxed, because the terms let it off for paying early.
    pub tax_less: Option<LetOff>,
    /// The company's currency.
    pub company_currency: Currency,
    /// Kept stock by product, in the place goods are taken from.
    pub stock: BTreeMap<i64, Balance>,
    /// Days on which goods are expected there, by product, in order.
    pub expected: BTreeMap<i64, Vec<(Date, Qty)>>,
    /// How each product is valued.
    pub goods: BTreeMap<i64, Goods>,
}

impl LineFacts {
    /// What one unit of a currency is worth in company currency.
    pub fn rate(&self, currency: Currency) -> Option<Rate> {
        match currency == self.company_currency {
            true => Some(Rate::ONE),
            false => self.rates.get(currency.code()).copied(),
        }
    }

    /// What a product is measured in.
    fn measure<'a>(&'a self, product: ProductId, known: &'a ProductFacts) -> Measure<'a> {
        Measure { product, own: known.unit, further: &known.units, units: &self.units }
    }
}

/// What applies to all lines of a document.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The business day.
    pub on: Date,
    /// The document's currency.
    pub currency: Currency,
    /// What one unit of it is worth in company currency.
    pub rate: Rate,
    /// The tax position.
    pub positions: Positions,
}

/// A line, as these rules see it.
pub struct Line<'a> {
    /// What is sold.
    pub product: ProductId,
    /// How much, in `unit`.
    pub qty: Qty,
    /// What is taken off the price.
    pub discount: Rate,
    /// What it bears of a discount agreed on the order or invoice it was made from.
    pub agreed_discount: Option<Amount>,
    /// Whether its tax is that of an invoice it gives back, whatever that was.
    pub gives_back: bool,
    /// Filled with the product's name.
    pub description: &'a mut String,
    /// Filled with the product's unit.
    pub unit: &'a mut UnitId,
    /// Filled from the price list.
    pub price: &'a mut Option<Price>,
    /// The unit the price was for when it was last looked at: with another unit, it is converted.
    pub priced_unit: &'a mut Option<UnitId>,
    /// The price then: one that was typed since is for the unit that stands there now.
    pub priced_at: &'a mut Option<Price>,
    /// Filled with the product's tax.
    pub tax: &'a mut Option<TaxId>,
    /// The product the four were filled for: when it changes, they do.
    pub filled_for: &'a mut Option<ProductId>,
    /// The quantity in the product's own unit.
    pub product_qty: &'a mut Qty,
    /// Whether goods move.
    pub stocked: &'a mut bool,
    /// What it bears of the discount on the whole document.
    pub discount_share: &'a mut Amount,
    /// Without tax.
    pub net: &'a mut Amount,
    /// The tax.
    pub tax_amount: &'a mut Amount,
    /// With tax.
    pub total: &'a mut Amount,
    /// The total in company currency; the lines sum to the document's.
    pub total_base: &'a mut Amount,
    /// Net less present cost, in company currency.
    pub margin: &'a mut Amount,
}

/// What the lines come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// What is taken off the whole document.
    pub discount: Amount,
    /// Without tax.
    pub net: Amount,
    /// The tax.
    pub tax_amount: Amount,
    /// With tax.
    pub total: Amount,
    /// With tax, in company currency.
    pub total_base: Amount,
    /// Net less present cost, in company currency.
    pub margin: Amount,
}

/// Why a line cannot be sold as it is.
#[derive(meta::Refusal)]
pub enum NotALine {
    /// Choose a product.
    ///
    /// 请选择产品。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NoProduct,
    /// {product} is not sold any more. Choose another product.
    ///
    /// {product} 已停售，请选择其他产品。
    #[refusal(kind = "Invalid", field = "lines.product")]
    NotForSale {
        /// The product.
        product: (&'static str, i64),
    },
    /// The quantity must be more than zero. Correct it, or remove the line.
    ///
    /// 数量必须大于零，请更正或删除该行。
    #[refusal(kind = "Invalid", field = "lines.qty")]
    NoQuantity,
    /// A discount lies between 0 and 100 %. Correct it.
    ///
    /// 折扣须在 0 到 100% 之间，请更正。
    #[refusal(kind = "Invalid", field = "lines.discount")]
    StrangeDiscount,
    /// Nothing says what {product} costs the customer. Type a price.
    ///
    /// 没有 {product} 的价格，请填写单价。
    #[refusal(kind = "Invalid", field = "lines.price")]
    NoPrice {
        /// The product.
        product: (&'static str, i64),
    },
    /// The price of {product} is below zero. Use the discount for goods; only a service, such as “Discount”, can take something off.
    ///
    /// {product} 的单价为负。商品请使用折扣；只有服务类产品（如“折扣”）可以为负。
    #[refusal(kind = "Invalid", field = "lines.price")]
    PriceBelowZero {
        /// The product.
        product: (&'static str, i64),
    },
    /// {tax} is a tax on what is bought. Choose a tax on sales, or clear it.
    ///
    /// {tax} 是进项税，请选择销售税或清空。
    #[refusal(kind = "Invalid", field = "lines.tax")]
    PurchaseTax {
        /// Which.
        tax: (&'static str, i64),
    },
    /// An amount is too large. Check quantities and prices.
    ///
    /// 金额过大，请检查数量和单价。
    #[refusal(kind = "TooMuch", field = "lines.price")]
    TooLarge,
    /// The document comes to less than nothing. Make a credit note for what is given back.
    ///
    /// 单据总额不能为负，如需退款请开具红字发票。
    #[refusal(kind = "Invalid", field = "lines")]
    BelowZero,
    /// One document has at most 2,000 lines. Make several.
    ///
    /// 一张单据最多 2,000 行，请拆分。
    #[refusal(kind = "TooMuch", field = "lines")]
    TooManyLines,
}

/// Completes the lines of a document; all that is wrong is told together.
pub fn complete(lines: &mut [Line], discount: &Discount, terms: &Terms, facts: &LineFacts) -> Result<Totals, Refusal> {
    if LINES_MAX < lines.len() {
        return Err(NotALine::TooManyLines.into());
    }
    let told = lines.iter_mut().enumerate().map(|(row, line)| fill(line, terms, facts).map_err(|why| why.row(row)));
    let problems: Vec<Refusal> = told.filter_map(Result::err).collect();
    if !problems.is_empty() {
        return Err(Refusal::merge(problems));
    }
    tax(lines, discount, terms, facts)
}

/// Fills what the user did not say.
fn fill(line: &mut Line, terms: &Terms, facts: &LineFacts) -> Result<(), Refusal> {
    let product = ("product", line.product.raw());
    // Zero: somebody said that there is none, rather than nothing.
    let is_untaxed = line.tax.is_some_and(|tax| tax.raw() == 0);
    line.tax.take_if(|_| is_untaxed);
    let Some(known) = facts.products.get(&line.product.raw()) else {
        return Err(NotALine::NoProduct.into());
    };
    let is_new = *line.filled_for != Some(line.product);
    if is_new && !known.is_sold {
        return Err(NotALine::NotForSale { product }.into());
    }
    let is_other = is_new && line.filled_for.is_some();
    if line.description.is_empty() || is_other {
        line.description.clone_from(&known.name);
    }
    if line.unit.raw() == 0 || is_other {
        *line.unit = known.sales_unit.unwrap_or(known.unit);
    }
    if is_other || is_new && line.tax.is_none() && !is_untaxed {
        *line.tax = facts.taxes.proposed(known.sales_tax, terms.positions.now);
    }
    if let Some(tax) = line.tax.filter(|tax| !line.gives_back && facts.taxes.bought.contains(&tax.raw())) {
        return Err(NotALine::PurchaseTax { tax: ("tax", tax.raw()) }.into());
    }
    *line.stocked = known.is_stocked;
    *line.filled_for = Some(line.product);
    if line.qty <= Qty::ZERO {
        return Err(NotALine::NoQuantity.into());
    }
    if line.discount < Rate::ZERO || Rate::ONE < line.discount {
        return Err(NotALine::StrangeDiscount.into());
    }
    *line.product_qty = facts.measure(line.product, known).own_qty(line.qty, *line.unit)?;
    if !is_new {
        reprice(line, known, facts);
        retax(line, known, &terms.positions, facts);
    }
    if line.price.is_none() || is_other {
        let (unit, product_qty, tax) = (*line.unit, *line.product_qty, *line.tax);
        *line.price = price(&Priced { product: line.product, unit, product_qty, tax }, known, terms, facts);
    }
    (*line.priced_unit, *line.priced_at) = (line.price.map(|_| *line.unit), *line.price);
    match *line.price {
        None => Err(NotALine::NoPrice { product }.into()),
        // Goods at less than nothing would be given away with money on top. What is taken off the
        // whole document is a line of its own, of a service.
        Some(price) if price < Price::ZERO && known.is_stocked => Err(NotALine::PriceBelowZero { product }.into()),
        Some(_) => Ok(()),
    }
}

/// A price that was left alone while its unit was changed becomes that of the new unit.
fn reprice(line: &mut Line, known: &ProductFacts, facts: &LineFacts) {
    let (Some(before), Some(price)) = (*line.priced_unit, *line.price) else { return };
    if before == *line.unit || *line.priced_at != Some(price) {
        return;
    }
    *line.price = facts.measure(line.product, known).price(price, before, *line.unit).or(*line.price);
}

/// With another tax position a line bears what that charges, unless somebody chose its tax. Its net stays: a tax that
/// the price contained and that is not charged any more is taken out of it.
fn retax(line: &mut Line, known: &ProductFacts, positions: &Positions, facts: &LineFacts) {
    let (before, now) = [positions.before, positions.now].map(|one| facts.taxes.proposed(known.sales_tax, one)).into();
    if before == now || *line.tax != before {
        return;
    }
    *line.tax = now;
    *line.price = line.price.map(|price| facts.taxes.exchanged(price, before, now).unwrap_or(price));
}

/// What the price of a line depends on.
#[derive(Clone, Copy, Debug)]
pub struct Priced {
    /// What is sold.
    pub product: ProductId,
    /// The unit of the price.
    pub unit: UnitId,
    /// How much, in the product's own unit.
    pub product_qty: Qty,
    /// The tax, which the price may contain.
    pub tax: Option<TaxId>,
}

/// Proposes the price of the new quantity for lines whose price is that of another quantity
/// of their price list. A price that somebody agreed on is left alone, and so is one whose
/// proposal is not taken.
pub fn proposals(
    lines: impl Iterator<Item = (usize, Priced, Option<Price>)>,
    terms: &Terms,
    facts: &LineFacts,
) -> Vec<Hint> {
    let propose = |(row, line, now): (usize, Priced, Option<Price>)| {
        let (known, now) = (facts.products.get(&line.product.raw())?, now?);
        let proposed = price(&line, known, terms, facts)?;
        let tiers = facts.prices.iter().flat_map(|list| &list.lines).map(|tier| tier.min_qty);
        let mut others = tiers.chain([Qty::ZERO]).map(|product_qty| Priced { product_qty, ..line });
        let is_of_a_list = others.any(|other| price(&other, known, terms, facts) == Some(now));
        (proposed != now && is_of_a_list).then(|| proposal(row, &line, proposed))
    };
    lines.filter_map(propose).collect()
}

fn proposal(row: usize, line: &Priced, price: Price) -> Hint {
    let about = Refusal::new(
        "price_of_quantity",
        Label::new(
            "For this quantity the list price of {product} is {price}. Clear the price to take it.",
            "{product} 在此数量下的价目表单价为 {price}；清空单价即可采用。",
        ),
    );
    let about = about.with("product", ("product", line.product.raw())).with("price", price.text());
    Hint { tone: Tone::Info, about: about.field("lines.price").row(row) }
}

/// What the price lists say a line is sold at, and which tax it bears; nothing where none says a price.
pub fn listed(line: &Priced, terms: &Terms, facts: &LineFacts) -> (Option<Price>, Option<TaxId>) {
    let Some(known) = facts.products.get(&line.product.raw()) else { return (None, None) };
    (price(line, known, terms, facts), facts.taxes.proposed(known.sales_tax, terms.positions.now))
}

fn price(line: &Priced, known: &ProductFacts, terms: &Terms, facts: &LineFacts) -> Option<Price> {
    // A price of ours contains, or not, the tax of the product; a position exchanges it.
    let is_exchanged = line.tax == facts.taxes.proposed(known.sales_tax, terms.positions.now);
    let told = if is_exchanged { known.sales_tax } else { line.tax };
    let (product, categories) = (line.product, &known.categories);
    let wanted = Wanted { product, categories, qty: line.product_qty, on: terms.on };
    let (own, currency) = match list_price(&facts.prices, &wanted) {
        Some(found) => (with_or_without_tax(found.price, found.tax_included, facts.taxes.rules(told))?, found.currency),
        None => (known.sales_price?, facts.company_currency),
    };
    let mut price = converted(own, facts.rate(currency)?, terms.rate)?;
    if line.unit != known.unit {
        let (unit, own) = facts.measure(product, known).factors(line.unit)?;
        price = convert_price(price, &own, &unit).ok()?;
    }
    facts.taxes.exchanged(price, told, line.tax)
}

fn tax(lines: &mut [Line], discount: &Discount, terms: &Terms, facts: &LineFacts) -> Result<Totals, Refusal> {
    let bearers = lines.iter().map(|line| {
        let price = line.price.unwrap_or(Price::ZERO);
        let amount = line_amount(line.qty, price, line.discount, terms.currency)?;
        Ok(Bearer { amount, agreed: line.agreed_discount })
    });
    let bearers: Vec<Bearer> = bearers.collect::<Result<_, TooLarge>>()?;
    let borne = discount.borne(&bearers, terms.currency)?;
    let taxable = lines.iter().zip(bearers.iter().zip(&borne)).map(|(line, (bearer, borne))| {
        let taxes = facts.taxes.rules(*line.tax);
        let amount = bearer.amount.checked_sub(*borne).ok_or(NotALine::TooLarge)?;
        Ok(TaxableAmount { amount, qty: line.qty, taxes })
    });
    let taxable: Vec<TaxableAmount> = taxable.collect::<Result<_, NotALine>>()?;
    let taxed = tax_amounts_less(&taxable, facts.tax_less, terms.currency, facts.rounding)?;
    if taxed.gross.is_negative() {
        return Err(NotALine::BelowZero.into());
    }
    let base = |amount: Amount| amount.convert(terms.currency, facts.company_currency, terms.rate);
    let total_base = base(taxed.gross).ok_or(NotALine::TooLarge)?;
    let grosses: Vec<Amount> = taxed.lines.iter().map(|line| line.gross).collect();
    let shares = in_base(&grosses, &base).ok_or(NotALine::TooLarge)?;
    let mut margin = Amount::ZERO;
    for (((line, taxed), share), borne) in lines.iter_mut().zip(&taxed.lines).zip(shares).zip(&borne) {
        *line.discount_share = *borne;
        *line.net = taxed.net;
        *line.tax_amount = taxed.tax;
        *line.total = taxed.gross;
        *line.total_base = share;
        let cost = cost(line.product, *line.product_qty, facts).ok_or(NotALine::TooLarge)?;
        *line.margin = base(taxed.net).and_then(|net| net.checked_sub(cost)).ok_or(NotALine::TooLarge)?;
        margin = margin.checked_add(*line.margin).ok_or(NotALine::TooLarge)?;
    }
    let discount = borne.into_iter().sum();
    Ok(Totals { discount, net: taxed.net, tax_amount: taxed.tax, total: taxed.gross, total_base, margin })
}

/// Amounts in company currency, summing exactly to what their sum is there.
///
/// The sum is converted once and shared by weight. What adds and what takes off is shared apart:
/// where both nearly cancel, the sum says nothing of what each is worth.
pub fn in_base(parts: &[Amount], base: &dyn Fn(Amount) -> Option<Amount>) -> Option<Vec<Amount>> {
    let side = |sign: i64| -> Vec<i64> { parts.iter().map(|part| (part.raw() * sign).max(0)).collect() };
    let (adding, taking) = (side(1), side(-1));
    let sum =
        |amounts: &[i64]| amounts.iter().try_fold(Amount::ZERO, |sum, amount| sum.checked_add(Amount::new(*amount)));
    let (adds, takes) = (sum(&adding)?, sum(&taking)?);
    let whole = base(adds - takes)?;
    let added = if takes.is_zero() { whole } else { base(adds)? };
    let shares = |amount: Amount, weights: &[i64]| match weights.iter().any(|weight| *weight != 0) {
        true => split(amount, weights),
        false => vec![Amount::ZERO; weights.len()],
    };
    let both = shares(added, &adding).into_iter().zip(shares(added - whole, &taking));
    Some(both.map(|(added, taken)| added - taken).collect())
}

fn cost(product: ProductId, qty: Qty, facts: &LineFacts) -> Option<Amount> {
    let cost = facts.products.get(&product.raw()).and_then(|known| known.unit_cost);
    cost.unwrap_or(Price::ZERO).times(qty, facts.company_currency)
}

/// What a line asks of the stock.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// The row.
    pub row: usize,
    /// Which product.
    pub product: ProductId,
    /// The unit of the line: when it is another, what is free is told with the product's own.
    pub unit: UnitId,
    /// How much, in its own unit, is still needed.
    pub qty: Qty,
    /// How much of that is reserved for the line already.
    pub reserved: Qty,
}

/// Says of every line what it finds: what is reserved for it, what is free, what comes in time for the day
/// the goods are wanted (`by`), or how much is short until when. What earlier lines of the same document need is not there for
/// later ones. Free = in stock − reserved + supply before the day (I-03, O04).
pub fn availability(needs: &[Need], by: Date, facts: &LineFacts) -> Vec<Hint> {
    let mut taken: BTreeMap<i64, Qty> = BTreeMap::new();
    let mut hints = Vec::new();
    for need in needs {
        let product = need.product.raw();
        let before = taken.get(&product).copied().unwrap_or_default();
        let free = facts.stock.get(&product).map_or(Qty::ZERO, Balance::free);
        let wanted = (need.qty - need.reserved).max(Qty::ZERO);
        *taken.entry(product).or_default() += wanted;
        let known = facts.products.get(&product).filter(|known| known.unit != need.unit);
        let shown = |qty: Qty| match known {
            Some(known) => Param::Text(format!("{} {}", qty.text(), known.unit_name)),
            None => Param::from(qty),
        };
        if Qty::ZERO < need.reserved {
            let about = Refusal::new("reserved", Label::new("{reserved} reserved", "已预留 {reserved}"));
            let about = about.with("reserved", shown(need.reserved));
            hints.push(Hint { tone: Tone::Good, about: about.field("lines.qty").row(need.row) });
        }
        if wanted.is_zero() {
            continue;
        }
        let left = (free - before).max(Qty::ZERO);
        // What earlier lines lack is taken from what comes first.
        let owed = (before - free.max(Qty::ZERO)).max(Qty::ZERO);
        let day = arrival(wanted - left + owed, facts.expected.get(&product));
        let (tone, about) = found(left, wanted, day, by, &shown);
        let about = about.with("free", shown(left)).with("product", ("product", product));
        hints.push(Hint { tone, about: about.field("lines.qty").row(need.row) });
    }
    hints
}

/// The day on which so much has arrived.
fn arrival(missing: Qty, expected: Option<&Vec<(Date, Qty)>>) -> Option<Date> {
    let mut arrived = Qty::ZERO;
    expected.into_iter().flatten().find_map(|(day, qty)| {
        arrived += *qty;
        (missing <= arrived).then_some(*day)
    })
}

fn found(left: Qty, wanted: Qty, day: Option<Date>, by: Date, shown: &dyn Fn(Qty) -> Param) -> (Tone, Refusal) {
    let missing = wanted - left;
    match day {
        _ if missing <= Qty::ZERO => (Tone::Good, Refusal::new("free", Label::new("{free} free", "可用 {free}"))),
        Some(day) if day <= by => {
            let words =
                Label::new("{free} free, the other {missing} by {day}", "可用 {free}，其余 {missing} 于 {day} 前到货");
            (Tone::Info, Refusal::new("free_by", words).with("missing", shown(missing)).with("day", day))
        }
        Some(day) => {
            let words = Label::new(
                "Only {free} of {product} are free; {missing} short until {day}.",
                "{product} 仅有 {free} 可用，缺 {missing}，预计 {day} 到货。",
            );
            (Tone::Warn, Refusal::new("short_until", words).with("missing", shown(missing)).with("day", day))
        }
        None => {
            let words = Label::new(
                "Only {free} of {product} are free; {missing} short.",
                "{product} 仅有 {free} 可用，缺 {missing}。",
            );
            (Tone::Warn, Refusal::new("short", words).with("missing", shown(missing)))
        }
    }
}

/// An empty id counts as none.
pub fn some_id<T>(id: Id<T>) -> Option<Id<T>> {
    (id.raw() != 0).then_some(id)
}

#[cfg(test)]
#[path = "line_rules_tests.rs"]
mod tests;
