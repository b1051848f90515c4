//! One-character edits in a 5,000-line file, beside the full parse of the same text.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use symphony_syntax::{Language, parse_rope, parse_text};
use symphony_text::{Position, PositionEncoding, Rope, apply_edit};

/// A file of the given number of lines, of the kinds of code that people write.
fn source(lines: usize) -> String {
    let unit = |n: usize| {
        format!(
            "export class Account{n}<T extends object> implements Entity {{\n\
             \x20 private readonly history: Array<{{ at: Date; amount: number }}> = [];\n\
             \x20 constructor(public name: string, protected value = {n}) {{}}\n\
             \x20 async deposit(amount: number, note?: string): Promise<number> {{\n\
             \x20   if (amount <= 0 || !Number.isFinite(amount)) {{\n\
             \x20     throw new RangeError(`cannot deposit ${{amount}} to ${{this.name}}`);\n\
             \x20   }}\n\
             \x20   this.history.push({{ at: new Date(), amount, ...(note ? {{ note }} : {{}}) }});\n\
             \x20   return (this.value += amount);\n\
             \x20 }}\n\
             }}\n\
             \n"
        )
    };
    (0..lines / 12).map(unit).collect()
}

fn edits(criterion: &mut Criterion) {
    let text = source(5_004);
    let rope = Rope::from_str(&text);
    let tree = parse_rope(&rope, Language::TypeScript, None);
    let mut group = criterion.benchmark_group("5,000 lines");
    group.bench_function("full parse", |bencher| {
        bencher.iter(|| parse_text(black_box(&text), Language::TypeScript, None));
    });
    for (name, line) in [("first line", 0), ("middle", 2_504), ("last line", 5_000)] {
        let place = Position { line, column: 3 };
        group.bench_function(format!("edit: {name}"), |bencher| {
            bencher.iter_batched_ref(
                || (rope.clone(), tree.clone()),
                |(rope, tree)| {
                    let edit = apply_edit(rope, (place, place), "x", PositionEncoding::Utf16);
                    parse_rope(rope, Language::TypeScript, Some((tree.clone(), &[edit])))
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, edits);
criterion_main!(benches);
