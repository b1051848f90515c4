//! How models are shown text on both sides of the cursor: one table, by the families that were trained for it.
//!
//! Special tokens inside the user's text are broken up, so that no file can pretend to be more than text.

use std::borrow::Cow;

/// Which side of the cursor a model sees first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Before, after.
    PrefixFirst,
    /// After, before.
    SuffixFirst,
}

/// What a family of models was trained with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name in the settings.
    pub name: &'static str,
    /// A model is one of the family if its name, in lower case, contains one of these.
    pub models: &'static [&'static str],
    /// Which side comes first.
    pub order: Order,
    /// Stands before the text before the cursor.
    pub prefix: &'static str,
    /// Stands before the text after the cursor.
    pub suffix: &'static str,
    /// Stands where the model is to go on.
    pub middle: &'static str,
    /// What has a meaning of its own to these models: they stop there, and the user's text must not have it.
    pub special: &'static [&'static str],
}

/// The families; the first whose models fit is taken.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "qwen",
        models: &["qwen2.5-coder", "qwen2.5coder", "qwen3-coder", "codeqwen"],
        order: Order::PrefixFirst,
        prefix: "<|fim_prefix|>",
        suffix: "<|fim_suffix|>",
        middle: "<|fim_middle|>",
        special: &[
            "<|fim_prefix|>",
            "<|fim_suffix|>",
            "<|fim_middle|>",
            "<|fim_pad|>",
            "<|repo_name|>",
            "<|file_sep|>",
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
        ],
    },
    Template {
        name: "deepseek",
        models: &["deepseek"],
        order: Order::PrefixFirst,
        prefix: "<｜fim▁begin｜>",
        suffix: "<｜fim▁hole｜>",
        middle: "<｜fim▁end｜>",
        special: &[
            "<｜fim▁begin｜>",
            "<｜fim▁hole｜>",
            "<｜fim▁end｜>",
            "<｜begin▁of▁sentence｜>",
            "<｜end▁of▁sentence｜>",
            "<|EOT|>",
        ],
    },
    Template {
        name: "starcoder2",
        models: &["starcoder", "stable-code"],
        order: Order::PrefixFirst,
        prefix: "<fim_prefix>",
        suffix: "<fim_suffix>",
        middle: "<fim_middle>",
        special: &[
            "<fim_prefix>",
            "<fim_suffix>",
            "<fim_middle>",
            "<fim_pad>",
            "<repo_name>",
            "<file_sep>",
            "<|endoftext|>",
        ],
    },
    Template {
        name: "codellama",
        models: &["codellama", "code-llama"],
        order: Order::PrefixFirst,
        prefix: "<PRE> ",
        suffix: " <SUF>",
        middle: " <MID>",
        special: &["<PRE>", "<SUF>", "<MID>", "<EOT>", "<s>", "</s>"],
    },
    Template {
        name: "codegemma",
        models: &["codegemma"],
        order: Order::PrefixFirst,
        prefix: "<|fim_prefix|>",
        suffix: "<|fim_suffix|>",
        middle: "<|fim_middle|>",
        special: &[
            "<|fim_prefix|>",
            "<|fim_suffix|>",
            "<|fim_middle|>",
            "<|file_separator|>",
            "<bos>",
            "<eos>",
            "<start_of_turn>",
            "<end_of_turn>",
        ],
    },
    Template {
        name: "codestral",
        models: &["codestral", "devstral"],
        order: Order::SuffixFirst,
        prefix: "[PREFIX]",
        suffix: "[SUFFIX]",
        middle: "",
        special: &[
            "[PREFIX]", "[SUFFIX]", "[MIDDLE]", "[INST]", "[/INST]", "<s>", "</s>",
        ],
    },
    Template {
        name: "granite4",
        models: &["granite4", "granite-4"],
        order: Order::PrefixFirst,
        prefix: "<|fim_prefix|>",
        suffix: "<|fim_suffix|>",
        middle: "<|fim_middle|>",
        special: &[
            "<|fim_prefix|>",
            "<|fim_suffix|>",
            "<|fim_middle|>",
            "<|fim_pad|>",
            "<|filename|>",
            "<|reponame|>",
            "<|end_of_text|>",
            "<|start_of_role|>",
            "<|end_of_role|>",
        ],
    },
    Template {
        name: "granite",
        models: &["granite"],
        order: Order::PrefixFirst,
        prefix: "<fim_prefix>",
        suffix: "<fim_suffix>",
        middle: "<fim_middle>",
        special: &[
            "<fim_prefix>",
            "<fim_suffix>",
            "<fim_middle>",
            "<fim_pad>",
            "<filename>",
            "<reponame>",
            "<|endoftext|>",
        ],
    },
];

/// The template with this name in the settings.
#[must_use]
pub fn template(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|it| it.name == name)
}

/// How text on both sides of the cursor is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TemplateChoice {
    /// By the name of the model; without one that is known, by the endpoint.
    #[default]
    Auto,
    /// By this one.
    Family(&'static Template),
    /// By the endpoint, which takes the text after the cursor as a field of its own.
    Endpoint,
}

impl TemplateChoice {
    /// The template for a model; none where the endpoint has to know.
    #[must_use]
    pub fn resolve(self, model: Option<&str>) -> Option<&'static Template> {
        match self {
            Self::Family(template) => Some(template),
            Self::Endpoint => None,
            Self::Auto => {
                let model = model?.to_lowercase();
                let fits = |it: &&Template| it.models.iter().any(|part| model.contains(part));
                TEMPLATES.iter().find(fits)
            }
        }
    }
}

impl Template {
    /// What is sent.
    #[must_use]
    pub fn fill(&self, before: &str, after: &str) -> String {
        let (before, after) = (self.plain(before), self.plain(after));
        let (prefix, suffix, middle) = (self.prefix, self.suffix, self.middle);
        match self.order {
            Order::PrefixFirst => format!("{prefix}{before}{suffix}{after}{middle}"),
            Order::SuffixFirst => format!("{suffix}{after}{prefix}{before}{middle}"),
        }
    }

    /// Text without special tokens.
    #[must_use]
    pub fn plain<'a>(&self, text: &'a str) -> Cow<'a, str> {
        broken_up(text, self.special)
    }
}

/// Text without the special tokens of any family: for endpoints that fill in a template which is not known here.
pub(crate) fn plain_for_all(text: &str) -> Cow<'_, str> {
    TEMPLATES.iter().fold(Cow::Borrowed(text), |text, it| {
        let changed = match broken_up(&text, it.special) {
            Cow::Owned(changed) => Some(changed),
            Cow::Borrowed(_) => None,
        };
        changed.map_or(text, Cow::Owned)
    })
}

/// A space behind the first character of each of them. None of them has a space inside, so that makes no new one.
fn broken_up<'a>(text: &'a str, special: &[&str]) -> Cow<'a, str> {
    special.iter().fold(Cow::Borrowed(text), |text, token| {
        let Some(first) = token.chars().next().filter(|_| text.contains(token)) else {
            return text;
        };
        let rest = &token[first.len_utf8()..];
        Cow::Owned(text.replace(token, &format!("{first} {rest}")))
    })
}
