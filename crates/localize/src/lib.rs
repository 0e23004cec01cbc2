//! The room `localize`.
