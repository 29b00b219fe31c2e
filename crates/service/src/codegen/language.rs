//! The languages that sources are written in (`servicestack.md §8.2` point 7, `§9.1`).

use super::generator::Generator;
use super::{
    csharp, dart, fsharp, go, java, javascript, kotlin, php, python, ruby, rust, swift, typescript,
    vbnet, zig,
};

/// A language that the types of the services can be had in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// C#.
    CSharp,
    /// JavaScript as a module, with the types in comments.
    JavaScript,
    /// TypeScript.
    TypeScript,
    /// Dart.
    Dart,
    /// Java.
    Java,
    /// Kotlin.
    Kotlin,
    /// Python.
    Python,
    /// PHP.
    Php,
    /// Swift.
    Swift,
    /// Visual Basic .NET.
    VbNet,
    /// F#.
    FSharp,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// Ruby.
    Ruby,
    /// Zig.
    Zig,
    /// TypeScript declarations without code.
    TypeScriptDefinition,
    /// JavaScript in the older module form of Node.
    CommonJs,
}

impl Language {
    /// The languages that operation pages have tabs for, in the order of the tabs.
    pub const TABS: [Self; 15] = [
        Self::CSharp,
        Self::JavaScript,
        Self::TypeScript,
        Self::Dart,
        Self::Java,
        Self::Kotlin,
        Self::Python,
        Self::Php,
        Self::Swift,
        Self::VbNet,
        Self::FSharp,
        Self::Go,
        Self::Rust,
        Self::Ruby,
        Self::Zig,
    ];

    /// Languages that only `/types` has.
    const FILES_ONLY: [Self; 2] = [Self::TypeScriptDefinition, Self::CommonJs];

    /// Every language that sources can be had in, tabs first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::TABS.into_iter().chain(Self::FILES_ONLY)
    }

    /// The name in addresses, for example `csharp` in `/types/csharp`.
    pub fn key(self) -> &'static str {
        match self {
            Self::CSharp => "csharp",
            Self::JavaScript => "mjs",
            Self::TypeScript => "typescript",
            Self::Dart => "dart",
            Self::Java => "java",
            Self::Kotlin => "kotlin",
            Self::Python => "python",
            Self::Php => "php",
            Self::Swift => "swift",
            Self::VbNet => "vbnet",
            Self::FSharp => "fsharp",
            Self::Go => "go",
            Self::Rust => "rust",
            Self::Ruby => "ruby",
            Self::Zig => "zig",
            Self::TypeScriptDefinition => "typescript.d",
            Self::CommonJs => "js",
        }
    }

    /// The name for people, for example `C#`.
    pub fn title(self) -> &'static str {
        match self {
            Self::CSharp => "C#",
            Self::JavaScript => "JavaScript",
            Self::TypeScript => "TypeScript",
            Self::Dart => "Dart",
            Self::Java => "Java",
            Self::Kotlin => "Kotlin",
            Self::Python => "Python",
            Self::Php => "PHP",
            Self::Swift => "Swift",
            Self::VbNet => "VB.NET",
            Self::FSharp => "F#",
            Self::Go => "Go",
            Self::Rust => "Rust",
            Self::Ruby => "Ruby",
            Self::Zig => "Zig",
            Self::TypeScriptDefinition => "TypeScript definitions",
            Self::CommonJs => "JavaScript (CommonJS)",
        }
    }

    /// The language of a [`Language::key`], in any case; `swift4` is an older name of `swift`.
    pub fn from_key(key: &str) -> Option<Self> {
        let key = if key.eq_ignore_ascii_case("swift4") { "swift" } else { key };
        Self::all().find(|language| language.key().eq_ignore_ascii_case(key))
    }

    /// The content type that its sources are sent as.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::JavaScript | Self::CommonJs => "text/javascript; charset=utf-8",
            _ => "text/plain; charset=utf-8",
        }
    }

    /// What writes it.
    pub(super) fn generator(self) -> &'static Generator {
        match self {
            Self::Kotlin => &kotlin::GENERATOR,
            Self::Python => &python::GENERATOR,
            Self::TypeScript => &typescript::GENERATOR,
            Self::TypeScriptDefinition => &typescript::DEFINITION,
            Self::JavaScript => &javascript::MODULE,
            Self::CommonJs => &javascript::COMMON_JS,
            Self::CSharp => &csharp::GENERATOR,
            Self::Rust => &rust::GENERATOR,
            Self::Java => &java::GENERATOR,
            Self::Go => &go::GENERATOR,
            Self::FSharp => &fsharp::GENERATOR,
            Self::VbNet => &vbnet::GENERATOR,
            Self::Php => &php::GENERATOR,
            Self::Swift => &swift::GENERATOR,
            Self::Dart => &dart::GENERATOR,
            Self::Zig => &zig::GENERATOR,
            Self::Ruby => &ruby::GENERATOR,
        }
    }
}
