//! A delivery of what an order still waits for.

use kernel::{Date, Id, Qty};
use meta::{Entity, Record};

use super::{Delivery, DeliveryLine};
use crate::sales_order::{SalesOrder, SalesOrderLine, Stage};

/// None where nothing of it waits, or it is not confirmed.
pub(super) fn of_order(order: &SalesOrder) -> Option<Delivery> {
    if order.stage != Stage::Confirmed {
        return None;
    }
    let record = Record::empty(Delivery::meta());
    let mut delivery = Delivery::from_record(&record).expect("an empty record is an empty delivery");
    delivery.company = order.company;
    delivery.customer = order.customer;
    delivery.sales_order = Some(Id::new(order.id.raw()));
    delivery.shipped_on = Date::MIN;
    delivery.place = order.place;
    delivery.currency = order.currency;
    (delivery.rate, delivery.rate_meant) = (order.rate, order.rate_meant);
    delivery.terms = order.terms;
    (delivery.tax_position, delivery.taxed_for) = (order.tax_position, order.taxed_for);
    delivery.owner = order.owner;
    delivery.filled_for = order.filled_for;
    delivery.rate_of = order.rate_of;
    delivery.lines = order.lines.iter().filter(|line| waits(line)).map(of_line).collect();
    Some(delivery).filter(|delivery| !delivery.lines.is_empty())
}

fn waits(line: &SalesOrderLine) -> bool {
    line.stocked && Qty::ZERO < line.qty - line.delivered_qty
}

fn of_line(ordered: &SalesOrderLine) -> DeliveryLine {
    let record = Record::empty(DeliveryLine::meta());
    let mut line = DeliveryLine::from_record(&record).expect("an empty record is an empty line");
    line.order_line = Some(Id::new(ordered.id.raw()));
    line.product = ordered.product;
    line.description.clone_from(&ordered.description);
    line.qty = ordered.qty - ordered.delivered_qty;
    line.unit = ordered.unit;
    line.price = ordered.price;
    line.discount = ordered.discount;
    line.tax = ordered.tax;
    line.filled_for = ordered.filled_for;
    line
}
