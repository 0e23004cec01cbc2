//! The beginning of a real retailer's file, posted and proved on both databases.

use std::io::{BufRead, BufReader};
use std::path::Path;

use crate::common::{World, on_both};
use app::online_retail::{Contents, Kind, load, parse};
use indicatif::ProgressBar;
use kernel::{Amount, Currency};

/// How many lines of the file are taken.
const LINES: usize = 1_200;
/// After how many documents the first attempt stops.
const STOP_AFTER: usize = 25;

fn contents() -> Option<Contents> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/online-retail/online_retail.csv.gz");
    let Ok(opened) = std::fs::File::open(&file) else {
        println!("skipped by name: online_retail (the data is not beside the project)");
        return None;
    };
    let lines = BufReader::new(flate2::read::GzDecoder::new(opened)).lines();
    let text: Vec<String> = lines.take(LINES + 1).map(|line| line.expect("the file is text")).collect();
    Some(parse(text.join("\n").as_bytes()).expect("the file is whole"))
}

/// What documents of a kind come to, counted from the file alone.
fn counted(contents: &Contents, kind: Kind) -> (i64, Amount) {
    let docs: Vec<_> = contents.docs.iter().filter(|doc| doc.kind == kind).collect();
    let lines = docs.iter().flat_map(|doc| &doc.lines);
    let amount = lines.map(|line| line.price.times(line.qty, Currency::GBP).expect("it fits")).sum();
    (docs.len() as i64, amount)
}

fn posted(world: &World, kind: &str) -> (i64, Amount) {
    let of = |what: &str| {
        let sql = format!("select {what} from invoice where stage = 'posted' and kind = ?1");
        world.number(&sql, &[kind.into()])
    };
    (of("count(*)"), Amount::new(of("coalesce(sum(total), 0)")))
}

#[test]
fn the_file_is_posted_to_the_penny_though_the_first_attempt_stops_halfway() {
    let Some(contents) = contents() else { return };
    on_both(|world| {
        let bar = ProgressBar::hidden();
        load(&world.engine, &contents, &bar, STOP_AFTER).expect("the first part is posted");
        let (some, _) = posted(world, "invoice");
        assert!(0 < some && some < counted(&contents, Kind::Sale).0, "it stopped halfway: {some}");
        // Again from the beginning, as after a power cut.
        load(&world.engine, &contents, &bar, usize::MAX).expect("the rest is posted");
        assert_eq!(posted(world, "invoice"), counted(&contents, Kind::Sale));
        assert_eq!(posted(world, "credit_note"), counted(&contents, Kind::CreditNote));
        // And once more: nothing is doubled.
        load(&world.engine, &contents, &bar, usize::MAX).expect("there is nothing left to do");
        assert_eq!(posted(world, "invoice"), counted(&contents, Kind::Sale));
        let verified = world.engine.verify(&|_| {}).expect("it can be verified");
        assert_eq!(verified.broken, []);
    });
}
