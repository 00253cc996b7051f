//! Functions of at most 70 lines, or 140 in tests, where a table of rows is long; files of at most 500 lines that are not
//! tests.

use super::Finding;
use super::exceptions::Exceptions;
use super::tree::Tree;

const FUNCTION_LINES: usize = 70;
const TEST_FUNCTION_LINES: usize = 140;
const FILE_LINES: usize = 500;

/// Finds functions and files that are too long.
pub fn check(tree: &Tree, exceptions: &mut Exceptions, found: &mut Vec<Finding>) {
    for (file, scan) in tree.rust() {
        let lines = scan.shipped().count();
        found.extend(exceptions.judge("file", &file.path, 1, lines, FILE_LINES));
        for (name, first, last) in &scan.functions {
            let lines = last - first + 1;
            let test = scan.test.get(first - 1).copied().unwrap_or(false);
            let most = if test { TEST_FUNCTION_LINES } else { FUNCTION_LINES };
            if lines > most {
                let place = format!("{}#{name}", file.path);
                let finding = exceptions.judge("function", &place, *first, lines, most);
                found.extend(finding.map(|f| Finding {
                    path: file.path.clone(),
                    text: format!("`{name}` has {}", f.text),
                    ..f
                }));
            }
        }
    }
}
