// Rust with its standard library: formatting, sorting, a map; there is recursion in it.
use std::collections::BTreeMap;

fn main() {
    let mut counts = BTreeMap::new();
    for word in "one two three two one two".split(' ') {
        *counts.entry(word).or_insert(0u32) += 1;
    }
    let mut words: Vec<_> = counts.iter().collect();
    words.sort_by(|a, b| b.1.cmp(a.1));
    println!("{:?}", words);
}
