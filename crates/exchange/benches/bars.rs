//! Bars of the exchange; filled in with the parts they measure.
fn main() {}
