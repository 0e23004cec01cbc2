//! The room `party`.
