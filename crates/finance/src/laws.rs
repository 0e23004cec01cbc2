//! What documents of finance say is what they put into the books.

use meta::Law;

/// Proved by `heyi verify`.
pub static LAWS: &[Law] = &[Law {
    name: "a payment is what came to its account, or left it",
    breaks: "select 'payment', p.id, p.stage,
               case when p.stage <> 'posted' then 0 when p.direction = 'out' then -p.amount else p.amount end - coalesce(k.amount, 0)
             from payment p left join (
               select e.doc_id, l.account, sum(l.currency_amount) as amount from entry e join entry_line l on l.entry = e.id
               where e.doc_entity = 'payment' group by e.doc_id, l.account
             ) k on k.doc_id = p.id and k.account = p.account
             where coalesce(k.amount, 0) <> case when p.stage <> 'posted' then 0 when p.direction = 'out' then -p.amount else p.amount end
             order by p.id limit 1",
    counts: "select count(*) from payment",
}];
