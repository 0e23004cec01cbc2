//! Fixed assets: what a company keeps for years, and how its cost is spread over them.
//!
//! ```text
//! schedule            pure: methods, conventions, what is due to the end of a day
//! asset_category      accounts and usual terms
//! asset               one thing, with a book for each way of looking at it (accounting, tax …)
//! depreciation_run    the charge of a month, previewed, posted once, mirrored when cancelled
//! asset_move          what happened to cost and accumulated depreciation; registers are its sums
//! ```
//!
//! Reads of other rooms: `account` (finance), `company` (org). Only the accounting book posts.

pub mod asset;
pub mod asset_category;
pub mod asset_move;
pub mod depreciation_run;
mod laws;
mod read;
mod reports;
pub mod schedule;

use kernel::Label;
use meta::{Entity, Grant, MenuItem, Module, Plain, Typed};

use asset::{Asset, AssetBook};
use asset_category::AssetCategory;
use asset_move::AssetMove;
use depreciation_run::{DepreciationRun, DepreciationRunLine};

static CATEGORY: Typed<AssetCategory> = Typed::new();
static ASSET: Typed<Asset> = Typed::new();
static RUN: Typed<DepreciationRun> = Typed::new();

static GRANTS: &[Grant] = &[
    Grant::new("accountant", "asset_category", "see add edit remove import export"),
    Grant::new(
        "accountant",
        "asset",
        "see add edit remove import export capitalise take_over revise revalue dispose transfer cancel",
    ),
    Grant::new("accountant", "depreciation_run", "see add edit remove import export post cancel"),
    Grant::new("accountant", "asset_move", "see export"),
    Grant::new("accountant", "asset_register", "see export"),
    Grant::new("accountant", "asset_movements", "see export"),
    Grant::new("accountant", "depreciation_plan", "see export"),
];

/// What this room brings.
pub fn module() -> Module {
    Module {
        name: "asset",
        label: Label::new("Assets", "资产"),
        icon: "asset",
        menu: &[
            MenuItem::Entity("asset"),
            MenuItem::Entity("depreciation_run"),
            MenuItem::Report("asset_register"),
            MenuItem::Report("asset_movements"),
            MenuItem::Report("depreciation_plan"),
            MenuItem::Entity("asset_move"),
            MenuItem::Entity("asset_category"),
        ],
        entities: vec![
            (AssetCategory::meta(), &CATEGORY),
            (Asset::meta(), &ASSET),
            (AssetBook::meta(), &Plain),
            (AssetMove::meta(), &Plain),
            (DepreciationRun::meta(), &RUN),
            (DepreciationRunLine::meta(), &Plain),
        ],
        reports: reports::all(),
        roles: &[],
        grants: GRANTS,
        laws: laws::LAWS,
    }
}
