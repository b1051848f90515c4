//! Options that are one of some words, and what follows from one for another.
//!
//! Words are read without regard to case, as TypeScript does.

macro_rules! values {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $($text:literal)|+),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$item_doc])* $item),+ }

        impl $name {
            pub(super) fn read(text: &str) -> Option<Self> {
                match text.to_ascii_lowercase().as_str() {
                    $($($text)|+ => Some(Self::$item),)+
                    _ => None,
                }
            }
        }
    };
}

values! {
    /// The option `jsx`.
    Jsx {
        /// Left as it is.
        Preserve = "preserve",
        /// `React.createElement`.
        React = "react",
        /// Left as it is, in `.js`.
        ReactNative = "react-native",
        /// `jsx-runtime`.
        ReactJsx = "react-jsx",
        /// `jsx-dev-runtime`.
        ReactJsxDev = "react-jsxdev",
    }
}

values! {
    /// The option `module`.
    Module {
        /// No modules.
        None = "none",
        /// CommonJS.
        CommonJs = "commonjs",
        /// AMD.
        Amd = "amd",
        /// UMD.
        Umd = "umd",
        /// SystemJS.
        System = "system",
        /// ES modules of 2015.
        Es2015 = "es6" | "es2015",
        /// With dynamic imports.
        Es2020 = "es2020",
        /// With top-level `await`.
        Es2022 = "es2022",
        /// The newest ES modules.
        EsNext = "esnext",
        /// By the file, as Node 16 does.
        Node16 = "node16",
        /// By the file, as Node 18 does.
        Node18 = "node18",
        /// By the file, as Node 20 does.
        Node20 = "node20",
        /// By the file, as the newest Node does.
        NodeNext = "nodenext",
        /// As written.
        Preserve = "preserve",
    }
}

values! {
    /// The option `moduleResolution`.
    ModuleResolution {
        /// Files upwards, no packages.
        Classic = "classic",
        /// Node before `exports`.
        Node10 = "node" | "node10",
        /// Node 16.
        Node16 = "node16",
        /// The newest Node.
        NodeNext = "nodenext",
        /// As bundlers do.
        Bundler = "bundler",
    }
}

values! {
    /// The option `moduleDetection`.
    ModuleDetection {
        /// Files with imports or exports, and by the rules of Node and JSX.
        Auto = "auto",
        /// Files with imports or exports.
        Legacy = "legacy",
        /// Every file.
        Force = "force",
    }
}

values! {
    /// The option `target`.
    Target {
        /// ECMAScript 3.
        Es3 = "es3",
        /// ECMAScript 5.
        Es5 = "es5",
        /// ECMAScript 2015.
        Es2015 = "es6" | "es2015",
        /// ECMAScript 2016.
        Es2016 = "es2016",
        /// ECMAScript 2017.
        Es2017 = "es2017",
        /// ECMAScript 2018.
        Es2018 = "es2018",
        /// ECMAScript 2019.
        Es2019 = "es2019",
        /// ECMAScript 2020.
        Es2020 = "es2020",
        /// ECMAScript 2021.
        Es2021 = "es2021",
        /// ECMAScript 2022.
        Es2022 = "es2022",
        /// ECMAScript 2023.
        Es2023 = "es2023",
        /// ECMAScript 2024.
        Es2024 = "es2024",
        /// ECMAScript 2025.
        Es2025 = "es2025",
        /// What is not standard yet.
        EsNext = "esnext",
    }
}

impl ModuleResolution {
    /// Whether a file's own format decides between `import` and `require`.
    pub fn by_file_format(self) -> bool {
        matches!(self, Self::Node16 | Self::NodeNext)
    }

    /// Whether `exports` and `imports` of packages mean anything.
    pub(crate) fn has_exports(self) -> bool {
        matches!(self, Self::Node16 | Self::NodeNext | Self::Bundler)
    }
}

impl Module {
    /// Whether files are ES modules or CommonJS by their own format.
    pub fn is_node(self) -> bool {
        matches!(
            self,
            Self::Node16 | Self::Node18 | Self::Node20 | Self::NodeNext
        )
    }

    pub(super) fn default_for(target: Target) -> Self {
        match target {
            Target::EsNext => Self::EsNext,
            it if it >= Target::Es2022 => Self::Es2022,
            it if it >= Target::Es2020 => Self::Es2020,
            it if it >= Target::Es2015 => Self::Es2015,
            _ => Self::CommonJs,
        }
    }

    pub(super) fn resolution(self) -> ModuleResolution {
        match self {
            Self::None | Self::Amd | Self::Umd | Self::System => ModuleResolution::Classic,
            Self::NodeNext => ModuleResolution::NodeNext,
            it if it.is_node() => ModuleResolution::Node16,
            _ => ModuleResolution::Bundler,
        }
    }
}
