//! The room `sales`.
