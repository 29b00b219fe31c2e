//! The season day that `guichet demo --tour` plays.

use crate::program::guichet;

/// Proves that every step of the day works over HTTP, that the books it prints add up to zero, and
/// that the check finds nothing.
#[test]
fn the_day_ends_with_books_that_sum_to_zero() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let arguments = ["demo", "--tour", "--listen", "127.0.0.1:0", "--log-level", "error"];
    let played = guichet(&arguments, &data);
    let told = String::from_utf8(played.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&played.stderr).into_owned();
    assert!(played.status.success(), "{told}{complaint}");
    let steps = ["Four seats together", "moves up", "moves down", "one by one", "admitted"];
    for step in steps {
        assert!(told.contains(step), "{step} is missing in {told}");
    }
    assert_eq!(sum_of_books(&told), 0, "{told}");
    assert!(told.contains("all is well"), "{told}");
}

/// The accounts as printed, added up here.
fn sum_of_books(told: &str) -> i64 {
    let books = told.split("The books").nth(1).unwrap();
    let amounts = books.lines().filter_map(|line| {
        let words: Vec<_> = line.split_whitespace().collect();
        match words.as_slice() {
            [_, amount, "ISK"] => amount.parse::<i64>().ok(),
            _ => None,
        }
    });
    let amounts: Vec<i64> = amounts.collect();
    assert!(amounts.len() >= 6, "{books}");
    amounts.iter().sum()
}
