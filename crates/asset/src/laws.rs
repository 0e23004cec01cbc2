//! What the books of assets say is what happened to them.

use meta::Law;

/// Proved by `heyi verify`.
pub static LAWS: &[Law] = &[
    Law {
        name: "an asset's books are the sum of its moves",
        breaks: "select 'asset', k.asset, k.book, sum(k.cost + k.accumulated) from (
                   select b.parent as asset, b.book, b.cost, b.accumulated from asset_book b
                   union all
                   select asset, book, -cost, -accumulated from asset_move
                 ) k group by k.asset, k.book having sum(k.cost) <> 0 or sum(k.accumulated) <> 0
                 order by k.asset limit 1",
        counts: "select count(*) from asset_book",
    },
    Law {
        name: "an asset is in no category but its own",
        breaks: "select 'asset', m.asset, m.book, sum(m.cost + m.accumulated)
                 from asset_move m join asset a on a.id = m.asset
                 where m.category <> a.category
                 group by m.asset, m.book, m.category having sum(m.cost) <> 0 or sum(m.accumulated) <> 0
                 order by m.asset limit 1",
        counts: "select count(*) from asset",
    },
];
