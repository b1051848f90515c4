//! TypeScript's own declarations: which `lib.*.d.ts` files a project has, and where they are.

use crate::options::{Options, Target};
use std::path::{Path, PathBuf};

/// The folder of TypeScript's `lib.*.d.ts`: the workspace's own, else one that came with the program.
///
/// The workspace's is looked for upwards from its folder; `beside_binary` is the folder of the program.
pub fn typescript_lib(workspace_root: &Path, beside_binary: Option<&Path>) -> Option<PathBuf> {
    let own = workspace_root
        .ancestors()
        .map(|it| it.join("node_modules").join("typescript").join("lib"));
    let installed = beside_binary.into_iter().flat_map(|it| {
        let shared = it
            .parent()
            .unwrap_or(it)
            .join("share")
            .join("symphony")
            .join("typescript")
            .join("lib");
        [shared, it.join("typescript").join("lib")]
    });
    own.chain(installed)
        .find(|it| it.join("lib.es5.d.ts").is_file())
}

/// The file of a library by the name that `lib` and `/// <reference lib>` use.
pub fn lib_file(lib_folder: &Path, name: &str) -> PathBuf {
    let name = name.to_lowercase();
    let name = match name.as_str() {
        "es6" => "es2015",
        "es7" => "es2016",
        it => it,
    };
    let file = lib_folder.join(format!("lib.{name}.d.ts"));
    // What became standard is still known by its name among the proposals.
    if let Some(part) = name.strip_prefix("esnext.")
        && !file.is_file()
    {
        let standard = (2015..2040)
            .rev()
            .map(|year| lib_folder.join(format!("lib.es{year}.{part}.d.ts")));
        return standard.into_iter().find(|it| it.is_file()).unwrap_or(file);
    }
    file
}

/// The library files that a project begins with.
pub(crate) fn lib_files(options: &Options, lib_folder: &Path) -> Vec<PathBuf> {
    if options.no_lib {
        return Vec::new();
    }
    if let Some(libs) = &options.lib {
        return libs.iter().map(|it| lib_file(lib_folder, it)).collect();
    }
    let year = match options.target {
        Target::Es3 | Target::Es5 => return vec![lib_folder.join("lib.d.ts")],
        Target::Es2015 => return vec![lib_folder.join("lib.es6.d.ts")],
        Target::Es2016 => "es2016",
        Target::Es2017 => "es2017",
        Target::Es2018 => "es2018",
        Target::Es2019 => "es2019",
        Target::Es2020 => "es2020",
        Target::Es2021 => "es2021",
        Target::Es2022 => "es2022",
        Target::Es2023 => "es2023",
        Target::Es2024 => "es2024",
        Target::Es2025 => "es2025",
        Target::EsNext => "esnext",
    };
    let file = lib_folder.join(format!("lib.{year}.full.d.ts"));
    // An older TypeScript may not have the newest year.
    vec![if file.is_file() {
        file
    } else {
        lib_folder.join("lib.esnext.full.d.ts")
    }]
}
