//! Values every other room is built from: ids, money, quantities, days, labels, refusals.
//!
//! Nothing here knows a database, a clock or a document. Numbers are integers and every
//! rounding of the product happens in [`number`].

pub mod calendar;
pub mod country;
pub mod currencies;
pub mod currency;
pub mod date;
pub mod delimited;
pub mod id;
pub mod label;
pub mod likeness;
pub mod mention;
pub mod money;
pub mod number;
pub mod refusal;
pub mod web_address;

pub use calendar::Calendar;
pub use country::{COUNTRIES, Country};
pub use currency::Currency;
pub use date::{Date, Instant, RELATIVE_RANGES, relative_range};
pub use delimited::unended;
pub use id::{Id, id_parse, id_prefix, id_text};
pub use label::{Label, Lang};
pub use likeness::{folded, likeness};
pub use mention::{mentions, without_mentions};
pub use money::{Money, MoneyError};
pub use number::{
    Amount, NumberError, Price, Qty, Rate, Rounding, SCALE, div_round, format_decimal, parse_decimal, split, split_qty,
};
pub use refusal::{Param, Problem, ProblemKind, Refusal};
pub use web_address::{WebAddress, is_inside};
