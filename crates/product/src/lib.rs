//! The room `product`.
