//! Summaries as bytes, for the next start: the one encoding of what is kept of a file.
//!
//! Bytes come from a store that verifies them, so a reader has to be safe, not suspicious: whatever cannot be a summary
//! is no summary. Which build may read which bytes is for whoever keeps them to say.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smol_str::SmolStr;
use symphony_hir::ReferenceKind;

use crate::{ExportList, ExportTarget, FileSummary, Lowered};

impl Lowered {
    /// As bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Nothing in a summary can fail to be written to memory.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// What [`Self::to_bytes`] of a build from the same sources has written; none for any other bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (lowered, rest) = postcard::take_from_bytes::<Self>(bytes).ok()?;
        (rest.is_empty() && lowered.is_consistent()).then_some(lowered)
    }

    /// Whether every index in it leads somewhere.
    fn is_consistent(&self) -> bool {
        let FileSummary {
            declarations,
            specifiers,
            imports,
            exports,
            ambient,
            ..
        } = &*self.summary;
        let module = |&it: &u32| (it as usize) < specifiers.len();
        let export_list = |list: &ExportList| {
            let targets = list.named.iter().all(|export| match &export.target {
                ExportTarget::From(it, _) | ExportTarget::Namespace(it) => module(it),
                ExportTarget::Local(..) | ExportTarget::Nameless(_) => true,
            });
            targets && list.stars.iter().all(module)
        };
        let parents = declarations.iter().enumerate();
        self.places.len() == declarations.len()
            && parents
                .filter_map(|(at, it)| Some((at, it.parent? as usize)))
                .all(|(at, it)| it < at)
            && imports.iter().all(|it| module(&it.module))
            && self.loose.modules.iter().all(module)
            && (self.loose.imports.iter()).all(|&it| (it as usize) < imports.len())
            && export_list(exports)
            && ambient.iter().all(|it| export_list(&it.exports))
    }
}

/// Reference comments, whose kinds are known to a crate that writes nothing.
pub(crate) mod references {
    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(remote = "ReferenceKind")]
    enum Kind {
        Path,
        Types,
        Lib,
    }

    #[derive(Serialize, Deserialize)]
    struct Reference(#[serde(with = "Kind")] ReferenceKind, SmolStr);

    pub(crate) fn serialize<S: Serializer>(
        references: &[(ReferenceKind, SmolStr)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(
            references
                .iter()
                .map(|(kind, text)| Reference(*kind, text.clone())),
        )
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Box<[(ReferenceKind, SmolStr)]>, D::Error> {
        let all = Vec::<Reference>::deserialize(deserializer)?;
        Ok(all
            .into_iter()
            .map(|Reference(kind, text)| (kind, text))
            .collect())
    }
}
