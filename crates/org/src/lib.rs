//! The room `org`.
