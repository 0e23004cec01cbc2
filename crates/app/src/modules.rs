//! Which modules this program has. To add one: a line here.

use meta::{Module, Registry};

/// All modules, in the order of the menu.
pub fn modules() -> Vec<Module> {
    vec![
        sales::module(),
        finance::module(),
        treasury::module(),
        asset::module(),
        stock::module(),
        product::module(),
        party::module(),
        teamwork::module(),
        org::module(),
    ]
}

/// All that exists.
pub fn registry() -> Registry {
    Registry::new(modules())
}
