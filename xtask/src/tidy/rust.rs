//! A Rust file as the rules see it: tokens, imported paths, functions, and which lines are tests.
//!
//! Rules match tokens, not text, so that words in strings and comments never count.

use std::ops::RangeInclusive;

use anyhow::Result;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// One parsed file.
#[derive(Debug)]
pub(super) struct RustFile {
    path: String,
    n_lines: usize,
    /// Identifiers and punctuation in order; literals are empty strings.
    tokens: Vec<(String, usize)>,
    /// Every path that a `use` brings in, in full, as tokens.
    imports: Vec<(Vec<String>, usize)>,
    /// Functions outside tests.
    pub(super) functions: Vec<Function>,
    /// Fields of `#[salsa::input]` structs.
    pub(super) input_fields: Vec<String>,
    test_lines: Vec<RangeInclusive<usize>>,
    test_modules: Vec<String>,
}

/// A function with a body.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) n_lines: usize,
}

impl RustFile {
    /// Parses `text`. Files under a `tests/` or `benches/` folder of a package are all test.
    pub(super) fn parse(path: &str, text: &str) -> Result<Self> {
        let stream: TokenStream = text
            .parse()
            .map_err(|error| anyhow::anyhow!("{error} (not Rust tokens)"))?;
        let mut tokens = Vec::new();
        flatten(stream, &mut tokens);
        let mut file = Self {
            path: path.to_owned(),
            n_lines: text.lines().count(),
            tokens,
            imports: Vec::new(),
            functions: Vec::new(),
            input_fields: Vec::new(),
            test_lines: Vec::new(),
            test_modules: Vec::new(),
        };
        file.visit_file(&syn::parse_file(text)?);
        if path.contains("/tests/") || path.contains("/benches/") {
            file.set_all_test();
        }
        Ok(file)
    }

    /// Declares the whole file to be test code.
    pub(super) fn set_all_test(&mut self) {
        self.test_lines = vec![1..=usize::MAX];
        self.functions.clear();
    }

    /// Paths that a `#[cfg(test)] mod name;` of this file may stand for.
    pub(super) fn test_modules(&self) -> impl Iterator<Item = String> {
        let (folder, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        let below = match name {
            "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
            _ => format!("{folder}/{}", name.trim_end_matches(".rs")),
        };
        self.test_modules
            .iter()
            .flat_map(move |it| [format!("{below}/{it}.rs"), format!("{below}/{it}/mod.rs")])
    }

    /// Whether a line belongs to tests.
    pub(super) fn is_test(&self, line: usize) -> bool {
        self.test_lines.iter().any(|it| it.contains(&line))
    }

    /// Lines that do not belong to tests.
    pub(super) fn code_lines(&self) -> usize {
        (1..=self.n_lines)
            .filter(|line| !self.is_test(*line))
            .count()
    }

    /// The line of each place where the tokens of `pattern` (`thread :: sleep`) follow each other,
    /// be it in code, in a macro's arguments or spread over a `use` tree.
    pub(super) fn find(&self, pattern: &str) -> Vec<usize> {
        let pattern: Vec<_> = pattern.split(' ').collect();
        let same = |found: &[&str]| found == pattern;
        let mut lines: Vec<_> = self
            .tokens
            .windows(pattern.len())
            .filter(|it| {
                same(
                    &it.iter()
                        .map(|(token, _)| token.as_str())
                        .collect::<Vec<_>>(),
                )
            })
            .map(|it| it[0].1)
            .collect();
        for (path, line) in &self.imports {
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            if path.windows(pattern.len()).any(same) {
                lines.push(*line);
            }
        }
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    /// The line of each call `.method(..)` whose result goes straight on to one of `next`.
    pub(super) fn find_chained(&self, method: &str, next: &[&str]) -> Vec<usize> {
        let token = |index: usize| {
            self.tokens
                .get(index)
                .map_or("", |(token, _)| token.as_str())
        };
        let goes_on = |start: usize| {
            let mut depth = 0;
            let end = (start + 2..self.tokens.len()).find(|index| {
                depth += match token(*index) {
                    "(" => 1,
                    ")" => -1,
                    _ => 0,
                };
                depth == 0
            });
            end.is_some_and(|end| token(end + 1) == "." && next.contains(&token(end + 2)))
        };
        (0..self.tokens.len())
            .filter(|index| {
                token(*index) == "." && token(index + 1) == method && token(index + 2) == "("
            })
            .filter(|index| goes_on(*index))
            .map(|index| self.tokens[index].1)
            .collect()
    }

    fn import(&mut self, before: &[String], tree: &syn::UseTree) {
        let line = tree.span().start().line;
        let mut path = before.to_vec();
        let mut push = |name: String| {
            if !path.is_empty() {
                path.push("::".to_owned());
            }
            path.push(name);
        };
        match tree {
            syn::UseTree::Path(it) => {
                push(it.ident.to_string());
                self.import(&path, &it.tree);
            }
            syn::UseTree::Group(it) => it.items.iter().for_each(|item| self.import(before, item)),
            syn::UseTree::Name(it) => {
                push(it.ident.to_string());
                self.imports.push((path, line));
            }
            syn::UseTree::Rename(it) => {
                push(it.ident.to_string());
                self.imports.push((path, line));
            }
            _ => self.imports.push((path, line)),
        }
    }

    fn function(&mut self, signature: &syn::Signature, attributes: &[syn::Attribute], end: usize) {
        let line = signature.span().start().line;
        if attributes.iter().any(|it| it.path().is_ident("test")) {
            let start = attributes.first().map_or(line, |it| it.span().start().line);
            self.test_lines.push(start..=end);
        } else if !self.is_test(line) {
            let name = signature.ident.to_string();
            self.functions.push(Function {
                name,
                line,
                n_lines: end + 1 - line,
            });
        }
    }
}

impl<'ast> Visit<'ast> for RustFile {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if attributes_of(item).iter().any(is_cfg_test) {
            let span = item.span();
            self.test_lines.push(span.start().line..=span.end().line);
            if let syn::Item::Mod(it) = item
                && it.content.is_none()
            {
                self.test_modules.push(it.ident.to_string());
            }
        }
        visit::visit_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&[], &item.tree);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.attrs, item.span().end().line);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.attrs, item.span().end().line);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if item.default.is_some() {
            self.function(&item.sig, &item.attrs, item.span().end().line);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        let is_input = |it: &syn::Attribute| {
            let path: Vec<_> = it
                .path()
                .segments
                .iter()
                .map(|it| it.ident.to_string())
                .collect();
            path == ["salsa", "input"]
        };
        if item.attrs.iter().any(is_input) {
            let fields = item.fields.iter().filter_map(|it| it.ident.as_ref());
            self.input_fields.extend(fields.map(ToString::to_string));
        }
    }
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Fn(it) => &it.attrs,
        syn::Item::Impl(it) => &it.attrs,
        syn::Item::Mod(it) => &it.attrs,
        syn::Item::Struct(it) => &it.attrs,
        syn::Item::Trait(it) => &it.attrs,
        syn::Item::Use(it) => &it.attrs,
        _ => &[],
    }
}

