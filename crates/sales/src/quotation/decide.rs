//! What a quotation does.

use kernel::{Date, Id, Refusal};
use meta::stages::{not_now, only_drafts};
use meta::{Choice, Document, Effects, Entity, Fault, Hint, NewDoc, Reader, Trouble, Want};
use party::letterhead;

use super::{Action, Quotation, QuotationLine, Stage};
use crate::discount_rules::Discount;
use crate::header_rules::{self, Header, HeaderFacts, active_customer};
use crate::line_rules::{self, Line, LineFacts, Need, Priced, Terms};
use crate::position_rules::Positions;
use crate::read::{self, LineKeys, units_of};
use crate::sales_order::{SalesOrder, of_quotation};

/// How many days an offer stands unless said otherwise.
const VALID_DAYS: i32 = 30;

/// What deciding about a quotation needs to know.
pub struct Facts {
    /// Customer, credit, rate.
    pub header: HeaderFacts,
    /// Products, prices, taxes, stock.
    pub lines: LineFacts,
    /// Names and addresses of both sides, where the document is about to leave the house.
    pub letterhead: Option<String>,
    /// The order it was made into, unless that was cancelled.
    pub order: Option<Id<SalesOrder>>,
}

/// Why a quotation goes no further.
#[derive(meta::Refusal)]
pub enum NotAccepted {
    /// {number} was valid until {until}. Reopen it and set a later day.
    ///
    /// {number} 的有效期为 {until}，已过期。请重新打开并延长有效期。
    #[refusal(kind = "NotNow", field = "valid_until")]
    Expired {
        /// Its number.
        number: String,
        /// Its last day.
        until: Date,
    },
    /// {number} was made into the order {order}. Cancel that first, then the quotation can be reopened.
    ///
    /// {number} 已生成订单 {order}。请先取消该订单，再重新打开报价单。
    #[refusal(kind = "NotNow", field = "stage")]
    HasOrder {
        /// Its number.
        number: String,
        /// The order that is not cancelled.
        order: (&'static str, i64),
    },
    /// Say why the customer does not buy.
    ///
    /// 请填写丢单原因。
    #[refusal(kind = "Invalid", field = "reason")]
    NoReason,
}

fn header(doc: &Quotation) -> Header {
    Header {
        customer: doc.customer,
        filled_for: doc.filled_for,
        currency: doc.currency,
        rate_of: doc.rate_of,
        rate: doc.rate,
        rate_meant: doc.rate_meant,
        terms: doc.terms,
        price_list: doc.price_list,
        positions: Positions { now: doc.tax_position, before: doc.taxed_for },
        owner: doc.owner,
    }
}

impl Document for Quotation {
    type Facts = Facts;
    type Action = Action;

    fn facts(doc: &Self, want: &Want<Action>, reader: &dyn Reader) -> Result<Facts, Trouble> {
        let on = read::day(doc.quoted_on, reader);
        let mut facts = read::header(&header(doc), on, reader)?;
        if doc.stage == Stage::Draft {
            read::agreed_terms(&mut facts, &header(doc), &[(Self::NAME, doc.id.raw())], reader)?;
        }
        let settled = header_rules::defaults(header(doc), facts.customer.as_ref(), facts.company_currency);
        let keys = LineKeys {
            products: doc.lines.iter().map(|line| line.product.raw()).collect(),
            units: doc.lines.iter().flat_map(|line| units_of(line.unit, line.priced_unit)).collect(),
        };
        let place = doc.place.or(facts.home_place).unwrap_or(kernel::Id::new(0));
        let lines = read::lines(&keys, &settled, place, on, reader)?;
        let letterhead = read::letterhead(doc.stage == Stage::Draft, want, (doc.customer, doc.tax_position), reader)?;
        let order = match (doc.stage, want) {
            (Stage::Accepted, Want::Act(Action::Reopen)) => live_order(doc, reader)?,
            _ => None,
        };
        Ok(Facts { header: facts, lines, letterhead, order })
    }

    fn currencies(doc: &mut Self, reader: &dyn Reader) -> Result<(), Trouble> {
        doc.currency = crate::read::currency(&header(doc), reader)?;
        Ok(())
    }

    fn complete(doc: &mut Self, facts: &Facts) -> Result<(), Refusal> {
        if doc.quoted_on == Date::MIN {
            doc.quoted_on = facts.header.today;
        }
        if doc.valid_until == Date::MIN {
            doc.valid_until = doc.quoted_on.add_days(VALID_DAYS);
        }
        let header = header_rules::complete(header(doc), doc.quoted_on, &facts.header)?;
        (doc.filled_for, doc.currency, doc.rate_of) = (header.filled_for, header.currency, header.rate_of);
        (doc.rate, doc.terms, doc.price_list, doc.owner) = (header.rate, header.terms, header.price_list, header.owner);
        if doc.stage == Stage::Draft {
            header_rules::fair_rate(doc.currency, doc.rate, doc.rate_meant, &facts.header)?;
        }
        (doc.tax_position, doc.taxed_for) = (header.positions.now, header.positions.now);
        let terms = Terms { positions: header.positions, ..terms(doc) };
        let mut lines: Vec<Line> = doc.lines.iter_mut().map(line).collect();
        let discount = Discount { rate: doc.discount_rate, amount: doc.discount_amount };
        let totals = line_rules::complete(&mut lines, &discount, &terms, &facts.lines)?;
        doc.discount_total = totals.discount;
        (doc.net, doc.tax_amount, doc.total) = (totals.net, totals.tax_amount, totals.total);
        (doc.total_base, doc.margin) = (totals.total_base, totals.margin);
        Ok(())
    }

