//! The integration tests, one module a kind.

mod analytic;
mod oracle;
mod shared;
mod tidy;
