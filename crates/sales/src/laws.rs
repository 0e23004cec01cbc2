//! What documents of sales say is what they put into the books.

use meta::Law;

/// Proved by `heyi verify`.
pub static LAWS: &[Law] = &[
    Law {
        name: "an invoice is what the customer came to owe by it",
        breaks: "select 'invoice', i.id, i.stage,
                   case when i.stage <> 'posted' then 0 when i.kind = 'credit_note' then -i.total else i.total end - coalesce(k.amount, 0)
                 from invoice i left join (
                   select e.doc_id, sum(l.currency_amount) as amount from entry e
                   join entry_line l on l.entry = e.id join account a on a.id = l.account
                   where e.doc_entity = 'invoice' and a.used_for = 'receivable' group by e.doc_id
                 ) k on k.doc_id = i.id
                 where coalesce(k.amount, 0) <> case when i.stage <> 'posted' then 0 when i.kind = 'credit_note' then -i.total else i.total end
                 order by i.id limit 1",
        counts: "select count(*) from invoice",
    },
    Law {
        name: "what an invoice says is open is open in the books",
        breaks: "select 'invoice', i.id, i.stage,
                   case when i.stage = 'posted' then i.open_amount else 0 end - coalesce(k.amount, 0)
                 from invoice i left join (
                   select doc_id, sum(open_currency_amount) as amount from open_item where doc_entity = 'invoice' group by doc_id
                 ) k on k.doc_id = i.id
                 where coalesce(k.amount, 0) <> case when i.stage = 'posted' then i.open_amount else 0 end
                 order by i.id limit 1",
        counts: "select count(*) from invoice where stage = 'posted'",
    },
    Law {
        name: "the tax of invoices is what is on the accounts of tax",
        breaks: "select 'invoice', k.doc_id, 'tax', sum(k.amount) from (
                   select doc_id, tax_amount as amount from tax_entry where doc_entity = 'invoice'
                   union all
                   select e.doc_id, l.amount from entry e join entry_line l on l.entry = e.id join account a on a.id = l.account
                   where e.doc_entity = 'invoice' and a.used_for in ('sales_tax', 'purchase_tax')
                 ) k group by k.doc_id having sum(k.amount) <> 0 order by k.doc_id limit 1",
        counts: "select count(*) from tax_entry where doc_entity = 'invoice'",
    },
    Law {
        name: "an invoice in the company's currency says the tax that is declared",
        breaks: "select 'invoice', i.id, 'tax',
                   case when i.stage <> 'posted' then 0 when i.kind = 'credit_note' then -i.tax_amount else i.tax_amount end - coalesce(k.amount, 0)
                 from invoice i join company c on c.id = i.company left join (
                   select doc_id, sum(tax_amount) as amount from tax_entry where doc_entity = 'invoice' group by doc_id
                 ) k on k.doc_id = i.id
                 where i.currency = c.currency
                   and coalesce(k.amount, 0) <> case when i.stage <> 'posted' then 0 when i.kind = 'credit_note' then -i.tax_amount else i.tax_amount end
                 order by i.id limit 1",
        counts: "select count(*) from invoice where stage = 'posted'",
    },
    Law {
        name: "deliveries say what left",
        breaks: "select 'delivery', d.id, l.id, case when d.stage = 'done' then l.product_qty else 0 end - coalesce(k.qty, 0)
                 from delivery_line l join delivery d on d.id = l.parent left join (
                   select doc_line, sum(case when reverses is null then qty else -qty end) as qty from stock_move
                   where doc_entity = 'delivery' group by doc_line
                 ) k on k.doc_line = l.id
                 where (l.stocked = 1 or k.qty <> 0)
                   and coalesce(k.qty, 0) <> case when d.stage = 'done' then l.product_qty else 0 end
                 order by l.id limit 1",
        counts: "select count(*) from delivery_line",
    },
    Law {
        name: "returns say what came back",
        breaks: "select 'sales_return', d.id, l.id, case when d.stage = 'done' then l.product_qty else 0 end - coalesce(k.qty, 0)
                 from sales_return_line l join sales_return d on d.id = l.parent left join (
                   select doc_line, sum(case when reverses is null then qty else -qty end) as qty from stock_move
                   where doc_entity = 'sales_return' group by doc_line
                 ) k on k.doc_line = l.id
                 where k.qty <> 0 and coalesce(k.qty, 0) <> case when d.stage = 'done' then l.product_qty else 0 end
                 order by l.id limit 1",
        counts: "select count(*) from sales_return_line",
    },
    Law {
        name: "goods that moved with an invoice are those of its lines",
        breaks: "select 'invoice', i.id, l.id, case when i.stage = 'posted' then l.product_qty else 0 end - k.qty
                 from invoice_line l join invoice i on i.id = l.parent join (
                   select doc_line, sum(case when reverses is null then qty else -qty end) as qty from stock_move
                   where doc_entity = 'invoice' group by doc_line
                 ) k on k.doc_line = l.id
                 where k.qty <> case when i.stage = 'posted' then l.product_qty else 0 end
                 order by l.id limit 1",
        counts: "select count(*) from stock_move where doc_entity = 'invoice'",
    },
    Law {
        name: "an order says how much of it is delivered as its lines do",
        breaks: "select 'sales_order', o.id, o.delivery_state, null
                 from sales_order o join (
                   select parent, max(case when stocked = 1 then 1 else 0 end) as goods,
                     max(case when stocked = 1 and coalesce(delivered_qty, 0) <> 0 then 1 else 0 end) as begun,
                     min(case when stocked = 1 and coalesce(delivered_qty, 0) < qty then 0 else 1 end) as ended
                   from sales_order_line group by parent
                 ) k on k.parent = o.id
                 where o.stage in ('confirmed', 'done') and coalesce(o.delivery_state, '') <>
                   case when k.goods = 0 then 'nothing' when k.begun = 0 then 'none' when k.ended = 1 then 'full' else 'partial' end
                 order by o.id limit 1",
        counts: "select count(*) from sales_order where stage in ('confirmed', 'done')",
    },
    Law {
        name: "an order says how much of it is invoiced as its lines do",
        breaks: "select 'sales_order', o.id, o.invoice_state, null
                 from sales_order o join (
                   select parent, max(case when invoiced <> 0 then 1 else 0 end) as begun,
                     min(case when invoiced < case when due < 0 then 0 else due end then 0 else 1 end) as ended,
                     min(case when returned = 0 or invoiced <> 0 or due > 0 then 0 else 1 end) as idle
                   from (
                     select parent, coalesce(invoiced_qty, 0) as invoiced, coalesce(returned_qty, 0) as returned,
                       case when qty < coalesce(delivered_qty, 0) then delivered_qty else qty end - coalesce(returned_qty, 0) as due
                     from sales_order_line
                   ) l group by parent
                 ) k on k.parent = o.id
                 where o.stage in ('confirmed', 'done') and (k.idle = 0 or o.invoice_state <> 'none') and coalesce(o.invoice_state, '') <>
                   case when k.idle = 1 then 'nothing' when k.begun = 0 then 'none' when k.ended = 1 then 'full' else 'partial' end
                 order by o.id limit 1",
        counts: "select count(*) from sales_order where stage in ('confirmed', 'done')",
    },
    Law {
        name: "an order says how much of it is paid as its lines do",
        breaks: "select 'sales_order', o.id, o.payment_state, o.total - k.paid
                 from sales_order o join (
                   select parent, sum(coalesce(paid_amount, 0)) as paid from sales_order_line group by parent
                 ) k on k.parent = o.id
                 where o.stage in ('confirmed', 'done') and coalesce(o.payment_state, '') <>
                   case when k.paid = 0 then 'none' when o.total <= k.paid then 'full' else 'partial' end
                 order by o.id limit 1",
        counts: "select count(*) from sales_order where stage in ('confirmed', 'done')",
    },
    // Of what is sold in another currency the worth follows the rate, so only that nothing is left of it is proved.
    Law {
        name: "what an order commits of credit is what is not invoiced of it",
        breaks: "select 'sales_order', k.parent, k.id, k.amount
                 from (
                   select l.parent, l.id, l.qty, l.total_base, o.currency, c.currency as own,
                     coalesce((select sum(m.amount) from commitment m
                               where m.doc_line = l.id and m.kind in ('ordered', 'delivered')), 0) as amount,
                     case when o.stage <> 'confirmed' then 0
                       when l.qty <= l.delivered_qty or l.qty <= l.invoiced_qty then 0
                       when l.delivered_qty < l.invoiced_qty then l.qty - l.invoiced_qty
                       else l.qty - l.delivered_qty end
                     + case when l.delivered_qty - l.returned_qty <= l.invoiced_qty then 0
                       else l.delivered_qty - l.returned_qty - l.invoiced_qty end as waits
                   from sales_order_line l join sales_order o on o.id = l.parent join company c on c.id = o.company
                   where o.stage in ('confirmed', 'done')
                 ) k
                 where (k.waits = 0 and k.amount <> 0)
                   or (k.currency = k.own and abs(k.amount * 1.0 * k.qty - k.total_base * 1.0 * k.waits) > k.qty)
                 order by k.id limit 1",
        counts: "select count(*) from sales_order_line",
    },
    Law {
        name: "what a delivery without an order commits of credit is what is not invoiced of it",
        breaks: "select 'delivery', k.parent, k.id, k.amount
                 from (
                   select l.parent, l.id, coalesce((select sum(m.amount) from commitment m
                       where m.doc_line = l.id and m.kind = 'delivered'), 0) as amount,
                     l.qty - coalesce(l.returned_qty, 0) - coalesce(l.invoiced_qty, 0) as waits
                   from delivery_line l join delivery d on d.id = l.parent
                   where d.stage = 'done' and l.order_line is null
                 ) k
                 where k.waits <= 0 and k.amount <> 0
                 order by k.id limit 1",
        counts: "select count(*) from delivery_line where order_line is null",
    },
    // The unit a product is kept in stays once goods have moved.
    Law {
        name: "an order counts what is delivered in the product's own unit",
        breaks: "select 'sales_order', l.parent, l.id, l.product_qty - l.qty
                 from sales_order_line l join product p on p.id = l.product
                 where l.stocked = 1 and l.delivered_qty <> 0 and l.unit = p.unit and l.product_qty <> l.qty
                 order by l.id limit 1",
        counts: "select count(*) from sales_order_line where stocked = 1 and delivered_qty <> 0",
    },
];
