//! The integration tests, one module a kind.

mod oracle;
mod shared;