fn is_cfg_test(attribute: &syn::Attribute) -> bool {
    let mut tokens = Vec::new();
    if let syn::Meta::List(list) = &attribute.meta
        && list.path.is_ident("cfg")
    {
        flatten(list.tokens.clone(), &mut tokens);
    }
    let negated = tokens.iter().any(|(it, _)| it == "not");
    tokens.iter().any(|(it, _)| it == "test") && !negated
}

/// Writes a token tree as a flat list in which `::` is one token, and so are all delimiters.
fn flatten(stream: TokenStream, tokens: &mut Vec<(String, usize)>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                tokens.push((open.to_owned(), line));
                flatten(group.stream(), tokens);
                tokens.push((close.to_owned(), line));
            }
            TokenTree::Punct(it) if it.as_char() == ':' => match tokens.last_mut() {
                Some((last, _)) if last == ":" => last.push(':'),
                _ => tokens.push((":".to_owned(), line)),
            },
            TokenTree::Literal(_) => tokens.push((String::new(), line)),
            TokenTree::Ident(it) => tokens.push((it.to_string(), line)),
            TokenTree::Punct(it) => tokens.push((it.as_char().to_string(), line)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> RustFile {
        RustFile::parse("crates/a/src/b.rs", text).unwrap()
    }

    #[test]
    fn tokens_are_found_in_code_macros_and_imports_but_not_in_text() {
        let file = parse(concat!(
            "use std::{thread::{self, sleep}, fs as disk};\n",
            "// thread::sleep\n",
            "fn f() { let _ = \"thread::sleep\"; }\n",
            "fn g() { println!(\"{}\", thread::sleep(x)); }\n",
        ));
        assert_eq!(file.find("thread :: sleep"), [1, 4]);
        assert_eq!(file.find("std :: fs"), [1]);
        assert_eq!(file.find("std :: env"), [] as [usize; 0]);
    }

    #[test]
    fn test_code_counts_neither_as_lines_nor_as_functions() {
        let file = parse(concat!(
            "fn a() {\n",
            "}\n",
            "#[cfg(test)]\n",
            "mod tests {\n",
            "    #[test]\n",
            "    fn b() {}\n",
            "}\n",
            "#[cfg(test)]\n",
            "mod more;\n",
        ));
        assert_eq!(file.code_lines(), 2);
        assert_eq!(file.functions.len(), 1);
        assert_eq!((file.functions[0].line, file.functions[0].n_lines), (1, 2));
        let modules: Vec<_> = file.test_modules().collect();
        assert_eq!(
            modules,
            ["crates/a/src/b/more.rs", "crates/a/src/b/more/mod.rs"]
        );
    }
}
