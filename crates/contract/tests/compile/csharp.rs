//! C#, beside a stand-in of `ServiceStack.Client`.

use std::process::Command;

use service::codegen::Language;

/// Everything other than usual, beside the usual.
const OPTIONS: [(&str, &str); 10] = [
    ("GlobalNamespace", "All.Options"),
    ("AddDescriptionAsComments", "False"),
    ("AddDataContractAttributes", "True"),
    ("AddIndexesToDataMembers", "True"),
    ("AddGeneratedCodeAttributes", "True"),
    ("AddResponseStatus", "True"),
    ("AddImplicitVersion", "2"),
    ("InitializeCollections", "True"),
    ("MakeDataContractsExtensible", "True"),
    ("MakeVirtual", "False"),
];

/// Proves that a compiler of C# takes the sources, one namespace beside the other.
#[test]
fn sources_compile() {
    let Some(compiler) = crate::program("GUICHET_CSC") else { return };
    let folder = crate::folder("csharp");
    let mut command = Command::new(compiler);
    command.arg("-target:library").arg("-r:System.Runtime.Serialization.dll");
    command.arg(format!("-out:{}", folder.join("dtos.dll").display()));
    command.arg(crate::stub("ServiceStack.cs"));
    let all = ("all", crate::file(crate::model::hosts(), Language::CSharp, &OPTIONS));
    for (name, source) in crate::files(Language::CSharp).into_iter().chain([all]) {
        let path = folder.join(format!("{name}.cs"));
        std::fs::write(&path, source).unwrap();
        command.arg(path);
    }
    crate::run(&mut command);
}