    fn hints(doc: &Self, facts: &Facts) -> Vec<Hint> {
        if !matches!(doc.stage, Stage::Draft | Stage::Sent) {
            return Vec::new();
        }
        let stocked = doc.lines.iter().enumerate().filter(|(_, line)| line.stocked);
        let need = |(row, line): (usize, &QuotationLine)| Need {
            row,
            product: line.product,
            unit: line.unit,
            qty: line.product_qty,
            reserved: kernel::Qty::ZERO,
        };
        let mut hints = line_rules::availability(&stocked.map(need).collect::<Vec<_>>(), doc.quoted_on, &facts.lines);
        let priced = doc.lines.iter().enumerate().map(|(row, line)| {
            let (product, unit, product_qty, tax) = (line.product, line.unit, line.product_qty, line.tax);
            (row, Priced { product, unit, product_qty, tax }, line.price)
        });
        hints.extend(line_rules::proposals(priced, &terms(doc), &facts.lines));
        hints.extend(header_rules::rate_hint(doc.currency, doc.rate, &facts.header));
        hints.extend(facts.header.credit.hint(header_rules::at_risk(
            (doc.total, doc.currency),
            doc.total_base,
            doc.rate,
            &facts.header,
        )));
        hints
    }

    fn check_change(old: &Self, _: &Self, _: &Facts) -> Result<(), Refusal> {
        if old.stage == Stage::Draft { Ok(()) } else { Err(only_drafts(old.stage)) }
    }

    fn ready(doc: &Self, action: &Action) -> Result<(), Refusal> {
        doc.stage.after(action).map(|_| ()).ok_or_else(|| not_now(doc.stage, action))
    }

    fn decide(doc: &Self, action: &Action, facts: &Facts) -> Result<(&'static str, Effects), Refusal> {
        let next = doc.stage.after(action).ok_or_else(|| not_now(doc.stage, action))?;
        let mut effects = match action {
            Action::Accept => accept(doc, facts)?,
            Action::Lose { reason } if reason.trim().is_empty() => return Err(NotAccepted::NoReason.into()),
            Action::Lose { reason } => set("lost_reason", reason.trim()),
            Action::Reopen => {
                if let Some(order) = facts.order {
                    let order = (SalesOrder::NAME, order.raw());
                    return Err(NotAccepted::HasOrder { number: doc.number.clone(), order }.into());
                }
                set("lost_reason", "")
            }
            Action::Send | Action::Cancel => Effects::none(),
        };
        effects.set.extend(letterhead::set(facts.letterhead.clone()));
        Ok((next.code(), effects))
    }
}

/// The first order of a quotation that is not cancelled.
fn live_order(doc: &Quotation, reader: &dyn Reader) -> Result<Option<Id<SalesOrder>>, Fault> {
    let sql =
        "select id from sales_order where company = ?1 and quotation = ?2 and stage <> 'cancelled' order by id limit 1";
    let rows = reader.rows(sql, &[doc.company.raw().into(), doc.id.raw().into()])?;
    Ok(rows.first().map(|row| Id::new(row.int(0))))
}

fn set(field: &'static str, text: &str) -> Effects {
    let value = if text.is_empty() { meta::Value::Null } else { text.into() };
    Effects { set: vec![(field, value)], ..Effects::none() }
}

fn accept(doc: &Quotation, facts: &Facts) -> Result<Effects, Refusal> {
    if doc.valid_until < facts.header.today {
        return Err(NotAccepted::Expired { number: doc.number.clone(), until: doc.valid_until }.into());
    }
    active_customer(&facts.header)?;
    let order = NewDoc { record: of_quotation(doc).to_record(), then: None };
    Ok(Effects { create: vec![order], ..Effects::none() })
}

fn terms(doc: &Quotation) -> Terms {
    let positions = Positions { now: doc.tax_position, before: doc.taxed_for };
    Terms { on: doc.quoted_on, currency: doc.currency, rate: doc.rate, positions }
}

fn line(line: &mut QuotationLine) -> Line<'_> {
    Line {
        product: line.product,
        qty: line.qty,
        discount: line.discount,
        agreed_discount: None,
        gives_back: false,
        description: &mut line.description,
        unit: &mut line.unit,
        price: &mut line.price,
        priced_unit: &mut line.priced_unit,
        priced_at: &mut line.priced_at,
        tax: &mut line.tax,
        filled_for: &mut line.filled_for,
        product_qty: &mut line.product_qty,
        stocked: &mut line.stocked,
        discount_share: &mut line.discount_share,
        net: &mut line.net,
        tax_amount: &mut line.tax_amount,
        total: &mut line.total,
        total_base: &mut line.total_base,
        margin: &mut line.margin,
    }
}
