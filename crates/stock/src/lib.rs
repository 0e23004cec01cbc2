//! The room `stock`.
