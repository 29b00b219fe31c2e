//! Java, beside a stand-in of the package `net.servicestack.client`.

use std::process::Command;

use service::codegen::Language;

/// Proves that a compiler of Java takes the sources.
#[test]
fn sources_compile() {
    let Some(compiler) = crate::program("GUICHET_JAVAC") else { return };
    let folder = crate::folder("java");
    let mut command = Command::new(compiler);
    command.args(["-encoding", "UTF-8", "-proc:none", "-implicit:class", "-sourcepath"]);
    command.arg(crate::stub("java")).arg("-d").arg(folder.join("classes"));
    for (name, source) in crate::files(Language::Java) {
        let package = format!("package {name};\n\n");
        let path = folder.join(name).join("dtos.java");
        std::fs::create_dir_all(folder.join(name)).unwrap();
        std::fs::write(&path, package + &source).unwrap();
        command.arg(path);
    }
    crate::run(&mut command);
}
