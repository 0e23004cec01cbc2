//! Where the built web client lies, known before it is built: so a plain `cargo build` after `npm run build` has it.

use std::{env, fs};

const CLIENT: &str = "../../web/dist";

fn main() {
    // A build for development reads the files when they are asked for, and needs to be made again for none of them.
    let watched = if env::var("PROFILE").is_ok_and(|profile| profile == "release") { CLIENT } else { "build.rs" };
    println!("cargo::rerun-if-changed={watched}");
    if let Err(error) = fs::create_dir_all(CLIENT) {
        println!("cargo::warning=web/dist cannot be made: {error}");
    }
}
