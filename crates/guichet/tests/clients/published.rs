//! The Python that the published operation pages print.

use std::fs;
use std::path::Path;

/// Writes the source of each named page as `page_<number>.py` into `folder`.
pub(crate) fn write_sources(pages: &Path, numbers: &[&str], folder: &Path) {
    for number in numbers {
        let page = page(&pages.join("seeds"), &format!("{number}_"));
        fs::write(folder.join(format!("page_{number}.py")), source_of(&page)).unwrap();
    }
}

/// The text of the page whose file name starts like this.
fn page(folder: &Path, start: &str) -> String {
    let mut files = fs::read_dir(folder).unwrap().map(Result::unwrap);
    let file = files.find(|file| file.file_name().to_string_lossy().starts_with(start));
    fs::read_to_string(file.expect("the page is there").path()).unwrap()
}

/// From the first import to the line that names the language and the operation, unchanged but
/// for the indentation, which one of the pages lost when it was saved.
fn source_of(page: &str) -> String {
    let lines = page.lines().skip_while(|line| *line != "import datetime");
    let lines: Vec<&str> = lines.take_while(|line| !line.starts_with("Python ")).collect();
    let is_lost = !lines.iter().any(|line| line.starts_with("    "));
    let mut source = String::new();
    let mut in_class = false;
    for line in lines {
        let starts = line.starts_with('@') || line.starts_with("class ");
        in_class = if starts { line.starts_with("class ") } else { in_class };
        let indent = if is_lost && in_class && !starts { "    " } else { "" };
        source += &format!("{indent}{line}\n");
    }
    source
}

#[test]
fn a_page_is_cut_at_its_source() {
    // Proves that nothing but the source is taken, and that lost indentation is put back.
    let page = "POST/x\nimport datetime\n@dataclass\nclass A:\nid: int = 0\n\
                @dataclass\nclass B:\nname: str\nPython B DTOs\nHTTP";
    let source = "import datetime\n@dataclass\nclass A:\n    id: int = 0\n\
                  @dataclass\nclass B:\n    name: str\n";
    assert_eq!(source_of(page), source);
    let whole = "import datetime\nclass A:\n    id: int\nPython A DTOs";
    assert_eq!(source_of(whole), "import datetime\nclass A:\n    id: int\n");
}
