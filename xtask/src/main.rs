//! repository tasks
fn main() {}
