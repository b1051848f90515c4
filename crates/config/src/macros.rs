//! From one list to a typed struct, and to the table that reading, checks and documentation use.

/// A struct whose fields are settings; the comment of a field is its documentation everywhere.
macro_rules! settings {
    (
        $(#[doc = $about:literal])+
        pub struct $name:ident at $prefix:literal {
            $(
                $(#[doc = $doc:literal])+
                $field:ident: $type:ty = $key:literal, $kind:expr, $default:expr, $scope:ident, $effect:ident;
            )*
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $(
                $(#[doc = $doc])+
                pub $field: $type,
            )*
        }

        impl $name {
            /// The settings in it, in the order of the documentation.
            pub const SETTINGS: &'static [$crate::Setting] = &[$(
                $crate::Setting {
                    key: concat!($prefix, $key),
                    kind: $kind,
                    default: $default,
                    scope: $crate::Scope::$scope,
                    effect: $crate::Effect::$effect,
                    about: concat!($($doc, "\n"),+),
                },
            )*];

            pub(crate) const ABOUT: &'static str = concat!($($about, "\n"),+);

            /// From values that have passed the checks; `value` gives one by its key.
            pub(crate) fn from_values<'a>(
                value: &dyn Fn(&$crate::Setting) -> Option<std::borrow::Cow<'a, serde_json::Value>>,
            ) -> Self {
                let mut settings = Self::SETTINGS.iter();
                Self {
                    $($field: $crate::typed::FromValue::from_value(
                        settings.next().and_then(value).as_deref(),
                    ),)*
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::from_values(&|setting| setting.default.value().map(std::borrow::Cow::Owned))
            }
        }
    };
}

/// An enum of words. The first is the default.
macro_rules! words {
    (
        $(#[doc = $about:literal])+
        pub enum $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $variant:ident = $word:literal,
            )+
        }
    ) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $(
                $(#[doc = $doc])+
                $variant,
            )+
        }

        impl $name {
            /// The words, as they are written in settings.
            pub const WORDS: &'static [$crate::Word] = &[$(
                $crate::Word { name: $word, about: concat!($($doc, "\n"),+) },
            )+];

            /// As it is written in settings.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                [$(Self::$variant),+][0]
            }
        }

        impl $crate::typed::FromValue for $name {
            fn from_value(value: Option<&serde_json::Value>) -> Self {
                value.and_then(serde_json::Value::as_str).and_then(Self::from_word).unwrap_or_default()
            }
        }
    };
}

pub(crate) use {settings, words};
